//! A person has everything personal about them destroyed.

use domain::event::EventKind;
use domain::{Actor, EmailAddress, Invalid, Timestamp, UserId};
use serde::Serialize;
use serde_json::json;
use storage::accounts::users;
use storage::participation::{consents, erasure, people};
use storage::{Conn, events};

use crate::App;
use crate::accounts::signed_in_person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// What the person is given to keep: it names nothing that still leads to them.
#[derive(Debug, Clone, Serialize)]
pub struct ErasureReceipt {
    /// The id that the account had; tombstones and the event log carry it still.
    pub account: UserId,
    /// When.
    pub erased_at: Timestamp,
    /// Consents that ended.
    pub consents_ended: usize,
    /// Affiliations that were deleted.
    pub affiliations_deleted: usize,
    /// Teams that were left.
    pub teams_left: usize,
    /// Exports whose holders are told to delete a pseudonym.
    pub exports_withdrawn: usize,
}

/// Erases the account of the person who asks; `address` is their own, so that nobody does it by a slip.
///
/// Name, address, password, ORCID iD, affiliations, sessions and tokens go, and so does the secret that pseudonyms are made with:
/// no row of a snapshot or an export can be joined to the account any more. The id stays where it was.
pub async fn erase_me(app: &App, actor: &Actor, address: EmailAddress) -> Outcome<ErasureReceipt> {
    let user = signed_in_person(actor)?.0.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            people::lock(conn, user)?;
            let account = users::find(conn, user)?.ok_or_else(Failure::not_found)?;
            if account.email.key() != address.key() {
                return Err(Invalid::new("address", "must be the address of the account").into());
            }
            let bound = erasure::duties(conn, user)?;
            if !bound.is_empty() {
                let detail = format!("somebody else has to take over first: {}", bound.join("; "));
                return Err(Failure::new(Code::StateConflict, detail));
            }
            erase(conn, &actor, user, now)
        })
        .await
}

fn erase(conn: &mut Conn<'_>, actor: &Actor, user: UserId, now: Timestamp) -> Outcome<ErasureReceipt> {
    let mut consents_ended = 0;
    for consent in consents::of_person(conn, user)? {
        if consent.withdrawn_at.is_none() && consents::withdraw(conn, user, consent.purpose, now)? {
            consents_ended += 1;
        }
    }
    let erased = erasure::erase(conn, user, now)?;
    let payload = [
        ("consents", json!(consents_ended)),
        ("affiliations", json!(erased.affiliations)),
        ("exports", json!(erased.exports)),
    ];
    let told = event(actor, now, EventKind::ErasureDone, format!("user:{user}"), None, payload);
    events::append(conn, told)?;
    Ok(ErasureReceipt {
        account: user,
        erased_at: now,
        consents_ended,
        affiliations_deleted: erased.affiliations,
        teams_left: erased.teams_left,
        exports_withdrawn: erased.exports,
    })
}
