//! Teams: formed, renamed, joined by invitation, left, made one with another.
//!
//! What two people could do at once is decided by the database:
//! one team per person and challenge, one captain per team, one look of a name per challenge.
//! The size of a team is counted while its row is held.

pub mod answer;
pub mod captain;
pub mod detail;
pub mod form;
pub mod invite;
pub mod leave;
pub mod list;
pub mod mergers;
pub mod rename;

use domain::Actor;
use domain::event::{EventKind, NewEvent};
use domain::{TeamId, Timestamp, UserId};
use serde_json::{Value, json};
use storage::challenges::{self, Challenge};
use storage::teams::{self, Team};
use storage::{Conn, StoreError};

use crate::authority::see_team;
use crate::challenges::not_archived;
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::teams::invitations::{Invitation, Offer};
    pub use storage::teams::{Member, PastName, Team};
}

/// A team that goes on and whose captain is the actor, held until the transaction ends.
fn captained(conn: &mut Conn<'_>, actor: &Actor, id: TeamId) -> Outcome<Team> {
    see_team(conn, actor, id)?.as_captain(actor)?;
    teams::lock(conn, id)?;
    // The captaincy may have gone while this transaction waited.
    let team = see_team(conn, actor, id)?.as_captain(actor)?;
    match storage::teams::mergers::gone_into(conn, id)? {
        None => Ok(team),
        Some(_) => Err(Failure::new(Code::StateConflict, "this team has gone into another")),
    }
}

/// The challenge of a team, which still goes on.
fn running_challenge(conn: &mut Conn<'_>, team: &Team) -> Outcome<Challenge> {
    let challenge = challenges::find(conn, team.challenge_id)?.ok_or_else(Failure::not_found)?;
    not_archived(&challenge)?;
    Ok(challenge)
}

/// Refuses what changes who is in a team once the challenge keeps them as they are. Leaving is always possible.
fn not_frozen(challenge: &Challenge, now: Timestamp) -> Outcome<()> {
    match challenge.teams_freeze_at {
        Some(frozen_at) if now >= frozen_at => {
            Err(Failure::new(Code::TeamsFrozen, format!("nobody joins a team any more since {frozen_at}")))
        }
        _ => Ok(()),
    }
}

/// Reads a conflict on the look of a name.
fn name_taken(error: StoreError) -> Failure {
    if error.conflicts_on("teams_challenge_id_name_skeleton_key") {
        let detail = "another team has this name, or one that looks the same";
        return Failure::new(Code::TeamNameTaken, detail)
            .with_errors(vec![FieldError::new("name", "is taken, or looks like one that is")]);
    }
    error.into()
}

/// Reads a conflict on the one team that a person may be in.
fn already_in_team(error: StoreError) -> Failure {
    if error.conflicts_on("memberships_challenge_id_user_id_key") {
        return Failure::new(Code::AlreadyInTeam, "you are in a team of this challenge already");
    }
    error.into()
}

/// An event about a team and somebody in it.
fn about_member(
    actor: &Actor,
    now: Timestamp,
    kind: EventKind,
    team: &Team,
    user: UserId,
    more: impl IntoIterator<Item = (&'static str, Value)>,
) -> NewEvent {
    let payload = std::iter::once(("user", json!(user))).chain(more);
    event(actor, now, kind, format!("team:{}", team.id), Some(team.challenge_id), payload)
}
