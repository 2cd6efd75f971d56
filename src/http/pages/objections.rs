//! Objections: whoever has a link writes one without an account and reads what was answered; organizers answer.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use app::challenges::detail::read_challenge;
use app::contestations::records::Contestation;
use app::contestations::{
    Objection, answer_contestation, list_contestations, list_links, make_link, raise_contestation,
    read_answers,
};
use app::framing::{Choice, choices, label_of};
use app::{App, Failure};
use askama::Template;
use domain::integrity::Statement;
use domain::{ContestationId, Title};
use serde::Deserialize;
use uuid::Uuid;

use super::addresses;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::Moment;
use super::place::manages;
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::api::given::named;
use crate::extract::SignInLimit;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/objections", web::get().to(show_form))
        .route("/objections", web::post().to(take_objection))
        .route("/challenges/{challenge}/objections", web::get().to(show_objections))
        .route("/challenges/{challenge}/objections/links", web::post().to(take_link))
        .route("/objections/{id}/answer", web::post().to(take_answer));
}

/// How many objections the organizers' page shows; the API has them all.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "objection.html")]
struct ObjectionPage {
    chrome: Chrome,
    token: String,
    roles: Vec<Choice>,
    grounds: Vec<Choice>,
    sent: Vec<ObjectionView>,
    form: Form,
}

#[derive(Template)]
#[template(path = "objections.html")]
struct ObjectionsPage {
    chrome: Chrome,
    title: String,
    address: String,
    manages: bool,
    objections: Vec<ObjectionView>,
    links: Vec<LinkView>,
    /// The address that was just made; it is told once.
    made: Option<String>,
    form: Form,
}

struct ObjectionView {
    id: Uuid,
    role: String,
    ground: String,
    text: String,
    raised: Moment,
    /// What became of it, in whose words, and when.
    answer: Option<(&'static str, String, Moment)>,
}

struct LinkView {
    label: String,
    remaining: i32,
    ends: Moment,
    works: bool,
}

/// The token of a link, as it follows the address.
#[derive(Deserialize)]
struct WithToken {
    #[serde(default)]
    token: String,
}

impl ObjectionView {
    fn new(app: &App, found: Contestation) -> Self {
        let outcome = match found.outcome.as_deref() {
            Some("upheld") => "upheld",
            Some("partly") => "partly upheld",
            _ => "not upheld",
        };
        let answered = found.answer.zip(found.answered_at);
        Self {
            id: found.id.0,
            role: label_of("chain_role", &found.raised_by_role),
            ground: label_of("contestation.ground", &found.ground),
            text: found.body,
            raised: Moment::new(app, found.raised_at),
            answer: answered.map(|(text, at)| (outcome, text, Moment::new(app, at))),
        }
    }
}

async fn show_form(
    _: SignInLimit,
    app: web::Data<App>,
    viewer: Viewer,
    query: web::Query<WithToken>,
) -> Result<HttpResponse, Problem> {
    let shown = lay_out_form(&app, viewer.chrome, query.into_inner().token, Form::default()).await?;
    unkept(page(&shown))
}

async fn take_objection(
    _: SignInLimit,
    app: web::Data<App>,
    viewer: Viewer,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let of = |name: &str| entered.get(name).cloned().unwrap_or_default();
    let raised = async {
        let text = Statement::parse(&of("text"))?;
        let (token, role, ground) = (of("token"), of("role"), of("ground"));
        raise_contestation(&app, Objection { token, role, ground, text }, None).await
    };
    match raised.await {
        Ok(_) => Ok(see_other_done(&format!("/objections?token={}", of("token")), Done::Objected)),
        Err(failure) if failure.code.status() >= 500 => Err(failure.into()),
        Err(failure) => {
            let token = of("token");
            let form = Form::refused(entered, &failure, &["role", "ground", "text"]);
            // Where the link itself is unknown, that is what this says.
            let shown = lay_out_form(&app, viewer.chrome, token, form).await?;
            unkept(refused_page(&failure, &shown))
        }
    }
}

async fn lay_out_form(
    app: &App,
    chrome: Chrome,
    token: String,
    form: Form,
) -> Result<ObjectionPage, Problem> {
    let sent = read_answers(app, &token).await?;
    let mut grounds = choices("contestation.ground");
    grounds.retain(|choice| choice.code != domain::framing::NOT_DISCLOSED);
    Ok(ObjectionPage {
        // Whoever comes by a link is not asked to sign in: that would tell who they are.
        chrome: Chrome { identity: Identity::Unknown, ..chrome },
        token,
        roles: choices("chain_role"),
        grounds,
        sent: sent.into_iter().map(|found| ObjectionView::new(app, found)).collect(),
        form,
    })
}

/// The address holds the token, so no cache keeps the page.
fn unkept(answer: Result<HttpResponse, Problem>) -> Result<HttpResponse, Problem> {
    let mut answer = answer?;
    answer.headers_mut().insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
    Ok(answer)
}

async fn show_objections(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    match lay_out(&app, &viewer, &challenge, Form::default(), None).await {
        Ok(shown) => page(&shown),
        Err(failure) => viewer.refuse(failure),
    }
}

/// Makes a link; its address is on the answer and nowhere else.
async fn take_link(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let number = |name: &str| entered.get(name).and_then(|text| text.trim().parse().ok()).unwrap_or(0_u16);
    let label = entered.get("label").map_or("", String::as_str);
    let made = async {
        let label = Title::parse(label).map_err(named("label"))?;
        make_link(&app, &viewer.actor, &challenge, label, number("objections"), number("days")).await
    };
    match made.await {
        Ok(made) => {
            let path = format!("/objections?token={}", made.token.reveal());
            let address = app.settings.server.public_url.link(&path);
            let shown = lay_out(&app, &viewer, &challenge, Form::default(), Some(address)).await?;
            unkept(page(&shown))
        }
        Err(failure) if failure.errors.is_empty() => viewer.refuse(failure),
        Err(failure) => {
            let form = Form::refused(entered, &failure, &["label", "objections", "days"]);
            refused_page(&failure, &lay_out(&app, &viewer, &challenge, form, None).await?)
        }
    }
}

async fn take_answer(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<Uuid>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let of = |name: &str| entered.get(name).map_or("", String::as_str);
    let answered = async {
        let text = Statement::parse(of("text"))?;
        answer_contestation(&app, &viewer.actor, ContestationId(*id), of("outcome"), text).await
    };
    match answered.await {
        Ok(found) => {
            Ok(see_other_done(&format!("/challenges/{}/objections", found.challenge_id), Done::Answered))
        }
        Err(failure) => viewer.refuse(failure),
    }
}

async fn lay_out(
    app: &App,
    viewer: &Viewer,
    challenge: &str,
    form: Form,
    made: Option<String>,
) -> Result<ObjectionsPage, Failure> {
    let detail = read_challenge(app, &viewer.actor, challenge).await?;
    let key = detail.challenge.id.to_string();
    let objections = list_contestations(app, &viewer.actor, &key, None, SHOWN).await?;
    let now = app.now();
    let links = list_links(app, &viewer.actor, &key).await?.into_iter().map(|link| LinkView {
        remaining: link.remaining,
        ends: Moment::new(app, link.expires_at),
        works: link.revoked_at.is_none() && now < link.expires_at && link.remaining > 0,
        label: link.label,
    });
    Ok(ObjectionsPage {
        chrome: viewer.chrome.clone(),
        title: detail.challenge.title.to_string(),
        address: addresses::challenge(&detail.challenge.slug),
        manages: manages(&viewer.actor, &detail),
        objections: objections.into_iter().map(|found| ObjectionView::new(app, found)).collect(),
        links: links.collect(),
        made,
        form,
    })
}
