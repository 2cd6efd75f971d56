//! A registered person forms a team and is its captain.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, MembershipId, Scope, TeamId, TeamName};
use serde_json::json;
use storage::events;
use storage::teams::{self, Team};

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
        let captain = verified_person(&actor, Scope::Submit)?.user;
        not_archived(&seen)?;
        require_registration(conn, seen.id, captain)?;
        let team = Team { id, challenge_id: seen.id, name: name.clone(), created_at: now };
        teams::insert(conn, &team).map_err(name_taken)?;
        teams::join(conn, membership, &team, captain, TeamRole::Captain, now).map_err(already_in_team)?;
        let payload = [("captain", json!(captain))];
        let told = event(&actor, now, EventKind::TeamCreated, format!("team:{id}"), Some(seen.id), payload);
        Ok(events::append(conn, told)?)
    })
    .await
}
