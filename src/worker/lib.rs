//! The workers: they lease jobs, evaluate submissions, send mails, record how it ended, and describe the boards that
//! changed by it.
//!
//! A worker process runs a number of slots, each of which handles one job at a time.
//! Nothing that a worker does counts until it is recorded under a lease that it still holds,
//! so a worker may die at any moment: its leases run out and the jobs are handled again.

mod describe;
mod evaluate;
mod hooks;
mod integrity;
mod ladder;
mod leases;
mod programs;
mod results;
mod slot;

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::mail::Mailer;
use app::phases::PreparedCache;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::leases::Leases;

pub use crate::programs::Programs;

/// Told how long each evaluation took: the evaluator's id, the outcome, and the seconds.
pub type Observer = Arc<dyn Fn(&str, &'static str, f64) + Send + Sync>;

/// How many bytes the calling thread has taken from the allocator and not given back.
pub type MemoryMeter = fn() -> i64;

/// A worker process, or the workers inside a server process.
pub struct Worker {
    app: Arc<App>,
    programs: Option<Arc<Programs>>,
    mailer: Mailer,
    name: String,
    observer: Observer,
    memory: MemoryMeter,
}

/// What the slots of one worker share.
struct Shared {
    app: Arc<App>,
    programs: Option<Arc<Programs>>,
    mailer: Mailer,
    name: String,
    observer: Observer,
    memory: MemoryMeter,
    prepared: Arc<PreparedCache>,
    leases: Leases,
    /// Held by the slot that works results out.
    publishing: tokio::sync::Mutex<()>,
    /// Held by the slot that describes boards.
    describing: tokio::sync::Mutex<describe::GivenUp>,
    /// Held by the slot that compares submissions.
    examining: tokio::sync::Mutex<integrity::NotExamined>,
    stop: CancellationToken,
}

/// How often is cleared away what nobody will need: uploads that nobody continued, and what crashes left in the stores.
const SWEEP_INTERVAL: Duration = Duration::from_secs(600);

/// After how long a file that is still being written belongs to nobody: no upload takes that long.
const LEFTOVER_SECONDS: i64 = 2 * 86_400;

impl Worker {
    /// A worker that calls itself `name` in the record of attempts.
    pub fn new(app: Arc<App>, mailer: Mailer, name: String, observer: Observer, memory: MemoryMeter) -> Self {
        Self { app, programs: None, mailer, name, observer, memory }
    }

    /// The same worker that also runs the programs of organizers.
    #[must_use]
    pub fn with_programs(self, programs: Arc<Programs>) -> Self {
        Self { programs: Some(programs), ..self }
    }

    /// Works until `stop` is cancelled, then gives back what it has not finished.
    pub async fn run(self, stop: CancellationToken) {
        let settings = &self.app.settings.worker;
        let threads = settings.threads.max(1);
        let heartbeat = Duration::from_secs(u64::from(settings.heartbeat_seconds.max(1)));
        let shared = Arc::new(Shared {
            prepared: Arc::clone(&self.app.prepared),
            app: self.app,
            programs: self.programs,
            mailer: self.mailer,
            name: self.name,
            observer: self.observer,
            memory: self.memory,
            leases: Leases::default(),
            publishing: tokio::sync::Mutex::default(),
            describing: tokio::sync::Mutex::default(),
            examining: tokio::sync::Mutex::default(),
            stop: stop.clone(),
        });
        tracing::info!(worker.name = %shared.name, worker.threads = threads, "worker started");
        let mut slots = JoinSet::new();
        for _ in 0..threads {
            slots.spawn(slot::run(shared.clone()));
        }
        let trials = tokio::spawn(programs::run_trials(shared.clone()));
        let hooks = tokio::spawn(hooks::run(shared.clone()));
        let mut beat = tokio::time::interval(heartbeat);
        let mut sweep = tokio::time::interval(SWEEP_INTERVAL);
        loop {
            tokio::select! {
                ended = slots.join_next() => match ended {
                    // A slot ends only when it is told to; one that panicked is replaced.
                    Some(Err(error)) if error.is_panic() && !stop.is_cancelled() => {
                        tracing::error!(error = %error, "a worker slot panicked and is started again");
                        slots.spawn(slot::run(shared.clone()));
                    }
                    Some(_) => {}
                    None => break,
                },
                _ = beat.tick() => shared.leases.renew(&shared.app).await,
                _ = sweep.tick() => {
                    sweep_uploads(&shared.app).await;
                    sweep_leftovers(&shared.app).await;
                    hooks::sweep(&shared.app).await;
                }
            }
        }
        if let Err(error) = trials.await {
            tracing::error!(error = %error, "the trials of programs ended by themselves");
        }
        if let Err(error) = hooks.await {
            tracing::error!(error = %error, "what tells webhooks ended by itself");
        }
        tracing::info!(worker.name = %shared.name, "worker stopped");
    }
}

async fn sweep_uploads(app: &App) {
    match app::submissions::upload::sweep_uploads(app).await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(uploads = swept, "expired uploads cleared away"),
        Err(failure) => tracing::warn!(error = ?failure, "expired uploads could not be cleared away"),
    }
}

async fn sweep_leftovers(app: &App) {
    let before = app.now().plus_seconds(-LEFTOVER_SECONDS);
    for store in [&app.artifacts, &app.annotations] {
        match store.sweep(before).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(files = swept, "what crashes left in a store was cleared away"),
            Err(error) => tracing::warn!(%error, "what crashes left in a store could not be cleared away"),
        }
    }
}
