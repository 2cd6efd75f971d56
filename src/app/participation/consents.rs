//! A person consents to a purpose, and takes it back.

use domain::event::EventKind;
use domain::{Actor, ConsentId, ConsentPurpose, Scope};
use serde_json::json;
use storage::events;
use storage::participation::consents::{self, Consent};
use storage::participation::{exports, people};

use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// What a person is asked, and how they answered.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// The consent that stands, if there is one.
    pub standing: Option<Consent>,
}

/// All purposes in the order in which they are asked, with the consents that stand.
pub async fn list_consents(app: &App, actor: &Actor) -> Outcome<Vec<Asked>> {
    let user = person(actor, Scope::Read)?.user;
    let given = app.db.read(move |conn| Ok::<_, Failure>(consents::of_person(conn, user)?)).await?;
    let standing = |purpose: ConsentPurpose| {
        given.iter().find(|consent| consent.purpose == purpose && consent.withdrawn_at.is_none()).cloned()
    };
    Ok(ConsentPurpose::ALL
        .into_iter()
        .map(|purpose| Asked { purpose, standing: standing(purpose) })
        .collect())
}

/// Consents to a purpose in the words of `version`; what stands already stays as it is.
///
/// The version says which words were read: if they have changed since, nothing is consented to.
pub async fn give_consent(
    app: &App,
    actor: &Actor,
    purpose: ConsentPurpose,
    version: i32,
) -> Outcome<Consent> {
    let person = person(actor, Scope::Submit)?;
    let text = purpose.text();
    if version != text.version {
        let detail = format!("the text in force is version {}; read it again", text.version);
        return Err(Failure::new(Code::StateConflict, detail));
    }
    let now = app.now();
    let new = Consent {
        id: app.sources.new_id::<ConsentId>(),
        user_id: person.user,
        purpose,
        version,
        locale: text.locale.to_owned(),
        method: if person.session.is_some() { "web_form" } else { "api" }.to_owned(),
        given_at: now,
        withdrawn_at: None,
    };
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            people::lock(conn, new.user_id)?;
            let standing = consents::of_person(conn, new.user_id)?
                .into_iter()
                .find(|consent| consent.purpose == purpose && consent.withdrawn_at.is_none());
            if let Some(standing) = standing.filter(|standing| standing.version == version) {
                return Ok(standing);
            }
            // Other words need another consent; the one to the old words ends with it.
            consents::withdraw(conn, new.user_id, purpose, now)?;
            consents::keep_text(conn, text, now)?;
            consents::give(conn, &new)?;
            let payload =
                [("purpose", json!(purpose)), ("version", json!(version)), ("consent", json!(new.id))];
            let subject = format!("user:{}", new.user_id);
            events::append(conn, event(&actor, now, EventKind::ConsentGiven, subject, None, payload))?;
            Ok(new.clone())
        })
        .await
}

/// Takes a consent back; from now on no export has the person for this purpose, and holders of old ones are told.
///
/// Gives the number of exports whose holders must delete the person's rows.
pub async fn withdraw_consent(app: &App, actor: &Actor, purpose: ConsentPurpose) -> Outcome<usize> {
    let user = person(actor, Scope::Submit)?.user;
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            if !consents::withdraw(conn, user, purpose, now)? {
                return Ok(0);
            }
            let told = if purpose == ConsentPurpose::ResearchPseudonymous {
                exports::withdraw(conn, user, now)?
            } else {
                0
            };
            let payload = [("purpose", json!(purpose)), ("exports", json!(told))];
            let subject = format!("user:{user}");
            let withdrawn = event(&actor, now, EventKind::ConsentWithdrawn, subject, None, payload);
            events::append(conn, withdrawn)?;
            Ok(told)
        })
        .await
}
