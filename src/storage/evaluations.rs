//! Evaluations and their scores: written once, never changed.

use diesel::prelude::*;
use domain::phase::EvaluationMode;
use domain::{
    AnnotationsId, Digest, EvaluationId, FramingId, JobId, PhaseId, SplitId, SubmissionId, Timestamp,
};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{annotations, evaluations, scores, splits, submissions};
use crate::types::{Column, Json};

/// One run of one evaluator version on one submission and one version of the annotations.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = evaluations)]
pub struct Evaluation {
    /// Its id.
    pub id: EvaluationId,
    /// What was evaluated.
    pub submission_id: SubmissionId,
    /// On what.
    pub annotations_id: AnnotationsId,
    /// The job that it is the effect of.
    pub job_id: JobId,
    /// The evaluator.
    pub evaluator: String,
    /// Its version.
    pub evaluator_version: String,
    /// Which rules it followed.
    pub mode: EvaluationMode,
    /// With which parameters.
    pub params: Json<Map<String, Value>>,
    /// The artifact that holds the evidence.
    pub evidence: Digest,
    /// How many items were scored.
    pub item_count: i32,
    /// Which worker did it.
    pub worker: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Under which framing; absent where the phase had opened before framings were kept.
    pub framing_id: Option<FramingId>,
}

/// The value of a metric on a split.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = scores)]
pub struct Score {
    /// Whose.
    pub submission_id: SubmissionId,
    /// Of which evaluation.
    pub evaluation_id: EvaluationId,
    /// On which split.
    pub split_id: SplitId,
    /// Of which metric.
    pub metric: String,
    /// The value, finite, where the metric is defined.
    pub value: Option<f64>,
    /// Why it is not, where it is not.
    pub undefined: Option<String>,
}

/// Writes an evaluation with all its scores.
pub fn insert(conn: &mut Conn<'_>, evaluation: &Evaluation, found: &[Score]) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(evaluations::table)
        .values((
            evaluations::id.eq(evaluation.id.sql()),
            evaluations::submission_id.eq(evaluation.submission_id.sql()),
            evaluations::annotations_id.eq(evaluation.annotations_id.sql()),
            evaluations::job_id.eq(evaluation.job_id.sql()),
            evaluations::evaluator.eq(&evaluation.evaluator),
            evaluations::evaluator_version.eq(&evaluation.evaluator_version),
            evaluations::mode.eq(evaluation.mode.sql()),
            evaluations::params.eq(&evaluation.params),
            evaluations::evidence.eq(evaluation.evidence.sql()),
            evaluations::item_count.eq(evaluation.item_count),
            evaluations::worker.eq(&evaluation.worker),
            evaluations::started_at.eq(evaluation.started_at.sql()),
            evaluations::finished_at.eq(evaluation.finished_at.sql()),
            evaluations::framing_id.eq(evaluation.framing_id.map(Column::sql)),
        ))
        .execute(c))?;
    for score in found {
        on!(conn, c => diesel::insert_into(scores::table)
            .values((
                scores::submission_id.eq(score.submission_id.sql()),
                scores::evaluation_id.eq(score.evaluation_id.sql()),
                scores::split_id.eq(score.split_id.sql()),
                scores::metric.eq(&score.metric),
                scores::value.eq(score.value),
                scores::undefined.eq(score.undefined.as_deref()),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The evaluation of this id.
pub fn find(conn: &mut Conn<'_>, id: EvaluationId) -> Result<Option<Evaluation>, StoreError> {
    Ok(
        on!(conn, c => evaluations::table.find(id.sql()).select(Evaluation::as_select()).get_result(c).optional())?,
    )
}

/// Every evaluation of a submission, oldest first.
pub fn of_submission(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Vec<Evaluation>, StoreError> {
    Ok(on!(conn, c => evaluations::table
        .filter(evaluations::submission_id.eq(submission.sql()))
        .order(evaluations::id.asc())
        .select(Evaluation::as_select())
        .load(c))?)
}

/// The scores of an evaluation, on every split.
pub fn scores_of(conn: &mut Conn<'_>, evaluation: EvaluationId) -> Result<Vec<Score>, StoreError> {
    Ok(on!(conn, c => scores::table
        .filter(scores::evaluation_id.eq(evaluation.sql()))
        .select(Score::as_select())
        .load(c))?)
}

/// The scores of several evaluations on one split.
pub fn scores_on_split(
    conn: &mut Conn<'_>,
    split: SplitId,
    evaluations: &[EvaluationId],
) -> Result<Vec<Score>, StoreError> {
    // SQLite takes a limited number of values in one query.
    const AT_ONCE: usize = 500;
    let mut found = Vec::new();
    for some in evaluations.chunks(AT_ONCE) {
        let more: Vec<Score> = on!(conn, c => scores::table
            .filter(scores::split_id.eq(split.sql()))
            .filter(scores::evaluation_id.eq_any(some.iter().map(Column::sql)))
            .select(Score::as_select())
            .load(c))?;
        found.extend(more);
    }
    Ok(found)
}

/// A page of all scores with their split's codename, in the order of submissions, for exports.
pub fn scores_page(
    conn: &mut Conn<'_>,
    submissions_in_order: &[SubmissionId],
) -> Result<Vec<(Score, String)>, StoreError> {
    let rows: Vec<(Score, domain::Codename)> = on!(conn, c => scores::table
        .inner_join(splits::table)
        .filter(scores::submission_id.eq_any(submissions_in_order.iter().map(Column::sql)))
        .order((
            scores::submission_id.asc(),
            scores::evaluation_id.asc(),
            scores::split_id.asc(),
            scores::metric.asc(),
        ))
        .select((Score::as_select(), splits::codename))
        .load(c))?;
    Ok(rows.into_iter().map(|(score, codename)| (score, codename.into())).collect())
}

/// For every scored submission of a phase, the evaluation that counted at a moment: of those that had ended, one on the newest
/// annotations, and of these the last.
pub fn counting_at(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    moment: Timestamp,
) -> Result<Vec<(SubmissionId, EvaluationId)>, StoreError> {
    let rows: Vec<(SubmissionId, EvaluationId)> = on!(conn, c => evaluations::table
        .inner_join(submissions::table)
        .inner_join(annotations::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(evaluations::finished_at.le(moment.sql()))
        .order((evaluations::submission_id.asc(), annotations::version.asc(), evaluations::id.asc()))
        .select((evaluations::submission_id, evaluations::id))
        .load(c))?;
    Ok(last_of_each(rows))
}

/// For every scored submission of a phase, its newest evaluation on one version of the annotations.
pub fn newest_on(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    annotations: AnnotationsId,
) -> Result<Vec<(SubmissionId, EvaluationId)>, StoreError> {
    let rows: Vec<(SubmissionId, EvaluationId)> = on!(conn, c => evaluations::table
        .inner_join(submissions::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(evaluations::annotations_id.eq(annotations.sql()))
        .order((evaluations::submission_id.asc(), evaluations::id.asc()))
        .select((evaluations::submission_id, evaluations::id))
        .load(c))?;
    Ok(last_of_each(rows))
}

/// The last row of every submission, in their order.
fn last_of_each(rows: Vec<(SubmissionId, EvaluationId)>) -> Vec<(SubmissionId, EvaluationId)> {
    let mut last_rows: Vec<(SubmissionId, EvaluationId)> = Vec::with_capacity(rows.len());
    for row in rows {
        match last_rows.last_mut() {
            Some(last) if last.0 == row.0 => *last = row,
            _ => last_rows.push(row),
        }
    }
    last_rows
}
