//! A team submits a file.

use domain::challenge::ChallengeState;
use domain::phase::WindowState;
use domain::split::Visibility;
use domain::submission::{Method, check_attributes};
use domain::{Actor, JobId, Scope, SubmissionId, TeamId, Timestamp, UserId};
use serde_json::{Map, Value};
use storage::challenges::Challenge;
use storage::framings;
use storage::idempotency;
use storage::pauses;
use storage::phases::Phase;
use storage::quota as slots;
use storage::submission_rules;
use storage::submissions::{self, NewSubmission, Received};
use storage::{Blob, Conn};

use super::accept::{Acceptance, accept, exhausted};
use crate::App;
use crate::authority::{own_team, require_admission, see_phase, verified_person};
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// A file with what the team says about it.
#[derive(Debug, Clone)]
pub struct Submit {
    /// The challenge, by id or slug.
    pub challenge: String,
    /// The phase, by id or codename.
    pub phase: String,
    /// What the file is called.
    pub file_name: String,
    /// What the team says about the method.
    pub method: Method,
    /// The team's answers to the organizers' questions.
    pub attributes: Map<String, Value>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Visibility,
    /// The file, already in the artifact store.
    pub file: Blob,
    /// The sender's name for the request.
    pub idempotency: Option<IdempotencyKey>,
}

/// Leave to send a file: what is checked before a byte is taken.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The phase.
    pub phase: Phase,
    /// The team it will count for.
    pub team: TeamId,
    /// Who sends.
    pub user: UserId,
    /// The largest file, in bytes.
    pub upload_bytes: u64,
}

/// Says whether a file would be taken now, so that nobody uploads 40 MB in vain.
///
/// Slots are looked at, not taken: what counts is decided by [`submit`].
/// A request under a key that was used before is let through even when it is too late or too much:
/// it is to be answered with what the first one made.
pub async fn admit(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    idempotency_key: Option<&str>,
) -> Outcome<Admission> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let key = idempotency_key.map(str::to_owned);
    let most = app.settings.limits.upload_bytes;
    app.db
        .read(move |conn| {
            let (_, admission) = may_take_part(conn, &actor, &challenge, &phase, most)?;
            if let Some(key) = key
                && idempotency::is_known(conn, &actor.log_name(), &key)?
            {
                return Ok(admission);
            }
            let admission = may_submit(conn, &actor, &challenge, &phase, now, most)?;
            for window in admission.phase.quota().windows(now) {
                if slots::count_used(conn, admission.phase.id, admission.team, &window.name)? >= window.limit
                {
                    return Err(exhausted(&window, now));
                }
            }
            Ok(admission)
        })
        .await
}

/// Accepts a file whose bytes are all here; acknowledged means committed and synced.
pub async fn submit(app: &App, actor: &Actor, input: Submit) -> Outcome<Created<SubmissionId>> {
    let id: SubmissionId = app.sources.new_id();
    let job: JobId = app.sources.new_id();
    let received = Received { artifact: input.file.digest, size_bytes: input.file.size, at: app.now() };
    let most = app.settings.limits.upload_bytes;
    let max_attempts = app.settings.worker.attempts;
    let method = input.method.clone().check()?;
    let file_name = parse_file_name(&input.file_name)?;
    let asker = actor.clone();
    let request = input.idempotency.as_ref().map(|key| key.request(actor, "submit"));
    let created = create_once(app, request, id, received.at, move |conn| {
        let admission = may_submit(conn, &asker, &input.challenge, &input.phase, received.at, most)?;
        if received.size_bytes > admission.upload_bytes {
            return Err(too_large(admission.upload_bytes));
        }
        submission_rules::of_phase(conn, admission.phase.id)?.accept_file(&file_name)?;
        check_attributes(&admission.phase.attributes.0, &input.attributes)?;
        let new = NewSubmission {
            id,
            phase: admission.phase.id,
            team: admission.team,
            submitted_by: admission.user,
            file_name: file_name.clone(),
            method: method.clone(),
            attributes: input.attributes.clone(),
            visibility: input.visibility,
            created_at: received.at,
        };
        submissions::insert(conn, &new, Some(received))?;
        let acceptance = Acceptance {
            actor: &asker,
            phase: &admission.phase,
            team: admission.team,
            submission: id,
            received,
            job,
            max_attempts,
        };
        accept(conn, &acceptance)
    })
    .await?;
    app.job_queued.notify_one();
    Ok(created)
}

/// The checks that every way of submitting shares.
pub(crate) fn may_submit(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    now: Timestamp,
    most: u64,
) -> Outcome<Admission> {
    let (challenge, admission) = may_take_part(conn, actor, challenge, phase, most)?;
    require_open(&challenge, &admission.phase, now)?;
    require_running(conn, &admission.phase)?;
    require_framing(conn, &admission.phase)?;
    Ok(admission)
}

/// Lets those pass who are registered and in a team, whatever the time is.
pub(crate) fn may_take_part(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    most: u64,
) -> Outcome<(Challenge, Admission)> {
    let seen = see_phase(conn, actor, challenge, phase)?;
    let person = verified_person(actor, Scope::Submit)?;
    let (challenge, phase) = (seen.challenge.challenge, seen.phase);
    require_admission(conn, challenge.id, person.user)?;
    let (team, _) = own_team(conn, person.user, challenge.id)?;
    let upload_bytes = phase.limits().upload_bytes.min(most);
    Ok((challenge, Admission { phase, team: team.id, user: person.user, upload_bytes }))
}

/// Lets a submission pass that is received while its phase takes them.
pub(crate) fn require_open(challenge: &Challenge, phase: &Phase, now: Timestamp) -> Outcome<()> {
    if challenge.state == ChallengeState::Archived {
        return Err(Failure::new(Code::PhaseClosed, "the challenge is archived"));
    }
    match (phase.window_at(now), phase.closes_at) {
        (WindowState::Open, _) => Ok(()),
        (WindowState::Closed, Some(closes_at)) => {
            Err(Failure::new(Code::PhaseClosed, format!("the phase closed at {closes_at}")))
        }
        (WindowState::Upcoming | WindowState::Closed, _) => {
            Err(Failure::new(Code::PhaseNotOpen, format!("the phase opens at {}", phase.opens_at)))
        }
    }
}

/// Lets a submission pass while neither its challenge nor its phase is paused.
fn require_running(conn: &mut Conn<'_>, phase: &Phase) -> Outcome<()> {
    match pauses::in_force(conn, phase.challenge_id, phase.id)? {
        Some(pause) => Err(Failure::new(Code::SubmissionsPaused, pause.reason)),
        None => Ok(()),
    }
}

/// Lets a submission pass whose phase has a framing to score it under, or had opened before framings were kept.
fn require_framing(conn: &mut Conn<'_>, phase: &Phase) -> Outcome<()> {
    if phase.opened_unframed || framings::in_force(conn, phase.id)?.is_some() {
        return Ok(());
    }
    let detail = "the organizers have not recorded yet how the phase frames what it counts";
    Err(Failure::new(Code::PhaseNotFramed, detail))
}

/// The last part of a path, without control characters.
pub(crate) fn parse_file_name(text: &str) -> Outcome<String> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return Ok("submission".to_owned());
    }
    if name.chars().count() > 200 {
        return Err(domain::Invalid::new("file_name", "must have at most 200 characters").into());
    }
    Ok(name)
}

/// The refusal of a file that is larger than the phase takes.
pub fn too_large(most: u64) -> Failure {
    Failure::new(Code::PayloadTooLarge, format!("the phase takes files of at most {most} bytes"))
}
