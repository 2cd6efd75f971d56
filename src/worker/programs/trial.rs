//! Programs are tried beside the queue of submissions: environments are built, and what organizers submit is run.
//!
//! One trial at a time, on no slot: nobody's submission waits for it but those that need its environment.

use std::sync::Arc;
use std::time::Duration;

use app::trials::{
    ENVIRONMENT, LeasedTrial, TrialEnd, TrialOrder, hold_trial, lease_trial, load_trial, record_trial,
};
use app::{Failure, Outcome};
use bytes::Bytes;
use domain::Digest;
use sandbox::Limits;
use serde_json::{Value, json};
use tokio::time::{Instant, interval, sleep, sleep_until};

use super::files::{self, ProgramFiles};
use super::run::{Made, Run, RunFailure, environment_for, import_package};
use super::{MOST_STEPS, PATIENCE, Programs, limits_of};
use crate::Shared;
use crate::leases::StopFlag;

/// How long to wait after the trials could not be read.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Tries programs until told to stop.
pub(crate) async fn run_trials(shared: Arc<Shared>) {
    let poll = Duration::from_millis(shared.app.settings.worker.poll_milliseconds.max(10));
    while !shared.stop.is_cancelled() {
        let pause = match lease_trial(&shared.app, &shared.name).await {
            Ok(Some(leased)) => {
                if let Err(failure) = handle(&shared, &leased).await {
                    tracing::error!(error = ?failure, "the end of a trial could not be recorded");
                }
                continue;
            }
            Ok(None) => poll,
            Err(failure) => {
                tracing::warn!(error = ?failure, "the trials could not be read");
                AFTER_TROUBLE
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = sleep(pause) => {}
        }
    }
}

async fn handle(shared: &Shared, leased: &LeasedTrial) -> Outcome<()> {
    let end = match load_trial(&shared.app, leased).await {
        Ok(order) => attempt(shared, leased, &order).await,
        Err(failure) => failed("not_loaded", format!("{failure:?}"), false),
    };
    if let TrialEnd::Failed { failure, detail, .. } = &end {
        tracing::warn!(phase.annotations = %leased.trial.annotations_id, trial.place = leased.trial.place,
            trial.attempt = leased.trial.attempts, failure.code = failure, %detail, "a trial failed");
    }
    if !record_trial(&shared.app, leased, end).await? {
        tracing::info!("the lease of a trial was lost; nothing was recorded");
    }
    Ok(())
}

/// One attempt, for as long as its lease is held and its time is not over.
async fn attempt(shared: &Shared, leased: &LeasedTrial, order: &TrialOrder) -> TrialEnd {
    let Some(programs) = shared.programs.clone() else {
        let detail = "this worker was started without a sandbox".to_owned();
        return failed("programs_not_run_here", detail, false);
    };
    if let Err(why) = &programs.sandbox {
        return failed("no_sandbox", why.clone(), false);
    }
    let work = match Work::read(shared, order).await {
        Ok(work) => work,
        Err((code, why)) => return failed(code, why, false),
    };
    let stop = StopFlag::default();
    let own = stop.clone();
    let mut thread = tokio::task::spawn_blocking(move || work.finish(&programs, &own));
    let patience = Instant::now() + limits_of(shared, &order.phase).wall * MOST_STEPS + PATIENCE;
    let heartbeat = Duration::from_secs(u64::from(shared.app.settings.worker.heartbeat_seconds.max(1)));
    let mut beat = interval(heartbeat);
    loop {
        tokio::select! {
            joined = &mut thread => return match joined {
                Ok(Ok(result)) => TrialEnd::Done(result),
                Ok(Err(RunFailure::Stopped)) => TrialEnd::Returned,
                Ok(Err(RunFailure::Failed { code, detail, is_final })) => failed(code, detail, is_final),
                Err(error) => failed("panicked", error.to_string(), false),
            },
            _ = beat.tick() => match hold_trial(&shared.app, leased.token).await {
                Ok(true) => {}
                Ok(false) => {
                    stop.raise();
                    return TrialEnd::Returned;
                }
                Err(failure) => tracing::warn!(error = ?failure, "a heartbeat could not be sent"),
            },
            () = sleep_until(patience) => {
                stop.raise();
                return failed("time_limit", "it went on beyond every limit".to_owned(), true);
            }
            () = shared.stop.cancelled() => {
                stop.raise();
                return TrialEnd::Returned;
            }
        }
    }
}

/// What is to be done, with everything that it takes in memory.
enum Work {
    Environment { program: (Digest, Bytes), limits: Limits },
    Solution { run: Box<Run>, order: Box<TrialOrder> },
}

impl Work {
    async fn read(shared: &Shared, order: &TrialOrder) -> Result<Self, (&'static str, String)> {
        let app = &shared.app;
        if order.trial.place == ENVIRONMENT {
            let program = files::program_of(app, &order.annotations).await;
            let program = program.map_err(|why| ("artifact", why))?;
            return Ok(Self::Environment { program, limits: limits_of(shared, &order.phase) });
        }
        let prepared = shared.prepared.get(app, &order.phase, &order.annotations, &order.splits).await;
        let prepared = prepared.map_err(|failure: Failure| ("annotations", format!("{failure:?}")))?;
        let files = ProgramFiles::of_trial(app, order).await.map_err(|why| ("artifact", why))?;
        let limits = limits_of(shared, &order.phase);
        let run = Run { limits, files, prepared, stop: StopFlag::default() };
        Ok(Self::Solution { run: Box::new(run), order: Box::new(order.clone()) })
    }

    fn finish(self, programs: &Programs, stop: &StopFlag) -> Result<Value, RunFailure> {
        match self {
            Self::Environment { program: (digest, archive), limits } => {
                let sandbox =
                    programs.sandbox.as_ref().map_err(|why| RunFailure::new("no_sandbox", why, false))?;
                let (folder, package) = files::unpacked(&programs.folder, digest, &archive)
                    .map_err(|why| RunFailure::new("program_not_loadable", why, true))?;
                let environment = environment_for(programs, sandbox, &package, stop)?;
                if package.tasks.is_empty() {
                    import_package(sandbox, &environment, &folder, &limits, stop)?;
                }
                let digest = environment.contents.digest();
                Ok(json!({"digest": digest, "contents": environment.contents}))
            }
            Self::Solution { run, order } => {
                let run = Run { stop: stop.clone(), ..*run };
                let first = scores(&order, run.finish(programs)?);
                // Programs that depend on chance exist; it is their organizers who must know.
                let second = scores(&order, run.finish(programs)?);
                Ok(json!({"splits": first, "repeats": first == second}))
            }
        }
    }
}

/// The scores by split; what has no value is null.
fn scores(order: &TrialOrder, (found, _): Made) -> Value {
    let splits = order.splits.iter().zip(found.values).map(|(split, values)| {
        let metrics = values.into_iter().map(|(name, value)| json!({"name": name, "value": value.value()}));
        json!({"codename": split.codename, "metrics": metrics.collect::<Vec<_>>()})
    });
    Value::Array(splits.collect())
}

fn failed(failure: &'static str, detail: String, is_final: bool) -> TrialEnd {
    TrialEnd::Failed { failure, detail, is_final }
}
