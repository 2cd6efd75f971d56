//! The tables of submissions, their quota and their uploads.

use super::account::users;
use super::challenge::phases;
use super::team::teams;

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    submissions (id) {
        id -> SqlId,
        phase_id -> SqlId,
        team_id -> SqlId,
        submitted_by -> SqlId,
        state -> SqlWord,
        artifact -> Nullable<SqlWord>,
        size_bytes -> BigInt,
        file_name -> Text,
        method -> SqlJson,
        attributes -> SqlJson,
        visibility -> SqlWord,
        is_baseline -> Bool,
        faults -> Nullable<SqlJson>,
        fault_count -> Integer,
        failure -> Nullable<Text>,
        reruns -> Integer,
        evaluation_id -> Nullable<SqlId>,
        created_at -> SqlTime,
        received_at -> Nullable<SqlTime>,
        finished_at -> Nullable<SqlTime>,
        chosen_at -> Nullable<SqlTime>,
        withdrawn_at -> Nullable<SqlTime>,
        withdrawal_reason -> Nullable<Text>,
        choice_slot -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId};

    quota_slots (phase_id, team_id, quota_window, slot) {
        phase_id -> SqlId,
        team_id -> SqlId,
        quota_window -> Text,
        slot -> Integer,
        submission_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt};
    use crate::types::{SqlId, SqlTime};

    uploads (id) {
        id -> SqlId,
        submission_id -> SqlId,
        user_id -> SqlId,
        length_bytes -> BigInt,
        created_at -> SqlTime,
        expires_at -> SqlTime,
    }
}

diesel::joinable!(submissions -> phases (phase_id));
diesel::joinable!(submissions -> teams (team_id));
diesel::joinable!(submissions -> users (submitted_by));
diesel::joinable!(quota_slots -> phases (phase_id));
diesel::joinable!(quota_slots -> teams (team_id));
diesel::joinable!(quota_slots -> submissions (submission_id));
diesel::joinable!(uploads -> submissions (submission_id));
diesel::joinable!(uploads -> users (user_id));
