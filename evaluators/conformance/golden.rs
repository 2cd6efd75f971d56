//! The golden cases: which evaluator reproduces which, in which mode, to which tolerance.
//!
//! ```no_run
//! # use heldout_conformance as conformance;
//! use conformance::golden::{Strict, Walk};
//! # fn evaluators() -> Vec<Box<dyn sdk::Evaluator>> { Vec::new() }
//!
//! // In `tests/golden.rs` of a family:
//! Walk::of(evaluators())
//!     .folder("ego4d/nlq")
//!     .strict("ego4d/nlq", "edge-inf-window", Strict::Refused("not_finite"))
//!     .strict("ego4d/nlq", "edge-empty-predictions", Strict::Scored("r@1, IoU=0.3", 50.0))
//!     .agrees_with_at_least(300);
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use sdk::run::{EvaluateError, PrepareError};
use sdk::{Evaluator, Faults, Inputs, Limits, Mode, Params};

use crate::shared;

/// One `[[case]]` of `golden.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The folder of cases, below the folder of golden cases.
    pub golden: String,
    /// The id of the evaluator.
    pub evaluator: String,
    /// Its parameters, where they are not the defaults.
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The file of every table.
    pub annotations: BTreeMap<String, String>,
    /// The file of the submission.
    pub submission: String,
    /// The name in `expected.json`, and our name; `*` stands for all others, which are equal.
    pub metrics: BTreeMap<String, String>,
}

impl Case {
    /// All cases of `golden.toml`.
    pub fn all() -> Vec<Self> {
        #[derive(serde::Deserialize)]
        struct File {
            case: Vec<Case>,
        }
        toml::from_str::<File>(include_str!("../golden.toml")).unwrap().case
    }

    /// Our name of a golden metric, if the case maps it.
    fn our_name(&self, golden: &str) -> Option<String> {
        let by_name = self.metrics.get(golden).cloned();
        by_name.or_else(|| self.metrics.contains_key("*").then(|| golden.to_owned()))
    }
}

/// What strict mode makes of a case in which the public code is not followed to the letter.
#[derive(Debug, Clone, Copy)]
pub enum Strict {
    /// It is refused with this code among the faults.
    Refused(&'static str),
    /// This metric has this value.
    Scored(&'static str, f64),
    /// This metric is undefined.
    Undefined(&'static str),
}

/// A walk over the golden cases of a family.
#[must_use = "nothing is compared before `agrees_with_at_least`"]
pub struct Walk {
    evaluators: Vec<Box<dyn Evaluator>>,
    folders: Vec<&'static str>,
    strict: Vec<(&'static str, &'static str, Strict)>,
    crashes: Vec<(&'static str, &'static str)>,
    decimals: Vec<(&'static str, usize)>,
    undefined: Option<f64>,
    problems: Vec<String>,
    compared: usize,
}

impl Walk {
    /// A walk with the evaluators of a family.
    pub fn of(evaluators: Vec<Box<dyn Evaluator>>) -> Self {
        Self {
            evaluators,
            folders: Vec::new(),
            strict: Vec::new(),
            crashes: Vec::new(),
            decimals: Vec::new(),
            undefined: None,
            problems: Vec::new(),
            compared: 0,
        }
    }

    /// A folder of cases that the family answers for.
    pub fn folder(mut self, folder: &'static str) -> Self {
        self.folders.push(folder);
        self
    }

    /// What strict mode makes of a case, where that is not what `expected.json` says.
    pub fn strict(mut self, folder: &'static str, case: &'static str, verdict: Strict) -> Self {
        self.strict.push((folder, case, verdict));
        self
    }

    /// A case in which reference mode has nothing to agree with: the public code takes what is not JSON, or crashes.
    ///
    /// Cases without expected values, and those with `nan-` or `inf-` in their names, need not be told.
    pub fn no_reference(mut self, folder: &'static str, case: &'static str) -> Self {
        self.crashes.push((folder, case));
        self
    }

    /// The values of a folder are printed with so many decimals; ours are compared when they are rounded alike.
    pub fn printed_with(mut self, folder: &'static str, decimals: usize) -> Self {
        self.decimals.push((folder, decimals));
        self
    }

    /// The value by which the public code says that a metric is undefined (-1 in COCO).
    pub fn undefined_is(mut self, value: f64) -> Self {
        self.undefined = Some(value);
        self
    }

    /// Walks; fails on every difference, on what is not mapped, and if fewer values were compared.
    ///
    /// Where the shared data is absent that is said aloud, and nothing is compared.
    pub fn agrees_with_at_least(mut self, values: usize) {
        let Some(golden) = shared("golden") else {
            return;
        };
        let cases = Case::all();
        for folder in self.folders.clone() {
            let of_folder: Vec<&Case> = cases.iter().filter(|case| case.golden == folder).collect();
            if of_folder.is_empty() {
                self.problems.push(format!("{folder} has no [[case]] in golden.toml"));
                continue;
            }
            for path in subfolders(&golden.join(folder)) {
                // Of the full size only the expected values are kept: a generator makes the files.
                if path.join(&of_folder[0].submission).exists() {
                    self.check_folder(folder, &path, &of_folder);
                }
            }
        }
        for (folder, case, _) in &self.strict {
            if !golden.join(folder).join(case).is_dir() {
                self.problems.push(format!("a verdict for {folder}/{case}, which does not exist"));
            }
        }
        let problems = &self.problems;
        assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
        assert!(self.compared >= values, "only {} values were compared", self.compared);
    }

    fn check_folder(&mut self, folder: &str, path: &Path, cases: &[&Case]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut expected = Expected::read(&path.join("expected.json"));
        for value in expected.0.values_mut() {
            *value = value.filter(|value| Some(*value) != self.undefined);
        }
        let tolerance =
            if folder.starts_with("general/") && !name.starts_with("full") { 1e-12 } else { 1e-9 };
        let unmapped: BTreeSet<&String> = expected
            .0
            .keys()
            .filter(|metric| !cases.iter().any(|case| case.our_name(metric).is_some()))
            .collect();
        if !unmapped.is_empty() {
            self.problems.push(format!("{folder}/{name}: not mapped: {unmapped:?}"));
        }
        for case in cases {
            for mode in [Mode::Strict, Mode::Reference] {
                let outcome = run(&self.evaluators, case, path, &path.join(&case.submission), mode);
                let printed =
                    self.decimals.iter().find(|(of, _)| *of == folder).map(|(_, decimals)| *decimals);
                let outcome = printed.map_or_else(|| outcome.clone(), |decimals| outcome.rounded(decimals));
                let place = format!("{folder}/{name} ({}, {})", case.evaluator, mode.name());
                let verdicts: Vec<Strict> = self.verdicts(folder, &name).collect();
                if mode == Mode::Strict && !verdicts.is_empty() {
                    for verdict in verdicts {
                        self.check_verdict(&place, verdict, &outcome, tolerance);
                    }
                } else if mode == Mode::Reference && self.has_no_reference(folder, &name, &expected) {
                    // No mode takes what is not JSON, and where the public code crashes there is nothing to agree with.
                } else {
                    self.compared +=
                        compare(&place, case, &expected, &outcome, tolerance, &mut self.problems);
                }
            }
        }
        self.check_bad(&format!("{folder}/{name}"), path, cases[0]);
    }

    fn verdicts(&self, folder: &str, name: &str) -> impl Iterator<Item = Strict> {
        let of_case = self.strict.iter().filter(move |(of, case, _)| *of == folder && *case == name);
        of_case.map(|(_, _, verdict)| *verdict)
    }

    fn has_no_reference(&self, folder: &str, name: &str, expected: &Expected) -> bool {
        let told = self.crashes.iter().any(|(of, case)| *of == folder && *case == name);
        told || expected.0.is_empty() || name.contains("nan-") || name.contains("inf-")
    }

    fn check_verdict(&mut self, place: &str, verdict: Strict, outcome: &Outcome, tolerance: f64) {
        self.compared += 1;
        let (holds, wanted) = match verdict {
            Strict::Refused(code) => (outcome.codes().contains(&code), format!("a refusal with {code}")),
            Strict::Scored(metric, value) => (
                outcome.score(metric).is_some_and(|score| close(score, Some(value), tolerance)),
                format!("{metric} = {value}"),
            ),
            Strict::Undefined(metric) => {
                (outcome.score(metric) == Some(None), format!("{metric} is undefined"))
            }
        };
        if !holds {
            self.problems.push(format!("{place}: wanted {wanted}: {outcome:?}"));
        }
    }

    /// Every file of `bad/` must be refused with its code.
    fn check_bad(&mut self, place: &str, path: &Path, case: &Case) {
        let bad = path.join("bad");
        if !bad.is_dir() {
            return;
        }
        let text = std::fs::read_to_string(bad.join("expected.json")).unwrap();
        let expected: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        for (file, verdict) in &expected {
            let outcome = run(&self.evaluators, case, path, &bad.join(file), Mode::Strict);
            let code = verdict["code"].as_str().unwrap();
            self.compared += 1;
            if !outcome.codes().contains(&code) {
                self.problems.push(format!("{place}/bad/{file}: must be refused with {code}: {outcome:?}"));
            }
        }
    }
}

/// Evaluates a folder of real data in strict mode as a case of the evaluator says, and compares with its `expected.json`.
///
/// Fails if fewer values were compared; where the folder is absent that is said aloud, and nothing is compared.
pub fn real(evaluators: &[Box<dyn Evaluator>], case: &Case, name: &str, tolerance: f64, values: usize) {
    let Some(folder) = shared(&format!("data/real/{name}")) else {
        return;
    };
    let outcome = run(evaluators, case, &folder, &folder.join(&case.submission), Mode::Strict);
    let expected = Expected::read(&folder.join("expected.json"));
    let mut problems = Vec::new();
    let compared = compare(name, case, &expected, &outcome, tolerance, &mut problems);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(compared >= values, "{name}: only {compared} values were compared");
}

/// The first case of `golden.toml` for a golden folder.
pub fn case_of(golden: &str) -> Case {
    let found = Case::all().into_iter().find(|case| case.golden == golden);
    found.unwrap_or_else(|| panic!("golden.toml has no case for {golden}"))
}

/// Expected values by golden name; nothing for what is undefined.
#[derive(Debug)]
pub struct Expected(pub BTreeMap<String, Option<f64>>);

impl Expected {
    /// Reads an `expected.json`: the values of the public code, with stable orders where they are given.
    ///
    /// Names that begin with `_` are diagnostics.
    pub fn read(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let metrics =
            [&file["metrics_stable_sort"], &file["metrics"]].into_iter().find_map(|one| one.as_object());
        let of = |(name, value): (&String, &serde_json::Value)| (name.clone(), value.as_f64());
        let metrics = metrics.into_iter().flatten().filter(|(name, _)| !name.starts_with('_'));
        Self(metrics.map(of).collect())
    }
}

/// What became of a run.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The values by metric; nothing for what is undefined.
    Scored(BTreeMap<String, Option<f64>>),
    /// The submission is refused.
    Refused(Faults),
    /// The annotations are refused, or the evaluator failed.
    Failed(String),
}

impl Outcome {
    fn score(&self, metric: &str) -> Option<Option<f64>> {
        match self {
            Self::Scored(scores) => scores.get(metric).copied(),
            Self::Refused(_) | Self::Failed(_) => None,
        }
    }

    /// The values as they are printed with so many decimals.
    fn rounded(&self, decimals: usize) -> Self {
        let Self::Scored(scores) = self else { return self.clone() };
        let printed = |value: f64| format!("{value:.decimals$}").parse().unwrap();
        let rounded = scores.iter().map(|(name, value)| (name.clone(), value.map(printed)));
        Self::Scored(rounded.collect())
    }

    fn codes(&self) -> Vec<&'static str> {
        match self {
            Self::Refused(faults) => faults.faults.iter().map(|fault| fault.code.name()).collect(),
            Self::Scored(_) | Self::Failed(_) => Vec::new(),
        }
    }
}

/// Evaluates a submission against the annotations of a folder.
pub fn run(
    evaluators: &[Box<dyn Evaluator>],
    case: &Case,
    folder: &Path,
    submission: &Path,
    mode: Mode,
) -> Outcome {
    let Some(evaluator) = evaluators.iter().find(|one| one.manifest().id == case.evaluator) else {
        return Outcome::Failed(format!("no evaluator {:?}", case.evaluator));
    };
    let manifest = evaluator.manifest();
    let params = match Params::parse(&manifest.params, &case.params.clone().into()) {
        Ok(params) => params,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let mut inputs = Inputs::default();
    for (name, file) in &case.annotations {
        let format = manifest.annotations.iter().find(|format| format.name == *name);
        match sdk::files::read_input(&folder.join(file), format) {
            Ok(input) => inputs = inputs.with(name.clone(), input),
            Err(error) => return Outcome::Failed(error.to_string()),
        }
    }
    let prepared = match sdk::run::prepare(evaluator.as_ref(), &inputs, &params, mode) {
        Ok(prepared) => prepared,
        Err(PrepareError::Annotations(faults)) => return Outcome::Failed(faults.to_string()),
        Err(PrepareError::Panicked) => return Outcome::Failed("panicked".to_owned()),
    };
    let input = match sdk::files::read_input(submission, Some(&manifest.submission)) {
        Ok(input) => input,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    match sdk::run::evaluate(&*prepared, &input, &Limits::default()) {
        Ok(evidence) => {
            let scores = evidence.score_all();
            Outcome::Scored(scores.iter().map(|(name, score)| (name.to_owned(), score.value())).collect())
        }
        Err(EvaluateError::Submission(faults)) => Outcome::Refused(faults.0),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

fn compare(
    place: &str,
    case: &Case,
    expected: &Expected,
    outcome: &Outcome,
    tolerance: f64,
    problems: &mut Vec<String>,
) -> usize {
    let mut compared = 0;
    for (metric, value) in &expected.0 {
        let Some(ours) = case.our_name(metric) else {
            continue;
        };
        compared += 1;
        // What trec_eval prints has four decimals, and its golden name says so.
        let printed = if metric.ends_with("_4dp") { &outcome.rounded(4) } else { outcome };
        match printed.score(&ours) {
            Some(score) if close(score, *value, tolerance) => {}
            score => problems.push(format!("{place}: {metric} is {score:?}, not {value:?}: {outcome:?}")),
        }
    }
    compared
}

/// Whether two values agree; undefined agrees with undefined.
pub fn close(ours: Option<f64>, expected: Option<f64>, tolerance: f64) -> bool {
    match (ours, expected) {
        (Some(ours), Some(expected)) => (ours - expected).abs() <= tolerance * expected.abs().max(1e-300),
        (None, None) => true,
        _ => false,
    }
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut folders: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}
