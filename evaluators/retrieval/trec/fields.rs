//! Lines of fields that blanks separate, or rows of CSV with the same names.

use sdk::limits::Limits;
use sdk::rows::CsvRows;
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Place};

/// Whether a text is CSV: its first line is a header with the column of queries.
pub(super) fn is_csv(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    header.split(',').any(|name| name.trim() == "query") && header.contains(',')
}

/// Calls with the cells of three columns of every row of CSV, and its line.
pub(super) fn each_row(
    bytes: &[u8],
    columns: [&str; 3],
    limits: &Limits,
    faults: &mut Faults,
    mut row_read: impl FnMut([&str; 3], u64, &mut Faults),
) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    let [Some(query), Some(document), Some(value)] = columns.map(|name| rows.require(name)) else {
        return Err(rows.into_faults());
    };
    while let Some(row) = rows.next_row()? {
        row_read([row.cell(query), row.cell(document), row.cell(value)], row.line(), faults);
    }
    faults.extend(rows.into_faults());
    Ok(())
}

/// Calls with the fields of every line that has as many as wanted, its number, and the place where the line begins.
///
/// Empty lines are passed over; other lines are faults.
pub(super) fn each_line<'t, const FIELDS: usize>(
    text: &'t str,
    names: &str,
    limits: &Limits,
    faults: &mut Faults,
    mut line_read: impl FnMut([&'t str; FIELDS], u64, &mut Faults),
) -> Result<(), Faults> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for number in 1_u64.. {
        if number > limits.records {
            let most = format!("at most {} lines", limits.records);
            let fault = Fault::whole(Code::TooLarge, "the file has too many lines", most, "more");
            return Err(Faults::one(fault.at(Place::Line(number))));
        }
        if number.is_multiple_of(8192) {
            limits.check()?;
        }
        let mut fields = [""; FIELDS];
        let mut count = 0;
        while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'\n') {
            if byte.is_ascii_whitespace() {
                at += 1;
                continue;
            }
            let start = at;
            // Most bytes are above the blanks.
            while bytes.get(at).is_some_and(|byte| *byte > b' ' || !byte.is_ascii_whitespace()) {
                at += 1;
            }
            if let Some(slot) = fields.get_mut(count) {
                *slot = &text[start..at];
            }
            count += 1;
        }
        match count {
            0 => {}
            count if count == FIELDS => line_read(fields, number, faults),
            count => faults.push_with(|| {
                let message = format!("the line has not {FIELDS} fields");
                Fault::whole(Code::WrongShape, message, names, format!("{count} fields"))
                    .at(Place::Line(number))
            }),
        }
        if at == bytes.len() {
            break;
        }
        at += 1;
    }
    Ok(())
}

/// A fault of a field of a line.
pub(super) fn field_fault(code: Code, line: u64, what: &str, expected: &str, found: &str) -> Fault {
    Fault::whole(code, format!("{what} is not {expected}"), expected, quoted(found)).at(Place::Line(line))
}
