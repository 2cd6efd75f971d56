//! The order of those that stand by a phase's ranking method.

use domain::metric::MetricSpec;
use domain::ranking_rule::{MissingMetric, RankingMethod, RankingRule};

use crate::refusal::Refusal;
use crate::schemes::{
    Column, Missing, Normalisation, Placing, ProfileRange, Table, Ties, borda, mean_rank, median_rank,
    performance_profile, weighted_mean, win_rate,
};

/// The metrics that enter the order of a method of several: those that the rule names, or all.
pub fn metrics_of<'m>(rule: &RankingRule, metrics: &'m [MetricSpec]) -> Vec<&'m MetricSpec> {
    let is_named = |metric: &&MetricSpec| rule.named_metrics().any(|name| name == metric.name);
    let names_none = rule.named_metrics().next().is_none();
    metrics.iter().filter(|metric| names_none || is_named(metric)).collect()
}

/// Whether more of what a method makes of an entry is better; ranks are better when they are less.
pub fn higher_is_better(method: RankingMethod) -> bool {
    !matches!(method, RankingMethod::MeanRank | RankingMethod::MedianRank)
}

/// Whether a method counts places, so that what it makes of an entry moves in steps.
pub(crate) fn moves_in_steps(method: RankingMethod) -> bool {
    use RankingMethod::{Borda, MeanRank, MedianRank, WinRate};
    matches!(method, MeanRank | MedianRank | Borda | WinRate)
}

/// Where a method of several metrics puts every entry: `values[metric][entry]`, in the order of `metrics`.
///
/// Nothing for an entry that is not ranked; nothing at all by [`RankingMethod::Primary`], which is an [`crate::Order`].
///
/// # Errors
/// Values that are no finite numbers, lengths that differ, no metrics, and for performance profiles values that are not positive.
pub fn placings(
    rule: &RankingRule,
    metrics: &[&MetricSpec],
    values: Vec<Vec<Option<f64>>>,
) -> Result<Vec<Option<Placing>>, Refusal> {
    placings_where_equals(Ties::Lowest, rule, metrics, values)
}

/// The same with the places that equals take in a metric, where ranks are averaged over metrics.
pub(crate) fn placings_where_equals(
    ties: Ties,
    rule: &RankingRule,
    metrics: &[&MetricSpec],
    values: Vec<Vec<Option<f64>>>,
) -> Result<Vec<Option<Placing>>, Refusal> {
    let columns =
        metrics.iter().zip(values).map(|(metric, values)| Column::new(values, metric.higher_is_better));
    let table = Table::new(columns.collect::<Result<_, _>>()?)?;
    let missing = match rule.missing {
        MissingMetric::Unranked => Missing::Unranked,
        MissingMetric::WorstRank => Missing::WorstRank,
    };
    match rule.method {
        RankingMethod::Primary => Ok(vec![None; table.entries()]),
        RankingMethod::MeanRank => Ok(mean_rank(&table, missing, ties)),
        RankingMethod::MedianRank => Ok(median_rank(&table, missing, ties)),
        RankingMethod::Borda => Ok(borda(&table, missing)),
        RankingMethod::WinRate => Ok(win_rate(&table, missing)),
        RankingMethod::WeightedMean => {
            let scale = |metric: &&MetricSpec| rule.scales.iter().find(|scale| scale.metric == metric.name);
            let ends: Vec<Normalisation> = metrics
                .iter()
                .filter_map(scale)
                .map(|scale| Normalisation { worst: scale.worst, best: scale.best, weight: scale.weight })
                .collect();
            weighted_mean(&table, &ends, missing)
        }
        RankingMethod::PerformanceProfile => {
            Ok(performance_profile(&table, ProfileRange::default())?.placings)
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ranking_rule::MetricScale;

    use super::*;

    fn metric(name: &str, higher_is_better: bool) -> MetricSpec {
        MetricSpec {
            name: name.into(),
            label: name.into(),
            unit: String::new(),
            higher_is_better,
            decimals: 3,
        }
    }

    fn ranks(rule: &RankingRule) -> Vec<Option<usize>> {
        let all = [metric("recall", true), metric("error", false), metric("speed", true)];
        let metrics = metrics_of(rule, &all);
        let values = metrics
            .iter()
            .map(|metric| match metric.name.as_str() {
                "recall" => vec![Some(0.9), Some(0.8), Some(0.1), Some(0.2)],
                "error" => vec![Some(3.0), Some(1.0), Some(2.0), None],
                _ => vec![Some(1.0), Some(2.0), Some(30.0), Some(9.0)],
            })
            .collect();
        let placings = placings(rule, &metrics, values).unwrap();
        placings.into_iter().map(|placing| placing.map(|placing| placing.rank)).collect()
    }

    #[test]
    fn every_method_ranks_by_the_metrics_that_the_rule_names() {
        let rule = |method| RankingRule {
            method,
            metrics: vec!["recall".into(), "error".into()],
            ..RankingRule::default()
        };
        // Ranks by recall 1, 2, 3 and by error 3, 1, 2 of the three that have both.
        for method in [RankingMethod::MeanRank, RankingMethod::Borda, RankingMethod::WinRate] {
            assert_eq!(ranks(&rule(method)), [Some(2), Some(1), Some(3), None], "{method:?}");
        }
        let worst = RankingRule { missing: MissingMetric::WorstRank, ..rule(RankingMethod::MeanRank) };
        assert_eq!(ranks(&worst), [Some(2), Some(1), Some(3), Some(4)]);
        let scale =
            |metric: &str, weight, worst, best| MetricScale { metric: metric.into(), weight, worst, best };
        let weighted = RankingRule {
            method: RankingMethod::WeightedMean,
            scales: vec![scale("error", 1.0, 4.0, 0.0), scale("speed", 3.0, 0.0, 30.0)],
            ..RankingRule::default()
        };
        assert_eq!(ranks(&weighted), [Some(3), Some(2), Some(1), None]);
        let all = RankingRule { method: RankingMethod::PerformanceProfile, ..RankingRule::default() };
        assert_eq!(
            ranks(&all).iter().flatten().count(),
            4,
            "profiles rank whoever is within a factor anywhere"
        );
        assert_eq!(ranks(&RankingRule::default()), [None; 4]);
    }
}
