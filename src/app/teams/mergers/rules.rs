//! What keeps two teams from becoming one.

use domain::Timestamp;
use domain::phase::WindowState;
use domain::quota::CONCURRENT;
use storage::challenges::Challenge;
use storage::phases::{self, Phase};
use storage::teams::{self, Team, mergers};
use storage::{Conn, integrity, quota, releases};

use crate::challenges::not_archived;
use crate::failure::{Code, Failure, Outcome};
use crate::teams::not_frozen;

/// The phases whose submissions go along: those that are not over.
pub(super) fn phases_that_go_on(
    conn: &mut Conn<'_>,
    challenge: &Challenge,
    now: Timestamp,
) -> Outcome<Vec<Phase>> {
    let mut phases = phases::list(conn, challenge.id)?;
    phases.retain(|phase| phase.window_at(now) != WindowState::Closed);
    Ok(phases)
}

/// Everything that keeps `from` from going into `into` at this moment; nothing where they can become one.
pub(super) fn hindrances(
    conn: &mut Conn<'_>,
    challenge: &Challenge,
    (from, into): (&Team, &Team),
    now: Timestamp,
) -> Outcome<Vec<Failure>> {
    let mut found = Vec::new();
    found.extend(not_archived(challenge).err());
    found.extend(not_frozen(challenge, now).err());
    for team in [from, into] {
        if mergers::gone_into(conn, team.id)?.is_some() {
            let detail = format!("{} has gone into another team already", team.name);
            found.push(Failure::new(Code::StateConflict, detail));
        }
    }
    let mut members = 0;
    for team in [from, into] {
        members += teams::members_of(conn, team.id)?.iter().filter(|one| one.left_at.is_none()).count();
    }
    if let Some(most) = challenge.team_limit().filter(|most| members > *most as usize) {
        let detail = format!("together the teams have {members} members, and a team may have {most}");
        found.push(Failure::new(Code::TeamFull, detail));
    }
    for phase in phases::list(conn, challenge.id)? {
        if integrity::disqualified(conn, phase.id)?.iter().any(|team| [from.id, into.id].contains(team)) {
            let detail = format!(
                "one of the teams is disqualified in the phase {}; appeal to the organizers first",
                phase.codename
            );
            found.push(Failure::new(Code::StateConflict, detail));
        }
    }
    for phase in phases_that_go_on(conn, challenge, now)? {
        found.extend(over_quota(conn, &phase, (from, into), now)?);
        if phase.ranking.0.release.is_ladder() && releases::has_any(conn, phase.id, from.id)? {
            let detail = format!(
                "the phase {} shows {} its scores on a ladder, which cannot be joined with another; \
                 let the other team go into it instead",
                phase.codename, from.name
            );
            found.push(Failure::new(Code::StateConflict, detail));
        }
    }
    Ok(found)
}

/// The windows in which both teams together have used more than one may.
fn over_quota(
    conn: &mut Conn<'_>,
    phase: &Phase,
    (from, into): (&Team, &Team),
    now: Timestamp,
) -> Outcome<Vec<Failure>> {
    let mut found = Vec::new();
    for window in phase.quota().windows(now) {
        // What waits or runs comes to an end by itself.
        if window.name == CONCURRENT {
            continue;
        }
        let used = quota::count_used_together(conn, phase.id, &[from.id, into.id], &window.name)?;
        if used > window.limit {
            let until = window.renews_at.map_or_else(
                || "; ask the organizers whether they give some back".to_owned(),
                |renews_at| format!("; it begins anew at {renews_at}"),
            );
            let detail = format!(
                "together the teams have used {used} submissions of {} in the phase {}, and a team has {}{until}",
                window.name, phase.codename, window.limit
            );
            found.push(Failure::new(Code::MergerOverQuota, detail));
        }
    }
    Ok(found)
}
