//! What the members of a team used of a quota before they came.

use diesel::prelude::*;
use domain::{ChallengeId, PhaseId, TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{memberships, quota_slots, submissions};
use crate::types::Column;

/// A stay of a present member in another team of the challenge.
#[derive(Queryable)]
pub(super) struct Stay {
    team: TeamId,
    user: UserId,
    joined_at: Timestamp,
    left_at: Option<Timestamp>,
}

/// A slot that another team used, and by whom and when.
#[derive(Queryable)]
struct ForeignSlot {
    team: TeamId,
    submitted_by: UserId,
    created_at: Timestamp,
    received_at: Option<Timestamp>,
}

impl Stay {
    fn covers(&self, slot: &ForeignSlot) -> bool {
        let at = slot.received_at.unwrap_or(slot.created_at);
        let was_there = self.joined_at <= at && self.left_at.is_none_or(|left_at| at < left_at);
        self.team == slot.team && (self.user == slot.submitted_by || was_there)
    }
}

/// The stays of the present members of some teams of a challenge in its other teams; almost always none.
pub(super) fn stays_elsewhere(conn: &mut Conn<'_>, of: &[TeamId]) -> Result<Vec<Stay>, StoreError> {
    let present: Vec<(ChallengeId, UserId)> = on!(conn, c => memberships::table
        .filter(memberships::team_id.eq_any(of.iter().map(Column::sql)))
        .filter(memberships::left_at.is_null())
        .select((memberships::challenge_id, memberships::user_id))
        .load(c))?;
    let Some((challenge, _)) = present.first().copied() else { return Ok(Vec::new()) };
    Ok(on!(conn, c => memberships::table
        .filter(memberships::challenge_id.eq(challenge.sql()))
        .filter(memberships::team_id.ne_all(of.iter().map(Column::sql)))
        .filter(memberships::user_id.eq_any(present.iter().map(|(_, user)| user.sql())))
        .select((memberships::team_id, memberships::user_id, memberships::joined_at, memberships::left_at))
        .load(c))?)
}

/// How many slots of a window the people of these stays used there; one that several of them share counts once.
pub(super) fn brought_along(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    stays: &[Stay],
    window: &str,
) -> Result<usize, StoreError> {
    if stays.is_empty() {
        return Ok(0);
    }
    let slots: Vec<ForeignSlot> = on!(conn, c => quota_slots::table
        .inner_join(submissions::table)
        .filter(quota_slots::phase_id.eq(phase.sql()))
        .filter(quota_slots::team_id.eq_any(stays.iter().map(|stay| stay.team.sql())))
        .filter(quota_slots::quota_window.eq(window))
        .select((
            quota_slots::team_id,
            submissions::submitted_by,
            submissions::created_at,
            submissions::received_at,
        ))
        .load(c))?;
    Ok(slots.iter().filter(|slot| stays.iter().any(|stay| stay.covers(slot))).count())
}
