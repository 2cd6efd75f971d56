//! A leaderboard as JSON.

use std::collections::BTreeMap;
use std::ops::Range;

use app::leaderboards::{Board, BoardRow};
use domain::Timestamp;
use domain::metric::MetricSpec;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::submissions::views::{TeamName, direction};

/// A page of a leaderboard.
#[derive(Serialize, ToSchema)]
pub(super) struct LeaderboardView<'a> {
    /// The challenge's slug.
    challenge: &'a str,
    /// The phase's codename.
    phase: &'a str,
    /// The split's codename.
    split: &'a str,
    /// `public` or `private`.
    visibility: &'static str,
    /// The metric that ranks.
    primary: Option<&'a str>,
    /// What is measured, the ranking metric first.
    metrics: Vec<MetricView<'a>>,
    /// The version of the annotations in force, or the one asked for.
    annotations_version: Option<i32>,
    /// Counts every change of the phase's boards.
    board_version: i64,
    /// `standings`, or `scores` when the board was worked out for one version of the annotations.
    generated_from: &'static str,
    /// The entries, best first.
    items: Vec<EntryView<'a>>,
    /// What to send as `cursor` for the next page; null on the last one.
    next: Option<String>,
}

/// A metric of a leaderboard.
#[derive(Serialize, ToSchema)]
struct MetricView<'a> {
    /// Its name.
    name: &'a str,
    /// Its heading.
    label: &'a str,
    /// What it counts in; empty for a fraction or a bare number.
    unit: &'a str,
    /// `higher` or `lower`: which is better.
    direction: &'static str,
    /// How many digits behind the point are shown.
    decimals: u8,
}

/// An entry of a leaderboard.
#[derive(Serialize, ToSchema)]
struct EntryView<'a> {
    /// Its rank, from 1; equals share one.
    rank: usize,
    /// The team.
    team: TeamName,
    /// The submission that stands for it.
    submission_id: Uuid,
    /// Whether it is a baseline.
    is_baseline: bool,
    /// What the team says about the method.
    method: MethodSummary<'a>,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// How many scored submissions the team has.
    submissions: i32,
    /// The values by metric; null where undefined.
    scores: BTreeMap<&'a str, Option<f64>>,
    /// The version of the evaluator.
    evaluator_version: &'a str,
    /// `strict` or `reference`.
    mode: &'static str,
    /// The version of the annotations.
    annotations_version: i32,
}

/// What a leaderboard says of a method.
#[derive(Serialize, ToSchema)]
struct MethodSummary<'a> {
    /// What it is called.
    name: &'a str,
    /// Where the paper is.
    paper_url: &'a str,
    /// Where the code is.
    code_url: &'a str,
    /// Where the project is described.
    project_url: &'a str,
}

impl<'a> LeaderboardView<'a> {
    /// Those entries of the board.
    pub(super) fn new(board: &'a Board, page: Range<usize>) -> Self {
        let next = (page.end < board.rows.len()).then(|| page.end.to_string());
        Self {
            challenge: board.challenge.slug.as_str(),
            phase: board.phase.codename.as_str(),
            split: board.split.codename.as_str(),
            visibility: board.split.visibility.as_str(),
            primary: board.metrics.first().map(|metric| metric.name.as_str()),
            metrics: board.metrics.iter().map(MetricView::of).collect(),
            annotations_version: board.annotations_version,
            board_version: board.phase.board_version,
            generated_from: if board.is_recomputed { "scores" } else { "standings" },
            items: board.rows[page].iter().map(|row| EntryView::of(row, &board.metrics)).collect(),
            next,
        }
    }
}

impl<'a> MetricView<'a> {
    fn of(metric: &'a MetricSpec) -> Self {
        Self {
            name: &metric.name,
            label: &metric.label,
            unit: &metric.unit,
            direction: direction(metric),
            decimals: metric.decimals,
        }
    }
}

impl<'a> EntryView<'a> {
    fn of(row: &'a BoardRow, metrics: &'a [MetricSpec]) -> Self {
        let (entry, method) = (&row.entry, &row.entry.method.0);
        Self {
            rank: row.rank,
            team: TeamName { id: entry.team.0, name: entry.team_name.to_string() },
            submission_id: entry.submission.0,
            is_baseline: entry.is_baseline,
            method: MethodSummary {
                name: &method.name,
                paper_url: &method.paper_url,
                code_url: &method.code_url,
                project_url: &method.project_url,
            },
            received_at: entry.received_at,
            submissions: entry.scored_count,
            scores: metrics
                .iter()
                .map(|metric| metric.name.as_str())
                .zip(row.scores.iter().copied())
                .collect(),
            evaluator_version: &entry.evaluator_version,
            mode: entry.mode.as_str(),
            annotations_version: row.annotations_version,
        }
    }
}
