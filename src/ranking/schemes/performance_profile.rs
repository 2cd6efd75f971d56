//! Performance profiles: on what share of the tasks an entry is within a factor of the best.
//!
//! Dolan and Moré 2002 (Mathematical Programming 91); the score is the normalised integral that AlgoPerf ranks by
//! (`scoring/performance_profile.py`).

use crate::refusal::{Refusal, within};

use super::table::Table;
use super::{Placing, place};

/// Which factors are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileRange {
    /// The largest factor; what is further from the best counts as never reached. Above 1.
    pub tau_max: f64,
    /// At how many factors, evenly from 1 to `tau_max`, the profile is taken. At least 2.
    pub points: usize,
}

impl Default for ProfileRange {
    /// Up to four times the best, at 100 points, as AlgoPerf does.
    fn default() -> Self {
        Self { tau_max: 4.0, points: 100 }
    }
}

/// The profiles of all entries and the order they give.
#[derive(Debug, Clone, PartialEq)]
pub struct Profiles {
    /// The factors, from 1 to `tau_max`.
    pub taus: Vec<f64>,
    /// The share of tasks within each factor, as `[entry][tau]`; never falling along a row.
    pub rho: Vec<Vec<f64>>,
    /// The trapezoid integral of each profile divided by `tau_max - 1` (0..=1), and the rank by it.
    pub placings: Vec<Option<Placing>>,
}

/// The profiles of a table whose columns are tasks.
///
/// The factor of a value is value / best where less is better (a time) and best / value where more is.
/// A missing value is never within any factor.
/// Values must be positive, because factors of others mean nothing.
pub fn performance_profile(table: &Table, range: ProfileRange) -> Result<Profiles, Refusal> {
    within("tau_max", range.tau_max.is_finite() && range.tau_max > 1.0, "a finite number above 1")?;
    within("points", range.points >= 2, "at least 2")?;
    let mut factors = vec![Vec::with_capacity(table.columns().len()); table.entries()];
    for column in table.columns() {
        let values = column.values();
        within(
            "values of a performance profile",
            values.iter().flatten().all(|value| *value > 0.0),
            "positive",
        )?;
        let best = values.iter().flatten().copied().reduce(if column.higher_is_better() {
            f64::max
        } else {
            f64::min
        });
        for (factors, value) in factors.iter_mut().zip(values) {
            factors.push(match (value, best) {
                (Some(value), Some(best)) if column.higher_is_better() => best / value,
                (Some(value), Some(best)) => value / best,
                _ => f64::INFINITY,
            });
        }
    }
    let step = (range.tau_max - 1.0) / (range.points - 1) as f64;
    let taus: Vec<f64> = (0..range.points)
        .map(|point| if point + 1 == range.points { range.tau_max } else { 1.0 + point as f64 * step })
        .collect();
    let tasks = table.columns().len() as f64;
    let rho: Vec<Vec<f64>> = factors
        .iter()
        .map(|factors| {
            let within_factor =
                |tau: &f64| factors.iter().filter(|factor| *factor <= tau).count() as f64 / tasks;
            taus.iter().map(within_factor).collect()
        })
        .collect();
    let scores: Vec<Option<f64>> = rho
        .iter()
        .map(|rho| {
            let area: f64 = rho
                .windows(2)
                .zip(taus.windows(2))
                .map(|(rho, tau)| (tau[1] - tau[0]) * (rho[0] + rho[1]) / 2.0)
                .sum();
            Some(area / (range.tau_max - 1.0))
        })
        .collect();
    Ok(Profiles { placings: place(&scores, true), taus, rho })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schemes::Column;

    #[test]
    fn an_entry_is_within_a_factor_of_the_best() {
        let seconds = Column::new(vec![Some(10.0), Some(20.0), Some(50.0), None], false).unwrap();
        let accuracy = Column::new(vec![Some(0.3), Some(0.9), Some(0.9), Some(0.45)], true).unwrap();
        let table = Table::new(vec![seconds, accuracy]).unwrap();
        let profiles = performance_profile(&table, ProfileRange { tau_max: 4.0, points: 4 }).unwrap();
        assert_eq!(profiles.taus, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(profiles.rho[0], [0.5, 0.5, 1.0, 1.0]);
        assert_eq!(profiles.rho[1], [0.5, 1.0, 1.0, 1.0]);
        assert_eq!(profiles.rho[2], [0.5, 0.5, 0.5, 0.5]);
        assert_eq!(profiles.rho[3], [0.0, 0.5, 0.5, 0.5]);
        let placed: Vec<_> =
            profiles.placings.iter().flatten().map(|placing| (placing.score, placing.rank)).collect();
        assert_eq!(placed, [(2.25 / 3.0, 2), (2.75 / 3.0, 1), (0.5, 3), (1.25 / 3.0, 4)]);
    }

    #[test]
    fn factors_of_nothing_are_refused() {
        let table = Table::new(vec![Column::new(vec![Some(0.0), Some(1.0)], false).unwrap()]).unwrap();
        assert!(performance_profile(&table, ProfileRange::default()).is_err());
        let table = Table::new(vec![Column::new(vec![Some(1.0)], false).unwrap()]).unwrap();
        assert!(performance_profile(&table, ProfileRange { tau_max: 1.0, points: 100 }).is_err());
        assert!(performance_profile(&table, ProfileRange { tau_max: 4.0, points: 1 }).is_err());
    }
}
