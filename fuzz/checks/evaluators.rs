//! The built-in evaluators: submissions against a small truth, and the truth itself.

use heldout_registry::Registry;
use sdk::{Evaluator, Evidence, Faults, File, Input, Inputs, Limits, Mode, Params, Prepared, Score};

use super::truths::Truth;
use super::{evidence, faults, items, truths};

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Upload {
    /// A contestant's file.
    Submission,
    /// A table of the organizer's.
    Annotations(String),
}

/// An evaluator with the small truths that it knows, and a file that arrives.
pub(crate) struct Target {
    registry: Registry,
    evaluator: String,
    pub(crate) upload: Upload,
    twins: Vec<Twins>,
}

/// Two truths that look the same from outside: the same items and classes, other labels and times.
///
/// Whatever is said of a submission must be the same for both.
struct Twins {
    truth: &'static Truth,
    mode: Mode,
    prepared: [Box<dyn Prepared>; 2],
}

impl Target {
    /// Every file that any built-in evaluator reads.
    pub(crate) fn all() -> Vec<Self> {
        let mut targets = Vec::new();
        for evaluator in Registry::built_in().iter() {
            let manifest = evaluator.manifest();
            targets.push(Self::new(&manifest.id, Upload::Submission));
            for table in &manifest.annotations {
                targets.push(Self::new(&manifest.id, Upload::Annotations(table.name.clone())));
            }
        }
        targets
    }

    fn new(id: &str, upload: Upload) -> Self {
        let registry = Registry::built_in();
        let evaluator = registry.get(id).expect("the evaluator is built in");
        let twins: Vec<Twins> = truths::all()
            .filter(|truth| truth.evaluators.contains(&id))
            .flat_map(|truth| [Mode::Strict, Mode::Reference].map(|mode| Twins::new(evaluator, truth, mode)))
            .collect();
        assert!(!twins.is_empty(), "checks/truths/ has no truth for {id}");
        Self { evaluator: id.to_owned(), upload, twins, registry }
    }

    /// The name of the target, and of the folder of its corpus.
    pub(crate) fn name(&self) -> String {
        match &self.upload {
            Upload::Submission => format!("{}-submission", self.evaluator),
            Upload::Annotations(table) => format!("{}-annotations-{table}", self.evaluator),
        }
    }

    /// Lets arbitrary bytes arrive, and tells whether they were ever accepted.
    pub(crate) fn check(&self, bytes: &[u8]) -> bool {
        let evaluator = self.registry.get(&self.evaluator).expect("the evaluator is built in");
        let mut accepted = false;
        for twins in &self.twins {
            for name in names(evaluator, &self.upload) {
                let file = Input::file(name, bytes);
                accepted |= match &self.upload {
                    Upload::Submission => twins.judge(&file, bytes),
                    Upload::Annotations(table) => twins.replace(evaluator, table, file),
                };
            }
        }
        accepted
    }
}

/// The file names that change how a file is read.
fn names(evaluator: &dyn Evaluator, upload: &Upload) -> &'static [&'static str] {
    let manifest = evaluator.manifest();
    let format = match upload {
        Upload::Submission => Some(&manifest.submission),
        Upload::Annotations(table) => manifest.annotations.iter().find(|format| format.name == *table),
    };
    match format.is_some_and(|format| format.media_type == "text/csv") {
        true => &["file", "file.csv", "file.jsonl", "file.json"],
        false => &["file"],
    }
}

impl Twins {
    fn new(evaluator: &dyn Evaluator, truth: &'static Truth, mode: Mode) -> Self {
        let params = truth.params(evaluator);
        let prepared = [truth.main, truth.twin].map(|main| {
            let annotations = truth.annotations(evaluator, main);
            evaluator.prepare(&annotations, &params, mode).expect("the small truth is right")
        });
        Self { truth, mode, prepared }
    }

    /// Judges a submission by both truths, and tells whether it is accepted.
    fn judge(&self, file: &Input<'_>, bytes: &[u8]) -> bool {
        let [one, other] = &self.prepared;
        match (judge(one.as_ref(), file, self.mode), judge(other.as_ref(), file, self.mode)) {
            (Ok(one), Ok(other)) => {
                assert_eq!(one.notes(), other.notes(), "the notes depend on what is held out");
                true
            }
            (Err(one), Err(other)) => {
                assert_eq!(one, other, "the faults depend on what is held out");
                self.keeps_silent(&one, bytes);
                false
            }
            (one, other) => panic!(
                "whether a submission is refused depends on what is held out: {:?} and {:?}",
                one.err(),
                other.err()
            ),
        }
    }

    /// Checks that no canary sings, unless the submission has named it itself.
    fn keeps_silent(&self, faults: &Faults, bytes: &[u8]) {
        let Some(canary) = self.truth.canary else { return };
        let sent = String::from_utf8_lossy(bytes);
        if !sent.contains(canary) && !sent.contains("\\u") {
            let told = serde_json::to_string(faults).expect("faults can be written");
            assert!(!told.contains(canary), "a fault says what is held out: {faults}");
        }
    }

    /// Prepares the truth with one of its tables replaced; if it is accepted, the documentation's submission is judged.
    fn replace(&self, evaluator: &dyn Evaluator, table: &str, file: Input<'_>) -> bool {
        let annotations = self.truth.annotations(evaluator, self.truth.main).with(table.to_owned(), file);
        match evaluator.prepare(&annotations, &self.truth.params(evaluator), self.mode) {
            Ok(prepared) => {
                items::sound(prepared.items());
                let example = evaluator.manifest().submission.example.as_bytes();
                _ = judge(prepared.as_ref(), &Input::file("file", example), self.mode);
                true
            }
            Err(refused) => {
                faults::check(&refused.0);
                false
            }
        }
    }
}

/// Judges a submission, and the judgement.
fn judge(prepared: &dyn Prepared, file: &Input<'_>, mode: Mode) -> Result<Evidence, Faults> {
    let judged = prepared.evaluate(file, &Limits::default()).map_err(|refused| refused.0);
    match &judged {
        Ok(found) => {
            assert_eq!(found.items(), prepared.items().len());
            evidence::sound(found);
            let scores = found.score_all();
            for metric in prepared.metrics() {
                let score = scores.get(&metric.name).expect("every metric has a score");
                if let (Score::Value(value), Mode::Strict) = (score, mode) {
                    let within = metric.minimum.is_none_or(|minimum| value >= minimum - 1e-9)
                        && metric.maximum.is_none_or(|maximum| value <= maximum + 1e-9);
                    assert!(within, "{} is {value}, outside of its range", metric.name);
                }
            }
        }
        Err(refused) => faults::check(refused),
    }
    judged
}

impl Truth {
    fn params(&self, evaluator: &dyn Evaluator) -> Params {
        Params::from_pairs(&evaluator.manifest().params, self.params.iter().copied())
            .expect("the parameters are right")
    }

    /// The main table, and those that must be there besides: they are the documentation's.
    fn annotations(&self, evaluator: &dyn Evaluator, main: &'static str) -> Inputs<'static> {
        let tables = evaluator.manifest().annotations.iter().skip(1).filter(|format| !format.optional);
        tables.fold(Inputs::main_only(Input::file("main", main.as_bytes())), |inputs, format| {
            let (name, bytes) = (format.name.clone(), format.example.clone().into_bytes());
            inputs.with(name.clone(), Input::File(File { name: name.into(), bytes: bytes.into() }))
        })
    }
}
