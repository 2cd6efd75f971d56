//! The tables of the queue, of evaluations and of where programs ran.

use super::challenge::{annotations, challenges, splits};
use super::submission::submissions;

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    jobs (id) {
        id -> SqlId,
        kind -> Text,
        payload -> SqlJson,
        submission_id -> Nullable<SqlId>,
        annotations_id -> Nullable<SqlId>,
        state -> Text,
        priority -> Integer,
        attempts -> Integer,
        max_attempts -> Integer,
        run_after -> SqlTime,
        lease_token -> Nullable<SqlId>,
        lease_expires_at -> Nullable<SqlTime>,
        worker -> Nullable<Text>,
        created_at -> SqlTime,
        finished_at -> Nullable<SqlTime>,
        remote_challenge_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    attempts (job_id, number) {
        job_id -> SqlId,
        number -> Integer,
        worker -> Text,
        started_at -> SqlTime,
        finished_at -> Nullable<SqlTime>,
        outcome -> Nullable<Text>,
        detail -> Nullable<Text>,
        begun_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    evaluations (id) {
        id -> SqlId,
        submission_id -> SqlId,
        annotations_id -> SqlId,
        job_id -> SqlId,
        evaluator -> Text,
        evaluator_version -> Text,
        mode -> SqlWord,
        params -> SqlJson,
        evidence -> SqlWord,
        item_count -> Integer,
        worker -> Text,
        started_at -> SqlTime,
        finished_at -> SqlTime,
        framing_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Nullable, Text};
    use crate::types::{SqlId};

    scores (submission_id, metric, split_id, evaluation_id) {
        submission_id -> SqlId,
        metric -> Text,
        split_id -> SqlId,
        evaluation_id -> SqlId,
        value -> Nullable<Double>,
        undefined -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};
    use diesel::sql_types::Text;

    imports (challenge_id) {
        challenge_id -> SqlId,
        source -> Text,
        origin -> Text,
        bundle -> SqlWord,
        parts -> SqlJson,
        imported_by -> SqlId,
        imported_at -> SqlTime,
        updated_at -> SqlTime,
    }
}

diesel::table! {
    use crate::types::{SqlJson, SqlTime, SqlWord};

    environments (digest) {
        digest -> SqlWord,
        contents -> SqlJson,
        first_used_at -> SqlTime,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlWord};

    evaluation_environments (evaluation_id) {
        evaluation_id -> SqlId,
        environment -> SqlWord,
    }
}

diesel::joinable!(evaluations -> submissions (submission_id));
diesel::joinable!(evaluations -> annotations (annotations_id));
diesel::joinable!(scores -> submissions (submission_id));
diesel::joinable!(scores -> splits (split_id));
diesel::joinable!(scores -> evaluations (evaluation_id));
diesel::joinable!(jobs -> submissions (submission_id));
diesel::joinable!(jobs -> annotations (annotations_id));
diesel::joinable!(attempts -> jobs (job_id));
diesel::joinable!(imports -> challenges (challenge_id));
diesel::joinable!(evaluation_environments -> environments (environment));
