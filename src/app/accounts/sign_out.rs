//! Somebody signs out.

use domain::Actor;
use storage::accounts::sessions;

use super::signed_in_person;
use crate::App;
use crate::failure::{Failure, Outcome};

/// Ends the session that the request came with, and with it every token of that session.
pub async fn sign_out(app: &App, actor: &Actor) -> Outcome<()> {
    let (person, session) = signed_in_person(actor)?;
    let (user, now) = (person.user, app.now());
    app.db.write::<_, Failure>(move |conn| Ok(sessions::revoke(conn, session, now)?)).await?;
    tracing::info!(user.id = %user, session.id = %session, "signed out");
    Ok(())
}
