//! Matrices: NumPy arrays whose values stay where they are, or rows of CSV.

use std::borrow::Cow;

use sdk::rows::finite_number;
use sdk::text::{open_text, quoted};
use sdk::{Code, Fault, Faults, Limits, Place};

use super::Line;
use super::npy::{self, Element};

/// How many columns are read at once: whole cache lines of every row are used.
const COLUMNS_AT_ONCE: usize = 32;

/// A matrix of numbers.
#[derive(Debug)]
pub(super) struct Table<'b> {
    rows: usize,
    columns: usize,
    values: Values<'b>,
}

#[derive(Debug)]
enum Values<'b> {
    /// The elements of a NumPy array, row by row or column by column.
    Packed { bytes: Cow<'b, [u8]>, element: Element, by_column: bool },
    /// Numbers, row by row.
    Numbers(Vec<f64>),
}

impl<'b> Table<'b> {
    /// Reads a two-dimensional NumPy array, or CSV without a header.
    pub(super) fn read(bytes: &'b [u8], limits: &Limits) -> Result<Self, Faults> {
        if !npy::is_npy(bytes) {
            return Self::from_csv(bytes, limits);
        }
        if bytes.len() as u64 > limits.bytes {
            let (most, found) = (format!("at most {} bytes", limits.bytes), format!("{}", bytes.len()));
            return Err(Faults::one(Fault::whole(Code::TooLarge, "the file is too large", most, found)));
        }
        let array = npy::open(bytes)?;
        let [rows, columns] = array.shape;
        let values = Values::Packed {
            bytes: Cow::Borrowed(array.data),
            element: array.element,
            by_column: array.by_column,
        };
        Ok(Self { rows, columns, values })
    }

    fn from_csv(bytes: &[u8], limits: &Limits) -> Result<Self, Faults> {
        let text = open_text(bytes, limits, "a NumPy array (.npy) or CSV")?;
        let mut faults = Faults::new();
        let (mut values, mut rows, mut columns) = (Vec::new(), 0, 0);
        let lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        for (number, line) in lines {
            let before = values.len();
            for cell in line.split(',') {
                let value = finite_number(cell).unwrap_or_else(|code| {
                    faults.push_with(|| {
                        let message = "the cell is not a finite number";
                        Fault::whole(code, message, "a finite number", quoted(cell)).at(Place::Line(number))
                    });
                    0.0
                });
                values.push(value);
            }
            let count = values.len() - before;
            if rows > 0 && count != columns {
                faults.push_with(|| {
                    let message = "the row has another number of cells than those before";
                    Fault::whole(Code::WrongShape, message, format!("{columns} cells"), format!("{count}"))
                        .at(Place::Line(number))
                });
            }
            columns = count;
            rows += 1;
            if values.len() as u64 > limits.records {
                let most = format!("at most {} cells", limits.records);
                return Err(Faults::one(Fault::whole(
                    Code::TooLarge,
                    "there are too many cells",
                    most,
                    "more",
                )));
            }
            limits.check()?;
        }
        faults.or(Self { rows, columns, values: Values::Numbers(values) })
    }

    /// Rows and columns.
    pub(super) fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// The same matrix with bytes of its own.
    pub(super) fn into_owned(self) -> Table<'static> {
        let values = match self.values {
            Values::Packed { bytes, element, by_column } => {
                Values::Packed { bytes: Cow::Owned(bytes.into_owned()), element, by_column }
            }
            Values::Numbers(numbers) => Values::Numbers(numbers),
        };
        Table { rows: self.rows, columns: self.columns, values }
    }

    /// Calls with every row.
    pub(super) fn each_row(&self, mut read: impl FnMut(usize, &[f64])) {
        self.each_of(Line::Row, |_, at, values| read(at, values));
    }

    /// Calls with every row, and then with every column.
    pub(super) fn each_line(&self, mut read: impl FnMut(Line, usize, &[f64])) {
        self.each_of(Line::Row, &mut read);
        self.each_of(Line::Column, read);
    }

    fn each_of(&self, line: Line, mut read: impl FnMut(Line, usize, &[f64])) {
        let mut block = Vec::new();
        let (count, length) = self.lines(line);
        for start in (0..count).step_by(COLUMNS_AT_ONCE) {
            let end = count.min(start + COLUMNS_AT_ONCE);
            self.load(line, start..end, &mut block);
            for (at, values) in (start..end).zip(block.chunks_exact(length)) {
                read(line, at, values);
            }
        }
    }

    /// Calls with every row of both matrices, and then with every column; they have the same shape.
    pub(super) fn each_pair_of_lines(&self, other: &Table<'_>, mut read: impl FnMut(&[f64], &[f64])) {
        let (mut of_self, mut of_other) = (Vec::new(), Vec::new());
        for line in [Line::Row, Line::Column] {
            let (count, length) = self.lines(line);
            for start in (0..count).step_by(COLUMNS_AT_ONCE) {
                let end = count.min(start + COLUMNS_AT_ONCE);
                self.load(line, start..end, &mut of_self);
                other.load(line, start..end, &mut of_other);
                for (a, b) in of_self.chunks_exact(length).zip(of_other.chunks_exact(length)) {
                    read(a, b);
                }
            }
        }
    }

    /// How many lines there are, and how long they are.
    fn lines(&self, line: Line) -> (usize, usize) {
        match line {
            Line::Row => (self.rows, self.columns),
            Line::Column => (self.columns, self.rows),
        }
    }

    /// Loads some lines, one after another.
    fn load(&self, line: Line, lines: std::ops::Range<usize>, block: &mut Vec<f64>) {
        let (_, length) = self.lines(line);
        let by_column = matches!(&self.values, Values::Packed { by_column: true, .. });
        let along = by_column == (line == Line::Column);
        block.clear();
        if along {
            self.load_range(lines.start * length..lines.end * length, block);
            return;
        }
        // Against the order of the values: a stretch of every line of the other kind.
        block.resize(lines.len() * length, 0.0);
        let (stride, mut stretch) = (self.lines(line).0, Vec::new());
        for at in 0..length {
            stretch.clear();
            self.load_range(at * stride + lines.start..at * stride + lines.end, &mut stretch);
            for (position, value) in stretch.iter().enumerate() {
                block[position * length + at] = *value;
            }
        }
    }

    fn load_range(&self, range: std::ops::Range<usize>, values: &mut Vec<f64>) {
        match &self.values {
            Values::Numbers(numbers) => values.extend_from_slice(&numbers[range]),
            Values::Packed { bytes, element, .. } => {
                let size = element.size();
                element.read(&bytes[range.start * size..range.end * size], values);
            }
        }
    }
}
