//! Fields and values as CSV.

use std::rc::Rc;

use sdk::{Faults, Limits, Table};

use super::{FIELDS, Saying};

/// One saying for every row whose value is not empty: what is left empty is not said.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Saying>, Faults> {
    let table = Rc::new(Table::read(bytes, limits)?);
    let (field, value) = (table.require("field")?, table.require("value")?);
    let said = (0..table.len()).filter(|row| !table.cell(*row, value).trim().is_empty());
    let saying = |row| {
        let of = Rc::clone(&table);
        let name = table.cell(row, field).trim().to_owned();
        let column = if FIELDS.iter().any(|(known, _)| *known == name) { value } else { field };
        Saying {
            field: name,
            value: table.cell(row, value).to_owned(),
            fault: Box::new(move |code, expected| of.cell_fault(row, column, code, expected)),
        }
    };
    Ok(said.map(saying).collect())
}
