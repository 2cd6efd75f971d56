//! Somebody with a link objects, and comes back to see what was answered.

use domain::event::EventKind;
use domain::integrity::Statement;
use domain::{Actor, ContestationId};
use serde_json::json;
use storage::contestations::{self, Contestation, Link};
use storage::{Conn, events};

use super::links::works;
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::identity::{OpaqueToken, TokenKind};

/// What somebody objects to.
#[derive(Debug, Clone)]
pub struct Objection {
    /// The token of the link.
    pub token: String,
    /// What they say that they are (`chain_role`), or `not_disclosed`.
    pub role: String,
    /// What is wrong (`contestation.ground`).
    pub ground: String,
    /// In their words.
    pub text: Statement,
}

/// Raises an objection. Nobody is asked who they are, and no address is kept.
pub async fn raise_contestation(
    app: &App,
    objection: Objection,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ContestationId>> {
    let errors = wrong_codes(&[
        ("role", "chain_role", &objection.role),
        ("ground", "contestation.ground", &objection.ground),
    ]);
    if !errors.is_empty() {
        return Err(Failure::invalid_fields(errors));
    }
    let token = parse(&objection.token)?;
    let (now, id) = (app.now(), app.sources.new_id::<ContestationId>());
    // Keys are of the link: people who are not signed in have nothing else in common.
    let own = |key: IdempotencyKey| IdempotencyKey { key: format!("{}:{}", token.digest(), key.key), ..key };
    let request = idempotency.map(|key| own(key).request(&Actor::Anonymous, "raise_contestation"));
    create_once(app, request, id, now, move |conn| {
        let link = opened(conn, &token)?;
        if !works(&link, now) {
            return Err(Failure::not_found());
        }
        if !contestations::take(conn, link.id)? {
            return Err(Failure::new(Code::StateConflict, "this link lets no further objection in"));
        }
        let new = Contestation {
            id,
            challenge_id: link.challenge_id,
            link_id: link.id,
            raised_by_role: objection.role.clone(),
            ground: objection.ground.clone(),
            body: objection.text.as_str().to_owned(),
            raised_at: now,
            outcome: None,
            answer: None,
            answered_at: None,
        };
        contestations::insert(conn, &new)?;
        let payload = [("ground", json!(new.ground)), ("role", json!(new.raised_by_role))];
        let subject = format!("contestation:{id}");
        let challenge = Some(link.challenge_id);
        let raised =
            event(&Actor::Anonymous, now, EventKind::ContestationRaised, subject, challenge, payload);
        Ok(events::append(conn, raised)?)
    })
    .await
}

/// What came through a link, oldest first, with the answers; for whoever has the link, also when it lets nothing in any more.
pub async fn read_answers(app: &App, token: &str) -> Outcome<Vec<Contestation>> {
    let token = parse(token)?;
    app.db
        .read(move |conn| {
            let link = opened(conn, &token)?;
            Ok(contestations::of_link(conn, link.id)?)
        })
        .await
}

fn parse(token: &str) -> Outcome<OpaqueToken> {
    OpaqueToken::parse(TokenKind::Contestation, token).map_err(|_| Failure::not_found())
}

fn opened(conn: &mut Conn<'_>, token: &OpaqueToken) -> Outcome<Link> {
    contestations::link_of(conn, token.digest())?.ok_or_else(Failure::not_found)
}
