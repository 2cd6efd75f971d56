//! What a board is uncertain by: the interval of every entry, the ranks it may have, and who cannot be told apart.
//!
//! Replicates are made of the stored evidence of those submissions that stand, once for every evaluation,
//! and everything else is worked out of them for whole boards when nothing else is to be done.
//! So scores are shown at once, and what they are worth a moment later.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::metric::MetricSpec;
use domain::ranking_rule::RankingRule;
use domain::{Digest, EvaluationId, PhaseId, SplitId, SubmissionId, Timestamp};
use ranking::board::{BoardError, Standing};
use ranking::description::Described;
use ranking::draws::Key;
use ranking::inflation;
use ranking::level::{Level, Replications};
use ranking::release::rounded;
use ranking::replicates::Replicates;
use ranking::ruled_board::{self, EntryDescription};
use serde::{Deserialize, Serialize};
use storage::boards::{self, BoardEntry};
use storage::phases::{self, Annotations, Phase, Split};
use storage::types::Json;
use storage::uncertainty::{self, Vector};
use storage::{Conn, evaluations};

use super::release::Shown;
use crate::App;
use crate::failure::{Failure, Outcome};

pub use ranking::description::RankStatistics;
pub use ranking::interval::Interval;

/// The share of errors that all conclusions accept.
pub const LEVEL: Level = Level::FIVE_PERCENT;
/// How many replicates are drawn.
pub const REPLICATIONS: Replications = Replications::LIVE;

/// What is known of a board beyond the order of its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoardStatistics {
    /// The primary metric, of which intervals are.
    pub metric: String,
    /// The share of errors that is accepted: intervals and rank sets hold with one less this.
    pub level: f64,
    /// How many replicates were drawn.
    pub replicates: usize,
    /// The entries of which anything is known.
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
    /// The interval of what a method of several metrics makes of it, where one ranks.
    #[serde(default)]
    pub method_interval: Option<Interval>,
    /// What is known of its rank, by the metric or the method that ranks; nothing where it has none.
    pub ranks: Option<RankStatistics>,
    /// What being the best of its team's submissions is expected to have gained it by chance alone.
    pub selection_gain: Option<f64>,
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
                for interval in [&mut entry.interval, &mut entry.method_interval].into_iter().flatten() {
                    *interval = Interval { lower: round(interval.lower), upper: round(interval.upper) };
                }
                entry.standard_error = entry.standard_error.map(round);
                entry.selection_gain = entry.selection_gain.map(round);
            }
        }
        self
    }
}

/// What the uncertainty of an evaluation's value of a metric on a split is estimated by.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The split.
    pub split: SplitId,
    /// The metric.
    pub metric: String,
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
    /// How entries are ranked.
    pub rule: RankingRule,
    /// The metric whose intervals are shown, and that alone ranks where no method of several does.
    pub primary: MetricSpec,
    /// The others that a method of several metrics takes into account.
    pub others: Vec<MetricSpec>,
}

/// Evidence of which there are no replicates yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreplicated {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The artifact that holds its evidence.
    pub evidence: Digest,
    /// The metrics that are to be replicated.
    pub metrics: Vec<String>,
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
    let measure = phases::annotations_in_force(conn, id)?.and_then(|annotations| {
        let rule = phase.ranking.0.clone();
        let mut measured = ruled_board::measured(&rule, &annotations.metrics.0).into_iter().cloned();
        let (primary, others) = (measured.next()?, measured.collect());
        Some(Measure { annotations, rule, primary, others })
    });
    let mut splits = Vec::new();
    for split in phases::splits_of(conn, id)? {
        let mut entries = boards::entries(conn, split.id)?;
        entries.sort_by_key(|entry| entry.submission);
        splits.push((split, entries));
    }
    Ok(BoardsToDescribe { phase, splits, measure })
}

/// The evaluations that stand on these boards and of which it is not known on some split what they are uncertain by in some metric.
pub async fn unreplicated(
    app: &App,
    boards: &BoardsToDescribe,
    measure: &Measure,
) -> Outcome<Vec<Unreplicated>> {
    let (splits, measure) = (boards.splits.clone(), measure.clone());
    app.db
        .read(move |conn| {
            let mut missing: BTreeMap<EvaluationId, BTreeSet<&str>> = BTreeMap::new();
            for (split, entries) in &splits {
                let standing = measure.comparable(entries);
                for metric in measure.metrics() {
                    let known = uncertainty::known_on_split(conn, split.id, &metric.name, &standing)?;
                    let known: HashSet<EvaluationId> = known.into_iter().collect();
                    for id in standing.iter().filter(|id| !known.contains(id)) {
                        missing.entry(*id).or_default().insert(&metric.name);
                    }
                }
            }
            let mut found = Vec::with_capacity(missing.len());
            for (id, metrics) in missing {
                let evaluation = evaluations::find(conn, id)?.ok_or_else(Failure::not_found)?;
                let metrics = metrics.into_iter().map(str::to_owned).collect();
                found.push(Unreplicated { evaluation: id, evidence: evaluation.evidence, metrics });
            }
            Ok(found)
        })
        .await
}

/// Keeps what the uncertainty of an evaluation is estimated by, split by split.
pub async fn keep_estimates(app: &App, evaluation: EvaluationId, found: Vec<Estimated>) -> Outcome<()> {
    app.db
        .write(move |conn| {
            for estimated in &found {
                uncertainty::insert(conn, &estimated.to_vector(evaluation))?;
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
        let Some(kept) = of_board(conn, split.id, Some(&measure.primary.name))? else { continue };
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

/// The statistics of a split's board, if they are of the primary metric.
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
    submissions: u32,
    /// Metric by metric; nothing where it is undefined.
    measured: Vec<Option<Measured>>,
}

/// The value of an entry in a metric.
struct Measured {
    value: f64,
    replicates: Option<Replicates>,
    few_items: Option<Interval>,
}

impl Measured {
    fn described(&self) -> Described<'_> {
        Described {
            standing: Standing { value: self.value, replicates: self.replicates.as_ref() },
            few_items: self.few_items,
        }
    }
}

impl Measure {
    /// All metrics that are measured, the primary one first.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = &MetricSpec> {
        std::iter::once(&self.primary).chain(&self.others)
    }

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
    let all: Vec<EvaluationId> = entries.iter().map(|entry| entry.evaluation).collect();
    let scores = evaluations::scores_on_split(conn, split, &all)?;
    let mut found: Vec<Contender> = entries
        .iter()
        .map(|entry| Contender {
            submission: entry.submission,
            submissions: u32::try_from(entry.scored_count).unwrap_or(1),
            measured: Vec::with_capacity(1 + measure.others.len()),
        })
        .collect();
    for metric in measure.metrics() {
        let values: HashMap<EvaluationId, f64> = scores
            .iter()
            .filter(|score| score.metric == metric.name)
            .filter_map(|score| Some((score.evaluation_id, score.value?)))
            .collect();
        let mut vectors: HashMap<EvaluationId, Vector> =
            uncertainty::on_split(conn, split, &metric.name, &measure.comparable(entries))?
                .into_iter()
                .map(|found| (found.evaluation_id, found))
                .collect();
        for (entry, contender) in entries.iter().zip(&mut found) {
            let vector = vectors.remove(&entry.evaluation);
            let measured = values.get(&entry.evaluation).map(|value| measured(*value, vector)).transpose()?;
            contender.measured.push(measured);
        }
    }
    Ok(found)
}

fn measured(value: f64, vector: Option<Vector>) -> Outcome<Measured> {
    let Some(vector) = vector else { return Ok(Measured { value, replicates: None, few_items: None }) };
    let ends = vector.few_items_lower.zip(vector.few_items_upper);
    let few_items = ends.map(|(lower, upper)| Interval { lower, upper });
    Ok(Measured { value, replicates: replicates_of(&vector)?, few_items })
}

/// The replicates that are kept in a row; nothing where the uncertainty is not estimated.
pub(super) fn replicates_of(row: &Vector) -> Outcome<Option<Replicates>> {
    if row.vector.is_empty() {
        return Ok(None);
    }
    Replicates::from_bytes(&row.vector).map(Some).map_err(Failure::internal)
}

/// What is known of the ranks of some entries of a board among themselves, as though there were no others.
pub(crate) async fn ranks_among(
    app: &App,
    phase: PhaseId,
    split: SplitId,
    entries: Vec<BoardEntry>,
) -> Outcome<Vec<Option<RankStatistics>>> {
    let count = entries.len();
    let found = app
        .db
        .read(move |conn| {
            let Some(measure) = boards_of(conn, phase)?.measure else { return Ok(None) };
            let contenders = contenders(conn, &measure, split, &entries)?;
            Ok::<_, Failure>(Some((measure, contenders)))
        })
        .await?;
    let Some((measure, contenders)) = found else { return Ok(vec![None; count]) };
    // On a thread of its own: hundreds of entries take a second.
    let describing = move || descriptions(&measure, &contenders);
    let described = tokio::task::spawn_blocking(describing).await.map_err(Failure::internal)?;
    Ok(described.map_err(Failure::internal)?.into_iter().map(|found| found.ranks).collect())
}

fn descriptions(measure: &Measure, contenders: &[Contender]) -> Result<Vec<EntryDescription>, BoardError> {
    let metrics: Vec<&MetricSpec> = measure.metrics().collect();
    let described: Vec<Vec<Option<Described<'_>>>> = contenders
        .iter()
        .map(|one| one.measured.iter().map(|metric| metric.as_ref().map(Measured::described)).collect())
        .collect();
    ruled_board::describe(&measure.rule, &metrics, &described, LEVEL)
}

fn statistics_of(measure: &Measure, contenders: &[Contender]) -> Result<BoardStatistics, BoardError> {
    let entries = descriptions(measure, contenders)?
        .into_iter()
        .zip(contenders)
        .filter(|(found, _)| found.primary.is_some() || found.ranks.is_some())
        .map(|(found, contender)| EntryStatistics {
            submission: contender.submission,
            interval: found.primary.and_then(|primary| primary.interval),
            standard_error: found.primary.and_then(|primary| primary.standard_error),
            method_interval: found.method_interval,
            ranks: found.ranks,
            selection_gain: found
                .primary
                .and_then(|primary| primary.deviation)
                .map(|deviation| inflation::best_of(contender.submissions, deviation)),
        })
        .collect();
    let drawn = contenders.iter().flat_map(|one| &one.measured).flatten();
    Ok(BoardStatistics {
        metric: measure.primary.name.clone(),
        level: LEVEL.value(),
        replicates: drawn
            .filter_map(|measured| measured.replicates.as_ref())
            .map(Replicates::len)
            .next()
            .unwrap_or(0),
        entries,
    })
}
