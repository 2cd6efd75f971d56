//! P8, submission-to-team ratio: scored submissions per active team, and how much of the limit is used.

use crate::measure::Reading;
use crate::measures::statistics::quantiles::{mean, quantile};
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let counts = active(&snapshot.scored_by_entry(edition, None));
        for (statistic, value) in [
            ("mean", mean(&counts)),
            ("median", quantile(&counts, 0.5)),
            ("percentile_90", quantile(&counts, 0.9)),
        ] {
            panel.push(Reading::exact(statistic, counts.len(), value).of("edition", &edition.id));
        }
        for task in snapshot.tasks_of(edition) {
            let Some(limit) = task.submission_limit.filter(|limit| *limit > 0) else { continue };
            let counts = active(&snapshot.scored_by_entry(edition, Some(&task.id)));
            let used = mean(&counts).map(|mean| mean / f64::from(limit));
            let reading = Reading::exact("share_of_limit", counts.len(), used);
            panel.push(reading.of("edition", &edition.id).of("task", &task.id));
        }
    }
}

fn active(counts: &[u64]) -> Vec<f64> {
    counts.iter().filter(|count| **count > 0).map(|count| *count as f64).collect()
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn silent_teams_are_not_counted() {
        let mut records = three_editions();
        records.tasks[1].submission_limit = Some(20);
        for team in 0..12 {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            for _ in 0..team {
                records.submit(&id, "2024", "2024-04-01", 0.5);
            }
        }
        let value = compute("P8", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            let found =
                value.readings.iter().find(|one| one.of["edition"] == "2024" && one.statistic == statistic);
            (found.unwrap().n, found.unwrap().value().unwrap())
        };
        // 1 to 11.
        assert_eq!((of("mean"), of("median"), of("percentile_90")), ((11, 6.0), (11, 6.0), (11, 10.0)));
        assert_eq!(of("share_of_limit"), (11, 0.3));
    }
}
