//! The tables of lists of activities, of what they mean in each other, and of how much of what is which.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    taxonomies (id) {
        id -> SqlId,
        name -> SqlWord,
        version -> SqlWord,
        title -> Text,
        source -> Text,
        licence -> Text,
        closed -> SqlWord,
        effective_from -> Nullable<Text>,
        digest -> SqlWord,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::SqlId;

    taxonomy_terms (taxonomy_id, code) {
        taxonomy_id -> SqlId,
        code -> Text,
        position -> Integer,
        title -> Text,
        parent -> Nullable<Text>,
        origin -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    mappings (id) {
        id -> SqlId,
        from_taxonomy_id -> SqlId,
        to_taxonomy_id -> SqlId,
        version -> SqlWord,
        source -> Text,
        digest -> SqlWord,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::SqlId;

    mapped_terms (mapping_id, code) {
        mapping_id -> SqlId,
        from_taxonomy_id -> SqlId,
        code -> Text,
        position -> Integer,
        relation -> Text,
        determinacy -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Integer, Text};
    use crate::types::SqlId;

    mapping_candidates (mapping_id, code, to_code) {
        mapping_id -> SqlId,
        code -> Text,
        to_taxonomy_id -> SqlId,
        to_code -> Text,
        position -> Integer,
        weight -> Double,
        least -> Double,
        most -> Double,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    reference_populations (id) {
        id -> SqlId,
        source -> Text,
        country -> Text,
        years -> Text,
        age -> Text,
        sex -> Text,
        sleep -> Nullable<Double>,
        unclear -> Double,
        citation -> Text,
        licence -> Text,
        digest -> SqlWord,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Text};
    use crate::types::SqlId;

    reference_minutes (population_id, class) {
        population_id -> SqlId,
        class -> Text,
        minutes -> Double,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    datasets (id) {
        id -> SqlId,
        name -> SqlWord,
        title -> Text,
        conceptualization -> Text,
        licence -> Text,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Double, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    dataset_versions (id) {
        id -> SqlId,
        dataset_id -> SqlId,
        version -> SqlWord,
        released_on -> Nullable<Text>,
        change_class -> Text,
        parent_id -> Nullable<SqlId>,
        content_digest -> Nullable<SqlWord>,
        hours -> Nullable<Double>,
        instances -> Nullable<BigInt>,
        participants -> Nullable<BigInt>,
        countries -> Nullable<Integer>,
        source -> Text,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    activity_profiles (id) {
        id -> SqlId,
        split_id -> Nullable<SqlId>,
        dataset_version_id -> Nullable<SqlId>,
        taxonomy_id -> SqlId,
        unit -> Text,
        method -> Text,
        source -> Text,
        is_public -> Bool,
        digest -> SqlWord,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Text};
    use crate::types::SqlId;

    activity_shares (profile_id, code) {
        profile_id -> SqlId,
        taxonomy_id -> SqlId,
        code -> Text,
        share -> Double,
    }
}
