//! The tables of standings, their statistics, releases and results.

use super::challenge::{phases, splits};
use super::scoring::evaluations;
use super::submission::submissions;
use super::team::teams;

diesel::table! {
    use diesel::sql_types::{Binary, Double, Nullable, Text};
    use crate::types::{SqlId};

    replicates (evaluation_id, split_id, metric) {
        evaluation_id -> SqlId,
        split_id -> SqlId,
        metric -> Text,
        vector -> Binary,
        few_items_lower -> Nullable<Double>,
        few_items_upper -> Nullable<Double>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt};
    use crate::types::{SqlId, SqlJson, SqlTime};

    board_statistics (split_id) {
        split_id -> SqlId,
        board_version -> BigInt,
        computed_at -> SqlTime,
        statistics -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Double, Integer, Nullable};
    use crate::types::{SqlId, SqlTime};

    releases (split_id, evaluation_id) {
        split_id -> SqlId,
        evaluation_id -> SqlId,
        annotations_id -> SqlId,
        team_id -> SqlId,
        submission_id -> SqlId,
        step -> Integer,
        value -> Nullable<Double>,
        is_new -> Bool,
        released_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    results (phase_id, version) {
        phase_id -> SqlId,
        version -> Integer,
        requested_by -> SqlId,
        requested_at -> SqlTime,
        reason -> Text,
        retires_splits -> Bool,
        record -> Nullable<Text>,
        digest -> Nullable<SqlWord>,
        signature -> Nullable<Text>,
        published_at -> Nullable<SqlTime>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::types::{SqlId};

    standings (split_id, team_id) {
        split_id -> SqlId,
        team_id -> SqlId,
        phase_id -> SqlId,
        submission_id -> SqlId,
        evaluation_id -> SqlId,
        scored_count -> Integer,
    }
}

diesel::joinable!(replicates -> evaluations (evaluation_id));
diesel::joinable!(replicates -> splits (split_id));
diesel::joinable!(board_statistics -> splits (split_id));
diesel::joinable!(releases -> splits (split_id));
diesel::joinable!(releases -> evaluations (evaluation_id));
diesel::joinable!(releases -> submissions (submission_id));
diesel::joinable!(results -> phases (phase_id));
diesel::joinable!(standings -> splits (split_id));
diesel::joinable!(standings -> teams (team_id));
diesel::joinable!(standings -> phases (phase_id));
diesel::joinable!(standings -> submissions (submission_id));
diesel::joinable!(standings -> evaluations (evaluation_id));
