//! S4, task convergence: whether submissions gather on fewer tasks, whether tasks come from elsewhere, and how much the choice of
//! tasks changes from edition to edition.

use std::collections::{BTreeMap, BTreeSet};

use crate::framing::divergence::jensen_shannon;
use crate::measure::Reading;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Edition, Outcome, Snapshot};

/// Scored submissions of an edition by task lineage; tasks without any count as 0.
pub(super) fn by_lineage<'s>(snapshot: &'s Snapshot, edition: &'s Edition) -> BTreeMap<&'s str, f64> {
    let mut counts: BTreeMap<&str, f64> =
        snapshot.tasks_of(edition).map(|task| (task.lineage.as_str(), 0.0)).collect();
    for submission in snapshot.submissions.iter().filter(|submission| submission.outcome == Outcome::Scored) {
        if let Some(task) = snapshot.task(&submission.task).filter(|task| task.edition == edition.id) {
            *counts.entry(&task.lineage).or_insert(0.0) += 1.0;
        }
    }
    counts
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let counted: Vec<BTreeMap<&str, f64>> =
        snapshot.editions.iter().map(|edition| by_lineage(snapshot, edition)).collect();
    for (edition, counts) in snapshot.editions.iter().zip(&counted) {
        let tasks: Vec<_> = snapshot.tasks_of(edition).collect();
        let n = tasks.len();
        if let Some(spread) = Concentration::of(counts.values().copied()) {
            for (statistic, value) in [
                ("gini", Some(spread.gini())),
                ("gini_corrected", spread.gini_corrected()),
                ("hhi", Some(spread.herfindahl())),
                ("hhi_normalised", spread.herfindahl_normalised()),
                ("largest_1", Some(spread.largest(1))),
                ("effective_number", Some(spread.effective_number())),
            ] {
                panel.push(Reading::exact(statistic, n, value).of("edition", &edition.id));
            }
        }
        let borrowed = tasks.iter().filter(|task| task.borrowed).count();
        panel.push(
            Reading::exact("borrowed_share", n, share_of(borrowed as f64, n as f64))
                .of("edition", &edition.id),
        );
    }
    for (editions, counts) in snapshot.editions.windows(2).zip(counted.windows(2)) {
        let tasks: BTreeSet<&str> = counts.iter().flat_map(|counts| counts.keys().copied()).collect();
        let [first, second] = [&counts[0], &counts[1]].map(|counts| {
            tasks.iter().map(|task| counts.get(task).copied().unwrap_or(0.0)).collect::<Vec<f64>>()
        });
        // Counts are finite, from 0 on, and equally many.
        let divergence = jensen_shannon(&first, &second).ok().flatten();
        let reading = Reading::exact("divergence_bits", tasks.len(), divergence);
        panel.push(reading.of("edition", &editions[0].id).of("next", &editions[1].id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{task, three_editions};

    #[test]
    fn other_tasks_are_a_whole_bit_away() {
        let mut records = three_editions();
        records.tasks[1].lineage = "queries".into();
        records.tasks.push(task("2024/forecasting", "2024", "forecasting"));
        records.tasks[3].borrowed = true;
        records.team("red", &[]);
        for edition in ["2023", "2024", "2025"] {
            records.enter("red", edition);
            records.submit("red", edition, &format!("{edition}-04-01"), 0.5);
        }
        let value = compute("S4", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, edition: &str| {
            let found =
                value.readings.iter().find(|one| one.statistic == statistic && one.of["edition"] == edition);
            found.unwrap().value()
        };
        assert_eq!((of("divergence_bits", "2023"), of("borrowed_share", "2024")), (Some(1.0), Some(0.5)));
        assert_eq!(
            (of("gini", "2024"), of("gini_corrected", "2024"), of("gini_corrected", "2025")),
            (Some(0.5), Some(1.0), None)
        );
    }
}
