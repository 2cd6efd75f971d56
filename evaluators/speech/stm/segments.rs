//! The truth: transcribed segments of recordings, in the STM format of NIST.

use sdk::roll::IdIndex;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Items, Limits, Place};

use crate::lines::{cut_field, each_line, not_negative, too_few_fields};
use crate::sclite::{Network, Options};
use crate::timed::Span;
use crate::trn::network_fault;

/// A segment with this text takes its words out of the scoring.
const IGNORED: &str = "ignore_time_segment_in_scoring";

/// What a line of the file holds.
const FORMAT: &str = "recording channel speaker begin end [<labels>] words";

/// A segment.
#[derive(Debug)]
pub(super) struct Segment {
    /// Nothing where the segment is not scored.
    pub(super) item: Option<usize>,
    pub(super) text: Box<str>,
    speaker: Box<str>,
}

/// A channel of a recording, its segments in the order of their beginnings.
#[derive(Debug)]
pub(super) struct Recording {
    name: Box<str>,
    channel: Box<str>,
    pub(super) spans: Vec<Span>,
    pub(super) segments: Vec<Segment>,
}

/// All channels of all recordings.
#[derive(Debug, Default)]
pub(super) struct Recordings {
    pub(super) items: Items,
    pub(super) all: Vec<Recording>,
    index: IdIndex,
}

/// The form in which a channel of a recording is found.
fn key(name: &str, channel: &str, options: Options) -> String {
    // No field contains a blank.
    let key = format!("{name} {channel}");
    if options.case_sensitive { key } else { key.to_ascii_lowercase() }
}

impl Recordings {
    pub(super) fn read(file: &File<'_>, options: Options) -> Result<Self, Faults> {
        let mut recordings = Self::default();
        let mut faults = Faults::new();
        each_line(file, "STM", &Limits::default(), |line, number| {
            let mut rest = line;
            let mut fields = [""; 5];
            for (found, field) in fields.iter_mut().enumerate() {
                let Some((text, behind)) = cut_field(rest) else {
                    faults.push_with(|| too_few_fields(number, FORMAT, found));
                    return;
                };
                (*field, rest) = (text, behind);
            }
            let [name, channel, speaker, begin, end] = fields;
            let begin = not_negative(begin, "begin", number, &mut faults);
            let end = not_negative(end, "end", number, &mut faults);
            let (Some(begin), Some(end)) = (begin, end) else { return };
            if end < begin {
                faults.push_with(|| {
                    let message = "the segment ends before it begins";
                    let found = format!("{begin} to {end}");
                    Fault::whole(Code::OutOfRange, message, "begin <= end", found).at(Place::Line(number))
                });
            }
            let words = match cut_field(rest) {
                Some((label, behind)) if label.starts_with('<') && label.ends_with('>') => behind,
                _ => rest,
            };
            if let Err(error) = Network::parse(words, options) {
                faults.push_with(|| network_fault(error, number, words));
            }
            let position = match recordings.index.add(&key(name, channel, options)) {
                Ok(position) => {
                    let (name, channel) = (name.into(), channel.into());
                    recordings.all.push(Recording { name, channel, spans: Vec::new(), segments: Vec::new() });
                    position
                }
                Err(position) => position,
            };
            let recording = &mut recordings.all[position];
            recording.spans.push(Span { begin, end });
            recording.segments.push(Segment {
                item: None,
                text: words.trim_ascii().into(),
                speaker: speaker.into(),
            });
        })?;
        faults.or(())?;
        recordings.number_items()?;
        Ok(recordings)
    }

    /// Reads channels of recordings of which no segment is known; an item of each stands for all of them.
    pub(super) fn read_channels(file: &File<'_>, options: Options) -> Result<Self, Faults> {
        let mut recordings = Self::default();
        let (mut ids, mut faults) = (Vec::new(), Faults::new());
        each_line(file, "UEM", &Limits::default(), |line, number| {
            let mut fields = line.split_ascii_whitespace();
            let (Some(name), Some(channel)) = (fields.next(), fields.next()) else {
                faults.push_with(|| too_few_fields(number, "recording channel begin end", 1));
                return;
            };
            if recordings.index.add(&key(name, channel, options)).is_ok() {
                ids.push((format!("{name}/{channel}"), name.to_owned()));
                let (name, channel) = (name.into(), channel.into());
                recordings.all.push(Recording { name, channel, spans: Vec::new(), segments: Vec::new() });
            }
        })?;
        if ids.is_empty() && faults.is_empty() {
            let message = "there is no recording";
            faults.push(Fault::whole(Code::EmptySubmission, message, "at least one line", "none"));
        }
        recordings.items = Items::new(ids);
        faults.or(recordings)
    }

    /// Puts segments into order and gives every one that is scored its item.
    fn number_items(&mut self) -> Result<(), Faults> {
        let (mut ids, mut speakers, mut channels) = (Vec::new(), Vec::new(), Vec::new());
        for recording in &mut self.all {
            let segments = std::mem::take(&mut recording.segments);
            let mut both: Vec<(Span, Segment)> = recording.spans.drain(..).zip(segments).collect();
            both.sort_by(|(one, _), (other, _)| one.begin.total_cmp(&other.begin));
            for (position, (span, mut segment)) in both.into_iter().enumerate() {
                if !segment.text.to_ascii_lowercase().contains(IGNORED) {
                    segment.item = Some(ids.len());
                    let id = format!("{}/{}/{position}", recording.name, recording.channel);
                    ids.push((id, recording.name.clone()));
                    speakers.push([segment.speaker.clone()]);
                    channels.push([recording.channel.clone()]);
                }
                recording.spans.push(span);
                recording.segments.push(segment);
            }
        }
        if ids.is_empty() {
            let message = "the annotations have no segment that is scored";
            return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "at least one", "none")));
        }
        self.items = Items::new(ids);
        self.items.set_attribute("speaker", speakers);
        self.items.set_attribute("channel", channels);
        Ok(())
    }

    /// The channel of a recording; that the task has no such one is a fault.
    pub(super) fn find(
        &self,
        (name, channel): (&str, &str),
        options: Options,
        line: u64,
        faults: &mut Faults,
    ) -> Option<usize> {
        let found = self.index.find(&key(name, channel, options));
        if found.is_none() {
            faults.push_with(|| {
                let recording = quoted(&format!("{name} {channel}"));
                let message = format!("{recording} is no channel of a recording of the task");
                Fault::whole(Code::UnknownIds, message, "a recording and channel of the task", recording)
                    .at(Place::Line(line))
            });
        }
        found
    }
}
