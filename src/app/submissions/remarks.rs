//! What organizers remark about an entry: notes, and that they verified it. The remarks are their own trace.

use std::collections::{HashMap, HashSet};

use domain::entry::statement;
use domain::event::EventKind;
use domain::{Actor, Digest, RemarkId, Scope, SubmissionId};
use serde_json::json;
use storage::remarks;
use storage::{events, phases};

use crate::App;
use crate::authority::{person, see_submission};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

pub use storage::remarks::Remark;

/// What is remarked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewRemark {
    /// A note for everybody who reads the board.
    Note,
    /// A note is taken back.
    WithdrawNote(RemarkId),
    /// The organizers have checked the entry.
    Verified,
    /// They take that back.
    Unverified,
}

impl NewRemark {
    fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::WithdrawNote(_) => "note_withdrawn",
            Self::Verified => "verified",
            Self::Unverified => "unverified",
        }
    }
}

/// What holds of an entry after all that was remarked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarked {
    /// Whether the organizers have verified it.
    pub is_verified: bool,
    /// The notes that were not taken back, oldest first.
    pub notes: Vec<String>,
}

/// The remarks about a submission, oldest first; for its team and organizers.
pub async fn read_remarks(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<Vec<Remark>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            see_submission(conn, &actor, id)?;
            Ok(remarks::of_submission(conn, id)?)
        })
        .await
}

/// Remarks something about a submission, with words that say why; for organizers. Gives all remarks about it.
pub async fn make_remark(
    app: &App,
    actor: &Actor,
    id: SubmissionId,
    what: NewRemark,
    body: &str,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<Vec<Remark>>> {
    let body = statement("text", body)?;
    let (now, remark) = (app.now(), app.sources.new_id::<RemarkId>());
    let request = idempotency.map(|key| key.request(actor, &format!("make_remark:{id}")));
    let asking = actor.clone();
    let made = create_once(app, request, remark, now, move |conn| {
        let actor = &asking;
        let (_, phase) = see_submission(conn, actor, id)?.manage(actor)?;
        let by = person(actor, Scope::Organize)?.user;
        phases::lock(conn, phase.id)?;
        let before = remarks::of_submission(conn, id)?;
        let now_holds = remarked(&before);
        let conflict = |detail: &str| Err(Failure::new(Code::StateConflict, detail));
        match what {
            NewRemark::Verified if now_holds.is_verified => return conflict("it is verified already"),
            NewRemark::Unverified if !now_holds.is_verified => return conflict("it is not verified"),
            NewRemark::WithdrawNote(note) => {
                let is_note = before.iter().any(|one| one.id == note && one.kind == "note");
                if !is_note || before.iter().any(|one| one.withdraws == Some(note)) {
                    return conflict("there is no such note, or it was taken back already");
                }
            }
            _ => {}
        }
        let withdraws = match what {
            NewRemark::WithdrawNote(note) => Some(note),
            _ => None,
        };
        let new = Remark {
            id: remark,
            submission_id: id,
            kind: what.name().to_owned(),
            withdraws,
            body: body.clone(),
            made_by: by,
            made_at: now,
        };
        remarks::insert(conn, &new)?;
        phases::touch_boards(conn, phase.id)?;
        let payload = [
            ("remark", json!(remark)),
            ("kind", json!(what.name())),
            ("digest", json!(Digest::of(body.as_bytes()))),
        ];
        let subject = format!("submission:{id}");
        let kind = EventKind::RemarkMade;
        Ok(events::append(conn, event(actor, now, kind, subject, Some(phase.challenge_id), payload))?)
    })
    .await?;
    let all = read_remarks(app, actor, id).await?;
    Ok(made.map(|_| all))
}

/// What holds after remarks about one submission, oldest first.
fn remarked<'a>(made: impl IntoIterator<Item = &'a Remark>) -> Remarked {
    let made: Vec<&Remark> = made.into_iter().collect();
    let withdrawn: HashSet<RemarkId> = made.iter().filter_map(|one| one.withdraws).collect();
    let verdict = made.iter().rfind(|one| one.kind == "verified" || one.kind == "unverified");
    let is_note = |one: &&&Remark| one.kind == "note" && !withdrawn.contains(&one.id);
    Remarked {
        is_verified: verdict.is_some_and(|one| one.kind == "verified"),
        notes: made.iter().filter(is_note).map(|one| one.body.clone()).collect(),
    }
}

/// What holds of every submission that something was remarked about.
pub(crate) fn remarked_by_submission(made: &[Remark]) -> HashMap<SubmissionId, Remarked> {
    let mut by_submission: HashMap<SubmissionId, Vec<&Remark>> = HashMap::new();
    for one in made {
        by_submission.entry(one.submission_id).or_default().push(one);
    }
    by_submission.into_iter().map(|(id, made)| (id, remarked(made))).collect()
}
