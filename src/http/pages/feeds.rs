//! What other programs follow a challenge by: its announcements as Atom (RFC 4287), its dates as iCalendar (RFC 5545).

use actix_web::{HttpResponse, web};
use app::announcements::{Announcement, list_announcements};
use app::challenges::detail::read_challenge;
use app::phases::list_phases;
use app::{App, Failure};
use askama::Template;
use domain::{Slug, Timestamp};
use icalendar::{Calendar, Component as _, Event};

use super::addresses;
use super::markdown::Prose;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/challenges/{challenge}/announcements.atom", web::get().to(show_announcements))
        .route("/challenges/{challenge}/calendar.ics", web::get().to(show_calendar));
}

/// How many announcements a feed has.
const MOST: u32 = 50;

#[derive(Template)]
#[template(path = "announcements.xml")]
struct Feed<'a> {
    title: String,
    /// The address of the challenge, with the host.
    address: String,
    id: String,
    updated: String,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    announcement: &'a Announcement,
    /// HTML, which a feed carries as text.
    body: String,
}

async fn show_announcements(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    let found = list_announcements(&app, &viewer.actor, &challenge, None, MOST).await?;
    let updated = found.first().map_or(detail.challenge.created_at, |newest| newest.posted_at);
    let feed = Feed {
        title: format!("Announcements of {}", detail.challenge.title),
        address: app.settings.server.public_url.link(&addresses::challenge(&detail.challenge.slug)),
        id: format!("urn:uuid:{}", detail.challenge.id),
        updated: updated.to_string(),
        entries: found
            .iter()
            .map(|announcement| Entry { announcement, body: Prose::render(&announcement.body).to_string() })
            .collect(),
    };
    let text = feed.render().map_err(Failure::internal)?;
    Ok(HttpResponse::Ok().content_type("application/atom+xml; charset=utf-8").body(text))
}

async fn show_calendar(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    let challenge = &detail.challenge;
    let phases = list_phases(&app, &viewer.actor, &challenge.id.to_string()).await?;
    let mut calendar = Calendar::new();
    calendar.name(challenge.title.as_str());
    for found in &phases {
        let phase = &found.phase;
        let mut add = |what: &str, verb: &str, at: Timestamp| {
            let mut event = Event::new();
            event
                .uid(&format!("{}-{what}@heldout", phase.id))
                .summary(&format!("{}: {} {verb}", challenge.title, phase.title))
                .url(&page_of(&app, &challenge.slug))
                .add_property("DTSTART", in_calendar(at))
                .add_property("DTSTAMP", in_calendar(phase.updated_at));
            calendar.push(event);
        };
        add("opens", "opens", phase.opens_at);
        if let Some(closes_at) = phase.closes_at {
            add("closes", "takes submissions until now", closes_at);
        }
    }
    Ok(HttpResponse::Ok().content_type("text/calendar; charset=utf-8").body(calendar.done().to_string()))
}

fn page_of(app: &App, challenge: &Slug) -> String {
    app.settings.server.public_url.link(&addresses::challenge(challenge))
}

/// A moment as calendars write it, in UTC.
fn in_calendar(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_has_whole_seconds_in_utc() {
        let at = Timestamp::parse("2026-05-31T12:00:00.5+02:00").unwrap();
        assert_eq!(in_calendar(at), "20260531T100000Z");
    }
}
