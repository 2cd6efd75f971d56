//! The tables of addresses that are told what happens.

use super::account::users;
use super::challenge::challenges;

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    webhooks (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        url -> Text,
        kinds -> SqlJson,
        created_by -> SqlId,
        created_at -> SqlTime,
        after_seq -> BigInt,
        failures -> Integer,
        next_attempt_at -> SqlTime,
        leased_until -> Nullable<SqlTime>,
        stopped_at -> Nullable<SqlTime>,
        stopped_because -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    webhook_deliveries (id) {
        id -> SqlId,
        webhook_id -> SqlId,
        seq -> BigInt,
        attempt -> Integer,
        sent_at -> SqlTime,
        milliseconds -> Integer,
        status -> Nullable<Integer>,
        error -> Text,
    }
}

diesel::joinable!(webhooks -> challenges (challenge_id));
diesel::joinable!(webhooks -> users (created_by));
diesel::joinable!(webhook_deliveries -> webhooks (webhook_id));
