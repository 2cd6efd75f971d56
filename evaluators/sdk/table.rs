//! Tables: CSV with a header, and JSON lines with the same names, read whole with every fault named by its line.

use std::collections::HashMap;

use crate::fault::{Code, Fault, Faults, Place};
use crate::limits::Limits;
use crate::rows::{CsvRows, finite_number, missing_column};

/// A table of texts with named columns.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<String>,
    cells: String,
    /// Where each cell ends in `cells`, row by row.
    ends: Vec<u64>,
    /// The line on which each row begins.
    lines: Vec<u64>,
}

impl Table {
    /// Reads a CSV table with a header.
    ///
    /// A byte order mark and either line ending are accepted; a ragged row, a column that stands twice and bytes that
    /// are no text are faults.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        let mut rows = CsvRows::open(bytes, limits)?;
        let mut table = Self {
            columns: rows.columns().to_vec(),
            cells: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
        };
        while let Some(row) = rows.next_row()? {
            for cell in row.cells() {
                table.cells.push_str(cell);
                table.ends.push(table.cells.len() as u64);
            }
            table.lines.push(row.line());
        }
        rows.into_faults().or(table)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The position of a column, if the table has it.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The position of a column, or the fault that the table lacks it.
    pub fn require(&self, name: &str) -> Result<usize, Faults> {
        self.column(name).ok_or_else(|| Faults::one(missing_column(name, &self.columns)))
    }

    /// The text of a cell.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let at = row * self.columns.len() + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.cells[start..self.ends[at] as usize]
    }

    /// The number in a cell; what is no finite number is a fault.
    pub fn number(&self, row: usize, column: usize, faults: &mut Faults) -> Option<f64> {
        match finite_number(self.cell(row, column)) {
            Ok(number) => Some(number),
            Err(code) => {
                faults.push_with(|| self.cell_fault(row, column, code, "a finite number"));
                None
            }
        }
    }

    /// The whole number in a cell; anything else is a fault.
    pub fn integer(&self, row: usize, column: usize, faults: &mut Faults) -> Option<i64> {
        let parsed = self.cell(row, column).trim().parse().ok();
        if parsed.is_none() {
            faults.push_with(|| self.cell_fault(row, column, Code::NotANumber, "a whole number"));
        }
        parsed
    }

    /// A fault of a cell, with what was expected of it.
    pub fn cell_fault(&self, row: usize, column: usize, code: Code, expected: &str) -> Fault {
        let name = &self.columns[column];
        let found = crate::text::quoted(self.cell(row, column));
        Fault::whole(code, format!("the value of {name:?} is not {expected}"), expected, found)
            .at(Place::Line(self.line(row)))
    }

    /// The line on which a row begins, counted from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.lines[row]
    }

    /// The first row of every text of a column; a text that stands twice is a fault.
    pub fn unique(&self, column: usize, faults: &mut Faults) -> HashMap<&str, usize> {
        let mut first = HashMap::with_capacity(self.len());
        for row in 0..self.len() {
            let text = self.cell(row, column);
            if let Some(earlier) = first.insert(text, row) {
                first.insert(text, earlier);
                faults.push_with(|| {
                    let id = crate::text::quoted(text);
                    Fault::whole(
                        Code::DuplicateIds,
                        format!("{id} stands twice; first on line {}", self.line(earlier)),
                        "one row",
                        "another",
                    )
                    .at(Place::Line(self.line(row)))
                });
            }
        }
        first
    }
}
