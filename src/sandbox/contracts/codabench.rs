//! Codabench and CodaLab: a prediction step that may run a contestant's code, and a scoring step that sees the truth.
//!
//! Each step has a room of its own, so nothing of the first is left when the second begins but the files in its output
//! folder, as copies that nobody can change any more.

mod command;
mod scores;

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

pub use command::{CommandError, command_of_program, words_of};
pub use scores::{Scored, ScoresError, read_scores_json, read_scores_text};

use crate::contracts::items::OUTPUT_VARIABLE;
use crate::contracts::{ContractError, ProgramFailure};
use crate::environment::Environment;
use crate::folder::{FolderError, copy_tree, read_file};
use crate::job::{Job, Mount};
use crate::limits::Limits;
use crate::outcome::{End, Outcome};
use crate::probe::Confinement;
use crate::room::Room;
use command::{Role, substituted};

/// The largest file of scores, of metadata.
const MOST_TEXT: u64 = 1 << 20;

/// The largest page of detailed results.
const MOST_PAGE: u64 = 32 << 20;

/// A program of a bundle: its folder, unpacked, and the command of its metadata.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// The command as it is written; without one the program does nothing.
    pub command: Option<&'a str>,
}

/// What the steps of a task have in common.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// What programs are run with.
    pub environment: &'a Environment,
    /// The ingestion program, if the task has one.
    pub ingestion: Option<Program<'a>>,
    /// Whether it runs beside the scoring program instead of in the prediction step.
    pub ingestion_only_during_scoring: bool,
    /// What contestants' programs may read.
    pub input_data: Option<&'a Path>,
}

/// What the scoring step of a task needs besides.
#[derive(Debug, Clone, Copy)]
pub struct Scoring<'a> {
    /// The scoring program.
    pub program: Program<'a>,
    /// The truth, a folder.
    pub reference: Option<&'a Path>,
    /// The keys of the scores that are wanted; what else the program tells is passed over.
    pub columns: &'a [String],
    /// What the step may use.
    pub limits: &'a Limits,
}

/// What is left of a prediction step.
#[derive(Debug)]
pub struct Predicted {
    /// The output folder, in the room of the step.
    pub output: PathBuf,
    /// The run of the submission, if it is a program.
    pub submission: Option<Outcome>,
    /// The run of the ingestion program, if there was one.
    pub ingestion: Option<Outcome>,
}

impl Task<'_> {
    /// The prediction step. A program that ends with another code than 0 does not fail it; a limit does.
    ///
    /// A submission without metadata is a result: its files are the output. One with metadata that names no command
    /// does nothing at all.
    pub fn predict(
        &self,
        room: &Room<'_>,
        submission: &Path,
        limits: &Limits,
        stop: &dyn Fn() -> bool,
    ) -> Result<Predicted, ContractError> {
        let output = room.writable("output")?;
        let command = match command_of_program(submission) {
            Ok(Some(command)) => command,
            Ok(None) => {
                copy_tree(submission, &output)?;
                None
            }
            Err(error) => return Err(unusable(error.to_string())),
        };
        let inputs = |paths: &[&str]| {
            let mounted =
                self.input_data.iter().flat_map(|data| paths.iter().map(|path| Mount::reading(*data, path)));
            mounted.collect::<Vec<_>>()
        };
        let mut contestant =
            vec![Mount::reading(submission, "/app/program"), Mount::writing(&output, "/app/output")];
        contestant.extend(inputs(&["/app/input", "/app/input_data"]));
        let mut jobs = Vec::new();
        if let Some(command) = &command {
            jobs.push(self.job(room, command, Role::Submission, contestant, limits)?);
        }
        let ingestion = self.ingestion.filter(|_| !self.ingestion_only_during_scoring);
        if let Some((program, command)) = ingestion.and_then(|program| Some((program, program.command?))) {
            let mut mounts = vec![
                Mount::reading(program.folder, "/app/program"),
                Mount::reading(submission, "/app/ingested_program"),
                Mount::writing(&output, "/app/output"),
            ];
            mounts.extend(inputs(&["/app/input_data"]));
            jobs.push(self.job(room, command, Role::Ingestion, mounts, limits)?);
        }
        let mut outcomes = run_together(room, &jobs, stop)?.into_iter();
        let submission = command.and_then(|_| outcomes.next());
        let ingestion = outcomes.next();
        for outcome in submission.iter().chain(&ingestion) {
            if matches!(outcome.end, End::Limit(_) | End::Cancelled) {
                return Err(ProgramFailure::of(outcome.clone()).into());
            }
        }
        Ok(Predicted { output, submission, ingestion })
    }

    /// The scoring step, in a room of its own: the only one that sees the truth.
    pub fn score(
        &self,
        room: &Room<'_>,
        scoring: &Scoring<'_>,
        predicted: &Predicted,
        stop: &dyn Fn() -> bool,
    ) -> Result<Scored, ContractError> {
        let Scoring { program: scorer, reference, columns, limits } = *scoring;
        let input = room.readable("input")?;
        let [results, truth] = ["input/res", "input/ref"].map(|name| room.readable(name));
        let (results, truth) = (results?, truth?);
        copy_tree(&predicted.output, &results)?;
        write_metadata(&results, predicted)?;
        let (output, shared) = (room.writable("output")?, room.writable("shared")?);
        let mut mounts = vec![
            Mount::reading(scorer.folder, "/app/program"),
            Mount::reading(&input, "/app/input"),
            Mount::writing(&output, "/app/output"),
            Mount::writing(&shared, "/app/shared"),
        ];
        match (reference, room.sandbox().confinement()) {
            (Some(reference), Confinement::Namespaces) => {
                mounts.push(Mount::reading(reference, "/app/input/ref"));
            }
            // Both must lie in one folder, and nothing can be made to look so.
            (Some(reference), Confinement::Landlock) => copy_tree(reference, &truth)?,
            (None, _) => {}
        }
        let command =
            scorer.command.ok_or_else(|| unusable("the scoring program has no command".to_owned()))?;
        let mut jobs = vec![self.job(room, command, Role::Scoring, mounts, limits)?];
        let ingestion = self.ingestion.filter(|_| self.ingestion_only_during_scoring);
        if let Some((program, command)) = ingestion.and_then(|program| Some((program, program.command?))) {
            // It may run what a contestant sent: it sees no truth, and its output is not the scorer's.
            let aside = room.writable("ingestion-output")?;
            let mut mounts = vec![
                Mount::reading(program.folder, "/app/program"),
                Mount::reading(program.folder, "/app/ingestion_program"),
                Mount::reading(&results, "/app/ingested_program"),
                Mount::writing(&aside, "/app/output"),
                Mount::writing(&shared, "/app/shared"),
            ];
            mounts.extend(self.input_data.map(|data| Mount::reading(data, "/app/input_data")));
            jobs.push(self.job(room, command, Role::IngestionDuringScoring, mounts, limits)?);
        }
        let mut outcomes = run_together(room, &jobs, stop)?.into_iter();
        let Some(outcome) = outcomes.next() else {
            return Err(unusable("nothing was run".to_owned()));
        };
        if let Some(ingestion) = outcomes.next().filter(|ingestion| matches!(ingestion.end, End::Limit(_))) {
            return Err(ProgramFailure::of(ingestion).into());
        }
        if !outcome.end.is_success() {
            return Err(ProgramFailure::of(outcome).into());
        }
        scores::collect(&output, columns, outcome)
    }

    fn job(
        &self,
        room: &Room<'_>,
        command: &str,
        role: Role,
        mounts: Vec<Mount>,
        limits: &Limits,
    ) -> Result<Job, ContractError> {
        let place = |inside: &str| placed(room, &mounts, inside);
        let words =
            words_of(&substituted(command, role, &place)).map_err(|error| unusable(error.to_string()))?;
        let mut job = Job::new(words, limits.clone());
        job = job
            .variable("PYTHONUNBUFFERED", "1")
            .variable("PYTHONDONTWRITEBYTECODE", "1")
            .variable("MPLBACKEND", "Agg")
            .variable(OUTPUT_VARIABLE, place("/app/output"))
            .starting_in(Path::new(&place("/app/program")));
        job.mounts = mounts;
        Ok(self.environment.around(job))
    }
}

/// Where a program finds what the contract has at a path, which may lie within what is mounted there.
fn placed(room: &Room<'_>, mounts: &[Mount], inside: &str) -> String {
    let inside = Path::new(inside);
    let found = mounts.iter().find_map(|mount| {
        let rest = inside.strip_prefix(&mount.inside).ok()?;
        let place = room.place(&mount.host, &mount.inside);
        Some(if rest.as_os_str().is_empty() { place } else { place.join(rest) })
    });
    found.unwrap_or_else(|| inside.to_owned()).to_string_lossy().into_owned()
}

/// Runs jobs beside each other and waits for all of them.
fn run_together(
    room: &Room<'_>,
    jobs: &[Job],
    stop: &dyn Fn() -> bool,
) -> Result<Vec<Outcome>, ContractError> {
    let Some((last, others)) = jobs.split_last() else { return Ok(Vec::new()) };
    let stopped = std::sync::atomic::AtomicBool::new(false);
    let told = || stopped.load(std::sync::atomic::Ordering::Relaxed);
    thread::scope(|scope| {
        let running: Vec<_> = others.iter().map(|job| scope.spawn(|| room.run(job, &told))).collect();
        // Whoever asks is asked in this thread only.
        let asked = || {
            let over = stop();
            stopped.fetch_or(over, std::sync::atomic::Ordering::Relaxed);
            over
        };
        let last = room.run(last, &asked);
        if !jobs.is_empty() && last.is_err() {
            stopped.store(true, std::sync::atomic::Ordering::Relaxed);
        }
        let mut outcomes = Vec::new();
        for run in running {
            while !run.is_finished() {
                asked();
                thread::sleep(std::time::Duration::from_millis(50));
            }
            let joined =
                run.join().map_err(|_| io::Error::other("a thread that waited for a program failed"))?;
            outcomes.push(joined?);
        }
        outcomes.push(last?);
        Ok(outcomes)
    })
}

/// What scorers of CodaLab read to learn how long the prediction took.
fn write_metadata(results: &Path, predicted: &Predicted) -> Result<(), ContractError> {
    let mut text = String::new();
    let parts = [
        (&predicted.submission, "exitCode", "elapsedTime"),
        (&predicted.ingestion, "ingestionExitCode", "ingestionElapsedTime"),
    ];
    for (outcome, code, time) in parts {
        let about =
            outcome.as_ref().map(|outcome| (exit_code(outcome.end), outcome.usage.wall.as_secs_f64()));
        let (exit, elapsed) = about.map_or(("null".to_owned(), "null".to_owned()), |(code, time)| {
            (code.to_string(), format!("{time:.3}"))
        });
        text.push_str(&format!("{code}: {exit}\n{time}: {elapsed}\n"));
    }
    let path = results.join("metadata");
    crate::folder::remove_tree(&path)?;
    fs::write(&path, text)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
    Ok(())
}

fn exit_code(end: End) -> i32 {
    match end {
        End::Exited(code) => code,
        End::Signalled(signal) => 128 + signal,
        End::Limit(_) | End::Cancelled => -1,
    }
}

/// A step that cannot be taken because of what is in the files.
fn unusable(message: String) -> ContractError {
    ProgramFailure::not_loadable(message).into()
}

/// Reads a small file that a program left, if it is there.
fn small_file(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
    read_file(folder, name, MOST_TEXT)
}
