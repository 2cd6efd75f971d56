//! The account of a team's quota: every slot that was taken, made final or given back, with the balance after it.

use std::collections::HashMap;

use domain::{Actor, Scope, TeamId};
use storage::quota::{self, QuotaEntry};
use storage::teams;

use crate::App;
use crate::authority::{own_team, person, see_phase};
use crate::failure::{Failure, Outcome};

/// A line of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// What was done.
    pub entry: QuotaEntry,
    /// How many slots of the window are used after it.
    pub used: u32,
}

/// The account of the actor's own team in a phase, or for organizers of any team; oldest line first.
pub async fn read_statement(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    team: Option<TeamId>,
) -> Outcome<Vec<StatementLine>> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let reader = person(&actor, Scope::Read)?;
            let challenge = seen.phase.challenge_id;
            let team = match team {
                Some(asked) if seen.challenge.is_organizer() => {
                    let found = teams::find(conn, asked)?.filter(|found| found.challenge_id == challenge);
                    found.ok_or_else(Failure::not_found)?.id
                }
                asked => {
                    let (own, _) = own_team(conn, reader.user, challenge)?;
                    if asked.is_some_and(|asked| asked != own.id) {
                        return Err(Failure::not_found());
                    }
                    own.id
                }
            };
            Ok(balanced(quota::entries_of(conn, seen.phase.id, team)?))
        })
        .await
}

/// The lines with the balance of their windows.
fn balanced(entries: Vec<QuotaEntry>) -> Vec<StatementLine> {
    let mut used: HashMap<String, u32> = HashMap::new();
    let line = |entry: QuotaEntry| {
        let balance = used.entry(entry.window.clone()).or_default();
        match entry.kind.as_str() {
            "reserve" => *balance += 1,
            "refund" => *balance = balance.saturating_sub(1),
            _ => {}
        }
        StatementLine { used: *balance, entry }
    };
    entries.into_iter().map(line).collect()
}
