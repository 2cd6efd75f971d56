//! A person's own record: what is kept, what they consent to, the exports that they are in.

use actix_web::{HttpResponse, web};
use app::App;
use app::participation::consents::{give_consent, list_consents, withdraw_consent};
use app::participation::my_data::{MyData, read_my_data};
use askama::Template;
use domain::ConsentPurpose;

use super::account::text;
use super::chrome::{Chrome, Identity, page};
use super::form::Entered;
use super::format::Moment;
use super::redirect::{Done, see_other, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/me/research", web::get().to(show_my_data))
        .route("/me/research/consents/{purpose}", web::post().to(take_consent));
}

#[derive(Template)]
#[template(path = "my_data.html")]
struct MyDataPage {
    chrome: Chrome,
    data: MyData,
    purposes: Vec<PurposeView>,
    exports: Vec<ExportView>,
}

struct PurposeView {
    name: &'static str,
    title: &'static str,
    version: i32,
    words: &'static str,
    /// When the consent was given, if one to these words stands.
    given: Option<Moment>,
}

struct ExportView {
    study: String,
    institution: String,
    challenge: String,
    kind: String,
    pseudonym: String,
    made: Moment,
    is_withdrawn: bool,
}

async fn show_my_data(app: web::Data<App>, viewer: Viewer) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let data = read_my_data(&app, &viewer.actor).await?;
    let asked = list_consents(&app, &viewer.actor).await?;
    let purposes = asked.into_iter().map(|asked| {
        let text = asked.purpose.text();
        let standing = asked.standing.filter(|consent| consent.version == text.version);
        PurposeView {
            name: asked.purpose.as_str(),
            title: title(asked.purpose),
            version: text.version,
            words: text.body,
            given: standing.map(|consent| Moment::new(&app, consent.given_at)),
        }
    });
    let exports = data.exports.iter().map(|own| ExportView {
        study: own.study.clone(),
        institution: own.institution.clone(),
        challenge: own.challenge.to_string(),
        kind: own.kind.clone(),
        pseudonym: own.pseudonym.clone(),
        made: Moment::new(&app, own.made_at),
        is_withdrawn: own.withdrawn_at.is_some(),
    });
    page(&MyDataPage {
        purposes: purposes.collect(),
        exports: exports.collect(),
        data,
        chrome: Chrome { here: "/me/research".to_owned(), ..viewer.chrome },
    })
}

async fn take_consent(
    app: web::Data<App>,
    viewer: Viewer,
    purpose: web::Path<String>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    if !viewer.is_signed_in() {
        return Ok(see_other("/sign-in?next=/me/research"));
    }
    let purpose = ConsentPurpose::parse(&purpose)?;
    let done = match text(&entered, "version").parse() {
        Ok(version) => {
            give_consent(&app, &viewer.actor, purpose, version).await?;
            Done::ConsentGiven
        }
        // The button of a consent that stands sends no version.
        Err(_) => {
            withdraw_consent(&app, &viewer.actor, purpose).await?;
            Done::ConsentWithdrawn
        }
    };
    Ok(see_other_done("/me/research", done))
}

fn title(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::AggregateStats => "Be counted",
        ConsentPurpose::ResearchPseudonymous => "Research under a pseudonym",
        ConsentPurpose::PublicName => "My name in the organizers' files",
        ConsentPurpose::Archive => "Kept for later research",
        ConsentPurpose::InterviewContact => "Be asked for an interview",
        ConsentPurpose::LinkExternal => "Joined with public records",
        ConsentPurpose::ResearchIdentified => "Research with my name",
    }
}
