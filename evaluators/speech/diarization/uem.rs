//! What is evaluated of each recording, in the UEM format of NIST.

use sdk::roll::IdIndex;
use sdk::{Code, Fault, Faults, File, Limits, Place};

use super::{Cover, Stretch};
use crate::lines::{each_line, not_negative, too_few_fields};

/// What a line of the file holds.
const FORMAT: &str = "recording channel begin end";

/// Reads what is evaluated; recordings get their positions in the order of the file.
pub(super) fn read(
    file: &File<'_>,
    index: &mut IdIndex,
    names: &mut Vec<String>,
) -> Result<Vec<Cover>, Faults> {
    let mut stretches: Vec<Vec<Stretch>> = Vec::new();
    let mut faults = Faults::new();
    each_line(file, "UEM", &Limits::default(), |line, at| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [name, _channel, begin, end] = fields[..] else {
            faults.push_with(|| too_few_fields(at, FORMAT, fields.len()));
            return;
        };
        let begin = not_negative(begin, "begin", at, &mut faults);
        let end = not_negative(end, "end", at, &mut faults);
        let (Some(begin), Some(end)) = (begin, end) else { return };
        if end < begin {
            faults.push_with(|| {
                let found = format!("{begin} to {end}");
                Fault::whole(Code::OutOfRange, "it ends before it begins", "begin <= end", found)
                    .at(Place::Line(at))
            });
        }
        let position = match index.add(name) {
            Ok(position) => {
                names.push(name.to_owned());
                stretches.push(Vec::new());
                position
            }
            Err(position) => position,
        };
        stretches[position].push(Stretch { begin, end });
    })?;
    faults.or(stretches.into_iter().map(Cover::of).collect())
}
