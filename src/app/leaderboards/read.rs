//! A leaderboard as its reader sees it.

use std::collections::HashMap;

use domain::metric::MetricSpec;
use domain::split::Visibility;
use domain::{Actor, Codename, EvaluationId, Invalid, SplitId};
use ranking::{Entry, Order};
use storage::boards::{self, BoardEntry};
use storage::challenges::Challenge;
use storage::evaluations::{self, Score};
use storage::phases::{self, Annotations, Phase, Split};
use storage::{Conn, submissions, teams};

use super::standings::{deciding_split, elect, order_of};
use super::statistics::{self, EntryStatistics, KeptStatistics};
use crate::App;
use crate::authority::see_phase;
use crate::failure::{Code, Failure, Outcome};

/// Which leaderboard is asked for.
#[derive(Debug, Clone, Default)]
pub struct ReadBoard {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// A version of the annotations; absent for what stands now.
    pub annotations: Option<i32>,
}

/// A whole leaderboard.
#[derive(Debug, Clone)]
pub struct Board {
    /// The challenge.
    pub challenge: Challenge,
    /// The phase.
    pub phase: Phase,
    /// The split.
    pub split: Split,
    /// The splits that the reader may switch to.
    pub splits: Vec<Split>,
    /// What is measured, the ranking metric first.
    pub metrics: Vec<MetricSpec>,
    /// The version of the annotations in force, or the one asked for.
    pub annotations_version: Option<i32>,
    /// Whether the board was worked out from scores of one version rather than read from standings.
    pub is_recomputed: bool,
    /// What is known of it beyond the order, once it is computed; nothing for a recomputed board.
    pub statistics: Option<KeptStatistics>,
    /// The entries, best first.
    pub rows: Vec<BoardRow>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// Its rank; baselines are ranked among the entries.
    pub rank: usize,
    /// Team, method and evaluation.
    pub entry: BoardEntry,
    /// The version of the annotations that the scores were made on.
    pub annotations_version: i32,
    /// The values, in the order of the board's metrics; absent where undefined.
    pub scores: Vec<Option<f64>>,
    /// What the score that ranks is uncertain by, once it is computed.
    pub statistics: Option<EntryStatistics>,
}

impl Board {
    /// The entries that may be first: one where the first place is settled, none as long as nothing is known.
    pub fn contenders(&self) -> impl Iterator<Item = &BoardRow> {
        self.rows.iter().filter(|row| row.statistics.as_ref().is_some_and(|found| found.rank_set.best == 1))
    }
}

/// Reads a leaderboard.
///
/// Private splits and boards that are not public are for organizers; others get "not found".
pub async fn read_leaderboard(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ReadBoard,
) -> Outcome<Board> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db.read(move |conn| board(conn, &actor, &challenge, &phase, &asked)).await
}

pub(super) fn board(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: &ReadBoard,
) -> Outcome<Board> {
    let seen = see_phase(conn, actor, challenge, phase)?;
    let is_organizer = seen.challenge.is_organizer();
    let (challenge, phase) = (seen.challenge.challenge, seen.phase);
    if !phase.leaderboard_public && !is_organizer {
        return Err(Failure::not_found());
    }
    let all_splits = phases::splits_of(conn, phase.id)?;
    let visible: Vec<Split> = all_splits
        .iter()
        .filter(|split| is_organizer || split.visibility == Visibility::Public)
        .cloned()
        .collect();
    let split = match &asked.split {
        Some(name) => {
            Codename::parse(name).ok().and_then(|name| visible.iter().find(|split| split.codename == name))
        }
        None => deciding_split(&visible),
    };
    let split = split.cloned().ok_or_else(Failure::not_found)?;
    let (_, metrics) = order_of(conn, &phase)?;
    let versions: HashMap<_, _> =
        phases::annotations_versions(conn, phase.id)?.into_iter().map(|found| (found.id, found)).collect();
    let (entries, metrics, annotations_version) = match asked.annotations {
        None => {
            let in_force = versions.values().map(|found| found.version).max();
            (boards::entries(conn, split.id)?, metrics, in_force)
        }
        Some(version) => {
            let annotations = versions.values().find(|found| found.version == version).ok_or_else(|| {
                Failure::from(Invalid::new("annotations", "must be a version of this phase"))
            })?;
            let entries = recompute(conn, &phase, &all_splits, annotations)?;
            (entries, annotations.metrics.0.clone(), Some(version))
        }
    };
    let order = Order::new(&phase.ranking.0, &metrics);
    let metrics = primary_first(metrics, &order);
    let mut rows = rank(conn, split.id, &order, &metrics, entries, |id| {
        versions.get(&id).map_or(0, |found| found.version)
    })?;
    let primary = order.keys().first().map(|key| key.metric.as_str());
    let statistics = match asked.annotations {
        None => statistics::of_board(conn, split.id, primary)?,
        Some(_) => None,
    };
    if let Some(kept) = &statistics {
        let by_submission: HashMap<_, _> =
            kept.statistics.entries.iter().map(|entry| (entry.submission, entry)).collect();
        for row in &mut rows {
            row.statistics = by_submission.get(&row.entry.submission).map(|found| (*found).clone());
        }
    }
    Ok(Board {
        statistics,
        challenge,
        split,
        splits: visible,
        metrics,
        annotations_version,
        is_recomputed: asked.annotations.is_some(),
        rows,
        phase,
    })
}

/// Puts the entries in order and beside their scores.
fn rank(
    conn: &mut Conn<'_>,
    split: SplitId,
    order: &Order,
    metrics: &[MetricSpec],
    entries: Vec<BoardEntry>,
    version_of: impl Fn(domain::AnnotationsId) -> i32,
) -> Outcome<Vec<BoardRow>> {
    let ids: Vec<EvaluationId> = entries.iter().map(|entry| entry.evaluation).collect();
    let mut by_evaluation: HashMap<EvaluationId, HashMap<String, Option<f64>>> = HashMap::new();
    for Score { evaluation_id, metric, value, .. } in evaluations::scores_on_split(conn, split, &ids)? {
        by_evaluation.entry(evaluation_id).or_default().insert(metric, value);
    }
    let value = |evaluation: EvaluationId, metric: &str| -> Option<f64> {
        by_evaluation.get(&evaluation).and_then(|scores| scores.get(metric)).copied().flatten()
    };
    let mut placed: Vec<(Entry, BoardEntry)> = entries
        .into_iter()
        .map(|entry| {
            let values = order.keys().iter().map(|key| value(entry.evaluation, &key.metric)).collect();
            (Entry { values, received_at: entry.received_at }, entry)
        })
        .collect();
    placed.sort_by(|a, b| order.compare(&a.0, &b.0).then(a.1.submission.cmp(&b.1.submission)));
    let (keys, entries): (Vec<Entry>, Vec<BoardEntry>) = placed.into_iter().unzip();
    let ranks = order.ranks(&keys);
    Ok(ranks
        .into_iter()
        .zip(entries)
        .map(|(rank, entry)| BoardRow {
            rank,
            annotations_version: version_of(entry.annotations),
            scores: metrics.iter().map(|metric| value(entry.evaluation, &metric.name)).collect(),
            statistics: None,
            entry,
        })
        .collect())
}

/// What would stand if only evaluations on one version of the annotations counted.
fn recompute(
    conn: &mut Conn<'_>,
    phase: &Phase,
    splits: &[Split],
    annotations: &Annotations,
) -> Outcome<Vec<BoardEntry>> {
    let Some(deciding) = deciding_split(splits) else { return Ok(Vec::new()) };
    let order = Order::new(&phase.ranking.0, &annotations.metrics.0);
    let newest: HashMap<_, _> = evaluations::newest_on(conn, phase.id, annotations.id)?.into_iter().collect();
    let mut entries = Vec::new();
    for team in boards::teams_with_scores(conn, phase.id)? {
        let mut candidates = boards::candidates(conn, phase.id, team)?;
        for candidate in &mut candidates {
            candidate.evaluation = newest.get(&candidate.submission).copied();
        }
        candidates.retain(|candidate| candidate.evaluation.is_some());
        let Some((submission, evaluation)) =
            elect(conn, phase.final_choice, &order, deciding.id, &candidates)?
        else {
            continue;
        };
        let (Some(team), Some(submission), Some(evaluation)) = (
            teams::find(conn, team)?,
            submissions::find(conn, submission)?,
            evaluations::find(conn, evaluation)?,
        ) else {
            return Err(Failure::new(Code::Internal, "a row that a score belongs to is missing"));
        };
        entries.push(BoardEntry {
            team: team.id,
            team_name: team.name,
            submission: submission.id,
            evaluation: evaluation.id,
            received_at: submission.received_at.unwrap_or(submission.created_at),
            is_baseline: submission.is_baseline,
            method: submission.method,
            evaluator_version: evaluation.evaluator_version,
            mode: evaluation.mode,
            annotations: evaluation.annotations_id,
            scored_count: i32::try_from(candidates.len()).unwrap_or(i32::MAX),
        });
    }
    Ok(entries)
}

fn primary_first(mut metrics: Vec<MetricSpec>, order: &Order) -> Vec<MetricSpec> {
    if let Some(primary) = order.keys().first()
        && let Some(place) = metrics.iter().position(|metric| metric.name == primary.metric)
    {
        metrics[..=place].rotate_right(1);
    }
    metrics
}
