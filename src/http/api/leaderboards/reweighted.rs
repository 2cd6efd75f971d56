//! A leaderboard under other weights: what it would be if only some items counted, or some counted more.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use app::leaderboards::reweigh::{Condition, Share};
use app::leaderboards::{ReweighBoard, ReweightedBoard, ReweightedEntry, reweigh_leaderboard};
use app::{App, Failure, FieldError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::IntervalView;
use crate::api::submissions::views::TeamName;
use crate::extract::Anyone;
use crate::problem::Problem;

/// A leaderboard under other weights, by the metric that ranks.
#[derive(Serialize, ToSchema)]
struct ReweightedView<'a> {
    /// The metric that ranks.
    metric: &'a str,
    /// `higher` or `lower`: which is better.
    direction: &'static str,
    /// The split's codename.
    split: &'a str,
    /// How many items have weight.
    items: usize,
    /// Of how many groups, which are drawn together.
    groups: usize,
    /// The confidence of the intervals.
    confidence: f64,
    /// How many replicates the intervals come of.
    replicates: usize,
    /// Whether there was time for the intervals of all entries.
    complete: bool,
    /// The entries, best first under these weights.
    entries: Vec<ReweightedEntryView<'a>>,
}

/// An entry under other weights.
#[derive(Serialize, ToSchema)]
struct ReweightedEntryView<'a> {
    /// The rank by this score alone; null without a score.
    rank: Option<usize>,
    /// The rank on the leaderboard itself.
    rank_as_scored: Option<usize>,
    /// The team.
    team: TeamName,
    /// The submission that stands for it.
    submission_id: Uuid,
    /// Whether it is a baseline.
    is_baseline: bool,
    /// The score under these weights; null where there is none.
    score: Option<f64>,
    /// Why there is none; null where there is one.
    undefined: Option<&'a str>,
    /// The interval of the score; null where it is not estimated.
    interval: Option<IntervalView>,
}

/// Show a leaderboard under other weights.
///
/// It is computed from stored evidence when it is asked: what counts is a slice of the items, or some items count more.
#[utoipa::path(tag = "leaderboards", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ("split" = Option<String>, Query, description = "The split's codename; the deciding one when left out."),
        ("slice" = Option<Vec<String>>, Query, description = "`attribute:value`: only items that have it count; of several, all must hold."),
        ("weights" = Option<Vec<String>>, Query, description = "`attribute:value=number`, several separated by commas: items that have the value weigh so much where others weigh 1; an item that several name has the product."),
    ),
    responses(
        (status = 200, description = "Scores, intervals and ranks under these weights, and the ranks as scored.", body = ReweightedView<'_>),
        (status = 403, description = "The reader is no organizer, and the phase does not let participants ask, or not yet."),
        (status = 404, description = "There is no such leaderboard, or it is not public."),
        (status = 422, description = "An attribute or value that no item has, weights that mean nothing, a slice of nothing, or (for participants) of too few items."),
        (status = 503, description = "Other such questions are being computed."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard/reweighted")]
pub(super) async fn show_reweighted_leaderboard(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let asked = asked(&query)?;
    let found = reweigh_leaderboard(&app, &actor, &challenge, &phase, asked).await?;
    let caching = (header::CACHE_CONTROL, "private, no-store");
    Ok(HttpResponse::Ok().insert_header(caching).json(ReweightedView::of(&found)))
}

/// Reads the query, whose names may be there several times.
fn asked(query: &[(String, String)]) -> Result<ReweighBoard, Failure> {
    let (mut asked, mut errors) = (ReweighBoard::default(), Vec::new());
    for (name, value) in query {
        match name.as_str() {
            "split" => asked.split = Some(value.clone()),
            "slice" => match Condition::parse(value, ':') {
                Some(condition) => asked.slice.push(condition),
                None => errors.push(FieldError::new("slice", "must be attribute:value")),
            },
            "weights" => match shares(value) {
                Some(shares) => asked.weights.extend(shares),
                None => errors.push(FieldError::new("weights", "must be attribute:value=number, and so on")),
            },
            other => errors.push(FieldError::new(other, "must not be given; split, slice and weights may")),
        }
    }
    if errors.is_empty() { Ok(asked) } else { Err(Failure::invalid_fields(errors)) }
}

/// Reads `attribute:value=number,...`; a comma before the number belongs to the value.
fn shares(text: &str) -> Option<Vec<Share>> {
    let (mut found, mut begun) = (Vec::new(), String::new());
    for part in text.split(',') {
        begun.push_str(part);
        let Some((condition, weight)) = begun.rsplit_once('=') else {
            begun.push(',');
            continue;
        };
        found.push(Share { of: Condition::parse(condition, ':')?, weight: weight.trim().parse().ok()? });
        begun.clear();
    }
    begun.is_empty().then_some(found)
}

impl<'a> ReweightedView<'a> {
    fn of(found: &'a ReweightedBoard) -> Self {
        Self {
            metric: &found.metric.name,
            direction: if found.metric.higher_is_better { "higher" } else { "lower" },
            split: found.split.as_str(),
            items: found.items,
            groups: found.units,
            confidence: 1.0 - found.level,
            replicates: found.replicates,
            complete: found.is_complete,
            entries: found.entries.iter().map(ReweightedEntryView::of).collect(),
        }
    }
}

impl<'a> ReweightedEntryView<'a> {
    fn of(entry: &'a ReweightedEntry) -> Self {
        Self {
            rank: entry.rank,
            rank_as_scored: entry.rank_as_scored,
            team: TeamName { id: entry.team.0, name: entry.team_name.to_string() },
            submission_id: entry.submission.0,
            is_baseline: entry.is_baseline,
            score: entry.score.as_ref().ok().copied(),
            undefined: entry.score.as_ref().err().map(String::as_str),
            interval: entry.interval.map(IntervalView::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn names_may_be_repeated_and_values_may_hold_commas() {
        let found = asked(&[
            pair("slice", "activity:cooking"),
            pair("slice", "country:IT"),
            pair("weights", "room:bath, shower=0.5,room:a=b=2"),
            pair("weights", "country:JP=1e3"),
            pair("split", "private"),
        ])
        .unwrap();
        assert_eq!(found.split.as_deref(), Some("private"));
        assert_eq!(found.slice.len(), 2);
        let weights: Vec<(&str, f64)> =
            found.weights.iter().map(|share| (share.of.value.as_str(), share.weight)).collect();
        assert_eq!(weights, [("bath, shower", 0.5), ("a=b", 2.0), ("JP", 1e3)]);
    }

    #[test]
    fn every_wrong_part_is_named() {
        let refusal = asked(&[
            pair("slice", "activity"),
            pair("weights", "country:JP"),
            pair("weights", "country:JP=many"),
            pair("weights", "country:JP=2,"),
            pair("limit", "3"),
        ])
        .unwrap_err();
        let fields: Vec<&str> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["slice", "weights", "weights", "weights", "limit"]);
    }
}
