//! Reading predicted correspondences.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, JsonReader, Limits, Stop};

use super::annotations::read_frame;
use super::{Direction, Outcome, PreparedTakes, Targets};
use crate::rle::Rle;

impl PreparedTakes {
    /// What is known of every item after reading, unless there is a fault.
    pub(super) fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<Outcome>, Faults> {
        let mut outcomes = vec![Outcome::default(); self.items.len()];
        JsonReader::read(bytes, limits, |reader| {
            let mut called = vec![false; self.targets.len()];
            let mut seen = vec![false; self.directions.len()];
            reader.object(|reader, key| {
                let position = self.directions.iter().position(|direction| direction.name() == &**key);
                match position {
                    Some(position) => {
                        seen[position] = true;
                        let mut reading =
                            Reading { prepared: self, outcomes: &mut outcomes, called: &mut called };
                        reading.section(reader, &self.by_name[position])
                    }
                    None => reader.skip(),
                }
            })?;
            for (direction, _) in self.directions.iter().zip(&seen).filter(|(_, seen)| !**seen) {
                reader.missing_field(direction.name());
            }
            for (position, direction) in self.directions.iter().enumerate().filter(|(at, _)| seen[*at]) {
                self.report_missing(reader, *direction, &self.by_name[position], &called);
            }
            Ok(())
        })?;
        Ok(outcomes)
    }

    fn report_missing(
        &self,
        reader: &mut JsonReader<'_, '_>,
        direction: Direction,
        targets: &Targets,
        called: &[bool],
    ) {
        let mut missing = Vec::new();
        for (take, objects) in targets {
            for (object, pairs) in objects {
                for (pair, frames) in pairs {
                    let lacks = frames.iter().filter(|(_, target)| !called[**target]);
                    missing.extend(lacks.map(|(frame, _)| (take, object, pair, *frame)));
                }
            }
        }
        missing.sort_unstable();
        let count = missing.len();
        for (take, object, pair, frame) in missing {
            reader.fault_with(|| {
                let place = format!("{}/results/{take}/masks/{object}/{pair}/{frame}", direction.name());
                Fault::whole(
                    Code::MissingIds,
                    format!("there is no prediction {}", quoted(&place)),
                    "one for every frame in which the object is marked",
                    format!("{count} are missing"),
                )
            });
        }
    }
}

/// A reading of a submission.
struct Reading<'r> {
    prepared: &'r PreparedTakes,
    outcomes: &'r mut [Outcome],
    called: &'r mut [bool],
}

impl Reading<'_> {
    fn section(&mut self, reader: &mut JsonReader<'_, '_>, targets: &Targets) -> Result<(), Stop> {
        let mut seen = false;
        let object = reader.object(|reader, key| {
            if &**key != "results" {
                return reader.skip();
            }
            seen = true;
            known(reader, targets, "take", |reader, objects| {
                let mut seen = false;
                let take = reader.object(|reader, key| {
                    if &**key != "masks" {
                        return reader.skip();
                    }
                    seen = true;
                    known(reader, objects, "object", |reader, pairs| {
                        known(reader, pairs, "pair of cameras", |reader, frames| {
                            reader.object(|reader, key| match read_frame(reader, key) {
                                Some(frame) => match frames.get(&frame) {
                                    Some(target) => self.prediction(reader, *target),
                                    None => unknown(reader, "frame", key),
                                },
                                None => reader.skip(),
                            })?;
                            Ok(())
                        })
                    })
                })?;
                if take.is_some() && !seen {
                    reader.missing_field("masks");
                }
                Ok(())
            })
        })?;
        if object.is_some() && !seen {
            reader.missing_field("results");
        }
        Ok(())
    }

    fn prediction(&mut self, reader: &mut JsonReader<'_, '_>, position: usize) -> Result<(), Stop> {
        self.called[position] = true;
        let (mut mask, mut confidence) = (None, None);
        let mut seen = [false; 2];
        let object = reader.object(|reader, key| {
            match &**key {
                "pred_mask" => {
                    seen[0] = true;
                    mask = Rle::read(reader)?;
                    if let Some(mask) = &mask
                        && !self.prepared.frames.has((mask.width, mask.height))
                    {
                        self.refuse_size(reader, mask);
                    }
                }
                "confidence" => {
                    seen[1] = true;
                    confidence = reader.number()?;
                    if let Some(found) = confidence.filter(|found| !(0.0..=1.0).contains(found)) {
                        reader.fault_with(|| {
                            let message = "a confidence is a share";
                            let fault = Fault::whole(
                                Code::OutOfRange,
                                message,
                                "a number from 0 to 1",
                                found.to_string(),
                            );
                            if found > 1.0 && found <= 100.0 {
                                fault.hint("percentages are divided by 100")
                            } else {
                                fault
                            }
                        });
                    }
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            for (name, _) in ["pred_mask", "confidence"].iter().zip(seen).filter(|(_, seen)| !seen) {
                reader.missing_field(name);
            }
        }
        let target = &self.prepared.targets[position];
        if let (Some(mask), Some(confidence), Some(item), 0) =
            (mask, confidence, target.item, reader.fault_count())
        {
            self.outcomes[item as usize] = Outcome::of(target, &mask, confidence, self.prepared.mode);
        }
        Ok(())
    }

    fn refuse_size(&self, reader: &mut JsonReader<'_, '_>, mask: &Rle) {
        reader.fault_with(|| {
            let found = format!("[{}, {}]", mask.height, mask.width);
            let expected = self.prepared.frames.listed();
            Fault::whole(Code::WrongShape, "no frame of the task has that size", expected, found).hint(
                "masks are resized until their longer side has 480 pixels, and may be padded to a square",
            )
        });
    }
}

/// Reads an object whose keys are all known; an unknown one is a fault.
fn known<'t, T>(
    reader: &mut JsonReader<'_, '_>,
    names: &'t std::collections::HashMap<String, T>,
    what: &str,
    mut read: impl FnMut(&mut JsonReader<'_, '_>, &'t T) -> Result<(), Stop>,
) -> Result<(), Stop> {
    reader.object(|reader, key| match names.get(&**key) {
        Some(value) => read(reader, value),
        None => unknown(reader, what, key),
    })?;
    Ok(())
}

fn unknown(reader: &mut JsonReader<'_, '_>, what: &str, key: &str) -> Result<(), Stop> {
    reader.fault_with(|| {
        let message = format!("{} is no {what} of the task here", quoted(key));
        Fault::whole(Code::UnknownIds, message, format!("a {what} of the task"), quoted(key))
    });
    reader.skip()
}
