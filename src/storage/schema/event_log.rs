//! The table of the event log.

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    events (seq) {
        seq -> BigInt,
        at -> SqlTime,
        actor -> Text,
        kind -> Text,
        subject -> Text,
        challenge_id -> Nullable<SqlId>,
        payload -> Text,
        previous -> SqlWord,
        hash -> SqlWord,
    }
}
