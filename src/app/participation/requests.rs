//! A researcher asks for exports about a challenge, and its organizers decide.

use domain::event::EventKind;
use domain::integrity::Statement;
use domain::{
    Actor, ConsentPurpose, DATA_USE_AGREEMENT, Digest, Invalid, ResearchRequestId, Scope, SiteRole, Title,
};
use jiff::civil::Date;
use serde_json::json;
use storage::participation::exports::{self, Export};
use storage::participation::requests::{self, ResearchRequest};
use storage::{Conn, events};

use crate::App;
use crate::accounts::Country;
use crate::authority::{person, see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What a researcher asks for.
#[derive(Debug, Clone)]
pub struct RequestExports {
    /// The challenge, by id or short name.
    pub challenge: String,
    /// What the study is called.
    pub title: Title,
    /// What it wants to know.
    pub question: Statement,
    /// Where it is done.
    pub institution: Title,
    /// In which country.
    pub country: Country,
    /// Who has reviewed it.
    pub ethics_board: Title,
    /// Under which number.
    pub approval_reference: Title,
    /// The last day of that approval.
    pub approval_until: Date,
    /// The version of the data use agreement that the researcher has read and signs.
    pub agreement_version: i32,
}

/// A request with what was handed over on it, and the pseudonyms in each whose rows must be deleted.
#[derive(Debug, Clone)]
pub struct RequestDetail {
    /// The request.
    pub request: ResearchRequest,
    /// The exports, newest first.
    pub exports: Vec<(Export, Vec<String>)>,
}

/// Asks, and signs the agreement with it; for researchers. Of a request that was sent before, what became of it is told.
pub async fn request_exports(
    app: &App,
    actor: &Actor,
    input: RequestExports,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<RequestDetail>> {
    let asker = verified_person(actor, Scope::Read)?;
    if asker.site_role == SiteRole::Member {
        let detail = "this is for researchers; an administrator of the site can make you one";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    let (version, words) = DATA_USE_AGREEMENT;
    if input.agreement_version != version {
        return Err(
            Invalid::new("agreement_version", format!("must be {version}, the agreement in force")).into()
        );
    }
    let (user, now, id) = (asker.user, app.now(), app.sources.new_id::<ResearchRequestId>());
    if input.approval_until < now.utc_date() || input.approval_until.year() > 2200 {
        return Err(Invalid::new("approval_until", "must be a day that is not over yet").into());
    }
    let action = format!("request_exports:{}", input.challenge);
    let request = idempotency.map(|key| key.request(actor, &action));
    let asking = actor.clone();
    let made = create_once(app, request, id, now, move |conn| {
        let actor = &asking;
        let challenge = see_challenge(conn, actor, &input.challenge)?.challenge;
        let new = ResearchRequest {
            id,
            challenge_id: challenge.id,
            requested_by: user,
            title: input.title.as_str().to_owned(),
            question: input.question.as_str().to_owned(),
            institution: input.institution.as_str().to_owned(),
            country: input.country.as_str().to_owned(),
            ethics_board: input.ethics_board.as_str().to_owned(),
            approval_reference: input.approval_reference.as_str().to_owned(),
            approval_until: input.approval_until.to_string(),
            agreement_version: version,
            agreement_digest: Digest::of(words.as_bytes()).to_string(),
            requested_at: now,
            decision: None,
            reason: None,
            decided_by: None,
            decided_at: None,
        };
        requests::insert(conn, &new)?;
        let payload = [("agreement_version", json!(version)), ("country", json!(new.country))];
        let subject = format!("research_request:{id}");
        let told = event(actor, now, EventKind::ExportRequested, subject, Some(challenge.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await?;
    let detail = read_request(app, actor, made.into_inner()).await?;
    Ok(made.map(|_| detail))
}

/// Approves or refuses a request, once, with a reason; for organizers, who cannot approve their own.
pub async fn decide_request(
    app: &App,
    actor: &Actor,
    id: ResearchRequestId,
    approved: bool,
    reason: Statement,
) -> Outcome<RequestDetail> {
    let by = person(actor, Scope::Organize)?.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let request = requests::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let seen = see_challenge(conn, &actor, &request.challenge_id.to_string())?;
            if request.requested_by != by && !seen.is_organizer() {
                return Err(Failure::not_found());
            }
            seen.manage(&actor)?;
            if request.requested_by == by {
                return Err(Failure::new(
                    Code::Forbidden,
                    "somebody else has to decide about your own request",
                ));
            }
            let decision = if approved { "approved" } else { "refused" };
            if !requests::decide(conn, id, (decision, reason.as_str()), by, now)? {
                return Err(Failure::new(Code::StateConflict, "the request was decided before"));
            }
            let kind = if approved { EventKind::ExportApproved } else { EventKind::ExportRefused };
            let subject = format!("research_request:{id}");
            events::append(conn, event(&actor, now, kind, subject, Some(request.challenge_id), []))?;
            detail(conn, id)
        })
        .await
}

/// A request; for whoever asked and for organizers.
pub async fn read_request(app: &App, actor: &Actor, id: ResearchRequestId) -> Outcome<RequestDetail> {
    let user = person(actor, Scope::Read)?.user;
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let found = detail(conn, id)?;
            let seen = see_challenge(conn, &actor, &found.request.challenge_id.to_string())?;
            if found.request.requested_by != user && !seen.is_organizer() {
                return Err(Failure::not_found());
            }
            Ok(found)
        })
        .await
}

/// A person's own requests with what was handed over on each, newest first.
pub async fn list_own_requests(app: &App, actor: &Actor) -> Outcome<Vec<RequestDetail>> {
    let user = person(actor, Scope::Read)?.user;
    app.db
        .read(move |conn| {
            let own = requests::of_person(conn, user)?;
            own.into_iter().map(|request| detail(conn, request.id)).collect()
        })
        .await
}

/// The requests about a challenge, newest first; for organizers.
pub async fn list_requests(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<ResearchRequest>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(requests::of_challenge(conn, inspected.id)?)
        })
        .await
}

/// The purpose that somebody has to consent to before a row about them is handed over.
pub(super) const PURPOSE: ConsentPurpose = ConsentPurpose::ResearchPseudonymous;

fn detail(conn: &mut Conn<'_>, id: ResearchRequestId) -> Outcome<RequestDetail> {
    let request = requests::find(conn, id)?.ok_or_else(Failure::not_found)?;
    Ok(RequestDetail { exports: exports::of_request(conn, id)?, request })
}
