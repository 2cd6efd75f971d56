//! The running best of a task: which public scores were better than all before them.
//!
//! Scores compare only under the same annotations and the same metric; a change begins a new stretch.
//! Editions of one task lineage are one stretch as long as neither changes.

use std::collections::BTreeMap;

use domain::Timestamp;

use crate::snapshot::Snapshot;

/// A public score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score<'s> {
    /// When it was sent.
    pub at: Timestamp,
    /// Who sent it.
    pub team: &'s str,
    /// The score.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// A score that was better than all before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record<'s> {
    /// The score.
    pub score: Score<'s>,
    /// By how much it was better than the record before, above 0; none for the first.
    pub gain: Option<f64>,
    /// Whether it lies beyond the interval of the record before; none for the first and where no interval is known.
    pub is_beyond_chance: Option<bool>,
}

/// The records of one comparable stretch of a task lineage.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder<'s> {
    /// The task lineage.
    pub lineage: &'s str,
    /// The metric.
    pub metric: &'s str,
    /// The digest of the annotations.
    pub annotations: &'s str,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// How many scores there were.
    pub scores: usize,
    /// The records, the earliest first.
    pub records: Vec<Record<'s>>,
}

/// The records among scores; of two scores at one moment the first given comes first. What only equals a record is none.
pub fn ladder<'s>(scores: &[Score<'s>], higher_is_better: bool) -> Vec<Record<'s>> {
    let mut in_time = scores.to_vec();
    in_time.sort_by_key(|score| score.at);
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    let mut records: Vec<Record<'s>> = Vec::new();
    for score in in_time {
        let Some(best) = records.last().map(|record| record.score) else {
            records.push(Record { score, gain: None, is_beyond_chance: None });
            continue;
        };
        let gain = sign * (score.value - best.value);
        if gain > 0.0 {
            let is_beyond_chance =
                best.interval.map(
                    |(lower, upper)| {
                        if higher_is_better { score.value > upper } else { score.value < lower }
                    },
                );
            records.push(Record { score, gain: Some(gain), is_beyond_chance });
        }
    }
    records
}

/// The ladders of all comparable stretches of a snapshot; of two scores at one moment that which stands first in the records.
pub fn ladders(snapshot: &Snapshot) -> Vec<Ladder<'_>> {
    let mut stretches: BTreeMap<(&str, &str, &str, bool), Vec<Score<'_>>> = BTreeMap::new();
    for submission in &snapshot.submissions {
        let (Some(value), Some(task), Some(team)) =
            (submission.public_score(), snapshot.task(&submission.task), snapshot.team_of(submission))
        else {
            continue;
        };
        let stretch = (
            task.lineage.as_str(),
            submission.metric.as_str(),
            submission.annotations.as_str(),
            task.higher_is_better,
        );
        let score = Score { at: submission.submitted_at, team, value, interval: submission.interval };
        stretches.entry(stretch).or_default().push(score);
    }
    stretches
        .into_iter()
        .map(|((lineage, metric, annotations, higher_is_better), scores)| {
            let records = ladder(&scores, higher_is_better);
            Ladder { lineage, metric, annotations, higher_is_better, scores: scores.len(), records }
        })
        .collect()
}

impl Ladder<'_> {
    /// The reading, of this stretch.
    pub(super) fn label(&self, reading: crate::measure::Reading) -> crate::measure::Reading {
        reading.of("task", self.lineage).of("metric", self.metric).of("annotations", self.annotations)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::snapshot::sample::{at, three_editions};

    fn score(second: i64, value: f64) -> Score<'static> {
        Score {
            at: at("2024-01-01").plus_seconds(second),
            team: "t",
            value,
            interval: Some((value - 1.0, value + 1.0)),
        }
    }

    #[test]
    fn less_can_be_better() {
        let records = ladder(&[score(0, 5.0), score(1, 5.0), score(2, 4.5), score(3, 3.0)], false);
        let found: Vec<_> =
            records.iter().map(|one| (one.score.value, one.gain, one.is_beyond_chance)).collect();
        assert_eq!(found, [(5.0, None, None), (4.5, Some(0.5), Some(false)), (3.0, Some(1.5), Some(true))]);
    }

    #[test]
    fn other_annotations_are_another_stretch_and_another_edition_is_not() {
        let mut records = three_editions();
        records.team("red", &[]);
        records.enter("red", "2023");
        records.enter("red", "2024");
        records.submit("red", "2023", "2023-04-01", 0.7);
        records.submit("red", "2024", "2024-04-01", 0.6);
        records.submit("red", "2024", "2024-04-02", 0.5).annotations = "corrected".into();
        records.submit("red", "2024", "2024-04-03", 0.9).is_public = false;
        let snapshot = Snapshot::new(records).unwrap();
        let found: Vec<_> =
            ladders(&snapshot).iter().map(|one| (one.annotations, one.scores, one.records.len())).collect();
        assert_eq!(found, [("corrected", 1, 1), ("digest", 2, 1)]);
    }

    proptest! {
        #[test]
        fn a_record_is_better_than_all_before_it(values in prop::collection::vec(0_u8..20, 0..20)) {
            let scores: Vec<Score<'_>> =
                values.iter().enumerate().map(|(second, value)| score(second as i64, f64::from(*value))).collect();
            let found: Vec<f64> = ladder(&scores, true).iter().map(|record| record.score.value).collect();
            let twin: Vec<f64> = (0..values.len())
                .filter(|place| values[..*place].iter().all(|before| before < &values[*place]))
                .map(|place| f64::from(values[place]))
                .collect();
            prop_assert_eq!(found, twin);
        }
    }
}
