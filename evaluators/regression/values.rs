//! Reading numbers by id: CSV with the columns `id` and `value`, or one JSON object of numbers by id.

use sdk::roll::{IdIndex, Roll, repeated};
use sdk::rows::{CsvRows, finite_number};
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, File, JsonReader, Limits, Place};

/// The column of the numbers.
const VALUE: &str = "value";

/// The column of the ids.
const ID: &str = "id";

/// What the truth says: ids in order, their positions, and their numbers.
pub(crate) fn read_truth(
    file: &File<'_>,
    limits: &Limits,
) -> Result<(Vec<String>, IdIndex, Vec<f64>), Faults> {
    let mut faults = Faults::new();
    let (mut ids, mut numbers, mut index) = (Vec::new(), Vec::new(), IdIndex::default());
    read(file, limits, &mut faults, |id, number, place, faults| match index.add(id) {
        Ok(_) => {
            ids.push(id.to_owned());
            numbers.push(number.unwrap_or_default());
        }
        Err(_) => faults.push_with(|| repeated(ID, id).at(place(id))),
    })?;
    if faults.is_empty() && ids.is_empty() {
        faults.push(Fault::whole(Code::EmptySubmission, "there is no row", "a row for every item", "none"));
    }
    faults.or((ids, index, numbers))
}

/// What a submission predicts, in the order of the ids.
pub(crate) fn read_predictions(
    file: &File<'_>,
    index: &IdIndex,
    ids: &[String],
    limits: &Limits,
) -> Result<Vec<f64>, Faults> {
    let mut faults = Faults::new();
    let mut numbers = vec![0.0; ids.len()];
    let mut roll = Roll::new(index, ID);
    read(file, limits, &mut faults, |id, number, place, faults| {
        // The item of a number that is none is called all the same, so that it is not missing as well.
        if let (Some(item), Some(number)) = (roll.call(id, || place(id), faults), number) {
            numbers[item] = number;
        }
    })?;
    roll.close(ids, &mut faults);
    faults.or(numbers)
}

/// Calls with every id, its number unless that is none, and the place where it stands.
fn read(
    file: &File<'_>,
    limits: &Limits,
    faults: &mut Faults,
    mut row: impl FnMut(&str, Option<f64>, &dyn Fn(&str) -> Place, &mut Faults),
) -> Result<(), Faults> {
    let text = open_text(&file.bytes, limits, "CSV or JSON")?;
    if text.trim_start().starts_with('{') {
        let read = JsonReader::read(&file.bytes, limits, |reader| {
            reader.object(|reader, id| {
                let number = reader.number()?;
                row(id, number, &pointer, faults);
                Ok(())
            })
        });
        if let Err(found) = read {
            let ends_early = found.faults.iter().any(|fault| fault.code == Code::InvalidJson);
            faults.extend(found);
            if ends_early {
                // What stands behind the end is not missing.
                return Err(std::mem::take(faults));
            }
        }
        return Ok(());
    }
    let mut rows = CsvRows::open(&file.bytes, limits)?;
    let (id, value) = (rows.require(ID), rows.require(VALUE));
    let others: Vec<String> =
        rows.columns().iter().filter(|name| !matches!(name.as_str(), ID | VALUE)).cloned().collect();
    for name in others {
        let message = format!("the column {} is not known", quoted(&name));
        let fault = Fault::whole(Code::UnexpectedColumn, message, "the columns id and value", quoted(&name));
        rows.fault(fault.at(Place::Line(1)));
    }
    let (Some(id), Some(value)) = (id, value) else { return Err(rows.into_faults()) };
    while let Some(record) = rows.next_row()? {
        let line = record.line();
        let number = finite_number(record.cell(value));
        if let Err(code) = number {
            faults.push_with(|| {
                let id = quoted(record.cell(id));
                let message = format!("the value of {id} is not a finite number");
                let found = quoted(record.cell(value));
                Fault::whole(code, message, "a finite number", found).at(Place::Line(line))
            });
        }
        row(record.cell(id), number.ok(), &|_| Place::Line(line), faults);
    }
    faults.extend(rows.into_faults());
    Ok(())
}

fn pointer(id: &str) -> Place {
    Place::Pointer(format!("/{}", id.replace('~', "~0").replace('/', "~1")))
}
