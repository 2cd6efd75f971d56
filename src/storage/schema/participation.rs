//! The tables of who takes part: people, consents, entries, snapshots and exports.

use super::account::users;
use super::challenge::challenges;
use super::team::teams;

diesel::table! {
    use diesel::sql_types::{Binary, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    people (user_id) {
        user_id -> SqlId,
        orcid -> Nullable<Text>,
        secret -> Nullable<Binary>,
        erased_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::SqlTime;

    organization_classes (organization, scheme, list_version, starts_on) {
        organization -> Text,
        scheme -> Text,
        list_version -> Text,
        starts_on -> Text,
        ends_on -> Nullable<Text>,
        code -> Text,
        source -> Text,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::SqlTime;

    consent_texts (purpose, version, locale) {
        purpose -> Text,
        version -> Integer,
        locale -> Text,
        body -> Text,
        digest -> Text,
        effective_from -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    consents (id) {
        id -> SqlId,
        user_id -> SqlId,
        purpose -> Text,
        version -> Integer,
        locale -> Text,
        method -> Text,
        given_at -> SqlTime,
        withdrawn_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    team_entries (team_id) {
        team_id -> SqlId,
        organizer_relation -> Text,
        discovered_via -> Text,
        method_origin -> Text,
        compute_band -> Text,
        related_work_since -> Nullable<Text>,
        answered_by -> SqlId,
        answered_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::SqlId;

    team_entry_reasons (team_id, reason) {
        team_id -> SqlId,
        reason -> Text,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::{SqlId, SqlTime};

    team_lineages (from_team_id, to_team_id, kind) {
        from_team_id -> SqlId,
        to_team_id -> SqlId,
        kind -> Text,
        at -> SqlTime,
        recorded_by -> SqlId,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    access_requests (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        user_id -> SqlId,
        country -> Nullable<Text>,
        licence_version -> Text,
        requested_at -> SqlTime,
        decision -> Nullable<Text>,
        refusal_reason -> Nullable<Text>,
        decided_by -> Nullable<SqlId>,
        decided_at -> Nullable<SqlTime>,
        expires_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Text};
    use crate::types::{SqlId, SqlTime};

    participation_snapshots (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        whole_series -> Bool,
        as_of -> SqlTime,
        event_seq -> BigInt,
        event_hash -> Text,
        records -> Text,
        digest -> Text,
        secret -> Binary,
        made_by -> SqlId,
        made_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    measure_values (snapshot_id, measure, version, parameters_digest) {
        snapshot_id -> SqlId,
        measure -> Text,
        version -> Integer,
        parameters_digest -> Text,
        parameters -> SqlJson,
        readings -> Text,
        computed_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    published_tables (snapshot_id, code) {
        snapshot_id -> SqlId,
        code -> Text,
        k -> Integer,
        contents -> Nullable<Text>,
        withheld -> Nullable<Text>,
        hidden -> Text,
        published_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    research_requests (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        requested_by -> SqlId,
        title -> Text,
        question -> Text,
        institution -> Text,
        country -> Text,
        ethics_board -> Text,
        approval_reference -> Text,
        approval_until -> Text,
        agreement_version -> Integer,
        agreement_digest -> Text,
        requested_at -> SqlTime,
        decision -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<SqlId>,
        decided_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlTime};

    research_exports (id) {
        id -> SqlId,
        request_id -> SqlId,
        snapshot_id -> SqlId,
        kind -> Text,
        digest -> Text,
        people -> Integer,
        made_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    export_people (export_id, pseudonym) {
        export_id -> SqlId,
        pseudonym -> Text,
        user_id -> Nullable<SqlId>,
        withdrawn_at -> Nullable<SqlTime>,
    }
}

diesel::joinable!(people -> users (user_id));
diesel::joinable!(consents -> users (user_id));
diesel::joinable!(team_entries -> teams (team_id));
diesel::joinable!(team_entries -> users (answered_by));
diesel::joinable!(team_entry_reasons -> team_entries (team_id));
diesel::joinable!(team_lineages -> users (recorded_by));
diesel::joinable!(access_requests -> challenges (challenge_id));
diesel::joinable!(participation_snapshots -> challenges (challenge_id));
diesel::joinable!(participation_snapshots -> users (made_by));
diesel::joinable!(measure_values -> participation_snapshots (snapshot_id));
diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    noisy_tables (id) {
        id -> SqlId,
        snapshot_id -> SqlId,
        challenge_id -> SqlId,
        code -> Text,
        year -> Integer,
        release_number -> Integer,
        epsilon_milli -> Integer,
        contents -> SqlJson,
        made_by -> SqlId,
        made_at -> SqlTime,
    }
}

diesel::joinable!(published_tables -> participation_snapshots (snapshot_id));
diesel::joinable!(research_requests -> challenges (challenge_id));
diesel::joinable!(research_exports -> research_requests (request_id));
diesel::joinable!(research_exports -> participation_snapshots (snapshot_id));
diesel::joinable!(export_people -> research_exports (export_id));
diesel::joinable!(export_people -> users (user_id));
