//! Reads the annotations: for every take the keysteps of its procedure, and its segments in order.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sdk::roll::repeated;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Inputs, Items, JsonReader, Limits, Read, Slot, Stop};

use super::{Procedures, SUBTASK_COUNT, SUBTASKS, Segment, name_of};

/// The most answers of one sub-task.
const MOST_ANSWERS: usize = 1 << 24;

/// A segment whose keysteps are not looked up yet: they may stand behind it in the file.
#[derive(Default)]
struct Draft {
    id: String,
    /// By sub-task: the keysteps that are right answers, or whether the segment itself is one.
    keysteps: [Vec<String>; SUBTASK_COUNT],
    itself: [bool; SUBTASK_COUNT],
}

/// Reads the takes.
pub(super) fn read(inputs: &Inputs<'_>, by_take: bool) -> Result<Procedures, Faults> {
    let limits = Limits::default();
    let file = inputs.require(Inputs::MAIN)?.single()?;
    let mut procedures = Procedures::default();
    let (mut takes, mut scenarios) = (Vec::new(), HashMap::new());
    let unannotated = inputs.are_unannotated();
    JsonReader::read(&file.bytes, &limits, |reader| {
        let mut list = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "takes" => list.put(reader.object(|reader, name| {
                    let take = takes.len() as u32;
                    takes.push(name.clone().into_owned());
                    read_take(reader, (take, name), unannotated, &mut procedures, &mut scenarios)
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            list.require("takes", reader);
        }
        Ok(())
    })?;
    if procedures.segments.is_empty() {
        let message = "the annotations hold no segment";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "a segment", "none")));
    }
    let ids = procedures.ids.all();
    let take_of = |segment: &Segment| takes[segment.take as usize].as_str();
    let groups =
        procedures.segments.iter().zip(ids).map(|(segment, id)| if by_take { take_of(segment) } else { id });
    procedures.items = Items::new(ids.iter().zip(groups));
    procedures.items.set_attribute("take", procedures.segments.iter().map(|segment| Some(take_of(segment))));
    let scenario_of = |segment: &Segment| Some(procedures.scenarios[segment.scenario as usize].as_str());
    if procedures.scenarios.iter().any(|name| !name.is_empty()) {
        procedures.items.set_attribute("scenario", procedures.segments.iter().map(scenario_of));
    }
    Ok(procedures)
}

fn read_take(
    reader: &mut JsonReader<'_, '_>,
    (take, name): (u32, &str),
    unannotated: bool,
    procedures: &mut Procedures,
    scenarios: &mut HashMap<String, u32>,
) -> Result<(), Stop> {
    let (mut keysteps, mut segments, mut scenario) = (Slot::default(), Slot::default(), String::new());
    let (mut known, mut drafts) = (HashMap::new(), Vec::new());
    let object = reader.object(|reader, key| {
        match &**key {
            "scenario" => scenario = reader.string()?.unwrap_or_default().into_owned(),
            "keysteps" => keysteps.put(reader.array(|reader, _| {
                if let Some(keystep) = keystep(reader)? {
                    let position = known.len() as u32;
                    match known.entry(keystep) {
                        Entry::Occupied(entry) => reader.fault_with(|| repeated("keystep", entry.key())),
                        Entry::Vacant(entry) => drop(entry.insert(position)),
                    }
                }
                Ok(())
            })?),
            "segments" => segments.put(reader.array(|reader, _| {
                drafts.extend(segment(reader, unannotated)?);
                Ok(())
            })?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_some() {
        keysteps.require("keysteps", reader);
        segments.require("segments", reader);
    }
    let next = scenarios.len() as u32;
    let scenario = *scenarios.entry(scenario).or_insert_with_key(|name| {
        procedures.scenarios.push(name.clone());
        next
    });
    for draft in drafts {
        let id = name_of(name, &draft.id);
        let truth = truth_of(reader, &draft, &known);
        if procedures.ids.add(&id).is_none() {
            reader.fault_with(|| repeated("segment", &id));
            continue;
        }
        let starts = procedures.sizes;
        for (size, of_subtask) in procedures.sizes.iter_mut().zip(&truth) {
            *size += of_subtask.len();
        }
        if procedures.sizes.iter().any(|size| *size > MOST_ANSWERS) {
            let most = format!("at most {MOST_ANSWERS}");
            reader.fault(Code::TooLarge, "there are too many segments times keysteps", most, "more");
            return Err(Stop);
        }
        procedures.segments.push(Segment { take, scenario, starts, truth });
    }
    procedures.keysteps.push(known);
    Ok(())
}

/// The right answers about a segment.
fn truth_of(
    reader: &mut JsonReader<'_, '_>,
    draft: &Draft,
    known: &HashMap<String, u32>,
) -> [Vec<bool>; SUBTASK_COUNT] {
    std::array::from_fn(|subtask| {
        if !SUBTASKS[subtask].1 {
            return vec![draft.itself[subtask]];
        }
        let mut right = vec![false; known.len()];
        for keystep in &draft.keysteps[subtask] {
            match known.get(keystep).map(|position| &mut right[*position as usize]) {
                Some(slot) => *slot = true,
                None => reader.fault_with(|| {
                    let (segment, keystep) = (quoted(&draft.id), quoted(keystep));
                    let message =
                        format!("the keystep {keystep} of segment {segment} is not one of the procedure");
                    Fault::whole(Code::UnknownLabel, message, "one of `keysteps`", keystep)
                }),
            }
        }
        right
    })
}

fn segment(reader: &mut JsonReader<'_, '_>, unannotated: bool) -> Read<Draft> {
    let mut draft = Draft::default();
    let mut id = Slot::default();
    let mut seen = [false; SUBTASK_COUNT];
    let object = reader.object(|reader, key| {
        if &**key == "segment_id" {
            id.put(keystep(reader)?);
            return Ok(());
        }
        let Some(subtask) = SUBTASKS.iter().position(|(field, _)| *field == &**key && !unannotated) else {
            return reader.skip();
        };
        seen[subtask] = true;
        if SUBTASKS[subtask].1 {
            reader.array(|reader, _| {
                draft.keysteps[subtask].extend(keystep(reader)?);
                Ok(())
            })?;
        } else {
            draft.itself[subtask] = reader.boolean()?.unwrap_or_default();
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    for (_, (field, _)) in seen.iter().zip(SUBTASKS).filter(|(seen, _)| !**seen && !unannotated) {
        reader.missing_field(field);
    }
    let Some(id) = id.require("segment_id", reader) else {
        return Ok(None);
    };
    draft.id = id;
    Ok(Some(draft))
}

/// Reads an id, which may be written as a text or as a number.
fn keystep(reader: &mut JsonReader<'_, '_>) -> Read<String> {
    if reader.at_string()? {
        return Ok(reader.string()?.map(Cow::into_owned));
    }
    Ok(reader.integer()?.map(|number| number.to_string()))
}
