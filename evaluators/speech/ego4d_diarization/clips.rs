//! The benchmark's JSON: videos, their clips, the persons in them and when each speaks. Both sides have the same shape.

use std::borrow::Cow;

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, JsonReader, Limits, Mode, Slot, Stop};

use crate::diarization::{Speakers, Stretch, Turn, in_order};

/// Who speaks when in a clip.
pub(super) struct Clip<'c> {
    pub(super) id: &'c str,
    pub(super) video: &'c str,
    pub(super) turns: Vec<Turn>,
}

/// How a file is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'i> {
    /// The speakers whose turns are dropped.
    pub(super) ignored: &'i [String],
    pub(super) mode: Mode,
    /// Whether the persons are left out.
    pub(super) unannotated: bool,
}

/// Turns with numbers of speakers in the order of their first turns.
#[derive(Default)]
struct Turns<'a> {
    turns: Vec<(Stretch, u32)>,
    speakers: Speakers<'a>,
}

/// Reads all clips; `keep` gets each, and the reader, in whose report it puts what is wrong with the clip as a whole.
pub(super) fn read<'a>(
    file: &'a File<'_>,
    reading: Reading<'_>,
    limits: &Limits,
    mut keep: impl FnMut(Clip<'_>, &mut JsonReader<'a, '_>),
) -> Result<(), Faults> {
    JsonReader::read(&file.bytes, limits, |reader| {
        let mut videos = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "videos" => {
                videos.put(reader.array(|reader, _| video(reader, reading, &mut keep))?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() {
            videos.require("videos", reader);
        }
        Ok(())
    })
}

fn video<'a>(
    reader: &mut JsonReader<'a, '_>,
    reading: Reading<'_>,
    keep: &mut impl FnMut(Clip<'_>, &mut JsonReader<'a, '_>),
) -> Result<(), Stop> {
    let (mut id, mut clips) = (Slot::default(), Slot::default());
    // The name of the video may stand behind its clips.
    let mut read = Vec::new();
    let object = reader.object(|reader, key| {
        match &**key {
            "video_uid" => id.put(reader.string()?),
            "clips" => clips.put(reader.array(|reader, _| {
                read.extend(clip(reader, reading)?);
                Ok(())
            })?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    clips.require("clips", reader);
    if let Some(video) = id.require("video_uid", reader) {
        for (id, turns) in read {
            keep(Clip { id: &id, video: &video, turns }, reader);
        }
    }
    Ok(())
}

type ReadClip<'a> = (Cow<'a, str>, Vec<Turn>);

fn clip<'a>(reader: &mut JsonReader<'a, '_>, reading: Reading<'_>) -> Result<Option<ReadClip<'a>>, Stop> {
    let (mut id, mut persons) = (Slot::default(), Slot::default());
    let mut turns = Turns::default();
    let object = reader.object(|reader, key| {
        match &**key {
            "clip_uid" => id.put(reader.string()?),
            "persons" if reading.unannotated => reader.skip()?,
            "persons" => persons.put(reader.array(|reader, _| person(reader, reading, &mut turns))?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    if !reading.unannotated {
        persons.require("persons", reader);
    }
    let Some(id) = id.require("clip_uid", reader) else { return Ok(None) };
    let places = turns.speakers.places();
    if turns.speakers.are_too_many() {
        reader.fault_with(|| Speakers::too_many(&id));
        return Ok(None);
    }
    let turn = |(stretch, speaker): (Stretch, u32)| Turn { stretch, speaker: places[speaker as usize] };
    Ok(Some((id, in_order(turns.turns.into_iter().map(turn).collect()))))
}

fn person<'a>(
    reader: &mut JsonReader<'a, '_>,
    reading: Reading<'_>,
    turns: &mut Turns<'a>,
) -> Result<(), Stop> {
    reader.object(|reader, key| {
        if &**key != "voice_segments" {
            return reader.skip();
        }
        reader.array(|reader, _| segment(reader, reading, turns))?;
        Ok(())
    })?;
    Ok(())
}

fn segment<'a>(
    reader: &mut JsonReader<'a, '_>,
    reading: Reading<'_>,
    turns: &mut Turns<'a>,
) -> Result<(), Stop> {
    let (mut begin, mut end, mut person) = (Slot::default(), Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "start_time" => begin.put(reader.number()?),
            "end_time" => end.put(reader.number()?),
            "person" if reader.at_string()? => person.put(reader.string()?),
            "person" => person.put(reader.integer()?.map(|number| Cow::Owned(number.to_string()))),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let begin = begin.require("start_time", reader);
    let end = end.require("end_time", reader);
    let person = person.require("person", reader);
    let (Some(begin), Some(end), Some(person)) = (begin, end, person) else { return Ok(()) };
    if reading.mode == Mode::Strict && end < begin {
        let found = format!("{begin} to {end}");
        reader.fault(Code::OutOfRange, "the turn ends before it begins", "start_time <= end_time", found);
    }
    let stretch = rounded(begin, end);
    if !(stretch.is_empty() || reading.ignored.iter().any(|ignored| *ignored == *person)) {
        let speaker = turns.speakers.add(person);
        turns.turns.push((stretch, speaker));
    }
    Ok(())
}

/// Begin and duration in the six decimals with which the public code writes them down.
fn rounded(begin: f64, end: f64) -> Stretch {
    let six_decimals = |value: f64| format!("{value:.6}").parse().unwrap_or(value);
    let begin_rounded: f64 = six_decimals(begin);
    Stretch { begin: begin_rounded, end: begin_rounded + six_decimals(end - begin) }
}

/// The fault that a clip stands twice.
pub(super) fn repeated_clip(id: &str) -> Fault {
    sdk::roll::repeated("clip", id)
}

/// The fault that a clip is none of the task.
pub(super) fn unknown_clip(id: &str) -> Fault {
    let message = format!("{} is no clip of the task", quoted(id));
    Fault::whole(Code::UnknownIds, message, "a clip of the task", quoted(id))
        .hint("is it a clip of another split?")
}

/// The fault that there is no clip.
pub(super) fn no_clip() -> Fault {
    Fault::whole(Code::EmptySubmission, "the annotations have no clip", "at least one clip", "none")
}
