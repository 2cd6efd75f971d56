//! Where people say they belong, with dates: who took part from where is a matter of the day.

use domain::event::EventKind;
use domain::{Actor, AffiliationId, Invalid, Ror, Scope, Title};
use jiff::civil::Date;
use research::snapshot::first_day_above_one;
use serde_json::json;
use storage::accounts::{Affiliation, affiliations};
use storage::events;
use storage::participation::people;

use super::{Country, subject};
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, once};
use crate::participation::codes::code_or_undisclosed;

/// Nobody has more; a program that runs wild might.
const MOST: usize = 100;

/// An affiliation as a person states it.
#[derive(Debug, Clone)]
pub struct AddAffiliation {
    /// The organization.
    pub organization: Title,
    /// Its id in the Research Organization Registry, if it is told.
    pub ror: Option<Ror>,
    /// Its country, unless it is not to be disclosed.
    pub country: Option<Country>,
    /// What the person is there; a code of `affiliation.role`, undisclosed where it is not told.
    pub role: Option<String>,
    /// How far they are in their career; a code of `career_stage`, undisclosed where it is not told.
    pub career_stage: Option<String>,
    /// The share of the person that it stands for: above 0, at most 1; all of them where it is not told.
    pub weight: Option<f64>,
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
    let weight = input.weight.unwrap_or(1.0);
    if !(weight > 0.0 && weight <= 1.0) {
        return Err(Invalid::new("weight", "must be above 0 and at most 1").into());
    }
    let role = code_or_undisclosed("role", "affiliation.role", input.role.as_deref())?;
    let career_stage = code_or_undisclosed("career_stage", "career_stage", input.career_stage.as_deref())?;
    let now = app.now();
    let new = Affiliation {
        id: app.sources.new_id(),
        user_id: user,
        organization: input.organization.into(),
        ror: input.ror.map(|ror| ror.as_str().to_owned()),
        country: input.country.map(|country| country.as_str().to_owned()),
        role,
        career_stage,
        weight,
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        created_at: now,
    };
    let request = input.idempotency.map(|key| key.request(actor, "add_affiliation"));
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let created = once(conn, request.as_ref(), new.id, now, |conn| {
                people::lock(conn, user)?;
                let mut stated = affiliations::of_person(conn, user)?;
                if stated.len() >= MOST {
                    let detail = format!("an account can state at most {MOST} affiliations");
                    return Err(Failure::new(Code::StateConflict, detail));
                }
                stated.push(new.clone());
                check_weights(&stated)?;
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
            people::lock(conn, user)?;
            let mut stated = affiliations::of_person(conn, user)?;
            for other in stated.iter_mut().filter(|other| other.id == id) {
                other.ends_on = Some(ends_on);
            }
            check_weights(&stated)?;
            affiliations::end(conn, id, ends_on)?;
            let payload = [("affiliation", json!(id))];
            let ended = event(&actor, now, EventKind::AffiliationEnded, subject(user), None, payload);
            events::append(conn, ended)?;
            Ok(Affiliation { ends_on: Some(ends_on), ..kept })
        })
        .await
}

/// On no day is a person more than one person.
fn check_weights(stated: &[Affiliation]) -> Result<(), Invalid> {
    let weighed: Vec<_> = stated.iter().map(weighed).collect();
    match first_day_above_one(&weighed) {
        None => Ok(()),
        Some((day, sum)) => {
            let rule = format!(
                "must leave room for the affiliations that hold at the same time: on {day} they weigh {sum:.3} together, more than 1"
            );
            Err(Invalid::new("weight", rule))
        }
    }
}

/// The part of an affiliation that weights are added up from.
fn weighed(stated: &Affiliation) -> research::snapshot::Affiliation {
    research::snapshot::Affiliation {
        organization: None,
        country: None,
        career_stage: stated.career_stage.clone(),
        weight: stated.weight,
        from: stated.starts_on,
        to: stated.ends_on,
    }
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
