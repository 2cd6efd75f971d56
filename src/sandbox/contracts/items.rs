#![doc = include_str!("items.md")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Ratio};
use sdk::text::quoted;
use sdk::{Code, Evidence, Fault, Faults, Items, JsonReader, Limits, Read, Stop};

use crate::folder::read_file;

/// The file that a program writes into its output folder.
pub const FILE_NAME: &str = "items.json";

/// The variable that tells a program where its output folder is.
pub const OUTPUT_VARIABLE: &str = "HELDOUT_OUTPUT";

/// The largest file that is read, in bytes.
pub const MOST_BYTES: u64 = 256 << 20;

/// The most metrics of one file.
const MOST_METRICS: usize = 256;

/// What a program told of every item, as evidence: whatever is computed from a built-in evaluator's evidence is computed
/// from this.
#[derive(Debug, Clone)]
pub struct ItemEvidence {
    /// The items with their groups and slices.
    pub items: Items,
    /// A mean or a ratio for every metric, in the order of their names.
    pub evidence: Evidence,
}

/// Reads the file from an output folder, if it is there; its faults as text for the organizer.
pub(crate) fn read_items_of(output: &Path) -> Result<Option<ItemEvidence>, String> {
    let Some(bytes) = read_file(output, FILE_NAME, MOST_BYTES).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    read_items(&bytes, &Limits::default())
        .map(Some)
        .map_err(|faults| format!("{FILE_NAME}: {}", listed(&faults)))
}

/// Faults, each on a line of its own.
pub(crate) fn listed(faults: &Faults) -> String {
    let lines: Vec<String> = faults.faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// A metric's value for one item.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Mean(f64),
    Ratio(f64, f64),
}

#[derive(Debug, Default)]
struct Row {
    id: String,
    group: Option<String>,
    slices: BTreeMap<String, String>,
    values: BTreeMap<String, Value>,
}

#[derive(Debug, Default)]
struct File {
    factors: BTreeMap<String, f64>,
    rows: Vec<Row>,
}

/// Reads an `items.json`, or says everything that is wrong with it.
pub fn read_items(bytes: &[u8], limits: &Limits) -> Result<ItemEvidence, Faults> {
    let file = JsonReader::read(bytes, limits, read_whole)?;
    evidence_of(&file)
}

fn read_whole(reader: &mut JsonReader<'_, '_>) -> Result<File, Stop> {
    let mut file = File::default();
    let mut seen = HashSet::new();
    let mut has_items = false;
    reader.object(|reader, key| match key.as_ref() {
        "version" => {
            if let Some(version) = reader.integer()?
                && version != 1
            {
                let found = version.to_string();
                reader.fault(Code::UnsupportedVersion, "this version of the format is not known", "1", found);
            }
            Ok(())
        }
        "factors" => reader
            .object(|reader, name| {
                if let Some(factor) = reader.number()? {
                    file.factors.insert(name.to_string(), factor);
                }
                Ok(())
            })
            .map(drop),
        "items" => {
            has_items = true;
            reader
                .array(|reader, _| {
                    let Some(row) = read_row(reader)? else { return Ok(()) };
                    if !seen.insert(row.id.clone()) {
                        reader.fault_with(|| {
                            Fault::whole(
                                Code::DuplicateIds,
                                "the item is there twice",
                                "an item once",
                                quoted(&row.id),
                            )
                        });
                    }
                    compare(reader, file.rows.first(), &row);
                    file.rows.push(row);
                    Ok(())
                })
                .map(drop)
        }
        other => unknown(reader, other),
    })?;
    if !has_items {
        reader.missing_field("items");
    } else if file.rows.is_empty() && reader.fault_count() == 0 {
        reader.fault(Code::EmptySubmission, "there are no items", "at least one", "none");
    }
    Ok(file)
}

fn unknown(reader: &mut JsonReader<'_, '_>, name: &str) -> Result<(), Stop> {
    reader.fault(
        Code::UnknownField,
        "the format does not know this field",
        "a field of the format",
        quoted(name),
    );
    reader.skip()
}

fn read_row(reader: &mut JsonReader<'_, '_>) -> Read<Row> {
    let mut row = Row::default();
    let mut has = (false, false);
    let read = reader.object(|reader, key| {
        match key.as_ref() {
            "id" => {
                has.0 = true;
                row.id = reader.string()?.unwrap_or_default().into_owned();
            }
            "group" => row.group = reader.string()?.map(std::borrow::Cow::into_owned),
            "slices" => {
                reader.object(|reader, name| {
                    if let Some(value) = reader.string()? {
                        row.slices.insert(name.to_string(), value.into_owned());
                    }
                    Ok(())
                })?;
            }
            "values" => {
                has.1 = true;
                reader.object(|reader, name| {
                    if let Some(value) = read_value(reader)? {
                        row.values.insert(name.to_string(), value);
                    }
                    Ok(())
                })?;
            }
            other => unknown(reader, other)?,
        }
        Ok(())
    })?;
    if read.is_none() {
        return Ok(None);
    }
    for (is_there, name) in [(has.0, "id"), (has.1, "values")] {
        if !is_there {
            reader.missing_field(name);
        }
    }
    if row.values.len() > MOST_METRICS {
        let found = row.values.len().to_string();
        reader.fault(Code::TooLarge, "there are too many metrics", format!("at most {MOST_METRICS}"), found);
    }
    Ok(Some(row))
}

fn read_value(reader: &mut JsonReader<'_, '_>) -> Read<Value> {
    if !reader.at_array()? {
        return Ok(reader.number()?.map(Value::Mean));
    }
    let mut numbers = [0.0; 2];
    let mut complete = true;
    let count = reader.array(|reader, index| {
        let number = reader.number()?;
        complete &= number.is_some();
        if let (Some(number), Some(place)) = (number, numbers.get_mut(index as usize)) {
            *place = number;
        }
        Ok(())
    })?;
    if count != Some(2) {
        let found = format!("{} numbers", count.unwrap_or(0));
        reader.fault(Code::WrongShape, "a ratio has a numerator and a denominator", "2 numbers", found);
        return Ok(None);
    }
    if complete && numbers[1] < 0.0 {
        let found = numbers[1].to_string();
        reader.fault(Code::OutOfRange, "the denominator of a ratio counts something", "0 or more", found);
        return Ok(None);
    }
    Ok(complete.then_some(Value::Ratio(numbers[0], numbers[1])))
}

/// Every item must have the metrics of the first one, of the same kind: what is missing cannot be averaged.
fn compare(reader: &mut JsonReader<'_, '_>, first: Option<&Row>, row: &Row) {
    let Some(first) = first else { return };
    let kind = |value: &Value| match value {
        Value::Mean(_) => "a number",
        Value::Ratio(..) => "two numbers",
    };
    for (name, wanted) in &first.values {
        let found = row.values.get(name).map_or("nothing", kind);
        if found != kind(wanted) {
            reader.fault_with(|| {
                let message = format!("the metric {} must be of one kind for all items", quoted(name));
                Fault::whole(Code::WrongShape, message, kind(wanted), found)
            });
        }
    }
    for name in row.values.keys().filter(|name| !first.values.contains_key(*name)) {
        reader.fault_with(|| {
            let message = format!("the first item does not have the metric {}", quoted(name));
            Fault::whole(Code::UnknownField, message, "the metrics of the first item", quoted(name))
        });
    }
}

fn evidence_of(file: &File) -> Result<ItemEvidence, Faults> {
    let rows = &file.rows;
    let Some(first) = rows.first() else {
        return Err(Faults::one(Fault::whole(
            Code::EmptySubmission,
            "there are no items",
            "at least one",
            "none",
        )));
    };
    let group_of = |row: &'_ Row| row.group.clone().unwrap_or_else(|| row.id.clone());
    let mut items = if rows.iter().any(|row| row.group.is_some()) {
        Items::new(rows.iter().map(|row| (row.id.clone(), group_of(row))))
    } else {
        Items::ungrouped(rows.iter().map(|row| row.id.as_str()).collect::<sdk::Ids>())
    };
    let slices: BTreeSet<&String> = rows.iter().flat_map(|row| row.slices.keys()).collect();
    for name in slices {
        items.set_attribute(name, rows.iter().map(|row| row.slices.get(name)));
    }
    let mut evidence = Evidence::new(rows.len());
    let means: Vec<&String> = names_of(first, |value| matches!(value, Value::Mean(_)));
    let values = Array2::from_shape_fn((rows.len(), means.len()), |(row, column)| {
        rows[row].values.get(means[column]).map_or(f64::NAN, |value| match value {
            Value::Mean(number) | Value::Ratio(number, _) => *number,
        })
    });
    let mean_block = (!means.is_empty()).then(|| evidence.block(Mean { values, item_weights: None }));
    for (name, value) in &first.values {
        let factor = file.factors.get(name).copied().unwrap_or(1.0);
        let term = match (value, mean_block) {
            (Value::Mean(_), Some(block)) => {
                block.output(means.iter().position(|mean| *mean == name).unwrap_or(0))
            }
            _ => {
                let parts = |row: &Row| match row.values.get(name) {
                    Some(Value::Ratio(numerator, denominator)) => (*numerator, *denominator),
                    _ => (0.0, 0.0),
                };
                let numerators = Array2::from_shape_fn((rows.len(), 1), |(row, _)| parts(&rows[row]).0);
                let denominators = Array1::from_iter(rows.iter().map(|row| parts(row).1));
                evidence.block(Ratio { numerators, denominators }).output(0)
            }
        };
        evidence.metric(name.clone(), factor, term);
    }
    Ok(ItemEvidence { items, evidence })
}

fn names_of(row: &Row, wanted: impl Fn(&Value) -> bool) -> Vec<&String> {
    row.values.iter().filter(|(_, value)| wanted(value)).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use sdk::Score;

    use super::*;

    #[test]
    fn the_documentation_computes_what_it_says() {
        let documentation = include_str!("items.md");
        let example = documentation.split("```json").nth(1).unwrap().split("```").next().unwrap();
        let read = read_items(example.as_bytes(), &Limits::default()).unwrap();
        let scores = read.evidence.score_all();
        let score = |name: &str| scores.get(name).and_then(Score::value).unwrap();
        assert_eq!((score("accuracy"), score("word_error_rate")), (0.5, 100.0 / 11.0));
        assert_eq!(
            (read.items.group_names().len(), read.items.mask("country", "FR").unwrap().sum()),
            (1, 1.0)
        );
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let text = r#"{"version": 2, "items": [
            {"id": "a", "values": {"x": 1, "y": [1, 2]}},
            {"id": "a", "values": {"x": [1, 2], "z": 1}},
            {"values": {"x": NaN, "y": [1, -2]}},
            {"id": "d", "values": {"x": 1, "y": [1, 2, 3]}, "weight": 2}]}"#;
        let faults = read_items(text.as_bytes(), &Limits::default()).unwrap_err();
        let codes: Vec<Code> = faults.faults.iter().map(|fault| fault.code).collect();
        for code in [
            Code::UnsupportedVersion,
            Code::DuplicateIds,
            Code::WrongShape,
            Code::UnknownField,
            Code::NotFinite,
            Code::OutOfRange,
            Code::MissingField,
        ] {
            assert!(codes.contains(&code), "{code:?} is not among {codes:?}");
        }
        assert!(read_items(b"{\"items\": []}", &Limits::default()).is_err());
    }
}
