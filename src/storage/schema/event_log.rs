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

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{SqlId, SqlTime};

    history_entries (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        event_type -> Text,
        happened_on -> Text,
        exact_to -> Text,
        words -> Text,
        source -> Text,
        recorded_by -> SqlId,
        recorded_at -> SqlTime,
    }
}
