//! The tables of series, challenges, phases, their annotations and announcements.

use super::account::users;

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    series (id) {
        id -> SqlId,
        slug -> SqlWord,
        title -> SqlWord,
        description -> Text,
        created_by -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    challenges (id) {
        id -> SqlId,
        slug -> SqlWord,
        series_id -> Nullable<SqlId>,
        edition -> Text,
        title -> SqlWord,
        summary -> Text,
        description -> Text,
        state -> SqlWord,
        team_max_size -> Nullable<Integer>,
        created_at -> SqlTime,
        updated_at -> SqlTime,
        published_at -> Nullable<SqlTime>,
        openness -> SqlWord,
        admission -> SqlWord,
        entries_close_at -> Nullable<SqlTime>,
        teams_freeze_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    pauses (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        phase_id -> Nullable<SqlId>,
        reason -> Text,
        paused_by -> SqlId,
        paused_at -> SqlTime,
        ended_by -> Nullable<SqlId>,
        ended_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::SqlId;

    entry_guests (challenge_id, email_key) {
        challenge_id -> SqlId,
        email_key -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{SqlId, SqlWord};

    entry_domains (challenge_id, mail_domain) {
        challenge_id -> SqlId,
        mail_domain -> SqlWord,
        effect -> Text,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    organizers (challenge_id, user_id) {
        challenge_id -> SqlId,
        user_id -> SqlId,
        role -> SqlWord,
        added_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    announcements (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        title -> SqlWord,
        body -> Text,
        audience -> SqlWord,
        recipients -> Integer,
        posted_by -> SqlId,
        posted_at -> SqlTime,
        withdrawn_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    terms (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        version -> Integer,
        text -> Text,
        digest -> SqlWord,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    registrations (challenge_id, user_id) {
        challenge_id -> SqlId,
        user_id -> SqlId,
        terms_id -> Nullable<SqlId>,
        registered_at -> SqlTime,
        accepted_at -> Nullable<SqlTime>,
        state -> SqlWord,
        decided_by -> Nullable<SqlId>,
        decided_at -> Nullable<SqlTime>,
        reason -> Text,
        appeal -> Nullable<Text>,
        appealed_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    phases (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        codename -> SqlWord,
        title -> SqlWord,
        description -> Text,
        position -> Integer,
        evaluator -> Text,
        params -> SqlJson,
        mode -> SqlWord,
        opens_at -> SqlTime,
        closes_at -> Nullable<SqlTime>,
        quota_per_day -> Nullable<Integer>,
        quota_per_month -> Nullable<Integer>,
        quota_total -> Nullable<Integer>,
        quota_concurrent -> Nullable<Integer>,
        upload_bytes -> BigInt,
        limit_seconds -> Integer,
        limit_memory_mib -> Integer,
        ranking -> SqlJson,
        final_choice -> SqlWord,
        attributes -> SqlJson,
        leaderboard_public -> Bool,
        split_salt -> Text,
        board_version -> BigInt,
        ranked_version -> BigInt,
        created_at -> SqlTime,
        updated_at -> SqlTime,
        published_at -> Nullable<SqlTime>,
        opened_unframed -> Bool,
        quota_per_week -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::types::{SqlId, SqlJson, SqlWord};

    splits (id) {
        id -> SqlId,
        phase_id -> SqlId,
        codename -> SqlWord,
        visibility -> SqlWord,
        rule -> SqlJson,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    annotations (id) {
        id -> SqlId,
        phase_id -> SqlId,
        version -> Integer,
        tables -> SqlJson,
        digest -> SqlWord,
        item_count -> Integer,
        group_count -> Integer,
        metrics -> SqlJson,
        note -> Text,
        uploaded_by -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::types::{SqlId, SqlTime};

    annotation_uploads (id) {
        id -> SqlId,
        phase_id -> SqlId,
        user_id -> SqlId,
        file_name -> Text,
        length_bytes -> BigInt,
        created_at -> SqlTime,
        expires_at -> SqlTime,
    }
}

diesel::joinable!(series -> users (created_by));
diesel::joinable!(challenges -> series (series_id));
diesel::joinable!(organizers -> challenges (challenge_id));
diesel::joinable!(organizers -> users (user_id));
diesel::joinable!(terms -> challenges (challenge_id));
diesel::joinable!(registrations -> challenges (challenge_id));
diesel::joinable!(registrations -> users (user_id));
diesel::joinable!(registrations -> terms (terms_id));
diesel::joinable!(phases -> challenges (challenge_id));
diesel::joinable!(splits -> phases (phase_id));
diesel::joinable!(annotations -> phases (phase_id));
diesel::joinable!(annotations -> users (uploaded_by));
diesel::joinable!(annotation_uploads -> phases (phase_id));
