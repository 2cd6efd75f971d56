//! What is left of a team's quota.

use domain::quota::QuotaWindow;
use domain::{Actor, Scope};
use storage::quota;

use crate::App;
use crate::authority::{own_team, person, see_phase};
use crate::failure::Outcome;

/// A window with what is used of it.
#[derive(Debug, Clone)]
pub struct QuotaUse {
    /// The window.
    pub window: QuotaWindow,
    /// How many slots are taken, with what the members brought along from other teams; more than the limit at worst.
    pub used: u32,
}

/// What the actor's team has used of every window of a phase.
pub async fn read_quota(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<Vec<QuotaUse>> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let reader = person(&actor, Scope::Read)?;
            let (team, _) = own_team(conn, reader.user, seen.phase.challenge_id)?;
            let mut uses = Vec::new();
            for window in seen.phase.quota().windows(now) {
                let used = quota::count_used(conn, seen.phase.id, team.id, &window.name)?;
                uses.push(QuotaUse { window, used });
            }
            Ok(uses)
        })
        .await
}
