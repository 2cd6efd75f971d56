//! Systems in the order of one metric, and what is known of that order.

use std::collections::HashMap;

use anyhow::Context as _;
use ranking::board::Standing;
use ranking::contributions::{few_items_interval, of_units};
use ranking::description::{Described, describe};
use ranking::draws::Key;
use ranking::holm::holm;
use ranking::interval::{Interval, bias_corrected};
use ranking::level::{Level, Replications};
use ranking::paired::{self, Alternative};
use ranking::replicates::{Replicates, jackknife, replicates_of_all};
use ranking::resampling::Resampling;
use ranking::schemes::Ties;
use ranking::schemes::ranks::ranks;
use ranking::sign_flip;
use ranking::slices::Condition;
use sdk::{Evidence, Limits, Score};

use super::IntervalKind;
use super::contest::{Contest, ContestMetric};
use super::report::{Entry, Identity, Next, Report, Test, Unranked, shown_conditions};

/// How the statistics are made.
pub(super) struct Method {
    pub(super) level: Level,
    pub(super) replications: Replications,
    pub(super) seed: u64,
    pub(super) interval: IntervalKind,
    /// What all items that count meet.
    pub(super) conditions: Vec<Condition>,
}

/// What is known of a system whose metric is defined.
struct Contender<'c> {
    name: &'c str,
    /// What the metric is made of, and nothing else: other metrics are neither drawn nor waited for.
    evidence: Evidence,
    /// The position of the metric in it.
    metric: usize,
    value: f64,
    replicates: Option<Replicates>,
}

/// Ranks the systems by a metric on some of the items.
pub(super) fn rank_by(contest: &Contest, metric: &ContestMetric, method: &Method) -> anyhow::Result<Report> {
    let units = &contest.units(&method.conditions)?;
    let digest = contest.items_digest().to_string();
    let key = |purpose| Key::derive(purpose, &digest, method.seed);
    let (mut contenders, unranked) = contenders(contest, metric, units)?;
    let evidence: Vec<&Evidence> = contenders.iter().map(|one| &one.evidence).collect();
    let limits = Limits::default();
    let drawn =
        replicates_of_all(&evidence, units, key("heldout-rank-bootstrap"), method.replications, &limits)?;
    for (contender, drawn) in contenders.iter_mut().zip(drawn) {
        contender.replicates = drawn.into_iter().nth(contender.metric).flatten();
    }
    let described: Vec<Described<'_>> = contenders
        .iter()
        .map(|one| Described {
            standing: Standing { value: one.value, replicates: one.replicates.as_ref() },
            few_items: few_items_interval(&one.evidence, one.metric, units, method.level),
        })
        .collect();
    let descriptions = describe(&described, metric.higher_is_better(), method.level)?;
    let scores: Vec<Option<f64>> = contenders.iter().map(|one| Some(one.value)).collect();
    let places = ranks(&scores, metric.higher_is_better(), Ties::Lowest);
    let mut order: Vec<usize> = (0..contenders.len()).collect();
    order.sort_by_key(|one| places[*one].map_or(usize::MAX, |rank| rank as usize));
    let (test, nexts) = compare_neighbours(&contenders, units, &order, key("heldout-rank-signs"));

    let mut entries = Vec::with_capacity(order.len());
    for (place, next) in order.iter().copied().zip(nexts) {
        let (one, (value, ranks)) = (&contenders[place], &descriptions[place]);
        entries.push(Entry {
            system: one.name.to_owned(),
            score: one.value,
            standard_error: value.standard_error,
            interval: match method.interval {
                IntervalKind::Percentile => value.interval,
                IntervalKind::Bca => corrected(one, units, method.level, &limits)?,
            },
            rank: places[place].map_or(0, |rank| rank as usize),
            rank_set: ranks.set,
            group: ranks.group,
            winner_share: one.replicates.as_ref().map(|_| ranks.winner_share),
            next,
        });
    }
    let is_counted = |item: &usize| units.unit(*item).is_some();
    Ok(Report {
        evaluator: contest.origin.as_ref().map(Identity::of),
        metric: metric.name.clone(),
        conditions: shown_conditions(&method.conditions),
        items: (0..units.item_count()).filter(is_counted).count(),
        units: units.unit_count(),
        level: method.level.value(),
        replicates: method.replications.get(),
        seed: method.seed,
        higher_is_better: metric.higher_is_better(),
        interval: method.interval,
        test,
        first_place: (0..contenders.len())
            .filter(|place| descriptions[*place].1.set.best == 1)
            .map(|place| contenders[place].name.to_owned())
            .collect(),
        entries,
        unranked,
    })
}

/// The systems whose metric is defined on these items, and those of which it is not.
fn contenders<'c>(
    contest: &'c Contest,
    metric: &ContestMetric,
    units: &Resampling,
) -> anyhow::Result<(Vec<Contender<'c>>, Vec<Unranked>)> {
    let weights = ndarray::ArrayView1::from(units.weights());
    let (mut contenders, mut unranked) = (Vec::new(), Vec::new());
    for system in &contest.systems {
        let evidence = system.evidence.only(&metric.name);
        let evidence = evidence.with_context(|| format!("{} has no {}", system.name, metric.name))?;
        let place = evidence.metrics().len().saturating_sub(1);
        let score = evidence.score(weights).get(&metric.name);
        match score.with_context(|| format!("{} has no {}", system.name, metric.name))? {
            Score::Value(value) => contenders.push(Contender {
                name: &system.name,
                evidence,
                metric: place,
                value,
                replicates: None,
            }),
            Score::Undefined(reason) => {
                unranked.push(Unranked { system: system.name.clone(), reason: reason.to_string() });
            }
        }
    }
    Ok((contenders, unranked))
}

/// The interval that is corrected for bias and accelerated.
fn corrected(
    one: &Contender<'_>,
    units: &Resampling,
    level: Level,
    limits: &Limits,
) -> anyhow::Result<Option<Interval>> {
    let Some(replicates) = &one.replicates else { return Ok(None) };
    let without = jackknife(&one.evidence, units, limits)?.into_iter().nth(one.metric).flatten();
    Ok(without.and_then(|without| bias_corrected(one.value, replicates, &without, level)))
}

/// Every system against the one below it: by sign flips of the differences of units where the metric is a mean, else by the
/// paired bootstrap; the last has no comparison.
fn compare_neighbours(
    contenders: &[Contender<'_>],
    units: &Resampling,
    order: &[usize],
    key: Key,
) -> (Test, Vec<Option<Next>>) {
    let sums: Option<Vec<Vec<f64>>> =
        contenders.iter().map(|one| of_units(&one.evidence, one.metric, units)).collect();
    let pairs = order.windows(2).map(|pair| (pair[0], pair[1]));
    let (test, p): (Test, Vec<Option<f64>>) = match sums {
        Some(sums) => {
            let difference = |(above, below): (usize, usize)| {
                sums[above].iter().zip(&sums[below]).map(|(above, below)| above - below).collect()
            };
            let differences: Vec<Vec<f64>> = pairs.map(difference).collect();
            let permutations = sign_flip::PERMUTATIONS;
            let tests = sign_flip::sign_flips(&differences, Alternative::TwoSided, key, permutations);
            (Test::SignFlips, tests.iter().map(|test| Some(test.p)).collect())
        }
        None => (Test::PairedBootstrap, pairs.map(|pair| bootstrap(contenders, pair)).collect()),
    };
    // Pairs of which nothing is known are not tested, and correct nothing.
    let tested: Vec<usize> = (0..p.len()).filter(|pair| p[*pair].is_some()).collect();
    let adjusted = holm(&p.iter().copied().flatten().collect::<Vec<f64>>());
    let adjusted: HashMap<usize, f64> = tested.into_iter().zip(adjusted).collect();
    let next = |(pair, p): (usize, Option<f64>)| Some(Next { p: p?, p_holm: *adjusted.get(&pair)? });
    (test, p.into_iter().enumerate().map(next).chain([None]).collect())
}

fn bootstrap(contenders: &[Contender<'_>], (above, below): (usize, usize)) -> Option<f64> {
    let (above, below) = (contenders[above].replicates.as_ref()?, contenders[below].replicates.as_ref()?);
    let differences = above.values().iter().zip(below.values()).map(|(above, below)| above - below);
    Some(paired::paired_bootstrap(&Replicates::new(differences.collect()), Alternative::TwoSided))
}
