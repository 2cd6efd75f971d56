//! One run of a program: a room, an environment, the contract, and numbers out of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use app::challenges::import::{PackedTask, ProgramPackage};
use app::phases::prepare::PreparedPhase;
use sandbox::contracts::codabench::{self, Scoring, Task, command_of_program};
use sandbox::contracts::evalai::{Evaluation, EvaluationScript};
use sandbox::contracts::items::ItemEvidence;
use sandbox::contracts::{ContractError, FailureCode, ProgramFailure};
use sandbox::environment::{CONSTRAINTS, Environment, EnvironmentError, Wishes};
use sandbox::{FolderError, Limits, Outcome, Sandbox};

use super::Programs;
use super::files::{self, ProgramFiles};
use super::result::{Numbers, found};
use crate::evaluate::Found;
use crate::leases::StopFlag;

/// The most of a log that is kept for organizers, in bytes.
const MOST_LOG: usize = 16 << 10;

/// The code of an environment that cannot be built.
pub(super) const NOT_BUILT: &str = "environment_not_built";

/// What runs on a thread of its own.
pub(super) struct Run {
    pub(super) limits: Limits,
    pub(super) files: ProgramFiles,
    pub(super) prepared: Arc<PreparedPhase>,
    pub(super) stop: StopFlag,
}

/// Why there are no numbers.
pub(super) enum RunFailure {
    /// Nobody wants them any more.
    Stopped,
    /// The program, its environment or the sandbox failed; the detail is for organizers.
    Failed {
        /// What a contestant may hear.
        code: &'static str,
        /// What was said.
        detail: String,
        /// Whether trying again is in vain.
        is_final: bool,
    },
}

impl RunFailure {
    pub(super) fn new(code: &'static str, detail: impl Into<String>, is_final: bool) -> Self {
        Self::Failed { code, detail: shortened(detail.into()), is_final }
    }
}

/// The found evidence with what it was made with.
pub(crate) type Made = (Found, Option<(domain::Digest, serde_json::Value)>);

impl Run {
    pub(super) fn finish(&self, programs: &Programs) -> Result<Made, RunFailure> {
        let sandbox = programs.sandbox.as_ref().map_err(|why| RunFailure::new("no_sandbox", why, false))?;
        let (digest, archive) = &self.files.program;
        let (folder, package) = files::unpacked(&programs.folder, *digest, archive)
            .map_err(|why| RunFailure::new("program_not_loadable", why, true))?;
        let environment = environment_for(programs, sandbox, &package, &self.stop)?;
        let numbers = if package.tasks.is_empty() {
            self.call(sandbox, &environment, &folder)?
        } else {
            self.run_tasks(sandbox, &environment, &folder, &package.tasks)?
        };
        let found = found(&self.files.sheet, &self.prepared, numbers)
            .map_err(|why| RunFailure::new(FailureCode::UnusableResult.name(), why, true))?;
        let digest = domain::Digest::parse(&environment.contents.digest()).ok();
        let contents = serde_json::to_value(&environment.contents).unwrap_or_default();
        Ok((found, digest.map(|digest| (digest, contents))))
    }

    fn stop(&self) -> impl Fn() -> bool + '_ {
        || self.stop.is_raised()
    }

    /// `evaluate()` of EvalAI.
    fn call(
        &self,
        sandbox: &Sandbox,
        environment: &Environment,
        folder: &Path,
    ) -> Result<Numbers, RunFailure> {
        let room = sandbox.room().map_err(|error| self.not_run(&error))?;
        let place = |folder: &str, name: &str, bytes: &[u8]| {
            let file = room.readable(folder)?.join(files::plain_name(name));
            files::write_file(&file, bytes)?;
            Ok::<_, std::io::Error>(file)
        };
        let submission = place("submission", &self.files.file_name, &self.files.submission);
        let submission = submission.map_err(|error| self.not_run(&error))?;
        let truth = match &self.files.truth {
            Some((name, bytes)) => Some(place("truth", name, bytes).map_err(|error| self.not_run(&error))?),
            None => None,
        };
        let script = EvaluationScript {
            folder: &folder.join("package"),
            challenge: 1,
            environment,
            limits: &self.limits,
        };
        let evaluation = Evaluation {
            annotation: truth.as_deref(),
            submission: &submission,
            phase: &self.files.phase,
            splits: &self.files.splits,
            metadata: &self.files.told,
        };
        let finished =
            script.evaluate(&room, &evaluation, &self.stop()).map_err(|error| self.contract(error))?;
        let splits =
            finished.evaluated.splits.into_iter().map(|split| (split.split, split.metrics)).collect();
        Ok(Numbers { splits, items: finished.items })
    }

    /// Prediction and scoring of Codabench, for every task; where several tasks write a column it is their mean.
    fn run_tasks(
        &self,
        sandbox: &Sandbox,
        environment: &Environment,
        folder: &Path,
        tasks: &[PackedTask],
    ) -> Result<Numbers, RunFailure> {
        let written = self.files.sheet.metrics.iter().filter(|metric| metric.computation.is_none());
        let columns: Vec<String> = written.map(|metric| metric.name.clone()).collect();
        let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let mut items: Option<ItemEvidence> = None;
        let wanted = &self.files.tasks;
        let chosen = |number: usize| wanted.is_empty() || wanted.contains(&number);
        for (number, task) in tasks.iter().enumerate().filter(|(number, _)| chosen(*number)) {
            let scored =
                self.run_task(sandbox, environment, &folder.join(format!("tasks/{number}")), task, &columns)?;
            for (column, value) in scored.scores {
                values.entry(column).or_default().push(value);
            }
            items = scored.items.filter(|_| tasks.len() == 1);
        }
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let scores: BTreeMap<String, f64> =
            values.into_iter().map(|(column, values)| (column, mean(values))).collect();
        let splits = self.files.splits.iter().map(|split| (split.clone(), scores.clone())).collect();
        Ok(Numbers { splits, items })
    }

    fn run_task(
        &self,
        sandbox: &Sandbox,
        environment: &Environment,
        folder: &Path,
        packed: &PackedTask,
        columns: &[String],
    ) -> Result<codabench::Scored, RunFailure> {
        let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_dir());
        let command_in = |program: &Path| {
            command_of_program(program)
                .map(Option::flatten)
                .map_err(|error| RunFailure::new(FailureCode::NotLoadable.name(), error.to_string(), true))
        };
        let (scoring, ingestion) = (folder.join("scoring"), there("ingestion"));
        let scoring_command = command_in(&scoring)?;
        let ingestion_command = ingestion.as_deref().map(command_in).transpose()?.flatten();
        let (input_data, reference) = (there("input_data"), there("reference_data"));
        let task = Task {
            environment,
            ingestion: ingestion
                .as_deref()
                .map(|folder| codabench::Program { folder, command: ingestion_command.as_deref() }),
            ingestion_only_during_scoring: packed.ingestion_while_scoring,
            input_data: input_data.as_deref(),
        };
        // Each step has a room of its own: only the second ever sees the truth.
        let first = sandbox.room().map_err(|error| self.not_run(&error))?;
        let sent = files::submission_tree(&self.files.file_name, &self.files.submission)
            .map_err(|why| RunFailure::new(FailureCode::NotLoadable.name(), why, true))?;
        let submission = first.readable("submission").map_err(|error| self.not_run(&error))?;
        files::write_tree(&submission, &sent).map_err(|error| self.not_run(&error))?;
        let predicted = task
            .predict(&first, &submission, &self.limits, &self.stop())
            .map_err(|error| self.contract(error))?;
        let second = sandbox.room().map_err(|error| self.not_run(&error))?;
        let scoring = Scoring {
            program: codabench::Program { folder: &scoring, command: scoring_command.as_deref() },
            reference: reference.as_deref(),
            columns,
            limits: &self.limits,
        };
        task.score(&second, &scoring, &predicted, &self.stop()).map_err(|error| self.contract(error))
    }

    fn contract(&self, error: ContractError) -> RunFailure {
        contract_failed(error, &self.stop)
    }

    fn not_run(&self, error: &(dyn std::error::Error + 'static)) -> RunFailure {
        if self.stop.is_raised() {
            RunFailure::Stopped
        } else {
            RunFailure::new("sandbox_failed", told(error), false)
        }
    }
}

/// The environment that a program asks for: there already, or built now.
pub(super) fn environment_for(
    programs: &Programs,
    sandbox: &Sandbox,
    package: &ProgramPackage,
    stop: &StopFlag,
) -> Result<Environment, RunFailure> {
    if let (Some(images), Some(name)) = (&programs.images, &package.image) {
        return images
            .environment(sandbox, name, &|| stop.is_raised())
            .map_err(|error| not_built(error, stop));
    }
    let requirements = package.requirements.clone().unwrap_or_else(|| programs.standard.to_owned());
    let wishes = Wishes { requirements, constraints: CONSTRAINTS.to_owned() };
    let built = programs.builder.environment(sandbox, &wishes, &|| stop.is_raised());
    built.map_err(|error| not_built(error, stop))
}

fn not_built(error: EnvironmentError, stop: &StopFlag) -> RunFailure {
    match error {
        _ if stop.is_raised() => RunFailure::Stopped,
        EnvironmentError::Building { what, why, said } => {
            let detail = format!(
                "{what}: {why}\nWhere packages and images come from is set in `[programs]` of the configuration.\n{said}"
            );
            RunFailure::new(NOT_BUILT, detail, true)
        }
        other => RunFailure::new(NOT_BUILT, told(&other), false),
    }
}

/// Imports the package of an evaluation script, so that its organizers hear of what is missing in it.
pub(super) fn import_package(
    sandbox: &Sandbox,
    environment: &Environment,
    folder: &Path,
    limits: &Limits,
    stop: &StopFlag,
) -> Result<(), RunFailure> {
    let room = sandbox.room().map_err(|error| RunFailure::new("sandbox_failed", told(&error), false))?;
    let script = EvaluationScript { folder: &folder.join("package"), challenge: 1, environment, limits };
    let imported = script.import(&room, &|| stop.is_raised());
    imported.map(drop).map_err(|error| contract_failed(error, stop))
}

fn contract_failed(error: ContractError, stop: &StopFlag) -> RunFailure {
    match error {
        _ if stop.is_raised() => RunFailure::Stopped,
        ContractError::Program(failure) => RunFailure::new(failure.code.name(), log_of(&failure), true),
        // Links, devices, towers of folders: what a program left is its own, and no other attempt changes it.
        ContractError::Files(
            error @ (FolderError::Foreign(_) | FolderError::TooDeep(_) | FolderError::TooLarge(..)),
        ) => RunFailure::new(FailureCode::UnusableResult.name(), told(&error), true),
        other => RunFailure::new("sandbox_failed", told(&other), false),
    }
}

/// What an organizer reads of a program that failed: it may quote annotations.
fn log_of(failure: &ProgramFailure) -> String {
    let mut log = failure.message.clone();
    if let Some(Outcome { stdout, stderr, .. }) = &failure.outcome {
        for (name, console) in [("standard error", stderr), ("standard output", stdout)] {
            if console.written > 0 {
                let _ = write!(log, "\n--- {name} ---\n{}", console.text());
            }
        }
    }
    log
}

/// The beginning of a log that is too long; the database takes no zero characters.
fn shortened(log: String) -> String {
    let mut log = log.replace('\0', "\u{fffd}");
    if log.len() > MOST_LOG {
        let end = (0..=MOST_LOG).rev().find(|end| log.is_char_boundary(*end)).unwrap_or(0);
        log.truncate(end);
        log.push_str("\n[... the rest is not kept ...]");
    }
    log
}

/// An error with its causes.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
