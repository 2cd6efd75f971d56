//! Text files of one record per line, with fields between blanks: TRN, STM, CTM, RTTM and UEM.

use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, File, Limits, Place};

/// Calls `read` with every line that is neither empty nor a comment (`;;`), and its number.
pub(crate) fn each_line<'f>(
    file: &'f File<'_>,
    wanted: &str,
    limits: &Limits,
    mut read: impl FnMut(&'f str, u64),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, wanted)?;
    for (number, line) in (1..).zip(text.lines()) {
        if number % 4096 == 0 {
            limits.check()?;
        }
        if number > limits.records {
            let most = format!("at most {} lines", limits.records);
            let fault = Fault::whole(Code::TooLarge, "the file has too many lines", most, "more");
            return Err(Faults::one(fault.at(Place::Line(number))));
        }
        if !(line.trim_ascii().is_empty() || line.starts_with(";;")) {
            read(line, number);
        }
    }
    Ok(())
}

/// The finite number in a field of a line; anything else is a fault.
pub(crate) fn number(text: &str, name: &str, line: u64, faults: &mut Faults) -> Option<f64> {
    match sdk::rows::finite_number(text) {
        Ok(number) => Some(number),
        Err(code) => {
            faults.push_with(|| {
                let message = format!("the {name} is not a finite number");
                Fault::whole(code, message, "a finite number of seconds", quoted(text)).at(Place::Line(line))
            });
            None
        }
    }
}

/// A number that must not be negative.
pub(crate) fn not_negative(text: &str, name: &str, line: u64, faults: &mut Faults) -> Option<f64> {
    let number = number(text, name, line, faults)?;
    if number >= 0.0 {
        return Some(number);
    }
    faults.push_with(|| {
        let message = format!("the {name} is negative");
        Fault::whole(Code::OutOfRange, message, "at least 0", quoted(text)).at(Place::Line(line))
    });
    None
}

/// The fault that a line has too few fields.
pub(crate) fn too_few_fields(line: u64, format: &str, found: usize) -> Fault {
    let message = format!("the line has {found} fields");
    Fault::whole(Code::WrongShape, message, format, format!("{found} fields")).at(Place::Line(line))
}

/// Cuts the first field off a line.
pub(crate) fn cut_field(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_ascii_start();
    if line.is_empty() {
        return None;
    }
    Some(match line.find(|character: char| character.is_ascii_whitespace()) {
        Some(end) => line.split_at(end),
        None => (line, ""),
    })
}
