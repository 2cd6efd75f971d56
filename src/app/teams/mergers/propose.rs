//! A captain proposes that their team goes into another one.

use domain::event::EventKind;
use domain::team::TeamRole;
use domain::{Actor, Invalid, JobId, MergerId, Scope, TeamId, TeamName};
use serde_json::json;
use storage::accounts::users;
use storage::teams::{self, mergers};
use storage::{StoreError, events};

use super::rules::hindrances;
use crate::App;
use crate::authority::verified_person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::mail;
use crate::teams::{captained, running_challenge};

/// The team that is asked.
#[derive(Debug, Clone)]
pub enum OtherTeam {
    /// By its id.
    Id(TeamId),
    /// By its name, as people write it.
    Named(TeamName),
}

/// Proposes it; the captain of the other team gets a mail.
pub async fn propose_merger(
    app: &App,
    actor: &Actor,
    from: TeamId,
    into: OtherTeam,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<MergerId>> {
    let by = verified_person(actor, Scope::Submit)?.user;
    let (now, id) = (app.now(), app.sources.new_id::<MergerId>());
    let job: JobId = app.sources.new_id();
    let site = app.settings.server.public_url.clone();
    let request = idempotency.map(|key| key.request(actor, &format!("propose_merger:{from}")));
    let actor = actor.clone();
    let created = create_once(app, request, id, now, move |conn| {
        let team = captained(conn, &actor, from)?;
        let challenge = running_challenge(conn, &team)?;
        let found = match &into {
            OtherTeam::Id(id) => teams::find(conn, *id)?,
            OtherTeam::Named(name) => teams::find_named(conn, challenge.id, name)?,
        };
        let other = found
            .filter(|other| other.challenge_id == team.challenge_id && other.id != team.id)
            .ok_or_else(|| Invalid::new("into", "must be another team of the challenge"))?;
        if let Some(hindrance) = hindrances(conn, &challenge, (&team, &other), now)?.into_iter().next() {
            return Err(hindrance);
        }
        let members = teams::members_of(conn, other.id)?;
        let captain = members.iter().find(|one| one.left_at.is_none() && one.role == TeamRole::Captain);
        let Some(captain) = captain else {
            return Err(Failure::new(Code::StateConflict, "nobody is in the other team any more"));
        };
        mergers::insert(conn, id, (from, other.id), by, now).map_err(proposed_already)?;
        if let Some(user) = users::find(conn, captain.user)? {
            let text = mail::merger_proposed(&site, user.email, (&team.name, &other), &challenge.title);
            mail::enqueue(conn, job, &text, now)?;
        }
        let payload = [("merger", json!(id)), ("into", json!(other.id))];
        let (subject, of) = (format!("team:{from}"), Some(challenge.id));
        Ok(events::append(conn, event(&actor, now, EventKind::MergerProposed, subject, of, payload))?)
    })
    .await?;
    app.job_queued.notify_one();
    Ok(created)
}

fn proposed_already(error: StoreError) -> Failure {
    if error.conflicts_on(mergers::ONE_AT_A_TIME) {
        let detail = "your team has proposed a merger already; take that back first";
        return Failure::new(Code::StateConflict, detail);
    }
    error.into()
}
