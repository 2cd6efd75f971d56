//! What the golden test needs: the mapping, the expected values, and one run.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use heldout_registry::Registry;
use sdk::run::{EvaluateError, PrepareError};
use sdk::{Faults, Input, Inputs, Limits, Mode, Params};

/// One `[[case]]` of `golden.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) golden: String,
    pub(crate) evaluator: String,
    #[serde(default)]
    pub(crate) params: serde_json::Map<String, serde_json::Value>,
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) submission: String,
    pub(crate) metrics: BTreeMap<String, String>,
}

impl Case {
    /// Our name of a golden metric, if the case maps it.
    pub(crate) fn our_name(&self, golden: &str) -> Option<String> {
        let by_name = self.metrics.get(golden).cloned();
        by_name.or_else(|| self.metrics.contains_key("*").then(|| golden.to_owned()))
    }
}

/// All cases.
pub(crate) fn cases() -> Vec<Case> {
    #[derive(serde::Deserialize)]
    struct File {
        case: Vec<Case>,
    }
    let text = include_str!("../../../golden.toml");
    toml::from_str::<File>(text).unwrap().case
}

/// The folder of golden cases, or a loud word that it is absent.
pub(crate) fn golden_folder() -> Option<PathBuf> {
    shared("golden")
}

/// A folder of real data, or a loud word that it is absent.
pub(crate) fn real_folder(name: &str) -> Option<PathBuf> {
    shared(&format!("data/real/{name}"))
}

fn shared(path: &str) -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the shared data is"
    )]
    let shared = std::env::var("HELDOUT_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let folder = repository.join(shared).join(path);
    if folder.is_dir() {
        return Some(folder);
    }
    // Written past the capture of the test harness, so that a run without the data does not look complete.
    let absent = format!("SKIPPED: {} is absent; set HELDOUT_SHARED to the shared data\n", folder.display());
    std::io::stderr().write_all(absent.as_bytes()).unwrap();
    None
}

/// The expected values of a folder.
#[derive(Debug)]
pub(crate) struct Expected(BTreeMap<String, Option<f64>>);

impl Expected {
    /// Reads `expected.json`: the values of the public code with stable orders.
    pub(crate) fn read(folder: &Path) -> Self {
        let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let metrics =
            [&file["metrics_stable_sort"], &file["metrics"]].into_iter().find_map(|one| one.as_object());
        let of = |(name, value): (&String, &serde_json::Value)| (name.clone(), value.as_f64());
        let metrics = metrics.into_iter().flatten().filter(|(name, _)| !name.starts_with('_'));
        Self(metrics.map(of).collect())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = (&String, &Option<f64>)> {
        self.0.iter()
    }

    pub(crate) fn has_no_values(&self) -> bool {
        self.0.is_empty()
    }
}

/// What became of a run.
#[derive(Debug)]
pub(crate) enum Outcome {
    Scored(BTreeMap<String, Option<f64>>),
    Refused(Faults),
    Failed(#[expect(dead_code, reason = "shown where an outcome is not the expected one")] String),
}

impl Outcome {
    pub(crate) fn score(&self, metric: &str) -> Option<Option<f64>> {
        match self {
            Self::Scored(scores) => scores.get(metric).copied(),
            Self::Refused(_) | Self::Failed(_) => None,
        }
    }

    pub(crate) fn codes(&self) -> Vec<&'static str> {
        match self {
            Self::Refused(faults) => faults.faults.iter().map(|fault| fault.code.name()).collect(),
            Self::Scored(_) | Self::Failed(_) => Vec::new(),
        }
    }
}

/// Evaluates a submission against the annotations of a folder.
pub(crate) fn run(case: &Case, folder: &Path, submission: &Path, mode: Mode) -> Outcome {
    let registry = Registry::built_in();
    let Some(evaluator) = registry.get(&case.evaluator) else {
        return Outcome::Failed(format!("no evaluator {:?}", case.evaluator));
    };
    let params = match Params::parse(&evaluator.manifest().params, &case.params.clone().into()) {
        Ok(params) => params,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let tables: Vec<(&String, Vec<u8>)> =
        case.annotations.iter().map(|(name, file)| (name, read(&folder.join(file)))).collect();
    let mut inputs = Inputs::default();
    for (name, bytes) in &tables {
        inputs = inputs.with(name.as_str(), Input::file(name, bytes));
    }
    let prepared = match sdk::run::prepare(evaluator, &inputs, &params, mode) {
        Ok(prepared) => prepared,
        Err(PrepareError::Annotations(faults)) => return Outcome::Failed(faults.to_string()),
        Err(PrepareError::Panicked) => return Outcome::Failed("panicked".to_owned()),
    };
    let bytes = read(submission);
    match sdk::run::evaluate(&*prepared, &Input::file("submission", &bytes), &Limits::default()) {
        Ok(evidence) => {
            let scores = evidence.score_all();
            Outcome::Scored(scores.iter().map(|(name, score)| (name.to_owned(), score.value())).collect())
        }
        Err(EvaluateError::Submission(faults)) => Outcome::Refused(faults.0),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether two values agree; undefined agrees with undefined.
pub(crate) fn close(ours: Option<f64>, expected: Option<f64>, tolerance: f64) -> bool {
    match (ours, expected) {
        (Some(ours), Some(expected)) => (ours - expected).abs() <= tolerance * expected.abs().max(1e-300),
        (None, None) => true,
        _ => false,
    }
}
