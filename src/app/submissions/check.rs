//! A file is checked as a submission of it would be, and nothing remains: no submission, no slot, no score.
//!
//! Whether a file is refused never depends on the truth ([`sdk::check`]), so the answer tells what its sender could learn
//! from an invalid submission, which costs no quota either. How often one may ask is bounded at the edge, and how much is
//! held in memory at a time is bounded here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use domain::submission_rules::SubmissionRules;
use domain::{Actor, Digest};
use registry::programs::PROGRAM;
use sdk::run::EvaluateError;
use sdk::{Input, Limits};
use serde_json::{Value, json};
use storage::phases::{self, Annotations, Phase, Split};
use storage::submission_rules;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::submit::{may_take_part, parse_file_name, require_open, too_large};
use crate::App;
use crate::failure::{Code, Failure, Outcome};
use crate::phases::prepare::PreparedPhase;

/// How many bytes the calling thread has taken from the allocator and not given back.
pub type MemoryMeter = fn() -> i64;

/// The largest file that is checked: it lies in memory, beside those of others. 64 MiB.
pub const LARGEST: u64 = 64 << 20;
/// How many files may lie in memory at a time.
const FILES_AT_ONCE: usize = 3;
/// How long a check may take; one that needs longer is told to submit.
const LONGEST_CHECK: Duration = Duration::from_secs(60);
/// How long a check waits for those before it.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What checks of one process share: they take turns, so that they leave the machine to the rest.
pub struct FileChecks {
    files: Arc<Semaphore>,
    computing: Semaphore,
    memory: MemoryMeter,
}

impl FileChecks {
    /// Checks whose memory `memory` tells.
    pub fn new(memory: MemoryMeter) -> Self {
        Self { files: Arc::new(Semaphore::new(FILES_AT_ONCE)), computing: Semaphore::new(1), memory }
    }
}

/// Leave to have a file checked, with room for it.
#[derive(Debug)]
pub struct CheckAdmission {
    phase: Phase,
    rules: SubmissionRules,
    annotations: Annotations,
    splits: Vec<Split>,
    largest: u64,
    _room: OwnedSemaphorePermit,
}

/// A file that arrives to be checked.
#[derive(Debug)]
pub struct FileToCheck {
    admission: CheckAdmission,
    bytes: BytesMut,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What the file is called.
    pub file_name: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The version of the annotations whose items the file was compared with.
    pub annotations_version: i32,
    /// How many faults there are; none in a file that would be scored.
    pub fault_count: u64,
    /// The first of them, as a submission tells them.
    pub faults: Value,
}

/// Lets those pass who could submit now, whatever is left of their quota.
pub async fn admit_check(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<CheckAdmission> {
    let now = app.now();
    let most = app.settings.limits.upload_bytes;
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let (phase, rules, annotations, splits, largest) = app
        .db
        .read(move |conn| {
            let (challenge, admission) = may_take_part(conn, &actor, &challenge, &phase, most)?;
            let phase = admission.phase;
            require_open(&challenge, &phase, now)?;
            if phase.evaluator == PROGRAM || phase.evaluated_elsewhere().is_some() {
                let detail = "a program of the organizers judges the files of this phase, so they can only be submitted";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            let annotations = phases::annotations_in_force(conn, phase.id)?.ok_or_else(|| {
                Failure::new(Code::NoAnnotations, "the organizers have not uploaded annotations yet")
            })?;
            let splits = phases::splits_of(conn, phase.id)?;
            let rules = submission_rules::of_phase(conn, phase.id)?;
            Ok((phase, rules, annotations, splits, admission.upload_bytes))
        })
        .await?;
    let room = Arc::clone(&app.checks.files).try_acquire_owned().map_err(|_| busy())?;
    Ok(CheckAdmission { phase, rules, annotations, splits, largest: largest.min(LARGEST), _room: room })
}

impl CheckAdmission {
    /// Makes room for a file; one whose sender says that it is too large is refused at once.
    pub fn begin(self, announced: Option<u64>) -> Outcome<FileToCheck> {
        if announced.is_some_and(|size| size > self.largest) {
            return Err(self.too_large());
        }
        Ok(FileToCheck { admission: self, bytes: BytesMut::new() })
    }

    fn too_large(&self) -> Failure {
        if self.largest < LARGEST {
            return too_large(self.largest);
        }
        let detail = format!(
            "files of at most {LARGEST} bytes are checked here; `heldout evaluate --check` takes larger ones"
        );
        Failure::new(Code::PayloadTooLarge, detail)
    }
}

impl FileToCheck {
    /// Takes the next bytes, and refuses the file when it becomes too large.
    pub fn take(&mut self, piece: &[u8]) -> Outcome<()> {
        let size = (self.bytes.len() as u64).saturating_add(piece.len() as u64);
        if size > self.admission.largest {
            return Err(self.admission.too_large());
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// Checks the file.
    pub async fn check(self, app: &App, file_name: &str) -> Outcome<Checked> {
        let file_name = parse_file_name(file_name)?;
        let Self { admission, bytes } = self;
        admission.rules.accept_file(&file_name)?;
        let bytes = bytes.freeze();
        let limits = admission.phase.limits();
        let memory_bytes = (u64::from(limits.memory_mib) << 20).min(app.settings.worker.evaluation_bytes);
        let seconds = u64::from(limits.seconds).min(app.settings.worker.evaluation_seconds);
        let turn = tokio::time::timeout(LONGEST_WAIT, app.checks.computing.acquire());
        let _turn = turn.await.map_err(|_| busy())?.map_err(Failure::internal)?;
        let prepared =
            app.prepared.get(app, &admission.phase, &admission.annotations, &admission.splits).await?;
        let run = Run {
            prepared,
            bytes: bytes.clone(),
            file_name: file_name.clone(),
            largest: admission.largest,
            deadline: Instant::now() + Duration::from_secs(seconds).min(LONGEST_CHECK),
            memory_bytes: memory_bytes.saturating_sub(bytes.len() as u64),
            memory: app.checks.memory,
        };
        let (fault_count, faults) =
            tokio::task::spawn_blocking(move || run.finish()).await.map_err(Failure::internal)??;
        Ok(Checked {
            file_name,
            digest: Digest::of(&bytes),
            size_bytes: bytes.len() as u64,
            annotations_version: admission.annotations.version,
            fault_count,
            faults,
        })
    }
}

/// What runs on a thread of its own.
struct Run {
    prepared: Arc<PreparedPhase>,
    bytes: Bytes,
    file_name: String,
    largest: u64,
    deadline: Instant,
    memory_bytes: u64,
    memory: MemoryMeter,
}

impl Run {
    /// How many faults the file has, and the first of them. The evidence of a file without faults is dropped unread.
    fn finish(self) -> Outcome<(u64, Value)> {
        let (deadline, memory) = (self.deadline, self.memory);
        let most = memory().saturating_add_unsigned(self.memory_bytes);
        let is_over = Arc::new(AtomicBool::new(false));
        let overrun = Arc::clone(&is_over);
        let mut limits = Limits::default().stop_when(move || {
            if memory() > most || Instant::now() >= deadline {
                overrun.store(true, Ordering::Relaxed);
            }
            overrun.load(Ordering::Relaxed)
        });
        limits.bytes = self.largest;
        let input = Input::file(&self.file_name, &self.bytes);
        match sdk::run::evaluate(self.prepared.prepared.as_ref(), &input, &limits) {
            _ if is_over.load(Ordering::Relaxed) => Err(Failure::new(
                Code::CheckTooLong,
                "the file cannot be checked within the time and memory that checks have; submit it",
            )),
            Ok(_) => Ok((0, json!([]))),
            Err(EvaluateError::Submission(faults)) => Ok((faults.0.fault_count, json!(faults.0.faults))),
            Err(error) => Err(Failure::internal(error)),
        }
    }
}

fn busy() -> Failure {
    Failure::new(Code::Unavailable, "other files are being checked").retry_after(Duration::from_secs(10))
}
