//! Tokens for programs: long-lived, with scopes and an end.

use domain::event::EventKind;
use domain::{Actor, ApiTokenId, Invalid, Scope, Scopes, SiteRole, Timestamp, Title, UserId};
use serde_json::json;
use storage::accounts::api_tokens::{self, NewApiToken};
use storage::accounts::{ApiToken, users};
use storage::{Conn, events};

use super::{signed_in_person, subject};
use crate::App;
use crate::authority::{administrator, person};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, once};
use crate::identity::{OpaqueToken, TokenKind};

/// A token that nobody remembers is a risk, so each ends on its own.
const LONGEST_DAYS: u32 = 366;
/// When nothing is said.
const USUAL_DAYS: u32 = 90;
/// Enough for every machine of a laboratory.
const MOST: usize = 100;

/// How long a token lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenDays(u32);

impl TokenDays {
    /// Reads a number of days; absent is 90.
    pub fn parse(days: Option<u32>) -> Result<Self, Invalid> {
        match days.unwrap_or(USUAL_DAYS) {
            days @ 1..=LONGEST_DAYS => Ok(Self(days)),
            _ => Err(Invalid::new("expires_in_days", format!("must be between 1 and {LONGEST_DAYS}"))),
        }
    }

    fn end(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(i64::from(self.0) * 24 * 3600)
    }
}

/// What a new token is to be.
#[derive(Debug, Clone)]
pub struct CreateApiToken {
    /// What its owner calls it.
    pub name: Title,
    /// What it allows; reading is always among it.
    pub scopes: Scopes,
    /// How long it lives.
    pub days: TokenDays,
    /// The sender's name for the request.
    pub idempotency: Option<IdempotencyKey>,
}

/// A token for its owner, who sees the secret this one time.
pub struct NewToken {
    /// What is kept of it.
    pub token: ApiToken,
    /// The token itself; absent when the request is a repetition, for it is kept nowhere.
    pub secret: Option<OpaqueToken>,
}

/// A person's tokens that were not taken back, oldest first.
pub async fn list_api_tokens(app: &App, actor: &Actor) -> Outcome<Vec<ApiToken>> {
    let user = person(actor, Scope::Read)?.user;
    app.db.read(move |conn| Ok(api_tokens::of_person(conn, user)?)).await
}

/// Makes a token for oneself.
pub async fn create_api_token(app: &App, actor: &Actor, input: CreateApiToken) -> Outcome<Created<NewToken>> {
    let (person, _) = signed_in_person(actor)?;
    create(app, actor, person.user, input).await
}

/// Makes a token for somebody else, as administrators and the command line do.
pub async fn mint_api_token(
    app: &App,
    actor: &Actor,
    user: UserId,
    input: CreateApiToken,
) -> Outcome<Created<NewToken>> {
    administrator(actor)?;
    create(app, actor, user, input).await
}

async fn create(app: &App, actor: &Actor, user: UserId, input: CreateApiToken) -> Outcome<Created<NewToken>> {
    let secret = OpaqueToken::mint(TokenKind::Api, app.sources.entropy.as_ref());
    let now = app.now();
    let new = NewApiToken {
        id: app.sources.new_id(),
        user,
        name: input.name.into(),
        token: secret.digest(),
        scopes: input.scopes,
        created_at: now,
        expires_at: Some(input.days.end(now)),
    };
    let request = input.idempotency.map(|key| key.request(actor, "create_api_token"));
    let actor = actor.clone();
    let created = app
        .db
        .write(move |conn| {
            let created = once(conn, request.as_ref(), new.id, now, |conn| keep(conn, &actor, &new))?;
            let token = api_tokens::find(conn, created.into_inner())?.ok_or_else(Failure::not_found)?;
            Ok::<_, Failure>(created.map(|_| token.clone()))
        })
        .await?;
    Ok(match created {
        Created::New(token) => Created::New(NewToken { token, secret: Some(secret) }),
        Created::Replayed(token) => Created::Replayed(NewToken { token, secret: None }),
    })
}

fn keep(conn: &mut Conn<'_>, actor: &Actor, new: &NewApiToken) -> Outcome<()> {
    let owner = users::find(conn, new.user)?.ok_or_else(Failure::not_found)?;
    if new.scopes.allows(Scope::Admin) && owner.site_role != SiteRole::Admin {
        return Err(Invalid::new("scopes", "must not hold admin: the account does not run the site").into());
    }
    let live = api_tokens::of_person(conn, new.user)?;
    if live.iter().filter(|token| token.expires_at.is_none_or(|end| end > new.created_at)).count() >= MOST {
        let detail = format!("an account can have at most {MOST} tokens; revoke one first");
        return Err(Failure::new(Code::StateConflict, detail));
    }
    api_tokens::insert(conn, new)?;
    let payload = [("token", json!(new.id)), ("scopes", json!(new.scopes.names()))];
    let created = event(actor, new.created_at, EventKind::ApiTokenCreated, subject(new.user), None, payload);
    Ok(events::append(conn, created)?)
}

/// Takes one of one's own tokens back.
pub async fn revoke_api_token(app: &App, actor: &Actor, id: ApiTokenId) -> Outcome<()> {
    let (person, _) = signed_in_person(actor)?;
    let user = person.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            if !api_tokens::revoke(conn, user, id, now)? {
                return Err(Failure::not_found());
            }
            let payload = [("token", json!(id))];
            let revoked = event(&actor, now, EventKind::ApiTokenRevoked, subject(user), None, payload);
            Ok(events::append(conn, revoked)?)
        })
        .await
}
