//! What a board is uncertain by: the interval of every entry, the ranks it may have, and who cannot be told apart.
//!
//! Replicates are made of the stored evidence of those submissions that stand, once for every evaluation,
//! and everything else is worked out of them for whole boards when nothing else is to be done.
//! So scores are shown at once, and what they are worth a moment later.

use std::collections::{HashMap, HashSet};

use domain::ranking_rule::RankingMethod;
use domain::{Digest, EvaluationId, PhaseId, SplitId, SubmissionId, Timestamp};
use ranking::board::{BoardError, Standing};
use ranking::description::{Described, describe};
use ranking::draws::Key;
use ranking::inflation;
use ranking::level::{Level, Replications};
use ranking::rank_sets::RankSet;
use ranking::release::rounded;
use ranking::replicates::Replicates;
use serde::{Deserialize, Serialize};
use storage::boards::{self, BoardEntry};
use storage::phases::{self, Annotations, Phase, Split};
use storage::types::Json;
use storage::uncertainty::{self, Vector};
use storage::{Conn, evaluations};

use super::release::Shown;
use super::standings::order_of;
use crate::App;
use crate::failure::{Failure, Outcome};

pub use ranking::interval::Interval;

/// The share of errors that all conclusions accept.
pub const LEVEL: Level = Level::FIVE_PERCENT;
/// How many replicates are drawn.
pub const REPLICATIONS: Replications = Replications::LIVE;

/// What is known of a board beyond the order of its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardStatistics {
    /// The metric that ranks, of which all this is.
    pub metric: String,
    /// The share of errors that is accepted: intervals and rank sets hold with one less this.
    pub level: f64,
    /// How many replicates were drawn.
    pub replicates: usize,
    /// The entries of which the metric is defined.
    pub entries: Vec<EntryStatistics>,
}

/// What is known of one entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryStatistics {
    /// The submission that stands.
    pub submission: SubmissionId,
    /// The interval of its score; nothing where its uncertainty is not estimated.
    pub interval: Option<Interval>,
    /// The standard deviation of its replicates.
    pub standard_error: Option<f64>,
    /// What is known of its rank; nothing where a method of several metrics ranks.
    pub ranks: Option<RankStatistics>,
    /// What being the best of its team's submissions is expected to have gained it by chance alone.
    pub selection_gain: Option<f64>,
}

/// What is known of an entry's rank by the metric that ranks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankStatistics {
    /// The ranks that it may have, all entries' together with the confidence of the level.
    pub set: RankSet,
    /// The group of entries that it cannot be told from the best of, from 1.
    pub group: usize,
    /// The share of replicates in which it is first.
    pub winner_share: f64,
    /// The median of its ranks in the replicates.
    pub median: Option<f64>,
}

/// Statistics with the version of the phase's boards that they are of.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptStatistics {
    /// The statistics.
    pub statistics: BoardStatistics,
    /// The version; the entries may have changed since.
    pub board_version: i64,
}

impl KeptStatistics {
    /// The same with no more digits than its reader is shown of scores: an end of an interval is an answer about the labels, too.
    pub(super) fn shown(mut self, shown: Shown) -> Self {
        if let Shown::Rounded(decimals) = shown {
            for entry in &mut self.statistics.entries {
                let round = |value: f64| rounded(value, decimals);
                entry.interval = entry
                    .interval
                    .map(|found| Interval { lower: round(found.lower), upper: round(found.upper) });
                entry.standard_error = entry.standard_error.map(round);
                entry.selection_gain = entry.selection_gain.map(round);
            }
        }
        self
    }
}

/// What the uncertainty of an evaluation on a split is estimated by.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The split.
    pub split: SplitId,
    /// The replicates; nothing where the uncertainty cannot be estimated.
    pub replicates: Option<Replicates>,
    /// The interval of a share of few items.
    pub few_items: Option<Interval>,
}

/// A phase whose boards are to be described.
#[derive(Debug, Clone)]
pub struct BoardsToDescribe {
    /// The phase.
    pub phase: Phase,
    /// The phase's splits, with who stands there.
    pub splits: Vec<(Split, Vec<BoardEntry>)>,
    /// What is measured, and on what; nothing as long as there are no annotations.
    pub measure: Option<Measure>,
}

/// What the entries of a phase are compared by.
#[derive(Debug, Clone)]
pub struct Measure {
    /// The annotations in force; evaluations on others are not compared with those on these.
    pub annotations: Annotations,
    /// The metric that ranks.
    pub metric: String,
    /// Whether more of it is better.
    pub higher_is_better: bool,
    /// Whether entries are ranked by it, not by several metrics together.
    pub decides_alone: bool,
}

/// Evidence of which there are no replicates yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreplicated {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The artifact that holds its evidence.
    pub evidence: Digest,
}

impl BoardsToDescribe {
    /// The key of a split's draws.
    ///
    /// It comes of the phase's secret, so that nobody can ask with known draws what the labels are,
    /// and of the split's id, so that the draws of one split say nothing of another's.
    pub fn key(&self, split: &Split) -> Key {
        bootstrap_key(&self.phase, split)
    }
}

/// The key of the draws on a split of a phase.
pub(crate) fn bootstrap_key(phase: &Phase, split: &Split) -> Key {
    Key::derive(&format!("bootstrap/{}", split.id), &phase.split_salt, 0)
}

/// The phase whose boards have waited longest for their statistics; nothing when all are described as they are.
pub async fn next_boards(app: &App) -> Outcome<Option<BoardsToDescribe>> {
    app.db
        .read(|conn| {
            let Some(id) = uncertainty::next_phase(conn)? else { return Ok(None) };
            boards_of(conn, id).map(Some)
        })
        .await
}

pub(crate) fn boards_of(conn: &mut Conn<'_>, id: PhaseId) -> Outcome<BoardsToDescribe> {
    let phase = phases::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let (order, _) = order_of(conn, &phase)?;
    let in_force = phases::annotations_in_force(conn, id)?;
    let measure = in_force.zip(order.keys().first()).map(|(annotations, primary)| Measure {
        annotations,
        metric: primary.metric.clone(),
        higher_is_better: primary.higher_is_better,
        decides_alone: phase.ranking.0.method == RankingMethod::Primary,
    });
    let mut splits = Vec::new();
    for split in phases::splits_of(conn, id)? {
        let mut entries = boards::entries(conn, split.id)?;
        entries.sort_by_key(|entry| entry.submission);
        splits.push((split, entries));
    }
    Ok(BoardsToDescribe { phase, splits, measure })
}

/// The evaluations that stand on these boards and of which it is not known on some split what they are uncertain by.
pub async fn unreplicated(
    app: &App,
    boards: &BoardsToDescribe,
    measure: &Measure,
) -> Outcome<Vec<Unreplicated>> {
    let (splits, measure) = (boards.splits.clone(), measure.clone());
    app.db
        .read(move |conn| {
            let mut missing: Vec<EvaluationId> = Vec::new();
            for (split, entries) in &splits {
                let standing = measure.comparable(entries);
                let known = uncertainty::known_on_split(conn, split.id, &measure.metric, &standing)?;
                let known: HashSet<EvaluationId> = known.into_iter().collect();
                missing.extend(standing.iter().filter(|id| !known.contains(id)));
            }
            missing.sort_unstable();
            missing.dedup();
            let mut found = Vec::with_capacity(missing.len());
            for id in missing {
                let evaluation = evaluations::find(conn, id)?.ok_or_else(Failure::not_found)?;
                found.push(Unreplicated { evaluation: id, evidence: evaluation.evidence });
            }
            Ok(found)
        })
        .await
}

/// Keeps what the uncertainty of an evaluation is estimated by, split by split.
pub async fn keep_estimates(
    app: &App,
    metric: &str,
    evaluation: EvaluationId,
    found: Vec<Estimated>,
) -> Outcome<()> {
    let metric = metric.to_owned();
    app.db
        .write(move |conn| {
            for estimated in &found {
                uncertainty::insert(conn, &estimated.to_vector(evaluation, &metric))?;
            }
            Ok(())
        })
        .await
}

/// Works out the statistics of all boards of a phase from the replicates that are kept, and keeps them.
///
/// Boards that cannot be described are left without statistics until they change.
pub async fn describe_boards(app: &App, boards: BoardsToDescribe) -> Outcome<()> {
    let now = app.now();
    let (phase, version) = (boards.phase.id, boards.phase.board_version);
    let described = match boards.measure {
        Some(measure) => described(app, boards.splits, measure).await?,
        None => Vec::new(),
    };
    app.db.write(move |conn| keep(conn, phase, version, now, &described)).await
}

async fn described(
    app: &App,
    splits: Vec<(Split, Vec<BoardEntry>)>,
    measure: Measure,
) -> Outcome<Vec<(SplitId, BoardStatistics)>> {
    let read = measure.clone();
    let standings = app
        .db
        .read(move |conn| {
            let mut found = Vec::with_capacity(splits.len());
            for (split, entries) in &splits {
                found.push((split.id, contenders(conn, &read, split.id, entries)?));
            }
            Ok::<_, Failure>(found)
        })
        .await?;
    // On a thread of its own: hundreds of entries take a second.
    let describing = move || {
        let mut found = Vec::with_capacity(standings.len());
        for (split, contenders) in &standings {
            match statistics_of(&measure, contenders) {
                Ok(statistics) => found.push((*split, statistics)),
                Err(error) => tracing::error!(split.id = %split, %error, "a board could not be described"),
            }
        }
        found
    };
    tokio::task::spawn_blocking(describing).await.map_err(Failure::internal)
}

/// Works out anew the statistics of a phase's boards that were described as they are: how many those are, and which differ
/// from what is kept.
pub(crate) fn disagreeing(conn: &mut Conn<'_>, phase: PhaseId) -> Outcome<(u64, Vec<String>)> {
    let boards = boards_of(conn, phase)?;
    let Some(measure) = &boards.measure else { return Ok((0, Vec::new())) };
    let (mut count, mut findings) = (0, Vec::new());
    for (split, entries) in &boards.splits {
        let Some(kept) = of_board(conn, split.id, Some(&measure.metric))? else { continue };
        if kept.board_version != boards.phase.board_version {
            continue;
        }
        count += 1;
        let contenders = contenders(conn, measure, split.id, entries)?;
        let wanted = statistics_of(measure, &contenders).map_err(Failure::internal)?;
        if wanted != kept.statistics {
            findings.push(format!(
                "the statistics of split {} of phase {phase} do not follow from its replicates",
                split.codename
            ));
        }
    }
    Ok((count, findings))
}

/// The statistics of a split's board, if they are of the metric that ranks.
pub(super) fn of_board(
    conn: &mut Conn<'_>,
    split: SplitId,
    metric: Option<&str>,
) -> Outcome<Option<KeptStatistics>> {
    let Some(found) = uncertainty::of_split(conn, split)? else { return Ok(None) };
    let statistics: BoardStatistics =
        serde_json::from_value(found.statistics.0).map_err(Failure::internal)?;
    let is_wanted = Some(statistics.metric.as_str()) == metric;
    Ok(is_wanted.then_some(KeptStatistics { statistics, board_version: found.board_version }))
}

fn keep(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    board_version: i64,
    computed_at: Timestamp,
    described: &[(SplitId, BoardStatistics)],
) -> Outcome<()> {
    let found = described
        .iter()
        .map(|(split_id, statistics)| {
            let statistics = Json(serde_json::to_value(statistics).map_err(Failure::internal)?);
            Ok(uncertainty::Statistics { split_id: *split_id, board_version, computed_at, statistics })
        })
        .collect::<Outcome<Vec<_>>>()?;
    uncertainty::store(conn, phase, board_version, &found)?;
    Ok(())
}

/// An entry with all that its statistics are made of.
struct Contender {
    submission: SubmissionId,
    value: f64,
    replicates: Option<Replicates>,
    few_items: Option<Interval>,
    submissions: u32,
}

impl Measure {
    /// The evaluations among these entries that were made on the annotations in force: the draws of others are of other
    /// items.
    pub(crate) fn comparable(&self, entries: &[BoardEntry]) -> Vec<EvaluationId> {
        let in_force = self.annotations.id;
        entries.iter().filter(|entry| entry.annotations == in_force).map(|entry| entry.evaluation).collect()
    }
}

fn contenders(
    conn: &mut Conn<'_>,
    measure: &Measure,
    split: SplitId,
    entries: &[BoardEntry],
) -> Outcome<Vec<Contender>> {
    let metric = &measure.metric;
    let all: Vec<EvaluationId> = entries.iter().map(|entry| entry.evaluation).collect();
    let scores = evaluations::scores_on_split(conn, split, &all)?;
    let values: HashMap<EvaluationId, f64> = scores
        .iter()
        .filter(|score| score.metric == *metric)
        .filter_map(|score| Some((score.evaluation_id, score.value?)))
        .collect();
    let mut vectors: HashMap<EvaluationId, Vector> =
        uncertainty::on_split(conn, split, metric, &measure.comparable(entries))?
            .into_iter()
            .map(|found| (found.evaluation_id, found))
            .collect();
    let mut found = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(value) = values.get(&entry.evaluation).copied() else { continue };
        let vector = vectors.remove(&entry.evaluation);
        found.push(Contender {
            submission: entry.submission,
            value,
            few_items: vector.as_ref().and_then(|vector| {
                let ends = vector.few_items_lower.zip(vector.few_items_upper);
                ends.map(|(lower, upper)| Interval { lower, upper })
            }),
            replicates: vector.map_or(Ok(None), |vector| replicates_of(&vector))?,
            submissions: u32::try_from(entry.scored_count).unwrap_or(1),
        });
    }
    Ok(found)
}

/// The replicates that are kept in a row; nothing where the uncertainty is not estimated.
pub(super) fn replicates_of(row: &Vector) -> Outcome<Option<Replicates>> {
    if row.vector.is_empty() {
        return Ok(None);
    }
    Replicates::from_bytes(&row.vector).map(Some).map_err(Failure::internal)
}

fn statistics_of(measure: &Measure, contenders: &[Contender]) -> Result<BoardStatistics, BoardError> {
    let described: Vec<Described<'_>> = contenders
        .iter()
        .map(|one| Described {
            standing: Standing { value: one.value, replicates: one.replicates.as_ref() },
            few_items: one.few_items,
        })
        .collect();
    let entries = describe(&described, measure.higher_is_better, LEVEL)?
        .into_iter()
        .zip(contenders)
        .map(|(found, contender)| EntryStatistics {
            submission: contender.submission,
            interval: found.interval,
            standard_error: found.standard_error,
            ranks: measure.decides_alone.then_some(RankStatistics {
                set: found.rank_set,
                group: found.group,
                winner_share: found.winner_share,
                median: found.median_rank,
            }),
            selection_gain: found
                .deviation
                .map(|deviation| inflation::best_of(contender.submissions, deviation)),
        })
        .collect();
    Ok(BoardStatistics {
        metric: measure.metric.clone(),
        level: LEVEL.value(),
        replicates: contenders.iter().find_map(|one| one.replicates.as_ref()).map_or(0, Replicates::len),
        entries,
    })
}
