//! Reads the annotations: the actions that follow each instance.

use sdk::{Code, Fault, Faults, Items, JsonReader, Limits, Read, Slot, Stop};

use crate::instances::Instances;

/// The truth.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) instances: Instances,
    /// The verbs of all instances, as many for each.
    verbs: Vec<i64>,
    nouns: Vec<i64>,
    actions: usize,
}

impl Truth {
    /// The true verbs of an instance.
    pub(super) fn verbs(&self, item: usize) -> &[i64] {
        &self.verbs[item * self.actions..(item + 1) * self.actions]
    }

    /// The true nouns of an instance.
    pub(super) fn nouns(&self, item: usize) -> &[i64] {
        &self.nouns[item * self.actions..(item + 1) * self.actions]
    }
}

/// Reads the truth, of which every instance has so many actions.
///
/// Without annotations the actions are not looked at.
pub(super) fn read(
    bytes: &[u8],
    actions: usize,
    sequences: usize,
    unannotated: bool,
) -> Result<Truth, Faults> {
    let limits = Limits::default();
    let mut truth = Truth { actions, ..Truth::default() };
    let mut ids = Vec::new();
    JsonReader::read(bytes, &limits, |reader| {
        let mut clips = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "Z" => agrees(reader, "actions", actions)?,
                "K" => agrees(reader, "sequences", sequences)?,
                "clips" => clips.put(reader.object(|reader, id| {
                    ids.push(id.clone().into_owned());
                    if unannotated {
                        return reader.skip();
                    }
                    instance(reader, &mut truth)
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() && clips.require("clips", reader).is_some() && ids.is_empty() {
            reader.fault(Code::EmptySubmission, "the annotations hold no instance", "an instance", "none");
        }
        Ok(())
    })?;
    if unannotated {
        truth.verbs = vec![0; ids.len() * actions];
        truth.nouns = truth.verbs.clone();
    }
    let clips: Vec<&str> = ids.iter().map(|id| clip_of(id)).collect();
    let mut items = Items::new(ids.iter().zip(&clips));
    items.set_attribute("clip", clips.iter().map(Some));
    truth.instances = Instances::new(items);
    Ok(truth)
}

/// The clip of an instance, which is called after its clip and the last action that is seen.
fn clip_of(id: &str) -> &str {
    id.rsplit_once('_').map_or(id, |(clip, _)| clip)
}

/// Reads a number that the parameters give as well.
fn agrees(reader: &mut JsonReader<'_, '_>, param: &str, value: usize) -> Result<(), Stop> {
    if let Some(written) = reader.integer()?
        && usize::try_from(written) != Ok(value)
    {
        let message = format!("the annotations have {written} {param}, the parameter {param:?} says {value}");
        reader.fault(Code::InvalidParameter, message, value.to_string(), written.to_string());
    }
    Ok(())
}

fn instance(reader: &mut JsonReader<'_, '_>, truth: &mut Truth) -> Result<(), Stop> {
    let (mut verbs, mut nouns) = (Slot::default(), Slot::default());
    let actions = truth.actions;
    let object = reader.object(|reader, key| {
        match &**key {
            "verb" => verbs.put(labels(reader, actions, &mut truth.verbs)?),
            "noun" => nouns.put(labels(reader, actions, &mut truth.nouns)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        verbs.require("verb", reader);
        nouns.require("noun", reader);
    }
    Ok(())
}

fn labels(reader: &mut JsonReader<'_, '_>, wanted: usize, labels: &mut Vec<i64>) -> Read<()> {
    let array = reader.array(|reader, _| {
        labels.extend(reader.integer()?);
        Ok(())
    })?;
    let Some(length) = array else {
        return Ok(None);
    };
    if length != wanted as u64 {
        reader.fault_with(|| {
            let message = "an instance has another number of actions";
            Fault::whole(Code::WrongShape, message, format!("{wanted} actions"), format!("{length}"))
        });
        return Ok(None);
    }
    Ok(Some(()))
}
