//! The tables of what measures say of standings.

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{SqlId, SqlJson, SqlTime};

    kept_standings (digest) {
        digest -> Text,
        phase_id -> SqlId,
        contents -> SqlJson,
        kept_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlJson, SqlTime};

    framing_measures (standing_digest, measure, version, parameters_digest) {
        standing_digest -> Text,
        measure -> Text,
        version -> Integer,
        parameters_digest -> Text,
        parameters -> SqlJson,
        readings -> Text,
        computed_at -> SqlTime,
    }
}
