//! The tables of the EvalAI wire: small numbers, and teams beyond one challenge.

use super::account::users;
use super::team::teams;

diesel::table! {
    use diesel::sql_types::BigInt;
    use crate::types::{SqlId, SqlWord};

    evalai_numbers (number) {
        number -> BigInt,
        kind -> SqlWord,
        entity_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{SqlId, SqlTime, SqlWord};

    evalai_teams (id) {
        id -> SqlId,
        owner_id -> SqlId,
        purpose -> SqlWord,
        name -> SqlWord,
        name_skeleton -> Text,
        url -> Text,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use crate::types::SqlId;

    evalai_entries (evalai_team_id, challenge_id) {
        evalai_team_id -> SqlId,
        challenge_id -> SqlId,
        team_id -> SqlId,
    }
}

diesel::joinable!(evalai_teams -> users (owner_id));
diesel::joinable!(evalai_entries -> evalai_teams (evalai_team_id));
diesel::joinable!(evalai_entries -> teams (team_id));
