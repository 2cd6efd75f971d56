//! Bringing a bundle of another system: a form, what would become of it or everything that is wrong with it, and a
//! word to make it so.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use app::challenges::import::{BundlePreview, KeptBundle, MOST_BYTES, import_kept, keep_bundle};
use app::identity::LinkProof;
use app::{App, Failure, FieldError, Outcome};
use askama::Template;
use domain::{Digest, Scope};
use serde::Deserialize;

use super::addresses;
use super::chosen_file::chosen_file;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::capitalized;
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/import").route(web::get().to(show_form)).route(web::post().to(take_file)))
        .route("/import/confirm", web::post().to(confirm));
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    chrome: Chrome,
    refusal: Option<String>,
    faults: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "import_preview.html")]
struct PreviewPage {
    chrome: Chrome,
    preview: BundlePreview,
    kept: KeptBundle,
}

/// What the organizer agrees to.
#[derive(Deserialize)]
struct Agreed {
    digest: Digest,
    file_name: String,
    expires: i64,
    signature: String,
}

async fn show_form(viewer: Viewer) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    page(&ImportPage { chrome: viewer.chrome, refusal: None, faults: Vec::new() })
}

async fn take_file(app: web::Data<App>, viewer: Viewer, parts: Multipart) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    match receive(&app, &viewer, parts).await {
        Ok((preview, kept)) => page(&PreviewPage { chrome: viewer.chrome, preview, kept }),
        Err(failure) => refused(viewer, failure),
    }
}

async fn confirm(
    app: web::Data<App>,
    viewer: Viewer,
    agreed: web::Form<Agreed>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let Agreed { digest, file_name, expires, signature } = agreed.into_inner();
    let kept = KeptBundle { digest, file_name, proof: LinkProof { expires, signature } };
    match import_kept(&app, &viewer.actor, &kept).await {
        Ok(imported) => {
            let address = format!("{}/organize", addresses::challenge(&imported.slug));
            Ok(see_other_done(&address, Done::Imported))
        }
        Err(failure) => refused(viewer, failure),
    }
}

/// The form once more, with everything that is wrong.
fn refused(viewer: Viewer, failure: Failure) -> Result<HttpResponse, Problem> {
    if failure.code.status() >= 500 {
        return Err(failure.into());
    }
    let refusal = Some(capitalized(&failure.detail));
    let faults = failure.errors.clone();
    refused_page(&failure, &ImportPage { chrome: viewer.chrome, refusal, faults })
}

/// Takes the archive, as far as it is no larger than a bundle may be.
async fn receive(app: &App, viewer: &Viewer, parts: Multipart) -> Outcome<(BundlePreview, KeptBundle)> {
    app::authority::verified_person(&viewer.actor, Scope::Organize)?;
    let (name, bytes) = chosen_file(parts, "bundle", MOST_BYTES).await?;
    let (read, kept) = keep_bundle(app, &viewer.actor, name, bytes).await?;
    Ok((read.preview(), kept))
}
