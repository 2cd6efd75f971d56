//! EvalAI: a Python package with `evaluate(annotation, submission, phase, submission_metadata=...)`.
//!
//! The package is imported as it is there, as `challenge_data.challenge_ID` below the folder `compute`, and what the
//! function returns comes back through a file, because anything may print.

mod answer;
mod metadata;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use answer::{Evaluated, ResultFault, SplitScores, read_answer};
pub use metadata::SubmissionMetadata;

use crate::contracts::items::{ItemEvidence, OUTPUT_VARIABLE, read_items_of};
use crate::contracts::{ContractError, FailureCode, ProgramFailure};
use crate::environment::Environment;
use crate::folder::{copy_tree, read_file};
use crate::job::{Job, Mount};
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::room::Room;

const DRIVER: &str = include_str!("evalai_driver.py");

/// The largest result that is read.
const MOST_ANSWER: u64 = 64 << 20;

/// An evaluation script with all that it needs.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationScript<'a> {
    /// The unpacked folder: what `evaluation_script.zip` holds.
    pub folder: &'a Path,
    /// The number that names its package.
    pub challenge: u64,
    /// What it is run with.
    pub environment: &'a Environment,
    /// What one evaluation may use.
    pub limits: &'a Limits,
}

/// One submission to evaluate.
#[derive(Debug, Clone, Copy)]
pub struct Evaluation<'a> {
    /// The phase's annotations, a file that only this script sees; a phase may have none.
    pub annotation: Option<&'a Path>,
    /// The submission. Its name may be anything, its extension is what the contestant's file had.
    pub submission: &'a Path,
    /// The codename of the phase.
    pub phase: &'a str,
    /// The codenames of the splits that the phase has.
    pub splits: &'a [String],
    /// What the script is told of the submission.
    pub metadata: &'a SubmissionMetadata,
}

/// A submission that was evaluated.
#[derive(Debug, Clone)]
pub struct Finished {
    /// What the function returned.
    pub evaluated: Evaluated,
    /// What it told of every item, if it did.
    pub items: Option<ItemEvidence>,
    /// How the run went.
    pub outcome: Outcome,
}

#[derive(Serialize)]
struct Request<'a> {
    compute: PathBuf,
    module: String,
    only_import: bool,
    annotation: String,
    submission: String,
    phase: &'a str,
    metadata: Option<&'a SubmissionMetadata>,
    answer: PathBuf,
}

impl EvaluationScript<'_> {
    /// Imports the package and nothing more, so that an organizer hears of what is missing before anybody submits.
    pub fn import(&self, room: &Room<'_>, stop: &dyn Fn() -> bool) -> Result<Outcome, ContractError> {
        let (outcome, bytes) = self.call(room, None, stop)?;
        match answer::failure_of(&bytes) {
            Some((code, message)) => Err(ProgramFailure::new(code, message, outcome).into()),
            None => Ok(outcome),
        }
    }

    /// Evaluates one submission in a room that nothing else is run in.
    pub fn evaluate(
        &self,
        room: &Room<'_>,
        evaluation: &Evaluation<'_>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Finished, ContractError> {
        let (outcome, bytes) = self.call(room, Some(evaluation), stop)?;
        if let Some((code, message)) = answer::failure_of(&bytes) {
            return Err(ProgramFailure::new(code, message, outcome).into());
        }
        let lines =
            |faults: Vec<ResultFault>| faults.iter().map(|fault| format!("{fault}\n")).collect::<String>();
        let read = read_answer(&bytes, evaluation.splits).map_err(lines);
        let read = read.and_then(|evaluated| Ok((evaluated, read_items_of(&room.folder().join(OUTPUT))?)));
        match read {
            Ok((evaluated, items)) => Ok(Finished { evaluated, items, outcome }),
            Err(message) => {
                Err(ProgramFailure::new(FailureCode::UnusableResult, message.trim_end(), outcome).into())
            }
        }
    }

    fn call(
        &self,
        room: &Room<'_>,
        evaluation: Option<&Evaluation<'_>>,
        stop: &dyn Fn() -> bool,
    ) -> Result<(Outcome, Vec<u8>), ContractError> {
        let package = format!("challenge_{}", self.challenge);
        let code = room.readable("compute")?;
        let scripts = code.join("challenge_data").join(&package);
        fs::create_dir_all(&scripts)?;
        copy_tree(self.folder, &scripts)?;
        // A package even if its author forgot: it is imported with relative imports.
        for folder in [code.join("challenge_data"), scripts] {
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755))?;
            File::options().append(true).create(true).open(folder.join("__init__.py"))?;
        }
        let driver = room.readable("driver")?;
        let output = room.writable(OUTPUT)?;
        let mut mounts = vec![
            Mount::reading(&code, "/compute"),
            Mount::reading(&driver, "/driver"),
            Mount::writing(&output, "/output"),
        ];
        let mut show = |host: &Path, folder: &str| {
            let inside = Path::new(folder).join(host.file_name().unwrap_or_default());
            mounts.push(Mount::reading(host, &inside));
            room.place(host, &inside).to_string_lossy().into_owned()
        };
        let annotation = evaluation.and_then(|evaluation| evaluation.annotation);
        let inside = |host: &Path, path: &str| room.place(host, Path::new(path));
        let request = Request {
            compute: inside(&code, "/compute"),
            module: format!("challenge_data.{package}"),
            only_import: evaluation.is_none(),
            annotation: annotation.map_or_else(String::new, |file| show(file, "/annotations")),
            submission: evaluation
                .map_or_else(String::new, |evaluation| show(evaluation.submission, "/submission")),
            phase: evaluation.map_or("", |evaluation| evaluation.phase),
            metadata: evaluation.map(|evaluation| evaluation.metadata),
            answer: inside(&output, "/output").join(ANSWER),
        };
        write_readable(&driver.join("driver.py"), DRIVER.as_bytes())?;
        let request = serde_json::to_vec(&request).map_err(io::Error::from)?;
        write_readable(&driver.join("request.json"), &request)?;
        let driver = inside(&driver, "/driver");
        let words =
            [self.environment.python.as_path(), &driver.join("driver.py"), &driver.join("request.json")];
        let mut job = Job::new(words.map(|word| word.to_string_lossy().into_owned()), self.limits.clone());
        job.mounts = mounts;
        let job = job.variable("PYTHONDONTWRITEBYTECODE", "1").variable("PYTHONUNBUFFERED", "1");
        let output_inside = inside(&output, "/output").to_string_lossy().into_owned();
        let job = job.variable("MPLBACKEND", "Agg").variable(OUTPUT_VARIABLE, output_inside);
        let outcome = room.run(&self.environment.around(job), stop)?;
        if !outcome.end.is_success() {
            return Err(ProgramFailure::of(outcome).into());
        }
        match read_file(&output, ANSWER, MOST_ANSWER) {
            Ok(Some(bytes)) => Ok((outcome, bytes)),
            Ok(None) => {
                let message = "the program ended before evaluate() returned";
                Err(ProgramFailure::new(FailureCode::NoResult, message, outcome).into())
            }
            Err(error) => {
                Err(ProgramFailure::new(FailureCode::UnusableResult, error.to_string(), outcome).into())
            }
        }
    }
}

const OUTPUT: &str = "output";

/// The file in the output folder that the driver writes.
const ANSWER: &str = ".heldout-answer.json";

fn write_readable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}
