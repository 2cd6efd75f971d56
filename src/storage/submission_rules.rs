//! What a phase asks of submissions beyond what its evaluator reads.

use diesel::prelude::*;
use domain::submission_rules::SubmissionRules;
use domain::{PhaseId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{phases, submission_rules};
use crate::types::{Column, Json};

/// The rules of a phase; those that ask nothing where nobody has set any.
pub fn of_phase(conn: &mut Conn<'_>, phase: PhaseId) -> Result<SubmissionRules, StoreError> {
    let row: Option<(Json<Vec<String>>, Option<Timestamp>)> = on!(conn, c => submission_rules::table
        .find(phase.sql())
        .select((submission_rules::file_types, submission_rules::anonymous_until))
        .get_result(c)
        .optional())?;
    Ok(row.map_or_else(SubmissionRules::default, |(file_types, anonymous_until)| SubmissionRules {
        file_types: file_types.0,
        anonymous_until,
    }))
}

/// Until when entries of a phase are anonymous, where there is such a time.
pub fn anonymous_until(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Option<Timestamp>, StoreError> {
    let found: Option<Option<Timestamp>> = on!(conn, c => submission_rules::table
        .find(phase.sql())
        .select(submission_rules::anonymous_until)
        .get_result(c)
        .optional())?;
    Ok(found.flatten())
}

/// The latest moment until which entries of any phase of a challenge are anonymous.
pub fn challenge_anonymous_until(
    conn: &mut Conn<'_>,
    challenge: domain::ChallengeId,
) -> Result<Option<Timestamp>, StoreError> {
    let found: Vec<Option<Timestamp>> = on!(conn, c => submission_rules::table
        .inner_join(phases::table)
        .filter(phases::challenge_id.eq(challenge.sql()))
        .select(submission_rules::anonymous_until)
        .load(c))?;
    Ok(found.into_iter().flatten().max())
}

/// Replaces the rules of a phase.
pub fn set(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    rules: &SubmissionRules,
    (by, now): (Option<UserId>, Timestamp),
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(submission_rules::table)
        .values((
            submission_rules::phase_id.eq(phase.sql()),
            submission_rules::file_types.eq(Json(rules.file_types.clone())),
            submission_rules::anonymous_until.eq(rules.anonymous_until.map(Column::sql)),
            submission_rules::changed_by.eq(by.map(Column::sql)),
            submission_rules::changed_at.eq(now.sql()),
        ))
        .on_conflict(submission_rules::phase_id)
        .do_update()
        .set((
            submission_rules::file_types.eq(Json(rules.file_types.clone())),
            submission_rules::anonymous_until.eq(rules.anonymous_until.map(Column::sql)),
            submission_rules::changed_by.eq(by.map(Column::sql)),
            submission_rules::changed_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}
