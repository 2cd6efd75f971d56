//! Two boards of a phase beside each other: what moved between two versions of the annotations or two moments, and why.

use std::collections::BTreeMap;

use domain::{Actor, Invalid, TeamId, TeamName, Timestamp};

use super::read::{Board, BoardRow, ReadBoard, board};
use crate::App;
use crate::failure::Outcome;

/// Which two boards.
#[derive(Debug, Clone, Default)]
pub struct ReadMovement {
    /// The split's codename; absent for the deciding one.
    pub split: Option<String>,
    /// The board before.
    pub before: Side,
    /// The board after.
    pub after: Side,
}

/// One of the two boards; the present one where neither is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// A version of the annotations.
    pub annotations: Option<i32>,
    /// A moment in the past.
    pub as_of: Option<Timestamp>,
}

/// What moved.
#[derive(Debug, Clone)]
pub struct Movement {
    /// The board before.
    pub before: Board,
    /// The board after.
    pub after: Board,
    /// Every team of either, in the order of the board after; those that left it at the end.
    pub teams: Vec<Moved>,
}

/// One team on both boards.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: TeamName,
    /// What stood for it before.
    pub before: Option<BoardRow>,
    /// What stands for it after.
    pub after: Option<BoardRow>,
    /// How many ranks it rose; below 0 where it fell.
    pub rose: Option<i64>,
    /// By how much the score that ranks changed.
    pub change: Option<f64>,
    /// Why, as far as the boards themselves say.
    pub because: Vec<Reason>,
}

/// Why a row is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It was not there before.
    Entered,
    /// It is not there any more: withdrawn, made private, or not scored on this version.
    Left,
    /// Another submission stands for the team.
    AnotherSubmission,
    /// The same submission was scored on other annotations.
    OtherAnnotations,
    /// The same submission was scored by another version of the evaluator.
    OtherEvaluator,
    /// The same submission was scored in another mode of the evaluator.
    OtherMode,
    /// The same submission was evaluated again under the same conditions.
    EvaluatedAgain,
    /// Its own score is the same; others rose above it or fell below.
    OthersMoved,
}

impl Reason {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::AnotherSubmission => "another_submission",
            Self::OtherAnnotations => "other_annotations",
            Self::OtherEvaluator => "other_evaluator",
            Self::OtherMode => "other_mode",
            Self::EvaluatedAgain => "evaluated_again",
            Self::OthersMoved => "others_moved",
        }
    }
}

/// Puts two boards that the actor may see beside each other.
pub async fn read_movement(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ReadMovement,
) -> Outcome<Movement> {
    if asked.before == asked.after {
        let rule = "must name two boards: from_annotations and to_annotations, or since";
        return Err(Invalid::new("query", rule).into());
    }
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let mut of = |side: Side| {
                let Side { annotations, as_of } = side;
                let seen = ReadBoard { split: asked.split.clone(), annotations, as_of, class: None };
                board(conn, &actor, &challenge, &phase, &seen, now)
            };
            let (before, after) = (of(asked.before)?, of(asked.after)?);
            let teams = compare(&before.rows, &after.rows);
            Ok(Movement { before, after, teams })
        })
        .await
}

fn compare(before: &[BoardRow], after: &[BoardRow]) -> Vec<Moved> {
    let mut earlier: BTreeMap<TeamId, &BoardRow> = before.iter().map(|row| (row.entry.team, row)).collect();
    let mut moved: Vec<Moved> =
        after.iter().map(|row| beside(earlier.remove(&row.entry.team), Some(row), row)).collect();
    let left = before.iter().filter(|row| earlier.contains_key(&row.entry.team));
    moved.extend(left.map(|row| beside(Some(row), None, row)));
    moved
}

fn beside(before: Option<&BoardRow>, after: Option<&BoardRow>, named: &BoardRow) -> Moved {
    let rank =
        |row: Option<&BoardRow>| row.and_then(|row| row.rank).and_then(|rank| i64::try_from(rank).ok());
    let score = |row: Option<&BoardRow>| row.and_then(|row| row.scores.first().copied().flatten());
    let rose = rank(before).zip(rank(after)).map(|(before, after)| before - after);
    let change = score(before).zip(score(after)).map(|(before, after)| after - before);
    let mut because = reasons(before, after);
    if because.is_empty() && rose.is_some_and(|rose| rose != 0) {
        because.push(Reason::OthersMoved);
    }
    Moved {
        team: named.entry.team,
        name: named.entry.team_name.clone(),
        before: before.cloned(),
        after: after.cloned(),
        rose,
        change,
        because,
    }
}

fn reasons(before: Option<&BoardRow>, after: Option<&BoardRow>) -> Vec<Reason> {
    let (before, after) = match (before, after) {
        (None, _) => return vec![Reason::Entered],
        (_, None) => return vec![Reason::Left],
        (Some(before), Some(after)) => (before, after),
    };
    if before.entry.evaluation == after.entry.evaluation {
        return Vec::new();
    }
    if before.entry.submission != after.entry.submission {
        return vec![Reason::AnotherSubmission];
    }
    let found: Vec<Reason> = [
        (before.entry.annotations != after.entry.annotations, Reason::OtherAnnotations),
        (before.entry.evaluator_version != after.entry.evaluator_version, Reason::OtherEvaluator),
        (before.entry.mode != after.entry.mode, Reason::OtherMode),
    ]
    .into_iter()
    .filter_map(|(is_so, reason)| is_so.then_some(reason))
    .collect();
    if found.is_empty() { vec![Reason::EvaluatedAgain] } else { found }
}
