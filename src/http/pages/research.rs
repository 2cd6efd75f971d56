//! Research: a person's own requests for exports, and for organizers those about their challenge, which they decide.

use actix_web::{HttpResponse, web};
use app::challenges::detail::read_challenge;
use app::participation::requests::{
    RequestDetail, decide_request, list_own_requests, list_requests, request_exports,
};
use app::{App, Outcome};
use askama::Template;
use domain::integrity::Statement;
use domain::{DATA_USE_AGREEMENT, ResearchRequestId, SiteRole};
use uuid::Uuid;

use super::addresses;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::Moment;
use super::place::manages;
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::api::participation::requests::ResearchRequestBody;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/research", web::get().to(show_own))
        .route("/research/{id}/decision", web::post().to(take_decision))
        .service(
            web::resource("/challenges/{challenge}/research")
                .route(web::get().to(show_requests))
                .route(web::post().to(take_request)),
        );
}

/// The fields of a request, in the order of the form.
const FIELDS: [&str; 8] = [
    "title",
    "question",
    "institution",
    "country",
    "ethics_board",
    "approval_reference",
    "approval_until",
    "agreement_version",
];

#[derive(Template)]
#[template(path = "own_research.html")]
struct OwnResearchPage {
    chrome: Chrome,
    requests: Vec<RequestView>,
}

#[derive(Template)]
#[template(path = "research.html")]
struct ResearchPage {
    chrome: Chrome,
    title: String,
    address: String,
    manages: bool,
    /// Whether the reader may ask: researchers of the site.
    may_ask: bool,
    requests: Vec<RequestView>,
    agreement: (i32, &'static str),
    form: Form,
}

struct RequestView {
    id: Uuid,
    challenge: Uuid,
    title: String,
    question: String,
    about: String,
    approval: String,
    requested: Moment,
    /// What was decided, why, and when.
    decision: Option<(String, String, Moment)>,
    exports: Vec<ExportView>,
}

struct ExportView {
    kind: String,
    people: i32,
    digest: String,
    made: Moment,
    /// The pseudonyms whose rows have to be deleted.
    to_delete: Vec<String>,
}

impl RequestView {
    fn new(app: &App, found: RequestDetail) -> Self {
        let RequestDetail { request, exports } = found;
        let decided = request.decision.zip(request.decided_at);
        let reason = request.reason.unwrap_or_default();
        Self {
            id: request.id.0,
            challenge: request.challenge_id.0,
            title: request.title,
            question: request.question,
            about: format!("{}, {}", request.institution, request.country),
            approval: format!(
                "{}, {}, until {}",
                request.ethics_board, request.approval_reference, request.approval_until
            ),
            requested: Moment::new(app, request.requested_at),
            decision: decided.map(|(decision, at)| (decision, reason, Moment::new(app, at))),
            exports: exports
                .into_iter()
                .map(|(export, to_delete)| ExportView {
                    kind: export.kind,
                    people: export.people,
                    digest: export.digest.to_string(),
                    made: Moment::new(app, export.made_at),
                    to_delete,
                })
                .collect(),
        }
    }
}

async fn show_own(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let found = list_own_requests(&app, &viewer.actor).await?;
    let requests = found.into_iter().map(|one| RequestView::new(&app, one)).collect();
    page(&OwnResearchPage { chrome: viewer.chrome, requests })
}

async fn show_requests(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    match lay_out(&app, &viewer, &challenge, Form::default()).await {
        Ok(shown) => page(&shown),
        Err(failure) => viewer.refuse(failure),
    }
}

async fn take_request(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let asked = async {
        let input = body(&entered).parse(challenge.clone())?;
        request_exports(&app, &viewer.actor, input, None).await
    };
    match asked.await {
        Ok(_) => Ok(see_other_done("/research", Done::ResearchRequested)),
        Err(failure) if failure.errors.is_empty() => viewer.refuse(failure),
        Err(failure) => {
            let form = Form::refused(entered, &failure, &FIELDS);
            refused_page(&failure, &lay_out(&app, &viewer, &challenge, form).await?)
        }
    }
}

async fn take_decision(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<Uuid>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let of = |name: &str| entered.get(name).map_or("", String::as_str);
    let decided = async {
        let reason = Statement::parse(of("reason"))?;
        let approved = of("decision") == "approved";
        decide_request(&app, &viewer.actor, ResearchRequestId(*id), approved, reason).await
    };
    match decided.await {
        Ok(found) => {
            let address = format!("/challenges/{}/research", found.request.challenge_id);
            Ok(see_other_done(&address, Done::ResearchDecided))
        }
        Err(failure) => viewer.refuse(failure),
    }
}

/// The form as the request that the API takes.
fn body(entered: &Entered) -> ResearchRequestBody {
    let of = |name: &str| entered.get(name).map_or_else(String::new, |text| text.trim().to_owned());
    ResearchRequestBody {
        title: of("title"),
        question: of("question"),
        institution: of("institution"),
        country: of("country").to_uppercase(),
        ethics_board: of("ethics_board"),
        approval_reference: of("approval_reference"),
        approval_until: of("approval_until"),
        // Whoever does not agree to any version is told which one is in force.
        agreement_version: of("agreement_version").parse().unwrap_or(0),
    }
}

/// The page of a challenge: for organizers the requests, for researchers the form.
async fn lay_out(app: &App, viewer: &Viewer, challenge: &str, form: Form) -> Outcome<ResearchPage> {
    let detail = read_challenge(app, &viewer.actor, challenge).await?;
    let asker = viewer.actor.person();
    let may_ask = asker.is_some_and(|asker| asker.site_role != SiteRole::Member);
    let requests = match list_requests(app, &viewer.actor, challenge).await {
        Ok(found) => found,
        // Whoever only asks sees their own on a page of theirs.
        Err(_) if may_ask => Vec::new(),
        Err(failure) => return Err(failure),
    };
    let view = |request| RequestView::new(app, RequestDetail { request, exports: Vec::new() });
    Ok(ResearchPage {
        chrome: viewer.chrome.clone(),
        title: detail.challenge.title.to_string(),
        address: addresses::challenge(&detail.challenge.slug),
        manages: manages(&viewer.actor, &detail),
        may_ask,
        requests: requests.into_iter().map(view).collect(),
        agreement: DATA_USE_AGREEMENT,
        form,
    })
}
