//! The weighted mean of normalised metrics.

use crate::refusal::{Refusal, all_finite, same_length, within};

use super::table::{Missing, Table};
use super::{Placing, place};

/// How a metric counts: its two ends and its weight.
///
/// The ends are declared and not taken from the entries, so that a new entry never changes the order of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normalisation {
    /// The value that counts 0.
    pub worst: f64,
    /// The value that counts 1; smaller than `worst` where less is better.
    pub best: f64,
    /// The weight relative to the other metrics; not negative.
    pub weight: f64,
}

/// Every value mapped to 0..=1 between its metric's ends (values beyond an end count as the end), averaged by weight; more is better.
///
/// With [`Missing::WorstRank`] a missing value counts 0; with [`Missing::Skipped`] the weights of the metrics at hand count,
/// and an entry whose metrics have no weight is not ranked.
/// Refused are weights that are negative or all zero, and a best end that is not on the better side of the worst.
pub fn weighted_mean(
    table: &Table,
    normalisations: &[Normalisation],
    missing: Missing,
) -> Result<Vec<Option<Placing>>, Refusal> {
    same_length("normalisations", table.columns().len(), normalisations.len())?;
    let weights: Vec<f64> = normalisations.iter().map(|normalisation| normalisation.weight).collect();
    all_finite("weights", &weights)?;
    within("weights", weights.iter().all(|weight| *weight >= 0.0), "not negative")?;
    within("weights", weights.iter().any(|weight| *weight > 0.0), "positive for at least one metric")?;
    for (column, ends) in table.columns().iter().zip(normalisations) {
        all_finite("ends of a metric", &[ends.worst, ends.best])?;
        let is_ordered =
            if column.higher_is_better() { ends.best > ends.worst } else { ends.best < ends.worst };
        within("best end of a metric", is_ordered, "on the better side of the worst end")?;
    }
    let mut sums = vec![(0.0, 0.0); table.entries()];
    for (column, ends) in table.columns().iter().zip(normalisations) {
        for ((sum, weight), value) in sums.iter_mut().zip(table.visible(column, missing)) {
            let normalised = match value {
                Some(value) => ((value - ends.worst) / (ends.best - ends.worst)).clamp(0.0, 1.0),
                None if missing == Missing::WorstRank => 0.0,
                None => continue,
            };
            *sum += ends.weight * normalised;
            *weight += ends.weight;
        }
    }
    let means: Vec<Option<f64>> =
        sums.iter().map(|(sum, weight)| (*weight > 0.0).then(|| sum / weight)).collect();
    Ok(place(&means, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemes::Column;

    fn table() -> Table {
        let accuracy = Column::new(vec![Some(0.75), Some(0.5), None], true).unwrap();
        let error = Column::new(vec![Some(30.0), Some(10.0), Some(0.0)], false).unwrap();
        Table::new(vec![accuracy, error]).unwrap()
    }

    fn ends(worst: f64, best: f64, weight: f64) -> Normalisation {
        Normalisation { worst, best, weight }
    }

    fn scores(missing: Missing) -> Vec<Option<f64>> {
        let placings =
            weighted_mean(&table(), &[ends(0.0, 1.0, 3.0), ends(20.0, 0.0, 1.0)], missing).unwrap();
        placings.iter().map(|placing| placing.map(|placing| placing.score)).collect()
    }

    #[test]
    fn values_count_between_their_ends_and_by_weight() {
        assert_eq!(scores(Missing::Unranked), [Some(2.25 / 4.0), Some(2.0 / 4.0), None]);
        assert_eq!(scores(Missing::WorstRank)[2], Some(0.25));
        assert_eq!(scores(Missing::Skipped)[2], Some(1.0));
    }

    #[test]
    fn wrong_weights_and_ends_are_refused() {
        let refused = |first, second| {
            weighted_mean(&table(), &[first, second], Missing::Unranked).unwrap_err().to_string()
        };
        assert_eq!(refused(ends(0.0, 1.0, -1.0), ends(20.0, 0.0, 1.0)), "weights must be not negative");
        assert_eq!(
            refused(ends(0.0, 1.0, 0.0), ends(20.0, 0.0, 0.0)),
            "weights must be positive for at least one metric"
        );
        assert_eq!(
            refused(ends(0.0, 1.0, 1.0), ends(0.0, 20.0, 1.0)),
            "best end of a metric must be on the better side of the worst end"
        );
        assert!(weighted_mean(&table(), &[ends(0.0, 1.0, 1.0)], Missing::Unranked).is_err());
    }
}
