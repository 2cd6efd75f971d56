//! Reads trajectories, and measures those of a submission while it is read.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot};

use super::PreparedLocomotion;
use super::trajectory::{Problem, Trajectory};
use crate::instances::Answered;

/// What a submission holds.
pub(super) struct Sent<'t> {
    pub(super) answered: Answered<'t>,
    /// Per instance the mean distance, and that of the first seconds.
    pub(super) errors: Vec<Option<[f64; 2]>>,
}

/// Reads a submission.
pub(super) fn read<'t>(
    task: &'t PreparedLocomotion,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Sent<'t>, Faults> {
    let mut sent =
        Sent { answered: task.instances.unanswered(), errors: vec![None; task.trajectories.len()] };
    JsonReader::read(bytes, limits, |reader| {
        let object = reader.object(|reader, id| {
            let item = sent.answered.answer(id);
            if let (Some(sent_trajectory), Some(item)) = (trajectory(reader, task.mode)?, item) {
                sent.errors[item] = task.trajectories[item].distances(&sent_trajectory);
            }
            Ok(())
        })?;
        if object.is_some() && task.refuse_missing {
            sent.answered.refuse_missing(reader);
        }
        if object.is_some()
            && !task.refuse_missing
            && sent.answered.missing() == task.trajectories.len() as u64
        {
            let message = "the file has no trajectory of this split";
            let fault = Fault::whole(Code::EmptySubmission, message, "trajectories by instance", "none");
            reader.fault_with(|| fault.hint("are the ids those of another split?"));
        }
        Ok(())
    })?;
    Ok(sent)
}

/// Reads `{"traj": TEXT}`; nothing where it has a fault, or no ground in reference mode.
pub(super) fn trajectory(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Read<Trajectory> {
    let mut field = Slot::default();
    let object = reader.object(|reader, key| match &**key {
        "traj" => {
            let parsed = match reader.string()? {
                Some(text) => Trajectory::parse(&text).map_err(|problem| told(reader, &problem, mode)).ok(),
                None => None,
            };
            field.put(parsed);
            Ok(())
        }
        _ => reader.skip(),
    })?;
    if object.is_none() {
        return Ok(None);
    }
    Ok(field.require("traj", reader))
}

/// Records what is wrong with a trajectory.
fn told(reader: &mut JsonReader<'_, '_>, problem: &Problem, mode: Mode) {
    const FORMAT: &str = "up_x up_y up_z n, and n times frame x y z u v";
    match problem {
        Problem::NotANumber(word) => {
            reader.fault(Code::NotANumber, "a word of the trajectory is no number", FORMAT, quoted(word));
        }
        Problem::NotFinite(word) => {
            let message = "a number of the trajectory is not finite as a 32-bit float";
            reader.fault(Code::NotFinite, message, "finite numbers", quoted(word));
        }
        Problem::Shape { expected, found } => {
            let expected =
                expected.map_or_else(|| FORMAT.to_owned(), |expected| format!("{expected} numbers"));
            let message = "the trajectory has not as many numbers as its fourth one says";
            reader.fault(Code::WrongShape, message, expected, format!("{found} numbers"));
        }
        // The public code computes NaN then, and passes over the instance.
        Problem::NoGround if mode == Mode::Reference => {}
        Problem::NoGround => {
            let message = "the ground has no direction, or lies straight ahead of the camera";
            reader.fault(
                Code::OutOfRange,
                message,
                "a normal that is not zero and not along z",
                "another one",
            );
        }
    }
}
