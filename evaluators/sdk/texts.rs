//! Texts by id, in the three ways to write them: CSV, JSON lines with the same names, and one JSON object by id.

use std::borrow::Cow;

use crate::fault::{Code, Faults};
use crate::input::File;
use crate::json::{JsonReader, Read, Stop};
use crate::limits::Limits;
use crate::rows::CsvRows;
use crate::sheet::{At, ID, Layout, each_key, each_line, refuse_other_columns, unknown_field};
use crate::text::open_text;

/// What separates the labels of one cell.
const SEPARATOR: char = '|';

/// What an id has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    /// One text.
    One,
    /// A list of texts in JSON; a single one in CSV, or as a bare string.
    Several,
    /// One label: a text, or in JSON also a number or a truth value, as it is written.
    Label,
    /// Any number of labels: `a|b`, or a list in JSON.
    Labels,
    /// Nothing that is looked at: ids alone, where the truth is left out; any other column or field may stand there.
    Nothing,
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
    let told_by = (how_many != HowMany::Nothing).then_some(column);
    match Layout::of(file, text, told_by) {
        Layout::Csv => read_csv(&file.bytes, column, how_many, limits, faults, row),
        Layout::JsonLines => {
            let mut texts = Vec::new();
            each_line(text, limits, faults, |reader, line, faults| {
                if let Some(id) = json_row(reader, column, how_many, &mut texts)? {
                    row((&id, &texts, At::Line(line)), faults);
                }
                Ok(())
            })
        }
        Layout::JsonObject => {
            let mut texts = Vec::new();
            each_key(&file.bytes, limits, faults, |reader, id, faults| {
                if json_texts(reader, how_many, &mut texts)?.is_some() {
                    row((id, &texts, At::Key), faults);
                }
                Ok(())
            })
        }
    }
}

fn read_csv(
    bytes: &[u8],
    column: &str,
    how_many: HowMany,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(Row<'_>, &mut Faults),
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    if how_many == HowMany::Nothing {
        let Some(id) = rows.require(ID) else { return Err(rows.into_faults()) };
        while let Some(record) = rows.next_row()? {
            row((record.cell(id), &[], At::Line(record.line())), faults);
        }
        faults.extend(rows.into_faults());
        return Ok(());
    }
    let (id, text) = (rows.require(ID), rows.require(column));
    refuse_other_columns(&mut rows, |name| name == ID || name == column);
    let (Some(id), Some(text)) = (id, text) else { return Err(rows.into_faults()) };
    while let Some(record) = rows.next_row()? {
        let (id, text, at) = (record.cell(id), record.cell(text), At::Line(record.line()));
        if how_many == HowMany::Labels {
            let labels: Vec<Cow<'_, str>> = labels(text).map(Cow::Borrowed).collect();
            row((id, &labels, at), faults);
        } else {
            row((id, &[Cow::Borrowed(text)], at), faults);
        }
    }
    faults.extend(rows.into_faults());
    Ok(())
}

fn labels(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATOR).map(str::trim).filter(|label| !label.is_empty())
}

/// The id of a row whose texts are put into `texts`.
fn json_row<'a>(
    reader: &mut JsonReader<'a, '_>,
    column: &str,
    how_many: HowMany,
    texts: &mut Vec<Cow<'a, str>>,
) -> Read<Cow<'a, str>> {
    let (mut id, mut read) = (crate::Slot::default(), crate::Slot::default());
    let object = reader.object(|reader, key| {
        match &**key {
            ID => id.put(reader.string()?),
            _ if how_many == HowMany::Nothing => reader.skip()?,
            name if name == column => read.put(json_texts(reader, how_many, texts)?),
            _ => unknown_field(reader)?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(None);
    }
    let id = id.require(ID, reader);
    let read = if how_many == HowMany::Nothing { Some(()) } else { read.require(column, reader) };
    Ok(id.filter(|_| read.is_some()))
}

/// Puts the texts of a value into `texts`, in place of what is there.
fn json_texts<'a>(
    reader: &mut JsonReader<'a, '_>,
    how_many: HowMany,
    texts: &mut Vec<Cow<'a, str>>,
) -> Read<()> {
    texts.clear();
    if matches!(how_many, HowMany::Several | HowMany::Labels) && reader.at_array()? {
        let mut right = true;
        reader.array(|reader, _| {
            match reader.string()? {
                Some(text) => texts.push(text),
                None => right = false,
            }
            Ok(())
        })?;
        return Ok(right.then_some(()));
    }
    let text = match how_many {
        HowMany::Nothing => return reader.skip().map(Some),
        HowMany::One | HowMany::Several => reader.string()?,
        HowMany::Label | HowMany::Labels => json_label(reader)?,
    };
    let Some(text) = text else { return Ok(None) };
    match how_many {
        HowMany::Labels => texts.extend(labels(&text).map(|label| Cow::Owned(label.to_owned()))),
        _ => texts.push(text),
    }
    Ok(Some(()))
}

fn json_label<'a>(reader: &mut JsonReader<'a, '_>) -> Result<Option<Cow<'a, str>>, Stop> {
    if reader.null()? {
        reader.fault(Code::WrongType, "a label is wanted here", "a label", "null");
        return Ok(None);
    }
    if reader.at_string()? {
        return reader.string();
    }
    Ok(reader.literal()?.map(Cow::Borrowed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Place;

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
    fn labels_may_be_numbers_in_json_and_several_in_a_cell() {
        let labels = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let one = read(
            "t.jsonl",
            "{\"id\": \"a\", \"text\": 1.50}\n{\"id\": \"b\", \"text\": null}\n",
            HowMany::Label,
        );
        assert_eq!(one.0, [("a".to_owned(), labels(&["1.50"]))]);
        assert_eq!(one.1, [(Code::WrongType, Place::Line(2))]);
        for (name, text) in
            [("t.csv", "id,text\na,x| y|\nb,\n"), ("t.json", "{\"a\": [\"x\", \"y\"], \"b\": \"\"}")]
        {
            let many = read(name, text, HowMany::Labels);
            assert_eq!(
                many.0,
                [("a".to_owned(), labels(&["x", "y"])), ("b".to_owned(), labels(&[]))],
                "{name}"
            );
        }
    }

    #[test]
    fn where_the_truth_is_left_out_only_ids_are_read() {
        let expected: Texts = ["a", "b"].map(|id| (id.to_owned(), Vec::new())).into();
        for (name, text) in [
            ("t.csv", "frame,id\n1,a\n2,b\n"),
            ("t.jsonl", "{\"id\": \"a\", \"frame\": 1}\n{\"id\": \"b\", \"text\": null}\n"),
            ("upload", "{\"id\": \"a\"}\n{\"id\": \"b\"}\n"),
            ("t.json", "{\"a\": {}, \"b\": [1]}"),
        ] {
            assert_eq!(read(name, text, HowMany::Nothing), (expected.clone(), Vec::new()), "{name}: {text}");
        }
        let without_ids = read("t.jsonl", "{\"frame\": 1}\n", HowMany::Nothing);
        assert_eq!(without_ids, (Vec::new(), vec![(Code::MissingField, Place::Line(1))]));
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
