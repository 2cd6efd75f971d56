//! The submission: words with times for every clip.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, JsonReader, Limits, Mode, Slot, Stop};

use super::{PreparedClips, comparable};
use crate::timed::Timing;

/// A word of a submission.
#[derive(Debug)]
pub(super) struct SpokenWord {
    pub(super) text: Box<str>,
    pub(super) timing: Timing,
}

/// Reads the words of every clip.
///
/// In strict mode they are put into the order of their beginnings, in reference mode they stay in that of the file.
pub(super) fn read(
    file: &File<'_>,
    task: &PreparedClips,
    limits: &Limits,
) -> Result<Vec<Vec<SpokenWord>>, Faults> {
    let mut all: Vec<Vec<SpokenWord>> = task.clips.all.iter().map(|_| Vec::new()).collect();
    let mut clips = 0;
    JsonReader::read(&file.bytes, limits, |reader| {
        reader.object(|reader, clip| {
            clips += 1;
            let found = task.clips.index.find(clip);
            if found.is_none() {
                reader.fault_with(|| {
                    let message = format!("{} is no clip of the task", quoted(clip));
                    Fault::whole(Code::UnknownIds, message, "a clip of the task", quoted(clip))
                        .hint("is it a clip of another split?")
                });
            }
            reader.array(|reader, _| {
                if let (Some(word), Some(clip)) = (word(reader, task.mode)?, found) {
                    all[clip].push(word);
                }
                Ok(())
            })?;
            Ok(())
        })
    })?;
    if clips == 0 {
        let message = "the submission has no clip";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "words for every clip", "{}")));
    }
    if task.mode == Mode::Strict {
        for words in &mut all {
            words.sort_by(|one, other| one.timing.begin.total_cmp(&other.timing.begin));
        }
    }
    Ok(all)
}

fn word(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Result<Option<SpokenWord>, Stop> {
    let (mut begin, mut duration) = (Slot::default(), Slot::default());
    let (mut channel, mut text) = (Slot::default(), Slot::default());
    let (mut has_duration, mut has_end) = (false, false);
    let object = reader.object(|reader, key| {
        match &**key {
            "tb" => begin.put(reader.number()?),
            "dur" => {
                has_duration = true;
                duration.put(reader.number()?);
            }
            "te" => {
                has_end = true;
                reader.skip()?;
            }
            "channel" if reader.at_string()? => channel.put(reader.string()?.map(drop)),
            "channel" => channel.put(reader.integer()?.map(drop)),
            "word" => text.put(spoken(reader, mode)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    channel.require("channel", reader);
    let begin = begin.require("tb", reader);
    if !has_duration {
        reader.fault_with(|| {
            let message = "the field \"dur\" is missing";
            let fault = Fault::whole(Code::MissingField, message, "a field \"dur\"", "none");
            if has_end { fault.hint("dur is how long the word lasts, te - tb") } else { fault }
        });
    }
    let duration = duration.get();
    let text = text.require("word", reader);
    let (Some(begin), Some(duration), Some(text)) = (begin, duration, text) else { return Ok(None) };
    if mode == Mode::Strict && (begin < 0.0 || duration < 0.0) {
        let found = format!("tb {begin}, dur {duration}");
        reader.fault(
            Code::OutOfRange,
            "a word begins at 0 or later and does not last less than 0",
            ">= 0",
            found,
        );
    }
    Ok(Some(SpokenWord { text, timing: Timing { begin, duration } }))
}

/// Reads a word: line ends in it are dropped, other white space is none of a word.
fn spoken(reader: &mut JsonReader<'_, '_>, mode: Mode) -> Result<Option<Box<str>>, Stop> {
    let Some(written) = reader.string()? else { return Ok(None) };
    let text = comparable(&written.replace('\n', ""), mode);
    let text = text.trim();
    let first = text.split_ascii_whitespace().next().unwrap_or_default();
    let offers_choice = text == "@" || text.starts_with("<alt");
    let several = mode == Mode::Strict && first.len() < text.len();
    if first.is_empty() || offers_choice || several {
        let expected = "one word without blanks";
        reader.fault_with(|| {
            let found = quoted(&written);
            let fault = Fault::whole(Code::WrongShape, format!("{found} is not one word"), expected, found);
            if several { fault.hint("send one row per word, with its own tb and dur") } else { fault }
        });
        return Ok(None);
    }
    Ok(Some(first.into()))
}
