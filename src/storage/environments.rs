//! What programs were run with, kept with every evaluation that they made.

use diesel::prelude::*;
use domain::{Digest, EvaluationId, Timestamp};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{environments, evaluation_environments};
use crate::types::{Column, Json};

/// Notes what an evaluation was made with; `contents` are the interpreter and the packages with their versions.
pub fn record(
    conn: &mut Conn<'_>,
    evaluation: EvaluationId,
    digest: Digest,
    contents: &Json<Value>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(environments::table)
        .values((
            environments::digest.eq(digest.sql()),
            environments::contents.eq(contents),
            environments::first_used_at.eq(now.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    on!(conn, c => diesel::insert_into(evaluation_environments::table)
        .values((
            evaluation_environments::evaluation_id.eq(evaluation.sql()),
            evaluation_environments::environment.eq(digest.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// What an evaluation was made with, if a program made it.
pub fn of_evaluation(
    conn: &mut Conn<'_>,
    evaluation: EvaluationId,
) -> Result<Option<(Digest, Json<Value>)>, StoreError> {
    Ok(on!(conn, c => evaluation_environments::table
        .inner_join(environments::table)
        .filter(evaluation_environments::evaluation_id.eq(evaluation.sql()))
        .select((environments::digest, environments::contents))
        .get_result(c)
        .optional())?)
}
