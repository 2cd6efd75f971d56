//! P9, hidden tries and retraction: how much of what a team sends is not shown, and by how much what it shows is its best.
//!
//! Per team this is restricted; here are the numbers over all teams of an edition.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::{mean, median};
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Outcome, Snapshot};

type Scores = (Vec<f64>, Option<f64>);

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let mut tries: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        // By task and team: all scores, and the best that is shown; more is better here.
        let mut scores: BTreeMap<(&str, &str), Scores> = BTreeMap::new();
        for submission in snapshot.submissions_of(edition) {
            let Some(score) = submission.score.filter(|_| submission.outcome == Outcome::Scored) else {
                continue;
            };
            let sign = if snapshot.task(&submission.task).is_none_or(|task| task.higher_is_better) {
                1.0
            } else {
                -1.0
            };
            let shown = submission.public_score().map(|score| sign * score);
            let team = tries.entry(&submission.registration).or_default();
            *team = (team.0 + f64::from(u8::from(shown.is_none())), team.1 + 1.0);
            let own = scores.entry((&submission.task, &submission.registration)).or_default();
            own.0.push(sign * score);
            own.1 = [own.1, shown].into_iter().flatten().reduce(f64::max);
        }
        let shares: Vec<f64> = tries.values().map(|(hidden, all)| hidden / all).collect();
        let of = |reading: Reading| reading.of("edition", &edition.id);
        panel.push(of(Reading::exact("mean_hidden_share", shares.len(), mean(&shares))));
        panel.push(of(Reading::exact("median_hidden_share", shares.len(), median(&shares))));
        for task in snapshot.tasks_of(edition) {
            let of_task = scores.iter().filter(|((of, _), _)| *of == task.id);
            let gaps: Vec<f64> = of_task.filter_map(|(_, (own, best))| best_of_n_gap(own, *best)).collect();
            panel
                .push(of(Reading::exact("mean_best_of_n_gap", gaps.len(), mean(&gaps))).of("task", &task.id));
        }
    }
}

/// What a team shows at best minus the median of all it has; none with fewer than two scores or nothing shown.
fn best_of_n_gap(scores: &[f64], shown: Option<f64>) -> Option<f64> {
    (scores.len() > 1).then_some(())?;
    Some(shown? - median(scores)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, three_editions};

    #[test]
    fn what_was_taken_back_was_a_try() {
        let mut records = three_editions();
        records.tasks[1].higher_is_better = false;
        for team in 0..10 {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            // Errors 4, 2, 1, 1: the third is hidden, the last is taken back by every other team.
            records.submit(&id, "2024", "2024-04-01", 4.0);
            records.submit(&id, "2024", "2024-04-02", 2.0);
            records.submit(&id, "2024", "2024-04-03", 1.0).is_public = false;
            let last = records.submit(&id, "2024", "2024-04-04", 1.0);
            last.retracted_at = (team % 2 == 0).then(|| at("2024-04-05"));
        }
        let value = compute("P9", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            let found =
                value.readings.iter().find(|one| one.of["edition"] == "2024" && one.statistic == statistic);
            found.unwrap().value().unwrap()
        };
        assert_eq!((of("mean_hidden_share"), of("median_hidden_share")), (0.375, 0.375));
        // The median error is 1.5; half of the teams show 2, half show 1.
        assert_eq!(of("mean_best_of_n_gap"), 0.0);
        assert_eq!(best_of_n_gap(&[1.0], Some(1.0)), None);
        assert_eq!(best_of_n_gap(&[1.0, 2.0], None), None);
        assert_eq!(best_of_n_gap(&[1.0, 2.0, 6.0], Some(6.0)), Some(4.0));
    }
}
