//! The tables of accounts and what signs in to them.

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    users (id) {
        id -> SqlId,
        email -> SqlWord,
        email_key -> Text,
        name -> SqlWord,
        password_hash -> Nullable<Text>,
        site_role -> SqlWord,
        email_verified_at -> Nullable<SqlTime>,
        epoch -> Integer,
        created_at -> SqlTime,
        disabled_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    affiliations (id) {
        id -> SqlId,
        user_id -> SqlId,
        organization -> Text,
        country -> Nullable<Text>,
        starts_on -> Text,
        ends_on -> Nullable<Text>,
        created_at -> SqlTime,
        ror -> Nullable<Text>,
        role -> Text,
        career_stage -> Text,
        weight -> Double,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    sessions (id) {
        id -> SqlId,
        user_id -> SqlId,
        kind -> Text,
        token_hash -> SqlWord,
        created_at -> SqlTime,
        last_used_at -> SqlTime,
        expires_at -> SqlTime,
        revoked_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    spent_tokens (token_hash) {
        token_hash -> SqlWord,
        session_id -> SqlId,
        spent_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    api_tokens (id) {
        id -> SqlId,
        user_id -> SqlId,
        name -> Text,
        token_hash -> SqlWord,
        scopes -> Text,
        created_at -> SqlTime,
        last_used_at -> Nullable<SqlTime>,
        expires_at -> Nullable<SqlTime>,
        revoked_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    email_tokens (token_hash) {
        token_hash -> SqlWord,
        user_id -> SqlId,
        purpose -> Text,
        created_at -> SqlTime,
        expires_at -> SqlTime,
        used_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    idempotency_keys (actor, key) {
        actor -> Text,
        key -> Text,
        action -> Text,
        body_digest -> SqlWord,
        resource_id -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::joinable!(affiliations -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(email_tokens -> users (user_id));
