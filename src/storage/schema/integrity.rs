//! The tables of what organizers are told to look at.

use super::challenge::phases;
use super::submission::submissions;
use super::team::teams;

diesel::table! {
    use crate::types::{SqlId};

    unexamined (evaluation_id) {
        evaluation_id -> SqlId,
        submission_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    examinations (evaluation_id) {
        evaluation_id -> SqlId,
        submission_id -> SqlId,
        phase_id -> SqlId,
        team_id -> SqlId,
        annotations_id -> SqlId,
        predictions -> SqlWord,
        fingerprint -> Nullable<Binary>,
        examined_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    flags (id) {
        id -> SqlId,
        phase_id -> SqlId,
        kind -> SqlWord,
        first_team_id -> SqlId,
        second_team_id -> Nullable<SqlId>,
        evidence -> SqlJson,
        raised_at -> SqlTime,
        decision -> Nullable<SqlWord>,
        reason -> Nullable<SqlWord>,
        decided_by -> Nullable<SqlId>,
        decided_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool};
    use crate::types::{SqlId};

    flag_submissions (flag_id, submission_id) {
        flag_id -> SqlId,
        submission_id -> SqlId,
        withdrawn -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    flag_teams (flag_id, team_id) {
        flag_id -> SqlId,
        team_id -> SqlId,
        consequence -> Nullable<SqlWord>,
        appeal -> Nullable<SqlWord>,
        appealed_by -> Nullable<SqlId>,
        appealed_at -> Nullable<SqlTime>,
        outcome -> Nullable<SqlWord>,
        answer -> Nullable<SqlWord>,
        answered_by -> Nullable<SqlId>,
        answered_at -> Nullable<SqlTime>,
    }
}

diesel::joinable!(unexamined -> submissions (submission_id));
diesel::joinable!(examinations -> submissions (submission_id));
diesel::joinable!(flags -> phases (phase_id));
diesel::joinable!(flag_submissions -> flags (flag_id));
diesel::joinable!(flag_submissions -> submissions (submission_id));
diesel::joinable!(flag_teams -> flags (flag_id));
diesel::joinable!(flag_teams -> teams (team_id));
