//! What the three ways to write a row per id have in common: CSV, JSON lines with the same names, and one JSON object by id.

use crate::fault::{Code, Fault, Faults, Place};
use crate::input::File;
use crate::json::{JsonReader, Stop};
use crate::limits::Limits;
use crate::rows::CsvRows;
use crate::text::quoted;

/// The column of the ids.
pub(crate) const ID: &str = "id";

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// On a line of the file.
    Line(u64),
    /// Under its id in a JSON object.
    Key,
}

impl At {
    /// The place of the row of that id.
    pub fn place(self, id: &str) -> Place {
        match self {
            Self::Line(line) => Place::Line(line),
            Self::Key => Place::Pointer(format!("/{}", id.replace('~', "~0").replace('/', "~1"))),
        }
    }
}

/// The ways to write rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Csv,
    JsonLines,
    JsonObject,
}

impl Layout {
    /// The layout by the name of the file, and where the name does not say, by the first line.
    ///
    /// A text of several lines that begin with objects is JSON lines; so is a single object with a field called `id` beside
    /// the column, where there is a single one.
    pub(crate) fn of(file: &File<'_>, text: &str, column: Option<&str>) -> Self {
        let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "csv" => return Self::Csv,
            "jsonl" | "ndjson" => return Self::JsonLines,
            "json" => return Self::JsonObject,
            _ => {}
        }
        if !text.trim_start().starts_with('{') {
            return Self::Csv;
        }
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let (first, second) = (lines.next().unwrap_or_default(), lines.next());
        let is_row =
            first.contains("\"id\"") && column.is_none_or(|name| first.contains(&format!("\"{name}\"")));
        match (first.ends_with('}'), second) {
            (true, Some(second)) if second.starts_with('{') => Self::JsonLines,
            (true, None) if is_row => Self::JsonLines,
            _ => Self::JsonObject,
        }
    }
}

/// Records the columns that the format does not know.
pub(crate) fn refuse_other_columns(rows: &mut CsvRows<'_, '_>, known: impl Fn(&str) -> bool) {
    let unknown: Vec<String> = rows.columns().iter().filter(|name| !known(name)).cloned().collect();
    for name in unknown {
        let message = format!("the format does not know the column {}", quoted(&name));
        let fault = Fault::whole(Code::UnexpectedColumn, message, "the columns of the format", quoted(&name));
        rows.fault(fault.at(Place::Line(1)));
    }
}

/// Records that the format does not know the field at hand, and passes over its value.
pub(crate) fn unknown_field(reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
    reader.fault(
        Code::UnknownField,
        "the format does not know this field",
        "a field of the format",
        "another one",
    );
    reader.skip()
}

/// Reads one JSON object by id: calls `row` with every id, at its value.
pub(crate) fn each_key<'a>(
    bytes: &'a [u8],
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&mut JsonReader<'a, '_>, &str, &mut Faults) -> Result<(), Stop>,
) -> Result<(), Faults> {
    let read = JsonReader::read(bytes, limits, |reader| reader.object(|reader, id| row(reader, id, faults)));
    let Err(found) = read else { return Ok(()) };
    // Behind what is no JSON nothing was read, and so nothing is missing.
    let is_broken = |fault: &Fault| {
        matches!(fault.code, Code::InvalidJson | Code::TooDeep | Code::TooLarge | Code::Timeout)
    };
    let broken = found.faults.iter().any(is_broken);
    faults.extend(found);
    if broken { Err(std::mem::take(faults)) } else { Ok(()) }
}

/// Reads one JSON value per line; a fault inside a line is of the line, and its message names the field.
pub fn each_line<'a>(
    text: &'a str,
    limits: &Limits,
    faults: &mut Faults,
    mut read: impl FnMut(&mut JsonReader<'a, '_>, u64, &mut Faults) -> Result<(), Stop>,
) -> Result<(), Faults> {
    for (number, line) in (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        if number.is_multiple_of(4096) {
            limits.check()?;
        }
        if number > limits.records {
            let most = format!("at most {} lines", limits.records);
            let fault = Fault::whole(Code::TooLarge, "the file has too many lines", most, "more");
            return Err(Faults::one(fault.at(Place::Line(number))));
        }
        if let Err(mut found) =
            JsonReader::read(line.as_bytes(), limits, |reader| read(reader, number, faults))
        {
            for fault in &mut found.faults {
                if let Place::Pointer(pointer) = &fault.place
                    && !pointer.is_empty()
                {
                    fault.message = format!("{pointer}: {}", fault.message);
                }
                fault.place = Place::Line(number);
            }
            faults.extend(found);
        }
    }
    Ok(())
}
