//! Accounts: making one, proving the address, signing in, and what programs sign in with.
//!
//! Nothing here tells a stranger whether an address has an account:
//! registering, asking for a link and signing in answer alike for both, in words and in time.

pub mod affiliations;
pub mod api_tokens;
pub mod authenticate;
pub mod change_password;
mod country;
pub mod create_user;
mod even_time;
mod letter;
pub mod link_holder;
pub mod list_users;
pub mod me;
pub mod refresh;
pub mod register;
pub mod reset;
mod session;
pub mod sign_in;
pub mod sign_out;
pub mod update_user;
pub mod verify;

pub use authenticate::{Credential, authenticate};
pub use country::Country;
pub use session::{BrowserSession, LONGEST_SESSION_SECONDS, TokenPair};

/// What is kept of accounts, for those who show them.
pub mod records {
    pub use storage::accounts::memberships::OwnTeam;
    pub use storage::accounts::{Affiliation, ApiToken, User};
}

use domain::actor::Person;
use domain::{Actor, Scope, Scopes, SessionId, UserId};
use storage::accounts::User;

use crate::App;
use crate::authority::person;
use crate::failure::{Code, Failure, Outcome};

/// How an account is named in the event log.
fn subject(user: UserId) -> String {
    format!("user:{user}")
}

/// The person of an account, with what their credential allows.
fn as_person(app: &App, user: &User, scopes: Scopes, session: Option<SessionId>) -> Actor {
    Actor::Person(Person {
        user: user.id,
        site_role: user.site_role,
        scopes,
        session,
        verified: user.email_verified_at.is_some() || !app.settings.accounts.verification_required,
    })
}

/// Somebody who acts with nothing but the link from a mail, as the event log names them.
fn by_link(app: &App, user: &User) -> Actor {
    as_person(app, user, Scopes::of(&[]), None)
}

/// A person who signed in themselves.
///
/// Passwords and tokens are changed by people only: a token for programs must not make itself a stronger one.
pub(crate) fn signed_in_person(actor: &Actor) -> Outcome<(&Person, SessionId)> {
    let person = person(actor, Scope::Read)?;
    match person.session {
        Some(session) => Ok((person, session)),
        None => {
            let detail = "an API token cannot do this: sign in with your password";
            Err(Failure::new(Code::InsufficientScope, detail))
        }
    }
}
