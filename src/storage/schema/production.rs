//! The tables of how datasets were made and what became of them.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    dataset_announcements (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        announced_on -> Text,
        source -> Text,
        claims -> SqlJson,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    ethics_reviews (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        board -> Text,
        independence -> Text,
        decision -> Text,
        reference -> Text,
        decided_on -> Nullable<Text>,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    collection_sites (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        dataset_version_id -> SqlId,
        ethics_review_id -> Nullable<SqlId>,
        name -> Text,
        country -> Nullable<Text>,
        participants -> Nullable<BigInt>,
        hours -> Nullable<Double>,
        started_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
        compensation -> Text,
        activity_selection -> Text,
        bystander_regime -> Text,
        participant_review -> Text,
        disclosure -> Text,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    guidelines (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        name -> Text,
        version -> Integer,
        effective_from -> Nullable<Text>,
        source -> Text,
        digest -> SqlWord,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::SqlId;

    guideline_clauses (guideline_id, code) {
        guideline_id -> SqlId,
        code -> Text,
        position -> Integer,
        kind -> Text,
        body -> Text,
        perspective -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    annotation_programmes (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        dataset_version_id -> SqlId,
        guideline_id -> Nullable<SqlId>,
        stage -> Text,
        unit -> Text,
        aggregation -> Text,
        passes_per_item -> Nullable<Double>,
        footage_hours -> Nullable<Double>,
        instances -> Nullable<BigInt>,
        agreement -> Nullable<Double>,
        unsure_share -> Nullable<Double>,
        other_share -> Nullable<Double>,
        started_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
        country -> Nullable<Text>,
        workers_min -> Nullable<BigInt>,
        workers_max -> Nullable<BigInt>,
        hours_min -> Nullable<Double>,
        hours_max -> Nullable<Double>,
        pay_basis -> Text,
        contract_form -> Text,
        living_wage_ratio -> Nullable<Double>,
        credited -> Text,
        disclosure -> Text,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::SqlId;

    annotator_latitude (programme_id, dimension, informant_role) {
        programme_id -> SqlId,
        dimension -> Text,
        informant_role -> Text,
        value -> Text,
        informants -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::Nullable;
    use crate::types::{SqlId, SqlTime};

    framing_bindings (framing_id) {
        framing_id -> SqlId,
        dataset_version_id -> Nullable<SqlId>,
        guideline_id -> Nullable<SqlId>,
        taxonomy_id -> Nullable<SqlId>,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    exclusions (id) {
        id -> SqlId,
        dataset_version_id -> Nullable<SqlId>,
        phase_id -> Nullable<SqlId>,
        decision_id -> Nullable<SqlId>,
        stage -> Text,
        reason -> Text,
        basis -> Text,
        scope -> Text,
        instances -> Nullable<BigInt>,
        hours -> Nullable<Double>,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    contestation_links (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        token_hash -> SqlWord,
        label -> Text,
        remaining -> Integer,
        created_by -> SqlId,
        created_at -> SqlTime,
        expires_at -> SqlTime,
        revoked_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    contestations (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        link_id -> SqlId,
        raised_by_role -> Text,
        ground -> Text,
        body -> Text,
        raised_at -> SqlTime,
        outcome -> Nullable<Text>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<SqlId>,
        answered_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    publications (id) {
        id -> SqlId,
        doi -> Nullable<Text>,
        arxiv -> Nullable<Text>,
        title -> Text,
        venue -> Text,
        published_on -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    citations (publication_id, dataset_id, function) {
        publication_id -> SqlId,
        dataset_id -> SqlId,
        function -> Text,
        dataset_version_id -> Nullable<SqlId>,
        seen_in -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}
