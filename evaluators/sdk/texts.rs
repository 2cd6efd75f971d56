//! Texts by id, in the three ways to write them: CSV, JSON lines with the same names, and one JSON object by id.

use std::borrow::Cow;

use crate::fault::{Code, Fault, Faults, Place};
use crate::input::File;
use crate::json::{JsonReader, Stop};
use crate::limits::Limits;
use crate::rows::CsvRows;
use crate::text::{open_text, quoted};

/// The column of the ids.
const ID: &str = "id";

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

/// How many texts an id has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// One text.
    One,
    /// A list of texts in JSON; a single one in CSV, or as a bare string.
    Several,
}

/// The texts of a row: the id, the texts, the place.
pub type Row<'r> = (&'r str, &'r [Cow<'r, str>], At);

/// Reads a table of ids and texts, in which the texts stand in the column or field of that name.
///
/// The name of the file says how it is written (`.csv`, `.jsonl` or `.ndjson`, `.json`); without such an ending the
/// content does. A text is taken as it stands, blanks included. Rows with faults are not handed on.
pub fn read_texts(
    file: &File<'_>,
    column: &str,
    how_many: HowMany,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(Row<'_>, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, "CSV or JSON")?;
    match Layout::of(file, text, column) {
        Layout::Csv => read_csv(&file.bytes, column, limits, faults, row),
        Layout::JsonLines => each_line(text, limits, faults, |reader, line, faults| {
            let Some((id, texts)) = json_row(reader, column, how_many)? else { return Ok(()) };
            row((&id, &texts, At::Line(line)), faults);
            Ok(())
        }),
        Layout::JsonObject => {
            let read = JsonReader::read(&file.bytes, limits, |reader| {
                reader.object(|reader, id| {
                    if let Some(texts) = json_texts(reader, how_many)? {
                        row((id, &texts, At::Key), faults);
                    }
                    Ok(())
                })
            });
            let Err(found) = read else { return Ok(()) };
            // Behind what is no JSON nothing was read, and so nothing is missing.
            let is_broken = |fault: &Fault| {
                matches!(fault.code, Code::InvalidJson | Code::TooDeep | Code::TooLarge | Code::Timeout)
            };
            let broken = found.faults.iter().any(is_broken);
            faults.extend(found);
            if broken { Err(std::mem::take(faults)) } else { Ok(()) }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Csv,
    JsonLines,
    JsonObject,
}

impl Layout {
    fn of(file: &File<'_>, text: &str, column: &str) -> Self {
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
        let is_row = first.contains("\"id\"") && first.contains(&format!("\"{column}\""));
        match (first.ends_with('}'), second) {
            (true, Some(second)) if second.starts_with('{') => Self::JsonLines,
            (true, None) if is_row => Self::JsonLines,
            _ => Self::JsonObject,
        }
    }
}

fn read_csv(
    bytes: &[u8],
    column: &str,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(Row<'_>, &mut Faults),
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let (id, text) = (rows.require(ID), rows.require(column));
    let unknown: Vec<String> =
        rows.columns().iter().filter(|name| *name != ID && *name != column).cloned().collect();
    for name in unknown {
        let message = format!("the format does not know the column {}", quoted(&name));
        let fault = Fault::whole(Code::UnexpectedColumn, message, "the columns of the format", quoted(&name));
        rows.fault(fault.at(Place::Line(1)));
    }
    let (Some(id), Some(text)) = (id, text) else { return Err(rows.into_faults()) };
    while let Some(record) = rows.next_row()? {
        let texts = [Cow::Borrowed(record.cell(text))];
        row((record.cell(id), &texts, At::Line(record.line())), faults);
    }
    faults.extend(rows.into_faults());
    Ok(())
}

type JsonRow<'a> = (Cow<'a, str>, Vec<Cow<'a, str>>);

fn json_row<'a>(
    reader: &mut JsonReader<'a, '_>,
    column: &str,
    how_many: HowMany,
) -> Result<Option<JsonRow<'a>>, Stop> {
    let (mut id, mut texts) = (crate::Slot::default(), crate::Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            ID => id.put(reader.string()?),
            name if name == column => texts.put(json_texts(reader, how_many)?),
            _ => {
                reader.fault(
                    Code::UnknownField,
                    "the format does not know this field",
                    "a field of the format",
                    "another one",
                );
                reader.skip()?;
            }
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let (id, texts) = (id.require(ID, reader), texts.require(column, reader));
    Ok(id.zip(texts))
}

fn json_texts<'a>(
    reader: &mut JsonReader<'a, '_>,
    how_many: HowMany,
) -> Result<Option<Vec<Cow<'a, str>>>, Stop> {
    if how_many == HowMany::One || !reader.at_array()? {
        return Ok(reader.string()?.map(|text| vec![text]));
    }
    let mut texts = Vec::new();
    let mut right = true;
    reader.array(|reader, _| {
        match reader.string()? {
            Some(text) => texts.push(text),
            None => right = false,
        }
        Ok(())
    })?;
    Ok(right.then_some(texts))
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

#[cfg(test)]
mod tests {
    use super::*;

    type Texts = Vec<(String, Vec<String>)>;

    fn read(name: &str, text: &str, how_many: HowMany) -> (Texts, Vec<(Code, Place)>) {
        let file = File { name: name.into(), bytes: text.as_bytes().into() };
        let (mut rows, mut faults) = (Vec::new(), Faults::new());
        let outcome =
            read_texts(&file, "text", how_many, &Limits::default(), &mut faults, |(id, texts, _), _| {
                rows.push((id.to_owned(), texts.iter().map(ToString::to_string).collect()));
            });
        if let Err(found) = outcome {
            faults.extend(found);
        }
        (rows, faults.faults.into_iter().map(|fault| (fault.code, fault.place)).collect())
    }

    #[test]
    fn three_ways_to_write_say_the_same() {
        let expected: Texts = vec![("a".into(), vec![" x, y ".into()]), ("b".into(), vec![String::new()])];
        for (name, text) in [
            ("t.csv", "id,text\na,\" x, y \"\nb,\n"),
            ("upload", "id,text\na,\" x, y \"\nb,\n"),
            ("t.jsonl", "{\"id\": \"a\", \"text\": \" x, y \"}\n\n{\"text\": \"\", \"id\": \"b\"}\n"),
            ("upload", "{\"id\": \"a\", \"text\": \" x, y \"}\n{\"text\": \"\", \"id\": \"b\"}\n"),
            ("t.json", "{\"a\": \" x, y \", \"b\": \"\"}"),
            ("upload", "{\"a\": \" x, y \",\n \"b\": \"\"}"),
        ] {
            assert_eq!(read(name, text, HowMany::One), (expected.clone(), Vec::new()), "{name}: {text}");
        }
    }

    #[test]
    fn several_texts_are_a_list() {
        let text = "{\"id\": \"a\", \"text\": [\"x\", \"y\"]}\n{\"id\": \"b\", \"text\": \"z\"}\n";
        let (rows, faults) = read("t.jsonl", text, HowMany::Several);
        assert_eq!(rows[0].1, ["x", "y"]);
        assert_eq!((rows[1].1.as_slice(), faults.len()), (&["z".to_owned()][..], 0));
        assert_eq!(read("t.jsonl", text, HowMany::One).1, [(Code::WrongType, Place::Line(1))]);
    }

    #[test]
    fn faults_have_their_places() {
        let lines = "{\"id\": \"a\"}\n[1]\n{\"id\": 1, \"text\": \"x\"}\n{\"id\": \"a\", \"text\": \"x\", \"y\": 1}\nx\n";
        let codes =
            [Code::MissingField, Code::WrongType, Code::WrongType, Code::UnknownField, Code::InvalidJson];
        let expected: Vec<_> =
            codes.into_iter().zip(1..).map(|(code, line)| (code, Place::Line(line))).collect();
        assert_eq!(read("t.jsonl", lines, HowMany::One).1, expected);
        let object = read("t.json", "{\"a/b\": null, \"c\": \"\"}", HowMany::One);
        assert_eq!(object.1, [(Code::WrongType, Place::Pointer("/a~1b".into()))]);
        let broken = read("t.json", "{\"a\": 1, \"b\"", HowMany::One);
        assert_eq!(
            broken.1.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            [Code::WrongType, Code::InvalidJson]
        );
        let table = read("t.csv", "id,words\na,x\n", HowMany::One);
        assert_eq!(table.1.len(), 2);
    }
}
