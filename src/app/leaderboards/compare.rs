//! Two entries of a board beside each other: by how much one is better, and whether that could be chance.

use domain::{Actor, Invalid, SubmissionId, Timestamp};
use ranking::interval::Interval;
use ranking::paired::{self, Difference};
use ranking::release::rounded;
use ranking::replicates::Replicates;
use storage::Conn;
use storage::uncertainty;

use super::read::{Board, BoardRow, ReadBoard, board};
use super::release::Shown;
use super::statistics::{LEVEL, replicates_of};
use crate::App;
use crate::failure::{Failure, Outcome};

/// Which entries are compared.
#[derive(Debug, Clone)]
pub struct CompareEntries {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// The submission that stands for one team.
    pub first: SubmissionId,
    /// The submission that stands for another.
    pub second: SubmissionId,
}

/// Two entries of a board by the metric that ranks.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The board.
    pub board: Board,
    /// One entry.
    pub first: BoardRow,
    /// The other.
    pub second: BoardRow,
    /// The value of the first less that of the second; nothing where one of them is undefined.
    pub difference: Option<f64>,
    /// What the difference is uncertain by; nothing as long as it is not estimated for both on the same items.
    pub estimate: Option<Estimate>,
}

/// What a difference is uncertain by.
#[derive(Debug, Clone, Copy)]
pub struct Estimate {
    /// The difference with its interval, and how probable one as large would be by chance.
    pub difference: Difference,
    /// How many replicates it comes of.
    pub replicates: usize,
    /// The share of errors that the interval accepts.
    pub level: f64,
}

/// Compares two entries of a leaderboard that the actor may see.
pub async fn compare_entries(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: CompareEntries,
) -> Outcome<Comparison> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db.read(move |conn| compare(conn, &actor, &challenge, &phase, &asked, now)).await
}

fn compare(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: &CompareEntries,
    now: Timestamp,
) -> Outcome<Comparison> {
    let seen = ReadBoard { split: asked.split.clone(), ..ReadBoard::default() };
    let board = board(conn, actor, challenge, phase, &seen, now)?;
    let row = |name: &str, id: SubmissionId| {
        let found = board.rows.iter().find(|row| row.entry.submission == id).cloned();
        found.ok_or_else(|| {
            Failure::from(Invalid::new(name, "must be a submission that stands on this board"))
        })
    };
    let (first, second) = (row("first", asked.first)?, row("second", asked.second)?);
    let value = |row: &BoardRow| row.scores.first().copied().flatten();
    let values = value(&first).zip(value(&second));
    let estimate = match values {
        Some(values) => estimate(conn, &board, (&first, values.0), (&second, values.1))?,
        None => None,
    };
    Ok(Comparison {
        difference: values.map(|(first, second)| first - second),
        board,
        first,
        second,
        estimate,
    })
}

fn estimate(
    conn: &mut Conn<'_>,
    board: &Board,
    first: (&BoardRow, f64),
    second: (&BoardRow, f64),
) -> Outcome<Option<Estimate>> {
    // The draws of other annotations are of other items.
    if first.0.entry.annotations != second.0.entry.annotations {
        return Ok(None);
    }
    let Some(metric) = board.metrics.first() else { return Ok(None) };
    let mut of = |row: &BoardRow| -> Outcome<Option<Replicates>> {
        let found = uncertainty::on_split(conn, board.split.id, &metric.name, &[row.entry.evaluation])?;
        found.first().map_or(Ok(None), replicates_of)
    };
    let (Some(of_first), Some(of_second)) = (of(first.0)?, of(second.0)?) else { return Ok(None) };
    let difference = paired::difference((first.1, &of_first), (second.1, &of_second), LEVEL);
    Ok(Some(Estimate {
        difference: no_finer(difference.map_err(Failure::internal)?, board.shown),
        replicates: of_first.len(),
        level: LEVEL.value(),
    }))
}

/// A difference with no more digits than its reader is shown of scores.
fn no_finer(difference: Difference, shown: Shown) -> Difference {
    let Shown::Rounded(decimals) = shown else { return difference };
    let round = |interval: Interval| Interval {
        lower: rounded(interval.lower, decimals),
        upper: rounded(interval.upper, decimals),
    };
    Difference {
        value: rounded(difference.value, decimals),
        interval: difference.interval.map(round),
        ..difference
    }
}
