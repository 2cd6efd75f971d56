//! Challenges are found by words, tags and what else tells them apart.

use actix_web::{HttpResponse, get, web};
use app::challenges::list::ListChallenges;
use app::challenges::records::Standing;
use app::challenges::search::{
    Facet, FacetCounts, FoundChallenge, count_facets, search_challenges, standing_name,
};
use app::failure::{FieldErrors, Outcome};
use app::{Failure, FieldError};
use domain::challenge::tags;
use domain::entry::{Admission, Openness};
use domain::{ChallengeId, Slug, Tag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::views::ChallengeSummary;
use crate::api::csv_text::harmless;
use crate::api::given::{named, unread};
use crate::extract::{Anyone, Page, Paging};
use crate::problem::Problem;

/// A table holds so many challenges where no limit is given.
const MOST_ROWS: u32 = 10_000;

/// A search asks for so many tags at once.
const MOST_TAGS: usize = 12;

/// Which challenges are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChallengeQuery {
    /// Where they stand in time.
    #[param(inline)]
    state: Option<StandingName>,
    /// Words in slug, title or summary.
    q: Option<String>,
    /// Only those that have all of these tags, with commas between them.
    tag: Option<String>,
    /// Only editions of this series.
    series: Option<String>,
    /// Only those with a phase that this evaluator scores.
    evaluator: Option<String>,
    /// Only those that are `public`, `unlisted` or `private`; of the latter two one finds one's own.
    openness: Option<String>,
    /// Only those whose admission is `open`, `listed` or `approval`.
    admission: Option<String>,
    /// Only those that one helps to run, drafts included.
    #[serde(default)]
    organized: bool,
    /// How it is written.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// How many, 1 to 200. When left out, 50 as JSON and 10000 as CSV.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
}

/// Where a challenge stands in time.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StandingName {
    /// A phase takes submissions.
    Open,
    /// None does yet.
    Upcoming,
    /// None does any more.
    Closed,
}

impl From<StandingName> for Standing {
    fn from(name: StandingName) -> Self {
        match name {
            StandingName::Open => Self::Open,
            StandingName::Upcoming => Self::Upcoming,
            StandingName::Closed => Self::Closed,
        }
    }
}

/// A challenge in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedChallenge {
    #[serde(flatten)]
    summary: ChallengeSummary,
    /// Where it stands in time: `upcoming`, `open` or `closed`.
    #[schema(example = "open")]
    standing: &'static str,
    /// The words by which it is found.
    tags: Vec<String>,
    /// The slug of the series it is an edition of.
    series: Option<String>,
    /// What scores its phases.
    evaluators: Vec<String>,
    /// Who sees it: `public`, `unlisted` or `private`.
    #[schema(example = "public")]
    openness: &'static str,
    /// Who may enter: `open`, `listed` or `approval`.
    #[schema(example = "open")]
    admission: &'static str,
}

/// A value of a facet.
#[derive(Serialize, ToSchema)]
pub(crate) struct FacetValue {
    /// What the query asks for to get it.
    #[schema(example = "action-recognition")]
    value: String,
    /// How many challenges have it.
    count: usize,
}

/// How many challenges a search finds, and how many of each kind, most first; values that none has are left out.
#[derive(Serialize, ToSchema)]
pub(crate) struct FacetsView {
    /// How many it finds.
    total: usize,
    /// Where they stand in time, whatever `state` asks.
    state: Vec<FacetValue>,
    /// The tags of those that are found; at most 100.
    tag: Vec<FacetValue>,
    /// The series, whatever `series` asks; at most 100.
    series: Vec<FacetValue>,
    /// What scores their phases, whatever `evaluator` asks; at most 100.
    evaluator: Vec<FacetValue>,
    /// Who sees them, whatever `openness` asks.
    openness: Vec<FacetValue>,
    /// Who may enter, whatever `admission` asks.
    admission: Vec<FacetValue>,
}

impl ChallengeQuery {
    fn parse(self, paging: Paging) -> Outcome<ListChallenges> {
        let mut errors = FieldErrors::default();
        let words: Vec<String> = self.tag.iter().flat_map(|all| all.split(',')).map(str::to_owned).collect();
        let tags = errors.take(tags(&words).map_err(named("tag")));
        let series =
            errors.take(self.series.as_deref().map(Slug::parse).transpose().map_err(named("series")));
        let openness = errors.take(self.openness.as_deref().map(Openness::parse).transpose());
        let admission = errors.take(self.admission.as_deref().map(Admission::parse).transpose());
        errors.finish()?;
        let (Some(tags), Some(series)) = (tags, series) else { return Err(unread()) };
        let (Some(openness), Some(admission)) = (openness, admission) else { return Err(unread()) };
        if tags.len() > MOST_TAGS {
            let rule = format!("must be at most {MOST_TAGS}");
            return Err(Failure::invalid_fields(vec![FieldError::new("tag", rule)]));
        }
        Ok(ListChallenges {
            organized: self.organized,
            standing: self.state.map(Into::into),
            text: self.q,
            tags: tags.into_iter().collect(),
            series,
            evaluator: self.evaluator,
            openness,
            admission,
            before: paging.after.map(ChallengeId),
            limit: paging.rows_to_read(),
        })
    }
}

impl From<FoundChallenge> for ListedChallenge {
    fn from(FoundChallenge { challenge, traits }: FoundChallenge) -> Self {
        Self {
            summary: challenge.into(),
            standing: standing_name(traits.standing),
            tags: traits.tags.into_iter().map(String::from).collect(),
            series: traits.series.map(String::from),
            evaluators: traits.evaluators.into_iter().collect(),
            openness: traits.openness.as_str(),
            admission: traits.admission.as_str(),
        }
    }
}

impl From<FacetCounts> for FacetsView {
    fn from(mut counts: FacetCounts) -> Self {
        let mut of = |facet: Facet| {
            let values = counts.facets.remove(&facet).unwrap_or_default();
            values.into_iter().map(|(value, count)| FacetValue { value, count }).collect()
        };
        Self {
            state: of(Facet::State),
            tag: of(Facet::Tag),
            series: of(Facet::Series),
            evaluator: of(Facet::Evaluator),
            openness: of(Facet::Openness),
            admission: of(Facet::Admission),
            total: counts.total,
        }
    }
}

/// List challenges, newest first.
#[utoipa::path(tag = "challenges", params(ChallengeQuery), responses(
    (status = 200, description = "A page of challenges.",
        content((Page<ListedChallenge> = "application/json"), (String = "text/csv"))),
    (status = 401, description = "`organized` is for people who have signed in."),
    (status = 422, description = "A part of the query breaks a rule."),
))]
#[get("/challenges")]
pub(crate) async fn list_challenges(
    Anyone(actor): Anyone,
    app: web::Data<app::App>,
    query: web::Query<ChallengeQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let format = query.format;
    let mut paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    if format == Format::Csv && query.limit.is_none() {
        paging.limit = MOST_ROWS;
    }
    let rows = search_challenges(&app, &actor, query.parse(paging)?).await?;
    let page = paging.page(rows, |row| row.challenge.id.0, |row| row);
    Ok(match format {
        Format::Json => HttpResponse::Ok().json(Page {
            items: page.items.into_iter().map(ListedChallenge::from).collect(),
            next: page.next,
        }),
        Format::Csv => {
            let table = write_csv(&page.items).map_err(Failure::internal)?;
            HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(table)
        }
    })
}

/// Count what challenges there are of each kind, under the same query as the list's.
#[utoipa::path(tag = "challenges", params(ChallengeQuery), responses(
    (status = 200, description = "The counts.", body = FacetsView),
    (status = 401, description = "`organized` is for people who have signed in."),
    (status = 422, description = "A part of the query breaks a rule."),
))]
#[get("/challenge-facets")]
pub(crate) async fn show_challenge_facets(
    Anyone(actor): Anyone,
    app: web::Data<app::App>,
    query: web::Query<ChallengeQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let counts = count_facets(&app, &actor, query.parse(paging)?).await?;
    Ok(HttpResponse::Ok().json(FacetsView::from(counts)))
}

/// The challenges as CSV (RFC 4180), under a line of headings; what there are several of has blanks between.
fn write_csv(found: &[FoundChallenge]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record([
        "id",
        "slug",
        "title",
        "summary",
        "series",
        "edition",
        "state",
        "standing",
        "openness",
        "admission",
        "tags",
        "evaluators",
        "published_at",
    ])?;
    for FoundChallenge { challenge, traits } in found {
        let tags: Vec<&str> = traits.tags.iter().map(Tag::as_str).collect();
        let evaluators: Vec<&str> = traits.evaluators.iter().map(String::as_str).collect();
        table.write_record([
            challenge.id.to_string().as_str(),
            challenge.slug.as_str(),
            &harmless(challenge.title.as_str()),
            &harmless(&challenge.summary),
            traits.series.as_ref().map_or("", Slug::as_str),
            &harmless(&challenge.edition),
            challenge.state.as_str(),
            standing_name(traits.standing),
            traits.openness.as_str(),
            traits.admission.as_str(),
            &tags.join(" "),
            &harmless(&evaluators.join(" ")),
            &challenge.published_at.map_or_else(String::new, |at| at.to_string()),
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}
