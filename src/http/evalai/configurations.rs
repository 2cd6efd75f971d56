//! Challenges as bundles, as EvalAI takes them: from the GitHub workflow of EvalAI-Starters, and as a zip archive.
//!
//! The workflow prints the sentence of a refusal for 400, 401 and 406 only, so every refusal is one of these.

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use app::challenges::import::{
    BundleDoor, Imported, MOST_BYTES, ReadBundle, check_import, import_challenge, read_bundle, runtime,
};
use app::evalai::numbers::entity;
use app::evalai::teams::list_host_teams;
use app::{App, Code, Failure, FieldError, Outcome};
use domain::evalai::NumberedKind;
use domain::{Actor, Scope};
use futures_util::StreamExt as _;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use web::Bytes;

use super::answers::{Refusal, refusal_of};
use crate::api::submissions::receive::{broke_off, content_length};
use crate::extract::SignedIn;

/// The part of the form that holds the archive.
const ARCHIVE: &str = "zip_configuration";
/// The longest text beside it, in bytes.
const LONGEST_TEXT: usize = 500;
/// How many parts a form may have.
const MOST_PARTS: usize = 20;
/// The branch that stands for the repository as a whole.
const MAIN_BRANCH: &str = "challenge";

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(validate_challenge_config)
        .service(create_or_update_github_challenge)
        .service(upload_challenge_zip);
}

/// The form of the workflow.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, whose parts are read as they arrive")]
struct ConfigurationForm {
    /// The bundle, as a zip archive.
    #[schema(value_type = String, format = Binary)]
    zip_configuration: Vec<u8>,
    /// `OWNER/REPOSITORY`: the same repository changes the challenge that it became before.
    #[schema(rename = "GITHUB_REPOSITORY")]
    github_repository: Option<String>,
    /// Other branches than `challenge` are challenges of their own.
    #[schema(rename = "BRANCH_NAME")]
    branch_name: Option<String>,
}

/// Say everything that is wrong with a bundle, and change nothing.
#[utoipa::path(tag = "challenges as bundles",
    params(("team" = i64, Path, description = "A host team of one's own.")),
    request_body(content = ConfigurationForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "`Success`: nothing is wrong; with warnings."),
        (status = 400, description = "`error`: every fault on a line."),
        (status = 401, description = "The token, the host team or the challenge is not one's own."),
        (status = 406, description = "The challenge is archived."),
    ),
)]
#[post("/challenges/challenge/challenge_host_team/{team}/validate_challenge_config")]
async fn validate_challenge_config(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    team: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let form = Form::receive(&app, &actor, &team, &request, payload).await?;
    let source = form.source()?;
    let bundle = form.read(&app, BundleDoor::Workflow).await?;
    check_import(&app, &actor, &bundle, source).await.map_err(refusal)?;
    let sentence = with_warnings("The challenge config has been validated successfully".to_owned(), &bundle);
    Ok(HttpResponse::Ok().json(json!({ "Success": sentence })))
}

/// Make a draft of a repository's bundle, or change the challenge that it became before.
#[utoipa::path(tag = "challenges as bundles",
    params(("team" = i64, Path, description = "A host team of one's own.")),
    request_body(content = ConfigurationForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "`Success`: the draft is made."),
        (status = 200, description = "`Success`: the challenge says now what the bundle says."),
        (status = 400, description = "`error`: every fault on a line; nothing was changed."),
        (status = 401, description = "The token, the host team or the challenge is not one's own."),
        (status = 406, description = "The challenge is archived."),
    ),
)]
#[post("/challenges/challenge/challenge_host_team/{team}/create_or_update_github_challenge")]
async fn create_or_update_github_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    team: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let form = Form::receive(&app, &actor, &team, &request, payload).await?;
    let Some(source) = form.source()? else {
        return Err(refusal(wrong("GITHUB_REPOSITORY", "must be OWNER/REPOSITORY")));
    };
    let bundle = form.read(&app, BundleDoor::Workflow).await?;
    let imported = import_challenge(&app, &actor, &bundle, Some(source)).await.map_err(refusal)?;
    let sentence = with_warnings(sentence_of(&app, &imported), &bundle);
    let status = if imported.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(json!({ "Success": sentence })))
}

/// Make a draft of an archive, or change the challenge that one's bundle of that title became before.
#[utoipa::path(tag = "challenges as bundles",
    params(("team" = i64, Path, description = "A host team of one's own.")),
    request_body(content = ConfigurationForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "`success`: the draft is there."),
        (status = 400, description = "`error`: every fault on a line; nothing was changed."),
        (status = 401, description = "The token or the host team is not one's own."),
        (status = 406, description = "The challenge is archived."),
    ),
)]
#[post("/challenges/challenge/challenge_host_team/{team}/zip_upload")]
async fn upload_challenge_zip(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    team: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let form = Form::receive(&app, &actor, &team, &request, payload).await?;
    let bundle = form.read(&app, BundleDoor::WebPage).await?;
    let imported = import_challenge(&app, &actor, &bundle, None).await.map_err(refusal)?;
    let sentence = with_warnings(sentence_of(&app, &imported), &bundle);
    Ok(HttpResponse::Created().json(json!({ "success": sentence })))
}

/// What became of a bundle.
fn sentence_of(app: &App, imported: &Imported) -> String {
    let address = format!("{}/challenges/{}", app.settings.server.public_url.as_str(), imported.slug);
    if imported.is_new {
        format!(
            "The challenge {} has been created successfully. It is a draft: publish it at {address}",
            imported.slug
        )
    } else {
        format!("The challenge {} has been updated successfully: {address}", imported.slug)
    }
}

fn with_warnings(mut sentence: String, bundle: &ReadBundle) -> String {
    for warning in bundle.findings().warnings {
        sentence.push_str("\nWARNING: ");
        sentence.push_str(&warning.message);
    }
    sentence
}

/// A form as it arrived.
struct Form {
    name: String,
    archive: Bytes,
    repository: Option<String>,
    branch: Option<String>,
}

impl Form {
    /// Reads the form of somebody who may make challenges with that host team.
    async fn receive(
        app: &App,
        actor: &Actor,
        team: &str,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Result<Self, Refusal> {
        app::authority::verified_person(actor, Scope::Organize).map_err(refusal)?;
        if !is_own_team(app, actor, team).await.map_err(refusal)? {
            let sentence = "Sorry, you do not belong to this Host Team!";
            return Err(Refusal::Said(StatusCode::UNAUTHORIZED, sentence.to_owned()));
        }
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        // What sends no file sends no multipart form either.
        if !content_type.is_some_and(|found| found.starts_with("multipart/")) {
            return Err(refusal(no_archive()));
        }
        if content_length(request).is_some_and(|size| size > MOST_BYTES) {
            return Err(refusal(too_large()));
        }
        Self::read_parts(Multipart::new(request.headers(), payload)).await.map_err(refusal)
    }

    async fn read_parts(mut parts: Multipart) -> Outcome<Self> {
        let (mut archive, mut repository, mut branch) = (None, None, None);
        let mut count = 0;
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|error| wrong("form", &error.to_string()))?;
            count += 1;
            let name = part.name().unwrap_or_default().to_owned();
            if count > MOST_PARTS {
                return Err(wrong(&name, "is one part too many"));
            }
            match name.as_str() {
                ARCHIVE if archive.is_none() => {
                    let limit = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
                    let bytes = bytes_of(&mut part, limit).await?.ok_or_else(too_large)?;
                    let disposition = part.content_disposition();
                    let file_name = disposition.and_then(|found| found.get_filename());
                    archive = Some((file_name.unwrap_or("bundle.zip").to_owned(), bytes));
                }
                ARCHIVE => return Err(wrong(ARCHIVE, "must be sent once")),
                "GITHUB_REPOSITORY" => repository = Some(text_of(&name, &mut part).await?),
                "BRANCH_NAME" => branch = Some(text_of(&name, &mut part).await?),
                _ => _ = text_of(&name, &mut part).await?,
            }
        }
        let (name, archive) = archive.ok_or_else(no_archive)?;
        Ok(Self { name, archive: archive.into(), repository, branch })
    }

    /// The name under which the challenge of the repository, or of a branch of it, is found again.
    fn source(&self) -> Result<Option<String>, Refusal> {
        let Some(repository) = self.repository.as_deref().map(str::trim).filter(|text| !text.is_empty())
        else {
            return Ok(None);
        };
        let is_name = |text: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
        };
        if !repository.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name)) {
            return Err(refusal(wrong("GITHUB_REPOSITORY", "must be OWNER/REPOSITORY")));
        }
        // The names of repositories are the same in any case of their letters.
        let mut source = format!("github:{}", repository.to_ascii_lowercase());
        let branch = self.branch.as_deref().map(str::trim).unwrap_or_default();
        if !branch.is_empty() && branch != MAIN_BRANCH {
            source = format!("{source}@{branch}");
        }
        Ok(Some(source))
    }

    async fn read(self, app: &App, door: BundleDoor) -> Result<ReadBundle, Refusal> {
        read_bundle(runtime(app), &self.name, self.archive, door).await.map_err(refusal)
    }
}

/// The bytes of a part, if they are no more than that.
async fn bytes_of(part: &mut Field, limit: usize) -> Outcome<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| broke_off(error.to_string()))?;
        if bytes.len() + chunk.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

async fn text_of(name: &str, part: &mut Field) -> Outcome<String> {
    let bytes = bytes_of(part, LONGEST_TEXT).await?;
    let bytes = bytes.ok_or_else(|| wrong(name, &format!("may have at most {LONGEST_TEXT} bytes")))?;
    String::from_utf8(bytes).map_err(|_| wrong(name, "must be UTF-8"))
}

/// Whether a number is that of a host team of the actor's own; nobody is told of those of others.
async fn is_own_team(app: &App, actor: &Actor, number: &str) -> Outcome<bool> {
    let team: Uuid = match entity(app, NumberedKind::HostTeam, number).await {
        Ok(team) => team,
        Err(failure) if failure.code == Code::NotFound => return Ok(false),
        Err(failure) => return Err(failure),
    };
    Ok(list_host_teams(app, actor).await?.iter().any(|own| own.entity == team))
}

fn wrong(field: &str, rule: &str) -> Failure {
    Failure::invalid_fields(vec![FieldError::new(field, rule)])
}

fn no_archive() -> Failure {
    wrong(ARCHIVE, "must hold the bundle: No file was submitted.")
}

fn too_large() -> Failure {
    Failure::new(Code::PayloadTooLarge, format!("a bundle may have at most {MOST_BYTES} bytes"))
}

/// A failure as the workflow prints it: for a bundle every fault on a line, with where it is behind it.
fn refusal(failure: Failure) -> Refusal {
    let said = |status: StatusCode, sentence: String| Refusal::Said(status, sentence);
    match (failure.code, refusal_of(&failure).0.as_u16()) {
        (Code::BundleInvalid, _) => {
            let lines = failure.errors.iter().map(|error| match error.field.as_str() {
                "" => error.detail.clone(),
                place => format!("{} ({place})", error.detail),
            });
            let lines: Vec<String> = lines.collect();
            let sentence = if lines.is_empty() { failure.detail } else { lines.join("\n") };
            said(StatusCode::BAD_REQUEST, sentence)
        }
        // Whoever may not see a challenge is told no more than that its repository is taken.
        (Code::NotFound | Code::Forbidden, _) => {
            said(StatusCode::UNAUTHORIZED, "Sorry, others run the challenge of this repository!".to_owned())
        }
        (_, 403 | 404) => said(StatusCode::UNAUTHORIZED, failure.detail),
        (_, 413) => said(StatusCode::BAD_REQUEST, failure.detail),
        _ => failure.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(repository: &str, branch: Option<&str>) -> Form {
        Form {
            name: String::new(),
            archive: Bytes::new(),
            repository: Some(repository.to_owned()),
            branch: branch.map(str::to_owned),
        }
    }

    #[test]
    fn a_repository_is_one_source_and_so_is_every_other_branch_of_it() {
        let source = |repository: &str, branch: Option<&str>| form(repository, branch).source().unwrap();
        let whole = source("Lab/Moments", None);
        assert_eq!(whole.as_deref(), Some("github:lab/moments"));
        assert_eq!(source("lab/moments", Some("challenge")), whole);
        assert_eq!(
            source("lab/moments", Some("challenge-2027")).as_deref(),
            Some("github:lab/moments@challenge-2027")
        );
        assert_eq!(source(" ", None), None);
        for wrong in ["lab", "lab/", "/x", "a/b/c", "lab/a b", "person:x/y", "a/b@c"] {
            assert!(form(wrong, None).source().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_fault_is_a_line_that_begins_with_its_sentence() {
        let errors =
            vec![FieldError::new("challenge_config.yaml:3: title", "ERROR: a"), FieldError::new("", "b")];
        let failure = Failure::new(Code::BundleInvalid, "x").with_errors(errors);
        let Refusal::Said(status, sentence) = refusal(failure) else { panic!() };
        assert_eq!(
            (status, sentence.as_str()),
            (StatusCode::BAD_REQUEST, "ERROR: a (challenge_config.yaml:3: title)\nb")
        );
    }

    #[test]
    fn no_refusal_has_a_status_whose_sentence_is_not_printed() {
        for code in Code::ALL.iter().filter(|code| code.status() < 500) {
            let status = actix_web::ResponseError::status_code(&refusal(Failure::new(*code, "x"))).as_u16();
            let is_retried = [405, 408, 429].contains(&status);
            assert!([400, 401, 406].contains(&status) || is_retried, "{code:?}: {status}");
        }
    }
}
