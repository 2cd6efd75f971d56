//! An organizer dismisses a flag, or upholds it with a consequence for each team.

use std::collections::BTreeMap;

use domain::event::EventKind;
use domain::integrity::{Consequence, FlagDecision, Statement};
use domain::{Actor, FlagId, Invalid, JobId, Scope, SubmissionId, TeamId};
use serde_json::json;
use storage::integrity::{self, Decision, FlaggedSubmission};
use storage::phases::Phase;
use storage::{Conn, events, submissions};

use super::notify::{MOST_MAILS, Notice, notify_team};
use super::review_flag;
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::refresh_team;

/// A decision on a flag.
#[derive(Debug, Clone)]
pub struct DecideFlag {
    /// What it is.
    pub decision: FlagDecision,
    /// Why; the teams of a flag that is upheld read it.
    pub reason: Statement,
    /// What follows for teams, where it is upheld; nothing for those that are not named.
    pub consequences: BTreeMap<TeamId, Consequence>,
}

/// Decides a flag, once; what follows takes effect at once.
pub async fn decide_flag(app: &App, actor: &Actor, id: FlagId, asked: DecideFlag) -> Outcome<()> {
    let by = person(actor, Scope::Organize)?.user;
    let now = app.now();
    let site = app.settings.server.public_url.clone();
    let mails: Vec<JobId> = (0..MOST_MAILS).map(|_| app.sources.new_id()).collect();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let (flag, phase) = review_flag(conn, &actor, id)?;
            let teams: Vec<TeamId> = std::iter::once(flag.first_team_id).chain(flag.second_team_id).collect();
            check(&asked, &teams)?;
            let decision = Decision { decision: asked.decision, reason: asked.reason.clone(), by, at: now };
            if !integrity::settle(conn, id, &decision)? {
                return Err(Failure::new(Code::StateConflict, "the flag was decided before"));
            }
            let mut withdrawn: Vec<SubmissionId> = Vec::new();
            if asked.decision == FlagDecision::Upheld {
                let flagged = integrity::submissions_of(conn, &flag)?;
                let mut mails = mails.iter().copied();
                for team in &teams {
                    let consequence = asked.consequences.get(team).copied().unwrap_or(Consequence::None);
                    integrity::rule(conn, id, *team, consequence)?;
                    if consequence == Consequence::Withdrawn {
                        withdrawn.extend(withdraw(conn, &phase, id, *team, &flagged, &asked.reason, now)?);
                    }
                    notify_team(conn, &site, &phase, *team, Notice::Upheld, &mut mails, now)?;
                }
            }
            let challenge = Some(phase.challenge_id);
            for submission in &withdrawn {
                let subject = format!("submission:{submission}");
                let payload = [("flag", json!(id))];
                let kind = EventKind::SubmissionWithdrawn;
                events::append(conn, event(&actor, now, kind, subject, challenge, payload))?;
            }
            let payload = [("decision", json!(asked.decision)), ("consequences", json!(asked.consequences))];
            let subject = format!("flag:{id}");
            Ok(events::append(conn, event(&actor, now, EventKind::FlagDecided, subject, challenge, payload))?)
        })
        .await?;
    app.job_queued.notify_one();
    Ok(())
}

fn check(asked: &DecideFlag, teams: &[TeamId]) -> Result<(), Invalid> {
    if asked.decision == FlagDecision::Dismissed && !asked.consequences.is_empty() {
        return Err(Invalid::new("consequences", "must be absent where a flag is dismissed"));
    }
    match asked.consequences.keys().find(|team| !teams.contains(team)) {
        Some(_) => Err(Invalid::new("consequences", "must be for teams of the flag")),
        None => Ok(()),
    }
}

/// Withdraws a team's submissions of a flag, but for those that are withdrawn already.
fn withdraw(
    conn: &mut Conn<'_>,
    phase: &Phase,
    flag: FlagId,
    team: TeamId,
    flagged: &[FlaggedSubmission],
    reason: &Statement,
    now: domain::Timestamp,
) -> Outcome<Vec<SubmissionId>> {
    let mut withdrawn = Vec::new();
    for one in flagged.iter().filter(|one| one.team == team) {
        if submissions::withdraw(conn, one.submission, reason.as_str(), now)? {
            integrity::mark_withdrawn(conn, flag, one.submission, true)?;
            withdrawn.push(one.submission);
        }
    }
    refresh_team(conn, phase, team)?;
    Ok(withdrawn)
}
