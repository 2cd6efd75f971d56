//! Flags as organizers see them, and as a team sees its own part of one that was upheld.

use domain::integrity::{AppealOutcome, Consequence, FlagDecision, FlagKind, Statement};
use domain::{Actor, ChallengeId, Codename, FlagId, PhaseId, SubmissionId, TeamId, Timestamp};
use storage::Conn;
use storage::integrity::{self, Filter, Flag, FlaggedSubmission, TeamRuling};
use storage::phases;

use super::evidence::FlagEvidence;
use super::see_flag;
use crate::App;
use crate::authority::{see_phase, see_team};
use crate::failure::{Failure, Outcome};

/// A flag with all that an organizer judges by.
#[derive(Debug, Clone)]
pub struct FlagDetail {
    /// The flag.
    pub flag: Flag,
    /// How sure it is.
    pub evidence: FlagEvidence,
    /// The submissions that it is about.
    pub submissions: Vec<FlaggedSubmission>,
    /// The teams, what it means for them and what they said.
    pub teams: Vec<TeamRuling>,
}

/// Which flags of a phase are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListFlags {
    /// Only those with something to decide or to answer.
    pub is_waiting: bool,
    /// Only those older than this one.
    pub before: Option<FlagId>,
    /// How many.
    pub limit: u32,
}

/// A team's own part of a flag that was upheld: nothing of the other team, and no numbers, which would tell of the labels.
#[derive(Debug, Clone)]
pub struct TeamFlag {
    /// The flag.
    pub id: FlagId,
    /// The challenge.
    pub challenge: ChallengeId,
    /// The phase.
    pub phase: PhaseId,
    /// The phase's short name.
    pub phase_codename: Codename,
    /// What was seen.
    pub kind: FlagKind,
    /// The team.
    pub team: TeamId,
    /// The team's submissions that it is about.
    pub submissions: Vec<SubmissionId>,
    /// What the organizer says.
    pub reason: Option<Statement>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// What follows for the team.
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

/// The flags of a phase, newest first; for organizers.
pub async fn list_flags(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    asked: ListFlags,
) -> Outcome<Vec<FlagDetail>> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let phase = see_phase(conn, &actor, &challenge, &phase)?.inspect(&actor)?;
            let filter = Filter { is_waiting: asked.is_waiting, before: asked.before };
            let flags = integrity::list(conn, phase.id, filter, i64::from(asked.limit))?;
            flags.into_iter().map(|flag| detail(conn, flag)).collect()
        })
        .await
}

/// One flag; for organizers.
pub async fn read_flag(app: &App, actor: &Actor, id: FlagId) -> Outcome<FlagDetail> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let (flag, seen) = see_flag(conn, &actor, id)?;
            seen.inspect(&actor)?;
            detail(conn, flag)
        })
        .await
}

pub(super) fn detail(conn: &mut Conn<'_>, flag: Flag) -> Outcome<FlagDetail> {
    Ok(FlagDetail {
        evidence: serde_json::from_value(flag.evidence.0.clone()).map_err(Failure::internal)?,
        submissions: integrity::submissions_of(conn, &flag)?,
        teams: integrity::rulings_of(conn, flag.id)?,
        flag,
    })
}

/// The flags against a team that were upheld, newest first; for its members and the organizers.
pub async fn list_team_flags(app: &App, actor: &Actor, id: TeamId) -> Outcome<Vec<TeamFlag>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let team = see_team(conn, &actor, id)?.team;
            let flags = integrity::against_team(conn, team.id)?;
            flags.into_iter().map(|flag| own_part(conn, flag, team.id)).collect()
        })
        .await
}

/// What a team is told of a flag that was upheld.
pub(super) fn own_part(conn: &mut Conn<'_>, flag: Flag, team: TeamId) -> Outcome<TeamFlag> {
    let phase = phases::find(conn, flag.phase_id)?.ok_or_else(Failure::not_found)?;
    let ruling = integrity::rulings_of(conn, flag.id)?.into_iter().find(|ruling| ruling.team == team);
    let ruling =
        ruling.filter(|_| flag.decision == Some(FlagDecision::Upheld)).ok_or_else(Failure::not_found)?;
    let submissions = integrity::submissions_of(conn, &flag)?;
    Ok(TeamFlag {
        id: flag.id,
        challenge: phase.challenge_id,
        phase: phase.id,
        phase_codename: phase.codename,
        kind: flag.kind,
        team,
        submissions: submissions.iter().filter(|one| one.team == team).map(|one| one.submission).collect(),
        reason: flag.reason,
        decided_at: flag.decided_at,
        consequence: ruling.consequence,
        appeal: ruling.appeal,
        appealed_at: ruling.appealed_at,
        outcome: ruling.outcome,
        answer: ruling.answer,
        answered_at: ruling.answered_at,
    })
}
