//! Reads a submission and matches each instance while it is read.

use sdk::{Code, Fault, Faults, JsonReader, Limits, Mode, Read, Slot, Stop};

use super::PreparedShortTerm;
use super::annotations::corners_of_box;
use super::matching::{Prediction, Ranking};
use crate::instances::Answered;

/// What a submission holds.
pub(super) struct Sent<'t> {
    pub(super) answered: Answered<'t>,
    /// Whether the list of an item is empty.
    pub(super) empty: Vec<bool>,
    pub(super) ranked: Ranking,
    /// How many predictions have a noun that does not exist.
    pub(super) unknown_nouns: u64,
    /// How many predictions have a verb that does not exist.
    pub(super) unknown_verbs: u64,
    /// How many predictions foresee a contact that is implausibly late.
    pub(super) late: u64,
    /// The largest coordinate of a box.
    pub(super) farthest: f64,
}

/// A time to contact, in seconds, that the task does not reach.
const LATE: f64 = 30.0;

/// Reads a submission.
pub(super) fn read<'t>(
    task: &'t PreparedShortTerm,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Sent<'t>, Faults> {
    let truth = &task.truth;
    let mut sent = Sent {
        answered: truth.instances.unanswered(),
        empty: vec![false; truth.instances.items.len()],
        ranked: Ranking::new(truth.classes.len()),
        unknown_nouns: 0,
        unknown_verbs: 0,
        late: 0,
        farthest: f64::NEG_INFINITY,
    };
    let mut predictions = Vec::new();
    JsonReader::read(bytes, limits, |reader| {
        let (mut version, mut challenge, mut results) = (Slot::default(), Slot::default(), Slot::default());
        let object = reader.object(|reader, key| {
            match &**key {
                "version" => version.put(reader.one_of(&["1.0"], Code::UnsupportedVersion)?),
                "challenge" => {
                    let accepted = ["ego4d_short_term_object_interaction_anticipation"];
                    challenge.put(reader.one_of(&accepted, Code::WrongChallenge)?);
                }
                "results" => {
                    let all = reader.object(|reader, uid| {
                        let item = sent.answered.answer(uid);
                        instance(reader, task, item, &mut predictions, &mut sent)
                    })?;
                    if all.is_some() {
                        sent.answered.refuse_missing(reader);
                    }
                    results.put(all);
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

/// Reads the predictions of an instance, which has no item if nobody knows it.
fn instance(
    reader: &mut JsonReader<'_, '_>,
    task: &PreparedShortTerm,
    item: Option<usize>,
    predictions: &mut Vec<Prediction>,
    sent: &mut Sent<'_>,
) -> Result<(), Stop> {
    predictions.clear();
    let array = reader.array(|reader, _| {
        predictions.extend(prediction(reader, task.mode)?);
        Ok(())
    })?;
    let (Some(_), Some(item)) = (array, item) else {
        return Ok(());
    };
    let truth = &task.truth;
    let unknown = |known: &Option<std::collections::HashSet<i64>>, category: fn(&Prediction) -> i64| {
        let known = known.as_ref();
        predictions.iter().filter(|one| known.is_some_and(|known| !known.contains(&category(one)))).count()
            as u64
    };
    sent.unknown_nouns += unknown(&truth.nouns, |one| one.noun);
    sent.unknown_verbs += unknown(&truth.verbs, |one| one.verb);
    sent.late += predictions.iter().filter(|one| one.time_to_contact > LATE).count() as u64;
    sent.farthest = predictions.iter().flat_map(|one| one.corners).fold(sent.farthest, f64::max);
    sent.empty[item] = predictions.is_empty();
    let class = |noun: i64| truth.class_of_noun.get(&noun).copied();
    sent.ranked.add(item as u32, predictions, truth.objects(item), &task.rule, class);
    Ok(())
}

fn prediction(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Read<Prediction> {
    let (mut corners, mut noun, mut verb) = (Slot::default(), Slot::default(), Slot::default());
    let (mut time_to_contact, mut score) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "box" => corners.put(match mode {
                Mode::Strict => corners_of_box(reader)?,
                Mode::Reference => reader.numbers::<4>("[x1, y1, x2, y2]")?,
            }),
            "noun_category_id" => noun.put(category(reader, mode)?),
            "verb_category_id" => verb.put(category(reader, mode)?),
            "time_to_contact" => time_to_contact.put(reader.number()?),
            "score" => score.put(reader.number()?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let corners = corners.require("box", reader);
    let noun = noun.require("noun_category_id", reader);
    let verb = verb.require("verb_category_id", reader);
    let time_to_contact = time_to_contact.require("time_to_contact", reader);
    let score = score.require("score", reader);
    let (Some(corners), Some(noun), Some(verb)) = (corners, noun, verb) else {
        return Ok(None);
    };
    let (Some(time_to_contact), Some(score)) = (time_to_contact, score) else {
        return Ok(None);
    };
    Ok(Some(Prediction { corners, noun, verb, time_to_contact, score }))
}

/// Reads the id of a category; the public code takes `true` for 1.
fn category(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Read<i64> {
    if mode == Mode::Strict {
        return reader.integer();
    }
    let before = reader.fault_count();
    let Some(written) = reader.literal()? else {
        return Ok(None);
    };
    let category = match written {
        "true" => Some(1),
        "false" => Some(0),
        number => number.parse().ok(),
    };
    if category.is_none() && reader.fault_count() == before {
        reader.fault_with(|| {
            let message = "the category is not a whole number";
            Fault::whole(Code::WrongType, message, "a whole number", sdk::text::quoted(written))
        });
    }
    Ok(category)
}
