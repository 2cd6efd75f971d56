//! A registered person forms a team and is its captain.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, MembershipId, Scope, TeamId, TeamName, Timestamp};
use serde_json::json;
use storage::challenges::Challenge;
use storage::teams::{self, Team};
use storage::{Conn, events};

use super::{already_in_team, name_taken};
use crate::App;
use crate::authority::{require_registration, see_challenge, verified_person};
use crate::challenges::not_archived;
use crate::context::event;
use crate::failure::Outcome;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Forms a team of one.
pub async fn form_team(
    app: &App,
    actor: &Actor,
    challenge: &str,
    name: TeamName,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<TeamId>> {
    let (now, id) = (app.now(), app.sources.new_id::<TeamId>());
    let membership: MembershipId = app.sources.new_id();
    let request = idempotency.map(|key| key.request(actor, &format!("form_team:{challenge}")));
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    create_once(app, request, id, now, move |conn| {
        let seen = see_challenge(conn, &actor, &challenge)?.challenge;
        form_in(conn, &actor, &seen, (id, membership), name.clone(), now)
    })
    .await
}

/// Forms a team within a transaction.
pub(crate) fn form_in(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &Challenge,
    (id, membership): (TeamId, MembershipId),
    name: TeamName,
    now: Timestamp,
) -> Outcome<()> {
    let captain = verified_person(actor, Scope::Submit)?.user;
    not_archived(challenge)?;
    require_registration(conn, challenge.id, captain)?;
    let team = Team { id, challenge_id: challenge.id, name, created_at: now };
    teams::insert(conn, &team).map_err(name_taken)?;
    teams::join(conn, membership, &team, captain, TeamRole::Captain, now).map_err(already_in_team)?;
    let payload = [("captain", json!(captain))];
    let told = event(actor, now, EventKind::TeamCreated, format!("team:{id}"), Some(challenge.id), payload);
    Ok(events::append(conn, told)?)
}
