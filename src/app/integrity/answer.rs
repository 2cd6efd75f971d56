//! An organizer answers an appeal: the consequence stays, or it is lifted.

use domain::event::EventKind;
use domain::integrity::{AppealOutcome, Consequence, Statement};
use domain::{Actor, FlagId, JobId, Scope, SubmissionId, TeamId};
use serde_json::json;
use storage::integrity::{self, Flag};
use storage::phases::Phase;
use storage::{Conn, events};

use super::notify::{MOST_MAILS, Notice, notify_team};
use super::review_flag;
use crate::App;
use crate::authority::person;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::leaderboards::standings::refresh_team;

/// The answer to an appeal.
#[derive(Debug, Clone)]
pub struct AnswerAppeal {
    /// The team that appealed.
    pub team: TeamId,
    /// Whether the consequence stays.
    pub outcome: AppealOutcome,
    /// The answer in words.
    pub text: Statement,
}

/// Answers an appeal, once; what the decision withdrew stands again where it is reversed.
pub async fn answer_appeal(app: &App, actor: &Actor, id: FlagId, asked: AnswerAppeal) -> Outcome<()> {
    let by = person(actor, Scope::Organize)?.user;
    let now = app.now();
    let site = app.settings.server.public_url.clone();
    let mails: Vec<JobId> = (0..MOST_MAILS).map(|_| app.sources.new_id()).collect();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let (flag, phase) = review_flag(conn, &actor, id)?;
            let team = asked.team;
            let ruling = integrity::rulings_of(conn, id)?.into_iter().find(|ruling| ruling.team == team);
            let ruling = ruling.ok_or_else(Failure::not_found)?;
            if !integrity::answer(conn, id, team, (asked.outcome, &asked.text), (by, now))? {
                let detail = "the team has not appealed, or was answered before";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            let is_lifted = asked.outcome == AppealOutcome::Reversed
                && ruling.consequence == Some(Consequence::Withdrawn);
            let reinstated = if is_lifted { reinstate(conn, &phase, &flag, team)? } else { Vec::new() };
            notify_team(conn, &site, &phase, team, Notice::Answered, &mut mails.iter().copied(), now)?;
            let challenge = Some(phase.challenge_id);
            for submission in reinstated {
                let subject = format!("submission:{submission}");
                let payload = [("flag", json!(id))];
                let kind = EventKind::SubmissionReinstated;
                events::append(conn, event(&actor, now, kind, subject, challenge, payload))?;
            }
            let subject = format!("flag:{id}");
            let payload = [("team", json!(team)), ("outcome", json!(asked.outcome))];
            let answered = event(&actor, now, EventKind::AppealAnswered, subject, challenge, payload);
            Ok(events::append(conn, answered)?)
        })
        .await?;
    app.job_queued.notify_one();
    Ok(())
}

/// Lets the submissions stand again that the decision withdrew, unless another decision has them withdrawn too.
fn reinstate(conn: &mut Conn<'_>, phase: &Phase, flag: &Flag, team: TeamId) -> Outcome<Vec<SubmissionId>> {
    let mut reinstated = Vec::new();
    for one in integrity::submissions_of(conn, flag)? {
        if one.team != team || !one.withdrawn_by_decision {
            continue;
        }
        integrity::mark_withdrawn(conn, flag.id, one.submission, false)?;
        match integrity::withdrawing_flag(conn, flag.id, one.submission, team)? {
            // The tombstone is the other decision's from now on.
            Some(other) => integrity::mark_withdrawn(conn, other, one.submission, true)?,
            None if integrity::reinstate(conn, one.submission)? => reinstated.push(one.submission),
            None => {}
        }
    }
    refresh_team(conn, phase, team)?;
    Ok(reinstated)
}
