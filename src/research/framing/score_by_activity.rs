//! F6: the score inside each activity.
//!
//! The same evidence, weighted by the activity: no prediction is read again.
//! Fine results leak labels: whoever submits often and sees scores by activity learns which items an activity has.
//! So an activity with fewer than ten instances has no result, results are rounded as the leaderboard's, and the caller shows
//! them only after the edition has closed.

use ndarray::ArrayView1;
use ranking::draws::Key;
use ranking::interval::{Interval, percentile};
use ranking::level::{Level, LevelError, Replications};
use ranking::replicates::{ReplicateError, replicates_of_all};
use ranking::resampling::{Resampling, ResamplingError};
use sdk::{Evidence, Limits};
use serde::Serialize;

use super::activities::Activities;

/// The fewest instances of an activity that has a result.
pub const LEAST_INSTANCES: usize = 10;

/// The fewest instances of an activity that counts for the gap: fewer say more of chance than of the activity.
pub const LEAST_INSTANCES_OF_GAP: usize = 30;

/// How intervals are drawn and results rounded.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The key of the split's draws.
    pub key: Key,
    /// How many replicates are drawn.
    pub replications: Replications,
    /// The level of the intervals.
    pub level: Level,
    /// The digits after the point of the leaderboard.
    pub decimals: u8,
}

/// The score of an entry in an activity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ActivityScore {
    /// How many items show the activity.
    pub instances: usize,
    /// The score, rounded; absent where the metric is undefined.
    pub value: Option<f64>,
    /// Where the score lies, rounded outwards; absent where chance has nothing to vary or too much.
    pub interval: Option<Interval>,
}

/// Why there are no scores by activity.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ActivityScoreError {
    /// The evidence has no metric of that name.
    #[error("the evidence has no metric {name:?}")]
    Metric {
        /// The name.
        name: String,
    },
    /// The items cannot be drawn.
    #[error(transparent)]
    Resampling(#[from] ResamplingError),
    /// The replicates cannot be drawn.
    #[error(transparent)]
    Replicates(#[from] ReplicateError),
    /// The level does not fit the number of replicates.
    #[error(transparent)]
    Level(#[from] LevelError),
}

/// The scores of entries in every activity, as `[entry][activity]`; absent where the activity has fewer than
/// [`LEAST_INSTANCES`] instances.
///
/// `split` is what the scores are of: its weights count besides those of the activities, and its units are drawn whole, not
/// stratified any more.
/// All entries share the draws of an activity, so that their intervals compare.
///
/// # Errors
/// An unknown metric, evidence of other items, a level that does not fit the replications, and a halt by the limits.
pub fn score_by_activity(
    evidence: &[&Evidence],
    metric: &str,
    split: &Resampling,
    activities: &Activities,
    terms: &Terms,
    limits: &Limits,
) -> Result<Vec<Vec<Option<ActivityScore>>>, ActivityScoreError> {
    let unknown = || ActivityScoreError::Metric { name: metric.to_owned() };
    let positions: Vec<usize> = evidence
        .iter()
        .map(|evidence| evidence.metrics().iter().position(|known| known.name == metric).ok_or_else(unknown))
        .collect::<Result<_, _>>()?;
    let items = activities.items();
    if items != split.item_count() {
        return Err(ReplicateError::Items { expected: split.item_count(), found: items }.into());
    }
    // Items without weight in the split are never drawn, whatever unit they are said to be in.
    let units: Vec<u32> = (0..items).map(|item| split.unit(item).unwrap_or(0) as u32).collect();
    let mut found = vec![Vec::with_capacity(activities.len()); evidence.len()];
    for activity in 0..activities.len() {
        let weights = &activities.weights(activity) * &ArrayView1::from(split.weights());
        let instances = weights.iter().filter(|weight| **weight > 0.0).count();
        if instances < LEAST_INSTANCES {
            found.iter_mut().for_each(|scores| scores.push(None));
            continue;
        }
        let inside = Resampling::new(&weights.to_vec(), &units, None)?;
        let drawn = replicates_of_all(evidence, &inside, terms.key, terms.replications, limits)?;
        for (entry, scores) in found.iter_mut().enumerate() {
            let value = evidence[entry].score(weights.view()).get(metric).and_then(sdk::Score::value);
            let interval = match &drawn[entry][positions[entry]] {
                Some(replicates) => percentile(replicates, terms.level)?,
                None => None,
            };
            scores.push(Some(ActivityScore {
                instances,
                value: value.map(|value| rounded(value, terms.decimals, f64::round)),
                interval: interval.map(|interval| Interval {
                    lower: rounded(interval.lower, terms.decimals, f64::floor),
                    upper: rounded(interval.upper, terms.decimals, f64::ceil),
                }),
            }));
        }
    }
    Ok(found)
}

/// How far an entry's best and worst activity are apart, among those with at least [`LEAST_INSTANCES_OF_GAP`] instances;
/// absent where fewer than two are.
pub fn gap(scores: &[Option<ActivityScore>]) -> Option<f64> {
    let counted = scores.iter().flatten().filter(|score| score.instances >= LEAST_INSTANCES_OF_GAP);
    let values: Vec<f64> = counted.filter_map(|score| score.value).collect();
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| {
        (least.min(*value), most.max(*value))
    });
    (values.len() > 1).then_some(most - least)
}

/// By activity, the share of entries that do worst in it; entries that do equally badly in several are divided.
///
/// `scores` are as [`score_by_activity`] gives them; entries without any score are left out, and all shares are 0 without any.
pub fn shares_of_worst(scores: &[Vec<Option<ActivityScore>>], higher_is_better: bool) -> Vec<f64> {
    let mut shares = vec![0.0; scores.first().map_or(0, Vec::len)];
    let mut entries = 0_u32;
    for own in scores {
        let signed = |score: &Option<ActivityScore>| {
            score.and_then(|score| score.value).map(|value| if higher_is_better { value } else { -value })
        };
        let Some(worst) = own.iter().filter_map(signed).reduce(f64::min) else { continue };
        entries += 1;
        let at_worst: Vec<usize> = (0..own.len())
            .filter(|activity| signed(&own[*activity]).is_some_and(|value| value <= worst))
            .collect();
        for activity in &at_worst {
            shares[*activity] += 1.0 / at_worst.len() as f64;
        }
    }
    if entries > 0 {
        shares.iter_mut().for_each(|share| *share /= f64::from(entries));
    }
    shares
}

fn rounded(value: f64, decimals: u8, round: fn(f64) -> f64) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    // What is already a multiple is not pushed to the next one by the rounding of the product.
    let scaled = value * scale;
    let nearest = scaled.round();
    (if (scaled - nearest).abs() < 1e-9 { nearest } else { round(scaled) }) / scale
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;

    fn evidence(right: impl Fn(usize) -> bool) -> Evidence {
        let mut evidence = Evidence::new(60);
        let hits = Array2::from_shape_fn((60, 1), |(item, _)| f64::from(u8::from(right(item))));
        evidence.means(100.0, ["accuracy"], hits);
        evidence
    }

    fn activities(ends: &[usize]) -> Activities {
        let starts = [0].into_iter().chain(ends.iter().copied());
        let weights = starts.zip(ends).map(|(start, end)| {
            Array1::from_shape_fn(60, |item| f64::from(u8::from((start..*end).contains(&item))))
        });
        Activities::new((0..ends.len()).map(|n| format!("activity {n}")).collect(), weights.collect(), 60)
            .unwrap()
    }

    fn terms() -> Terms {
        let key = Key::derive("bootstrap", "a split", 1);
        Terms { key, replications: Replications::LIVE, level: Level::FIVE_PERCENT, decimals: 2 }
    }

    #[test]
    fn an_activity_has_the_score_of_its_items() {
        let split = Resampling::one_by_one(60).unwrap();
        // 30, 21 and 9 items: two in three, one in seven and none right.
        let team = evidence(|item| if item < 30 { item % 3 > 0 } else { item < 51 && item % 7 == 0 });
        let perfect = evidence(|_| true);
        let found = score_by_activity(
            &[&team, &perfect],
            "accuracy",
            &split,
            &activities(&[30, 51, 60]),
            &terms(),
            &Limits::default(),
        )
        .unwrap();
        let first = found[0][0].unwrap();
        assert_eq!((first.instances, first.value), (30, Some(66.67)));
        let interval = first.interval.unwrap();
        assert!(interval.lower < 60.0 && 70.0 < interval.upper, "{interval:?}");
        assert_eq!(found[0][1].unwrap().value, Some(14.29));
        assert_eq!((found[0][2], found[1][2]), (None, None), "nine instances say too much of their labels");
        assert_eq!(found[1][0].unwrap().interval, Some(Interval { lower: 100.0, upper: 100.0 }));
        assert_eq!(gap(&found[0]), None, "only one activity has 30 instances");
        assert_eq!(shares_of_worst(&found, true), [0.25, 0.75, 0.0]);
        assert_eq!(shares_of_worst(&found, false), [0.75, 0.25, 0.0]);
    }

    #[test]
    fn a_metric_that_does_not_exist_is_refused() {
        let split = Resampling::one_by_one(60).unwrap();
        let team = evidence(|_| true);
        let found =
            score_by_activity(&[&team], "recall", &split, &activities(&[60]), &terms(), &Limits::default());
        assert_eq!(found, Err(ActivityScoreError::Metric { name: "recall".into() }));
    }

    #[test]
    fn the_gap_is_between_activities_of_size() {
        let score = |instances, value| Some(ActivityScore { instances, value: Some(value), interval: None });
        assert_eq!(gap(&[score(30, 0.5), score(40, 0.25), score(29, 0.0), None]), Some(0.25));
        assert_eq!(gap(&[]), None);
        assert_eq!(shares_of_worst(&[], true), [] as [f64; 0]);
    }

    #[test]
    fn intervals_are_rounded_outwards() {
        assert_eq!(rounded(0.1234, 2, f64::floor), 0.12);
        assert_eq!(rounded(0.1234, 2, f64::ceil), 0.13);
        assert_eq!(rounded(0.29, 2, f64::floor), 0.29);
    }
}
