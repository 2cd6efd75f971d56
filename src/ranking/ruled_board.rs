//! What a board says of its entries under a phase's ranking rule, whether one metric ranks or a method of several.

use domain::metric::MetricSpec;
use domain::ranking_rule::{RankingMethod, RankingRule};

use crate::board::{Board, BoardError, Standing};
use crate::description::{self, Described, RankStatistics, Uncertainty};
use crate::interval::{self, Interval};
use crate::level::Level;
use crate::method::{higher_is_better, metrics_of, moves_in_steps, placings_where_equals};
use crate::order::Order;
use crate::replicates::Replicates;
use crate::schemes::Ties;

/// The metrics whose uncertainty a board under this rule needs: the primary one first, then the others that a method of several
/// takes into account. None where the rule's metrics are not among these.
pub fn measured<'m>(rule: &RankingRule, metrics: &'m [MetricSpec]) -> Vec<&'m MetricSpec> {
    let order = Order::new(rule, metrics);
    let Some(primary) = order.keys().first() else { return Vec::new() };
    let mut found: Vec<&MetricSpec> = metrics.iter().filter(|metric| metric.name == primary.metric).collect();
    if rule.method != RankingMethod::Primary {
        found.extend(metrics_of(rule, metrics).into_iter().filter(|metric| metric.name != primary.metric));
    }
    found
}

/// What is known of an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EntryDescription {
    /// What its value of the primary metric is uncertain by; nothing where it has none.
    pub primary: Option<Uncertainty>,
    /// The interval of what a method of several metrics makes of it.
    pub method_interval: Option<Interval>,
    /// What is known of its rank; nothing where it has none.
    pub ranks: Option<RankStatistics>,
}

/// Describes every entry: `entries[entry][metric]`, the metrics being those of [`measured`], in their order.
///
/// Under a method of several metrics, an entry's ranks are about what the method makes of all entries in every replicate, in which
/// all metrics of all entries were drawn together. An entry that is not estimated in a metric stands there by its value,
/// so that the ranks of the others are defined, and nothing is concluded of its own.
/// Where the method refuses a replicate, as performance profiles refuse values that are not positive, no ranks are told.
///
/// # Errors
/// As [`Board::new`].
pub fn describe(
    rule: &RankingRule,
    metrics: &[&MetricSpec],
    entries: &[Vec<Option<Described<'_>>>],
    level: Level,
) -> Result<Vec<EntryDescription>, BoardError> {
    let mut found = vec![EntryDescription::default(); entries.len()];
    let Some(primary) = metrics.first() else { return Ok(found) };
    let (places, defined): (Vec<usize>, Vec<Described<'_>>) = entries
        .iter()
        .enumerate()
        .filter_map(|(place, entry)| Some((place, entry.first().copied().flatten()?)))
        .unzip();
    let by_primary = description::describe(&defined, primary.higher_is_better, level)?;
    for (place, (uncertainty, ranks)) in places.into_iter().zip(by_primary) {
        found[place].primary = Some(uncertainty);
        found[place].ranks = Some(ranks).filter(|_| rule.method == RankingMethod::Primary);
    }
    if rule.method != RankingMethod::Primary {
        let Some(scores) = by_method(rule, metrics, entries) else { return Ok(found) };
        let (places, standings): (Vec<usize>, Vec<Standing<'_>>) = scores
            .iter()
            .enumerate()
            .filter_map(|(place, score)| Some((place, score.as_ref()?.standing())))
            .unzip();
        let board = Board::new(&standings, higher_is_better(rule.method), level)?;
        let board = if moves_in_steps(rule.method) { board.moving_in_steps() } else { board };
        for ((place, standing), ranks) in
            places.into_iter().zip(&standings).zip(description::ranks_on(&board)?)
        {
            found[place].ranks = Some(ranks);
            found[place].method_interval = match standing.replicates {
                Some(replicates) => interval::percentile(replicates, level)?,
                None => None,
            };
        }
    }
    Ok(found)
}

/// What a method makes of an entry, and of its replicates.
struct MethodScore {
    value: f64,
    replicates: Option<Replicates>,
}

impl MethodScore {
    fn standing(&self) -> Standing<'_> {
        Standing { value: self.value, replicates: self.replicates.as_ref() }
    }
}

/// The scores of the method, entry by entry; nothing for those that are not ranked, nothing at all where the method refuses.
///
/// Equals share the mean of their places here: draws hardly ever tie, so the better place of a tie would be none that they vary
/// around.
fn by_method(
    rule: &RankingRule,
    metrics: &[&MetricSpec],
    entries: &[Vec<Option<Described<'_>>>],
) -> Option<Vec<Option<MethodScore>>> {
    let owned: Vec<MetricSpec> = metrics.iter().map(|metric| (*metric).clone()).collect();
    let counted = metrics_of(rule, &owned);
    let place_of = |metric: &&MetricSpec| metrics.iter().position(|other| other.name == metric.name);
    let columns: Vec<usize> = counted.iter().filter_map(place_of).collect();
    let standing = |entry: usize, column: usize| -> Option<Standing<'_>> {
        entries[entry].get(column).copied().flatten().map(|described| described.standing)
    };
    let score = |value: &dyn Fn(Standing<'_>) -> Option<f64>| -> Option<Vec<Option<f64>>> {
        let values = columns
            .iter()
            .map(|column| (0..entries.len()).map(|entry| standing(entry, *column).and_then(value)).collect());
        let placed = placings_where_equals(Ties::Average, rule, &counted, values.collect()).ok()?;
        Some(placed.into_iter().map(|placing| placing.map(|placing| placing.score)).collect())
    };
    let is_estimated = |entry: usize| {
        let mut present = columns.iter().filter_map(|column| standing(entry, *column)).peekable();
        present.peek().is_some() && present.all(|standing| standing.replicates.is_some())
    };
    let replications = entries
        .iter()
        .flatten()
        .flatten()
        .find_map(|described| described.standing.replicates)
        .map_or(0, Replicates::len);
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(replications); entries.len()];
    for replicate in 0..replications {
        let values = score(&|standing| match standing.replicates {
            Some(replicates) => replicates.values().get(replicate).copied().filter(|value| value.is_finite()),
            None => Some(standing.value),
        })?;
        for (own, value) in drawn.iter_mut().zip(values) {
            own.push(value.unwrap_or(f64::NAN));
        }
    }
    let values = score(&|standing| Some(standing.value))?;
    let scores = values.into_iter().zip(drawn).enumerate().map(|(entry, (value, drawn))| {
        let replicates = (replications > 0 && is_estimated(entry)).then(|| Replicates::new(drawn));
        value.map(|value| MethodScore { value, replicates })
    });
    Some(scores.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Replications;
    use crate::rank_sets::RankSet;

    fn metric(name: &str, higher_is_better: bool) -> MetricSpec {
        MetricSpec {
            name: name.into(),
            label: name.into(),
            unit: String::new(),
            higher_is_better,
            decimals: 3,
        }
    }

    fn rule(method: RankingMethod) -> RankingRule {
        let metrics = vec!["recall".into(), "error".into()];
        RankingRule { method, metrics, ..RankingRule::default() }
    }

    /// Replicates around a value, `spread` from it at most; other strides of one cycle are draws that have nothing to do with it.
    fn around(value: f64, spread: f64, stride: usize) -> Replicates {
        let draws = (0..Replications::LIVE.get()).map(|draw| ((draw * stride) % 101) as f64 / 50.0 - 1.0);
        Replicates::new(draws.map(|draw| value + spread * draw).collect())
    }

    fn described(value: f64, replicates: Option<&Replicates>) -> Option<Described<'_>> {
        Some(Described { standing: Standing { value, replicates }, few_items: None })
    }

    fn sets(found: &[EntryDescription]) -> Vec<Option<(usize, usize)>> {
        found.iter().map(|one| one.ranks.map(|ranks| (ranks.set.best, ranks.set.worst))).collect()
    }

    #[test]
    fn a_method_of_several_metrics_has_rank_sets_of_its_own() {
        let all = [metric("recall", true), metric("error", false), metric("speed", true)];
        let rule = rule(RankingMethod::MeanRank);
        let metrics = measured(&rule, &all);
        assert_eq!(
            metrics.iter().map(|metric| metric.name.as_str()).collect::<Vec<_>>(),
            ["recall", "error"]
        );
        // First by a clear margin in both; two that change places in every other draw; one that is last in both.
        let recall = [around(0.9, 0.01, 1), around(0.5, 0.1, 2), around(0.49, 0.1, 3), around(0.1, 0.01, 4)];
        let error = [around(1.0, 0.1, 5), around(5.0, 1.0, 6), around(4.9, 1.0, 7), around(9.0, 0.1, 8)];
        let values = [(0.9, 1.0), (0.5, 5.0), (0.49, 4.9), (0.1, 9.0)];
        let mut entries: Vec<Vec<Option<Described<'_>>>> = values
            .iter()
            .enumerate()
            .map(|(entry, (first, second))| {
                vec![described(*first, Some(&recall[entry])), described(*second, Some(&error[entry]))]
            })
            .collect();
        let found = describe(&rule, &metrics, &entries, Level::FIVE_PERCENT).unwrap();
        assert_eq!(sets(&found), [Some((1, 1)), Some((2, 3)), Some((2, 3)), Some((4, 4))]);
        assert_eq!(found[0].ranks.unwrap().winner_share, 1.0);
        assert_eq!(found[0].method_interval, Some(Interval { lower: 1.0, upper: 1.0 }));
        assert_eq!(found[1].method_interval, Some(Interval { lower: 2.0, upper: 3.0 }));
        assert!(found.iter().all(|one| one.primary.and_then(|known| known.interval).is_some()));

        // Who lacks a metric is not ranked and changes nobody's set; who is not estimated may be anywhere.
        entries.push(vec![described(0.95, Some(&recall[0])), None]);
        let lacking = describe(&rule, &metrics, &entries, Level::FIVE_PERCENT).unwrap();
        assert_eq!(sets(&lacking)[..4], sets(&found));
        assert!(lacking[4].ranks.is_none() && lacking[4].primary.is_some());
        entries[4] = vec![described(0.2, None), described(8.0, Some(&error[3]))];
        let unknown = describe(&rule, &metrics, &entries, Level::FIVE_PERCENT).unwrap();
        assert_eq!(sets(&unknown)[4], Some((1, 5)));
        assert_eq!(unknown[4].method_interval, None);
    }

    #[test]
    fn one_metric_ranks_as_on_any_board_and_refusals_tell_no_ranks() {
        let all = [metric("recall", true), metric("error", false)];
        let replicates = [around(0.9, 0.01, 1), around(0.5, 0.01, 2)];
        let entries = [
            vec![described(0.9, Some(&replicates[0])), described(0.0, Some(&replicates[1]))],
            vec![described(0.5, Some(&replicates[1])), described(1.0, Some(&replicates[1]))],
        ];
        let primary = RankingRule::default();
        let metrics = measured(&primary, &all);
        assert_eq!(metrics.len(), 1);
        let found = describe(&primary, &metrics, &entries, Level::FIVE_PERCENT).unwrap();
        assert_eq!(found[0].ranks.unwrap().set, RankSet { best: 1, worst: 1 });
        assert_eq!(found[0].method_interval, None);

        let profiles = rule(RankingMethod::PerformanceProfile);
        let metrics = measured(&profiles, &all);
        let found = describe(&profiles, &metrics, &entries, Level::FIVE_PERCENT).unwrap();
        assert!(found.iter().all(|one| one.ranks.is_none() && one.primary.is_some()));
        assert_eq!(describe(&primary, &[], &entries, Level::FIVE_PERCENT).unwrap()[0].primary, None);
    }
}
