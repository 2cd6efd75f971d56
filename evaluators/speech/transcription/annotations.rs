//! The truth: the transcribed segments of every clip.

use sdk::roll::repeated;
use sdk::{Code, Fault, Faults, File, Items, JsonReader, Limits, Mode, Slot, Stop};

use super::{Clip, Clips, comparable};
use crate::sclite::{Network, Options};
use crate::timed::Span;

/// A segment as it stands in the file.
struct Segment {
    span: Span,
    speaker: String,
    text: Box<str>,
}

/// Reads the segments; where they are left out, an item of each clip stands for all of them.
pub(super) fn read(file: &File<'_>, unannotated: bool, mode: Mode) -> Result<Clips, Faults> {
    let limits = Limits::default();
    let mut clips = Clips::default();
    let (mut ids, mut speakers) = (Vec::new(), Vec::new());
    JsonReader::read(&file.bytes, &limits, |reader| {
        reader.object(|reader, clip| {
            if clips.index.add(clip).is_err() {
                let fault = repeated("clip", clip);
                reader.fault_with(|| fault);
            }
            if unannotated {
                clips.all.push(Clip { first_item: ids.len(), ..Clip::default() });
                ids.push((clip.to_string(), clip.to_string()));
                return reader.skip();
            }
            let mut segments = Vec::new();
            reader.array(|reader, _| {
                segments.extend(segment(reader, mode)?);
                Ok(())
            })?;
            segments.sort_by(|one: &Segment, other| one.span.begin.total_cmp(&other.span.begin));
            let mut read = Clip { first_item: ids.len(), ..Clip::default() };
            for (position, segment) in segments.into_iter().enumerate() {
                ids.push((format!("{clip}/{position}"), clip.to_string()));
                clips.longest_speaker = clips.longest_speaker.max(segment.speaker.len());
                speakers.push([segment.speaker]);
                read.spans.push(segment.span);
                read.texts.push(segment.text);
            }
            clips.all.push(read);
            Ok(())
        })
    })?;
    if ids.is_empty() {
        let message = "the annotations have no segment";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "at least one", "none")));
    }
    clips.items = Items::new(ids);
    clips.items.set_attribute("speaker", speakers);
    Ok(clips)
}

fn segment(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Result<Option<Segment>, Stop> {
    let (mut begin, mut end) = (Slot::default(), Slot::default());
    let (mut speaker, mut text) = (Slot::default(), Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            "tb" => begin.put(reader.number()?),
            "te" => end.put(reader.number()?),
            "speaker" => speaker.put(if reader.at_string()? {
                reader.string()?.map(String::from)
            } else {
                reader.literal()?.map(str::to_owned)
            }),
            "txt" => {
                let words = reader.string()?.map(|text| comparable(&text, mode));
                if let Some(Err(error)) =
                    words.as_deref().map(|words| Network::parse(words, Options::default()))
                {
                    reader.fault(Code::WrongShape, error.to_string(), "words", "a broken choice");
                }
                text.put(words);
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let begin = begin.require("tb", reader);
    let end = end.require("te", reader);
    let speaker = speaker.require("speaker", reader);
    let text = text.require("txt", reader);
    let (Some(begin), Some(end), Some(speaker), Some(text)) = (begin, end, speaker, text) else {
        return Ok(None);
    };
    if end < begin {
        let found = format!("{begin} to {end}");
        reader.fault(Code::OutOfRange, "the segment ends before it begins", "tb <= te", found);
    }
    Ok(Some(Segment { span: Span { begin, end }, speaker, text: text.into() }))
}
