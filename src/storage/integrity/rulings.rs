//! What was decided about flags, and what the teams said to it: each written once.

use diesel::prelude::*;
use domain::integrity::{AppealOutcome, Consequence, FlagDecision, Statement};
use domain::{FlagId, PhaseId, SubmissionId, TeamId, TeamName, Timestamp, UserId};

use super::Flag;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{flag_submissions, flag_teams, flags, submissions, teams};
use crate::teams::mergers;
use crate::types::{Column, Sql};

/// What a flag means for a team, and what the team said to it.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct TeamRuling {
    /// The team.
    pub team: TeamId,
    /// Its present name.
    pub team_name: TeamName,
    /// What follows for it; absent until the flag is upheld.
    pub consequence: Option<Consequence>,
    /// Its appeal.
    pub appeal: Option<Statement>,
    /// When it appealed.
    pub appealed_at: Option<Timestamp>,
    /// How the appeal was answered.
    pub outcome: Option<AppealOutcome>,
    /// The answer in words.
    pub answer: Option<Statement>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}

impl TeamRuling {
    /// What follows for the team now: nothing once an appeal has reversed it.
    pub fn consequence_now(&self) -> Option<Consequence> {
        match self.outcome {
            Some(AppealOutcome::Reversed) => Some(Consequence::None),
            Some(AppealOutcome::Confirmed) | None => self.consequence,
        }
    }
}

/// A decision on a flag.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What it is.
    pub decision: FlagDecision,
    /// Why.
    pub reason: Statement,
    /// Whose.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// Decides a flag; `false` when it was decided before.
pub fn settle(conn: &mut Conn<'_>, flag: FlagId, decision: &Decision) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(flags::table.find(flag.sql()).filter(flags::decision.is_null()))
        .set((
            flags::decision.eq(Some(decision.decision.sql())),
            flags::reason.eq(Some((&decision.reason).sql())),
            flags::decided_by.eq(Some(decision.by.sql())),
            flags::decided_at.eq(Some(decision.at.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Says what an upheld flag means for a team.
pub fn rule(
    conn: &mut Conn<'_>,
    flag: FlagId,
    team: TeamId,
    consequence: Consequence,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(flag_teams::table.find((flag.sql(), team.sql())))
        .set(flag_teams::consequence.eq(Some(consequence.sql())))
        .execute(c))?;
    Ok(())
}

/// Says whether the decision on the flag withdrew a submission.
pub fn mark_withdrawn(
    conn: &mut Conn<'_>,
    flag: FlagId,
    submission: SubmissionId,
    withdrawn: bool,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(flag_submissions::table.find((flag.sql(), submission.sql())))
        .set(flag_submissions::withdrawn.eq(withdrawn))
        .execute(c))?;
    Ok(())
}

/// Writes the appeal of a team to which the flag means something; `false` when it has appealed before.
pub fn appeal(
    conn: &mut Conn<'_>,
    flag: FlagId,
    team: TeamId,
    text: &Statement,
    (by, at): (UserId, Timestamp),
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            flag_teams::table.find((flag.sql(), team.sql())).filter(flag_teams::appealed_at.is_null()))
        .set((
            flag_teams::appeal.eq(Some(text.sql())),
            flag_teams::appealed_by.eq(Some(by.sql())),
            flag_teams::appealed_at.eq(Some(at.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Answers an appeal; `false` when there is none, or it was answered before.
pub fn answer(
    conn: &mut Conn<'_>,
    flag: FlagId,
    team: TeamId,
    (outcome, text): (AppealOutcome, &Statement),
    (by, at): (UserId, Timestamp),
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            flag_teams::table
                .find((flag.sql(), team.sql()))
                .filter(flag_teams::appealed_at.is_not_null())
                .filter(flag_teams::answered_at.is_null()))
        .set((
            flag_teams::outcome.eq(Some(outcome.sql())),
            flag_teams::answer.eq(Some(text.sql())),
            flag_teams::answered_by.eq(Some(by.sql())),
            flag_teams::answered_at.eq(Some(at.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// What a flag means for each of its teams.
pub fn rulings_of(conn: &mut Conn<'_>, flag: FlagId) -> Result<Vec<TeamRuling>, StoreError> {
    Ok(on!(conn, c => flag_teams::table
        .inner_join(teams::table)
        .filter(flag_teams::flag_id.eq(flag.sql()))
        .order(flag_teams::team_id.asc())
        .select((
            flag_teams::team_id,
            teams::name,
            flag_teams::consequence,
            flag_teams::appeal,
            flag_teams::appealed_at,
            flag_teams::outcome,
            flag_teams::answer,
            flag_teams::answered_at,
        ))
        .load(c))?)
}

/// The flags against a team that were upheld, newest first.
pub fn against_team(conn: &mut Conn<'_>, team: TeamId) -> Result<Vec<Flag>, StoreError> {
    Ok(on!(conn, c => flags::table
        .inner_join(flag_teams::table)
        .filter(flag_teams::team_id.eq(team.sql()))
        .filter(flags::decision.eq(FlagDecision::Upheld.sql()))
        .order(flags::id.desc())
        .select(Flag::as_select())
        .load(c))?)
}

/// All flags about a team in a phase, decided or not, newest first.
pub fn about_team(conn: &mut Conn<'_>, phase: PhaseId, team: TeamId) -> Result<Vec<Flag>, StoreError> {
    Ok(on!(conn, c => flags::table
        .inner_join(flag_teams::table)
        .filter(flags::phase_id.eq(phase.sql()))
        .filter(flag_teams::team_id.eq(team.sql()))
        .order(flags::id.desc())
        .select(Flag::as_select())
        .load(c))?)
}

/// The teams that are given no prize in a phase, with those that they went into.
pub fn disqualified(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<TeamId>, StoreError> {
    let mut found: Vec<TeamId> = on!(conn, c => flag_teams::table
        .inner_join(flags::table)
        .filter(flags::phase_id.eq(phase.sql()))
        .filter(flag_teams::consequence.eq(Consequence::Disqualified.sql()))
        .filter(flag_teams::outcome.is_null().or(flag_teams::outcome.ne(AppealOutcome::Reversed.sql())))
        .select(flag_teams::team_id)
        .distinct()
        .load(c))?;
    for place in 0..found.len() {
        found.extend(mergers::gone_into(conn, found[place])?);
    }
    Ok(found)
}

/// Another flag whose decision, not reversed, has a submission of a team withdrawn as well.
pub fn withdrawing_flag(
    conn: &mut Conn<'_>,
    but_not: FlagId,
    submission: SubmissionId,
    team: TeamId,
) -> Result<Option<FlagId>, StoreError> {
    Ok(on!(conn, c => flags::table
        .inner_join(flag_submissions::table)
        .inner_join(flag_teams::table)
        .filter(flag_submissions::submission_id.eq(submission.sql()))
        .filter(flags::id.ne(but_not.sql()))
        .filter(flag_teams::team_id.eq(team.sql()))
        .filter(flag_teams::consequence.eq(Consequence::Withdrawn.sql()))
        .filter(flag_teams::outcome.is_null().or(flag_teams::outcome.ne(AppealOutcome::Reversed.sql())))
        .order(flags::id.asc())
        .select(flags::id)
        .first(c)
        .optional())?)
}

/// Lets a withdrawn submission stand again; `false` when it is not withdrawn.
pub fn reinstate(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            submissions::table.find(submission.sql()).filter(submissions::withdrawn_at.is_not_null()))
        .set((
            submissions::withdrawn_at.eq(None::<Sql<Timestamp>>),
            submissions::withdrawal_reason.eq(None::<String>),
        ))
        .execute(c))?;
    Ok(changed == 1)
}
