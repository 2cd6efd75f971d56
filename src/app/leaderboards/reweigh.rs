//! A leaderboard as it would be if only some items counted, or if some counted more: computed of stored evidence when it is asked.
//!
//! A score of few items is nearly a label, and so is the difference of two scores that few items make.
//! So slices are for organizers; participants may ask once the phase is closed and if its rule says so, and then only of
//! parts that are large enough ([`FEWEST_ITEMS`], [`FEWEST_UNITS`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::metric::MetricSpec;
use domain::phase::{WindowState, window_at};
use domain::{
    Actor, Codename, Digest, EvaluationId, Invalid, Scope, SubmissionId, TeamId, TeamName, Timestamp,
};
use ndarray::ArrayView1;
use ranking::contributions::few_items_interval;
use ranking::draws::Key;
use ranking::interval::percentile;
use ranking::replicates::{ReplicateError, replicates};
use ranking::resampling::Resampling;
use ranking::schemes::Ties;
use ranking::schemes::ranks::ranks;
use ranking::slices::{SliceError, reweigh, slice};
use sdk::{Items, Limits, Score};
use storage::phases::{self, Annotations, Phase, Split};
use storage::{Conn, evaluations};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::estimate::{EstimateError, evidence_of};
use super::read::{Board, ReadBoard, read_leaderboard};
use super::release::Shown;
use super::statistics::{Interval, LEVEL, REPLICATIONS, bootstrap_key};
use super::version::{BoardVersion, board_version};
use crate::App;
use crate::authority::{person, require_registration, see_phase};
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::phases::prepare::PreparedPhase;

pub use ranking::slices::{Condition, Share};

/// The fewest items that a participant learns the score of.
pub const FEWEST_ITEMS: usize = 10;
/// The fewest units that these have to come from.
pub const FEWEST_UNITS: usize = 5;
/// How many conditions and weights one question may have.
const MOST_CONDITIONS: usize = 50;
/// How long intervals are computed for one question; scores that come later have none.
const TIME_FOR_INTERVALS: Duration = Duration::from_secs(30);
/// How long one question may take in all.
const TIME_IN_ALL: Duration = Duration::from_secs(90);
/// How long a question waits for those before it.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How many answers are kept.
const MOST_KEPT: usize = 64;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReweighBoard {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// What the items that count all meet.
    pub slice: Vec<Condition>,
    /// What items that meet a condition weigh; all others weigh 1.
    pub weights: Vec<Share>,
}

/// A leaderboard under weights.
#[derive(Debug, Clone, PartialEq)]
pub struct ReweightedBoard {
    /// The split's codename.
    pub split: Codename,
    /// The metric that ranks.
    pub metric: MetricSpec,
    /// How many items have weight.
    pub items: usize,
    /// Of how many units, which are drawn together.
    pub units: usize,
    /// The share of errors that intervals accept.
    pub level: f64,
    /// How many replicates intervals come of.
    pub replicates: usize,
    /// Whether there was time for the intervals of all entries.
    pub is_complete: bool,
    /// The entries, best first under these weights.
    pub entries: Vec<ReweightedEntry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct ReweightedEntry {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: TeamName,
    /// The submission that stands.
    pub submission: SubmissionId,
    /// Whether it is a baseline.
    pub is_baseline: bool,
    /// The score under these weights, or why there is none.
    pub score: Result<f64, String>,
    /// Its interval, where there is one and was time for it.
    pub interval: Option<Interval>,
    /// The rank by this score alone.
    pub rank: Option<usize>,
    /// The rank on the leaderboard itself.
    pub rank_as_scored: Option<usize>,
}

/// Questions about weights: one is computed at a time, and answers are kept while their board stands.
#[derive(Debug)]
pub struct Reweigher {
    computing: Semaphore,
    kept: Mutex<Vec<(Question, Arc<ReweightedBoard>)>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Question {
    version: BoardVersion,
    asked: ReweighBoard,
}

impl Default for Reweigher {
    fn default() -> Self {
        Self { computing: Semaphore::new(1), kept: Mutex::default() }
    }
}

impl Reweigher {
    /// Waits until nobody else computes; all questions of this kind take turns, so that they leave the machine to the rest.
    pub(crate) async fn turn(&self) -> Outcome<SemaphorePermit<'_>> {
        let busy = || {
            let detail = "other such questions are being computed";
            Failure::new(Code::Unavailable, detail).retry_after(Duration::from_secs(10))
        };
        let turn = tokio::time::timeout(LONGEST_WAIT, self.computing.acquire());
        turn.await.map_err(|_| busy())?.map_err(Failure::internal)
    }

    fn find(&self, question: &Question) -> Option<Arc<ReweightedBoard>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == question).map(|(_, found)| Arc::clone(found))
    }

    /// Keeps an answer, and forgets those about earlier versions of its board; the oldest one when they have become too many.
    fn keep(&self, question: Question, found: Arc<ReweightedBoard>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (phase, number) = (question.version.phase, question.version.number);
        kept.retain(|(known, _)| known.version.phase != phase || known.version.number >= number);
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        kept.push((question, found));
    }
}

impl ReweighBoard {
    /// The same question in the one form in which it is kept and computed.
    fn canonical(mut self) -> Result<Self, Invalid> {
        if self.slice.is_empty() && self.weights.is_empty() {
            return Err(Invalid::new("slice", "must be given, or weights"));
        }
        if self.slice.len() + self.weights.len() > MOST_CONDITIONS {
            return Err(Invalid::new("slice", format!("and weights must be at most {MOST_CONDITIONS}")));
        }
        self.slice.sort();
        self.slice.dedup();
        self.weights.sort_by(|a, b| a.of.cmp(&b.of));
        if self.weights.windows(2).any(|pair| pair[0].of == pair[1].of) {
            return Err(Invalid::new("weights", "must name a value once"));
        }
        Ok(self)
    }
}

/// Computes a leaderboard under other weights, by the metric that ranks.
pub async fn reweigh_leaderboard(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ReweighBoard,
) -> Outcome<Arc<ReweightedBoard>> {
    let now = app.now();
    let (reader, in_challenge, key) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    // Before all that the answer is made of: what changes meanwhile is kept under a version that nobody asks for again.
    let version = board_version(app, actor, challenge, phase).await?;
    let basis = app.db.read(move |conn| basis(conn, &reader, &in_challenge, &key, now)).await?;
    let asked = asked.canonical()?;
    let question = Question { version, asked };
    if let Some(found) = app.reweigher.find(&question) {
        return Ok(found);
    }
    let _turn = app.reweigher.turn().await?;
    if let Some(found) = app.reweigher.find(&question) {
        return Ok(found);
    }
    let split = question.asked.split.clone();
    let board =
        read_leaderboard(app, actor, challenge, phase, ReadBoard { split, ..ReadBoard::default() }).await?;
    let found = Arc::new(compute(app, basis, board, &question.asked).await?);
    app.reweigher.keep(question, Arc::clone(&found));
    Ok(found)
}

/// What a question is answered of.
struct Basis {
    phase: Phase,
    splits: Vec<Split>,
    annotations: Annotations,
    is_organizer: bool,
}

/// Lets those pass who may ask, and reads what the answer is made of.
fn basis(conn: &mut Conn<'_>, actor: &Actor, challenge: &str, phase: &str, now: Timestamp) -> Outcome<Basis> {
    let seen = see_phase(conn, actor, challenge, phase)?;
    let is_organizer = seen.challenge.is_organizer();
    let phase = if is_organizer {
        seen.inspect(actor)?
    } else {
        if !seen.phase.leaderboard_public {
            return Err(Failure::not_found());
        }
        let user = person(actor, Scope::Read)?.user;
        let (challenge, phase) = (seen.challenge.challenge.id, seen.phase);
        let is_open = phase.ranking.0.open_slices
            && window_at(phase.opens_at, phase.closes_at, now) == WindowState::Closed
            && Shown::to(&phase, false, now) == Shown::Everything;
        if !is_open {
            let detail = "slices of this leaderboard are for the organizers of the challenge";
            return Err(Failure::new(Code::Forbidden, detail));
        }
        require_registration(conn, challenge, user)?;
        phase
    };
    let annotations = phases::annotations_in_force(conn, phase.id)?
        .ok_or_else(|| Failure::new(Code::NoAnnotations, "the phase has no annotations yet"))?;
    let splits = phases::splits_of(conn, phase.id)?;
    Ok(Basis { phase, splits, annotations, is_organizer })
}

async fn compute(app: &App, basis: Basis, board: Board, asked: &ReweighBoard) -> Outcome<ReweightedBoard> {
    let Basis { phase, splits, annotations, is_organizer } = basis;
    let Some(metric) = board.metrics.first().cloned() else {
        return Err(Failure::new(Code::NoAnnotations, "nothing is measured yet"));
    };
    let prepared = app.prepared.get(app, &phase, &annotations, &splits).await?;
    let place = splits.iter().position(|split| split.id == board.split.id);
    let mask = place.and_then(|place| prepared.masks.get(place)).ok_or_else(Failure::not_found)?.to_vec();
    let weights = weights(&prepared, &mask, asked, is_organizer)?;
    let units = Resampling::of_items(&prepared.items, &weights, &phase.ranking.0.resampling)
        .map_err(Failure::internal)?;

    let ids: Vec<EvaluationId> = board.rows.iter().map(|row| row.entry.evaluation).collect();
    let evidence = app.db.read(move |conn| evidence_digests(conn, &ids)).await?;
    let begun = Instant::now();
    let job = Arc::new(Job {
        key: bootstrap_key(&phase, &board.split),
        metric: metric.name.clone(),
        limits: Limits::default().stop_when(move || begun.elapsed() >= TIME_FOR_INTERVALS),
        units,
    });
    let (mut entries, mut is_complete) = (Vec::with_capacity(board.rows.len()), true);
    for row in &board.rows {
        if begun.elapsed() >= TIME_IN_ALL {
            let detail = "there are too many entries to be scored in time";
            return Err(Failure::new(Code::Unavailable, detail));
        }
        let found = match evidence.get(&row.entry.evaluation) {
            Some(digest) if row.entry.annotations == annotations.id => {
                let bytes = app.artifacts.read(*digest, u64::MAX).await?;
                let job = Arc::clone(&job);
                let scored = tokio::task::spawn_blocking(move || job.score(&bytes)).await;
                scored.map_err(Failure::internal)?.map_err(Failure::internal)?
            }
            _ => {
                Scored { score: Err("it was evaluated on other annotations".to_owned()), ..Scored::default() }
            }
        };
        is_complete &= !found.out_of_time;
        entries.push(ReweightedEntry {
            team: row.entry.team,
            team_name: row.entry.team_name.clone(),
            submission: row.entry.submission,
            is_baseline: row.entry.is_baseline,
            score: found.score,
            interval: found.interval,
            rank: None,
            rank_as_scored: row.rank,
        });
    }
    rank(&mut entries, metric.higher_is_better);
    Ok(ReweightedBoard {
        split: board.split.codename,
        metric,
        items: job.units.weights().iter().filter(|weight| **weight > 0.0).count(),
        units: job.units.unit_count(),
        level: LEVEL.value(),
        replicates: REPLICATIONS.get(),
        is_complete,
        entries,
    })
}

fn evidence_digests(conn: &mut Conn<'_>, ids: &[EvaluationId]) -> Outcome<HashMap<EvaluationId, Digest>> {
    let mut found = HashMap::with_capacity(ids.len());
    for id in ids {
        if let Some(evaluation) = evaluations::find(conn, *id)? {
            found.insert(*id, evaluation.evidence);
        }
    }
    Ok(found)
}

/// Puts the entries in order by their scores; equal ones and those without a score keep the order of the board.
fn rank(entries: &mut [ReweightedEntry], higher_is_better: bool) {
    let scores: Vec<Option<f64>> = entries.iter().map(|entry| entry.score.as_ref().ok().copied()).collect();
    let places = ranks(&scores, higher_is_better, Ties::Lowest);
    for (entry, place) in entries.iter_mut().zip(places) {
        entry.rank = place.map(|place| place as usize);
    }
    entries.sort_by_key(|entry| entry.rank.unwrap_or(usize::MAX));
}

/// What every item weighs; participants are refused what would tell them of few items.
fn weights(
    prepared: &PreparedPhase,
    mask: &[f64],
    asked: &ReweighBoard,
    is_organizer: bool,
) -> Outcome<Vec<f64>> {
    let items = &prepared.items;
    if !is_organizer {
        let conditions = asked.slice.iter().map(|of| ("slice", of));
        for (field, of) in conditions.chain(asked.weights.iter().map(|share| ("weights", &share.of))) {
            // Groups and items by name are the parts that nobody is to learn of.
            if items.attribute(&of.attribute).is_none() {
                let known = items.attributes().iter().map(|attribute| attribute.name.clone()).collect();
                return Err(refused(field, SliceError::NoAttribute { name: of.attribute.clone(), known }));
            }
        }
    }
    let sliced = slice(items, mask, &asked.slice).map_err(|error| refused("slice", error))?;
    if !is_organizer {
        large_enough(items, mask, &sliced)?;
        for share in &asked.weights {
            let part = share.of.mask(items).map_err(|error| refused("weights", error))?;
            let part: Vec<f64> = sliced.iter().zip(part).map(|(weight, mask)| weight * mask).collect();
            large_enough(items, &sliced, &part)?;
        }
    }
    reweigh(items, &sliced, &asked.weights).map_err(|error| refused("weights", error))
}

/// Refuses a part of a whole that few items are in, or that leaves few out: the scores of both tell that of the rest.
fn large_enough(items: &Items, whole: &[f64], part: &[f64]) -> Outcome<()> {
    let rest: Vec<f64> = whole.iter().zip(part).map(|(whole, part)| whole - part).collect();
    for (weights, what) in [(part, "has"), (rest.as_slice(), "leaves out")] {
        let counted: Vec<usize> = (0..weights.len()).filter(|item| weights[*item] > 0.0).collect();
        let mut groups: Vec<usize> = counted.iter().map(|item| items.group(*item)).collect();
        groups.sort_unstable();
        groups.dedup();
        let is_small = counted.len() < FEWEST_ITEMS || groups.len() < FEWEST_UNITS;
        if is_small && !counted.is_empty() {
            let detail = format!(
                "a part of the items {what} fewer than {FEWEST_ITEMS} items or {FEWEST_UNITS} groups of them"
            );
            return Err(Failure::new(Code::SliceTooSmall, detail));
        }
    }
    Ok(())
}

fn refused(field: &str, error: SliceError) -> Failure {
    Failure::invalid_fields(vec![FieldError::new(field, format!("cannot be applied: {error}"))])
}

/// What is the same for every entry.
struct Job {
    units: Resampling,
    key: Key,
    metric: String,
    limits: Limits,
}

/// What is found of one entry.
struct Scored {
    score: Result<f64, String>,
    interval: Option<Interval>,
    out_of_time: bool,
}

impl Default for Scored {
    fn default() -> Self {
        Self { score: Err(String::new()), interval: None, out_of_time: false }
    }
}

impl Job {
    fn score(&self, bytes: &Bytes) -> Result<Scored, EstimateError> {
        let (evidence, place) = evidence_of(bytes, &self.metric)?;
        let score = evidence.score(ArrayView1::from(self.units.weights())).get(&self.metric);
        let value = match score.ok_or_else(|| EstimateError::Metric(self.metric.clone()))? {
            Score::Value(value) => value,
            Score::Undefined(reason) => {
                return Ok(Scored { score: Err(reason.to_string()), ..Scored::default() });
            }
        };
        let drawn = replicates(&evidence, &self.units, self.key, REPLICATIONS, &self.limits);
        let out_of_time = matches!(drawn, Err(ReplicateError::Stopped(_)));
        let of_metric = match drawn {
            Ok(drawn) => drawn.into_iter().nth(place).flatten(),
            Err(ReplicateError::Stopped(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let interval = of_metric.and_then(|drawn| {
            let few = few_items_interval(&evidence, place, &self.units, LEVEL);
            few.or_else(|| percentile(&drawn, LEVEL).ok().flatten())
        });
        Ok(Scored { score: Ok(value), interval, out_of_time })
    }
}
