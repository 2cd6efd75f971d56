//! `heldout evaluate`: scores a submission on this machine, with no server and no database.
//!
//! The command runs the very evaluators that the server runs, so a contestant and an organizer see the same bits.

mod check;
mod files;
mod report;
mod save;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use registry::Registry;
use sdk::check::Checker;
use sdk::run::EvaluateError;
use sdk::{Evidence, Items, Limits, Metric, Mode, Params, Prepared, Scores, SubmissionFaults};

use check::Valid;
use files::NamedPath;
use report::{Block, Report};

/// The attribute of items that names their split.
pub(crate) const SPLIT: &str = "split";

/// The exit code of a submission that is refused.
pub const EXIT_INVALID: u8 = 2;
/// The exit code of everything else that goes wrong.
pub const EXIT_FAILED: u8 = 1;

/// What `heldout evaluate` is told.
#[derive(Debug, Clone, Args)]
pub struct EvaluateArgs {
    /// The id of the evaluator; `heldout evaluators` lists them
    pub evaluator: String,
    /// The held-out annotations: a file or a folder, once per table (the first is `main` unless it is named);
    /// with `--check` also the file that the task publishes without them
    #[arg(long, value_name = "[NAME=]PATH", required = true)]
    pub annotations: Vec<String>,
    /// The submission: a file or a folder
    #[arg(long, value_name = "PATH")]
    pub submission: PathBuf,
    /// Only says whether the submission is valid, and computes no scores
    #[arg(long, conflicts_with_all = ["items", "slices"])]
    pub check: bool,
    /// A parameter of the evaluator; lists are separated by commas
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
    /// A CSV table with the column `item`, and optionally `group`, `split` and attributes to slice by
    #[arg(long, value_name = "CSV")]
    pub items: Option<PathBuf>,
    /// Also score every value of this attribute of the items by itself
    #[arg(long = "slice", value_name = "ATTRIBUTE")]
    pub slices: Vec<String>,
    /// Also writes the evaluation to this file, for `heldout rank`; it says item by item what was right, and so has traces of
    /// the annotations and is as confidential as they are
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub save: Option<PathBuf>,
    /// Whose rules count where the public evaluation code is plainly wrong
    #[arg(long, value_enum, default_value_t = ModeChoice::Strict)]
    pub mode: ModeChoice,
    /// How the scores are printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

/// Whose rules count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModeChoice {
    /// What the specification of the task recommends
    Strict,
    /// What the public code does, bugs included
    Reference,
}

/// How a command prints its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// A table for a person
    Text,
    /// JSON for a program, with every digit
    Json,
}

/// What becomes of a submission that is right.
enum Outcome {
    Scored(Report),
    Valid(Valid),
}

/// How an evaluation ends other than well.
enum Ending {
    /// The contestant's file is wrong.
    Invalid(SubmissionFaults),
    /// Something else is.
    Failed(anyhow::Error),
}

impl From<EvaluateError> for Ending {
    fn from(error: EvaluateError) -> Self {
        match error {
            EvaluateError::Submission(faults) => Self::Invalid(faults),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<anyhow::Error> for Ending {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// Evaluates and prints; the result is the exit code.
pub fn run(args: &EvaluateArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let printed = match outcome(args) {
        Ok(Outcome::Scored(report)) => print(&report, args.format, out).map(|()| 0),
        Ok(Outcome::Valid(valid)) => valid.write(args.format, out).map(|()| 0),
        Err(Ending::Invalid(faults)) => {
            report::write_faults(&faults.0, args.format, out).map(|()| EXIT_INVALID)
        }
        Err(Ending::Failed(error)) => writeln!(err, "error: {error:#}").map(|()| EXIT_FAILED),
    };
    // When nobody reads the output any more there is nobody to tell.
    printed.unwrap_or(EXIT_FAILED)
}

fn print(report: &Report, format: OutputFormat, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        OutputFormat::Text => report.write_text(out),
        OutputFormat::Json => report.write_json(out),
    }
}

fn outcome(args: &EvaluateArgs) -> Result<Outcome, Ending> {
    let registry = Registry::built_in();
    let evaluator =
        registry.get(&args.evaluator).ok_or_else(|| unknown_evaluator(&registry, &args.evaluator))?;
    let manifest = evaluator.manifest();
    let mode = Mode::from(args.mode);
    let pairs = args.params.iter().map(|pair| name_and_value(pair)).collect::<Result<Vec<_>, _>>()?;
    let params = Params::from_pairs(&manifest.params, pairs).map_err(anyhow::Error::new)?;

    let paths = NamedPath::parse_all(&args.annotations)?;
    let annotations = files::read_tables(&paths, &manifest.annotations)?;
    let submission = || sdk::files::read_input(&args.submission, Some(&manifest.submission));
    if args.check {
        let checker = Checker::prepare(evaluator, annotations, &params, mode).map_err(anyhow::Error::new)?;
        let submission = submission().map_err(anyhow::Error::new)?;
        let checked = checker.check(&submission, &Limits::default())?;
        return Ok(Outcome::Valid(Valid::new(manifest, mode, checker.is_unannotated(), checked)));
    }
    let prepared = sdk::run::prepare(evaluator, &annotations, &params, mode).map_err(anyhow::Error::new)?;
    let digest = args.save.as_ref().map(|_| save::digest_of(&annotations));
    drop(annotations);
    let items = joined_items(prepared.as_ref(), args)?;

    let submission = submission().map_err(anyhow::Error::new)?;
    let evidence = sdk::run::evaluate(prepared.as_ref(), &submission, &Limits::default())?;
    drop(submission);

    let metrics = prepared.metrics();
    let report = Report {
        evaluator: manifest.id.clone(),
        version: manifest.version.clone(),
        mode: mode.name(),
        all: block(&evidence.score(items.all().view()), metrics, items.len()),
        splits: blocks_by_value(&evidence, metrics, &items, SPLIT),
        slices: slices(&evidence, metrics, &items, &args.slices)?,
        metrics: metrics.to_vec(),
        notes: evidence.notes().to_vec(),
    };
    if let Some((path, digest)) = args.save.as_ref().zip(digest) {
        let origin = save::origin(manifest, mode, &params, digest)?;
        save::save(path, origin, metrics, items.into_owned(), evidence)?;
    }
    Ok(Outcome::Scored(report))
}

fn unknown_evaluator(registry: &Registry, id: &str) -> anyhow::Error {
    let known: Vec<&str> = registry.iter().map(|evaluator| evaluator.manifest().id.as_str()).collect();
    anyhow::anyhow!("there is no evaluator {id:?}; there are {}", known.join(", "))
}

fn name_and_value(pair: &str) -> anyhow::Result<(&str, &str)> {
    pair.split_once('=').ok_or_else(|| anyhow::anyhow!("--param {pair:?} is not NAME=VALUE"))
}

/// The items, with the groups and attributes of the items table if there is one.
fn joined_items<'p>(prepared: &'p dyn Prepared, args: &EvaluateArgs) -> anyhow::Result<Cow<'p, Items>> {
    let Some(path) = &args.items else { return Ok(Cow::Borrowed(prepared.items())) };
    let mut items = prepared.items().clone();
    let bytes = files::read_bytes(path)?;
    items
        .join_csv(&bytes, &Limits::default())
        .map_err(|faults| anyhow::anyhow!("the items table {} is refused\n{faults}", path.display()))?;
    Ok(Cow::Owned(items))
}

fn slices(
    evidence: &Evidence,
    metrics: &[Metric],
    items: &Items,
    attributes: &[String],
) -> anyhow::Result<BTreeMap<String, Vec<(String, Block)>>> {
    let mut slices = BTreeMap::new();
    for name in attributes {
        if items.attribute(name).is_none() {
            let known: Vec<&str> =
                items.attributes().iter().map(|attribute| attribute.name.as_str()).collect();
            anyhow::bail!("the items have no attribute {name:?}; they have {known:?}");
        }
        slices.insert(name.clone(), blocks_by_value(evidence, metrics, items, name));
    }
    Ok(slices)
}

/// The scores of every value of an attribute, in the order of the values; nothing without the attribute.
fn blocks_by_value(
    evidence: &Evidence,
    metrics: &[Metric],
    items: &Items,
    attribute: &str,
) -> Vec<(String, Block)> {
    let mut values = items.attribute(attribute).map(|found| found.values.clone()).unwrap_or_default();
    values.sort();
    let masked = |value: String| {
        let mask = items.mask(attribute, &value)?;
        let count = mask.iter().filter(|weight| **weight > 0.0).count();
        Some((value, block(&evidence.score(mask.view()), metrics, count)))
    };
    values.into_iter().filter_map(masked).collect()
}

fn block(scores: &Scores<'_>, metrics: &[Metric], items: usize) -> Block {
    Block { items, scores: metrics.iter().filter_map(|metric| scores.get(&metric.name)).collect() }
}

impl From<ModeChoice> for Mode {
    fn from(choice: ModeChoice) -> Self {
        match choice {
            ModeChoice::Strict => Self::Strict,
            ModeChoice::Reference => Self::Reference,
        }
    }
}

impl From<OutputFormat> for client::Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Text => Self::Text,
            OutputFormat::Json => Self::Json,
        }
    }
}
