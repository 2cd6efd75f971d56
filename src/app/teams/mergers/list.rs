//! The mergers of a team: those that wait, with what stands in their way, and those that were answered.

use domain::{Actor, TeamId};
use storage::Conn;
use storage::challenges;
use storage::teams::mergers::{self, Merger};
use storage::teams::{self, Team};

use super::rules::hindrances;
use crate::App;
use crate::authority::see_team;
use crate::failure::{Failure, Outcome};

/// A merger with the teams that it is about.
#[derive(Debug)]
pub struct MergerDetail {
    /// The merger.
    pub merger: Merger,
    /// The team that ends.
    pub from: Team,
    /// The team that goes on.
    pub into: Team,
    /// What stands in its way now; empty for one that was answered.
    pub hindrances: Vec<Failure>,
}

impl MergerDetail {
    /// Whether a team has gone into another with it.
    pub fn is_end_of(&self, team: TeamId) -> bool {
        self.from.id == team && self.merger.is_accepted()
    }
}

/// The mergers of a team, newest first; for its members and the organizers.
pub async fn list_mergers(app: &App, actor: &Actor, team: TeamId) -> Outcome<Vec<MergerDetail>> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            see_team(conn, &actor, team)?;
            mergers::of_team(conn, team)?.into_iter().map(|merger| detail(conn, merger, now)).collect()
        })
        .await
}

fn detail(conn: &mut Conn<'_>, merger: Merger, now: domain::Timestamp) -> Outcome<MergerDetail> {
    let from = teams::find(conn, merger.from_team_id)?.ok_or_else(Failure::not_found)?;
    let into = teams::find(conn, merger.into_team_id)?.ok_or_else(Failure::not_found)?;
    let challenge = challenges::find(conn, into.challenge_id)?.ok_or_else(Failure::not_found)?;
    let hindrances = match merger.answer {
        Some(_) => Vec::new(),
        None => hindrances(conn, &challenge, (&from, &into), now)?,
    };
    Ok(MergerDetail { merger, from, into, hindrances })
}
