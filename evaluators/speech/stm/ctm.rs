//! The submission: words with times, in the CTM format of NIST.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Limits, Mode, Place};

use super::PreparedRecordings;
use crate::lines::{each_line, not_negative, number, too_few_fields};
use crate::timed::Timing;

/// What a line of the file holds.
const FORMAT: &str = "recording channel begin duration word [confidence]";

/// A word of a submission.
#[derive(Debug)]
pub(super) struct SpokenWord<'f> {
    pub(super) text: &'f str,
    pub(super) timing: Timing,
}

/// Reads the words of every channel of every recording.
///
/// In strict mode they are put into the order of their beginnings, in reference mode they stay in that of the file.
pub(super) fn read<'f>(
    file: &'f File<'_>,
    task: &PreparedRecordings,
    limits: &Limits,
) -> Result<Vec<Vec<SpokenWord<'f>>>, Faults> {
    let mut all: Vec<Vec<SpokenWord<'f>>> = task.recordings.all.iter().map(|_| Vec::new()).collect();
    let mut faults = Faults::new();
    each_line(file, "CTM", limits, |line, at| {
        let mut fields = line.split_ascii_whitespace();
        let mut next = || fields.next();
        let (Some(name), Some(channel), Some(begin), Some(duration), Some(text)) =
            (next(), next(), next(), next(), next())
        else {
            let found = line.split_ascii_whitespace().count();
            faults.push_with(|| too_few_fields(at, FORMAT, found));
            return;
        };
        let begin = match task.mode {
            Mode::Strict => not_negative(begin, "begin", at, &mut faults),
            Mode::Reference => number(begin, "begin", at, &mut faults),
        };
        let duration = not_negative(duration, "duration", at, &mut faults);
        let offers_choice =
            text == "@" || text.len() >= 4 && text.as_bytes()[..4].eq_ignore_ascii_case(b"<ALT");
        if offers_choice {
            faults.push_with(|| {
                let message = "a submission says one thing and offers no alternatives";
                Fault::whole(Code::WrongShape, message, "a word", quoted(text)).at(Place::Line(at))
            });
        }
        let recording = task.recordings.find((name, channel), task.options, at, &mut faults);
        if let (Some(recording), Some(begin), Some(duration)) = (recording, begin, duration) {
            all[recording].push(SpokenWord { text, timing: Timing { begin, duration } });
        }
    })?;
    if task.mode == Mode::Strict {
        for words in &mut all {
            words.sort_by(|one, other| one.timing.begin.total_cmp(&other.timing.begin));
        }
    }
    faults.or(all)
}
