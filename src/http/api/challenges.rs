//! `/challenges`: from draft to archive, who runs them, and who takes part.

mod as_of;
mod clone;
mod document;
mod entry;
mod history;
mod import;
mod lifecycle;
mod organizers;
mod search;
mod taking_part;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use views::ChallengeSummary;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(search::list_challenges)
        .service(search::show_challenge_facets)
        .service(lifecycle::create_challenge)
        .service(import::import_bundle)
        .service(clone::clone_challenge)
        .service(lifecycle::show_challenge)
        .service(lifecycle::update_challenge)
        .service(lifecycle::publish_challenge)
        .service(lifecycle::archive_challenge)
        .service(lifecycle::export_challenge)
        .service(organizers::list_organizers)
        .service(organizers::set_organizer)
        .service(organizers::delete_organizer)
        .service(organizers::list_participants)
        .service(organizers::list_challenge_events)
        .service(organizers::list_challenge_changes)
        .service(as_of::show_challenge_as_of)
        .service(history::list_history)
        .service(history::record_history)
        .service(taking_part::list_terms)
        .service(taking_part::create_registration)
        .service(entry::show_entry_rules)
        .service(entry::put_entry_rules)
        .service(entry::decide_participant)
        .service(entry::show_registration)
        .service(entry::delete_registration)
        .service(entry::create_registration_appeal);
}
