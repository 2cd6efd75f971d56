//! Everything that is kept about a person, for that person.

use domain::{Actor, Scope};
use storage::Conn;
pub use storage::accounts::memberships::Stay;
use storage::accounts::{Affiliation, User, affiliations, memberships, users};
use storage::challenges::registrations;
pub use storage::challenges::registrations::OwnRegistration;
use storage::participation::access::{self, AccessRequest};
use storage::participation::consents::{self, Consent};
use storage::participation::exports::{self, OwnExport};
use storage::participation::people;
use storage::participation::requests::{self, ResearchRequest};
use storage::submissions;
pub use storage::submissions::OwnSubmission;

use crate::App;
use crate::authority::person;
use crate::failure::{Failure, Outcome};

/// Everything that leads to a person.
#[derive(Debug, Clone)]
pub struct MyData {
    /// The account.
    pub user: User,
    /// The ORCID iD.
    pub orcid: Option<String>,
    /// The affiliations.
    pub affiliations: Vec<Affiliation>,
    /// Every consent, those withdrawn too.
    pub consents: Vec<Consent>,
    /// The challenges registered for.
    pub registrations: Vec<OwnRegistration>,
    /// Every stay in a team.
    pub teams: Vec<Stay>,
    /// What the person sent.
    pub submissions: Vec<OwnSubmission>,
    /// Requests for data.
    pub access_requests: Vec<AccessRequest>,
    /// Requests as a researcher.
    pub research_requests: Vec<ResearchRequest>,
    /// Exports with rows about the person.
    pub exports: Vec<OwnExport>,
}

/// What is kept about the person who asks.
pub async fn read_my_data(app: &App, actor: &Actor) -> Outcome<MyData> {
    let user = person(actor, Scope::Read)?.user;
    app.db
        .read(move |conn| {
            let user = users::find(conn, user)?.ok_or_else(Failure::not_found)?;
            collect(conn, user)
        })
        .await
}

/// The exports that have rows about the person who asks, newest first.
pub async fn list_my_exports(app: &App, actor: &Actor) -> Outcome<Vec<OwnExport>> {
    let user = person(actor, Scope::Read)?.user;
    app.db.read(move |conn| Ok(exports::of_person(conn, user)?)).await
}

fn collect(conn: &mut Conn<'_>, user: User) -> Outcome<MyData> {
    Ok(MyData {
        orcid: people::find(conn, user.id)?.and_then(|person| person.orcid),
        affiliations: affiliations::of_person(conn, user.id)?,
        consents: consents::of_person(conn, user.id)?,
        registrations: registrations::of_person(conn, user.id)?,
        teams: memberships::stays_of(conn, user.id)?,
        submissions: submissions::of_person(conn, user.id)?,
        access_requests: access::of_person(conn, user.id)?,
        research_requests: requests::of_person(conn, user.id)?,
        exports: exports::of_person(conn, user.id)?,
        user,
    })
}
