//! `heldout rank`: ranks systems with the statistics that the server's leaderboards have.
//!
//! It reads plain tables of scores item by item, or the evaluations that `heldout evaluate --save` wrote, so that the authors of
//! a paper can ask of their own results what a leaderboard would say of them:
//! how far a score may be from the truth, and which ranks each system may really have.

mod contest;
mod evaluations;
mod report;
mod schemes;
mod statistics;
mod table;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ranking::level::{Level, Replications};
use ranking::slices::Condition;
use serde::Serialize;

use crate::evaluate::{EXIT_FAILED, OutputFormat, SPLIT};
use contest::{Contest, ContestMetric};
use report::{Combined, Report};
pub use schemes::Scheme;
use statistics::Method;

/// What `heldout rank` is told.
#[derive(Debug, Clone, Args)]
pub struct RankArgs {
    /// Evaluations that `heldout evaluate --save` wrote, one per system; or CSV tables with the columns `item` and `score`, and
    /// optionally `system` (else the file's name), `group` (items that are resampled together, such as the clips of a video)
    /// and `stratum`
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The metric that ranks; the evaluator's first when left out. Several with --method, all when left out there
    #[arg(long = "metric", value_name = "NAME")]
    pub metrics: Vec<String>,
    /// One order from several metrics, or from the items or tests of one, in place of one metric's order
    #[arg(long, value_enum)]
    pub method: Option<Scheme>,
    /// Only the items of this split: those whose attribute `split` has this value
    #[arg(long, value_name = "NAME")]
    pub split: Option<String>,
    /// Only the items whose attribute has this value; of several, all must hold
    #[arg(long = "where", value_name = "ATTRIBUTE=VALUE")]
    pub conditions: Vec<String>,
    /// Less is better; evaluations know by themselves
    #[arg(long)]
    pub lower_is_better: bool,
    /// The share of errors that is accepted
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub level: f64,
    /// How many bootstrap replicates are drawn; 999, 1999 and 9999 fit the usual levels
    #[arg(long, value_name = "COUNT", default_value_t = 9_999)]
    pub replicates: u32,
    /// What the draws begin with; the same seed and items give the same draws
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub seed: u64,
    /// Between what the intervals lie
    #[arg(long, value_enum, default_value_t = IntervalKind::Percentile)]
    pub interval: IntervalKind,
    /// How the ranking is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

/// How intervals are taken from replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalKind {
    /// Between two replicates; Wilson's where few items are right or wrong
    Percentile,
    /// Corrected for bias and accelerated; takes a time that grows with the square of the items
    Bca,
}

/// Ranks and prints; the result is the exit code.
pub fn run(args: &RankArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let printed = match rank(args) {
        Ok(Ranking::ByMetric(report)) => match args.format {
            OutputFormat::Text => report.write_text(out),
            OutputFormat::Json => report.write_json(out),
        }
        .map(|()| 0),
        Ok(Ranking::Combined(combined)) => match args.format {
            OutputFormat::Text => combined.write_text(out),
            OutputFormat::Json => combined.write_json(out),
        }
        .map(|()| 0),
        Err(error) => writeln!(err, "error: {error:#}").map(|()| EXIT_FAILED),
    };
    // When nobody reads the output any more there is nobody to tell.
    printed.unwrap_or(EXIT_FAILED)
}

/// What is printed.
enum Ranking {
    ByMetric(Report),
    Combined(Combined),
}

fn rank(args: &RankArgs) -> anyhow::Result<Ranking> {
    let level = level_of(args.level)?;
    let method = Method {
        level,
        replications: Replications::new(args.replicates, level)?,
        seed: args.seed,
        interval: args.interval,
        conditions: conditions(args)?,
    };
    let contest = contest(args)?;
    let named: Vec<&ContestMetric> =
        args.metrics.iter().map(|name| contest.metric(Some(name))).collect::<Result<_, _>>()?;
    let Some(scheme) = args.method else {
        let metric = match named.as_slice() {
            [] => contest.metric(None)?,
            [only] => only,
            _ => anyhow::bail!("several metrics make one order by a --method"),
        };
        return statistics::rank_by(&contest, metric, &method).map(Ranking::ByMetric);
    };
    let metrics = if named.is_empty() { contest.metrics.iter().collect() } else { named };
    schemes::combine(&contest, &metrics, scheme, &method).map(Ranking::Combined)
}

/// What the files hold, all of which are of one kind.
fn contest(args: &RankArgs) -> anyhow::Result<Contest> {
    let mut saved = 0;
    for path in &args.files {
        saved += usize::from(evaluations::is_saved(path)?);
    }
    if saved == 0 {
        return table::read(&args.files, args.lower_is_better);
    }
    if saved < args.files.len() {
        anyhow::bail!("some files are saved evaluations and some are tables; rank either by themselves");
    }
    if args.lower_is_better {
        anyhow::bail!(
            "--lower-is-better is for tables; the metrics of evaluations say which value is better"
        );
    }
    evaluations::read(&args.files)
}

fn conditions(args: &RankArgs) -> anyhow::Result<Vec<Condition>> {
    let split = args.split.iter().map(|name| Condition { attribute: SPLIT.to_owned(), value: name.clone() });
    let mut conditions: Vec<Condition> = split.collect();
    for text in &args.conditions {
        let condition = Condition::parse(text, '=');
        conditions.push(condition.ok_or_else(|| anyhow::anyhow!("--where {text:?} is not ATTRIBUTE=VALUE"))?);
    }
    Ok(conditions)
}

/// The level in ten-thousandths; what lies between two of them is refused.
fn level_of(share: f64) -> anyhow::Result<Level> {
    let ten_thousandths = share * 10_000.0;
    let whole = ten_thousandths.round();
    // A NaN fails every comparison.
    if !((ten_thousandths - whole).abs() < 1e-6 && (1.0..10_000.0).contains(&whole)) {
        anyhow::bail!("--level must be between 0.0001 and 0.9999, with at most four decimals");
    }
    Ok(Level::from_ten_thousandths(whole as u16)?)
}
