//! Who takes part: what people let be known of themselves, what is counted of it, and what researchers are given.

mod me;
mod noisy_tables;
mod organizing;
pub(crate) mod requests;
pub(crate) mod snapshots;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(me::show_my_data)
        .service(me::list_consents)
        .service(me::give_consent)
        .service(me::withdraw_consent)
        .service(me::set_orcid)
        .service(me::list_my_exports)
        .service(me::erase_account)
        .service(snapshots::create_snapshot)
        .service(snapshots::list_challenge_snapshots)
        .service(snapshots::show_snapshot)
        .service(snapshots::show_measures)
        .service(snapshots::list_tables)
        .service(noisy_tables::publish_noisy_table)
        .service(noisy_tables::list_noisy_tables)
        .service(requests::show_agreement)
        .service(requests::create_research_request)
        .service(requests::list_research_requests)
        .service(requests::show_research_request)
        .service(requests::decide_research_request)
        .service(requests::create_export)
        .service(organizing::describe_entry)
        .service(organizing::record_lineage)
        .service(organizing::export_participants)
        .service(organizing::show_ethics_protocol)
        .service(organizing::request_access)
        .service(organizing::list_requests_for_access)
        .service(organizing::answer_access_request)
        .service(organizing::import_organizations);
}
