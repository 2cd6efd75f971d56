//! Schemes that average ranks: mean rank, median rank, Borda count.

use super::ranks::Ties;
use super::table::{Missing, Table};
use super::{Placing, place};

/// The mean of an entry's ranks over the metrics; less is better.
///
/// With [`Ties::Lowest`] this is the scheme of Grand Challenge.
pub fn mean_rank(table: &Table, missing: Missing, ties: Ties) -> Vec<Option<Placing>> {
    place(&over_metrics(table, missing, ties, |ranks| mean(ranks)), false)
}

/// The median of an entry's ranks over the metrics, the mean of the middle two when they are even; less is better.
pub fn median_rank(table: &Table, missing: Missing, ties: Ties) -> Vec<Option<Placing>> {
    place(&over_metrics(table, missing, ties, median), false)
}

/// The Borda count: for every metric the number of ranked entries less the average rank, summed; more is better.
pub fn borda(table: &Table, missing: Missing) -> Vec<Option<Placing>> {
    let mut points: Vec<Option<f64>> = vec![None; table.entries()];
    for ranks in table.ranks(missing, Ties::Average) {
        let ranked = ranks.iter().flatten().count() as f64;
        for (points, rank) in points.iter_mut().zip(&ranks) {
            if let Some(rank) = rank {
                *points = Some(points.unwrap_or(0.0) + ranked - rank);
            }
        }
    }
    place(&points, true)
}

/// One number per entry from the ranks that it has; none for an entry without ranks.
fn over_metrics(
    table: &Table,
    missing: Missing,
    ties: Ties,
    aggregate: impl Fn(&mut [f64]) -> f64,
) -> Vec<Option<f64>> {
    let ranks = table.ranks(missing, ties);
    (0..table.entries())
        .map(|entry| {
            let mut own: Vec<f64> = ranks.iter().filter_map(|column| column[entry]).collect();
            (!own.is_empty()).then(|| aggregate(&mut own))
        })
        .collect()
}

/// The mean; the values must not be empty.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The median, the mean of the middle two when they are even; the values must not be empty.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
