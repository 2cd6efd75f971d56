//! What teams were answered about a split: every evaluation whose scores one could have read.

use diesel::prelude::*;
use domain::{PhaseId, SplitId, TeamId, Timestamp};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{evaluations, releases, submissions};
use crate::types::Column;

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Answer {
    /// To whom.
    pub team: TeamId,
    /// When the evaluation ended.
    pub finished_at: Timestamp,
    /// What a ladder said: whether it was an improvement; absent where no ladder has answered.
    pub is_new: Option<bool>,
}

/// Every evaluation of a phase's submissions, with what a ladder said of it on a split; withdrawn ones too, for they were read.
pub fn of_split(conn: &mut Conn<'_>, phase: PhaseId, split: SplitId) -> Result<Vec<Answer>, StoreError> {
    Ok(on!(conn, c => evaluations::table
        .inner_join(submissions::table.on(submissions::id.eq(evaluations::submission_id)))
        .left_join(releases::table.on(
            releases::evaluation_id.eq(evaluations::id).and(releases::split_id.eq(split.sql())),
        ))
        .filter(submissions::phase_id.eq(phase.sql()))
        .select((submissions::team_id, evaluations::finished_at, releases::is_new.nullable()))
        .load(c))?)
}
