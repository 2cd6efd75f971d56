//! A team declares how a submission came to be, in classes that boards are made of.

use domain::declaration::Declaration;
use domain::event::EventKind;
use domain::phase::WindowState;
use domain::{Actor, Scope, SubmissionId};
use serde_json::json;
use storage::{declarations, events, phases};

use crate::App;
use crate::authority::{person, see_submission};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// Reads the declaration of a submission that the actor may see.
pub async fn read_declaration(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<Option<Declaration>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            see_submission(conn, &actor, id)?;
            Ok(declarations::find(conn, id)?)
        })
        .await
}

/// Declares, or corrects what was declared, as long as the phase is open; what was declared before stays in the event log.
pub async fn declare_submission(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    declaration: Declaration,
) -> Outcome<Declaration> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let seen = see_submission(conn, &actor, id)?;
            let phase = seen.phase;
            seen.team.as_member(&actor)?;
            let by = person(&actor, Scope::Submit)?.user;
            if phase.window_at(now) == WindowState::Closed {
                let detail =
                    "what is declared was open until the phase closed; organizers can note a correction";
                return Err(Failure::new(Code::PhaseClosed, detail));
            }
            let before = declarations::find(conn, id)?;
            if before == Some(declaration) {
                return Ok(declaration);
            }
            declarations::set(conn, id, &declaration, (by, now))?;
            phases::touch_boards(conn, phase.id)?;
            let payload = [("before", json!(before)), ("after", json!(declaration))];
            let subject = format!("submission:{id}");
            let kind = EventKind::SubmissionDeclared;
            events::append(conn, event(&actor, now, kind, subject, Some(phase.challenge_id), payload))?;
            Ok(declaration)
        })
        .await
}
