//! Phases and their splits.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, web};
use app::App;
use app::evalai::numbers::{entity, locate_phase, number, numbers};
use app::phases::{PhaseDetail, list_phases, read_phase};
use domain::evalai::NumberedKind;
use domain::phase::{AttributeKind, AttributeSpec, WindowState};
use domain::split::Visibility;
use domain::{Actor, ChallengeId, PhaseId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answers::{Page, Refusal, end, moment};
use crate::extract::Anyone;
use crate::pages::markdown::Prose;

/// What is said where there is no limit, as EvalAI does.
const NO_LIMIT: u32 = 100_000;

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_challenge_phases)
        .service(show_challenge_phase)
        .service(show_phase)
        .service(refuse_docker)
        .service(list_phase_splits);
}

/// A phase.
#[derive(Serialize, ToSchema)]
struct PhaseView {
    id: i64,
    name: String,
    challenge: i64,
    /// In HTML.
    description: String,
    start_date: String,
    end_date: String,
    codename: String,
    max_submissions_per_day: u32,
    max_submissions_per_month: u32,
    max_submissions: u32,
    max_concurrent_submissions_allowed: u32,
    leaderboard_public: bool,
    is_active: bool,
    is_public: bool,
    is_submission_public: bool,
    slug: String,
    /// What the organizers ask about every submission; null for nothing.
    submission_meta_attributes: Option<Vec<MetaAttribute>>,
}

/// Something that the organizers ask about every submission.
#[derive(Serialize, ToSchema)]
struct MetaAttribute {
    name: String,
    description: String,
    /// `text`, `boolean` or `radio`.
    r#type: &'static str,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<String>>,
}

/// A split of a phase.
#[derive(Serialize, ToSchema)]
struct PhaseSplitView {
    id: i64,
    challenge_phase: i64,
    challenge_phase_name: String,
    dataset_split_name: String,
    dataset_split_codename: String,
    /// 3 where everybody sees its leaderboard, 1 where only the organizers do.
    visibility: u8,
}

impl PhaseView {
    fn new(detail: PhaseDetail, id: i64, challenge: i64) -> Self {
        let PhaseDetail { phase, window, .. } = detail;
        let quota = phase.quota();
        let asked = &phase.attributes.0;
        Self {
            id,
            challenge,
            name: phase.title.to_string(),
            description: Prose::render(&phase.description).to_string(),
            start_date: moment(phase.opens_at),
            end_date: end(phase.closes_at),
            codename: phase.codename.to_string(),
            max_submissions_per_day: quota.per_day.unwrap_or(NO_LIMIT),
            max_submissions_per_month: quota.per_month.unwrap_or(NO_LIMIT),
            max_submissions: quota.total.unwrap_or(NO_LIMIT),
            max_concurrent_submissions_allowed: quota.concurrent.unwrap_or(NO_LIMIT),
            leaderboard_public: phase.leaderboard_public,
            is_active: window == WindowState::Open,
            is_public: true,
            is_submission_public: true,
            slug: format!("{challenge}-{}", phase.codename),
            submission_meta_attributes: (!asked.is_empty())
                .then(|| asked.iter().map(MetaAttribute::of).collect()),
        }
    }
}

impl MetaAttribute {
    fn of(spec: &AttributeSpec) -> Self {
        let (kind, options) = match &spec.kind {
            AttributeKind::Text | AttributeKind::Integer | AttributeKind::Number => ("text", None),
            AttributeKind::Boolean => ("boolean", None),
            AttributeKind::Choice { choices } => ("radio", Some(choices.clone())),
        };
        Self {
            name: spec.name.clone(),
            description: spec.label.clone(),
            r#type: kind,
            required: spec.required,
            options,
        }
    }
}

/// What a contestant should know before they submit to a phase, in Markdown.
pub(super) fn guideline(detail: &PhaseDetail) -> String {
    let phase = &detail.phase;
    let quota = phase.quota();
    let mut text = format!("**{}**: one file of at most {} bytes", phase.title, phase.limits().upload_bytes);
    for (limit, span) in [
        (quota.per_day, "per day"),
        (quota.per_week, "per week"),
        (quota.per_month, "per month"),
        (quota.total, "in all"),
    ] {
        if let Some(limit) = limit {
            // Writing into a text cannot fail.
            let _ = write!(text, ", {limit} submissions {span}");
        }
    }
    text.push_str(".\n\n");
    text
}

/// How a phase is scored, in Markdown.
pub(super) fn evaluation(detail: &PhaseDetail) -> String {
    let metrics: Vec<&str> = detail.metrics.iter().map(|metric| metric.label.as_str()).collect();
    let measured = if metrics.is_empty() { "nothing yet".to_owned() } else { metrics.join(", ") };
    format!("**{}** is scored by `{}`: {measured}.\n\n", detail.phase.title, detail.phase.evaluator)
}

/// List the phases of a challenge.
#[utoipa::path(tag = "challenges",
    params(("challenge" = i64, Path, description = "The challenge.")),
    responses(
        (status = 200, description = "The phases, in their order.", body = Page<PhaseView>),
        (status = 406, description = "There is no such challenge, or it is not to be seen."),
    ),
)]
#[get("/challenges/challenge/{challenge}/challenge_phase")]
async fn list_challenge_phases(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let found = phases_of(&app, &actor, &challenge).await.map_err(Refusal::challenge)?;
    Ok(HttpResponse::Ok().json(Page::whole(found)))
}

async fn phases_of(app: &App, actor: &Actor, challenge: &str) -> app::Outcome<Vec<PhaseView>> {
    let id: ChallengeId = entity(app, NumberedKind::Challenge, challenge).await?;
    let phases = list_phases(app, actor, &id.to_string()).await?;
    let challenge = number(app, NumberedKind::Challenge, id.0).await?;
    let ids = numbers(app, NumberedKind::Phase, phases.iter().map(|detail| detail.phase.id.0)).await?;
    Ok(phases
        .into_iter()
        .filter_map(|detail| {
            let id = *ids.get(&detail.phase.id.0)?;
            Some(PhaseView::new(detail, id, challenge))
        })
        .collect())
}

/// Show a phase of a challenge.
#[utoipa::path(tag = "challenges",
    params(
        ("challenge" = i64, Path, description = "The challenge."),
        ("phase" = i64, Path, description = "The phase."),
    ),
    responses(
        (status = 200, description = "The phase.", body = PhaseView),
        (status = 406, description = "There is no such phase, or it is not to be seen."),
    ),
)]
#[get("/challenges/challenge/{challenge}/challenge_phase/{phase}")]
async fn show_challenge_phase(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = path.into_inner();
    let found = phase_of(&app, &actor, &challenge, &phase).await;
    let found = found.map_err(|failure| Refusal::phase(failure, &challenge, &phase))?;
    Ok(HttpResponse::Ok().json(found))
}

async fn phase_of(app: &App, actor: &Actor, challenge: &str, phase: &str) -> app::Outcome<PhaseView> {
    let (challenge, phase) = ids(app, challenge, phase).await?;
    let detail = read_phase(app, actor, &challenge.to_string(), &phase.to_string()).await?;
    let id = number(app, NumberedKind::Phase, phase.0).await?;
    Ok(PhaseView::new(detail, id, number(app, NumberedKind::Challenge, challenge.0).await?))
}

/// A challenge and a phase by their numbers; whether they belong together is seen where they are used.
pub(super) async fn ids(app: &App, challenge: &str, phase: &str) -> app::Outcome<(ChallengeId, PhaseId)> {
    Ok((
        entity(app, NumberedKind::Challenge, challenge).await?,
        entity(app, NumberedKind::Phase, phase).await?,
    ))
}

/// Show a phase by its number alone.
#[utoipa::path(tag = "challenges",
    params(("phase" = i64, Path, description = "The phase.")),
    responses(
        (status = 200, description = "The phase.", body = PhaseView),
        (status = 404, description = "There is no such phase, or it is not to be seen."),
    ),
)]
#[get("/challenges/challenge/phase/{phase}")]
async fn show_phase(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    phase: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, id) = locate_phase(&app, &phase).await?;
    let detail = read_phase(&app, &actor, &challenge.to_string(), &id.to_string()).await?;
    let id = number(&app, NumberedKind::Phase, id.0).await?;
    let view = PhaseView::new(detail, id, number(&app, NumberedKind::Challenge, challenge.0).await?);
    Ok(HttpResponse::Ok().json(view))
}

/// List the splits of all phases of a challenge.
#[utoipa::path(tag = "challenges",
    params(("challenge" = i64, Path, description = "The challenge.")),
    responses(
        (status = 200, description = "The splits.", body = Vec<PhaseSplitView>),
        (status = 406, description = "There is no such challenge, or it is not to be seen."),
    ),
)]
#[get("/challenges/{challenge}/challenge_phase_split")]
async fn list_phase_splits(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let found = splits_of(&app, &actor, &challenge).await.map_err(Refusal::challenge)?;
    Ok(HttpResponse::Ok().json(found))
}

async fn splits_of(app: &App, actor: &Actor, challenge: &str) -> app::Outcome<Vec<PhaseSplitView>> {
    let id: ChallengeId = entity(app, NumberedKind::Challenge, challenge).await?;
    let phases = list_phases(app, actor, &id.to_string()).await?;
    let all = phases.iter().flat_map(|detail| &detail.splits);
    let split_ids = numbers(app, NumberedKind::PhaseSplit, all.map(|split| split.id.0)).await?;
    let phase_ids = numbers(app, NumberedKind::Phase, phases.iter().map(|detail| detail.phase.id.0)).await?;
    let mut views = Vec::new();
    for PhaseDetail { phase, splits, .. } in &phases {
        for split in splits {
            let (Some(id), Some(of)) = (split_ids.get(&split.id.0), phase_ids.get(&phase.id.0)) else {
                continue;
            };
            let is_public = split.visibility == Visibility::Public || phase.published_at.is_some();
            views.push(PhaseSplitView {
                id: *id,
                challenge_phase: *of,
                challenge_phase_name: phase.title.to_string(),
                dataset_split_name: split.codename.to_string(),
                dataset_split_codename: split.codename.to_string(),
                visibility: if is_public && phase.leaderboard_public { 3 } else { 1 },
            });
        }
    }
    Ok(views)
}

/// Refuse a Docker submission, which begins by asking for a phase by its slug.
#[utoipa::path(tag = "challenges",
    params(("slug" = String, Path, description = "The phase.")),
    responses((status = 400, description = "Docker submissions are not supported.")),
)]
#[get("/challenges/phase/{slug}")]
async fn refuse_docker(_: Anyone) -> Result<HttpResponse, Refusal> {
    let sentence = "Docker submissions are not supported by this server";
    Err(Refusal::Said(StatusCode::BAD_REQUEST, sentence.to_owned()))
}
