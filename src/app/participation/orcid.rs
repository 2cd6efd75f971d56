//! A person states their ORCID iD, or takes it back.

use domain::event::EventKind;
use domain::{Actor, Orcid, Scope};
use serde_json::json;
use storage::events;
use storage::participation::people;

use super::ensure_people;
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// States an ORCID iD that no other account has, or none.
pub async fn set_orcid(app: &App, actor: &Actor, orcid: Option<Orcid>) -> Outcome<()> {
    let user = person(actor, Scope::Submit)?.user;
    let (actor, now, seed) = (actor.clone(), app.now(), app.sources.random());
    app.db
        .write(move |conn| {
            ensure_people(conn, &[user], &seed)?;
            if !people::set_orcid(conn, user, orcid.as_ref())? {
                let detail =
                    "another account has this ORCID iD; if it is yours, ask the operator of this server";
                return Err(Failure::new(Code::OrcidTaken, detail));
            }
            // The iD itself is personal and stays out of the log.
            let payload = [("stated", json!(orcid.is_some()))];
            let told = event(&actor, now, EventKind::OrcidChanged, format!("user:{user}"), None, payload);
            Ok(events::append(conn, told)?)
        })
        .await
}
