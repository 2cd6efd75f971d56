//! One's own account.

use domain::event::EventKind;
use domain::{Actor, PersonName, Scope};
use storage::accounts::memberships::OwnTeam;
use storage::accounts::{Affiliation, User, affiliations, memberships, users};
use storage::events;

use super::subject;
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// An account as its owner sees it.
#[derive(Debug, Clone)]
pub struct OwnAccount {
    /// The account.
    pub user: User,
    /// Whether it may take part.
    pub verified: bool,
    /// Where its owner belongs and belonged.
    pub affiliations: Vec<Affiliation>,
    /// The teams that its owner is in.
    pub teams: Vec<OwnTeam>,
}

/// Shows a person their account.
pub async fn read_account(app: &App, actor: &Actor) -> Outcome<OwnAccount> {
    let person = person(actor, Scope::Read)?.clone();
    app.db
        .read(move |conn| {
            Ok(OwnAccount {
                user: users::find(conn, person.user)?.ok_or_else(Failure::not_found)?,
                verified: person.verified,
                affiliations: affiliations::of_person(conn, person.user)?,
                teams: memberships::of_person(conn, person.user)?,
            })
        })
        .await
}

/// Changes how a person is called.
pub async fn rename_account(app: &App, actor: &Actor, name: PersonName) -> Outcome<()> {
    let user = person(actor, Scope::Submit)?.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            users::rename(conn, user, &name)?;
            events::append(conn, event(&actor, now, EventKind::AccountRenamed, subject(user), None, []))?;
            Ok(())
        })
        .await
}
