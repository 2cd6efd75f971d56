//! Who runs a challenge. It has an owner at every moment.

use domain::event::EventKind;
use domain::{Actor, ChallengeId, ChallengeRole, EmailAddress, Timestamp, UserId};
use serde_json::json;
use storage::challenges::organizers::{self, Organizer};
use storage::{Conn, events};

use super::own_locked;
use crate::App;
use crate::authority::see_challenge;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// A person as an owner names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonKey {
    /// By their account.
    User(UserId),
    /// By their proven address.
    Email(EmailAddress),
}

impl PersonKey {
    /// Reads an id or an e-mail address; anything else names nobody.
    pub fn parse(text: &str) -> Outcome<Self> {
        if let Ok(user) = text.parse() {
            return Ok(Self::User(user));
        }
        EmailAddress::parse(text).map(Self::Email).map_err(|_| Failure::not_found())
    }

    fn find(&self, conn: &mut Conn<'_>) -> Outcome<UserId> {
        let found = match self {
            Self::User(user) => organizers::candidate(conn, Some(*user), None)?,
            Self::Email(email) => organizers::candidate(conn, None, Some(email))?,
        };
        found.ok_or_else(Failure::not_found)
    }
}

/// Everybody who runs a challenge; for those who do.
pub async fn list_organizers(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<Organizer>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let inspected = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(organizers::list(conn, inspected.id)?)
        })
        .await
}

/// Gives a person a role; for owners.
pub async fn set_organizer(
    app: &App,
    actor: &Actor,
    challenge: &str,
    who: PersonKey,
    role: ChallengeRole,
) -> Outcome<Organizer> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let id = own_locked(conn, &actor, &challenge)?.id;
            let user = who.find(conn)?;
            let before = organizers::role_of(conn, id, user)?;
            if before != Some(role) {
                keep_an_owner(conn, id, before)?;
                organizers::set(conn, id, user, role, now)?;
                tell(conn, &actor, id, user, (before, Some(role)), now)?;
            }
            let mut all = organizers::list(conn, id)?.into_iter();
            all.find(|organizer| organizer.user == user).ok_or_else(Failure::not_found)
        })
        .await
}

/// Takes a person's role away; for owners.
pub async fn remove_organizer(app: &App, actor: &Actor, challenge: &str, who: PersonKey) -> Outcome<()> {
    let now = app.now();
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .write(move |conn| {
            let id = own_locked(conn, &actor, &challenge)?.id;
            let user = who.find(conn)?;
            let before = organizers::role_of(conn, id, user)?.ok_or_else(Failure::not_found)?;
            keep_an_owner(conn, id, Some(before))?;
            organizers::remove(conn, id, user)?;
            tell(conn, &actor, id, user, (Some(before), None), now)
        })
        .await
}

/// Refuses to take ownership away from the last owner.
fn keep_an_owner(conn: &mut Conn<'_>, challenge: ChallengeId, before: Option<ChallengeRole>) -> Outcome<()> {
    if before == Some(ChallengeRole::Owner) && organizers::owners(conn, challenge)? == 1 {
        let detail = "a challenge needs an owner; make somebody else an owner first";
        return Err(Failure::new(Code::StateConflict, detail));
    }
    Ok(())
}

fn tell(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: ChallengeId,
    user: UserId,
    (before, role): (Option<ChallengeRole>, Option<ChallengeRole>),
    now: Timestamp,
) -> Outcome<()> {
    let payload = [("user", json!(user)), ("from", json!(before)), ("role", json!(role))];
    let subject = format!("challenge:{challenge}");
    let told = event(actor, now, EventKind::OrganizerChanged, subject, Some(challenge), payload);
    Ok(events::append(conn, told)?)
}
