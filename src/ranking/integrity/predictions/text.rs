//! Takes tables and lines of text apart.

use std::borrow::Cow;

use sdk::Limits;
use sdk::rows::CsvRows;
use serde_json::{Map, Value};

use super::collect::{Collector, prediction_digest};
use super::{Unreadable, damaged};

/// Reads a table with a header, or lines of fields.
pub(super) fn read(collector: &mut Collector<'_>, path: &str, text: &str) -> Result<(), Unreadable> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if is_header(first) { read_table(collector, path, text) } else { read_lines(collector, path, text) }
}

/// Whether a line names columns: several cells, of which none is empty or a number.
fn is_header(line: &str) -> bool {
    let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
    line.contains(',') && cells.all(|cell| !cell.is_empty() && cell.parse::<f64>().is_err())
}

fn read_table(collector: &mut Collector<'_>, path: &str, text: &str) -> Result<(), Unreadable> {
    let limits = Limits::default();
    let mut rows = CsvRows::open(text.as_bytes(), &limits).map_err(|_| Unreadable::Damaged("CSV"))?;
    let columns = rows.columns().to_vec();
    while let Some(row) = rows.next_row().map_err(|_| damaged(&limits, "CSV"))? {
        let cell = |field: &str| columns.iter().position(|column| column == field).map(|at| row.cell(at));
        // Tables of a format that is not known here have their ids in front.
        let named = collector
            .item_of_record(|field| cell(field).map(Cow::Borrowed))
            .or_else(|| Some((columns.first()?.as_str(), collector.find(row.cell(0))?)));
        let fields: Map<String, Value> = columns
            .iter()
            .zip(row.cells())
            .filter(|(column, _)| named.is_none_or(|(field, _)| *column != field))
            .map(|(column, cell)| (column.clone(), cell.into()))
            .collect();
        let prediction = prediction_digest(Value::Object(fields));
        match named {
            Some((_, item)) => collector.of_item(item, prediction)?,
            None => collector.record(path, prediction)?,
        }
    }
    Ok(())
}

/// Lines of fields between commas or blanks.
fn read_lines(collector: &mut Collector<'_>, path: &str, text: &str) -> Result<(), Unreadable> {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut fields: Vec<&str> = match line.contains(',') {
            true => line.split(',').map(str::trim).collect(),
            false => line.split_whitespace().collect(),
        };
        // The sixth field of a run in the form of TREC is what its authors call it.
        if fields.len() == 6 && fields[1] == "Q0" {
            fields.truncate(5);
        }
        let named = place_of_id(collector, &fields);
        if let Some((place, _)) = named {
            fields.remove(place);
        }
        let prediction = prediction_digest(fields.into_iter().map(Value::from).collect());
        match named {
            Some((_, item)) => collector.of_item(item, prediction)?,
            None => collector.record(path, prediction)?,
        }
    }
    Ok(())
}

/// Where a line names its item: at the end in parentheses, in front, or behind one word that says what the line is.
fn place_of_id(collector: &Collector<'_>, fields: &[&str]) -> Option<(usize, u32)> {
    let last = fields.len().checked_sub(1)?;
    let in_parentheses = fields[last].strip_prefix('(').and_then(|field| field.strip_suffix(')'));
    [in_parentheses.map(|field| (last, field)), Some((0, fields[0])), fields.get(1).map(|field| (1, *field))]
        .into_iter()
        .flatten()
        .find_map(|(place, id)| Some((place, collector.find(id)?)))
}
