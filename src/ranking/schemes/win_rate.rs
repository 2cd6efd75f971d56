//! The mean win rate: how often an entry beats a random other one.

use sdk::sum::Sum;

use super::table::{Missing, Table};
use super::{Placing, place};

/// The share of the other entries that an entry beats, ties counting half, averaged over the metrics; more is better.
///
/// A metric with fewer than two values has no winners and is left out; an entry that is left with no metric is not ranked,
/// so a leaderboard of one has no win rates.
/// With [`Missing::WorstRank`] a missing value loses to every value and ties with the other missing ones.
/// With [`Missing::Skipped`] this is the mean win rate of HELM (`summarize.py`).
pub fn win_rate(table: &Table, missing: Missing) -> Vec<Option<Placing>> {
    let mut rates: Vec<Vec<(usize, usize)>> = vec![Vec::new(); table.entries()];
    for column in table.columns() {
        let values = table.visible(column, missing);
        let mut sorted: Vec<f64> = values.iter().flatten().map(|value| value + 0.0).collect();
        sorted.sort_by(f64::total_cmp);
        let absent = if missing == Missing::WorstRank { values.len() - sorted.len() } else { 0 };
        let opponents = (sorted.len() + absent).saturating_sub(1);
        if opponents == 0 {
            continue;
        }
        for (rates, value) in rates.iter_mut().zip(&values) {
            let (beaten, tied) = match value {
                Some(value) => {
                    let below = sorted.partition_point(|other| other < value);
                    let not_above = sorted.partition_point(|other| other <= value);
                    let beaten = if column.higher_is_better() { below } else { sorted.len() - not_above };
                    (beaten + absent, not_above - below - 1)
                }
                None if missing == Missing::WorstRank => (0, absent - 1),
                None => continue,
            };
            rates.push((2 * beaten + tied, 2 * opponents));
        }
    }
    let means: Vec<Option<f64>> = rates.iter().map(|rates| mean(rates)).collect();
    place(&means, true)
}

/// The mean of fractions to the last digit, so that rates that are equal as fractions tie.
fn mean(fractions: &[(usize, usize)]) -> Option<f64> {
    let mut sum = Sum::default();
    for (numerator, denominator) in fractions {
        let (numerator, denominator) = (*numerator as f64, (denominator * fractions.len()) as f64);
        let quotient = numerator / denominator;
        sum.add(quotient);
        sum.add((-quotient).mul_add(denominator, numerator) / denominator);
    }
    (!fractions.is_empty()).then(|| sum.total())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemes::Column;

    fn scores(values: &[Option<f64>], missing: Missing) -> Vec<Option<f64>> {
        let table = Table::new(vec![Column::new(values.to_vec(), true).unwrap()]).unwrap();
        win_rate(&table, missing).iter().map(|placing| placing.map(|placing| placing.score)).collect()
    }

    #[test]
    fn a_missing_value_loses_to_every_value_where_it_takes_the_worst_rank() {
        let values = [Some(0.4), None, Some(0.2), None, Some(0.4)];
        assert_eq!(
            scores(&values, Missing::WorstRank),
            [Some(3.5 / 4.0), Some(0.125), Some(0.5), Some(0.125), Some(3.5 / 4.0)]
        );
        assert_eq!(scores(&values, Missing::Skipped), [Some(0.75), None, Some(0.0), None, Some(0.75)]);
    }

    #[test]
    fn nobody_wins_alone() {
        assert_eq!(scores(&[Some(0.4)], Missing::Unranked), [None]);
        assert_eq!(scores(&[Some(0.4), None], Missing::Skipped), [None, None]);
        assert_eq!(scores(&[], Missing::Skipped), []);
    }
}
