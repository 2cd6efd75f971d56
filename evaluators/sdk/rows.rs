//! CSV with a header, row by row: for tables that are too large to be held twice.

use std::ops::Range;

use crate::fault::{Code, Fault, Faults, Place};
use crate::limits::Limits;
use crate::text::{open_text, quoted};

/// A reader of a CSV table with a header.
///
/// A byte order mark and either line ending are accepted; a ragged row, a column that stands twice and bytes that are
/// no text are faults. Rows with faults are passed over, so that one reading finds all of them.
#[derive(Debug)]
pub struct CsvRows<'a, 'l> {
    source: Source<'a>,
    cells: Vec<Range<usize>>,
    columns: Vec<String>,
    limits: &'l Limits,
    rows: u64,
    faults: Faults,
}

/// Where rows come from.
#[derive(Debug)]
enum Source<'a> {
    /// A text without a quotation mark: its rows are lines, and commas separate cells.
    Plain(PlainRows<'a>),
    /// Any text.
    Quoted(Box<QuotedRows<'a>>),
}

/// A row, valid until the next one is read.
#[derive(Debug, Clone, Copy)]
pub struct CsvRow<'r> {
    text: &'r str,
    /// Where each cell lies in `text`.
    cells: &'r [Range<usize>],
    line: u64,
}

impl<'a, 'l> CsvRows<'a, 'l> {
    /// Reads the header.
    pub fn open(bytes: &'a [u8], limits: &'l Limits) -> Result<Self, Faults> {
        let text = open_text(bytes, limits, "CSV")?;
        let source = match text.contains('"') {
            false => Source::Plain(PlainRows::of(text)),
            true => Source::Quoted(Box::new(QuotedRows::of(text))),
        };
        let (cells, columns, faults) = (Vec::new(), Vec::new(), Faults::new());
        let mut rows = Self { source, cells, columns, limits, rows: 0, faults };
        if rows.read_row()? {
            rows.columns = rows.row().cells().map(|name| name.trim().to_owned()).collect();
            let mut sorted: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            for pair in sorted.windows(2).filter(|pair| pair[0] == pair[1]) {
                let found = quoted(pair[0]);
                let message = format!("the column {found} stands twice");
                rows.faults.push(
                    Fault::whole(Code::UnexpectedColumn, message, "distinct columns", found)
                        .at(Place::Line(1)),
                );
            }
        }
        Ok(rows)
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The position of a column; that it is missing is recorded as a fault.
    pub fn require(&mut self, name: &str) -> Option<usize> {
        let position = self.columns.iter().position(|column| column == name);
        if position.is_none() {
            self.faults.push(missing_column(name, &self.columns));
        }
        position
    }

    /// Records a fault of the table.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The next row that has as many fields as the header; nothing at the end.
    pub fn next_row(&mut self) -> Result<Option<CsvRow<'_>>, Faults> {
        while self.read_row()? {
            self.rows += 1;
            if self.rows > self.limits.records {
                let most = format!("at most {} rows", self.limits.records);
                let fault = Fault::whole(Code::TooLarge, "the table has too many rows", most, "more");
                return Err(Faults::one(fault.at(Place::Line(self.row().line()))));
            }
            if self.rows.is_multiple_of(4096) {
                self.limits.check()?;
            }
            if self.cells.len() == self.columns.len() {
                return Ok(Some(self.row()));
            }
            let (expected, found, line) = (self.columns.len(), self.cells.len(), self.row().line());
            self.faults.push_with(|| {
                Fault::whole(
                    Code::InvalidCsv,
                    "the row has another number of fields than the header",
                    format!("{expected} fields"),
                    format!("{found} fields"),
                )
                .at(Place::Line(line))
            });
        }
        Ok(None)
    }

    /// The faults of the rows that were passed over.
    pub fn into_faults(self) -> Faults {
        self.faults
    }

    /// Finds the cells of the next row; false at the end.
    fn read_row(&mut self) -> Result<bool, Faults> {
        match &mut self.source {
            Source::Plain(rows) => Ok(rows.read(&mut self.cells)),
            Source::Quoted(rows) => rows.read(&mut self.cells),
        }
    }

    /// The row that was read last.
    fn row(&self) -> CsvRow<'_> {
        let (text, line) = match &self.source {
            Source::Plain(rows) => (&rows.text[rows.start..rows.at], rows.line),
            Source::Quoted(rows) => (rows.record.as_slice(), rows.line()),
        };
        CsvRow { text, cells: &self.cells, line }
    }
}

/// The rows of a text without a quotation mark.
#[derive(Debug)]
struct PlainRows<'a> {
    text: &'a str,
    /// Where the row begins.
    start: usize,
    /// Where it ends.
    at: usize,
    line: u64,
}

impl<'a> PlainRows<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, start: 0, at: 0, line: 1 }
    }

    fn read(&mut self, cells: &mut Vec<Range<usize>>) -> bool {
        let bytes = self.text.as_bytes();
        while let Some(byte @ (b'\r' | b'\n')) = bytes.get(self.at) {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.start = self.at;
        let row = &bytes[self.start..];
        if row.is_empty() {
            return false;
        }
        cells.clear();
        let (mut first, mut end) = (0, row.len());
        for (at, byte) in row.iter().enumerate() {
            match byte {
                b',' => {
                    cells.push(first..at);
                    first = at + 1;
                }
                b'\r' | b'\n' => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        cells.push(first..end);
        self.at = self.start + end;
        true
    }
}

/// The rows of any text.
#[derive(Debug)]
struct QuotedRows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
}

impl<'a> QuotedRows<'a> {
    fn of(text: &'a str) -> Self {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { text, reader, record: csv::StringRecord::new() }
    }

    fn read(&mut self, cells: &mut Vec<Range<usize>>) -> Result<bool, Faults> {
        let read = self.reader.read_record(&mut self.record).map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            let fault = Fault::whole(Code::InvalidCsv, "the row is no CSV", "CSV", error.to_string());
            Faults::one(fault.at(Place::Line(line)))
        })?;
        cells.clear();
        cells.extend((0..self.record.len()).filter_map(|cell| self.record.range(cell)));
        Ok(read)
    }

    /// The line on which the row begins: what the reader says, and the line ends that it passes over before the row.
    fn line(&self) -> u64 {
        let Some(position) = self.record.position() else { return 0 };
        let rest = self.text.as_bytes()[position.byte() as usize..].iter();
        let passed = rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
        position.line() + passed.count() as u64
    }
}

impl<'r> CsvRow<'r> {
    /// The text of a cell.
    pub fn cell(self, column: usize) -> &'r str {
        &self.text[self.cells[column].clone()]
    }

    /// The cells in the order of the columns.
    pub fn cells(self) -> impl Iterator<Item = &'r str> {
        self.cells.iter().map(move |cell| &self.text[cell.clone()])
    }

    /// The line on which the row begins, counted from 1.
    pub fn line(self) -> u64 {
        self.line
    }
}

/// The fault that a table lacks a column.
pub(crate) fn missing_column(name: &str, columns: &[String]) -> Fault {
    // A header can be as long as the file.
    const LONGEST: usize = 400;
    let listed = columns.join(", ");
    let found = match listed.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("the columns {} ...", &listed[..end]),
        None => format!("the columns {listed}"),
    };
    Fault::whole(
        Code::MissingColumn,
        format!("the column {name:?} is missing"),
        format!("a column named {name:?}"),
        found,
    )
    .at(Place::Line(1))
}

/// The finite number that a text is, or the code of the fault that it is none.
pub fn finite_number(text: &str) -> Result<f64, Code> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(Code::NotFinite),
        Err(_) => Err(Code::NotANumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_one_by_one_and_ragged_ones_are_faults() {
        let limits = Limits::default();
        let mut rows = CsvRows::open(b"\xef\xbb\xbfid,label\r\na,\"x,\n1\"\r\nb\r\nc,\r\n", &limits).unwrap();
        assert_eq!(rows.columns(), ["id", "label"]);
        assert_eq!(rows.require("label"), Some(1));
        let mut seen = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            seen.push((row.cell(0).to_owned(), row.cell(1).to_owned(), row.line()));
        }
        assert_eq!(seen, [("a".into(), "x,\n1".into(), 2), ("c".into(), String::new(), 5)]);
        let faults = rows.into_faults();
        assert_eq!((faults.fault_count, faults.faults[0].code), (1, Code::InvalidCsv));
        assert_eq!(faults.faults[0].place, Place::Line(4));
    }

    type Rows = Vec<(Vec<String>, u64)>;

    /// The rows of a text, read as if it held a quotation mark or not.
    fn rows_of(text: &str, source: Source<'_>) -> (Rows, Faults) {
        let limits = Limits::default();
        let mut rows = CsvRows::open(text.as_bytes(), &limits).unwrap();
        (rows.source, rows.rows) = (source, 0);
        rows.faults = Faults::new();
        rows.read_row().unwrap();
        let mut read = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            read.push((row.cells().map(str::to_owned).collect(), row.line()));
        }
        (read, rows.into_faults())
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn without_a_quotation_mark_lines_are_rows(text in "[a,é \r\n]{1,40}") {
            proptest::prop_assume!(!text.trim_ascii().is_empty());
            let plain = rows_of(&text, Source::Plain(PlainRows::of(&text)));
            let quoted = rows_of(&text, Source::Quoted(Box::new(QuotedRows::of(&text))));
            proptest::prop_assert_eq!(plain, quoted);
        }
    }

    #[test]
    fn columns_are_distinct_and_present() {
        let limits = Limits::default();
        let mut rows = CsvRows::open(b"id,a,a\n", &limits).unwrap();
        assert_eq!(rows.require("score"), None);
        let codes: Vec<Code> = rows.into_faults().faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [Code::UnexpectedColumn, Code::MissingColumn]);
    }

    #[test]
    fn a_long_header_is_not_repeated_whole() {
        let limits = Limits::default();
        let header = "[".repeat(100_000);
        let mut rows = CsvRows::open(header.as_bytes(), &limits).unwrap();
        assert_eq!(rows.require("id"), None);
        assert!(rows.into_faults().to_string().len() < 1000);
    }

    #[test]
    fn only_finite_numbers_are_numbers() {
        assert_eq!(finite_number(" 1e-3 "), Ok(0.001));
        assert_eq!(finite_number("nan"), Err(Code::NotFinite));
        assert_eq!(finite_number("1e999"), Err(Code::NotFinite));
        assert_eq!(finite_number("0x1"), Err(Code::NotANumber));
        assert_eq!(finite_number(""), Err(Code::NotANumber));
    }
}
