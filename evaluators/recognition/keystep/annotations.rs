//! Reads the annotations: `keystep_segment_*.json`, and the optional `label_mapping.csv`.

use std::borrow::Cow;

use sdk::roll::repeated;
use sdk::{AnnotationFaults, Code, Fault, Faults, Inputs, Items, JsonReader, Limits, Slot, Stop, Table};

use super::Segments;
use crate::answers::Answers;

/// The optional table that maps labels to scenarios.
const LABELS: &str = "labels";

/// Reads the segments.
pub(super) fn read(
    inputs: &Inputs<'_>,
    labels: Answers,
    by_take: bool,
) -> Result<Segments, AnnotationFaults> {
    let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
    let (mut segments, takes) = read_segments(inputs, labels, by_take).map_err(of_main)?;
    if takes.iter().any(Option::is_some) {
        segments.items.set_attribute("take", takes.iter().map(Option::as_deref));
    }
    let scenarios = read_scenarios(inputs, labels);
    if let Some(scenarios) = scenarios.map_err(|faults| AnnotationFaults(faults.of_file(LABELS)))? {
        let of_label = |label: &i64| scenarios.get(*label as usize).and_then(Option::as_deref);
        segments.items.set_attribute("scenario", segments.labels.iter().map(of_label));
    }
    Ok(segments)
}

/// The take of every segment, as far as they are known.
type Takes = Vec<Option<String>>;

fn read_segments(inputs: &Inputs<'_>, labels: Answers, by_take: bool) -> Result<(Segments, Takes), Faults> {
    let limits = Limits::default();
    let file = inputs.require(Inputs::MAIN)?.single()?;
    let (mut segments, mut takes) = (Segments::default(), Takes::new());
    let wanted = Some(labels).filter(|_| !inputs.are_unannotated());
    JsonReader::read(&file.bytes, &limits, |reader| {
        let mut list = Slot::default();
        let object = reader.object(|reader, key| {
            match &**key {
                "segments" => {
                    list.put(reader.array(|reader, _| segment(reader, wanted, &mut segments, &mut takes))?);
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_some() {
            list.require("segments", reader);
        }
        Ok(())
    })?;
    if segments.labels.is_empty() {
        let message = "the annotations hold no segment";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "a segment", "none")));
    }
    let ids = segments.ids.all();
    let groups = takes.iter().zip(ids).map(|(take, id)| match take {
        Some(take) if by_take => take.as_str(),
        _ => id.as_str(),
    });
    segments.items = Items::new(ids.iter().zip(groups));
    Ok((segments, takes))
}

/// Reads a segment; without labels the first one stands for its label.
fn segment(
    reader: &mut JsonReader<'_, '_>,
    labels: Option<Answers>,
    segments: &mut Segments,
    takes: &mut Takes,
) -> Result<(), Stop> {
    let (mut id, mut label, mut take) = (Slot::default(), Slot::default(), None);
    let object = reader.object(|reader, key| {
        match &**key {
            "ego_segment_name" => id.put(reader.string()?),
            "take_uid" => take = reader.string()?.map(Cow::into_owned),
            "label_id" => match labels {
                Some(labels) => {
                    let number = reader.integer()?;
                    let accepted =
                        number.and_then(|number| labels.accept(number, |fault| reader.fault_with(|| fault)));
                    label.put(accepted);
                }
                None => reader.skip()?,
            },
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    if object.is_none() {
        return Ok(());
    }
    let id = id.require("ego_segment_name", reader);
    let label = if labels.is_some() { label.require("label_id", reader) } else { Some(0) };
    if let (Some(id), Some(label)) = (id, label) {
        match segments.ids.add(&id) {
            Some(_) => {
                segments.labels.push(label);
                takes.push(take);
            }
            None => reader.fault_with(|| repeated("segment", &id)),
        }
    }
    Ok(())
}

/// The scenario of every label, if the table is there.
fn read_scenarios(inputs: &Inputs<'_>, labels: Answers) -> Result<Option<Vec<Option<String>>>, Faults> {
    let Some(table) = inputs.get(LABELS) else {
        return Ok(None);
    };
    let table = Table::read(&table.single()?.bytes, &Limits::default())?;
    let (label, scenario) = (table.require("label_id")?, table.require("scenario_name")?);
    let mut faults = Faults::new();
    table.unique(label, &mut faults);
    let mut scenarios = vec![None; labels.count as usize];
    for row in 0..table.len() {
        let Some(number) = table.integer(row, label, &mut faults) else {
            continue;
        };
        let place = sdk::Place::Line(table.line(row));
        if let Some(number) = labels.accept(number, |fault| faults.push(fault.at(place))) {
            scenarios[number as usize] = Some(table.cell(row, scenario).to_owned());
        }
    }
    faults.or(Some(scenarios))
}
