//! What submissions are compared by, one row per evaluation that counts or counted.

use diesel::prelude::*;
use domain::{AnnotationsId, Digest, EvaluationId, PhaseId, SplitId, SubmissionId, TeamId, Timestamp};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{examinations, phases, standings, submissions, unexamined};
use crate::types::Column;

/// A scored submission that was not compared with others yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Due {
    /// The evaluation that counted when it was scored.
    pub evaluation: EvaluationId,
    /// The submission.
    pub submission: SubmissionId,
}

/// What a submission is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The evaluation whose items these are.
    pub evaluation_id: EvaluationId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// Its phase.
    pub phase_id: PhaseId,
    /// Its team.
    pub team_id: TeamId,
    /// The annotations whose items these are.
    pub annotations_id: AnnotationsId,
    /// The digest of the predictions.
    pub predictions: Digest,
    /// What is kept of every item, as `ranking` writes it.
    pub fingerprint: Option<Vec<u8>>,
    /// When it was compared.
    pub examined_at: Timestamp,
}

/// A submission of which something is kept of every item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = examinations)]
pub struct Examinee {
    /// The evaluation whose items these are.
    pub evaluation_id: EvaluationId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// Its team.
    pub team_id: TeamId,
}

/// Another team's submission that predicts the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct FromOtherTeam {
    /// The submission.
    pub submission: SubmissionId,
    /// Its team.
    pub team: TeamId,
    /// The artifact that was sent.
    pub artifact: Option<Digest>,
}

/// Says that an evaluation, which counts from now on, is to be compared with others.
pub fn await_examination(
    conn: &mut Conn<'_>,
    evaluation: EvaluationId,
    submission: SubmissionId,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(unexamined::table)
        .values((
            unexamined::evaluation_id.eq(evaluation.sql()),
            unexamined::submission_id.eq(submission.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// The evaluations that wait to be compared, oldest first.
pub fn due(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<Due>, StoreError> {
    Ok(on!(conn, c => unexamined::table
        .order(unexamined::evaluation_id.asc())
        .select((unexamined::evaluation_id, unexamined::submission_id))
        .limit(limit)
        .load(c))?)
}

/// Holds the phase until the transaction ends, so that of two submissions compared at one time one sees the other.
pub fn lock_phase(conn: &mut Conn<'_>, phase: PhaseId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        phases::table.find(phase.sql()).select(phases::id).for_no_key_update().first::<PhaseId>(&mut **c)?;
    }
    Ok(())
}

/// Keeps what a submission is compared by, and that it was; `false` when another worker has done so before.
pub fn examined(conn: &mut Conn<'_>, found: &Examination) -> Result<bool, StoreError> {
    let written = on!(conn, c => diesel::insert_into(examinations::table)
        .values((
            examinations::evaluation_id.eq(found.evaluation_id.sql()),
            examinations::submission_id.eq(found.submission_id.sql()),
            examinations::phase_id.eq(found.phase_id.sql()),
            examinations::team_id.eq(found.team_id.sql()),
            examinations::annotations_id.eq(found.annotations_id.sql()),
            examinations::predictions.eq(found.predictions.sql()),
            examinations::fingerprint.eq(found.fingerprint.as_deref()),
            examinations::examined_at.eq(found.examined_at.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    on!(conn, c => diesel::delete(unexamined::table.find(found.evaluation_id.sql())).execute(c))?;
    Ok(written == 1)
}

/// The submissions of other teams of a phase that predict the same, the oldest of each team; baselines are nobody's.
pub fn same_predictions(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    predictions: Digest,
    but_not: TeamId,
) -> Result<Vec<FromOtherTeam>, StoreError> {
    let mut found: Vec<FromOtherTeam> = on!(conn, c => examinations::table
        .inner_join(submissions::table)
        .filter(examinations::phase_id.eq(phase.sql()))
        .filter(examinations::predictions.eq(predictions.sql()))
        .filter(examinations::team_id.ne(but_not.sql()))
        .filter(submissions::is_baseline.eq(false))
        .order((examinations::team_id.asc(), examinations::submission_id.asc()))
        .select((examinations::submission_id, examinations::team_id, submissions::artifact))
        .load(c))?;
    found.dedup_by_key(|one| one.team);
    Ok(found)
}

/// What stands for the other teams on a split and was compared on these annotations; baselines are nobody's.
pub fn standing(
    conn: &mut Conn<'_>,
    split: SplitId,
    annotations: AnnotationsId,
    but_not: TeamId,
) -> Result<Vec<Examinee>, StoreError> {
    Ok(on!(conn, c => standings::table
        .inner_join(examinations::table.on(examinations::evaluation_id.eq(standings::evaluation_id)))
        .inner_join(submissions::table.on(submissions::id.eq(standings::submission_id)))
        .filter(standings::split_id.eq(split.sql()))
        .filter(standings::team_id.ne(but_not.sql()))
        .filter(examinations::annotations_id.eq(annotations.sql()))
        .filter(examinations::fingerprint.is_not_null())
        .filter(submissions::is_baseline.eq(false))
        .order(standings::team_id.asc())
        .select(Examinee::as_select())
        .load(c))?)
}

/// The newest submissions of a team that were compared on these annotations, newest first.
pub fn of_team(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    annotations: AnnotationsId,
    limit: i64,
) -> Result<Vec<Examinee>, StoreError> {
    Ok(on!(conn, c => examinations::table
        .filter(examinations::phase_id.eq(phase.sql()))
        .filter(examinations::team_id.eq(team.sql()))
        .filter(examinations::annotations_id.eq(annotations.sql()))
        .filter(examinations::fingerprint.is_not_null())
        .order(examinations::submission_id.desc())
        .select(Examinee::as_select())
        .limit(limit)
        .load(c))?)
}

/// Forgets an evaluation that waits to be compared and counts no more.
pub fn forget(conn: &mut Conn<'_>, evaluation: EvaluationId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(unexamined::table.find(evaluation.sql())).execute(c))?;
    Ok(())
}

/// What is kept of the items of an evaluation.
pub fn fingerprint(conn: &mut Conn<'_>, evaluation: EvaluationId) -> Result<Option<Vec<u8>>, StoreError> {
    let kept: Option<Option<Vec<u8>>> = on!(conn, c => examinations::table
        .find(evaluation.sql())
        .select(examinations::fingerprint)
        .get_result(c)
        .optional())?;
    Ok(kept.flatten())
}
