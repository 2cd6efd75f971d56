//! The tables of how phases frame their task, and of who decided.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    decisions (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        kind -> Text,
        subject -> Text,
        decider_role -> Text,
        authority_basis -> Text,
        rationale_code -> Text,
        rationale -> Text,
        alternatives -> SqlJson,
        decided_at -> SqlTime,
        recorded_by -> Nullable<SqlId>,
        recorded_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::SqlId;

    decision_parties (decision_id, role, involvement) {
        decision_id -> SqlId,
        role -> Text,
        involvement -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    framings (id) {
        id -> SqlId,
        phase_id -> SqlId,
        version -> Integer,
        unit -> Text,
        instance_rule -> Text,
        label_source -> Text,
        label_count -> Nullable<Integer>,
        perspective -> Text,
        intent_recorded -> SqlWord,
        affect_recorded -> SqlWord,
        speech_recorded -> SqlWord,
        temporal_direction -> Text,
        closed_world -> SqlWord,
        negative_rule -> Text,
        ambiguity_policy -> Text,
        imagined_user -> Text,
        imagined_application -> Text,
        stated_goal -> Text,
        goal_source -> Text,
        evaluator -> Text,
        mode -> SqlWord,
        params -> SqlJson,
        metric -> Nullable<Text>,
        annotations_digest -> Nullable<SqlWord>,
        decision_id -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::types::SqlId;

    framing_unscoreable (framing_id, reason) {
        framing_id -> SqlId,
        reason -> Text,
    }
}

diesel::joinable!(framings -> decisions (decision_id));
