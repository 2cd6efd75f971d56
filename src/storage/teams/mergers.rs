//! Teams that go into others, and the submissions that went with them.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{ChallengeId, MergerId, PhaseId, SubmissionId, TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{examinations, merged_submissions, submissions, team_mergers, teams};
use crate::types::{Column, SqlId};

/// The constraint that a team has one merger that waits or was accepted.
pub const ONE_AT_A_TIME: &str = "team_mergers_from_team_id_key";

const ACCEPTED: &str = "accepted";

/// How a merger was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergerAnswer {
    /// The captain of the other team accepted.
    Accepted,
    /// They did not want it.
    Declined,
    /// Whoever proposed it took it back, or it cannot be any more.
    Withdrawn,
}

impl MergerAnswer {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => ACCEPTED,
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A team that goes into another, or would.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = team_mergers)]
pub struct Merger {
    /// Its id.
    pub id: MergerId,
    /// The team that ends.
    pub from_team_id: TeamId,
    /// The team that goes on.
    pub into_team_id: TeamId,
    /// The captain of the team that would end.
    pub proposed_by: UserId,
    /// When.
    pub proposed_at: Timestamp,
    /// Who answered.
    pub answered_by: Option<UserId>,
    /// When; absent while it waits.
    pub answered_at: Option<Timestamp>,
    /// `accepted`, `declined` or `withdrawn`.
    pub answer: Option<String>,
}

impl Merger {
    /// Whether the two are one.
    pub fn is_accepted(&self) -> bool {
        self.answer.as_deref() == Some(ACCEPTED)
    }
}

/// Writes a proposal; a second one that waits, or one of a team that has ended, hits [`ONE_AT_A_TIME`].
pub fn insert(
    conn: &mut Conn<'_>,
    id: MergerId,
    (from, into): (TeamId, TeamId),
    by: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(team_mergers::table)
        .values((
            team_mergers::id.eq(id.sql()),
            team_mergers::from_team_id.eq(from.sql()),
            team_mergers::into_team_id.eq(into.sql()),
            team_mergers::proposed_by.eq(by.sql()),
            team_mergers::proposed_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The merger of this id.
pub fn find(conn: &mut Conn<'_>, id: MergerId) -> Result<Option<Merger>, StoreError> {
    Ok(on!(conn, c => team_mergers::table
        .find(id.sql())
        .select(Merger::as_select())
        .get_result(c)
        .optional())?)
}

/// The mergers of a team, whichever side it is on, newest first.
pub fn of_team(conn: &mut Conn<'_>, team: TeamId) -> Result<Vec<Merger>, StoreError> {
    Ok(on!(conn, c => team_mergers::table
        .filter(team_mergers::from_team_id.eq(team.sql()).or(team_mergers::into_team_id.eq(team.sql())))
        .order((team_mergers::proposed_at.desc(), team_mergers::id.desc()))
        .select(Merger::as_select())
        .load(c))?)
}

/// Answers a merger that waits; whether it did.
pub fn answer(
    conn: &mut Conn<'_>,
    id: MergerId,
    answer: MergerAnswer,
    by: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            team_mergers::table.find(id.sql()).filter(team_mergers::answer.is_null()))
        .set((
            team_mergers::answer.eq(Some(answer.as_str())),
            team_mergers::answered_by.eq(Some(by.sql())),
            team_mergers::answered_at.eq(Some(now.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// The team that a team went into, and that one perhaps into another: the last of them. None for a team that goes on.
pub fn gone_into(conn: &mut Conn<'_>, team: TeamId) -> Result<Option<TeamId>, StoreError> {
    let mut last = None;
    loop {
        let next: Option<TeamId> = on!(conn, c => team_mergers::table
            .filter(team_mergers::from_team_id.eq(last.unwrap_or(team).sql()))
            .filter(team_mergers::answer.eq(ACCEPTED))
            .select(team_mergers::into_team_id)
            .first(c)
            .optional())?;
        match next {
            Some(next) => last = Some(next),
            None => return Ok(last),
        }
    }
}

/// The teams of a challenge that had gone into others by a moment.
pub fn ended_by(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    moment: Timestamp,
) -> Result<Vec<TeamId>, StoreError> {
    Ok(on!(conn, c => team_mergers::table
        .inner_join(teams::table.on(teams::id.eq(team_mergers::from_team_id)))
        .filter(teams::challenge_id.eq(challenge.sql()))
        .filter(team_mergers::answer.eq(ACCEPTED))
        .filter(team_mergers::answered_at.le(moment.sql()))
        .select(team_mergers::from_team_id)
        .load(c))?)
}

/// Gives a team's submissions of a phase to the team it goes into; how many there were.
///
/// Final choices of the team that ends are taken over where the other has none.
pub fn hand_over(conn: &mut Conn<'_>, merger: &Merger, phase: PhaseId) -> Result<usize, StoreError> {
    let (from, into) = (merger.from_team_id, merger.into_team_id);
    on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::team_id.eq(from.sql()))
        .select((submissions::id, merger.id.sql().into_sql::<SqlId>()))
        .insert_into(merged_submissions::table)
        .into_columns((merged_submissions::submission_id, merged_submissions::merger_id))
        .execute(c))?;
    let chosen: i64 = on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::team_id.eq(into.sql()))
        .filter(submissions::chosen_at.is_not_null())
        .count()
        .get_result(c))?;
    if chosen > 0 {
        on!(conn, c => diesel::update(submissions::table
                .filter(submissions::phase_id.eq(phase.sql()))
                .filter(submissions::team_id.eq(from.sql())))
            .set(submissions::chosen_at.eq(None::<crate::types::Sql<Timestamp>>))
            .execute(c))?;
    }
    // What is examined for duplicates across teams is not held against the team's own.
    on!(conn, c => diesel::update(examinations::table
            .filter(examinations::phase_id.eq(phase.sql()))
            .filter(examinations::team_id.eq(from.sql())))
        .set(examinations::team_id.eq(into.sql()))
        .execute(c))?;
    Ok(on!(conn, c => diesel::update(submissions::table
            .filter(submissions::phase_id.eq(phase.sql()))
            .filter(submissions::team_id.eq(from.sql())))
        .set(submissions::team_id.eq(into.sql()))
        .execute(c))?)
}

/// Whose submissions were, before mergers gave them to other teams; for each the teams and until when, in the order of time.
#[derive(Debug, Clone, Default)]
pub struct Moves(HashMap<SubmissionId, Vec<(Timestamp, TeamId)>>);

impl Moves {
    /// Whose a submission was at a moment, if it is `now` this team's.
    pub fn team_at(&self, submission: SubmissionId, now: TeamId, moment: Timestamp) -> TeamId {
        let moves = self.0.get(&submission).into_iter().flatten();
        moves.clone().find(|(until, _)| moment < *until).map_or(now, |(_, team)| *team)
    }

    /// Who sent a submission that is `now` this team's.
    pub fn sender(&self, submission: SubmissionId, now: TeamId) -> TeamId {
        self.0.get(&submission).and_then(|moves| moves.first()).map_or(now, |(_, team)| *team)
    }

    fn of(found: Vec<(SubmissionId, Option<Timestamp>, TeamId)>) -> Self {
        let mut moves: HashMap<SubmissionId, Vec<(Timestamp, TeamId)>> = HashMap::new();
        for (submission, at, team) in found {
            moves.entry(submission).or_default().extend(at.map(|at| (at, team)));
        }
        for of_one in moves.values_mut() {
            of_one.sort_unstable();
        }
        Self(moves)
    }
}

/// The moves of a phase's submissions; almost always none.
pub fn moves_in(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Moves, StoreError> {
    let found = on!(conn, c => merged_submissions::table
        .inner_join(team_mergers::table)
        .inner_join(submissions::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .select((merged_submissions::submission_id, team_mergers::answered_at, team_mergers::from_team_id))
        .load(c))?;
    Ok(Moves::of(found))
}
