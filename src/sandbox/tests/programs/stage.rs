//! A sandbox with an empty environment and a folder for a bundle.

use std::fs;
use std::path::{Path, PathBuf};

use heldout_sandbox::contracts::evalai::{Evaluation, EvaluationScript, Finished, SubmissionMetadata};
use heldout_sandbox::contracts::{ContractError, ProgramFailure};
use heldout_sandbox::environment::{Builder, Environment, Wishes};
use heldout_sandbox::{Limits, Sandbox};

use crate::support::{PYTHON, Sandboxes, open_to_others, small_limits};

/// Writes files below a folder that programs may be shown.
pub(crate) fn write(folder: &Path, files: &[(&str, &str)]) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder.to_owned()
}

/// A sandbox, an empty environment in it, and a folder for a bundle.
pub(crate) struct Stage<'s> {
    pub(crate) sandbox: &'s Sandbox,
    pub(crate) environment: Environment,
    pub(crate) folder: tempfile::TempDir,
}

impl<'s> Stage<'s> {
    pub(crate) fn new(sandbox: &'s Sandbox) -> Self {
        let folder = tempfile::tempdir().unwrap();
        open_to_others(folder.path());
        let builder = Builder::new(folder.path().join("environments"), PYTHON);
        let wishes = Wishes { requirements: String::new(), constraints: String::new() };
        let environment = builder.environment(sandbox, &wishes, &|| false).unwrap();
        Self { sandbox, environment, folder }
    }

    pub(crate) fn write(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        write(&self.folder.path().join(name), files)
    }

    /// Evaluates a submission with a script that has this `main.py`.
    pub(crate) fn evaluate(&self, main: &str) -> Result<Finished, ContractError> {
        self.evaluate_within(main, &small_limits())
    }

    pub(crate) fn evaluate_within(&self, main: &str, limits: &Limits) -> Result<Finished, ContractError> {
        let number = fs::read_dir(self.folder.path()).unwrap().count();
        let scripts = [
            ("__init__.py", "from .main import evaluate\n"),
            ("main.py", main),
            ("counting.py", "ONE = 1\n"),
        ];
        let scripts = self.write(&format!("scripts-{number}"), &scripts);
        let files =
            self.write(&format!("files-{number}"), &[("annotation.json", "[1, 2]"), ("7f3a.tsv", "1\t2")]);
        let (annotation, submission) = (files.join("annotation.json"), files.join("7f3a.tsv"));
        let splits = ["train_split".to_owned(), "test_split".to_owned()];
        let metadata =
            SubmissionMetadata { id: 17, method_name: "ours".to_owned(), ..SubmissionMetadata::default() };
        let script =
            EvaluationScript { folder: &scripts, challenge: 3, environment: &self.environment, limits };
        let evaluation = Evaluation {
            annotation: Some(&annotation),
            submission: &submission,
            phase: "dev",
            splits: &splits,
            metadata: &metadata,
        };
        script.evaluate(&self.sandbox.room().unwrap(), &evaluation, &|| false)
    }
}

pub(crate) fn on_each_stage(check: impl Fn(&Stage<'_>)) {
    for sandbox in &Sandboxes::new().all {
        check(&Stage::new(sandbox));
    }
}

pub(crate) fn failure<T: std::fmt::Debug>(result: Result<T, ContractError>) -> ProgramFailure {
    match result.unwrap_err() {
        ContractError::Program(failure) => *failure,
        other => panic!("{other:?}"),
    }
}
