//! A leaderboard as JSON.

use std::collections::BTreeMap;
use std::ops::Range;

use app::leaderboards::{Board, BoardRow, EntryStatistics, Interval, KeptStatistics};
use domain::Timestamp;
use domain::metric::MetricSpec;
use domain::ranking_rule::RankingMethod;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::releases::ReleaseView;
use crate::api::submissions::disclosure::DeclarationBody;
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
    /// Whether the reader is not told whose the entries are: they have pseudonyms until a date.
    is_anonymous: bool,
    /// `standings`, or `scores` when the board was worked out for one version of the annotations or a moment in the past.
    generated_from: &'static str,
    /// The moment as of which it stands; null for now.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// How entries are put in order: `primary` is by the first metric alone.
    #[schema(value_type = String, example = "primary")]
    ranking_method: RankingMethod,
    /// What its reader is shown of the scores.
    release: ReleaseView,
    /// What is known of the board beyond the order; null until it is computed, and for a recomputed board.
    uncertainty: Option<BoardUncertainty>,
    /// The entries, best first.
    items: Vec<EntryView<'a>>,
    /// What to send as `cursor` for the next page; null on the last one.
    next: Option<String>,
}

/// How the uncertainty of a board was computed.
#[derive(Serialize, ToSchema)]
struct BoardUncertainty {
    /// `bootstrap`: groups of items that belong together are drawn with replacement.
    method: &'static str,
    /// The confidence of the intervals, and of all rank sets together.
    confidence: f64,
    /// How many replicates were drawn.
    replicates: usize,
    /// The version of the boards that it is of.
    board_version: i64,
    /// The submissions that may be first: more than one where the first place is not settled.
    first_place: Vec<Uuid>,
}

/// What the score that ranks is uncertain by.
#[derive(Serialize, ToSchema)]
struct EntryUncertainty {
    /// The ends of the score's interval; null where it is not estimated.
    interval: Option<IntervalView>,
    /// The standard deviation of the replicates; null where it is not estimated.
    standard_error: Option<f64>,
    /// The ends of the interval of `method_score`; null where one metric ranks.
    method_interval: Option<IntervalView>,
    /// The ranks that it may have by what ranks, a metric or a method of several; null where it has none.
    rank_set: Option<RankSetView>,
    /// The entries of a group cannot be told from the best of it; the best group is 1.
    group: Option<usize>,
    /// The share of replicates in which it is first: how stable the ranking is, not how probable.
    winner_share: Option<f64>,
    /// The median of its ranks in the replicates.
    median_rank: Option<f64>,
    /// What being the best of so many submissions is expected to have gained by chance.
    selection_gain: Option<f64>,
}

/// An interval of a score or of a difference.
#[derive(Serialize, ToSchema)]
pub(super) struct IntervalView {
    /// The lower end.
    lower: f64,
    /// The upper end.
    upper: f64,
}

impl From<Interval> for IntervalView {
    fn from(interval: Interval) -> Self {
        Self { lower: interval.lower, upper: interval.upper }
    }
}

/// The ranks that an entry may have.
#[derive(Serialize, ToSchema)]
struct RankSetView {
    /// The best of them.
    best: usize,
    /// The worst of them.
    worst: usize,
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
    /// Its rank, from 1; equals share one; null where a method of several metrics cannot rank it.
    rank: Option<usize>,
    /// What a method of several metrics made of it.
    method_score: Option<f64>,
    /// The team.
    team: TeamName,
    /// The submission that stands for it.
    submission_id: Uuid,
    /// Whether it is a baseline.
    is_baseline: bool,
    /// What the team says about the method.
    method: MethodSummary<'a>,
    /// The team's answers to the organizers' questions, such as which data it used.
    #[schema(value_type = Object)]
    declarations: &'a Map<String, Value>,
    /// How it came to be, in the team's declaration; null where there is none.
    declaration: Option<DeclarationBody>,
    /// Whether the organizers have verified it.
    is_verified: bool,
    /// What the organizers note about it.
    notes: &'a [String],
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// How many scored submissions the team has.
    submissions: i32,
    /// The values by metric; null where undefined.
    scores: BTreeMap<&'a str, Option<f64>>,
    /// What the score that ranks is uncertain by; null until it is computed.
    uncertainty: Option<EntryUncertainty>,
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
            is_anonymous: board.is_anonymous,
            generated_from: if board.is_recomputed { "scores" } else { "standings" },
            as_of: board.as_of,
            ranking_method: board.phase.ranking.0.method,
            release: ReleaseView::new(board.phase.ranking.0.release, board.shown),
            uncertainty: BoardUncertainty::of(board),
            items: board.rows[page].iter().map(|row| EntryView::of(row, &board.metrics)).collect(),
            next,
        }
    }
}

impl BoardUncertainty {
    fn of(board: &Board) -> Option<Self> {
        let KeptStatistics { statistics, board_version } = board.statistics.as_ref()?;
        Some(Self {
            method: "bootstrap",
            confidence: 1.0 - statistics.level,
            replicates: statistics.replicates,
            board_version: *board_version,
            first_place: board.contenders().map(|row| row.entry.submission.0).collect(),
        })
    }
}

impl EntryUncertainty {
    fn of(statistics: &EntryStatistics) -> Self {
        let ranks = statistics.ranks;
        Self {
            interval: statistics.interval.map(IntervalView::from),
            standard_error: statistics.standard_error,
            method_interval: statistics.method_interval.map(IntervalView::from),
            rank_set: ranks.map(|ranks| RankSetView { best: ranks.set.best, worst: ranks.set.worst }),
            group: ranks.map(|ranks| ranks.group),
            winner_share: ranks.map(|ranks| ranks.winner_share),
            median_rank: ranks.and_then(|ranks| ranks.median),
            selection_gain: statistics.selection_gain,
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
            method_score: row.method_score,
            team: TeamName { id: entry.team.0, name: entry.team_name.to_string() },
            submission_id: entry.submission.0,
            is_baseline: entry.is_baseline,
            method: MethodSummary {
                name: &method.name,
                paper_url: &method.paper_url,
                code_url: &method.code_url,
                project_url: &method.project_url,
            },
            declarations: &entry.attributes.0,
            declaration: row.declaration.map(DeclarationBody::from),
            is_verified: row.remarked.is_verified,
            notes: &row.remarked.notes,
            received_at: entry.received_at,
            submissions: entry.scored_count,
            scores: metrics
                .iter()
                .map(|metric| metric.name.as_str())
                .zip(row.scores.iter().copied())
                .collect(),
            uncertainty: row.statistics.as_ref().map(EntryUncertainty::of),
            evaluator_version: &entry.evaluator_version,
            mode: entry.mode.as_str(),
            annotations_version: row.annotations_version,
        }
    }
}
