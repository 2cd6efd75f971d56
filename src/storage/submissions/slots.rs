//! Quota slots: taken, counted and freed.
//!
//! What a team may still send depends on its own slots and on what its members used before they came.

use diesel::prelude::*;
use domain::quota::{CONCURRENT, QuotaWindow, first_free_slot};
use domain::{ChallengeId, PhaseId, SubmissionId, TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{memberships, quota_slots, submissions};
use crate::types::Column;

/// A window with no slot left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhausted(pub QuotaWindow);

/// Takes one slot in every window, or none.
///
/// Free is what [`count_used`] leaves of the limit.
/// The team's row is locked first, so that two requests cannot see the same free slot;
/// if they ever did, the primary key of the slots refuses the second.
pub fn take_slots(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    submission: SubmissionId,
    windows: &[QuotaWindow],
) -> Result<Result<(), Exhausted>, StoreError> {
    crate::teams::lock(conn, team)?;
    let stays = elsewhere(conn, team)?;
    let mut free = Vec::with_capacity(windows.len());
    for window in windows {
        let own = used_slots(conn, phase, team, &window.name)?;
        let brought = brought_along(conn, phase, &stays, &window.name)?;
        let is_full = own.len() + brought >= usize::try_from(window.limit).unwrap_or(usize::MAX);
        match first_free_slot(window.limit, &own) {
            Some(slot) if !is_full => free.push(slot),
            _ => return Ok(Err(Exhausted(window.clone()))),
        }
    }
    for (window, slot) in windows.iter().zip(free) {
        on!(conn, c => diesel::insert_into(quota_slots::table)
            .values((
                quota_slots::phase_id.eq(phase.sql()),
                quota_slots::team_id.eq(team.sql()),
                quota_slots::quota_window.eq(&window.name),
                quota_slots::slot.eq(i32::try_from(slot).unwrap_or(i32::MAX)),
                quota_slots::submission_id.eq(submission.sql()),
            ))
            .execute(c))?;
    }
    Ok(Ok(()))
}

/// How many slots of a window a team has used, with what its present members used in teams they were in before.
///
/// A quota follows people as well as teams: whoever leaves a team takes along what was sent while they were in it,
/// and what they sent themselves; the team that they leave keeps what it used.
pub fn count_used(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    window: &str,
) -> Result<u32, StoreError> {
    let stays = elsewhere(conn, team)?;
    let used = used_slots(conn, phase, team, window)?.len() + brought_along(conn, phase, &stays, window)?;
    Ok(u32::try_from(used).unwrap_or(u32::MAX))
}

/// A stay of a present member in another team of the challenge.
#[derive(Queryable)]
struct Stay {
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

/// The stays of a team's present members in other teams of its challenge; almost always none.
fn elsewhere(conn: &mut Conn<'_>, team: TeamId) -> Result<Vec<Stay>, StoreError> {
    let present: Vec<(ChallengeId, UserId)> = on!(conn, c => memberships::table
        .filter(memberships::team_id.eq(team.sql()))
        .filter(memberships::left_at.is_null())
        .select((memberships::challenge_id, memberships::user_id))
        .load(c))?;
    let Some((challenge, _)) = present.first().copied() else { return Ok(Vec::new()) };
    Ok(on!(conn, c => memberships::table
        .filter(memberships::challenge_id.eq(challenge.sql()))
        .filter(memberships::team_id.ne(team.sql()))
        .filter(memberships::user_id.eq_any(present.iter().map(|(_, user)| user.sql())))
        .select((memberships::team_id, memberships::user_id, memberships::joined_at, memberships::left_at))
        .load(c))?)
}

/// How many slots of a window the people of these stays used there; one that several of them share counts once.
fn brought_along(
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

/// The numbers of the slots that a team itself uses in a window.
pub fn used_slots(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    window: &str,
) -> Result<Vec<u32>, StoreError> {
    let slots: Vec<i32> = on!(conn, c => quota_slots::table
        .filter(quota_slots::phase_id.eq(phase.sql()))
        .filter(quota_slots::team_id.eq(team.sql()))
        .filter(quota_slots::quota_window.eq(window))
        .select(quota_slots::slot)
        .load(c))?;
    Ok(slots.into_iter().filter_map(|slot| u32::try_from(slot).ok()).collect())
}

/// Frees the slot that counts waiting and running submissions.
pub fn free_concurrent_slot(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(quota_slots::table
            .filter(quota_slots::submission_id.eq(submission.sql()))
            .filter(quota_slots::quota_window.eq(CONCURRENT)))
        .execute(c))?;
    Ok(())
}

/// Frees every slot: the submission does not count.
pub fn refund_slots(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(quota_slots::table
            .filter(quota_slots::submission_id.eq(submission.sql())))
        .execute(c))?;
    Ok(())
}
