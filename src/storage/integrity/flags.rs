//! Flags and the submissions they are about: written once by the server.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::integrity::{FlagDecision, FlagKind, Statement};
use domain::{Digest, FlagId, PhaseId, SubmissionId, TeamId, Timestamp, UserId};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{flag_submissions, flag_teams, flags, submissions};
use crate::teams::mergers;
use crate::types::{Column, Json};

/// A flag as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = flags)]
pub struct Flag {
    /// Its id.
    pub id: FlagId,
    /// The phase.
    pub phase_id: PhaseId,
    /// What was seen.
    pub kind: FlagKind,
    /// The team, or the one with the lower id of two.
    pub first_team_id: TeamId,
    /// The other team.
    pub second_team_id: Option<TeamId>,
    /// How sure it is.
    pub evidence: Json<Value>,
    /// When it was seen.
    pub raised_at: Timestamp,
    /// What an organizer decided.
    pub decision: Option<FlagDecision>,
    /// Why.
    pub reason: Option<Statement>,
    /// Who.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// A flag that is raised.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFlag {
    /// Its id.
    pub id: FlagId,
    /// The phase.
    pub phase: PhaseId,
    /// What was seen.
    pub kind: FlagKind,
    /// The team, or two of them in any order.
    pub teams: (TeamId, Option<TeamId>),
    /// How sure it is.
    pub evidence: Value,
    /// The submissions, at least one.
    pub submissions: Vec<SubmissionId>,
}

impl NewFlag {
    /// The teams in the order of their ids.
    fn teams_in_order(&self) -> (TeamId, Option<TeamId>) {
        match self.teams {
            (one, Some(other)) if other < one => (other, Some(one)),
            teams => teams,
        }
    }
}

/// A submission that a flag is about.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct FlaggedSubmission {
    /// The submission.
    pub submission: SubmissionId,
    /// Its team.
    pub team: TeamId,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// The artifact that was sent.
    pub artifact: Option<Digest>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Whether the decision on the flag did that.
    pub withdrawn_by_decision: bool,
}

/// Which flags are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that an organizer has to decide or answer.
    pub is_waiting: bool,
    /// Only those older than this one.
    pub before: Option<FlagId>,
}

/// Whether a flag of the kind about these teams waits for a decision.
pub fn is_waiting(conn: &mut Conn<'_>, new: &NewFlag) -> Result<bool, StoreError> {
    let (first, second) = new.teams_in_order();
    let found: Option<FlagId> = on!(conn, c => {
        let query = flags::table
            .filter(flags::phase_id.eq(new.phase.sql()))
            .filter(flags::kind.eq(new.kind.sql()))
            .filter(flags::first_team_id.eq(first.sql()))
            .filter(flags::decision.is_null())
            .select(flags::id)
            .into_boxed();
        let query = match second {
            Some(second) => query.filter(flags::second_team_id.eq(second.sql())),
            None => query.filter(flags::second_team_id.is_null()),
        };
        query.first(c).optional()
    })?;
    Ok(found.is_some())
}

/// Writes a flag with its submissions and its teams.
///
/// One that waits already hits `flags_phase_id_kind_first_team_id_second_team_id_key` or `flags_phase_id_kind_first_team_id_key`.
pub fn raise(conn: &mut Conn<'_>, new: &NewFlag, now: Timestamp) -> Result<(), StoreError> {
    let (first, second) = new.teams_in_order();
    on!(conn, c => diesel::insert_into(flags::table)
        .values((
            flags::id.eq(new.id.sql()),
            flags::phase_id.eq(new.phase.sql()),
            flags::kind.eq(new.kind.sql()),
            flags::first_team_id.eq(first.sql()),
            flags::second_team_id.eq(second.map(Column::sql)),
            flags::evidence.eq(Json(new.evidence.clone())),
            flags::raised_at.eq(now.sql()),
        ))
        .execute(c))?;
    for submission in &new.submissions {
        on!(conn, c => diesel::insert_into(flag_submissions::table)
            .values((
                flag_submissions::flag_id.eq(new.id.sql()),
                flag_submissions::submission_id.eq(submission.sql()),
            ))
            .execute(c))?;
    }
    for team in std::iter::once(first).chain(second) {
        on!(conn, c => diesel::insert_into(flag_teams::table)
            .values((flag_teams::flag_id.eq(new.id.sql()), flag_teams::team_id.eq(team.sql())))
            .execute(c))?;
    }
    Ok(())
}

/// The submissions of a team in a phase that flags of a kind are about already.
pub fn already_flagged(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    kind: FlagKind,
) -> Result<HashSet<SubmissionId>, StoreError> {
    let found: Vec<SubmissionId> = on!(conn, c => flag_submissions::table
        .inner_join(flags::table)
        .filter(flags::phase_id.eq(phase.sql()))
        .filter(flags::kind.eq(kind.sql()))
        .filter(flags::first_team_id.eq(team.sql()))
        .select(flag_submissions::submission_id)
        .load(c))?;
    Ok(found.into_iter().collect())
}

/// The flag of this id.
pub fn find(conn: &mut Conn<'_>, id: FlagId) -> Result<Option<Flag>, StoreError> {
    Ok(on!(conn, c => flags::table.find(id.sql()).select(Flag::as_select()).get_result(c).optional())?)
}

/// A page of a phase's flags, newest first.
pub fn list(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Flag>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = flags::table
            .filter(flags::phase_id.eq(phase.sql()))
            .select(Flag::as_select())
            .into_boxed();
        if filter.is_waiting {
            let unanswered = flag_teams::table
                .filter(flag_teams::appealed_at.is_not_null())
                .filter(flag_teams::answered_at.is_null())
                .select(flag_teams::flag_id);
            query = query.filter(flags::decision.is_null().or(flags::id.eq_any(unanswered)));
        }
        if let Some(before) = filter.before {
            query = query.filter(flags::id.lt(before.sql()));
        }
        query.order(flags::id.desc()).limit(limit).load(c)
    })?)
}

/// The submissions of a flag, oldest first, with the teams whose they were when it was raised.
pub fn submissions_of(conn: &mut Conn<'_>, flag: &Flag) -> Result<Vec<FlaggedSubmission>, StoreError> {
    let moves = mergers::moves_in(conn, flag.phase_id)?;
    let mut found: Vec<FlaggedSubmission> = on!(conn, c => flag_submissions::table
        .inner_join(submissions::table)
        .filter(flag_submissions::flag_id.eq(flag.id.sql()))
        .order(submissions::id.asc())
        .select((
            submissions::id,
            submissions::team_id,
            submissions::received_at,
            submissions::artifact,
            submissions::withdrawn_at,
            flag_submissions::withdrawn,
        ))
        .load(c))?;
    for one in &mut found {
        one.team = moves.team_at(one.submission, one.team, flag.raised_at);
    }
    Ok(found)
}
