//! The tables, as diesel knows them: one schema for both databases.
//!
//! A test compares it with what the migrations make on each.

use diesel::allow_tables_to_appear_in_same_query;

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    users (id) {
        id -> SqlId,
        email -> SqlWord,
        email_key -> Text,
        name -> SqlWord,
        password_hash -> Nullable<Text>,
        site_role -> SqlWord,
        email_verified_at -> Nullable<SqlTime>,
        epoch -> Integer,
        created_at -> SqlTime,
        disabled_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    affiliations (id) {
        id -> SqlId,
        user_id -> SqlId,
        organization -> Text,
        country -> Nullable<Text>,
        starts_on -> Text,
        ends_on -> Nullable<Text>,
        created_at -> SqlTime,
        ror -> Nullable<Text>,
        role -> Text,
        career_stage -> Text,
        weight -> Double,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    sessions (id) {
        id -> SqlId,
        user_id -> SqlId,
        kind -> Text,
        token_hash -> SqlWord,
        created_at -> SqlTime,
        last_used_at -> SqlTime,
        expires_at -> SqlTime,
        revoked_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    spent_tokens (token_hash) {
        token_hash -> SqlWord,
        session_id -> SqlId,
        spent_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    api_tokens (id) {
        id -> SqlId,
        user_id -> SqlId,
        name -> Text,
        token_hash -> SqlWord,
        scopes -> Text,
        created_at -> SqlTime,
        last_used_at -> Nullable<SqlTime>,
        expires_at -> Nullable<SqlTime>,
        revoked_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    email_tokens (token_hash) {
        token_hash -> SqlWord,
        user_id -> SqlId,
        purpose -> Text,
        created_at -> SqlTime,
        expires_at -> SqlTime,
        used_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    idempotency_keys (actor, key) {
        actor -> Text,
        key -> Text,
        action -> Text,
        body_digest -> SqlWord,
        resource_id -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    series (id) {
        id -> SqlId,
        slug -> SqlWord,
        title -> SqlWord,
        description -> Text,
        created_by -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    challenges (id) {
        id -> SqlId,
        slug -> SqlWord,
        series_id -> Nullable<SqlId>,
        edition -> Text,
        title -> SqlWord,
        summary -> Text,
        description -> Text,
        state -> SqlWord,
        team_max_size -> Nullable<Integer>,
        created_at -> SqlTime,
        updated_at -> SqlTime,
        published_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    organizers (challenge_id, user_id) {
        challenge_id -> SqlId,
        user_id -> SqlId,
        role -> SqlWord,
        added_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    terms (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        version -> Integer,
        text -> Text,
        digest -> SqlWord,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlTime};

    registrations (challenge_id, user_id) {
        challenge_id -> SqlId,
        user_id -> SqlId,
        terms_id -> Nullable<SqlId>,
        registered_at -> SqlTime,
        accepted_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    phases (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        codename -> SqlWord,
        title -> SqlWord,
        description -> Text,
        position -> Integer,
        evaluator -> Text,
        params -> SqlJson,
        mode -> SqlWord,
        opens_at -> SqlTime,
        closes_at -> Nullable<SqlTime>,
        quota_per_day -> Nullable<Integer>,
        quota_per_month -> Nullable<Integer>,
        quota_total -> Nullable<Integer>,
        quota_concurrent -> Nullable<Integer>,
        upload_bytes -> BigInt,
        limit_seconds -> Integer,
        limit_memory_mib -> Integer,
        ranking -> SqlJson,
        final_choice -> SqlWord,
        attributes -> SqlJson,
        leaderboard_public -> Bool,
        split_salt -> Text,
        board_version -> BigInt,
        ranked_version -> BigInt,
        created_at -> SqlTime,
        updated_at -> SqlTime,
        published_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::types::{SqlId, SqlJson, SqlWord};

    splits (id) {
        id -> SqlId,
        phase_id -> SqlId,
        codename -> SqlWord,
        visibility -> SqlWord,
        rule -> SqlJson,
        position -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    annotations (id) {
        id -> SqlId,
        phase_id -> SqlId,
        version -> Integer,
        tables -> SqlJson,
        digest -> SqlWord,
        item_count -> Integer,
        group_count -> Integer,
        metrics -> SqlJson,
        note -> Text,
        uploaded_by -> SqlId,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    teams (id) {
        id -> SqlId,
        challenge_id -> SqlId,
        name -> SqlWord,
        name_skeleton -> Text,
        created_at -> SqlTime,
    }
}

diesel::table! {
    use crate::types::{SqlId, SqlTime, SqlWord};

    team_names (team_id, since) {
        team_id -> SqlId,
        name -> SqlWord,
        since -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    memberships (id) {
        id -> SqlId,
        team_id -> SqlId,
        challenge_id -> SqlId,
        user_id -> SqlId,
        role -> SqlWord,
        joined_at -> SqlTime,
        left_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    invitations (id) {
        id -> SqlId,
        team_id -> SqlId,
        email_key -> Text,
        token_hash -> SqlWord,
        invited_by -> SqlId,
        created_at -> SqlTime,
        expires_at -> SqlTime,
        answered_at -> Nullable<SqlTime>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    submissions (id) {
        id -> SqlId,
        phase_id -> SqlId,
        team_id -> SqlId,
        submitted_by -> SqlId,
        state -> SqlWord,
        artifact -> Nullable<SqlWord>,
        size_bytes -> BigInt,
        file_name -> Text,
        method -> SqlJson,
        attributes -> SqlJson,
        visibility -> SqlWord,
        is_baseline -> Bool,
        faults -> Nullable<SqlJson>,
        fault_count -> Integer,
        failure -> Nullable<Text>,
        reruns -> Integer,
        evaluation_id -> Nullable<SqlId>,
        created_at -> SqlTime,
        received_at -> Nullable<SqlTime>,
        finished_at -> Nullable<SqlTime>,
        chosen_at -> Nullable<SqlTime>,
        withdrawn_at -> Nullable<SqlTime>,
        withdrawal_reason -> Nullable<Text>,
        choice_slot -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId};

    quota_slots (phase_id, team_id, quota_window, slot) {
        phase_id -> SqlId,
        team_id -> SqlId,
        quota_window -> Text,
        slot -> Integer,
        submission_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt};
    use crate::types::{SqlId, SqlTime};

    uploads (id) {
        id -> SqlId,
        submission_id -> SqlId,
        user_id -> SqlId,
        length_bytes -> BigInt,
        created_at -> SqlTime,
        expires_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    evaluations (id) {
        id -> SqlId,
        submission_id -> SqlId,
        annotations_id -> SqlId,
        job_id -> SqlId,
        evaluator -> Text,
        evaluator_version -> Text,
        mode -> SqlWord,
        params -> SqlJson,
        evidence -> SqlWord,
        item_count -> Integer,
        worker -> Text,
        started_at -> SqlTime,
        finished_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Double, Nullable, Text};
    use crate::types::{SqlId};

    scores (submission_id, metric, split_id, evaluation_id) {
        submission_id -> SqlId,
        metric -> Text,
        split_id -> SqlId,
        evaluation_id -> SqlId,
        value -> Nullable<Double>,
        undefined -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Double, Nullable, Text};
    use crate::types::{SqlId};

    replicates (evaluation_id, split_id, metric) {
        evaluation_id -> SqlId,
        split_id -> SqlId,
        metric -> Text,
        vector -> Binary,
        few_items_lower -> Nullable<Double>,
        few_items_upper -> Nullable<Double>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt};
    use crate::types::{SqlId, SqlJson, SqlTime};

    board_statistics (split_id) {
        split_id -> SqlId,
        board_version -> BigInt,
        computed_at -> SqlTime,
        statistics -> SqlJson,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Double, Integer, Nullable};
    use crate::types::{SqlId, SqlTime};

    releases (split_id, evaluation_id) {
        split_id -> SqlId,
        evaluation_id -> SqlId,
        annotations_id -> SqlId,
        team_id -> SqlId,
        submission_id -> SqlId,
        step -> Integer,
        value -> Nullable<Double>,
        is_new -> Bool,
        released_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime, SqlWord};

    results (phase_id, version) {
        phase_id -> SqlId,
        version -> Integer,
        requested_by -> SqlId,
        requested_at -> SqlTime,
        reason -> Text,
        retires_splits -> Bool,
        record -> Nullable<Text>,
        digest -> Nullable<SqlWord>,
        signature -> Nullable<Text>,
        published_at -> Nullable<SqlTime>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::types::{SqlId};

    unexamined (evaluation_id) {
        evaluation_id -> SqlId,
        submission_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    examinations (evaluation_id) {
        evaluation_id -> SqlId,
        submission_id -> SqlId,
        phase_id -> SqlId,
        team_id -> SqlId,
        annotations_id -> SqlId,
        predictions -> SqlWord,
        fingerprint -> Nullable<Binary>,
        examined_at -> SqlTime,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlJson, SqlTime, SqlWord};

    flags (id) {
        id -> SqlId,
        phase_id -> SqlId,
        kind -> SqlWord,
        first_team_id -> SqlId,
        second_team_id -> Nullable<SqlId>,
        evidence -> SqlJson,
        raised_at -> SqlTime,
        decision -> Nullable<SqlWord>,
        reason -> Nullable<SqlWord>,
        decided_by -> Nullable<SqlId>,
        decided_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool};
    use crate::types::{SqlId};

    flag_submissions (flag_id, submission_id) {
        flag_id -> SqlId,
        submission_id -> SqlId,
        withdrawn -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable};
    use crate::types::{SqlId, SqlTime, SqlWord};

    flag_teams (flag_id, team_id) {
        flag_id -> SqlId,
        team_id -> SqlId,
        consequence -> Nullable<SqlWord>,
        appeal -> Nullable<SqlWord>,
        appealed_by -> Nullable<SqlId>,
        appealed_at -> Nullable<SqlTime>,
        outcome -> Nullable<SqlWord>,
        answer -> Nullable<SqlWord>,
        answered_by -> Nullable<SqlId>,
        answered_at -> Nullable<SqlTime>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer};
    use crate::types::{SqlId};

    standings (split_id, team_id) {
        split_id -> SqlId,
        team_id -> SqlId,
        phase_id -> SqlId,
        submission_id -> SqlId,
        evaluation_id -> SqlId,
        scored_count -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlJson, SqlTime};

    jobs (id) {
        id -> SqlId,
        kind -> Text,
        payload -> SqlJson,
        submission_id -> Nullable<SqlId>,
        annotations_id -> Nullable<SqlId>,
        state -> Text,
        priority -> Integer,
        attempts -> Integer,
        max_attempts -> Integer,
        run_after -> SqlTime,
        lease_token -> Nullable<SqlId>,
        lease_expires_at -> Nullable<SqlTime>,
        worker -> Nullable<Text>,
        created_at -> SqlTime,
        finished_at -> Nullable<SqlTime>,
        remote_challenge_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::types::{SqlId, SqlTime};

    attempts (job_id, number) {
        job_id -> SqlId,
        number -> Integer,
        worker -> Text,
        started_at -> SqlTime,
        finished_at -> Nullable<SqlTime>,
        outcome -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}

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

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::types::{SqlId, SqlTime};

    annotation_uploads (id) {
        id -> SqlId,
        phase_id -> SqlId,
        user_id -> SqlId,
        file_name -> Text,
        length_bytes -> BigInt,
        created_at -> SqlTime,
        expires_at -> SqlTime,
    }
}

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

diesel::joinable!(evalai_teams -> users (owner_id));
diesel::joinable!(evalai_entries -> evalai_teams (evalai_team_id));
diesel::joinable!(evalai_entries -> teams (team_id));
diesel::joinable!(annotation_uploads -> phases (phase_id));
diesel::joinable!(affiliations -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_tokens -> users (user_id));
diesel::joinable!(email_tokens -> users (user_id));
diesel::joinable!(series -> users (created_by));
diesel::joinable!(challenges -> series (series_id));
diesel::joinable!(organizers -> challenges (challenge_id));
diesel::joinable!(organizers -> users (user_id));
diesel::joinable!(terms -> challenges (challenge_id));
diesel::joinable!(registrations -> challenges (challenge_id));
diesel::joinable!(registrations -> users (user_id));
diesel::joinable!(registrations -> terms (terms_id));
diesel::joinable!(phases -> challenges (challenge_id));
diesel::joinable!(splits -> phases (phase_id));
diesel::joinable!(annotations -> phases (phase_id));
diesel::joinable!(annotations -> users (uploaded_by));
diesel::joinable!(teams -> challenges (challenge_id));
diesel::joinable!(team_names -> teams (team_id));
diesel::joinable!(memberships -> teams (team_id));
diesel::joinable!(memberships -> challenges (challenge_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(invitations -> teams (team_id));
diesel::joinable!(invitations -> users (invited_by));
diesel::joinable!(submissions -> phases (phase_id));
diesel::joinable!(submissions -> teams (team_id));
diesel::joinable!(submissions -> users (submitted_by));
diesel::joinable!(quota_slots -> phases (phase_id));
diesel::joinable!(quota_slots -> teams (team_id));
diesel::joinable!(quota_slots -> submissions (submission_id));
diesel::joinable!(uploads -> submissions (submission_id));
diesel::joinable!(uploads -> users (user_id));
diesel::joinable!(evaluations -> submissions (submission_id));
diesel::joinable!(evaluations -> annotations (annotations_id));
diesel::joinable!(scores -> submissions (submission_id));
diesel::joinable!(scores -> splits (split_id));
diesel::joinable!(scores -> evaluations (evaluation_id));
diesel::joinable!(replicates -> evaluations (evaluation_id));
diesel::joinable!(replicates -> splits (split_id));
diesel::joinable!(board_statistics -> splits (split_id));
diesel::joinable!(releases -> splits (split_id));
diesel::joinable!(releases -> evaluations (evaluation_id));
diesel::joinable!(releases -> submissions (submission_id));
diesel::joinable!(results -> phases (phase_id));
diesel::joinable!(unexamined -> submissions (submission_id));
diesel::joinable!(examinations -> submissions (submission_id));
diesel::joinable!(flags -> phases (phase_id));
diesel::joinable!(flag_submissions -> flags (flag_id));
diesel::joinable!(flag_submissions -> submissions (submission_id));
diesel::joinable!(flag_teams -> flags (flag_id));
diesel::joinable!(flag_teams -> teams (team_id));
diesel::joinable!(standings -> splits (split_id));
diesel::joinable!(standings -> teams (team_id));
diesel::joinable!(standings -> phases (phase_id));
diesel::joinable!(standings -> submissions (submission_id));
diesel::joinable!(standings -> evaluations (evaluation_id));
diesel::joinable!(jobs -> submissions (submission_id));
diesel::joinable!(jobs -> annotations (annotations_id));
diesel::joinable!(attempts -> jobs (job_id));
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
diesel::joinable!(published_tables -> participation_snapshots (snapshot_id));
diesel::joinable!(research_requests -> challenges (challenge_id));
diesel::joinable!(research_exports -> research_requests (request_id));
diesel::joinable!(research_exports -> participation_snapshots (snapshot_id));
diesel::joinable!(export_people -> research_exports (export_id));
diesel::joinable!(export_people -> users (user_id));

allow_tables_to_appear_in_same_query!(
    users,
    affiliations,
    sessions,
    spent_tokens,
    api_tokens,
    email_tokens,
    idempotency_keys,
    series,
    challenges,
    organizers,
    terms,
    registrations,
    phases,
    splits,
    annotations,
    teams,
    team_names,
    memberships,
    invitations,
    submissions,
    quota_slots,
    uploads,
    evaluations,
    scores,
    replicates,
    board_statistics,
    releases,
    results,
    unexamined,
    examinations,
    flags,
    flag_submissions,
    flag_teams,
    standings,
    jobs,
    attempts,
    events,
    evalai_numbers,
    evalai_teams,
    evalai_entries,
    annotation_uploads,
    people,
    organization_classes,
    consent_texts,
    consents,
    team_entries,
    team_entry_reasons,
    team_lineages,
    access_requests,
    participation_snapshots,
    measure_values,
    published_tables,
    research_requests,
    research_exports,
    export_people,
);
