//! One slot: lease a job, handle it, record how it ended, again and again; without jobs, describe boards and compare
//! submissions.

use std::sync::Arc;
use std::time::Duration;

use app::scoring;
use app::{Failure, Outcome};
use storage::jobs::{JobKind, LeasedJob};

use crate::Shared;
use crate::describe::describe_next;
use crate::evaluate::{Ended, evaluate};
use crate::integrity::examine_next;
use crate::results::publish_next;

/// How long to wait after the queue could not be read.
const AFTER_TROUBLE: Duration = Duration::from_secs(1);

/// Works until told to stop.
pub(crate) async fn run(shared: Arc<Shared>) {
    let poll = Duration::from_millis(shared.app.settings.worker.poll_milliseconds.max(10));
    while !shared.stop.is_cancelled() {
        let pause = match scoring::lease_job(&shared.app, &shared.name).await {
            Ok(Some(job)) => {
                handle(&shared, &job).await;
                continue;
            }
            Ok(None) => match between_jobs(&shared).await {
                Ok(true) => continue,
                Ok(false) => poll,
                Err(failure) => {
                    tracing::warn!(error = ?failure, "what is done between jobs failed");
                    AFTER_TROUBLE
                }
            },
            Err(failure) => {
                tracing::warn!(error = ?failure, "the queue could not be read");
                AFTER_TROUBLE
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = shared.app.job_queued.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Does one piece of what can wait: results that somebody asked for, boards, since people look at them, then comparisons;
/// `false` when nothing waits.
async fn between_jobs(shared: &Shared) -> Outcome<bool> {
    Ok(publish_next(shared).await? || describe_next(shared).await? || examine_next(shared).await?)
}

/// Handles one job and records its end; what cannot be recorded is left to the lease.
async fn handle(shared: &Shared, job: &LeasedJob) {
    let recorded = if job.kind == JobKind::Mail.as_str() {
        deliver(shared, job).await
    } else {
        score(shared, job).await
    };
    match recorded {
        Ok(true) => {}
        Ok(false) => tracing::info!(job.id = %job.id, "the lease was lost; nothing was recorded"),
        Err(failure) => {
            tracing::error!(job.id = %job.id, error = ?failure, "the end of a job could not be recorded");
        }
    }
}

async fn deliver(shared: &Shared, job: &LeasedJob) -> Outcome<bool> {
    let _held = shared.leases.hold(job.token);
    match app::mail::deliver(&shared.mailer, &shared.app.sources, job.payload.clone()).await {
        Ok(()) => scoring::record_mail(&shared.app, job).await,
        Err(error) => {
            tracing::warn!(job.id = %job.id, job.attempt = job.attempt, error = %error, "a mail was not sent");
            scoring::record_failure(&shared.app, job, "mail", error.to_string(), false).await
        }
    }
}

async fn score(shared: &Shared, job: &LeasedJob) -> Outcome<bool> {
    let held = shared.leases.hold(job.token);
    let app = &shared.app;
    match evaluate(shared, job, &held.stop).await {
        Ok(Ended::Scored(scored)) => match scoring::record_scores(app, job, *scored).await {
            Err(failure) if !is_transient(&failure) => {
                let detail = format!("the scores were refused: {failure:?}");
                scoring::record_failure(app, job, "scores_refused", detail, false).await
            }
            outcome => outcome,
        },
        Ok(Ended::Invalid { count, faults }) => scoring::record_faults(app, job, count, faults).await,
        Ok(Ended::Failed { code, detail, is_final }) => {
            tracing::warn!(job.id = %job.id, job.attempt = job.attempt, failure.code = code, %detail, "an evaluation failed");
            scoring::record_failure(app, job, code, detail, is_final).await
        }
        Ok(Ended::PutOff { detail }) => scoring::put_off(app, job, detail).await,
        Ok(Ended::Stopped) => scoring::return_job(app, job).await,
        Err(failure) => {
            let detail = format!("{failure:?}");
            scoring::record_failure(app, job, "not_loaded", detail, false).await
        }
    }
}

/// Whether the same attempt may succeed later without a new evaluation attempt being counted.
fn is_transient(failure: &Failure) -> bool {
    failure.code == app::Code::Unavailable
}
