//! What organizers remark about entries; remarks are never changed, and taking one back is another one.

use diesel::prelude::*;
use domain::{PhaseId, RemarkId, SubmissionId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{remarks, submissions};
use crate::types::Column;

/// A remark as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = remarks)]
pub struct Remark {
    /// Its id; later ones are larger.
    pub id: RemarkId,
    /// About what.
    pub submission_id: SubmissionId,
    /// `note`, `note_withdrawn`, `verified` or `unverified`.
    pub kind: String,
    /// The note that is taken back.
    pub withdraws: Option<RemarkId>,
    /// What is said.
    pub body: String,
    /// By whom.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

/// Writes a remark; a second one that takes back the same note hits `remarks_withdraws_key`.
pub fn insert(conn: &mut Conn<'_>, new: &Remark) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(remarks::table)
        .values((
            remarks::id.eq(new.id.sql()),
            remarks::submission_id.eq(new.submission_id.sql()),
            remarks::kind.eq(&new.kind),
            remarks::withdraws.eq(new.withdraws.map(Column::sql)),
            remarks::body.eq(&new.body),
            remarks::made_by.eq(new.made_by.sql()),
            remarks::made_at.eq(new.made_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The remarks about a submission, oldest first.
pub fn of_submission(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Vec<Remark>, StoreError> {
    Ok(on!(conn, c => remarks::table
        .filter(remarks::submission_id.eq(submission.sql()))
        .order(remarks::id.asc())
        .select(Remark::as_select())
        .load(c))?)
}

/// The remarks about every submission of a phase, oldest first.
pub fn of_phase(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Remark>, StoreError> {
    Ok(on!(conn, c => remarks::table
        .inner_join(submissions::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .order(remarks::id.asc())
        .select(Remark::as_select())
        .load(c))?)
}
