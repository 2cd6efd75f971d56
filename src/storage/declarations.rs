//! What teams declare about how their submissions came to be.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::declaration::{DataSource, Declaration, Supervision};
use domain::{PhaseId, SubmissionId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{declarations, submissions};
use crate::types::Column;

type Columns = (SubmissionId, Supervision, DataSource, DataSource, bool, bool);

fn declared(
    (id, supervision, pretraining, extra_data, ensemble, human_in_the_loop): Columns,
) -> (SubmissionId, Declaration) {
    (id, Declaration { supervision, pretraining, extra_data, ensemble, human_in_the_loop })
}

/// The declaration of a submission.
pub fn find(conn: &mut Conn<'_>, submission: SubmissionId) -> Result<Option<Declaration>, StoreError> {
    let row: Option<Columns> = on!(conn, c => declarations::table
        .find(submission.sql())
        .select((
            declarations::submission_id,
            declarations::supervision,
            declarations::pretraining,
            declarations::extra_data,
            declarations::ensemble,
            declarations::human_in_the_loop,
        ))
        .get_result(c)
        .optional())?;
    Ok(row.map(|row| declared(row).1))
}

/// The declarations of a phase's submissions.
pub fn of_phase(
    conn: &mut Conn<'_>,
    phase: PhaseId,
) -> Result<HashMap<SubmissionId, Declaration>, StoreError> {
    let rows: Vec<Columns> = on!(conn, c => declarations::table
        .inner_join(submissions::table)
        .filter(submissions::phase_id.eq(phase.sql()))
        .select((
            declarations::submission_id,
            declarations::supervision,
            declarations::pretraining,
            declarations::extra_data,
            declarations::ensemble,
            declarations::human_in_the_loop,
        ))
        .load(c))?;
    Ok(rows.into_iter().map(declared).collect())
}

/// Writes the declaration of a submission, in place of an earlier one.
pub fn set(
    conn: &mut Conn<'_>,
    submission: SubmissionId,
    declaration: &Declaration,
    (by, now): (UserId, Timestamp),
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(declarations::table)
        .values((
            declarations::submission_id.eq(submission.sql()),
            declarations::supervision.eq(declaration.supervision.sql()),
            declarations::pretraining.eq(declaration.pretraining.sql()),
            declarations::extra_data.eq(declaration.extra_data.sql()),
            declarations::ensemble.eq(declaration.ensemble),
            declarations::human_in_the_loop.eq(declaration.human_in_the_loop),
            declarations::declared_by.eq(by.sql()),
            declarations::declared_at.eq(now.sql()),
        ))
        .on_conflict(declarations::submission_id)
        .do_update()
        .set((
            declarations::supervision.eq(declaration.supervision.sql()),
            declarations::pretraining.eq(declaration.pretraining.sql()),
            declarations::extra_data.eq(declaration.extra_data.sql()),
            declarations::ensemble.eq(declaration.ensemble),
            declarations::human_in_the_loop.eq(declaration.human_in_the_loop),
            declarations::declared_by.eq(by.sql()),
            declarations::declared_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}
