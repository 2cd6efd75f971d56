//! The three ways to write a row per id: CSV, JSON lines with the same names, and one JSON object by id.

use std::borrow::Cow;
use std::collections::HashMap;

use sdk::rows::{CsvRows, finite_number};
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, File, JsonReader, Limits, Place, Stop};

/// The column of the ids.
const ID: &str = "id";

/// What separates the labels of one cell.
const SEPARATOR: char = '|';

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// On a line of the file.
    Line(u64),
    /// Under its id in a JSON object.
    Key,
}

impl At {
    /// The place of the row of that id.
    pub(crate) fn place(self, id: &str) -> Place {
        match self {
            Self::Line(line) => Place::Line(line),
            Self::Key => Place::Pointer(format!("/{}", id.replace('~', "~0").replace('/', "~1"))),
        }
    }
}

/// How many texts a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// One text.
    One,
    /// Any number of texts: `a|b` or a JSON list.
    Many,
}

/// The ways to write rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Csv,
    JsonLines,
    JsonMap,
}

/// The layout by the name of the file, and where the name does not say, by the first line.
///
/// A text of several lines that begin with objects is JSON lines; so is a single object with a string called `id`
/// beside the column.
fn layout(file: &File<'_>, text: &str, column: Option<&str>) -> Layout {
    let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "csv" => return Layout::Csv,
        "jsonl" | "ndjson" => return Layout::JsonLines,
        "json" => return Layout::JsonMap,
        _ => {}
    }
    if !text.trim_start().starts_with('{') {
        return Layout::Csv;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next());
    let says_id =
        first.contains("\"id\"") && column.is_none_or(|name| first.contains(&format!("\"{name}\"")));
    match (first.ends_with('}'), second) {
        (true, Some(second)) if second.starts_with('{') => Layout::JsonLines,
        (true, None) if says_id => Layout::JsonLines,
        _ => Layout::JsonMap,
    }
}

/// Reads the texts of one column: calls `row` with the id, the texts and the place of every row.
pub(crate) fn read_texts(
    file: &File<'_>,
    column: &str,
    cell: Cell,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&str, &[&str], At, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, "CSV or JSON")?;
    match layout(file, text, Some(column)) {
        Layout::Csv => {
            let mut rows = CsvRows::open(&file.bytes, limits)?;
            let (id, value) = (rows.require(ID), rows.require(column));
            refuse_other_columns(&mut rows, |name| name == ID || name == column);
            let (Some(id), Some(value)) = (id, value) else { return Err(rows.into_faults()) };
            while let Some(record) = rows.next_row()? {
                let at = At::Line(record.line());
                match cell {
                    Cell::One => row(record.cell(id), &[record.cell(value)], at, faults),
                    Cell::Many => {
                        let texts = record.cell(value).split(SEPARATOR).map(str::trim);
                        let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
                        row(record.cell(id), &texts, at, faults);
                    }
                }
            }
            faults.extend(rows.into_faults());
            Ok(())
        }
        Layout::JsonLines => each_line(text, limits, faults, |reader, at, faults| {
            let (mut id, mut texts) = (None, None);
            let mut seen = [false; 2];
            reader.object(|reader, key| {
                match &**key {
                    ID => {
                        seen[0] = true;
                        id = reader.string()?;
                    }
                    name if name == column => {
                        seen[1] = true;
                        texts = json_texts(reader, cell)?;
                    }
                    _ => unknown_field(reader)?,
                }
                Ok(())
            })?;
            for (name, _) in [ID, column].iter().zip(seen).filter(|(_, seen)| !seen) {
                reader.missing_field(name);
            }
            if let (Some(id), Some(texts)) = (id, texts) {
                row(&id, &borrowed(&texts), at, faults);
            }
            Ok(())
        }),
        Layout::JsonMap => whole(&file.bytes, limits, faults, |reader, faults| {
            reader.object(|reader, id| {
                if let Some(texts) = json_texts(reader, cell)? {
                    row(id, &borrowed(&texts), At::Key, faults);
                }
                Ok(())
            })
        }),
    }
}

/// The columns of numbers that a file must have, in the order in which rows are handed on.
#[derive(Debug)]
pub(crate) struct Columns<'n> {
    names: &'n [String],
    positions: HashMap<&'n str, usize>,
    /// Whether the JSON object by id holds a bare number, and not an object of them.
    bare: bool,
}

impl<'n> Columns<'n> {
    /// A column per class.
    pub(crate) fn of_classes(names: &'n [String]) -> Self {
        let positions = names.iter().enumerate().map(|(position, name)| (name.as_str(), position));
        Self { names, positions: positions.collect(), bare: false }
    }

    /// A single column.
    pub(crate) fn single(name: &'n String) -> Self {
        Self { bare: true, ..Self::of_classes(std::slice::from_ref(name)) }
    }
}

/// Reads columns of numbers: calls `row` with the id, the numbers (if all are right) and the place of every row.
pub(crate) fn read_numbers(
    file: &File<'_>,
    columns: &Columns<'_>,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&str, Option<&[f64]>, At, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, "CSV or JSON")?;
    let mut numbers = vec![0.0; columns.names.len()];
    match layout(file, text, columns.bare.then(|| columns.names[0].as_str())) {
        Layout::Csv => {
            let mut rows = CsvRows::open(&file.bytes, limits)?;
            let id = rows.require(ID);
            let places: Vec<Option<usize>> = columns.names.iter().map(|name| rows.require(name)).collect();
            refuse_other_columns(&mut rows, |name| name == ID || columns.positions.contains_key(name));
            let places: Option<Vec<usize>> = places.into_iter().collect();
            let (Some(id), Some(places)) = (id, places) else { return Err(rows.into_faults()) };
            while let Some(record) = rows.next_row()? {
                let at = At::Line(record.line());
                let mut right = true;
                for ((number, name), place) in numbers.iter_mut().zip(columns.names).zip(&places) {
                    match finite_number(record.cell(*place)) {
                        Ok(read) => *number = read,
                        Err(code) => {
                            right = false;
                            let found = record.cell(*place);
                            faults.push_with(|| {
                                wrong_number(code, name, record.cell(id), found).at(at.place(record.cell(id)))
                            });
                        }
                    }
                }
                row(record.cell(id), right.then_some(&numbers), at, faults);
            }
            faults.extend(rows.into_faults());
            Ok(())
        }
        Layout::JsonLines => each_line(text, limits, faults, |reader, at, faults| {
            let (mut id, mut id_seen) = (None, false);
            let right = json_numbers(reader, columns, &mut numbers, |reader| {
                id_seen = true;
                id = reader.string()?;
                Ok(())
            })?;
            if !id_seen {
                reader.missing_field(ID);
            }
            if let Some(id) = id {
                row(&id, right.then_some(&numbers), at, faults);
            }
            Ok(())
        }),
        Layout::JsonMap => whole(&file.bytes, limits, faults, |reader, faults| {
            reader.object(|reader, id| {
                let right = if columns.bare {
                    let number = reader.number()?;
                    numbers[0] = number.unwrap_or_default();
                    number.is_some()
                } else {
                    json_numbers(reader, columns, &mut numbers, unknown_field)?
                };
                row(id, right.then_some(&numbers), At::Key, faults);
                Ok(())
            })
        }),
    }
}

/// Reads an object of numbers, with `id` read by the caller; tells whether every column has a right number.
fn json_numbers<'a>(
    reader: &mut JsonReader<'a, '_>,
    columns: &Columns<'_>,
    numbers: &mut [f64],
    mut read_id: impl FnMut(&mut JsonReader<'a, '_>) -> Result<(), Stop>,
) -> Result<bool, Stop> {
    numbers.fill(f64::NAN);
    let mut missing: Vec<bool> = vec![true; numbers.len()];
    let object = reader.object(|reader, key| match columns.positions.get(&**key) {
        Some(position) => {
            missing[*position] = false;
            if let Some(number) = reader.number()? {
                numbers[*position] = number;
            }
            Ok(())
        }
        None if &**key == ID => read_id(reader),
        None => unknown_field(reader),
    })?;
    if object.is_none() {
        return Ok(false);
    }
    for (name, _) in columns.names.iter().zip(&missing).filter(|(_, missing)| **missing) {
        reader.missing_field(name);
    }
    Ok(numbers.iter().all(|number| number.is_finite()))
}

fn json_texts<'a>(reader: &mut JsonReader<'a, '_>, cell: Cell) -> Result<Option<Vec<Cow<'a, str>>>, Stop> {
    if cell == Cell::Many && reader.at_array()? {
        let mut texts = Vec::new();
        let mut right = true;
        reader.array(|reader, _| {
            match reader.string()? {
                Some(text) => texts.push(text),
                None => right = false,
            }
            Ok(())
        })?;
        return Ok(right.then_some(texts));
    }
    if reader.null()? {
        reader.fault(Code::WrongType, "a label is wanted here", "a label", "null");
        return Ok(None);
    }
    let text = if reader.at_string()? { reader.string()? } else { reader.literal()?.map(Cow::Borrowed) };
    Ok(text.map(|text| match cell {
        Cell::One => vec![text],
        Cell::Many => {
            let parts = text.split(SEPARATOR).map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| Cow::Owned(part.to_owned())).collect()
        }
    }))
}

fn borrowed<'t>(texts: &'t [Cow<'_, str>]) -> Vec<&'t str> {
    texts.iter().map(|text| &**text).collect()
}

fn unknown_field(reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
    reader.fault(
        Code::UnknownField,
        "the format does not know this field",
        "a field of the format",
        "another one",
    );
    reader.skip()
}

fn refuse_other_columns(rows: &mut CsvRows<'_, '_>, known: impl Fn(&str) -> bool) {
    let unknown: Vec<String> = rows.columns().iter().filter(|name| !known(name)).cloned().collect();
    for name in unknown {
        let message = format!("the format does not know the column {}", quoted(&name));
        let fault = Fault::whole(Code::UnexpectedColumn, message, "the columns of the format", quoted(&name));
        rows.fault(fault.at(Place::Line(1)));
    }
}

fn wrong_number(code: Code, column: &str, id: &str, found: &str) -> Fault {
    let message = format!("the value of {} of the id {} is not a finite number", quoted(column), quoted(id));
    Fault::whole(code, message, "a finite number", quoted(found))
}

/// Reads one JSON text; its faults join the others.
fn whole<'a, T>(
    bytes: &'a [u8],
    limits: &Limits,
    faults: &mut Faults,
    read: impl FnOnce(&mut JsonReader<'a, '_>, &mut Faults) -> Result<T, Stop>,
) -> Result<(), Faults> {
    if let Err(found) = JsonReader::read(bytes, limits, |reader| read(reader, faults)) {
        faults.extend(found);
    }
    Ok(())
}

/// Reads one JSON object per line; a fault inside a line is of the line, and its message names the field.
fn each_line<'a>(
    text: &'a str,
    limits: &Limits,
    faults: &mut Faults,
    mut read: impl FnMut(&mut JsonReader<'a, '_>, At, &mut Faults) -> Result<(), Stop>,
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
        let outcome =
            JsonReader::read(line.as_bytes(), limits, |reader| read(reader, At::Line(number), faults));
        if let Err(mut found) = outcome {
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
