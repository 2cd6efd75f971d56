//! Reads the annotations: one row per segment, and the list of unseen participants.

use std::collections::HashSet;

use sdk::primitives::segment::Segment;
use sdk::{Code, Fault, Faults, Inputs, Items, Limits, Place, Table};

use super::{Settings, Videos, class_names};

/// Reads the true segments.
pub(super) fn read(inputs: &Inputs<'_>, group_by_video: bool, settings: &Settings) -> Result<Videos, Faults> {
    let limits = Limits::default();
    let table = Table::read(&inputs.require(Inputs::MAIN)?.single()?.bytes, &limits)?;
    let (participant, video, truth) = if inputs.are_unannotated() {
        let [participant, video] = columns(&table, ["participant_id", "video_id"])?;
        (participant, video, None)
    } else {
        let [participant, video, start, stop, verb, noun] = columns(
            &table,
            ["participant_id", "video_id", "start_timestamp", "stop_timestamp", "verb_class", "noun_class"],
        )?;
        (participant, video, Some([start, stop, verb, noun]))
    };

    let mut faults = Faults::new();
    let mut videos = Videos::default();
    let (mut ids, mut participants) = (Vec::new(), Vec::new());
    for row in 0..table.len() {
        let id = table.cell(row, video);
        let item = *videos.by_id.entry(id.to_owned()).or_insert_with(|| {
            ids.push(id.to_owned());
            participants.push(table.cell(row, participant).to_owned());
            ids.len() as u32 - 1
        });
        let Some([start, stop, verb, noun]) = truth else {
            continue;
        };
        let segment = segment(&table, row, [start, stop], &mut faults);
        let verb = class(&table, row, verb, settings.verbs, &mut faults);
        let noun = class(&table, row, noun, settings.nouns, &mut faults);
        if let (Some(segment), Some(verb), Some(noun)) = (segment, verb, noun) {
            let mut codes = [0; 3];
            for ((truth, class), code) in
                videos.truths.iter_mut().zip(class_names(verb, noun)).zip(&mut codes)
            {
                *code = truth.add(&class, item, segment);
            }
            videos.verbs.insert(verb, codes[0]);
            videos.nouns.insert(noun, codes[1]);
            videos.actions.insert((verb, noun), codes[2]);
        }
    }
    if table.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "the annotations hold no segment", "a row", "none"));
    }
    videos.items = Items::new(ids.iter().zip(if group_by_video { &ids } else { &participants }));
    videos.items.set_attribute("participant", participants.iter().map(Some));
    if let Some(unseen) = inputs.get("unseen_participants") {
        let unseen = Table::read(&unseen.single()?.bytes, &limits)?;
        let column = unseen.require("participant_id")?;
        let names: Vec<&str> = (0..unseen.len()).map(|row| unseen.cell(row, column)).collect();
        let answer = |participant: &String| if names.contains(&participant.as_str()) { "yes" } else { "no" };
        videos
            .items
            .set_attribute("unseen", participants.iter().map(|participant| Some(answer(participant))));
    }
    let videos = faults.or(videos)?;
    rare_classes(inputs, videos, settings)
}

/// Looks up which classes of the truth are rare, where there are tables of them; an action is if its verb or its noun is.
fn rare_classes(inputs: &Inputs<'_>, mut videos: Videos, settings: &Settings) -> Result<Videos, Faults> {
    let verbs = classes(inputs, "tail_verbs", "verb", settings.verbs)?;
    let nouns = classes(inputs, "tail_nouns", "noun", settings.nouns)?;
    let mut rare = [0, 1, 2].map(|space| vec![false; videos.truths[space].class_count()]);
    for (verb, code) in &videos.verbs {
        rare[0][*code as usize] = verbs.as_ref().is_some_and(|verbs| verbs.contains(verb));
    }
    for (noun, code) in &videos.nouns {
        rare[1][*code as usize] = nouns.as_ref().is_some_and(|nouns| nouns.contains(noun));
    }
    for ((verb, noun), code) in &videos.actions {
        rare[2][*code as usize] =
            rare[0][videos.verbs[verb] as usize] || rare[1][videos.nouns[noun] as usize];
    }
    let known = [verbs.is_some(), nouns.is_some(), verbs.is_some() && nouns.is_some()];
    for ((known, rare), slot) in known.into_iter().zip(rare).zip(&mut videos.rare) {
        *slot = known.then_some(rare);
    }
    Ok(videos)
}

/// The classes of a column of an optional table.
fn classes(
    inputs: &Inputs<'_>,
    name: &str,
    column: &str,
    count: i64,
) -> Result<Option<HashSet<i64>>, Faults> {
    let Some(input) = inputs.get(name) else {
        return Ok(None);
    };
    let read = || -> Result<HashSet<i64>, Faults> {
        let table = Table::read(&input.single()?.bytes, &Limits::default())?;
        let column = table.require(column)?;
        let mut faults = Faults::new();
        let found =
            (0..table.len()).filter_map(|row| class(&table, row, column, count, &mut faults)).collect();
        faults.or(found)
    };
    read().map(Some).map_err(|faults| faults.of_file(name))
}

fn columns<const N: usize>(table: &Table, names: [&str; N]) -> Result<[usize; N], Faults> {
    let mut faults = Faults::new();
    let found = names.map(|name| {
        table.require(name).unwrap_or_else(|missing| {
            faults.extend(missing);
            0
        })
    });
    faults.or(found)
}

fn class(table: &Table, row: usize, column: usize, classes: i64, faults: &mut Faults) -> Option<i64> {
    let class = table.integer(row, column, faults)?;
    if (0..classes).contains(&class) {
        return Some(class);
    }
    faults.push_with(|| table.cell_fault(row, column, Code::OutOfRange, "a class of this task"));
    None
}

fn segment(table: &Table, row: usize, columns: [usize; 2], faults: &mut Faults) -> Option<Segment> {
    let times = columns.map(|column| {
        let seconds = seconds(table.cell(row, column));
        if seconds.is_none() {
            faults.push_with(|| table.cell_fault(row, column, Code::WrongType, "a time HH:MM:SS.ss"));
        }
        seconds
    });
    let [Some(start), Some(end)] = times else {
        return None;
    };
    if end < start {
        let found = format!("{} to {}", table.cell(row, columns[0]), table.cell(row, columns[1]));
        faults.push_with(|| {
            Fault::whole(Code::OutOfRange, "the segment ends before it starts", "start <= end", found)
                .at(Place::Line(table.line(row)))
        });
    }
    Some([start, end])
}

/// Seconds of a time `HH:MM:SS.ss`.
fn seconds(text: &str) -> Option<f64> {
    let mut parts = text.trim().split(':').map(str::parse::<f64>);
    let (hours, minutes, seconds) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let total = hours * 3600.0 + minutes * 60.0 + seconds;
    (parts.next().is_none() && total.is_finite()).then_some(total)
}
