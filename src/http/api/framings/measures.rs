//! Measures of what a phase counts: scores by activity, and what other weights would make of the order.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use app::App;
use app::framing::measures::{FramingMeasures, ReadFramingMeasures, Terms, read_framing_measures};
use domain::{Digest, Invalid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::participation::snapshots::MeasureView;
use crate::api::submissions::views::TeamName;
use crate::extract::Anyone;
use crate::problem::Problem;

/// What is asked of the items of a split.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FramingMeasuresQuery {
    /// The split's codename; the deciding one when left out.
    pub(crate) split: Option<String>,
    /// The attribute of the items that says what they show; `activity` when left out.
    pub(crate) attribute: Option<String>,
    /// What its values are terms of: `icatus_2016` or `ego4d_scenarios`; when left out they mean nothing but themselves.
    pub(crate) terms: Option<String>,
    /// With `terms`, the country whose waking hours weigh classes of activities (ISO 3166-1 alpha-2); `US` when left out.
    pub(crate) country: Option<String>,
    /// `json` or `csv`.
    pub(crate) format: Option<String>,
}

/// Measures of what stands on a leaderboard.
#[derive(Serialize, ToSchema)]
struct FramingMeasuresView {
    /// What stood, as the SHA-256 of its canonical JSON: the split, the metric, the framing, the annotations' digest and, of every entry,
    /// team, submission and evidence. The same standing has the same measures for ever.
    #[schema(value_type = String)]
    standing: Digest,
    /// The split's codename.
    split: String,
    /// The metric that ranks.
    metric: String,
    /// `higher` or `lower`: which is better.
    direction: &'static str,
    /// The framing in force.
    framing: Option<FramingVersion>,
    /// The digest of the annotations.
    #[schema(value_type = String)]
    annotations_digest: Digest,
    /// The attribute that names activities.
    attribute: String,
    /// What its values are terms of.
    terms: Option<&'static str>,
    /// The country whose time use weighs classes.
    country: Option<String>,
    /// The entries; readings name them by the id of the team.
    entries: Vec<StandingEntryView>,
    /// How many entries were not looked at: below the first fifty, or evaluated on other annotations.
    left_out: usize,
    /// The measures that there are: F1 to F5b with `terms` alone.
    measures: Vec<MeasureView>,
}

/// A framing and its version.
#[derive(Serialize, ToSchema)]
struct FramingVersion {
    /// Its id.
    id: Uuid,
    /// 1, 2, 3 and so on.
    version: i32,
}

/// An entry of a standing.
#[derive(Serialize, ToSchema)]
struct StandingEntryView {
    /// The team.
    team: TeamName,
    /// The submission that stands for it.
    submission_id: Uuid,
    /// Whether it is a baseline.
    is_baseline: bool,
    /// The rank on the leaderboard.
    rank: Option<usize>,
}

/// Show scores by activity, what activities weigh, whether other weights would make another winner, and, where activities are terms
/// of a list that is known, how far the scored items are from how people spend their days.
///
/// Activities with fewer than 10 items of 5 groups are merged into one part, and so is what could be worked out from the others.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        FramingMeasuresQuery,
    ),
    responses(
        (status = 200, description = "The measures with n, intervals and bounds; as CSV a row for each number.",
            content((FramingMeasuresView = "application/json"), (String = "text/csv"))),
        (status = 403, description = "The reader is no organizer, and the phase is not over or does not open slices."),
        (status = 404, description = "There is no such leaderboard, or it is not public."),
        (status = 422, description = "The items have no such attribute, its values are no such terms, or no two activities are large enough."),
        (status = 503, description = "Other such questions are being computed."),
))]
#[get("/challenges/{challenge}/phases/{phase}/measures")]
pub(crate) async fn show_framing_measures(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<FramingMeasuresQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let format = query.format.clone();
    let found = read_framing_measures(&app, &actor, &path.0, &path.1, query.parse()?).await?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
    match format.as_deref() {
        None | Some("json") => Ok(answer.json(FramingMeasuresView::new(found)?)),
        Some("csv") => {
            let values = found.values.iter().map(|(definition, value)| (*definition, value));
            let file = app::participation::measures::as_csv(&found.standing.to_string(), values)?;
            Ok(answer.content_type("text/csv; charset=utf-8").body(file))
        }
        Some(_) => Err(Invalid::new("format", "must be json or csv").into()),
    }
}

impl FramingMeasuresQuery {
    /// What it asks, once its terms are known ones.
    pub(crate) fn parse(self) -> Result<ReadFramingMeasures, Invalid> {
        let known = |name: String| {
            Terms::parse(&name).ok_or_else(|| Invalid::new("terms", "must be icatus_2016 or ego4d_scenarios"))
        };
        Ok(ReadFramingMeasures {
            split: self.split,
            attribute: self.attribute,
            terms: self.terms.map(known).transpose()?,
            country: self.country,
        })
    }
}

impl FramingMeasuresView {
    fn new(found: FramingMeasures) -> Result<Self, app::Failure> {
        let entry = |entry: &app::framing::measures::StandingEntry| StandingEntryView {
            team: TeamName { id: entry.team.0, name: entry.team_name.to_string() },
            submission_id: entry.submission.0,
            is_baseline: entry.is_baseline,
            rank: entry.rank,
        };
        let measure = |(definition, value)| MeasureView::new(definition, Some(value));
        Ok(Self {
            standing: found.standing,
            split: found.split.to_string(),
            metric: found.metric.name.clone(),
            direction: if found.metric.higher_is_better { "higher" } else { "lower" },
            framing: found.framing.map(|(id, version)| FramingVersion { id: id.0, version }),
            annotations_digest: found.annotations,
            attribute: found.attribute,
            terms: found.terms.map(Terms::as_str),
            country: found.country,
            entries: found.entries.iter().map(entry).collect(),
            left_out: found.left_out,
            measures: found.values.into_iter().map(measure).collect::<Result<_, _>>()?,
        })
    }
}
