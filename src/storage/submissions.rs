//! Submissions and how they move from state to state; their quota slots have a file of their own.

mod slots;

use diesel::prelude::*;
use domain::split::Visibility;
use domain::submission::{Method, SubmissionState};
use domain::{Digest, EvaluationId, PhaseId, SubmissionId, TeamId, Timestamp, UserId};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::submissions;
use crate::types::{Column, Json};

pub use slots::{Exhausted, count_used, free_concurrent_slot, refund_slots, take_slots, used_slots};

/// A submission as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = submissions)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// The phase it was sent to.
    pub phase_id: PhaseId,
    /// The team that it counts for.
    pub team_id: TeamId,
    /// Who sent it.
    pub submitted_by: UserId,
    /// Where it stands.
    pub state: SubmissionState,
    /// Its bytes; absent while they arrive.
    pub artifact: Option<Digest>,
    /// How many bytes.
    pub size_bytes: i64,
    /// What the file was called.
    pub file_name: String,
    /// What the team says about the method.
    pub method: Json<Method>,
    /// The team's answers to the organizers' questions.
    pub attributes: Json<Map<String, Value>>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Visibility,
    /// Whether it is shown as a baseline.
    pub is_baseline: bool,
    /// What is wrong with the file: the first faults.
    pub faults: Option<Json<Value>>,
    /// How many faults there are.
    pub fault_count: i32,
    /// Why the evaluation failed.
    pub failure: Option<String>,
    /// How often it was evaluated again on request.
    pub reruns: i32,
    /// The evaluation whose scores count now.
    pub evaluation_id: Option<EvaluationId>,
    /// When its row was made.
    pub created_at: Timestamp,
    /// When its last byte was here: the time that deadlines and ties go by.
    pub received_at: Option<Timestamp>,
    /// When it reached its present final state.
    pub finished_at: Option<Timestamp>,
    /// When the team chose it as its final one.
    pub chosen_at: Option<Timestamp>,
    /// When the team withdrew it.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawal_reason: Option<String>,
}

/// What is known of a submission before its bytes are judged.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Its id.
    pub id: SubmissionId,
    /// The phase it is sent to.
    pub phase: PhaseId,
    /// The team it counts for.
    pub team: TeamId,
    /// Who sends it.
    pub submitted_by: UserId,
    /// What the file is called.
    pub file_name: String,
    /// What the team says about the method.
    pub method: Method,
    /// The team's answers to the organizers' questions.
    pub attributes: Map<String, Value>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Visibility,
    /// When its row is made.
    pub created_at: Timestamp,
}

/// The bytes of a submission, once all are here.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// The artifact.
    pub artifact: Digest,
    /// Its size.
    pub size_bytes: u64,
    /// When the last byte was here.
    pub at: Timestamp,
}

/// Writes a submission whose bytes are all here, already queued, or one whose bytes are still to come.
pub fn insert(
    conn: &mut Conn<'_>,
    new: &NewSubmission,
    received: Option<Received>,
) -> Result<(), StoreError> {
    let state = if received.is_some() { SubmissionState::Queued } else { SubmissionState::Uploading };
    on!(conn, c => diesel::insert_into(submissions::table)
        .values((
            submissions::id.eq(new.id.sql()),
            submissions::phase_id.eq(new.phase.sql()),
            submissions::team_id.eq(new.team.sql()),
            submissions::submitted_by.eq(new.submitted_by.sql()),
            submissions::state.eq(state.sql()),
            submissions::artifact.eq(received.map(|received| received.artifact.sql())),
            submissions::size_bytes.eq(received.map_or(0, |received| as_stored(received.size_bytes))),
            submissions::file_name.eq(&new.file_name),
            submissions::method.eq(Json(new.method.clone())),
            submissions::attributes.eq(Json(new.attributes.clone())),
            submissions::visibility.eq(new.visibility.sql()),
            submissions::is_baseline.eq(false),
            submissions::created_at.eq(new.created_at.sql()),
            submissions::received_at.eq(received.map(|received| received.at.sql())),
        ))
        .execute(c))?;
    Ok(())
}

/// Queues a submission whose upload is complete.
pub fn queue_uploaded(conn: &mut Conn<'_>, id: SubmissionId, received: Received) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            submissions::table.find(id.sql()).filter(submissions::state.eq(SubmissionState::Uploading.sql())))
        .set((
            submissions::state.eq(SubmissionState::Queued.sql()),
            submissions::artifact.eq(Some(received.artifact.sql())),
            submissions::size_bytes.eq(as_stored(received.size_bytes)),
            submissions::received_at.eq(Some(received.at.sql())),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// The submission of this id.
pub fn find(conn: &mut Conn<'_>, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
    Ok(
        on!(conn, c => submissions::table.find(id.sql()).select(Submission::as_select()).get_result(c).optional())?,
    )
}

/// Which submissions a list holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only those of this team.
    pub team: Option<TeamId>,
    /// Only those in this state.
    pub state: Option<SubmissionState>,
    /// Only those older than this one.
    pub before: Option<SubmissionId>,
}

/// A page of a phase's submissions, newest first.
pub fn list(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Submission>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = submissions::table
            .filter(submissions::phase_id.eq(phase.sql()))
            .select(Submission::as_select())
            .into_boxed();
        if let Some(team) = filter.team {
            query = query.filter(submissions::team_id.eq(team.sql()));
        }
        if let Some(state) = filter.state {
            query = query.filter(submissions::state.eq(state.sql()));
        }
        if let Some(before) = filter.before {
            query = query.filter(submissions::id.lt(before.sql()));
        }
        query.order(submissions::id.desc()).limit(limit).load(c)
    })?)
}

/// Every submission behind `after`, oldest first, for exports.
pub fn page(
    conn: &mut Conn<'_>,
    after: Option<SubmissionId>,
    limit: i64,
) -> Result<Vec<Submission>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = submissions::table.select(Submission::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(submissions::id.gt(after.sql()));
        }
        query.order(submissions::id.asc()).limit(limit).load(c)
    })?)
}

/// The ids of a phase's scored submissions, for evaluating them again.
pub fn scored_in(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<SubmissionId>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::state.eq(SubmissionState::Scored.sql()))
        .order(submissions::id.asc())
        .select(submissions::id)
        .load(c))?)
}

/// Whether submissions of a phase wait to be scored, or are being scored.
pub fn is_any_unfinished(conn: &mut Conn<'_>, phase: PhaseId) -> Result<bool, StoreError> {
    let waiting = [SubmissionState::Queued, SubmissionState::Running];
    let found = submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::state.eq_any(waiting.iter().map(Column::sql)));
    Ok(on!(conn, c => diesel::select(diesel::dsl::exists(found)).get_result(c))?)
}

/// Moves a submission from one of `from` to `to`; whether it was in one of them.
///
/// The database refuses what [`SubmissionState::may_become`] does not allow.
pub fn advance(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    from: &[SubmissionState],
    to: SubmissionState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let finished = to.is_final().then(|| now.sql());
    let changed = on!(conn, c => diesel::update(
            submissions::table.find(id.sql()).filter(submissions::state.eq_any(from.iter().map(Column::sql))))
        .set((submissions::state.eq(to.sql()), submissions::finished_at.eq(finished)))
        .execute(c))?;
    Ok(changed == 1)
}

/// Says what is wrong with the file.
pub fn set_faults(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    count: u64,
    faults: Value,
) -> Result<(), StoreError> {
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set((submissions::faults.eq(Some(Json(faults))), submissions::fault_count.eq(count)))
        .execute(c))?;
    Ok(())
}

/// Says why the evaluation failed.
pub fn set_failure(conn: &mut Conn<'_>, id: SubmissionId, code: &str) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set(submissions::failure.eq(Some(code)))
        .execute(c))?;
    Ok(())
}

/// Makes an evaluation the one that counts.
pub fn set_evaluation(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    evaluation: EvaluationId,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set(submissions::evaluation_id.eq(Some(evaluation.sql())))
        .execute(c))?;
    Ok(())
}

/// Puts a failed or invalid submission back into the queue, counting the rerun.
pub fn rerun(conn: &mut Conn<'_>, id: SubmissionId) -> Result<bool, StoreError> {
    let from = [SubmissionState::Failed, SubmissionState::Invalid];
    let changed = on!(conn, c => diesel::update(
            submissions::table.find(id.sql()).filter(submissions::state.eq_any(from.iter().map(Column::sql))))
        .set((
            submissions::state.eq(SubmissionState::Queued.sql()),
            submissions::reruns.eq(submissions::reruns + 1),
            submissions::faults.eq(None::<Json<Value>>),
            submissions::fault_count.eq(0),
            submissions::failure.eq(None::<String>),
            submissions::finished_at.eq(None::<crate::types::Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Leaves a tombstone.
pub fn withdraw(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    reason: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            submissions::table.find(id.sql()).filter(submissions::withdrawn_at.is_null()))
        .set((
            submissions::withdrawn_at.eq(Some(now.sql())),
            submissions::withdrawal_reason.eq(Some(reason)),
            submissions::chosen_at.eq(None::<crate::types::Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(changed == 1)
}

/// Makes a submission one of those that its team has chosen, of which there are at most so many; the oldest choice makes room.
///
/// Whoever calls holds the team's row, so that the choices of a team come one after the other.
pub fn choose(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    id: SubmissionId,
    most: u8,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut chosen: Vec<(SubmissionId, i32)> = on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::team_id.eq(team.sql()))
        .filter(submissions::chosen_at.is_not_null())
        .order((submissions::chosen_at.asc(), submissions::id.asc()))
        .select((submissions::id, submissions::choice_slot))
        .load(c))?;
    if chosen.iter().any(|(other, _)| *other == id) {
        return Ok(());
    }
    let too_many = (chosen.len() + 1).saturating_sub(usize::from(most));
    for (old, _) in chosen.drain(..too_many) {
        on!(conn, c => diesel::update(submissions::table.find(old.sql()))
            .set(submissions::chosen_at.eq(None::<crate::types::Sql<Timestamp>>))
            .execute(c))?;
    }
    let slot = (1..=i32::from(most)).find(|slot| chosen.iter().all(|(_, taken)| taken != slot));
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set((submissions::chosen_at.eq(Some(now.sql())), submissions::choice_slot.eq(slot.unwrap_or(1))))
        .execute(c))?;
    Ok(())
}

/// Marks a submission as a baseline, or no longer.
pub fn set_baseline(conn: &mut Conn<'_>, id: SubmissionId, is_baseline: bool) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set(submissions::is_baseline.eq(is_baseline))
        .execute(c))?;
    Ok(())
}

/// Changes what a team says about a submission.
pub fn describe(
    conn: &mut Conn<'_>,
    id: SubmissionId,
    method: &Method,
    attributes: &Map<String, Value>,
    visibility: Visibility,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(submissions::table.find(id.sql()))
        .set((
            submissions::method.eq(Json(method.clone())),
            submissions::attributes.eq(Json(attributes.clone())),
            submissions::visibility.eq(visibility.sql()),
        ))
        .execute(c))?;
    Ok(())
}

fn as_stored(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// A submission in the list of what a person sent.
#[derive(Debug, Clone, Queryable)]
pub struct OwnSubmission {
    /// Its id.
    pub id: SubmissionId,
    /// What the file was called.
    pub file_name: String,
    /// Where it stands.
    pub state: SubmissionState,
    /// When its row was made.
    pub created_at: Timestamp,
}

/// What a person sent, for whichever team, oldest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<OwnSubmission>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::submitted_by.eq(user.sql()))
        .order(submissions::id.asc())
        .select((submissions::id, submissions::file_name, submissions::state, submissions::created_at))
        .load(c))?)
}
