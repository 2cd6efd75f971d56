//! The record of a result: a pure function of the final entries and their replicates.

use domain::metric::MetricSpec;
use domain::ranking_rule::{BaselineRule, RankingMethod};
use ranking::board::Standing;
use ranking::description::Described;
use ranking::overfitting::{TwoSplits, overfitting};
use ranking::prizes::{Contender, award};
use ranking::replicates::Replicates;
use ranking::ruled_board::{self, EntryDescription};
use ranking::shake_up::shake_up;
use ranking::{Entry, Order, inflation, interval, method, paired};
use serde_json::{Map, Value, json};
use storage::challenges::Challenge;
use storage::phases::Split;

use super::WaitingResult;
use super::inputs::{FinalEntry, final_split};
use super::work_out::{Drawn, REPLICATIONS};
use crate::failure::{Failure, Outcome};
use crate::leaderboards::standings::deciding_split;
use crate::leaderboards::statistics::LEVEL;

/// What the first key of a record says.
const FORMAT: &str = "heldout-result/1";
/// How many of the first places are compared between the splits.
const TOP: usize = 10;

/// Everything that a record is made of.
pub(super) struct Final {
    pub(super) challenge: Challenge,
    pub(super) waiting: WaitingResult,
    pub(super) order: Order,
    pub(super) entries: Vec<FinalEntry>,
    /// What they are uncertain by, entry by entry.
    pub(super) drawn: Vec<Drawn>,
}

/// The record.
///
/// # Errors
/// Statistics that refuse what is stored: a score that is no number, or replicates of different numbers.
pub(super) fn compose(found: &Final) -> Outcome<Value> {
    let (phase, splits) = (&found.waiting.phase, &found.waiting.splits);
    let (Some(decides), Some(seen)) = (final_split(splits), deciding_split(splits)) else {
        return Err(Failure::not_found());
    };
    let Some(primary) = found.order.keys().first() else { return Err(Failure::not_found()) };
    let values: Vec<Option<f64>> =
        found.entries.iter().map(|entry| entry.value(decides, &primary.metric)).collect();
    let descriptions = found.described(decides)?;
    let (order, ranks, method_scores) = found.ranked(decides);
    let beaten = found.beats_baselines(decides, &values, primary.higher_is_better)?;
    let annotations = &found.waiting.annotations;
    let entries: Vec<Value> = order
        .iter()
        .map(|index| {
            let entry = &found.entries[*index];
            let mut told = told_of(entry, splits, &annotations.metrics.0);
            told.insert("rank".into(), json!(ranks[*index]));
            told.insert("method_score".into(), json!(method_scores[*index]));
            told.insert("beats_baselines".into(), json!(beaten[*index]));
            told.insert("uncertainty".into(), uncertainty(&descriptions[*index], entry.counted));
            Value::Object(told)
        })
        .collect();
    Ok(json!({
        "format": FORMAT,
        "version": found.waiting.request.version,
        "reason": found.waiting.request.reason,
        "challenge": {"id": found.challenge.id, "slug": found.challenge.slug},
        "phase": {"id": phase.id, "codename": phase.codename, "closes_at": phase.closes_at},
        "evaluator": {"id": phase.evaluator, "mode": phase.mode.as_str(), "params": phase.params.0},
        "annotations": {"version": annotations.version, "digest": annotations.digest},
        "rule": phase.ranking.0,
        "final_choice": phase.final_choice.as_str(),
        "metric": primary.metric,
        "splits": {"deciding": decides.codename, "seen": seen.codename},
        "draws": {
            "generator": "LBRNG-1",
            "purpose": format!("bootstrap/{}", decides.id),
            "replicates": REPLICATIONS.get(),
            "level": LEVEL.value(),
            "secret_digest": phase.secret_digest(),
            "secret": found.waiting.request.retires_splits.then_some(&phase.split_salt),
        },
        "entries": entries,
        "shake_up": found.shaken(decides, seen, &primary.metric, primary.higher_is_better)?,
        "overfitting": found.overfitted(decides, seen, &primary.metric, primary.higher_is_better)?,
        "prizes": found.prizes(&order, &ranks, &descriptions, &beaten)?,
    }))
}

/// What a record says of an entry before any comparison.
fn told_of(entry: &FinalEntry, splits: &[Split], metrics: &[MetricSpec]) -> Map<String, Value> {
    let on = |split: &Split| -> Value {
        let values =
            metrics.iter().map(|metric| (metric.name.clone(), json!(entry.value(split, &metric.name))));
        Value::Object(values.collect())
    };
    let scores: Map<String, Value> =
        splits.iter().map(|split| (split.codename.to_string(), on(split))).collect();
    let (submission, evaluation) = (&entry.submission, &entry.evaluation);
    Map::from_iter([
        ("team".into(), json!({"id": entry.team.id, "name": entry.team.name})),
        ("submission".into(), json!(submission.id)),
        ("artifact".into(), json!(submission.artifact)),
        ("received_at".into(), json!(entry.received_at())),
        ("is_chosen".into(), json!(submission.chosen_at.is_some())),
        ("is_baseline".into(), json!(submission.is_baseline)),
        ("is_disqualified".into(), json!(entry.is_disqualified)),
        ("submissions".into(), json!(entry.counted)),
        ("evaluation".into(), json!(evaluation.id)),
        ("evaluator_version".into(), json!(evaluation.evaluator_version)),
        ("evidence".into(), json!(evaluation.evidence)),
        ("scores".into(), Value::Object(scores)),
    ])
}

fn uncertainty(known: &EntryDescription, counted: u32) -> Value {
    let (primary, ranks) = (known.primary, known.ranks);
    if primary.is_none() && ranks.is_none() {
        return Value::Null;
    }
    let deviation = primary.and_then(|primary| primary.deviation);
    json!({
        "interval": primary.and_then(|primary| primary.interval),
        "standard_error": primary.and_then(|primary| primary.standard_error),
        "method_interval": known.method_interval,
        "rank_set": ranks.map(|ranks| ranks.set),
        "group": ranks.map(|ranks| ranks.group),
        "winner_share": ranks.map(|ranks| ranks.winner_share),
        "median_rank": ranks.and_then(|ranks| ranks.median),
        "selection_gain": deviation.map(|deviation| inflation::best_of(counted, deviation)),
    })
}

impl Final {
    /// What is known of every entry.
    fn described(&self, decides: &Split) -> Outcome<Vec<EntryDescription>> {
        let rule = &self.waiting.phase.ranking.0;
        let metrics = ruled_board::measured(rule, &self.waiting.annotations.metrics.0);
        let described = |index: usize, metric: &&MetricSpec| {
            let value = self.entries[index].value(decides, &metric.name)?;
            let drawn = self.drawn[index].on(decides.id, &metric.name);
            let replicates = drawn.and_then(|found| found.replicates.as_ref());
            let few_items = drawn.and_then(|found| found.few_items);
            Some(Described { standing: Standing { value, replicates }, few_items })
        };
        let entries: Vec<Vec<Option<Described<'_>>>> = (0..self.entries.len())
            .map(|index| metrics.iter().map(|metric| described(index, metric)).collect())
            .collect();
        ruled_board::describe(rule, &metrics, &entries, LEVEL).map_err(Failure::internal)
    }

    /// The replicates of the primary metric.
    fn replicates(&self, entry: usize, split: &Split) -> Option<&Replicates> {
        let primary = self.order.keys().first()?;
        self.drawn[entry].on(split.id, &primary.metric)?.replicates.as_ref()
    }

    /// The entries from best to worst on a split, with the rank of each and what a method of several metrics made of it.
    fn ranked(&self, split: &Split) -> (Vec<usize>, Vec<Option<usize>>, Vec<Option<f64>>) {
        let keys: Vec<Entry> = self.entries.iter().map(|entry| entry.place(split, &self.order)).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by(|a, b| self.order.compare(&keys[*a], &keys[*b]));
        let rule = &self.waiting.phase.ranking.0;
        let mut ranks = vec![None; keys.len()];
        if rule.method == RankingMethod::Primary {
            let sorted: Vec<Entry> = order.iter().map(|index| keys[*index].clone()).collect();
            for (index, rank) in order.iter().zip(self.order.ranks(&sorted)) {
                ranks[*index] = Some(rank);
            }
            return (order, ranks, vec![None; keys.len()]);
        }
        let metrics = method::metrics_of(rule, &self.waiting.annotations.metrics.0);
        let column = |metric: &&MetricSpec| {
            self.entries.iter().map(|entry| entry.value(split, &metric.name)).collect()
        };
        let placings = method::placings(rule, &metrics, metrics.iter().map(column).collect())
            .unwrap_or_else(|_| vec![None; keys.len()]);
        for (rank, placing) in ranks.iter_mut().zip(&placings) {
            *rank = placing.map(|placing| placing.rank);
        }
        order.sort_by_key(|index| ranks[*index].unwrap_or(usize::MAX));
        (order, ranks, placings.into_iter().map(|placing| placing.map(|placing| placing.score)).collect())
    }

    /// Whether every entry is better than all baselines, as the phase's rule asks; nothing for baselines and without a rule.
    fn beats_baselines(
        &self,
        decides: &Split,
        values: &[Option<f64>],
        higher_is_better: bool,
    ) -> Outcome<Vec<Option<bool>>> {
        let rule = self.waiting.phase.ranking.0.baseline;
        let baselines: Vec<usize> =
            (0..self.entries.len()).filter(|index| self.entries[*index].submission.is_baseline).collect();
        let mut found = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            if rule == BaselineRule::None || self.entries[index].submission.is_baseline {
                found.push(None);
                continue;
            }
            let mut beats_all = value.is_some();
            for baseline in &baselines {
                let Some((own, other)) = value.zip(values[*baseline]) else { continue };
                beats_all &= match rule {
                    BaselineRule::SignificantlyBetter => {
                        let drawn = |index: usize| self.replicates(index, decides);
                        match drawn(index).zip(drawn(*baseline)) {
                            Some((replicates, others)) => {
                                is_clearly_better((own, replicates), (other, others), higher_is_better)?
                            }
                            None => false,
                        }
                    }
                    _ if higher_is_better => own > other,
                    _ => own < other,
                };
            }
            found.push(Some(beats_all));
        }
        Ok(found)
    }

    /// How the split that decides rearranged the one that was seen, among the entries that have a value on both.
    fn shaken(
        &self,
        decides: &Split,
        seen: &Split,
        metric: &str,
        higher_is_better: bool,
    ) -> Outcome<Option<Value>> {
        if decides.id == seen.id {
            return Ok(None);
        }
        let both: Vec<(&FinalEntry, f64, f64)> = self
            .entries
            .iter()
            .filter_map(|entry| Some((entry, entry.value(seen, metric)?, entry.value(decides, metric)?)))
            .collect();
        let public: Vec<f64> = both.iter().map(|(_, value, _)| *value).collect();
        let private: Vec<f64> = both.iter().map(|(_, _, value)| *value).collect();
        let shaken = shake_up(&public, &private, higher_is_better).map_err(Failure::internal)?;
        let shifts: Vec<Value> = both
            .iter()
            .enumerate()
            .map(|(index, (entry, ..))| {
                json!({
                    "team": entry.team.id,
                    "seen_rank": shaken.public_ranks[index],
                    "final_rank": shaken.private_ranks[index],
                })
            })
            .collect();
        Ok(Some(json!({
            "mean_shift": shaken.mean_shift,
            "kendall_tau_b": shaken.tau.tau_b(),
            "top": TOP.min(both.len()),
            "top_overlap": shaken.top_overlap(TOP.min(both.len())),
            "entries": shifts,
        })))
    }

    /// Whether teams did better where they could see their scores, in standard errors.
    fn overfitted(
        &self,
        decides: &Split,
        seen: &Split,
        metric: &str,
        higher_is_better: bool,
    ) -> Outcome<Option<Value>> {
        if decides.id == seen.id {
            return Ok(None);
        }
        let error = |index, split| self.replicates(index, split).and_then(interval::standard_error);
        let known: Vec<(&FinalEntry, TwoSplits)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let two = TwoSplits {
                    public: entry.value(seen, metric)?,
                    public_se: error(index, seen)?,
                    private: entry.value(decides, metric)?,
                    private_se: error(index, decides)?,
                };
                Some((entry, two))
            })
            .collect();
        let two: Vec<TwoSplits> = known.iter().map(|(_, two)| *two).collect();
        let meter = overfitting(&two, higher_is_better).map_err(Failure::internal)?;
        let teams: Vec<Value> = known
            .iter()
            .zip(&meter.z)
            .map(|((entry, _), z)| json!({"team": entry.team.id, "z": z}))
            .collect();
        Ok(Some(json!({
            "share_beyond": meter.share_beyond,
            "mean_z": meter.mean_z,
            "mean_interval": meter.mean_interval,
            "teams": teams,
        })))
    }

    /// Who is given the prizes: entries that are ranked, not disqualified, no baselines, and better than these where the rule asks
    /// for it.
    fn prizes(
        &self,
        order: &[usize],
        ranks: &[Option<usize>],
        descriptions: &[EntryDescription],
        beaten: &[Option<bool>],
    ) -> Outcome<Vec<Value>> {
        let terms = self.waiting.phase.ranking.0.prizes;
        let is_eligible = |index: &&usize| {
            ranks[**index].is_some()
                && !self.entries[**index].submission.is_baseline
                && !self.entries[**index].is_disqualified
                && beaten[**index] != Some(false)
        };
        let eligible: Vec<usize> = order.iter().filter(is_eligible).copied().collect();
        // Ranks by values alone, before time decides, among those who can be given a prize.
        let keys: Vec<Entry> = match final_split(&self.waiting.splits) {
            Some(split) => {
                eligible.iter().map(|index| self.entries[*index].place(split, &self.order)).collect()
            }
            None => return Ok(Vec::new()),
        };
        let is_primary = self.waiting.phase.ranking.0.method == RankingMethod::Primary;
        let rank_of = |place: usize| -> usize {
            let better = (0..eligible.len()).filter(|other| {
                if is_primary {
                    self.order.compare_values(&keys[*other], &keys[place]).is_lt()
                } else {
                    ranks[eligible[*other]] < ranks[eligible[place]]
                }
            });
            better.count() + 1
        };
        let contenders: Vec<Contender> = eligible
            .iter()
            .enumerate()
            .map(|(place, index)| {
                let rank = rank_of(place);
                // Those who cannot be given a prize stand in nobody's way.
                let ahead = ranks[*index].unwrap_or(rank).saturating_sub(rank);
                let rank_set = descriptions[*index].ranks.map(|known| {
                    let set = known.set;
                    (set.best.saturating_sub(ahead).clamp(1, rank), set.worst.saturating_sub(ahead).max(rank))
                });
                Contender {
                    rank,
                    received_at: self.entries[*index].received_at(),
                    rank_set: Some(rank_set.unwrap_or((rank, rank))),
                }
            })
            .collect();
        let places = award(terms.rule, usize::from(terms.places), &contenders).map_err(Failure::internal)?;
        Ok(places
            .into_iter()
            .map(|place| {
                let recipients: Vec<_> = place
                    .recipients
                    .iter()
                    .map(|place| self.entries[eligible[*place]].submission.id)
                    .collect();
                json!({"place": place.place, "recipients": recipients, "needs_jury": place.needs_jury})
            })
            .collect())
    }
}

fn is_clearly_better(
    own: (f64, &Replicates),
    other: (f64, &Replicates),
    higher_is_better: bool,
) -> Outcome<bool> {
    let found = paired::difference(own, other, LEVEL).map_err(Failure::internal)?;
    Ok(found
        .interval
        .is_some_and(|found| if higher_is_better { found.lower > 0.0 } else { found.upper < 0.0 }))
}
