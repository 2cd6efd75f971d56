//! The table of what is tried of a program before anybody submits.

use super::challenge::annotations;

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    trials (annotations_id, place) {
        annotations_id -> SqlId,
        place -> Integer,
        name -> Text,
        solution -> Nullable<SqlWord>,
        tasks -> SqlJson,
        state -> Text,
        attempts -> Integer,
        max_attempts -> Integer,
        run_after -> SqlTime,
        lease_token -> Nullable<SqlId>,
        lease_expires_at -> Nullable<SqlTime>,
        worker -> Nullable<Text>,
        result -> Nullable<SqlJson>,
        failure -> Nullable<Text>,
        detail -> Nullable<Text>,
        created_at -> SqlTime,
        started_at -> Nullable<SqlTime>,
        finished_at -> Nullable<SqlTime>,
    }
}

diesel::joinable!(trials -> annotations (annotations_id));
