//! One order from several metrics, or from single items or tests of one metric.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use ndarray::ArrayView1;
use ranking::contributions::of_units;
use ranking::draws::Key;
use ranking::holm::holm;
use ranking::paired::{self, Alternative};
use ranking::replicates::{Replicates, replicates_of_all};
use ranking::resampling::Resampling;
use ranking::schemes::ranks::ranks;
use ranking::schemes::{
    Aggregate, Column, Missing, Placing, ProfileRange, Table, Ties, borda, mean_rank, median_rank,
    performance_profile, rank_then_aggregate, test_then_rank, win_rate,
};
use ranking::sign_flip;
use sdk::{Evidence, Limits};
use serde::Serialize;

use super::contest::{Contest, ContestMetric};
use super::report::{Combined, CombinedEntry, Identity, OfMetric, shown_conditions};
use super::statistics::Method;

/// How one order comes of several metrics, or of the items of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Scheme {
    /// The mean of the ranks in every metric
    MeanRank,
    /// The median of the ranks in every metric
    MedianRank,
    /// Borda's count: the number of systems less the rank, summed over the metrics
    Borda,
    /// The share of the other systems that a system is better than, averaged over the metrics
    WinRate,
    /// The area under the performance profile over the metrics, whose values must be positive
    PerformanceProfile,
    /// The mean of the ranks on every item; for one metric that is a mean over items
    RankThenAggregate,
    /// The share of the other systems that a system is significantly better than, by one metric
    TestThenRank,
}

impl std::fmt::Display for Scheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MeanRank => "mean rank",
            Self::MedianRank => "median rank",
            Self::Borda => "Borda",
            Self::WinRate => "win rate",
            Self::PerformanceProfile => "profile",
            Self::RankThenAggregate => "mean rank of items",
            Self::TestThenRank => "significant wins",
        })
    }
}

/// Ranks the systems by a scheme.
pub(super) fn combine(
    contest: &Contest,
    metrics: &[&ContestMetric],
    scheme: Scheme,
    method: &Method,
) -> anyhow::Result<Combined> {
    let units = contest.units(&method.conditions)?;
    let weights = ArrayView1::from(units.weights());
    let values: Vec<Vec<Option<f64>>> = metrics
        .iter()
        .map(|metric| {
            let value = |evidence: &Evidence| evidence.score(weights).get(&metric.name)?.value();
            contest.systems.iter().map(|system| value(&system.evidence)).collect()
        })
        .collect();
    let placings = placings(contest, metrics, &values, &units, scheme, method)?;
    let ranks_by: Vec<Vec<Option<f64>>> = metrics
        .iter()
        .zip(&values)
        .map(|(metric, values)| ranks(values, metric.higher_is_better(), Ties::Lowest))
        .collect();
    let mut entries: Vec<CombinedEntry> = contest
        .systems
        .iter()
        .enumerate()
        .map(|(place, system)| CombinedEntry {
            system: system.name.clone(),
            rank: placings[place].map(|placing| placing.rank),
            score: placings[place].map(|placing| placing.score),
            metrics: metrics
                .iter()
                .enumerate()
                .map(|(number, metric)| {
                    let rank = ranks_by[number][place].map(|rank| rank as usize);
                    (metric.name.clone(), OfMetric { value: values[number][place], rank })
                })
                .collect::<BTreeMap<_, _>>(),
        })
        .collect();
    entries.sort_by_key(|entry| entry.rank.unwrap_or(usize::MAX));
    Ok(Combined {
        evaluator: contest.origin.as_ref().map(Identity::of),
        method: scheme,
        conditions: shown_conditions(&method.conditions),
        items: units.weights().iter().filter(|weight| **weight > 0.0).count(),
        units: units.unit_count(),
        metrics: metrics.iter().map(|metric| metric.name.clone()).collect(),
        entries,
    })
}

fn placings(
    contest: &Contest,
    metrics: &[&ContestMetric],
    values: &[Vec<Option<f64>>],
    units: &Resampling,
    scheme: Scheme,
    method: &Method,
) -> anyhow::Result<Vec<Option<Placing>>> {
    let table = || -> anyhow::Result<Table> {
        let columns = metrics.iter().zip(values);
        let columns = columns.map(|(metric, values)| Column::new(values.clone(), metric.higher_is_better()));
        Ok(Table::new(columns.collect::<Result<_, _>>()?)?)
    };
    let only = || match metrics {
        [metric] => Ok(*metric),
        _ => Err(anyhow::anyhow!("this method takes one metric; name it with --metric")),
    };
    let missing = Missing::Unranked;
    Ok(match scheme {
        Scheme::MeanRank => mean_rank(&table()?, missing, Ties::Lowest),
        Scheme::MedianRank => median_rank(&table()?, missing, Ties::Lowest),
        Scheme::Borda => borda(&table()?, missing),
        Scheme::WinRate => win_rate(&table()?, missing),
        Scheme::PerformanceProfile => performance_profile(&table()?, ProfileRange::default())?.placings,
        Scheme::RankThenAggregate => by_items(contest, only()?, units)?,
        Scheme::TestThenRank => by_tests(contest, only()?, units, method)?,
    })
}

/// The evidence of a metric of every system, with its place in it.
fn evidence_of(contest: &Contest, metric: &ContestMetric) -> anyhow::Result<Vec<(Evidence, usize)>> {
    let only = |evidence: &Evidence| {
        let evidence = evidence.only(&metric.name)?;
        let place = evidence.metrics().len().checked_sub(1)?;
        Some((evidence, place))
    };
    let found: Option<Vec<_>> = contest.systems.iter().map(|system| only(&system.evidence)).collect();
    found.with_context(|| format!("a system has no {}", metric.name))
}

fn by_items(
    contest: &Contest,
    metric: &ContestMetric,
    units: &Resampling,
) -> anyhow::Result<Vec<Option<Placing>>> {
    let every: Vec<u32> = (0..units.item_count() as u32).collect();
    let items = Resampling::new(units.weights(), &every, None)?;
    let mut scores = Vec::with_capacity(contest.systems.len());
    for (evidence, place) in evidence_of(contest, metric)? {
        let Some(of_items) = of_units(&evidence, place, &items) else {
            bail!("{} is no mean over items, so that no item has a rank by it", metric.name);
        };
        scores.push(of_items);
    }
    Ok(rank_then_aggregate(&scores, Aggregate::Mean, metric.higher_is_better())?)
}

/// By significant wins: one-sided, all ordered pairs corrected after Holm.
fn by_tests(
    contest: &Contest,
    metric: &ContestMetric,
    units: &Resampling,
    method: &Method,
) -> anyhow::Result<Vec<Option<Placing>>> {
    let found = evidence_of(contest, metric)?;
    let digest = contest.items_digest().to_string();
    let turned = |value: f64| if metric.higher_is_better() { value } else { -value };
    let systems = found.len();
    let pairs: Vec<(usize, usize)> = (0..systems)
        .flat_map(|one| (0..systems).filter(move |other| *other != one).map(move |other| (one, other)))
        .collect();
    let less = |one: &[f64], other: &[f64]| -> Vec<f64> {
        one.iter().zip(other).map(|(one, other)| turned(one - other)).collect()
    };
    let sums: Option<Vec<Vec<f64>>> =
        found.iter().map(|(evidence, place)| of_units(evidence, *place, units)).collect();
    let p: Vec<f64> = match sums {
        Some(sums) => {
            let differences: Vec<Vec<f64>> =
                pairs.iter().map(|(one, other)| less(&sums[*one], &sums[*other])).collect();
            let key = Key::derive("heldout-rank-signs", &digest, method.seed);
            let tests =
                sign_flip::sign_flips(&differences, Alternative::Greater, key, sign_flip::PERMUTATIONS);
            tests.iter().map(|test| test.p).collect()
        }
        None => {
            let evidence: Vec<&Evidence> = found.iter().map(|(evidence, _)| evidence).collect();
            let key = Key::derive("heldout-rank-bootstrap", &digest, method.seed);
            let drawn = replicates_of_all(&evidence, units, key, method.replications, &Limits::default())?;
            let drawn: Vec<Option<Replicates>> =
                drawn.into_iter().map(|all| all.into_iter().next_back().flatten()).collect();
            let test = |(one, other): &(usize, usize)| match (&drawn[*one], &drawn[*other]) {
                (Some(one), Some(other)) => {
                    let differences = Replicates::new(less(one.values(), other.values()));
                    paired::paired_bootstrap(&differences, Alternative::Greater)
                }
                _ => 1.0,
            };
            pairs.iter().map(test).collect()
        }
    };
    let adjusted: BTreeMap<(usize, usize), f64> = pairs.into_iter().zip(holm(&p)).collect();
    Ok(test_then_rank(systems, |one, other| {
        adjusted.get(&(one, other)).is_some_and(|p| *p <= method.level.value())
    }))
}
