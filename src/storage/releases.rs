//! What teams were told of their scores, where each answer depends on those before.

use diesel::prelude::*;
use domain::submission::SubmissionState;
use domain::{AnnotationsId, EvaluationId, PhaseId, SplitId, SubmissionId, TeamId, Timestamp};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{evaluations, releases, splits, submissions};
use crate::types::Column;

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Queryable, Selectable)]
#[diesel(table_name = releases)]
pub struct Release {
    /// The split that was asked.
    pub split_id: SplitId,
    /// The evaluation that it is the answer to.
    pub evaluation_id: EvaluationId,
    /// The annotations of the evaluation.
    pub annotations_id: AnnotationsId,
    /// The team that is told.
    pub team_id: TeamId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// Counts the team's answers on the split and these annotations, from 1.
    pub step: i32,
    /// What is shown; nothing while nothing was ever released.
    pub value: Option<f64>,
    /// Whether the submission itself brought the value.
    pub is_new: bool,
    /// When.
    pub released_at: Timestamp,
}

/// A score that nobody was told of yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Unreleased {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The submission.
    pub submission: SubmissionId,
    /// Its team.
    pub team: TeamId,
    /// The artifact that holds the evidence.
    pub evidence: domain::Digest,
}

/// Writes an answer.
pub fn insert(conn: &mut Conn<'_>, release: &Release) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(releases::table)
        .values((
            releases::split_id.eq(release.split_id.sql()),
            releases::evaluation_id.eq(release.evaluation_id.sql()),
            releases::annotations_id.eq(release.annotations_id.sql()),
            releases::team_id.eq(release.team_id.sql()),
            releases::submission_id.eq(release.submission_id.sql()),
            releases::step.eq(release.step),
            releases::value.eq(release.value),
            releases::is_new.eq(release.is_new),
            releases::released_at.eq(release.released_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The oldest scored submission of a phase whose evaluation on these annotations has no answer on a split.
pub fn next_unreleased(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    annotations: AnnotationsId,
    split: SplitId,
) -> Result<Option<Unreleased>, StoreError> {
    let answered = releases::table.filter(releases::split_id.eq(split.sql())).select(releases::evaluation_id);
    Ok(on!(conn, c => evaluations::table
        .inner_join(submissions::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::state.eq(SubmissionState::Scored.sql()))
        .filter(submissions::evaluation_id.eq(evaluations::id.nullable()))
        .filter(evaluations::annotations_id.eq(annotations.sql()))
        .filter(evaluations::id.ne_all(answered))
        .order(evaluations::id.asc())
        .select((evaluations::id, submissions::id, submissions::team_id, evaluations::evidence))
        .first(c)
        .optional())?)
}

/// Whether a team got an answer in a phase.
pub fn has_any(conn: &mut Conn<'_>, phase: PhaseId, team: TeamId) -> Result<bool, StoreError> {
    let first: Option<i32> = on!(conn, c => releases::table
        .inner_join(splits::table)
        .filter(splits::phase_id.eq(phase.sql()))
        .filter(releases::team_id.eq(team.sql()))
        .select(releases::step)
        .first(c)
        .optional())?;
    Ok(first.is_some())
}

/// The last answer that a team got on a split and a version of the annotations.
pub fn last_of_team(
    conn: &mut Conn<'_>,
    split: SplitId,
    annotations: AnnotationsId,
    team: TeamId,
) -> Result<Option<Release>, StoreError> {
    Ok(on!(conn, c => releases::table
        .filter(releases::split_id.eq(split.sql()))
        .filter(releases::annotations_id.eq(annotations.sql()))
        .filter(releases::team_id.eq(team.sql()))
        .order(releases::step.desc())
        .select(Release::as_select())
        .first(c)
        .optional())?)
}

/// The answers of a team on a split and a version of the annotations that were steps forward, oldest first.
pub fn steps_of_team(
    conn: &mut Conn<'_>,
    split: SplitId,
    annotations: AnnotationsId,
    team: TeamId,
) -> Result<Vec<Release>, StoreError> {
    Ok(on!(conn, c => releases::table
        .filter(releases::split_id.eq(split.sql()))
        .filter(releases::annotations_id.eq(annotations.sql()))
        .filter(releases::team_id.eq(team.sql()))
        .filter(releases::is_new.eq(true))
        .order(releases::step.asc())
        .select(Release::as_select())
        .load(c))?)
}

/// The answers to evaluations on a split.
pub fn of_evaluations(
    conn: &mut Conn<'_>,
    split: SplitId,
    evaluations: &[EvaluationId],
) -> Result<Vec<Release>, StoreError> {
    // SQLite takes a limited number of values in one query.
    const AT_ONCE: usize = 500;
    let mut found = Vec::with_capacity(evaluations.len());
    for some in evaluations.chunks(AT_ONCE) {
        let more: Vec<Release> = on!(conn, c => releases::table
            .filter(releases::split_id.eq(split.sql()))
            .filter(releases::evaluation_id.eq_any(some.iter().map(Column::sql)))
            .select(Release::as_select())
            .load(c))?;
        found.extend(more);
    }
    Ok(found)
}
