//! The pages: HTML for people, from the same use cases as the API.
//!
//! Every page is drawn on the server and works without a script, by keyboard, on a phone and on paper.
//! A file here is one place of the site: its routes, its handlers, and what its template in `templates/` shows.
//! Forms are sent with POST and answered with a redirect; a refused form comes back
//! with what was entered and what is wrong beside each field.
//!
//! What people write reaches a page in two ways only:
//! escaped by the template, or through `markdown::Prose`, which renders and sanitizes.

mod account;
mod activities;
mod addresses;
mod assets;
mod challenge;
mod chosen_file;
mod chrome;
mod comparison;
mod ethics_protocol;
mod evaluators;
mod feeds;
mod figures;
mod form;
mod format;
mod framing;
mod front;
mod import;
mod leaderboard;
pub(crate) mod markdown;
mod me;
mod measures;
mod my_data;
mod objections;
mod organize;
mod participation;
mod password;
mod place;
mod problems;
mod record;
mod redirect;
mod register;
mod report_card;
mod research;
mod result;
mod submission;
mod submissions;
mod submit;
mod team;
mod trials;
mod viewer;
mod whisker;

pub use problems::problem_page;

use actix_web::web;

/// Adds the routes of all pages.
///
/// The application's data must hold `App` and the rate limits,
/// and the middleware of [`crate::middleware`] must stand around it.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .configure(assets::configure)
        .configure(front::configure)
        .configure(feeds::configure)
        .configure(challenge::configure)
        .configure(register::configure)
        .configure(framing::configure)
        .configure(activities::configure)
        .configure(leaderboard::configure)
        .configure(comparison::configure)
        .configure(result::configure)
        .configure(submit::configure)
        .configure(submissions::configure)
        .configure(submission::configure)
        .configure(team::configure)
        .configure(account::configure)
        .configure(password::configure)
        .configure(me::configure)
        .configure(my_data::configure)
        .configure(participation::configure)
        .configure(report_card::configure)
        .configure(record::configure)
        .configure(objections::configure)
        .configure(research::configure)
        .configure(ethics_protocol::configure)
        .configure(organize::configure)
        .configure(import::configure)
        .configure(evaluators::configure)
        .configure(measures::configure)
        .configure(problems::configure);
}
