//! Slots of quota windows, and the account that says how they were used.

mod members;

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::quota::{CONCURRENT, QuotaWindow, first_free_slot};
use domain::{PhaseId, SubmissionId, TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{quota_entries, quota_slots, submissions};
use crate::types::Column;

/// Who did something to the quota, and when.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Absent for the server itself.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

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
    made: Made,
) -> Result<Result<(), Exhausted>, StoreError> {
    crate::teams::lock(conn, team)?;
    let stays = members::stays_elsewhere(conn, &[team])?;
    let mut free = Vec::with_capacity(windows.len());
    for window in windows {
        let own = used_slots(conn, phase, team, &window.name)?;
        let brought = members::brought_along(conn, phase, &stays, &window.name)?;
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
        if window.name != CONCURRENT {
            let entry =
                NewEntry { phase, team, submission, window: &window.name, kind: "reserve", reason: "" };
            write(conn, entry, made)?;
        }
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
    count_used_together(conn, phase, &[team], window)
}

/// How many slots of a window some teams have used that would be one.
pub fn count_used_together(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    teams: &[TeamId],
    window: &str,
) -> Result<u32, StoreError> {
    let stays = members::stays_elsewhere(conn, teams)?;
    let mut used = members::brought_along(conn, phase, &stays, window)?;
    for team in teams {
        used += used_slots(conn, phase, *team, window)?.len();
    }
    Ok(u32::try_from(used).unwrap_or(u32::MAX))
}

/// Gives the slots that a team has used to the team that it goes into, behind those of that team.
pub fn hand_over(conn: &mut Conn<'_>, phase: PhaseId, from: TeamId, into: TeamId) -> Result<(), StoreError> {
    let windows: Vec<String> = on!(conn, c => quota_slots::table
        .filter(quota_slots::phase_id.eq(phase.sql()))
        .filter(quota_slots::team_id.eq(from.sql()))
        .select(quota_slots::quota_window)
        .distinct()
        .load(c))?;
    for window in windows {
        let last = used_slots(conn, phase, into, &window)?.into_iter().max();
        let first_free = last.map_or(0, |last| i32::try_from(last + 1).unwrap_or(i32::MAX));
        on!(conn, c => diesel::update(quota_slots::table
                .filter(quota_slots::phase_id.eq(phase.sql()))
                .filter(quota_slots::team_id.eq(from.sql()))
                .filter(quota_slots::quota_window.eq(&window)))
            .set((quota_slots::team_id.eq(into.sql()), quota_slots::slot.eq(quota_slots::slot + first_free)))
            .execute(c))?;
    }
    Ok(())
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

/// How many slots of a window the team has used that used most of them.
pub fn most_used(conn: &mut Conn<'_>, phase: PhaseId, window: &str) -> Result<u32, StoreError> {
    let most: Option<i64> = on!(conn, c => quota_slots::table
        .filter(quota_slots::phase_id.eq(phase.sql()))
        .filter(quota_slots::quota_window.eq(window))
        .group_by(quota_slots::team_id)
        .select(count_star())
        .order(count_star().desc())
        .limit(1)
        .get_result(c)
        .optional())?;
    Ok(most.map_or(0, |used| u32::try_from(used).unwrap_or(u32::MAX)))
}

/// Frees the slot that counts waiting and running submissions.
pub fn free_concurrent_slot(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(quota_slots::table
            .filter(quota_slots::submission_id.eq(submission.sql()))
            .filter(quota_slots::quota_window.eq(CONCURRENT)))
        .execute(c))?;
    Ok(())
}

/// Frees every slot: the submission does not count, for a reason that is kept. In how many windows it had counted.
pub fn refund_slots(
    conn: &mut Conn<'_>,
    submission: SubmissionId,
    reason: &str,
    made: Made,
) -> Result<usize, StoreError> {
    let slots = counted_slots(conn, submission)?;
    for (phase, team, window) in &slots {
        let (phase, team) = (*phase, *team);
        write(conn, NewEntry { phase, team, submission, window, kind: "refund", reason }, made)?;
    }
    on!(conn, c => diesel::delete(quota_slots::table
            .filter(quota_slots::submission_id.eq(submission.sql())))
        .execute(c))?;
    Ok(slots.len())
}

/// Makes what a submission has taken final, unless it was given back or is final already.
pub fn commit_slots(
    conn: &mut Conn<'_>,
    submission: SubmissionId,
    reason: &str,
    made: Made,
) -> Result<(), StoreError> {
    let committed: Vec<String> = on!(conn, c => quota_entries::table
        .filter(quota_entries::submission_id.eq(submission.sql()))
        .filter(quota_entries::kind.eq("commit"))
        .select(quota_entries::quota_window)
        .load(c))?;
    for (phase, team, window) in counted_slots(conn, submission)? {
        if !committed.contains(&window) {
            write(conn, NewEntry { phase, team, submission, window: &window, kind: "commit", reason }, made)?;
        }
    }
    Ok(())
}

/// The slots that a submission has in windows of the account.
fn counted_slots(
    conn: &mut Conn<'_>,
    submission: SubmissionId,
) -> Result<Vec<(PhaseId, TeamId, String)>, StoreError> {
    Ok(on!(conn, c => quota_slots::table
        .filter(quota_slots::submission_id.eq(submission.sql()))
        .filter(quota_slots::quota_window.ne(CONCURRENT))
        .order(quota_slots::quota_window.asc())
        .select((quota_slots::phase_id, quota_slots::team_id, quota_slots::quota_window))
        .load(c))?)
}

struct NewEntry<'a> {
    phase: PhaseId,
    team: TeamId,
    submission: SubmissionId,
    window: &'a str,
    kind: &'static str,
    reason: &'a str,
}

fn write(conn: &mut Conn<'_>, new: NewEntry<'_>, made: Made) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(quota_entries::table)
        .values((
            quota_entries::submission_id.eq(new.submission.sql()),
            quota_entries::quota_window.eq(new.window),
            quota_entries::kind.eq(new.kind),
            quota_entries::phase_id.eq(new.phase.sql()),
            quota_entries::team_id.eq(new.team.sql()),
            quota_entries::made_by.eq(made.by.map(Column::sql)),
            quota_entries::reason.eq(new.reason),
            quota_entries::made_at.eq(made.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// A line of the account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct QuotaEntry {
    /// Of which submission.
    pub submission: SubmissionId,
    /// What its file was called.
    pub file_name: String,
    /// Who sent it.
    pub submitted_by: UserId,
    /// In which window.
    pub window: String,
    /// `reserve`, `commit` or `refund`.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// By whom; absent for the server itself.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Timestamp,
}

/// The account of a team in a phase, oldest line first; of one moment, what was taken comes before what was given back.
///
/// The lines follow the submissions: those that came with a team that went into this one are lines of its account.
pub fn entries_of(conn: &mut Conn<'_>, phase: PhaseId, team: TeamId) -> Result<Vec<QuotaEntry>, StoreError> {
    let mut entries: Vec<QuotaEntry> = on!(conn, c => quota_entries::table
        .inner_join(submissions::table)
        .filter(quota_entries::phase_id.eq(phase.sql()))
        .filter(submissions::team_id.eq(team.sql()))
        .select((
            quota_entries::submission_id,
            submissions::file_name,
            submissions::submitted_by,
            quota_entries::quota_window,
            quota_entries::kind,
            quota_entries::reason,
            quota_entries::made_by,
            quota_entries::made_at,
        ))
        .load(c))?;
    let rank = |kind: &str| ["reserve", "commit", "refund"].iter().position(|known| *known == kind);
    entries.sort_by(|one, other| {
        (one.made_at, one.submission, rank(&one.kind), &one.window).cmp(&(
            other.made_at,
            other.submission,
            rank(&other.kind),
            &other.window,
        ))
    });
    Ok(entries)
}
