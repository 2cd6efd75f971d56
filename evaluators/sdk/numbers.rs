//! Numbers by id, in the three ways to write them: CSV, JSON lines with the same names, and one JSON object by id.

use std::collections::HashMap;

use crate::fault::{Code, Fault, Faults};
use crate::input::File;
use crate::json::{JsonReader, Stop};
use crate::limits::Limits;
use crate::rows::{CsvRows, finite_number};
use crate::sheet::{At, ID, Layout, each_key, each_line, refuse_other_columns, unknown_field};
use crate::text::{open_text, quoted};

/// The columns of numbers that a file must have, in the order in which rows are handed on.
#[derive(Debug)]
pub struct Columns<'n> {
    names: &'n [String],
    positions: HashMap<&'n str, usize>,
    /// Whether the JSON object by id holds a bare number, and not an object of them.
    bare: bool,
}

impl<'n> Columns<'n> {
    /// A column per name; the JSON object by id holds an object for every id.
    pub fn of(names: &'n [String]) -> Self {
        let positions = names.iter().enumerate().map(|(position, name)| (name.as_str(), position));
        Self { names, positions: positions.collect(), bare: false }
    }

    /// A single column; the JSON object by id holds a number for every id.
    pub fn single(name: &'n String) -> Self {
        Self { bare: true, ..Self::of(std::slice::from_ref(name)) }
    }
}

/// Reads columns of numbers: calls `row` with the id, the numbers (if all are right) and the place of every row.
///
/// The name of the file says how it is written (`.csv`, `.jsonl` or `.ndjson`, `.json`); without such an ending the
/// content does.
pub fn read_numbers(
    file: &File<'_>,
    columns: &Columns<'_>,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&str, Option<&[f64]>, At, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, "CSV or JSON")?;
    let mut numbers = vec![0.0; columns.names.len()];
    match Layout::of(file, text, columns.bare.then(|| columns.names[0].as_str())) {
        Layout::Csv => read_csv(&file.bytes, columns, limits, faults, row),
        Layout::JsonLines => each_line(text, limits, faults, |reader, line, faults| {
            let mut id = crate::Slot::default();
            let right = json_numbers(reader, columns, &mut numbers, |reader| {
                id.put(reader.string()?);
                Ok(())
            })?;
            if let Some(right) = right
                && let Some(id) = id.require(ID, reader)
            {
                row(&id, right.then_some(&numbers), At::Line(line), faults);
            }
            Ok(())
        }),
        Layout::JsonObject => each_key(&file.bytes, limits, faults, |reader, id, faults| {
            let right = if columns.bare {
                let number = reader.number()?;
                numbers[0] = number.unwrap_or_default();
                number.is_some()
            } else {
                json_numbers(reader, columns, &mut numbers, unknown_field)?.unwrap_or(false)
            };
            row(id, right.then_some(&numbers), At::Key, faults);
            Ok(())
        }),
    }
}

fn read_csv(
    bytes: &[u8],
    columns: &Columns<'_>,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&str, Option<&[f64]>, At, &mut Faults),
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let id = rows.require(ID);
    let places: Vec<Option<usize>> = columns.names.iter().map(|name| rows.require(name)).collect();
    refuse_other_columns(&mut rows, |name| name == ID || columns.positions.contains_key(name));
    let places: Option<Vec<usize>> = places.into_iter().collect();
    let (Some(id), Some(places)) = (id, places) else { return Err(rows.into_faults()) };
    let mut numbers = vec![0.0; places.len()];
    while let Some(record) = rows.next_row()? {
        let (id, at) = (record.cell(id), At::Line(record.line()));
        let mut right = true;
        for ((number, name), place) in numbers.iter_mut().zip(columns.names).zip(&places) {
            let cell = record.cell(*place);
            match finite_number(cell) {
                Ok(read) => *number = read,
                Err(code) => {
                    right = false;
                    faults.push_with(|| wrong_number(code, name, id, cell).at(at.place(id)));
                }
            }
        }
        row(id, right.then_some(&numbers), at, faults);
    }
    faults.extend(rows.into_faults());
    Ok(())
}

/// Reads an object of numbers, with `id` read by the caller: whether every column has a right number; nothing where no object
/// stands.
fn json_numbers<'a>(
    reader: &mut JsonReader<'a, '_>,
    columns: &Columns<'_>,
    numbers: &mut [f64],
    mut read_id: impl FnMut(&mut JsonReader<'a, '_>) -> Result<(), Stop>,
) -> Result<Option<bool>, Stop> {
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
        return Ok(None);
    }
    for (name, _) in columns.names.iter().zip(&missing).filter(|(_, missing)| **missing) {
        reader.missing_field(name);
    }
    Ok(Some(numbers.iter().all(|number| number.is_finite())))
}

fn wrong_number(code: Code, column: &str, id: &str, found: &str) -> Fault {
    let message = format!("the value of {} of the id {} is not a finite number", quoted(column), quoted(id));
    Fault::whole(code, message, "a finite number", quoted(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Place;

    type Rows = Vec<(String, Option<Vec<f64>>)>;

    fn read(name: &str, text: &str, columns: &Columns<'_>) -> (Rows, Vec<(Code, Place)>) {
        let file = File { name: name.into(), bytes: text.as_bytes().into() };
        let (mut rows, mut faults) = (Vec::new(), Faults::new());
        let outcome = read_numbers(&file, columns, &Limits::default(), &mut faults, |id, numbers, _, _| {
            rows.push((id.to_owned(), numbers.map(<[f64]>::to_vec)));
        });
        if let Err(found) = outcome {
            faults.extend(found);
        }
        (rows, faults.faults.into_iter().map(|fault| (fault.code, fault.place)).collect())
    }

    #[test]
    fn three_ways_to_write_say_the_same() {
        let names = ["x".to_owned(), "y".to_owned()];
        let expected: Rows = vec![("a".into(), Some(vec![1.0, 2.5])), ("b".into(), Some(vec![-1.0, 0.0]))];
        for (name, text) in [
            ("t.csv", "id,y,x\na,2.5,1\nb,0, -1\n"),
            ("upload", "y,id,x\n2.5,a,1\n0,b,-1\n"),
            ("t.jsonl", "{\"id\": \"a\", \"x\": 1, \"y\": 2.5}\n\n{\"y\": 0, \"x\": -1, \"id\": \"b\"}\n"),
            ("upload", "{\"id\": \"a\", \"x\": 1, \"y\": 2.5}\n{\"y\": 0, \"x\": -1, \"id\": \"b\"}\n"),
            ("t.json", "{\"a\": {\"x\": 1, \"y\": 2.5}, \"b\": {\"y\": 0, \"x\": -1}}"),
        ] {
            assert_eq!(read(name, text, &Columns::of(&names)), (expected.clone(), Vec::new()), "{text}");
        }
        let bare = read("t", "{\"a\": 1, \"b\": 2}", &Columns::single(&names[0]));
        assert_eq!(bare.0, [("a".to_owned(), Some(vec![1.0])), ("b".to_owned(), Some(vec![2.0]))]);
    }

    #[test]
    fn a_row_with_a_wrong_number_is_handed_on_without_numbers() {
        let name = "x".to_owned();
        let columns = Columns::single(&name);
        let table = read("t.csv", "id,x\na,nan\nb,1\nc,\n", &columns);
        assert_eq!(table.0[0], ("a".to_owned(), None));
        assert_eq!(table.1, [(Code::NotFinite, Place::Line(2)), (Code::NotANumber, Place::Line(4))]);
        let lines =
            read("t.jsonl", "{\"id\": \"a\", \"x\": \"1\"}\n{\"id\": \"b\"}\n[1]\n{\"x\": 1}\n", &columns);
        assert_eq!(lines.0, [("a".to_owned(), None), ("b".to_owned(), None)]);
        let codes = [Code::NotANumber, Code::MissingField, Code::WrongType, Code::MissingField];
        let expected: Vec<_> = codes.into_iter().zip((1..).map(Place::Line)).collect();
        assert_eq!(lines.1, expected);
        let broken = read("t.json", "{\"a\": true, \"b\"", &columns);
        assert_eq!(
            broken.1.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            [Code::NotANumber, Code::InvalidJson]
        );
    }
}
