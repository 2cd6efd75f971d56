//! What the measures of F say of a leaderboard: of what stands on it, of the activities of its items, and of time use.
//!
//! Everything comes from stored evidence under other weights, so that no prediction is read again.

use ranking::Refusal;
use ranking::draws::Key;
use ranking::level::{Level, Replications};
use ranking::resampling::Resampling;
use sdk::evidence::{Block, Term};
use sdk::{Evidence, Limits};

use super::activities::{Activities, ActivitiesError};
use super::coverage::coverage;
use super::metric_weight::{Aggregation, metric_weights};
use super::parts::{UnmappedLabel, by_class, large_parts};
use super::profile::{Profile, ProfileError};
use super::rank_sensitivity::{ActivityTable, Weighting};
use super::readings::{
    activity_score_value, coverage_value, metric_weight_value, profile_values, rank_sensitivity_value,
};
use super::score_by_activity::{ActivityScoreError, LEAST_INSTANCES, Terms, score_by_activity};
use crate::mappings::Mapping;
use crate::measure::MeasureValue;
use crate::taxonomies::Level as Depth;
use crate::time_use::{CLASS_CODES, CLASSES, Day, ReferencePopulation, class_of};

/// The key of drawn weightings: the same for everybody, so that shares of the simplex can be computed again.
const SIMPLEX_KEY: Key = Key::from_u64(1);

/// The measures of a panel.
pub const MEASURES: [&str; 9] = ["F1", "F2", "F3", "F4", "F5", "F5b", "F6", "F6b", "F7"];

/// What stands on a leaderboard.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What entries are called, and their evidence, best first.
    pub entries: &'a [(&'a str, &'a Evidence)],
    /// The metric that ranks.
    pub metric: &'a str,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The digits after the point of the leaderboard.
    pub decimals: u8,
    /// The split, with what is drawn together.
    pub split: &'a Resampling,
    /// The key of the split's draws.
    pub key: Key,
    /// How many replicates intervals come of.
    pub replications: Replications,
}

/// What the items show.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The labels of the items.
    pub labels: &'a Activities,
    /// What the labels mean in ICATUS 2016, if they are terms of a list that says so.
    pub mapping: Option<&'a Mapping>,
    /// The populations that a mapped split is held against; the time use of the first weighs classes.
    pub references: &'a [&'a ReferencePopulation],
}

/// Why there is no panel.
#[derive(Debug, thiserror::Error)]
pub enum PanelError {
    /// No two parts of the items are large enough to be told apart.
    #[error("no two activities have {LEAST_INSTANCES} items of 5 groups each")]
    TooSmall,
    /// A label is not in the list that it is said to be of.
    #[error(transparent)]
    Unmapped(#[from] UnmappedLabel),
    /// The labels are of other items.
    #[error(transparent)]
    Activities(#[from] ActivitiesError),
    /// The labels make no profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// There are no scores by activity.
    #[error(transparent)]
    Scores(#[from] ActivityScoreError),
    /// The numbers cannot be worked with.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The measures [`MEASURES`] of what stands; those of time use only where the labels are mapped, and F7 only where two entries
/// have a score in every part.
///
/// With a mapping the parts are classes of time use, without one they are the labels themselves.
///
/// # Errors
/// As [`PanelError`] says, and a halt by the limits.
pub fn panel(
    standing: &Standing<'_>,
    shown: &Shown<'_>,
    limits: &Limits,
) -> Result<Vec<MeasureValue>, PanelError> {
    let parts = match shown.mapping {
        Some(mapping) => by_class(shown.labels, mapping)?,
        None => shown.labels.clone(),
    };
    let parts = large_parts(&parts, standing.split)?.ok_or(PanelError::TooSmall)?;
    let mut values = match shown.mapping {
        Some(mapping) => of_time_use(standing.split, shown, mapping)?,
        None => Vec::new(),
    };
    let names: Vec<&str> = standing.entries.iter().map(|(name, _)| *name).collect();
    let evidence: Vec<&Evidence> = standing.entries.iter().map(|(_, evidence)| *evidence).collect();
    let terms = Terms {
        key: standing.key,
        replications: standing.replications,
        level: Level::FIVE_PERCENT,
        decimals: standing.decimals,
    };
    let scores = score_by_activity(&evidence, standing.metric, standing.split, &parts, &terms, limits)?;
    values.push(activity_score_value(&names, &parts, &scores, standing.higher_is_better));
    let Some((leader, first)) = standing.entries.first() else { return Ok(values) };
    let amounts = amounts(&evidence, standing, &parts);
    let aggregation = match &amounts {
        Some(amounts) => Aggregation::RatioOfSums(amounts),
        None => {
            Aggregation::Corpus { evidence: first, metric: standing.metric, split: standing.split.weights() }
        }
    };
    let mut weights = metric_weight_value(&parts, &metric_weights(&parts, aggregation)?);
    if amounts.is_none() {
        // What a metric loses without a part differs between submissions.
        for reading in &mut weights.readings {
            reading.of.insert("entry".to_owned(), (*leader).to_owned());
        }
    }
    values.push(weights);
    let as_scored =
        amounts.unwrap_or_else(|| (0..parts.len()).map(|part| parts.amount(part)).collect::<Vec<_>>());
    values.extend(sensitivity(standing, &parts, &as_scored, shown.references.first().copied())?);
    Ok(values)
}

/// F1 to F5b of the items of a split.
fn of_time_use(
    split: &Resampling,
    shown: &Shown<'_>,
    mapping: &Mapping,
) -> Result<Vec<MeasureValue>, PanelError> {
    let labels = shown.labels;
    let amount = |place: usize| -> f64 {
        labels.weights(place).iter().zip(split.weights()).map(|(share, weight)| share * weight).sum()
    };
    let amounts: Vec<(&str, f64)> = (0..labels.len())
        .map(|place| (labels.names()[place].as_str(), amount(place)))
        .filter(|(_, amount)| *amount > 0.0)
        .collect();
    let profile = Profile::new(mapping, amounts.iter().copied(), CLASSES, class_of)?;
    let reached = |depth: Depth| coverage(mapping, depth.depth(), &[&amounts]);
    let (divisions, groups) = (reached(Depth::Division), reached(Depth::Group));
    let mut values = vec![coverage_value(&[(Depth::Division, &divisions), (Depth::Group, &groups)])];
    let references: Vec<(&ReferencePopulation, Day)> =
        shown.references.iter().flat_map(|one| [(*one, Day::Waking), (*one, Day::All)]).collect();
    let mut found = profile_values(&profile, &references)?;
    let withheld = small_classes(&profile.point());
    let quotients = found.iter_mut().filter(|value| value.measure == "F5b");
    for reading in quotients.flat_map(|value| &mut value.readings) {
        let is_small = |class: &String| withheld.iter().any(|small| CLASS_CODES[*small] == class);
        if reading.of.get("class").is_some_and(is_small) {
            reading.n = 0;
            *reading = reading.clone().withheld_below(LEAST_INSTANCES as u64);
        }
    }
    values.append(&mut found);
    Ok(values)
}

/// The classes whose share is not told: the share of a class times the items is a number of items, and shares sum to one.
///
/// Those with fewer than [`LEAST_INSTANCES`] items, and the next ones until together they have as many.
fn small_classes(items: &[f64]) -> Vec<usize> {
    let least = LEAST_INSTANCES as f64;
    let mut present: Vec<usize> = (0..items.len()).filter(|class| items[*class] > 0.0).collect();
    present.sort_by(|a, b| items[*a].total_cmp(&items[*b]));
    let (mut withheld, mut sum) = (Vec::new(), 0.0);
    for class in present {
        if items[class] >= least && (withheld.is_empty() || sum >= least) {
            break;
        }
        withheld.push(class);
        sum += items[class];
    }
    withheld
}

/// What the parts weigh in a metric that is a sum over items; absent for all others.
fn amounts(evidence: &[&Evidence], standing: &Standing<'_>, parts: &Activities) -> Option<Vec<f64>> {
    let own = |evidence: &Evidence| item_weights(evidence, standing.metric);
    let first = own(evidence.first()?)?;
    // Denominators that differ between submissions (what was predicted) weigh nothing that is the task's.
    if evidence.iter().any(|evidence| own(evidence).as_ref() != Some(&first)) {
        return None;
    }
    let amount = |part: usize| -> f64 {
        let weights = parts.weights(part);
        match &first {
            ItemWeights::Equal => weights.sum(),
            ItemWeights::Own(own) => weights.iter().zip(own).map(|(share, own)| share * own).sum(),
        }
    };
    let amounts: Vec<f64> = (0..parts.len()).map(amount).collect();
    amounts.iter().all(|amount| amount.is_finite() && *amount >= 0.0).then_some(amounts)
}

/// What items weigh in a metric by themselves.
#[derive(Debug, Clone, PartialEq)]
enum ItemWeights {
    Equal,
    Own(Vec<f64>),
}

fn item_weights(evidence: &Evidence, metric: &str) -> Option<ItemWeights> {
    let formula = evidence.metrics().iter().find(|known| known.name == metric)?;
    let [Term::Output { block, .. }] = formula.terms.as_slice() else { return None };
    match evidence.blocks().get(*block as usize)? {
        Block::Mean(mean) => Some(match &mean.item_weights {
            None => ItemWeights::Equal,
            Some(own) => ItemWeights::Own(own.to_vec()),
        }),
        Block::Ratio(ratio) => Some(ItemWeights::Own(ratio.denominators.to_vec())),
        _ => None,
    }
}

/// F7, over the parts that weigh something and the entries that have a score in all of them.
fn sensitivity(
    standing: &Standing<'_>,
    parts: &Activities,
    amounts: &[f64],
    reference: Option<&ReferencePopulation>,
) -> Result<Option<MeasureValue>, PanelError> {
    let counted: Vec<usize> = (0..parts.len()).filter(|part| amounts[*part] > 0.0).collect();
    let weights: Vec<f64> = counted.iter().map(|part| amounts[*part]).collect();
    let (mut names, mut scores) = (Vec::new(), Vec::new());
    for (name, evidence) in standing.entries {
        let inside = |part: &usize| {
            let weights = &parts.weights(*part) * &ndarray::ArrayView1::from(standing.split.weights());
            evidence.score(weights.view()).get(standing.metric).and_then(sdk::Score::value)
        };
        if let Some(own) = counted.iter().map(inside).collect::<Option<Vec<f64>>>() {
            names.push(*name);
            scores.push(own);
        }
    }
    if names.len() < 2 || counted.len() < 2 {
        return Ok(None);
    }
    let table = ActivityTable::new(scores, &weights, standing.higher_is_better)?;
    let uniform = vec![1.0; counted.len()];
    let mut others = vec![Weighting { name: "uniform", weights: &uniform }];
    let counted: Vec<&str> = counted.iter().map(|part| parts.names()[*part].as_str()).collect();
    let of_time_use = reference.and_then(|reference| time_use_weights(&counted, &weights, reference));
    if let Some(weights) = &of_time_use {
        others.push(Weighting { name: "time_use", weights });
    }
    let found = table.sensitivity(&others, SIMPLEX_KEY)?;
    Ok(Some(rank_sensitivity_value(&names, &found)))
}

/// Classes weigh as the waking hours of a population; what is in no class keeps its share.
///
/// Absent where no part is a class, or where the population has no time in the classes that there are.
fn time_use_weights(parts: &[&str], as_scored: &[f64], population: &ReferencePopulation) -> Option<Vec<f64>> {
    let shares = population.shares(Day::Waking).or_else(|| population.shares(Day::All))?;
    let class = |part: &&str| CLASS_CODES.iter().position(|code| code == part);
    let of_class: Vec<Option<f64>> =
        parts.iter().map(|part| class(part).map(|class| shares[class])).collect();
    let in_classes: f64 = of_class.iter().flatten().sum();
    let total: f64 = as_scored.iter().sum();
    let outside: f64 =
        of_class.iter().zip(as_scored).filter(|(class, _)| class.is_none()).map(|(_, weight)| weight).sum();
    if in_classes <= 0.0 || total <= 0.0 {
        return None;
    }
    let inside = (total - outside) / total;
    let weigh = |(class, own): (&Option<f64>, &f64)| match class {
        Some(share) => inside * share / in_classes,
        None => own / total,
    };
    Some(of_class.iter().zip(as_scored).map(weigh).collect())
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use sdk::Score;
    use sdk::evidence::Median;

    use super::*;
    use crate::measure::Quantity;
    use crate::time_use;

    /// Sixty items in twenty units: forty cook (31), twenty do sports (83).
    const ITEMS: usize = 60;

    fn labels(names: [&str; 2]) -> Activities {
        let first = ndarray::Array1::from_shape_fn(ITEMS, |item| f64::from(u8::from(item < 40)));
        let second = first.mapv(|weight: f64| 1.0 - weight);
        Activities::new(names.map(str::to_owned).to_vec(), vec![first, second], ITEMS).unwrap()
    }

    fn split() -> Resampling {
        let units: Vec<u32> = (0..ITEMS as u32).map(|item| item / 3).collect();
        Resampling::new(&[1.0; ITEMS], &units, None).unwrap()
    }

    fn evidence(is_right: impl Fn(usize) -> bool) -> Evidence {
        let mut evidence = Evidence::new(ITEMS);
        let hits = Array2::from_shape_fn((ITEMS, 1), |(item, _)| f64::from(u8::from(is_right(item))));
        evidence.means(1.0, ["accuracy"], hits);
        evidence
    }

    fn found(names: [&str; 2], mapping: Option<&Mapping>) -> Result<Vec<MeasureValue>, PanelError> {
        // The one is right wherever somebody cooks, the other in all sports and half of the cooking.
        let (cook, runner) = (evidence(|item| item < 40), evidence(|item| item >= 40 || item % 2 == 0));
        let split = split();
        let us = time_use::population("OECD", "US", "2019").unwrap();
        let standing = Standing {
            entries: &[("cook", &cook), ("runner", &runner)],
            metric: "accuracy",
            higher_is_better: true,
            decimals: 3,
            split: &split,
            key: Key::from_u64(7),
            replications: Replications::LIVE,
        };
        let shown = Shown { labels: &labels(names), mapping, references: &[us] };
        panel(&standing, &shown, &Limits::default())
    }

    fn value(values: &[MeasureValue], measure: &str, statistic: &str, of: &[(&str, &str)]) -> Option<f64> {
        let value = values.iter().find(|value| value.measure == measure)?;
        let is_of = |reading: &&crate::measure::Reading| {
            reading.statistic == statistic
                && of.iter().all(|(name, of)| reading.of.get(*name).is_some_and(|own| own == of))
        };
        value.readings.iter().find(is_of).and_then(crate::measure::Reading::value)
    }

    #[test]
    fn labels_of_ones_own_have_scores_weights_and_sensitivity() {
        let values = found(["cooking", "sports"], None).unwrap();
        let measures: Vec<&str> = values.iter().map(|value| value.measure.as_str()).collect();
        assert_eq!(measures, ["F6", "F6b", "F7"]);
        let of = |statistic: &str, measure: &str, of: &[(&str, &str)]| value(&values, measure, statistic, of);
        assert_eq!(of("score", "F6", &[("entry", "cook"), ("activity", "sports")]), Some(0.0));
        assert_eq!(of("score", "F6", &[("entry", "runner"), ("activity", "cooking")]), Some(0.5));
        assert_eq!(of("share", "F6b", &[("activity", "cooking")]), Some(0.667).map(|_| 40.0 / 60.0));
        // 2/3 against 2/3: level as scored, and half against three quarters under equal weights.
        assert_eq!(of("winner_changes", "F7", &[("weights", "uniform")]), Some(1.0));
        assert_eq!(of("rank", "F7", &[("weights", "uniform"), ("entry", "runner")]), Some(1.0));
        assert_eq!(of("winner_changes", "F7", &[("weights", "time_use")]), None, "labels are in no class");
    }

    #[test]
    fn mapped_labels_are_held_against_time_use() {
        let values = found(["31", "83"], Some(Mapping::icatus_itself())).unwrap();
        let measures: Vec<&str> = values.iter().map(|value| value.measure.as_str()).collect();
        assert_eq!(measures, MEASURES);
        let of = |measure: &str, statistic: &str, of: &[(&str, &str)]| value(&values, measure, statistic, of);
        assert_eq!(of("F2", "intent_gap", &[]), Some(0.0), "a code of ICATUS says its class");
        assert_eq!(of("F1", "reached_by_amount", &[("level", "division")]), Some(2.0));
        let shares = [40.0 / 60.0, 20.0 / 60.0];
        let bits: f64 = shares.iter().map(|share: &f64| -share * share.log2()).sum();
        assert!((of("F3", "entropy_bits", &[]).unwrap() - bits).abs() < 1e-12);
        assert_eq!(of("F6", "score", &[("entry", "cook"), ("activity", "2-3")]), Some(1.0));
        // Of the two classes leisure has more of a day than the household.
        assert_eq!(of("F7", "rank", &[("weights", "time_use"), ("entry", "runner")]), Some(1.0));
        let divergence = values.iter().find(|value| value.measure == "F4").unwrap();
        assert!(matches!(divergence.readings[0].quantity, Quantity::Bounded { .. }));
    }

    #[test]
    fn a_metric_that_is_no_sum_weighs_what_it_loses() {
        let split = split();
        let mut first = Evidence::new(ITEMS);
        let values = Array2::from_shape_fn((ITEMS, 1), |(item, _)| item as f64);
        let block = first.block(Median::new(values));
        first.metric("median", 1.0, block.output(0));
        let second = first.clone();
        let standing = Standing {
            entries: &[("a", &first), ("b", &second)],
            metric: "median",
            higher_is_better: false,
            decimals: 3,
            split: &split,
            key: Key::from_u64(7),
            replications: Replications::LIVE,
        };
        let labels = labels(["cooking", "sports"]);
        let shown = Shown { labels: &labels, mapping: None, references: &[] };
        let values = panel(&standing, &shown, &Limits::default()).unwrap();
        let all = first.score_all().get("median").and_then(Score::value).unwrap();
        let without = first.score(labels.weights(1)).get("median").and_then(Score::value).unwrap();
        let loss = value(&values, "F6b", "loss_without", &[("activity", "cooking"), ("entry", "a")]);
        assert_eq!(loss, Some(all - without));
    }

    #[test]
    fn a_class_of_few_is_not_told_by_the_others() {
        assert_eq!(small_classes(&[40.0, 0.0, 20.0]), Vec::<usize>::new());
        assert_eq!(small_classes(&[40.0, 3.0, 20.0]), [1, 2], "one alone is what the others leave");
        assert_eq!(small_classes(&[40.0, 3.0, 8.0, 20.0]), [1, 2]);
        assert_eq!(small_classes(&[3.0]), [0]);
    }

    #[test]
    fn what_is_small_or_unknown_is_refused() {
        assert!(matches!(
            found(["31", "cooking"], Some(Mapping::icatus_itself())),
            Err(PanelError::Unmapped(_))
        ));
        let split = split();
        let labels = Activities::new(vec!["all".into()], vec![ndarray::Array1::ones(ITEMS)], ITEMS).unwrap();
        let standing = Standing {
            entries: &[],
            metric: "accuracy",
            higher_is_better: true,
            decimals: 3,
            split: &split,
            key: Key::from_u64(7),
            replications: Replications::LIVE,
        };
        let shown = Shown { labels: &labels, mapping: None, references: &[] };
        assert!(matches!(panel(&standing, &shown, &Limits::default()), Err(PanelError::TooSmall)));
    }
}
