//! S5, task survival: over how many editions tasks are held, and how many of those that ended did so by a decision.

use std::collections::BTreeSet;

use crate::measure::{Quantity, Reading};
use crate::measures::participation::editions_of;
use crate::measures::statistics::survival::kaplan_meier;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

/// The task lineages of every edition.
pub(super) fn lineages(snapshot: &Snapshot) -> Vec<BTreeSet<&str>> {
    snapshot
        .editions
        .iter()
        .map(|edition| snapshot.tasks_of(edition).map(|task| task.lineage.as_str()).collect())
        .collect()
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let editions = lineages(snapshot);
    for step in kaplan_meier(&editions_of(&editions)) {
        let survival = Quantity::Estimated { value: step.survival, lower: step.lower, upper: step.upper };
        panel.push(Reading::new("survival", step.at_risk, survival).of("editions", step.time.to_string()));
    }
    let there: BTreeSet<&str> = editions.last().into_iter().flatten().copied().collect();
    let retired: BTreeSet<&str> =
        editions.iter().flatten().copied().filter(|lineage| !there.contains(lineage)).collect();
    let decided: BTreeSet<&str> = snapshot
        .tasks
        .iter()
        .filter(|task| task.retired_by.is_some() && retired.contains(task.lineage.as_str()))
        .map(|task| task.lineage.as_str())
        .collect();
    let n = retired.len();
    panel.push(Reading::exact("retired", n, n as f64));
    panel.push(Reading::exact("retired_by_decision", n, decided.len() as f64));
    panel.push(Reading::exact("retired_by_decision_share", n, share_of(decided.len() as f64, n as f64)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, decision, task, three_editions};

    #[test]
    fn a_task_that_is_not_held_any_more_was_retired() {
        let mut records = three_editions();
        records.decisions.push(decision("d", None));
        for (id, edition, lineage) in
            [("a", "2023", "a"), ("b", "2023", "b"), ("b2", "2024", "b"), ("c", "2025", "c")]
        {
            records.tasks.push(task(id, edition, lineage));
        }
        records.tasks[5].retired_by = Some("d".into());
        records.as_of = at("2025-12-31");
        let value = compute("S5", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let found: Vec<(&str, f64)> =
            value.readings.iter().map(|one| (one.statistic.as_str(), one.value().unwrap())).collect();
        // Of four, a ends after one edition; of those left, b after two.
        let expected = [
            ("survival", 0.75),
            ("survival", 0.375),
            ("retired", 2.0),
            ("retired_by_decision", 1.0),
            ("retired_by_decision_share", 0.5),
        ];
        assert_eq!(found, expected);
    }
}
