//! The report that organizers read before they give prizes.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::integrity::prize_report::{AgainstBaseline, Exclusion, ReportedEntry};
use app::integrity::records::TeamRuling;
use app::integrity::{AskPrizeReport, PrizeReport, prize_report};
use domain::Timestamp;
use domain::integrity::{Consequence, FlagDecision};
use domain::ranking_rule::{BaselineRule, PrizeRule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::submissions::views::TeamName;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Which report is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PrizeReportQuery {
    /// The split's codename; when left out the first private one, or the deciding one where none is private.
    split: Option<String>,
    /// How many places, 1 to 50; when left out as many as have prizes, or 3.
    places: Option<usize>,
}

/// Who would receive the prizes by the published rule, and what is known of them. It gives nothing to anybody.
#[derive(Serialize, ToSchema)]
struct PrizeReportView {
    /// The challenge's slug.
    challenge: String,
    /// The phase's codename.
    phase: String,
    /// The split's codename.
    split: String,
    /// The metric that ranks.
    metric: Option<String>,
    /// What decides between entries that the scores do not part.
    #[schema(value_type = String, example = "earliest")]
    rule: PrizeRule,
    /// How many places have a prize.
    prizes: u8,
    /// Whether an entry has to be better than every baseline: `none`, `better` or `significantly_better`.
    #[schema(value_type = String, example = "none")]
    baseline_rule: BaselineRule,
    /// The places, from the first; none where the rule cannot be carried out.
    places: Vec<PlaceView>,
    /// Why the rule cannot be carried out; null where it can.
    hindrance: Option<String>,
    /// The entries that a place is at stake for, best first; those that can receive none stand among them.
    entries: Vec<ReportedEntryView>,
}

/// Who would receive the prize of a place.
#[derive(Serialize, ToSchema)]
struct PlaceView {
    /// The place, from 1.
    place: usize,
    /// The submissions that share its prize; none where there are fewer entries than prizes.
    submissions: Vec<Uuid>,
    /// Whether a jury has to choose among them first.
    needs_jury: bool,
}

/// An entry that a place is at stake for.
#[derive(Serialize, ToSchema)]
struct ReportedEntryView {
    /// Its rank on the board; null where it has none.
    rank: Option<usize>,
    /// The submission.
    submission_id: Uuid,
    /// The team.
    team: TeamName,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The value of the metric that ranks; null where undefined.
    value: Option<f64>,
    /// What the method is called.
    method: String,
    /// Where its code is; null where the team says nothing.
    code_url: Option<String>,
    /// Where its paper is; null where the team says nothing.
    paper_url: Option<String>,
    /// The team's answers to the organizers' questions: the data it declares.
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
    /// The flags about its team in the phase, newest first.
    flags: Vec<FlagSummary>,
    /// The best baselines, and whether they are beaten.
    baselines: Vec<BaselineView>,
    /// The other entries that the scores do not part it from.
    tied_with: Vec<Uuid>,
    /// Why it can receive no prize: `disqualified`, `baseline` or `unranked`; null where it can.
    exclusion: Option<&'static str>,
}

/// A flag about the team of an entry.
#[derive(Serialize, ToSchema)]
struct FlagSummary {
    /// The flag.
    id: Uuid,
    /// What was seen.
    kind: &'static str,
    /// `dismissed` or `upheld`; null as long as nothing is decided.
    decision: Option<&'static str>,
    /// What follows for the team now: `none`, `withdrawn` or `disqualified`; null unless it was upheld.
    consequence: Option<&'static str>,
    /// Whether an appeal waits for its answer.
    appeal_waits: bool,
}

/// An entry beside a baseline.
#[derive(Serialize, ToSchema)]
struct BaselineView {
    /// The baseline.
    submission_id: Uuid,
    /// By how much the entry is better, less than zero where it is worse; null where one of them is undefined.
    better_by: Option<f64>,
    /// The ends of the interval of that; null where it is not estimated.
    interval: Option<EndsView>,
    /// How probable a difference as large is by chance, two-sided; null where it is not estimated.
    p_value: Option<f64>,
    /// Whether it is beaten as the phase asks for.
    is_beaten: bool,
}

/// The ends of an interval.
#[derive(Serialize, ToSchema)]
struct EndsView {
    /// The lower end.
    lower: f64,
    /// The upper end.
    upper: f64,
}

/// Report what to know before prizes are given; for organizers.
#[utoipa::path(tag = "integrity", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        PrizeReportQuery,
    ),
    responses(
        (status = 200, description = "Who would receive the prizes, and what is known of them.", body = PrizeReportView),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such phase or split, or one does not see it."),
        (status = 422, description = "So many places cannot be reported."),
))]
#[get("/challenges/{challenge}/phases/{phase}/prize-report")]
pub(super) async fn show_prize_report(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<PrizeReportQuery>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let PrizeReportQuery { split, places } = query.into_inner();
    let report = prize_report(&app, &actor, &challenge, &phase, AskPrizeReport { split, places }).await?;
    Ok(HttpResponse::Ok().json(PrizeReportView::of(report)))
}

impl PrizeReportView {
    fn of(report: PrizeReport) -> Self {
        let PrizeReport { board, terms, baseline_rule, places, hindrance, entries } = report;
        Self {
            challenge: board.challenge.slug.to_string(),
            phase: board.phase.codename.to_string(),
            split: board.split.codename.to_string(),
            metric: board.metrics.first().map(|metric| metric.name.clone()),
            rule: terms.rule,
            prizes: terms.places,
            baseline_rule,
            places: places
                .into_iter()
                .map(|place| PlaceView {
                    place: place.place,
                    submissions: place.recipients.into_iter().map(|submission| submission.0).collect(),
                    needs_jury: place.needs_jury,
                })
                .collect(),
            hindrance,
            entries: entries.into_iter().map(|entry| ReportedEntryView::of(entry, baseline_rule)).collect(),
        }
    }
}

impl ReportedEntryView {
    fn of(reported: ReportedEntry, rule: BaselineRule) -> Self {
        let ReportedEntry { row, attributes, flags, baselines, tied_with, exclusion } = reported;
        let method = row.entry.method.0;
        let said = |url: String| (!url.is_empty()).then_some(url);
        Self {
            rank: row.rank,
            submission_id: row.entry.submission.0,
            team: TeamName { id: row.entry.team.0, name: row.entry.team_name.to_string() },
            received_at: row.entry.received_at,
            value: row.scores.first().copied().flatten(),
            method: method.name,
            code_url: said(method.code_url),
            paper_url: said(method.paper_url),
            attributes,
            flags: flags
                .into_iter()
                .map(|(flag, ruling)| FlagSummary {
                    id: flag.id.0,
                    kind: flag.kind.as_str(),
                    decision: flag.decision.map(FlagDecision::as_str),
                    consequence: ruling
                        .as_ref()
                        .and_then(TeamRuling::consequence_now)
                        .map(Consequence::as_str),
                    appeal_waits: ruling
                        .is_some_and(|ruling| ruling.appeal.is_some() && ruling.outcome.is_none()),
                })
                .collect(),
            baselines: baselines.iter().map(|one| BaselineView::of(one, rule)).collect(),
            tied_with: tied_with.into_iter().map(|submission| submission.0).collect(),
            exclusion: exclusion.map(Exclusion::as_str),
        }
    }
}

impl BaselineView {
    fn of(one: &AgainstBaseline, rule: BaselineRule) -> Self {
        Self {
            submission_id: one.baseline.0,
            better_by: one.better_by,
            interval: one.interval().map(|ends| EndsView { lower: ends.lower, upper: ends.upper }),
            p_value: one.estimate.as_ref().map(|estimate| estimate.difference.p),
            is_beaten: one.is_beaten(rule),
        }
    }
}
