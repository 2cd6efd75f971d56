//! Reads a submission: rows with scores, in any order.

use std::collections::HashSet;

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Slot, Stop};

use crate::attention::PreparedAttention;
use crate::key::{Key, KeySlots};

/// What a submission holds.
pub(crate) struct Sent {
    /// The score of every row of the truth, if it has one.
    pub(crate) scores: Vec<Option<f64>>,
    /// How many scores lie outside of 0 to 1.
    pub(crate) out_of_range: u64,
    /// How many rows are left out because they stand there before.
    pub(crate) repeated: u64,
    /// Different rows that the truth does not have; counted in reference mode only, strict mode refuses them.
    unknown: HashSet<Box<[u8]>>,
}

/// Reads a submission.
pub(crate) fn read(task: &PreparedAttention, bytes: &[u8], limits: &Limits) -> Result<Sent, Faults> {
    let mut sent = Sent {
        scores: vec![None; task.truth.labels.len()],
        out_of_range: 0,
        repeated: 0,
        unknown: HashSet::new(),
    };
    let mut key = Vec::new();
    JsonReader::read(bytes, limits, |reader| {
        let (mut version, mut challenge, mut results) = (Slot::default(), Slot::default(), Slot::default());
        let object = reader.object(|reader, field| {
            match &**field {
                "version" => version.put(reader.one_of(&["1.0"], Code::UnsupportedVersion)?),
                "challenge" => challenge.put(reader.one_of(&[task.challenge], Code::WrongChallenge)?),
                "results" => {
                    let rows = reader.array(|reader, _| row(reader, task, &mut sent, &mut key))?;
                    if let Some(rows) = rows {
                        report_missing(reader, task, &sent, rows);
                    }
                    results.put(rows);
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            version.require("version", reader);
            challenge.require("challenge", reader);
            results.require("results", reader);
        }
        Ok(())
    })?;
    Ok(sent)
}

fn row(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedAttention,
    sent: &mut Sent,
    bytes: &mut Vec<u8>,
) -> Result<(), Stop> {
    let (mut slots, mut score) = (KeySlots::default(), Slot::default());
    let object = reader.object(|reader, field| {
        if slots.read(reader, task.fields, field)? {
            return Ok(());
        }
        match &**field {
            "score" => score.put(reader.number()?),
            "label" => label_of_positives(reader)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let key = slots.require(reader, task.fields);
    let score: Option<f64> = score.require("score", reader);
    let (Some(key), Some(score)) = (key, score) else {
        return Ok(());
    };
    sent.out_of_range += u64::from(!(0.0..=1.0).contains(&score));
    match task.truth.index.get(&key).map(|item| &mut sent.scores[item as usize]) {
        Some(slot @ None) => *slot = Some(score),
        Some(Some(_)) => match task.mode {
            Mode::Strict => refuse_repeated(reader, &key),
            Mode::Reference => sent.repeated += 1,
        },
        None => match task.mode {
            Mode::Strict => refuse_unknown(reader, &key),
            Mode::Reference => {
                key.write(bytes);
                sent.repeated += u64::from(!sent.unknown.insert(bytes.as_slice().into()));
            }
        },
    }
    Ok(())
}

/// Reads the label of a row, which says that the score is that of the positive class.
fn label_of_positives(reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
    if let Some(label) = reader.number()?
        && label != 1.0
    {
        reader.fault_with(|| {
            let message = "the score of a row is that of label 1";
            Fault::whole(Code::OutOfRange, message, "1", label.to_string())
                .hint("send one row with the score of label 1, not the label that you predict")
        });
    }
    Ok(())
}

fn refuse_repeated(reader: &mut JsonReader<'_, '_>, key: &Key<'_>) {
    reader.fault_with(|| {
        let message = format!("the row {} stands twice", quoted(&key.label()));
        Fault::whole(Code::DuplicateIds, message, "one row for each", "another row")
    });
}

fn refuse_unknown(reader: &mut JsonReader<'_, '_>, key: &Key<'_>) {
    reader.fault_with(|| {
        let found = quoted(&key.label());
        Fault::whole(
            Code::UnknownIds,
            format!("{found} is no row of this split"),
            "a row of this split",
            found,
        )
        .hint("ids are compared as they are written, 7 is not 000007; or are they those of another split?")
    });
}

/// Records what lacks a score: every row in strict mode, their number in reference mode, which compares nothing else.
fn report_missing(reader: &mut JsonReader<'_, '_>, task: &PreparedAttention, sent: &Sent, rows: u64) {
    let answered = sent.scores.iter().filter(|score| score.is_some()).count();
    if task.mode == Mode::Reference {
        let distinct = answered + sent.unknown.len();
        if distinct != sent.scores.len() {
            let message = "the file has another number of different rows than the annotations";
            let (expected, found) = (format!("{} rows", sent.scores.len()), format!("{distinct} rows"));
            reader.fault(Code::MissingIds, message, expected, found);
        }
        return;
    }
    // Where rows were sent and none is known they are those of another split, which is told already.
    if answered == 0 && rows > 0 {
        return;
    }
    for (item, _) in sent.scores.iter().enumerate().filter(|(_, score)| score.is_none()) {
        reader.fault_with(|| {
            let message = format!("the row {:?} has no score", &task.truth.items.ids()[item]);
            Fault::whole(Code::MissingIds, message, "a score for every row", "none")
        });
    }
}
