//! F6b: what an activity weighs in a metric, which is how much the task says that it matters.

use ndarray::ArrayView1;
use ranking::Refusal;
use sdk::Evidence;
use serde::Serialize;

use super::activities::Activities;
use super::divergence::check_amounts;
use super::profile::shares;
use super::score_by_activity::LEAST_INSTANCES;

/// How a metric makes one number of many (vocabulary `metric.aggregation`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aggregation<'a> {
    /// The mean over instances: an activity weighs its share of the instances.
    InstanceMean,
    /// The mean over classes: an activity weighs its share of the classes, given here by activity.
    ClassMacroMean(&'a [f64]),
    /// A ratio of sums: an activity weighs its share of the denominators, given here by activity.
    RatioOfSums(&'a [f64]),
    /// Not a sum of parts: an activity weighs what the metric loses without it.
    Corpus {
        /// The evidence of a submission; weights differ between submissions.
        evidence: &'a Evidence,
        /// The metric.
        metric: &'a str,
        /// What every item weighs in the split that is scored.
        split: &'a [f64],
    },
}

/// What an activity weighs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricWeight {
    /// A share of the metric, 0..=1; the shares of all activities sum to 1.
    Share(f64),
    /// The metric less the metric without the activity, in its own unit; these do not sum to anything.
    Loss(f64),
    /// Fewer than ten instances: it would say which items they are.
    TooFew,
    /// The metric is undefined with or without the activity, or there is nothing to share.
    Undefined,
}

/// The weight of every activity.
///
/// Refuses lists of another length than the activities, negative amounts, NaN and infinities.
pub fn metric_weights(
    activities: &Activities,
    aggregation: Aggregation<'_>,
) -> Result<Vec<MetricWeight>, Refusal> {
    let weights = match aggregation {
        Aggregation::InstanceMean => {
            let amounts: Vec<f64> =
                (0..activities.len()).map(|activity| activities.amount(activity)).collect();
            weights_of_shares(&amounts)
        }
        Aggregation::ClassMacroMean(amounts) | Aggregation::RatioOfSums(amounts) => {
            if amounts.len() != activities.len() {
                let (expected, found) = (activities.len(), amounts.len());
                return Err(Refusal::Length { what: "amounts by activity", expected, found });
            }
            check_amounts("amounts by activity", amounts)?;
            weights_of_shares(amounts)
        }
        Aggregation::Corpus { evidence, metric, split } => {
            let split = ArrayView1::from(split);
            let all = evidence.score(split).get(metric).and_then(sdk::Score::value);
            let loss = |activity| {
                let weights = &activities.weights_without(activity) * &split;
                let without = evidence.score(weights.view());
                match (all, without.get(metric).and_then(sdk::Score::value)) {
                    (Some(all), Some(without)) => MetricWeight::Loss(all - without),
                    _ => MetricWeight::Undefined,
                }
            };
            (0..activities.len()).map(loss).collect()
        }
    };
    let guarded = |(activity, weight)| {
        if activities.instances(activity) < LEAST_INSTANCES { MetricWeight::TooFew } else { weight }
    };
    Ok(weights.into_iter().enumerate().map(guarded).collect())
}

fn weights_of_shares(amounts: &[f64]) -> Vec<MetricWeight> {
    match shares(amounts) {
        Some(shares) => shares.into_iter().map(MetricWeight::Share).collect(),
        None => vec![MetricWeight::Undefined; amounts.len()],
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::*;

    #[test]
    fn an_activity_weighs_by_how_the_metric_adds_up() {
        let half = |from: usize| Array1::from_shape_fn(40, |item| f64::from(u8::from(item >= from)));
        let first = half(0) - half(30);
        let activities = Activities::new(vec!["a".into(), "b".into()], vec![first, half(30)], 40).unwrap();
        let found = |aggregation| metric_weights(&activities, aggregation).unwrap();
        assert_eq!(found(Aggregation::InstanceMean), [MetricWeight::Share(0.75), MetricWeight::Share(0.25)]);
        let classes = [1.0, 4.0];
        assert_eq!(
            found(Aggregation::ClassMacroMean(&classes)),
            [MetricWeight::Share(0.2), MetricWeight::Share(0.8)]
        );
        assert_eq!(found(Aggregation::RatioOfSums(&[0.0, 0.0])), [MetricWeight::Undefined; 2]);
        // Right on all of the first and none of the second: 75 % together, 0 % without the first, 100 % without the second.
        let mut evidence = Evidence::new(40);
        let hits = Array2::from_shape_fn((40, 1), |(item, _)| f64::from(u8::from(item < 30)));
        evidence.means(100.0, ["accuracy"], hits);
        let corpus = |metric| Aggregation::Corpus { evidence: &evidence, metric, split: &[1.0; 40] };
        assert_eq!(found(corpus("accuracy")), [MetricWeight::Loss(75.0), MetricWeight::Loss(-25.0)]);
        assert_eq!(found(corpus("recall")), [MetricWeight::Undefined; 2]);
        assert!(metric_weights(&activities, Aggregation::RatioOfSums(&[1.0])).is_err());
    }

    #[test]
    fn few_instances_are_not_told() {
        let nine = Array1::from_shape_fn(40, |item| f64::from(u8::from(item < 9)));
        let rest = nine.mapv(|weight: f64| 1.0 - weight);
        let activities = Activities::new(vec!["a".into(), "b".into()], vec![nine, rest], 40).unwrap();
        let found = metric_weights(&activities, Aggregation::InstanceMean).unwrap();
        assert_eq!(found, [MetricWeight::TooFew, MetricWeight::Share(0.775)]);
    }
}
