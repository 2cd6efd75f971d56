//! Turns of speakers in the RTTM format of NIST.

use sdk::text::quoted;
use sdk::{Code, Fault, Faults, File, Limits, Mode, Place};

use super::{Speakers, Stretch, Turn, in_order};
use crate::lines::{each_line, not_negative, number, too_few_fields};

/// What a line of the file holds.
const FORMAT: &str = "SPEAKER recording channel begin duration <NA> <NA> speaker <NA> <NA>";

/// Types of lines that say nothing about who speaks when.
const OTHER_TYPES: [&str; 14] = [
    "SEGMENT",
    "NOSCORE",
    "NO_RT_METADATA",
    "LEXEME",
    "NON-LEX",
    "NON-SPEECH",
    "FILLER",
    "EDIT",
    "IP",
    "SU",
    "CB",
    "A/P",
    "SPKR-INFO",
    "SPKR_INFO",
];

/// Reads the turns of every recording, in order, and how many were dropped because they last no time.
///
/// `place` says which recording a name stands for.
pub(super) fn read<'f>(
    file: &'f File<'_>,
    mode: Mode,
    limits: &Limits,
    mut place: impl FnMut(&str, u64, &mut Faults) -> Option<usize>,
) -> Result<(Vec<Vec<Turn>>, u64), Faults> {
    let mut recordings: Vec<Vec<(Stretch, u32)>> = Vec::new();
    let mut speakers: Vec<Speakers<'f>> = Vec::new();
    let (mut faults, mut dropped) = (Faults::new(), 0);
    each_line(file, "RTTM", limits, |line, at| {
        let mut fields = line.split_ascii_whitespace();
        match fields.next() {
            Some("SPEAKER") => {}
            Some(other) if OTHER_TYPES.contains(&other) => return,
            other => {
                faults.push_with(|| {
                    let found = quoted(other.unwrap_or_default());
                    let message = format!("{found} is no type of an RTTM line");
                    Fault::whole(Code::WrongShape, message, FORMAT, found).at(Place::Line(at))
                });
                return;
            }
        }
        let (name, begin, duration, speaker) = (fields.next(), fields.nth(1), fields.next(), fields.nth(2));
        let (Some(name), Some(begin), Some(duration), Some(speaker)) = (name, begin, duration, speaker)
        else {
            faults.push_with(|| too_few_fields(at, FORMAT, line.split_ascii_whitespace().count()));
            return;
        };
        let time = match mode {
            Mode::Strict => not_negative,
            Mode::Reference => number,
        };
        let begin = time(begin, "begin", at, &mut faults);
        let duration = time(duration, "duration", at, &mut faults);
        let recording = place(name, at, &mut faults);
        let (Some(begin), Some(duration), Some(recording)) = (begin, duration, recording) else { return };
        if recording >= recordings.len() {
            recordings.resize_with(recording + 1, Vec::new);
            speakers.resize_with(recording + 1, Speakers::default);
        }
        let speaker = speakers[recording].add(speaker);
        if speakers[recording].are_too_many() {
            faults.push_with(|| Speakers::too_many(name).at(Place::Line(at)));
        }
        let stretch = Stretch { begin, end: begin + duration };
        dropped += u64::from(stretch.is_empty());
        recordings[recording].push((stretch, speaker));
    })?;
    let in_order_of_names = |(turns, speakers): (Vec<(Stretch, u32)>, Speakers<'_>)| {
        let places = speakers.places();
        let turn = |(stretch, speaker): (Stretch, u32)| Turn { stretch, speaker: places[speaker as usize] };
        in_order(turns.into_iter().map(turn).collect())
    };
    faults.or((recordings.into_iter().zip(speakers).map(in_order_of_names).collect(), dropped))
}

/// The fault that a recording is not known.
pub(super) fn unknown(name: &str, expected: &str, line: u64) -> Fault {
    let message = format!("{} is not {expected}", quoted(name));
    Fault::whole(Code::UnknownIds, message, expected, quoted(name)).at(Place::Line(line))
}
