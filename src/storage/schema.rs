//! The tables, as diesel knows them: one schema for both databases, a file for each aggregate.
//!
//! A test compares them with what the migrations make on each.

mod account;
mod activities;
mod challenge;
mod disclosure;
mod evalai;
mod event_log;
mod framing;
mod integrity;
mod kept_measures;
mod leaderboard;
mod participation;
mod production;
mod quota;
mod scoring;
mod structure;
mod submission;
mod team;
mod trial;
mod webhook;

pub(crate) use account::*;
pub(crate) use activities::*;
pub(crate) use challenge::*;
pub(crate) use disclosure::*;
pub(crate) use evalai::*;
pub(crate) use event_log::*;
pub(crate) use framing::*;
pub(crate) use integrity::*;
pub(crate) use kept_measures::*;
pub(crate) use leaderboard::*;
pub(crate) use participation::*;
pub(crate) use production::*;
pub(crate) use quota::*;
pub(crate) use scoring::*;
pub(crate) use structure::*;
pub(crate) use submission::*;
pub(crate) use team::*;
pub(crate) use trial::*;
pub(crate) use webhook::*;

use diesel::allow_tables_to_appear_in_same_query;

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
    announcements,
    history_entries,
    webhooks,
    webhook_deliveries,
    terms,
    registrations,
    entry_guests,
    entry_domains,
    pauses,
    phases,
    splits,
    annotations,
    teams,
    team_names,
    memberships,
    invitations,
    team_mergers,
    merged_submissions,
    submissions,
    quota_slots,
    quota_entries,
    submission_rules,
    declarations,
    remarks,
    uploads,
    evaluations,
    trials,
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
    noisy_tables,
    research_requests,
    research_exports,
    export_people,
    evalai_numbers,
    evalai_teams,
    evalai_entries,
    annotation_uploads,
    imports,
    environments,
    evaluation_environments,
    decisions,
    decision_parties,
    framings,
    kept_standings,
    framing_measures,
    framing_unscoreable,
    taxonomies,
    taxonomy_terms,
    mappings,
    mapped_terms,
    mapping_candidates,
    reference_populations,
    reference_minutes,
    datasets,
    dataset_versions,
    activity_profiles,
    activity_shares,
    dataset_announcements,
    ethics_reviews,
    collection_sites,
    guidelines,
    guideline_clauses,
    annotation_programmes,
    annotator_latitude,
    framing_bindings,
    exclusions,
    contestation_links,
    contestations,
    publications,
    citations,
    challenge_tags,
);

diesel::joinable!(citations -> publications (publication_id));
