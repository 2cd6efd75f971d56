//! Figures of what a phase counts, drawn of measures on a standing.

use std::collections::BTreeMap;

pub use research::figures::framing::StandingFigure;
use research::figures::{Drawn, Provenance};
use research::measure::MeasureValue;

use super::measures::FramingMeasures;

/// Draws figures of measures that somebody may read; entries have the names that their teams have now.
pub fn draw_figures(found: &FramingMeasures, wanted: &[StandingFigure]) -> Vec<Drawn> {
    let values: Vec<MeasureValue> = found.values.iter().map(|(_, value)| value.clone()).collect();
    let names: BTreeMap<String, String> =
        found.entries.iter().map(|entry| (entry.team.to_string(), entry.team_name.to_string())).collect();
    let provenance = Provenance { snapshot: found.standing.to_string(), as_of: String::new() };
    wanted.iter().map(|figure| figure.draw(&values, &names, found.metric.decimals, &provenance)).collect()
}
