//! Submitting a file.
//!
//! The form has its file last, so that what is said about the method is there before the bytes arrive,
//! and the bytes go to the artifact store as they come.

use actix_multipart::{Field, Multipart};
use actix_web::{HttpResponse, web};
use app::idempotency::IdempotencyKey;
use app::submissions::receive::begin_file;
use app::submissions::{Submit, admit, submit};
use app::{App, Code, Failure, Outcome};
use askama::Template;
use domain::Digest;
use domain::phase::AttributeKind;
use domain::split::Visibility;
use domain::submission::Method;
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format;
use super::place::{Place, QuotaLeft, quota_left};
use super::redirect::{Done, see_other, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// The longest text of one field that is not the file.
const LONGEST_FIELD: usize = 64 * 1024;
/// How many fields are read.
const MOST_FIELDS: usize = 200;

/// The hidden field that names the request.
const REQUEST: &str = "request";

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/challenges/{challenge}/phases/{phase}/submit")
            .route(web::get().to(show_form))
            .route(web::post().to(take_file)),
    );
}

#[derive(Template)]
#[template(path = "submit.html")]
struct SubmitPage {
    chrome: Chrome,
    place: Place,
    form: Form,
    request: domain::SubmissionId,
    quota: Vec<QuotaLeft>,
    questions: Vec<Question>,
    upload: String,
    media_type: String,
    format: super::markdown::Prose,
    example: String,
    refusal: Option<String>,
}

/// Something that the organizers ask.
struct Question {
    name: String,
    label: String,
    required: bool,
    kind: QuestionKind,
}

enum QuestionKind {
    Line,
    Choice(Vec<String>),
}

async fn show_form(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let place = Place::read(&app, &viewer.actor, &challenge, &phase).await?;
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let refusal = match admit(&app, &viewer.actor, &challenge, &phase, None).await {
        Ok(_) => None,
        Err(failure) => match elsewhere(&place, &failure) {
            Some(address) => return Ok(see_other(&address)),
            None if failure.code.status() >= 500 => return Err(failure.into()),
            None => Some(super::form::capitalized(&failure.detail)),
        },
    };
    let form = Form::filled(Entered::from([("visibility".to_owned(), "public".to_owned())]));
    page(&lay_out(&app, viewer, place, form, refusal).await?)
}

/// Where somebody goes who lacks something that another page gives.
fn elsewhere(place: &Place, failure: &Failure) -> Option<String> {
    match failure.code {
        Code::NotRegistered | Code::TermsNotAccepted => Some(format!("{}/register", place.challenge_address)),
        Code::NotInTeam => Some(format!("{}/team", place.challenge_address)),
        _ => None,
    }
}

async fn take_file(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    mut parts: Multipart,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    if !viewer.is_signed_in() {
        return Ok(viewer.to_sign_in());
    }
    let mut entered = Entered::new();
    let failure = match receive(&app, &viewer, (&challenge, &phase), &mut parts, &mut entered).await {
        Ok(id) => return Ok(see_other_done(&format!("/submissions/{id}"), Done::Submitted)),
        Err(failure) if failure.code.status() >= 500 || failure.code == Code::NotFound => {
            return Err(failure.into());
        }
        Err(failure) => failure,
    };
    drain(parts, app.settings.limits.upload_bytes).await;
    let place = Place::read(&app, &viewer.actor, &challenge, &phase).await?;
    let known: Vec<String> = place
        .phase
        .phase
        .attributes
        .0
        .iter()
        .map(|spec| format!("attributes.{}", spec.name))
        .chain(FIELDS.map(str::to_owned))
        .collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let form = Form::refused(entered, &failure, &known);
    let refusal = None;
    refused_page(&failure, &lay_out(&app, viewer, place, form, refusal).await?)
}

const FIELDS: [&str; 7] = [
    "method.name",
    "method.description",
    "method.paper_url",
    "method.code_url",
    "method.project_url",
    "visibility",
    "file",
];

/// Takes the fields and streams the file, then submits.
async fn receive(
    app: &App,
    viewer: &Viewer,
    (challenge, phase): (&str, &str),
    parts: &mut Multipart,
    entered: &mut Entered,
) -> Outcome<domain::SubmissionId> {
    let mut file = None;
    while let Some(part) = parts.next().await {
        let mut field = part.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = field
                .content_disposition()
                .and_then(|disposition| disposition.get_filename())
                .unwrap_or_default()
                .to_owned();
            // What a browser sends where no file was chosen.
            if file_name.is_empty() {
                while field.next().await.is_some() {}
                continue;
            }
            // Before a byte of the file is taken: a closed phase or a used quota is said at once.
            let key = entered.get(REQUEST).map(String::as_str);
            let admission = admit(app, &viewer.actor, challenge, phase, key).await?;
            let mut incoming = begin_file(app, &admission, None)?;
            while let Some(piece) = field.next().await {
                incoming.take(piece.map_err(broken)?).await?;
            }
            file = Some((file_name, incoming.finish().await?, admission.phase));
        } else if entered.len() < MOST_FIELDS {
            let text = read_text(&mut field).await?;
            entered.insert(name, text);
        }
    }
    let Some((file_name, file, phase_asked)) = file else {
        let error = app::FieldError::new("file", "must be chosen");
        return Err(Failure::invalid_fields(vec![error]));
    };
    let asked = &phase_asked.attributes.0;
    let attributes = asked
        .iter()
        .filter_map(|spec| {
            let text = entered.get(&format!("attributes.{}", spec.name))?.trim();
            (!text.is_empty()).then(|| (spec.name.clone(), typed(&spec.kind, text)))
        })
        .collect::<Map<String, Value>>();
    let text =
        |name: &str| entered.get(name).map(|text| text.trim().replace("\r\n", "\n")).unwrap_or_default();
    let method = Method {
        name: text("method.name"),
        description: text("method.description"),
        project_url: text("method.project_url"),
        paper_url: text("method.paper_url"),
        code_url: text("method.code_url"),
    };
    let visibility = Visibility::parse(&text("visibility"))?;
    let idempotency = request_key(entered, &file.digest);
    let input = Submit {
        challenge: challenge.to_owned(),
        phase: phase.to_owned(),
        file_name,
        method,
        attributes,
        visibility,
        file,
        idempotency,
    };
    Ok(submit(app, &viewer.actor, input).await?.into_inner())
}

/// Takes the rest of a refused form: most browsers show no answer before they have sent everything.
async fn drain(mut parts: Multipart, most: u64) {
    let mut taken = 0;
    while let Some(Ok(mut field)) = parts.next().await {
        while let Some(Ok(piece)) = field.next().await {
            taken += piece.len() as u64;
            if taken > most {
                return;
            }
        }
    }
}

/// The name of the request from the form that it was sent with, so that a second click submits nothing twice.
fn request_key(entered: &Entered, file: &Digest) -> Option<IdempotencyKey> {
    let key =
        entered.get(REQUEST).filter(|key| key.len() <= 64 && key.bytes().all(|b| b.is_ascii_graphic()))?;
    let content = serde_json::json!([entered, file]).to_string();
    Some(IdempotencyKey { key: key.clone(), body_digest: Digest::of(content.as_bytes()) })
}

async fn read_text(field: &mut Field) -> Outcome<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.next().await {
        bytes.extend_from_slice(&piece.map_err(broken)?);
        if bytes.len() > LONGEST_FIELD {
            return Err(Failure::new(Code::PayloadTooLarge, "a field of the form is too long"));
        }
    }
    String::from_utf8(bytes).map_err(|_| Failure::new(Code::MalformedRequest, "a field is not UTF-8 text"))
}

fn broken(error: actix_multipart::MultipartError) -> Failure {
    Failure::new(Code::MalformedRequest, "the form broke off before its end").caused_by(error.to_string())
}

/// An answer as the organizers' question wants it; what does not fit stays text and is refused as such.
fn typed(kind: &AttributeKind, text: &str) -> Value {
    let as_text = || Value::from(text);
    match kind {
        AttributeKind::Text | AttributeKind::Choice { .. } => as_text(),
        AttributeKind::Integer => text.parse::<i64>().map_or_else(|_| as_text(), Value::from),
        AttributeKind::Number => text.parse::<f64>().map_or_else(|_| as_text(), Value::from),
        AttributeKind::Boolean => text.parse::<bool>().map_or_else(|_| as_text(), Value::from),
    }
}

async fn lay_out(
    app: &App,
    viewer: Viewer,
    place: Place,
    form: Form,
    refusal: Option<String>,
) -> Outcome<SubmitPage> {
    let phase = &place.phase.phase;
    let manifest = app.evaluators.get(&phase.evaluator).map(sdk::Evaluator::manifest);
    let questions = phase
        .attributes
        .0
        .iter()
        .map(|spec| Question {
            name: format!("attributes.{}", spec.name),
            label: if spec.label.is_empty() { spec.name.clone() } else { spec.label.clone() },
            required: spec.required,
            kind: match &spec.kind {
                AttributeKind::Text | AttributeKind::Integer | AttributeKind::Number => QuestionKind::Line,
                AttributeKind::Boolean => QuestionKind::Choice(vec!["true".into(), "false".into()]),
                AttributeKind::Choice { choices } => QuestionKind::Choice(choices.clone()),
            },
        })
        .collect();
    Ok(SubmitPage {
        quota: quota_left(app, &viewer.actor, &place).await?,
        chrome: viewer.chrome,
        form,
        request: app.sources.new_id(),
        questions,
        upload: format::size(phase.limits().upload_bytes.min(app.settings.limits.upload_bytes)),
        media_type: manifest.map_or_else(String::new, |manifest| manifest.submission.media_type.clone()),
        format: super::markdown::Prose::render(
            manifest.map_or("", |manifest| &manifest.submission.description),
        ),
        example: manifest.map_or_else(String::new, |manifest| manifest.submission.example.clone()),
        refusal,
        place,
    })
}
