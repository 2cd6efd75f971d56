//! The draft of an ethics protocol, to read and to print.

use actix_web::{HttpResponse, web};
use app::App;
use app::challenges::detail::read_challenge;
use app::participation::ethics_protocol::draft_ethics_protocol;
use askama::Template;

use super::addresses;
use super::chrome::{Chrome, Identity, page};
use super::markdown::Prose;
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/ethics-protocol", web::get().to(show_draft));
}

#[derive(Template)]
#[template(path = "ethics_protocol.html")]
struct DraftPage {
    chrome: Chrome,
    title: String,
    address: String,
    /// The file itself.
    file: String,
    draft: Prose,
}

async fn show_draft(
    app: web::Data<App>,
    viewer: Viewer,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let draft = match draft_ethics_protocol(&app, &viewer.actor, &challenge).await {
        Ok(draft) => draft,
        Err(failure) => return viewer.refuse(failure),
    };
    let detail = read_challenge(&app, &viewer.actor, &challenge).await?;
    page(&DraftPage {
        chrome: viewer.chrome,
        title: detail.challenge.title.to_string(),
        address: addresses::challenge(&detail.challenge.slug),
        file: format!("/api/v1/challenges/{}/ethics-protocol", detail.challenge.slug),
        draft: Prose::render(&draft),
    })
}
