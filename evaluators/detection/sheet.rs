//! Cells of CSV tables as numbers, with a fault for what is none.

use sdk::rows::{CsvRow, CsvRows, finite_number};
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Place};

/// The positions of columns that a table must have; those that are missing are recorded as faults.
pub(crate) fn columns<const N: usize>(rows: &mut CsvRows<'_, '_>, names: [&str; N]) -> Option<[usize; N]> {
    let found = names.map(|name| rows.require(name));
    found.iter().all(Option::is_some).then(|| found.map(Option::unwrap_or_default))
}

/// The finite numbers of some columns.
pub(crate) fn numbers<const N: usize>(
    row: CsvRow<'_>,
    columns: [usize; N],
    names: [&str; N],
    faults: &mut Faults,
) -> Option<[f64; N]> {
    let mut whole = true;
    let mut numbers = [0.0; N];
    for ((slot, column), name) in numbers.iter_mut().zip(columns).zip(names) {
        match finite_number(row.cell(column)) {
            Ok(number) => *slot = number,
            Err(code) => {
                whole = false;
                faults.push_with(|| cell_fault(row, column, code, name, "a finite number"));
            }
        }
    }
    whole.then_some(numbers)
}

/// A fault of a cell.
pub(crate) fn cell_fault(row: CsvRow<'_>, column: usize, code: Code, name: &str, expected: &str) -> Fault {
    let found = quoted(row.cell(column));
    Fault::whole(code, format!("the value of {name:?} is not {expected}"), expected, found)
        .at(Place::Line(row.line()))
}
