//! P1, submission concentration: how unequally scored submissions are spread over teams.

use crate::measure::Reading;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        over_teams(panel, &snapshot.scored_by_entry(edition, None), |reading| {
            reading.of("edition", &edition.id)
        });
        let tasks: Vec<_> = snapshot.tasks_of(edition).collect();
        if tasks.len() > 1 {
            for task in tasks {
                let counts = snapshot.scored_by_entry(edition, Some(&task.id));
                over_teams(panel, &counts, |reading| reading.of("edition", &edition.id).of("task", &task.id));
            }
        }
    }
}

/// Over the teams that have a scored submission, and over all that are registered.
///
/// Both count as standing on the active teams: among thirty silent teams, two active ones could be read off.
fn over_teams(panel: &mut Panel, counts: &[u64], of: impl Fn(Reading) -> Reading) {
    let active: Vec<f64> = counts.iter().filter(|count| **count > 0).map(|count| *count as f64).collect();
    let registered = counts.iter().map(|count| *count as f64);
    let n = active.len();
    let spreads = [("active", Concentration::of(active)), ("registered", Concentration::of(registered))];
    for (over, spread) in spreads {
        if let Some(spread) = spread {
            for reading in readings(&spread, n) {
                panel.push(of(reading).of("over", over));
            }
        }
    }
}

/// All that is said of a spread; `n` is what it stands on.
pub(crate) fn readings(spread: &Concentration, n: usize) -> Vec<Reading> {
    vec![
        Reading::exact("units", n, spread.units() as f64),
        Reading::exact("total", n, spread.total()),
        Reading::exact("gini", n, spread.gini()),
        Reading::exact("gini_corrected", n, spread.gini_corrected()),
        Reading::exact("hhi", n, spread.herfindahl()),
        Reading::exact("hhi_normalised", n, spread.herfindahl_normalised()),
        Reading::exact("largest_1", n, spread.largest(1)),
        Reading::exact("largest_3", n, spread.largest(3)),
        Reading::exact("entropy_bits", n, spread.entropy_bits()),
        Reading::exact("effective_number", n, spread.effective_number()),
    ]
}

#[cfg(test)]
mod tests {
    use crate::measure::Quantity;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    fn snapshot(active: usize) -> Snapshot {
        let mut records = three_editions();
        for team in 0..14 {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            for _ in 0..(if team < active { team + 1 } else { 0 }) {
                records.submit(&id, "2024", "2024-04-01", 0.5);
            }
        }
        Snapshot::new(records).unwrap()
    }

    #[test]
    fn nine_active_teams_are_too_few() {
        let value = compute("P1", &snapshot(9), &Parameters::default()).unwrap();
        assert!(!value.readings.is_empty());
        assert!(value.readings.iter().all(|one| one.quantity == Quantity::Suppressed { fewer_than: 10 }));
    }

    #[test]
    fn silent_teams_count_among_all_that_are_registered() {
        let value = compute("P1", &snapshot(10), &Parameters::default()).unwrap();
        let of = |over: &str, statistic: &str| {
            let reading =
                value.readings.iter().find(|one| one.of["over"] == over && one.statistic == statistic);
            reading.unwrap().value().unwrap()
        };
        // 1 to 10: the Gini coefficient of 1..=n is (n - 1) / 3n; zeros add their share of the units.
        assert!((of("active", "gini") - 0.3).abs() < 1e-12);
        assert!((of("registered", "gini") - (4.0 + 10.0 * 0.3) / 14.0).abs() < 1e-12);
        assert_eq!((of("active", "total"), of("registered", "units")), (55.0, 14.0));
        assert!((of("active", "largest_3") - 27.0 / 55.0).abs() < 1e-12);
    }
}
