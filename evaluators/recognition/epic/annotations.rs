//! Reads the annotations: one row per segment, and the lists of unseen participants and rare classes.

use std::collections::{HashMap, HashSet};

use sdk::roll::repeated;
use sdk::{AnnotationFaults, Code, Fault, Faults, Inputs, Items, Limits, Place, Table};

use super::{Segments, Settings, Truth};

/// Reads the true segments.
pub(super) fn read(
    inputs: &Inputs<'_>,
    group_by_video: bool,
    settings: Settings,
) -> Result<Segments, AnnotationFaults> {
    let of = |table: &str, faults: Faults| AnnotationFaults(faults.of_file(table));
    let (mut segments, participants) =
        read_segments(inputs, group_by_video, settings).map_err(|faults| of(Inputs::MAIN, faults))?;
    if let Some(unseen) = texts(inputs, "unseen_participants", "participant_id")? {
        let unseen: Vec<bool> = participants.iter().map(|participant| unseen.contains(participant)).collect();
        set_yes_or_no(&mut segments.items, "unseen", &unseen);
        segments.unseen = Some(unseen);
    }
    let tail_verbs = classes(inputs, "tail_verbs", "verb", settings.verbs)?;
    let tail_nouns = classes(inputs, "tail_nouns", "noun", settings.nouns)?;
    let rare = |classes: Option<HashSet<usize>>, of: fn(&Truth) -> usize| -> Option<Vec<bool>> {
        classes.map(|classes| segments.truths.iter().map(|truth| classes.contains(&of(truth))).collect())
    };
    let verb = rare(tail_verbs, |truth| truth.verb);
    let noun = rare(tail_nouns, |truth| truth.noun);
    let either = |(verb, noun): (&bool, &bool)| *verb || *noun;
    let action: Option<Vec<bool>> =
        verb.as_ref().zip(noun.as_ref()).map(|(verb, noun)| verb.iter().zip(noun).map(either).collect());
    for (name, tail) in [("tail_verb", &verb), ("tail_noun", &noun), ("tail", &action)] {
        if let Some(tail) = tail {
            set_yes_or_no(&mut segments.items, name, tail);
        }
    }
    segments.tail = [action, verb, noun];
    Ok(segments)
}

fn set_yes_or_no(items: &mut Items, name: &str, values: &[bool]) {
    items.set_attribute(name, values.iter().map(|value| Some(if *value { "yes" } else { "no" })));
}

/// Reads the segments, and the participant of each.
fn read_segments(
    inputs: &Inputs<'_>,
    group_by_video: bool,
    settings: Settings,
) -> Result<(Segments, Vec<String>), Faults> {
    let table = Table::read(&inputs.require(Inputs::MAIN)?.single()?.bytes, &Limits::default())?;
    let mut faults = Faults::new();
    let mut column = |name| {
        table.require(name).unwrap_or_else(|missing| {
            faults.extend(missing);
            0
        })
    };
    let [id, participant, video] = ["narration_id", "participant_id", "video_id"].map(&mut column);
    let classes = (!inputs.are_unannotated()).then(|| ["verb_class", "noun_class"].map(column));
    faults.or(())?;

    let mut faults = Faults::new();
    let mut segments = Segments::default();
    let mut actions = HashMap::new();
    for row in 0..table.len() {
        if segments.ids.add(table.cell(row, id)).is_none() {
            faults.push_with(|| repeated("segment", table.cell(row, id)).at(Place::Line(table.line(row))));
            continue;
        }
        let [verb, noun] = match classes {
            Some([verb, noun]) => [
                class(&table, row, verb, settings.verbs, &mut faults),
                class(&table, row, noun, settings.nouns, &mut faults),
            ],
            None => [None, None],
        };
        let truth = Truth { verb: verb.unwrap_or_default(), noun: noun.unwrap_or_default() };
        let next = actions.len() as u32;
        segments.actions.push(*actions.entry((truth.verb, truth.noun)).or_insert(next));
        segments.truths.push(truth);
    }
    segments.action_count = actions.len() as u32;
    if table.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "the annotations hold no segment", "a row", "none"));
    }
    faults.or(())?;
    let table = &table;
    let cells = |column: usize| (0..table.len()).map(move |row| table.cell(row, column));
    let group = if group_by_video { video } else { participant };
    segments.items = Items::new(segments.ids.all().iter().zip(cells(group)));
    segments.items.set_attribute("participant", cells(participant).map(Some));
    segments.items.set_attribute("video", cells(video).map(Some));
    let participants = cells(participant).map(str::to_owned).collect();
    Ok((segments, participants))
}

fn class(table: &Table, row: usize, column: usize, classes: usize, faults: &mut Faults) -> Option<usize> {
    let number = table.integer(row, column, faults)?;
    let class = usize::try_from(number).ok().filter(|class| *class < classes);
    if class.is_none() {
        faults.push_with(|| table.cell_fault(row, column, Code::OutOfRange, "a class of this task"));
    }
    class
}

/// The texts of a column of an optional table.
fn texts(inputs: &Inputs<'_>, name: &str, column: &str) -> Result<Option<HashSet<String>>, AnnotationFaults> {
    let read = || -> Result<Option<HashSet<String>>, Faults> {
        let Some(input) = inputs.get(name) else { return Ok(None) };
        let table = Table::read(&input.single()?.bytes, &Limits::default())?;
        let column = table.require(column)?;
        Ok(Some((0..table.len()).map(|row| table.cell(row, column).to_owned()).collect()))
    };
    read().map_err(|faults| AnnotationFaults(faults.of_file(name)))
}

/// The classes of a column of an optional table.
fn classes(
    inputs: &Inputs<'_>,
    name: &str,
    column: &str,
    count: usize,
) -> Result<Option<HashSet<usize>>, AnnotationFaults> {
    let read = || -> Result<Option<HashSet<usize>>, Faults> {
        let Some(input) = inputs.get(name) else { return Ok(None) };
        let table = Table::read(&input.single()?.bytes, &Limits::default())?;
        let column = table.require(column)?;
        let mut faults = Faults::new();
        let classes =
            (0..table.len()).filter_map(|row| class(&table, row, column, count, &mut faults)).collect();
        faults.or(Some(classes))
    };
    read().map_err(|faults| AnnotationFaults(faults.of_file(name)))
}
