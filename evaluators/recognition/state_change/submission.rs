//! Reads a submission: one row per clip, in any order.

use sdk::evidence::Evidence;
use sdk::roll::repeated;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::{PreparedClips, Task};
use crate::roll::{Call, Roll, complete, unknown};

/// What a submission holds.
pub(super) struct Sent {
    /// By clip: the frame, or 1 for a change and 0 for none.
    pub(super) answers: Vec<f64>,
    repeated: u64,
    unknown: u64,
    neither: u64,
}

/// The answer that is never right.
const NEITHER: f64 = -1.0;

impl Sent {
    /// Notes what reference mode has let pass.
    pub(super) fn note(&self, evidence: &mut Evidence) {
        evidence.note("repeated_ids", self.repeated, "of rows for the same clip the last one counts");
        evidence.note("unknown_ids", self.unknown, "rows for what is no clip of the task are dropped");
        evidence.note("no_booleans", self.neither, "answers that are neither true nor false are wrong");
    }
}

impl Task {
    /// The field of the answer.
    fn field(self) -> &'static str {
        match self {
            Self::Pnr => "pnr_frame",
            Self::Oscc => "state_change",
        }
    }

    /// The task that reads the same annotations.
    fn sibling(self) -> (Self, &'static str) {
        match self {
            Self::Pnr => (Self::Oscc, "ego4d_oscc"),
            Self::Oscc => (Self::Pnr, "ego4d_pnr"),
        }
    }
}

/// Reads a submission.
pub(super) fn read(task: &PreparedClips, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut sent =
        Sent { answers: vec![NEITHER; task.clips.truths.len()], repeated: 0, unknown: 0, neither: 0 };
    let mut roll = Roll::new(&task.clips.ids, "clip");
    let read = JsonReader::read(bytes, limits, |reader| {
        reader.array(|reader, _| row(reader, task, &mut roll, &mut sent)).map(drop)
    });
    complete(read, &roll).map(|()| sent)
}

fn row(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedClips,
    roll: &mut Roll<'_>,
    sent: &mut Sent,
) -> Result<(), Stop> {
    let (field, (sibling, sibling_id)) = (task.task.field(), task.task.sibling());
    let (mut id, mut answer, mut answered, mut for_sibling) = (Slot::default(), None, false, false);
    let object = reader.object(|reader, key| {
        match &**key {
            "unique_id" => id.put(reader.string()?),
            name if name == field => {
                answered = true;
                answer = match task.task {
                    Task::Pnr => reader.number()?,
                    Task::Oscc => change(reader, task.mode, sent)?,
                };
            }
            name => {
                for_sibling |= name == sibling.field();
                reader.skip()?;
            }
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let id = id.require("unique_id", reader);
    if !answered {
        reader.fault_with(|| {
            let message = format!("the field {field:?} is missing");
            let fault = Fault::whole(Code::MissingField, message, format!("a field {field:?}"), "none");
            match for_sibling {
                true => fault.hint(format!("this row is one of {sibling_id}")),
                false => fault,
            }
        });
    }
    let Some(id) = id else {
        return Ok(());
    };
    let answer = answer.unwrap_or(NEITHER);
    match (roll.call(&id), task.mode) {
        (Call::First(item), _) => sent.answers[item as usize] = answer,
        (Call::Again(item), Mode::Reference) => {
            sent.answers[item as usize] = answer;
            sent.repeated += 1;
        }
        (Call::Unknown, Mode::Reference) => sent.unknown += 1,
        (Call::Again(_), Mode::Strict) => reader.fault_with(|| repeated("clip", &id)),
        (Call::Unknown, Mode::Strict) => reader.fault_with(|| unknown("clip", &id)),
    }
    Ok(())
}

/// Reads whether there is a change: `true`, `false`, 1 or 0.
fn change(reader: &mut JsonReader<'_, '_>, mode: Mode, sent: &mut Sent) -> Read<f64> {
    let (answer, found) = if reader.at_string()? {
        (None, reader.string()?.map_or_else(String::new, |text| quoted(&text)))
    } else if reader.at_object()? || reader.at_array()? {
        reader.skip()?;
        (None, "a structure".to_owned())
    } else {
        let faults_before = reader.fault_count();
        let Some(literal) = reader.literal()? else { return Ok(None) };
        if reader.fault_count() > faults_before {
            return Ok(None);
        }
        let answer = match literal {
            "true" => Some(1.0),
            "false" => Some(0.0),
            number => number.parse::<f64>().ok().filter(|number| *number == 0.0 || *number == 1.0),
        };
        (answer, literal.to_owned())
    };
    if answer.is_none() {
        match mode {
            Mode::Reference => sent.neither += 1,
            Mode::Strict => reader.fault_with(|| {
                let hint = match found.starts_with('"') {
                    true => "write true or false without quotes",
                    false => "send the decision, not its probability",
                };
                let message = format!("{found} is neither true nor false");
                Fault::whole(Code::WrongType, message, "true or false", found).hint(hint)
            }),
        }
    }
    Ok(answer)
}
