//! The tables of teams and their members.

use super::account::users;
use super::challenge::challenges;
use super::submission::submissions;

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    teams (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        name -> SqlWord,
        name_skeleton -> Text,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    team_names (team_id, since) {
        team_id -> SqlId,
        name -> SqlWord,
        since -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    memberships (id) {
        id -> SqlId,
        team_id -> SqlId,
        challenge_id -> SqlId,
        user_id -> SqlId,
        role -> SqlWord,
        joined_at -> SqlTime,
        left_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    invitations (id) {
        id -> SqlId,
        team_id -> SqlId,
        email_key -> Text,
        token_hash -> SqlWord,
        invited_by -> SqlId,
        created_at -> SqlTime,
        expires_at -> SqlTime,
        answered_at -> Nullable<SqlTime>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    team_mergers (id) {
        id -> SqlId,
        from_team_id -> SqlId,
        into_team_id -> SqlId,
        proposed_by -> SqlId,
        proposed_at -> SqlTime,
        answered_by -> Nullable<SqlId>,
        answered_at -> Nullable<SqlTime>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::types::SqlId;

    merged_submissions (submission_id, merger_id) {
        submission_id -> SqlId,
        merger_id -> SqlId,
    }
}

diesel::joinable!(merged_submissions -> team_mergers (merger_id));
diesel::joinable!(merged_submissions -> submissions (submission_id));
diesel::joinable!(teams -> challenges (challenge_id));
diesel::joinable!(team_names -> teams (team_id));
diesel::joinable!(memberships -> teams (team_id));
diesel::joinable!(memberships -> challenges (challenge_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(invitations -> teams (team_id));
diesel::joinable!(invitations -> users (invited_by));
