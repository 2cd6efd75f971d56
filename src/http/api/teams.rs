//! `/challenges/{challenge}/teams`, `/teams`, `/invitations` and `/mergers`.

mod invitations;
mod membership;
mod mergers;
mod views;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(membership::list_teams)
        .service(membership::create_team)
        .service(membership::show_team)
        .service(membership::update_team)
        .service(membership::delete_member)
        .service(membership::set_captain)
        .service(invitations::create_invitation)
        .service(invitations::delete_invitation)
        .service(invitations::list_own_invitations)
        .service(invitations::accept_invitation)
        .service(invitations::decline_invitation)
        .service(mergers::list_mergers)
        .service(mergers::propose_merger)
        .service(mergers::accept_merger)
        .service(mergers::decline_merger)
        .service(mergers::withdraw_merger);
}
