//! Somebody who holds a link that was made for a person: they read what that person reads, and nothing else.

use domain::{Actor, UserId};
use storage::accounts::users;

use super::by_link;
use super::session::disabled;
use crate::App;
use crate::failure::{Failure, Outcome};

/// The reader for whom a link was made; the caller has checked the link.
pub async fn link_holder(app: &App, user: UserId) -> Outcome<Actor> {
    let found = app.db.read(move |conn| users::find(conn, user).map_err(Failure::from)).await?;
    let user = found.ok_or_else(Failure::not_found)?;
    if user.disabled_at.is_some() {
        return Err(disabled());
    }
    Ok(by_link(app, &user))
}
