//! Who runs a challenge. It has an owner at every moment.

use domain::event::EventKind;
use domain::{Actor, ChallengeId, ChallengeRole, EmailAddress, Timestamp, UserId};
use serde_json::json;
use storage::challenges;
use storage::challenges::organizers::{self, Organizer};
use storage::{Conn, events};

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
            let id = own_locked(conn, &actor, &challenge)?;
            let user = who.find(conn)?;
            if organizers::role_of(conn, id, user)? != Some(role) {
                organizers::set(conn, id, user, role, now)?;
                keep_an_owner(conn, id)?;
                tell(conn, &actor, id, user, Some(role), now)?;
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
            let id = own_locked(conn, &actor, &challenge)?;
            let user = who.find(conn)?;
            if !organizers::remove(conn, id, user)? {
                return Err(Failure::not_found());
            }
            keep_an_owner(conn, id)?;
            tell(conn, &actor, id, user, None, now)
        })
        .await
}

/// Two owners who remove each other come one after the other.
fn own_locked(conn: &mut Conn<'_>, actor: &Actor, key: &str) -> Outcome<ChallengeId> {
    let id = see_challenge(conn, actor, key)?.own(actor)?.0.id;
    challenges::lock(conn, id)?;
    // The role may have gone while this transaction waited.
    see_challenge(conn, actor, key)?.own(actor)?;
    Ok(id)
}

fn keep_an_owner(conn: &mut Conn<'_>, challenge: ChallengeId) -> Outcome<()> {
    if organizers::owners(conn, challenge)? == 0 {
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
    role: Option<ChallengeRole>,
    now: Timestamp,
) -> Outcome<()> {
    let payload = [("user", json!(user)), ("role", json!(role))];
    let subject = format!("challenge:{challenge}");
    let told = event(actor, now, EventKind::OrganizerChanged, subject, Some(challenge), payload);
    Ok(events::append(conn, told)?)
}
