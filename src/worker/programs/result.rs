//! The numbers that a program left, as evidence.

use std::collections::BTreeMap;

use app::phases::prepare::PreparedPhase;
use registry::programs::{ScoredBy, Sheet};
use sandbox::contracts::items::ItemEvidence;
use sdk::Evidence;

use crate::evaluate::Found;

/// What a program left.
pub(super) struct Numbers {
    /// One number per split and metric.
    pub(super) splits: BTreeMap<String, BTreeMap<String, f64>>,
    /// What it told of every item.
    pub(super) items: Option<ItemEvidence>,
}

/// The evidence and the scores; the reason why there are none is for organizers.
pub(super) fn found(sheet: &Sheet, prepared: &PreparedPhase, numbers: Numbers) -> Result<Found, String> {
    let evidence = match sheet.scored_by() {
        ScoredBy::Split => sheet.evidence(&numbers.splits),
        ScoredBy::Item => of_items(sheet, prepared, numbers.items)?,
    };
    let stored = evidence.to_bytes().map_err(|error| error.to_string())?;
    let masks = prepared.masks.iter().map(|mask| mask.view());
    let values = sdk::run::score_splits(&evidence, masks)
        .iter()
        .map(|scores| scores.iter().map(|(metric, value)| (metric.to_owned(), value)).collect())
        .collect();
    Ok(Found { evidence: stored, items: evidence.items(), values })
}

/// What was told of items, if it is about those of the phase.
fn of_items(sheet: &Sheet, prepared: &PreparedPhase, told: Option<ItemEvidence>) -> Result<Evidence, String> {
    let told = told.ok_or("the program left no items.json, and the phase is scored item by item")?;
    let wanted = prepared.items.ids();
    let places = || told.items.ids().iter().zip(wanted.iter());
    if told.items.len() != prepared.items.len() {
        return Err(format!("items.json has {} items, items.csv has {}", told.items.len(), wanted.len()));
    }
    if let Some((found, expected)) = places().find(|(found, expected)| found != expected) {
        return Err(format!(
            "items.json has {found:?} where items.csv has {expected:?}: the order must be the same"
        ));
    }
    let measured: Vec<&str> = told.evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
    let mut wanted: Vec<&str> = sheet.metrics.iter().map(|metric| metric.name.as_str()).collect();
    wanted.sort_unstable();
    if measured != wanted {
        return Err(format!(
            "items.json has the metrics {}, the phase has {}",
            measured.join(", "),
            wanted.join(", ")
        ));
    }
    Ok(told.evidence)
}
