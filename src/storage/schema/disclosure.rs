//! The tables of what teams declare about submissions, and of what organizers remark.

use super::submission::submissions;

diesel::table! {
    use diesel::sql_types::Bool;
    use crate::types::{SqlId, SqlTime, SqlWord};

    declarations (submission_id) {
        submission_id -> SqlId,
        supervision -> SqlWord,
        pretraining -> SqlWord,
        extra_data -> SqlWord,
        ensemble -> Bool,
        human_in_the_loop -> Bool,
        declared_by -> SqlId,
        declared_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    remarks (id) {
        id -> SqlId,
        submission_id -> SqlId,
        kind -> Text,
        withdraws -> Nullable<SqlId>,
        body -> Text,
        made_by -> SqlId,
        made_at -> SqlTime,
    }
}

diesel::joinable!(declarations -> submissions (submission_id));
diesel::joinable!(remarks -> submissions (submission_id));
