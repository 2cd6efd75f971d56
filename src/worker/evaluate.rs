//! One evaluation: bytes in, evidence and scores out, within its limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::leaderboards::standings::deciding_split;
use app::phases::prepare::PreparedPhase;
use app::scoring::{ScoreOrder, Scored, load_order};
use app::{App, Code, Outcome};
use domain::{EvaluationId, Timestamp};
use sdk::evidence::Score as Value;
use sdk::run::EvaluateError;
use sdk::{Input, Limits};
use serde_json::json;
use storage::evaluations::{Evaluation, Score};
use storage::jobs::LeasedJob;

use crate::leases::StopFlag;
use crate::programs::{Made, evaluate_program, is_scored_by_program};
use crate::{MemoryMeter, Shared};

/// How an evaluation ended.
pub(crate) enum Ended {
    /// With scores.
    Scored(Box<Scored>),
    /// With faults of the file.
    Invalid { count: u64, faults: serde_json::Value },
    /// With a failure that is not the file's.
    Failed { code: &'static str, detail: String, is_final: bool },
    /// Not at all yet, because something that it needs is being made.
    PutOff { detail: &'static str },
    /// Before its end, because the worker was told to stop or the lease was lost.
    Stopped,
}

/// How long an evaluation that does not listen may go on after its time is over.
const GRACE: Duration = Duration::from_secs(10);

/// How many bytes of memory a byte of a submission comes to at least while it is evaluated: a file that cannot fit is
/// not begun.
const BYTES_PER_BYTE: u64 = 2;

/// Evaluates the submission of a job.
pub(crate) async fn evaluate(shared: &Shared, job: &LeasedJob, stop: &StopFlag) -> Outcome<Ended> {
    let app = &shared.app;
    let started_at = app.now();
    let order = load_order(app, job).await?;
    if order.phase.evaluated_elsewhere().is_some() {
        // The phase was changed after this job was leased; the next attempt waits in the queue of the organizers.
        return Ok(failed("evaluated_elsewhere", "machines of the organizers evaluate this phase", false));
    }
    if is_scored_by_program(&order) {
        return evaluate_program(shared, job, &order, stop).await;
    }
    let Some(artifact) = order.submission.artifact else {
        return Ok(failed("no_artifact", "the submission has no file", true));
    };
    let limits = order.phase.limits();
    let memory = (u64::from(limits.memory_mib) << 20).min(app.settings.worker.evaluation_bytes);
    let size = u64::try_from(order.submission.size_bytes).unwrap_or(0);
    if size.saturating_mul(BYTES_PER_BYTE) > memory {
        let detail = format!("{size} bytes cannot be evaluated within {memory} bytes of memory");
        return Ok(failed("memory_limit", &detail, true));
    }
    let prepared = match shared.prepared.get(app, &order.phase, &order.annotations, &order.splits).await {
        Ok(prepared) => prepared,
        Err(failure) if failure.code == Code::Unavailable => return Err(failure),
        Err(failure) => return Ok(failed("annotations", &format!("{failure:?}"), false)),
    };
    let bytes = match app.artifacts.read(artifact, limits.upload_bytes).await {
        Ok(bytes) => bytes,
        Err(error) => return Ok(failed("artifact", &error.to_string(), false)),
    };

    let seconds = u64::from(limits.seconds).min(app.settings.worker.evaluation_seconds);
    let begun = Instant::now();
    let run = Run {
        prepared,
        bytes,
        file_name: order.submission.file_name.clone(),
        upload_bytes: limits.upload_bytes,
        deadline: begun + Duration::from_secs(seconds),
        // The submission is in memory already.
        memory_bytes: memory - size,
        memory: shared.memory,
        stop: stop.clone(),
    };
    let thread = tokio::task::spawn_blocking(move || run.finish());
    let patience = Duration::from_secs(seconds) + GRACE;
    let outcome = tokio::select! {
        joined = thread => match joined {
            Ok(outcome) => outcome,
            Err(error) => return Ok(failed("panicked", &error.to_string(), false)),
        },
        () = tokio::time::sleep(patience) => Err(RunError::OutOfTime),
        () = shared.stop.cancelled() => {
            stop.raise();
            return Ok(Ended::Stopped);
        }
    };
    let took = begun.elapsed().as_secs_f64();
    let ended = conclude(shared, job, &order, started_at, outcome).await;
    (shared.observer)(&order.phase.evaluator, ended.name(), took);
    Ok(ended)
}

/// What runs on a thread of its own.
struct Run {
    prepared: Arc<PreparedPhase>,
    bytes: bytes::Bytes,
    file_name: String,
    upload_bytes: u64,
    deadline: Instant,
    memory_bytes: u64,
    memory: MemoryMeter,
    stop: StopFlag,
}

/// The evidence as it is stored, and each split's values by metric.
pub(crate) struct Found {
    pub(crate) evidence: Vec<u8>,
    pub(crate) items: usize,
    pub(crate) values: Vec<Vec<(String, Value)>>,
}

enum RunError {
    OutOfTime,
    OutOfMemory,
    Stopped,
    Evaluation(EvaluateError),
    Evidence(String),
}

impl Run {
    fn finish(self) -> Result<Found, RunError> {
        let (deadline, stop) = (self.deadline, self.stop.clone());
        let memory = self.memory;
        let most = memory().saturating_add_unsigned(self.memory_bytes);
        let is_too_much = Arc::new(AtomicBool::new(false));
        let overrun = Arc::clone(&is_too_much);
        // Evaluators ask on the thread that evaluates, now and then in every long loop.
        let mut limits = Limits::default().stop_when(move || {
            if memory() > most {
                overrun.store(true, Ordering::Relaxed);
            }
            overrun.load(Ordering::Relaxed) || stop.is_raised() || Instant::now() >= deadline
        });
        limits.bytes = self.upload_bytes;
        let input = Input::file(&self.file_name, &self.bytes);
        let evidence = sdk::run::evaluate(self.prepared.prepared.as_ref(), &input, &limits);
        if self.stop.is_raised() {
            return Err(RunError::Stopped);
        }
        if evidence.is_err() && is_too_much.load(Ordering::Relaxed) {
            return Err(RunError::OutOfMemory);
        }
        if evidence.is_err() && Instant::now() >= self.deadline {
            return Err(RunError::OutOfTime);
        }
        let evidence = evidence.map_err(RunError::Evaluation)?;
        let masks = self.prepared.masks.iter().map(|mask| mask.view());
        let values = sdk::run::score_splits(&evidence, masks)
            .iter()
            .map(|scores| scores.iter().map(|(metric, value)| (metric.to_owned(), value)).collect())
            .collect();
        let stored = evidence.to_bytes().map_err(|error| RunError::Evidence(error.to_string()))?;
        Ok(Found { evidence: stored, items: evidence.items(), values })
    }
}

async fn conclude(
    shared: &Shared,
    job: &LeasedJob,
    order: &ScoreOrder,
    started_at: Timestamp,
    outcome: Result<Found, RunError>,
) -> Ended {
    match outcome {
        Ok(found) => match scored(shared, job, order, started_at, found).await {
            Ok(scored) => Ended::Scored(Box::new(scored)),
            Err(ended) => ended,
        },
        Err(RunError::Stopped) => Ended::Stopped,
        Err(RunError::OutOfTime) => {
            let detail = format!("the evaluation took longer than {} s", order.phase.limits().seconds);
            failed("time_limit", &detail, true)
        }
        Err(RunError::OutOfMemory) => {
            let detail = "the evaluation needs more memory than it may use".to_owned();
            failed("memory_limit", &detail, true)
        }
        Err(RunError::Evaluation(EvaluateError::Submission(faults))) => {
            Ended::Invalid { count: faults.0.fault_count, faults: json!(faults.0.faults) }
        }
        Err(RunError::Evaluation(EvaluateError::Panicked)) => {
            failed("panicked", "the evaluator panicked", false)
        }
        Err(RunError::Evaluation(EvaluateError::Evidence(error))) => {
            failed("evidence", &error.to_string(), false)
        }
        Err(RunError::Evidence(error)) => failed("evidence", &error, false),
    }
}

/// Records what a program left, and what it was run with.
pub(crate) async fn conclude_program(
    shared: &Shared,
    job: &LeasedJob,
    order: &ScoreOrder,
    started_at: Timestamp,
    (found, environment): Made,
) -> Ended {
    match scored(shared, job, order, started_at, found).await {
        Ok(scored) => Ended::Scored(Box::new(Scored { environment, ..scored })),
        Err(ended) => ended,
    }
}

/// Stores the evidence and puts evaluation and scores together.
///
/// A ranking metric that has no value on the deciding split fails the submission: it could not be ranked.
async fn scored(
    shared: &Shared,
    job: &LeasedJob,
    order: &ScoreOrder,
    started_at: Timestamp,
    found: Found,
) -> Result<Scored, Ended> {
    let app: &App = &shared.app;
    let id: EvaluationId = app.sources.new_id();
    let submission_id = order.submission.id;
    let mut scores = Vec::new();
    for (split, values) in order.splits.iter().zip(&found.values) {
        for (metric, value) in values {
            let undefined = match value {
                Value::Value(_) => None,
                Value::Undefined(reason) => Some(reason.to_string()),
            };
            scores.push(Score {
                submission_id,
                evaluation_id: id,
                split_id: split.id,
                metric: metric.clone(),
                value: value.value(),
                undefined,
            });
        }
    }
    if let Some(reason) = unranked(order, &scores) {
        return Err(failed("undefined_score", &reason, true));
    }
    let evidence = app
        .artifacts
        .put(found.evidence)
        .await
        .map_err(|error| failed("evidence_not_stored", &error.to_string(), false))?;
    let version = app.evaluators.get(&order.phase.evaluator).map(|known| known.manifest().version.clone());
    let evaluation = Evaluation {
        id,
        submission_id,
        annotations_id: order.annotations.id,
        job_id: job.id,
        evaluator: order.phase.evaluator.clone(),
        evaluator_version: version.unwrap_or_default(),
        mode: order.phase.mode,
        params: order.phase.params.clone(),
        evidence: evidence.digest,
        item_count: i32::try_from(found.items).unwrap_or(i32::MAX),
        worker: shared.name.clone(),
        started_at,
        finished_at: app.now(),
        framing_id: order.framing,
    };
    Ok(Scored { evaluation, scores, environment: None })
}

/// Why the scores could not be ranked, if they could not.
fn unranked(order: &ScoreOrder, scores: &[Score]) -> Option<String> {
    let named = order.phase.ranking.0.primary.as_ref();
    let primary = named.or(order.annotations.metrics.0.first().map(|metric| &metric.name))?;
    let split = deciding_split(&order.splits)?;
    let score = scores.iter().find(|score| score.split_id == split.id && &score.metric == primary);
    match score {
        Some(score) => score.undefined.as_ref().map(|reason| format!("{primary}: {reason}")),
        None => Some(format!("the evaluator gave no {primary}")),
    }
}

impl Ended {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Scored(_) => "scored",
            Self::Invalid { .. } => "invalid",
            Self::Failed { .. } => "failed",
            Self::PutOff { .. } => "put_off",
            Self::Stopped => "stopped",
        }
    }
}

pub(crate) fn failed(code: &'static str, detail: &str, is_final: bool) -> Ended {
    Ended::Failed { code, detail: detail.to_owned(), is_final }
}
