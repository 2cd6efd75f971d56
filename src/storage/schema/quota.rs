//! The tables of what a quota was used for, and of what a phase asks of submissions.

use super::account::users;
use super::challenge::phases;
use super::submission::submissions;
use super::team::teams;

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    quota_entries (submission_id, quota_window, kind) {
        submission_id -> SqlId,
        quota_window -> Text,
        kind -> Text,
        phase_id -> SqlId,
        team_id -> SqlId,
        made_by -> Nullable<SqlId>,
        reason -> Text,
        made_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::Nullable;
    use crate::types::{SqlId, SqlJson, SqlTime};

    submission_rules (phase_id) {
        phase_id -> SqlId,
        file_types -> SqlJson,
        anonymous_until -> Nullable<SqlTime>,
        changed_by -> Nullable<SqlId>,
        changed_at -> SqlTime,
    }
}

diesel::joinable!(quota_entries -> phases (phase_id));
diesel::joinable!(quota_entries -> teams (team_id));
diesel::joinable!(quota_entries -> submissions (submission_id));
diesel::joinable!(quota_entries -> users (made_by));
diesel::joinable!(submission_rules -> phases (phase_id));
