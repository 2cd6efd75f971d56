//! Administrators decide what an account is on the site, and whether it may be used.

use domain::event::EventKind;
use domain::{Actor, SiteRole, Timestamp, UserId};
use serde_json::json;
use storage::accounts::{User, sessions, users};
use storage::{Conn, events};

use super::subject;
use crate::App;
use crate::authority::administrator;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Copy)]
pub struct UpdateUser {
    /// Whose account.
    pub user: UserId,
    /// What they are to be on the whole site.
    pub site_role: Option<SiteRole>,
    /// Whether the account is to be unusable.
    pub disabled: Option<bool>,
}

/// Changes somebody's account; a changed role counts from their next request on.
pub async fn update_user(app: &App, actor: &Actor, input: UpdateUser) -> Outcome<User> {
    administrator(actor)?;
    if actor.user() == Some(input.user) {
        let detail = "administrators cannot demote or disable themselves: ask another one";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    let (actor, now) = (actor.clone(), app.now());
    app.db
        .write(move |conn| {
            let user = users::find(conn, input.user)?.ok_or_else(Failure::not_found)?;
            if let Some(role) = input.site_role.filter(|role| *role != user.site_role) {
                set_role(conn, &actor, &user, role, now)?;
            }
            if let Some(disabled) = input.disabled.filter(|disabled| *disabled != user.disabled_at.is_some())
            {
                set_disabled(conn, &actor, &user, disabled, now)?;
            }
            users::find(conn, input.user)?.ok_or_else(Failure::not_found)
        })
        .await
}

fn set_role(conn: &mut Conn<'_>, actor: &Actor, user: &User, role: SiteRole, now: Timestamp) -> Outcome<()> {
    users::set_site_role(conn, user.id, role)?;
    let payload = [("from", json!(user.site_role)), ("to", json!(role))];
    Ok(events::append(conn, event(actor, now, EventKind::SiteRoleChanged, subject(user.id), None, payload))?)
}

/// A disabled account is signed out everywhere; enabling it again brings no session back.
fn set_disabled(
    conn: &mut Conn<'_>,
    actor: &Actor,
    user: &User,
    disabled: bool,
    now: Timestamp,
) -> Outcome<()> {
    let (since, kind) =
        if disabled { (Some(now), EventKind::AccountDisabled) } else { (None, EventKind::AccountEnabled) };
    users::set_disabled(conn, user.id, since)?;
    if disabled {
        users::raise_epoch(conn, user.id)?;
        sessions::revoke_all_but(conn, user.id, None, now)?;
    }
    Ok(events::append(conn, event(actor, now, kind, subject(user.id), None, []))?)
}
