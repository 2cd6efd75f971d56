//! The tables of how challenges are found.

diesel::table! {
    use crate::types::{SqlId, SqlWord};

    challenge_tags (challenge_id, tag) {
        challenge_id -> SqlId,
        tag -> SqlWord,
    }
}
