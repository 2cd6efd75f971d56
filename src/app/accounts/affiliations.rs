//! Where people say they belong, with dates: who took part from where is a matter of the day.

use domain::event::EventKind;
use domain::{Actor, AffiliationId, Invalid, Scope, Title};
use jiff::civil::Date;
use serde_json::json;
use storage::accounts::{Affiliation, affiliations};
use storage::events;

use super::{Country, subject};
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, once};

/// Nobody has more; a program that runs wild might.
const MOST: usize = 100;

/// An affiliation as a person states it.
#[derive(Debug, Clone)]
pub struct AddAffiliation {
    /// The organization.
    pub organization: Title,
    /// Its country, unless it is not to be disclosed.
    pub country: Option<Country>,
    /// The first day.
    pub starts_on: Date,
    /// The last day, if it is over or known.
    pub ends_on: Option<Date>,
    /// The sender's name for the request.
    pub idempotency: Option<IdempotencyKey>,
}

/// A person's affiliations, in the order in which they began.
pub async fn list_affiliations(app: &App, actor: &Actor) -> Outcome<Vec<Affiliation>> {
    let user = person(actor, Scope::Read)?.user;
    app.db.read(move |conn| Ok(affiliations::of_person(conn, user)?)).await
}

/// States an affiliation.
pub async fn add_affiliation(
    app: &App,
    actor: &Actor,
    input: AddAffiliation,
) -> Outcome<Created<Affiliation>> {
    let user = person(actor, Scope::Submit)?.user;
    check_day("starts_on", input.starts_on)?;
    check_end(input.starts_on, input.ends_on)?;
    let now = app.now();
    let new = Affiliation {
        id: app.sources.new_id(),
        user_id: user,
        organization: input.organization.into(),
        country: input.country.map(|country| country.as_str().to_owned()),
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        created_at: now,
    };
    let request = input.idempotency.map(|key| key.request(actor, "add_affiliation"));
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let created = once(conn, request.as_ref(), new.id, now, |conn| {
                if affiliations::of_person(conn, user)?.len() >= MOST {
                    let detail = format!("an account can state at most {MOST} affiliations");
                    return Err(Failure::new(Code::StateConflict, detail));
                }
                affiliations::insert(conn, &new)?;
                let payload = [("affiliation", json!(new.id))];
                let added = event(&actor, now, EventKind::AffiliationAdded, subject(user), None, payload);
                Ok(events::append(conn, added)?)
            })?;
            let kept =
                affiliations::find(conn, user, created.into_inner())?.ok_or_else(Failure::not_found)?;
            Ok(created.map(|_| kept.clone()))
        })
        .await
}

/// States the last day of an affiliation.
pub async fn end_affiliation(
    app: &App,
    actor: &Actor,
    id: AffiliationId,
    ends_on: Date,
) -> Outcome<Affiliation> {
    let user = person(actor, Scope::Submit)?.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let kept = affiliations::find(conn, user, id)?.ok_or_else(Failure::not_found)?;
            check_end(kept.starts_on, Some(ends_on))?;
            affiliations::end(conn, id, ends_on)?;
            let payload = [("affiliation", json!(id))];
            let ended = event(&actor, now, EventKind::AffiliationEnded, subject(user), None, payload);
            events::append(conn, ended)?;
            Ok(Affiliation { ends_on: Some(ends_on), ..kept })
        })
        .await
}

fn check_end(starts_on: Date, ends_on: Option<Date>) -> Result<(), Invalid> {
    let Some(ends_on) = ends_on else { return Ok(()) };
    check_day("ends_on", ends_on)?;
    if ends_on < starts_on {
        return Err(Invalid::new("ends_on", "must not be before starts_on"));
    }
    Ok(())
}

/// Years of four digits, so that days sort as text; anything else is a slip anyway.
fn check_day(field: &str, day: Date) -> Result<(), Invalid> {
    if (1900..=2200).contains(&day.year()) {
        Ok(())
    } else {
        Err(Invalid::new(field, "must be a day between 1900 and 2200"))
    }
}
