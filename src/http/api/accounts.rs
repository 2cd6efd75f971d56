//! `/accounts`, `/sessions`, `/me`, `/admin/users`: people, how they sign in, and what they say about themselves.

mod administration;
mod me;
mod registration;
mod sessions;
mod views;

pub(crate) use sessions::show_key_set;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(registration::register_account)
        .service(registration::verify_account)
        .service(registration::resend_verification)
        .service(registration::request_reset)
        .service(registration::confirm_reset)
        .service(sessions::create_session)
        .service(sessions::refresh_session)
        .service(sessions::delete_session)
        .service(me::show_account)
        .service(me::update_account)
        .service(me::change_password)
        .service(me::list_affiliations)
        .service(me::create_affiliation)
        .service(me::update_affiliation)
        .service(me::list_api_tokens)
        .service(me::create_api_token)
        .service(me::delete_api_token)
        .service(administration::list_users)
        .service(administration::update_user);
}
