//! What a phase asks of submissions beyond what its evaluator reads: read by everybody, set by organizers.

use domain::Actor;
use domain::event::EventKind;
use domain::phase::WindowState;
use domain::submission_rules::SubmissionRules;
use serde_json::json;
use storage::{boards, events, submission_rules};

use crate::App;
use crate::authority::see_phase;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// The rules of a phase that the actor may see.
pub async fn read_rules(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<SubmissionRules> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            Ok(submission_rules::of_phase(conn, seen.phase.id)?)
        })
        .await
}

/// Replaces the rules of a phase.
///
/// Anonymity is promised before anybody submits: once the phase is open it may end sooner or later, and cannot begin.
pub async fn set_rules(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    rules: SubmissionRules,
) -> Outcome<SubmissionRules> {
    let rules = rules.check()?;
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .write(move |conn| {
            let managed = see_phase(conn, &actor, &challenge, &phase)?.manage(&actor)?;
            let before = submission_rules::of_phase(conn, managed.phase.id)?;
            if rules.is_anonymous_at(now)
                && !before.is_anonymous_at(now)
                && shows_names(conn, &managed.phase, now)?
            {
                let detail =
                    "entries have been shown with their names already, so they cannot become anonymous";
                return Err(Failure::new(Code::StateConflict, detail));
            }
            submission_rules::set(conn, managed.phase.id, &rules, (actor.user(), now))?;
            boards::touch_all(conn, managed.challenge.id)?;
            let payload =
                [("file_types", json!(rules.file_types)), ("anonymous_until", json!(rules.anonymous_until))];
            let subject = format!("phase:{}", managed.phase.id);
            let kind = EventKind::SubmissionRulesChanged;
            events::append(conn, event(&actor, now, kind, subject, Some(managed.challenge.id), payload))?;
            Ok(rules.clone())
        })
        .await
}

/// Whether somebody may have seen whose an entry is.
fn shows_names(
    conn: &mut storage::Conn<'_>,
    phase: &storage::phases::Phase,
    now: domain::Timestamp,
) -> Outcome<bool> {
    let has_begun = phase.window_at(now) != WindowState::Upcoming;
    Ok(has_begun && !boards::teams_with_scores(conn, phase.id)?.is_empty())
}
