//! `heldout rank`: ranks systems from their scores item by item, with the statistics that the server's leaderboards have.
//!
//! It reads plain tables, so that the authors of a paper can ask of their own results what a leaderboard would say of them:
//! how far a score may be from the truth, and which ranks each system may really have.

mod report;
mod table;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use ndarray::Array2;
use ranking::board::Standing;
use ranking::contributions::few_items_interval;
use ranking::description::{Described, describe};
use ranking::draws::Key;
use ranking::holm::holm;
use ranking::level::{Level, Replications};
use ranking::paired::Alternative;
use ranking::replicates::replicates;
use ranking::resampling::Resampling;
use ranking::schemes::Ties;
use ranking::schemes::ranks::ranks;
use ranking::sign_flip;
use sdk::evidence::Mean;
use sdk::{Evidence, Limits};

use crate::evaluate::{EXIT_FAILED, OutputFormat};
use report::{Entry, Next, Report};
use table::ScoreTable;

/// What `heldout rank` is told.
#[derive(Debug, Clone, Args)]
pub struct RankArgs {
    /// CSV tables with the columns `item` and `score`, and optionally `system` (else the file's name), `group` (items that
    /// are resampled together, such as the clips of a video) and `stratum`
    #[arg(value_name = "CSV", required = true)]
    pub files: Vec<PathBuf>,
    /// Less is better
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
    /// How the ranking is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

/// Ranks and prints; the result is the exit code.
pub fn run(args: &RankArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let printed = match rank(args) {
        Ok(report) => match args.format {
            OutputFormat::Text => report.write_text(out),
            OutputFormat::Json => report.write_json(out),
        }
        .map(|()| 0),
        Err(error) => writeln!(err, "error: {error:#}").map(|()| EXIT_FAILED),
    };
    // When nobody reads the output any more there is nobody to tell.
    printed.unwrap_or(EXIT_FAILED)
}

fn rank(args: &RankArgs) -> anyhow::Result<Report> {
    let level = level_of(args.level)?;
    let replications = Replications::new(args.replicates, level)?;
    let table = ScoreTable::read(&args.files)?;
    let units = Resampling::new(&vec![1.0; table.items.len()], &table.groups, table.strata.as_deref())?;

    let evidence = evidence_of(&table);
    let key = |purpose| Key::derive(purpose, &table.items_digest.to_string(), args.seed);
    let values: Vec<f64> =
        evidence.score_all().iter().map(|(_, score)| score.value().unwrap_or(f64::NAN)).collect();
    let replicates =
        replicates(&evidence, &units, key("heldout-rank-bootstrap"), replications, &Limits::default())?;
    let described: Vec<Described<'_>> = values
        .iter()
        .zip(&replicates)
        .enumerate()
        .map(|(system, (value, replicates))| Described {
            standing: Standing { value: *value, replicates: replicates.as_ref() },
            few_items: few_items_interval(&evidence, system, &units, level),
        })
        .collect();
    let higher_is_better = !args.lower_is_better;
    let descriptions = describe(&described, higher_is_better, level)?;
    let scores: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    let places = ranks(&scores, higher_is_better, Ties::Lowest);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|system| places[*system].map_or(usize::MAX, |rank| rank as usize));
    let nexts = compare_neighbours(&table, &units, &order, key("heldout-rank-signs"));

    let mut entries = Vec::with_capacity(order.len());
    for (system, next) in order.iter().copied().zip(nexts) {
        let found = &descriptions[system];
        entries.push(Entry {
            system: table.systems[system].clone(),
            score: values[system],
            standard_error: found.standard_error,
            interval: found.interval,
            rank: places[system].map_or(0, |rank| rank as usize),
            rank_set: found.rank_set,
            group: found.group,
            winner_share: replicates[system].as_ref().map(|_| found.winner_share),
            next,
        });
    }
    Ok(Report {
        items: table.items.len(),
        units: units.unit_count(),
        level: level.value(),
        replicates: replications.get(),
        seed: args.seed,
        higher_is_better,
        first_place: (0..values.len())
            .filter(|system| descriptions[*system].rank_set.best == 1)
            .map(|system| table.systems[system].clone())
            .collect(),
        entries,
    })
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

/// One mean per system, over the same items.
fn evidence_of(table: &ScoreTable) -> Evidence {
    let values = Array2::from_shape_fn((table.items.len(), table.systems.len()), |(item, system)| {
        table.scores[system][item]
    });
    let mut evidence = Evidence::new(table.items.len());
    let block = evidence.block(Mean::new(values));
    for (column, system) in table.systems.iter().enumerate() {
        evidence.metric(system, 1.0, block.output(column));
    }
    evidence
}

/// Every system against the one below it, by sign flips of the differences of units; the last has none.
fn compare_neighbours(
    table: &ScoreTable,
    units: &Resampling,
    order: &[usize],
    key: Key,
) -> Vec<Option<Next>> {
    let sums: Vec<Vec<f64>> = table.scores.iter().map(|scores| units.unit_sums(scores)).collect();
    let differences: Vec<Vec<f64>> = order
        .windows(2)
        .map(|pair| sums[pair[0]].iter().zip(&sums[pair[1]]).map(|(above, below)| above - below).collect())
        .collect();
    let tests = sign_flip::sign_flips(&differences, Alternative::TwoSided, key, sign_flip::PERMUTATIONS);
    let p: Vec<f64> = tests.iter().map(|test| test.p).collect();
    let next = |(p, p_holm)| Some(Next { p, p_holm });
    let adjusted = holm(&p);
    p.into_iter().zip(adjusted).map(next).chain([None]).collect()
}
