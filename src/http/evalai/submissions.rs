//! Submissions: sending a file, and looking at what became of it.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use app::evalai::numbers::{entity, number, numbers};
use app::phases::read_phase;
use app::submissions::list::{ListSubmissions, list_submissions};
use app::submissions::{Elsewhere, SubmissionDetail, Submit, admit, read_submission, submit};
use app::{App, Failure, FieldError, Outcome};
use domain::evalai::NumberedKind;
use domain::phase::{AttributeKind, AttributeSpec};
use domain::split::Visibility;
use domain::submission::{Method, SubmissionState};
use domain::{Actor, SubmissionId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answers::{Page, Refusal, moment};
use super::files::{self, FileKind, has_result};
use super::phases::ids;
use crate::api::submissions::receive::receive_parts;
use crate::extract::SignedIn;

/// As many as any list of this surface has.
const MOST: u32 = 1000;
/// The part of the form that holds the file.
const FILE_PART: &str = "input_file";

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_submission).service(list_own_submissions).service(show_submission);
}

/// A submission.
#[derive(Serialize, ToSchema)]
struct SubmissionView {
    id: i64,
    participant_team_name: String,
    challenge_phase: i64,
    /// `submitting`, `submitted`, `running`, `finished`, `failed` or `cancelled`.
    status: &'static str,
    /// In seconds; `"None"` until it is known.
    #[schema(value_type = Object)]
    execution_time: Value,
    submitted_at: String,
    completed_at: Option<String>,
    method_name: String,
    method_description: String,
    project_url: String,
    publication_url: String,
    is_public: bool,
    is_baseline: bool,
    /// A link to the file that was sent; null while it arrives.
    input_file: Option<String>,
    /// A link to what was scored, or to what is wrong; null until that is known.
    submission_result_file: Option<String>,
    #[schema(value_type = Option<String>)]
    stdout_file: Value,
    #[schema(value_type = Option<String>)]
    stderr_file: Value,
    #[schema(value_type = Object)]
    submission_metadata: Map<String, Value>,
}

impl SubmissionView {
    fn new(app: &App, reader: &Actor, detail: SubmissionDetail, id: i64, phase: i64) -> Self {
        let SubmissionDetail { submission, team, evaluation, elsewhere, .. } = detail;
        let took = evaluation.as_ref().map(|detail| {
            let evaluation = &detail.evaluation;
            evaluation.finished_at.seconds_since(evaluation.started_at)
        });
        let link = |kind, is_there: bool| {
            is_there.then(|| files::link(app, reader, id, kind, &submission.file_name)).flatten()
        };
        Self {
            id,
            participant_team_name: team.name.to_string(),
            challenge_phase: phase,
            status: match elsewhere {
                // A machine leaves alone what it reads is running or finished, so that it reads where its own attempt is.
                Some(Elsewhere::Begun) => "running",
                Some(Elsewhere::Waiting(_) | Elsewhere::Taken) => "submitted",
                None => status_of(submission.state, submission.received_at.is_some()),
            },
            execution_time: took.map_or_else(|| json!("None"), |seconds| json!(seconds)),
            submitted_at: moment(submission.received_at.unwrap_or(submission.created_at)),
            completed_at: submission.finished_at.map(moment),
            input_file: link(FileKind::Input, submission.artifact.is_some()),
            submission_result_file: link(FileKind::Result, has_result(submission.state)),
            stdout_file: Value::Null,
            stderr_file: Value::Null,
            is_public: submission.visibility == Visibility::Public,
            is_baseline: submission.is_baseline,
            submission_metadata: submission.attributes.0,
            method_name: submission.method.0.name,
            method_description: submission.method.0.description,
            project_url: submission.method.0.project_url,
            publication_url: submission.method.0.paper_url,
        }
    }
}

/// A state in EvalAI's words; an upload that was given up has failed there.
fn status_of(state: SubmissionState, was_received: bool) -> &'static str {
    match state {
        SubmissionState::Uploading => "submitting",
        SubmissionState::Queued => "submitted",
        SubmissionState::Running => "running",
        SubmissionState::Scored => "finished",
        SubmissionState::Cancelled if was_received => "cancelled",
        SubmissionState::Invalid | SubmissionState::Failed | SubmissionState::Cancelled => "failed",
    }
}

/// What is said about a file beside it.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) method: Method,
    metadata: Vec<Answer>,
    is_private: bool,
    image: bool,
}

/// One answer to a question of the organizers.
#[derive(Debug, Deserialize)]
struct Answer {
    name: String,
    value: Option<Value>,
    values: Option<Vec<Value>>,
}

impl Described {
    /// Takes one text of the form; what is not known is none of our business.
    pub(super) fn take(&mut self, name: &str, text: &str) -> Outcome<()> {
        match name {
            "method_name" => text.clone_into(&mut self.method.name),
            "method_description" => text.clone_into(&mut self.method.description),
            "project_url" => text.clone_into(&mut self.method.project_url),
            "publication_url" => text.clone_into(&mut self.method.paper_url),
            "is_public" => self.is_private = text.trim().eq_ignore_ascii_case("false"),
            "submitted_image_uri" => self.image = true,
            "submission_metadata" if !text.trim().is_empty() => {
                self.metadata = serde_json::from_str::<Option<Vec<Answer>>>(text)
                    .map_err(|error| {
                        let rule = format!("must be a list of answers as JSON: {error}");
                        Failure::invalid_fields(vec![FieldError::new("submission_metadata", rule)])
                    })?
                    .unwrap_or_default();
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn visibility(&self) -> Visibility {
        if self.is_private { Visibility::Private } else { Visibility::Public }
    }

    /// The answers as the phase asks for them; those left blank are none.
    fn attributes(&self, asked: &[AttributeSpec]) -> Map<String, Value> {
        let answers = self.metadata.iter().filter_map(|answer| {
            let several = || answer.values.as_ref().map(|values| Value::Array(values.clone()));
            let value = answer.value.clone().or_else(several)?;
            if value.is_null() || value == json!("") || value == json!([]) {
                return None;
            }
            let spec = asked.iter().find(|spec| spec.name == answer.name);
            Some((answer.name.clone(), spec.map_or(value.clone(), |spec| as_asked(spec, value))))
        });
        answers.collect()
    }
}

/// An answer in the type that is asked for, where the client could only send it as text.
fn as_asked(spec: &AttributeSpec, value: Value) -> Value {
    let Value::String(text) = &value else { return value };
    let text = text.trim();
    let read = match spec.kind {
        AttributeKind::Integer => text.parse::<i64>().ok().map(Value::from),
        AttributeKind::Number => text.parse::<f64>().ok().map(Value::from),
        AttributeKind::Boolean => text.to_lowercase().parse::<bool>().ok().map(Value::from),
        AttributeKind::Text | AttributeKind::Choice { .. } => None,
    };
    read.unwrap_or(value)
}

/// The form that brings a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, whose parts are read as they arrive")]
struct SubmissionForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    input_file: Vec<u8>,
    /// Answers to the organizers' questions, as JSON: `[{"name", "value" or "values"}]`.
    submission_metadata: Option<String>,
    /// `true` or `false`.
    is_public: Option<String>,
    method_name: Option<String>,
    method_description: Option<String>,
    project_url: Option<String>,
    publication_url: Option<String>,
}

/// Submit a file.
#[utoipa::path(tag = "submissions",
    params(
        ("challenge" = i64, Path, description = "The challenge."),
        ("phase" = i64, Path, description = "The phase."),
    ),
    request_body(content = SubmissionForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Accepted.", body = SubmissionView),
        (status = 400, description = "Something about the file cannot be."),
        (status = 403, description = "One does not take part, or the quota is used up."),
        (status = 406, description = "The phase is not open, or too many submissions wait."),
        (status = 413, description = "The file is too large."),
    ),
)]
#[post("/jobs/challenge/{challenge}/challenge_phase/{phase}/submission")]
async fn create_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = ids(&app, &path.0, &path.1).await?;
    let (challenge, phase) = (challenge.to_string(), phase.to_string());
    let admission = admit(&app, &actor, &challenge, &phase, None).await?;
    let form = Multipart::new(request.headers(), payload);
    let mut described = Described::default();
    let received =
        receive_parts(&app, &admission, form, FILE_PART, |name, text| described.take(name, text)).await;
    if described.image {
        let sentence = "Docker submissions are not supported by this server";
        return Err(Refusal::Said(StatusCode::BAD_REQUEST, sentence.to_owned()));
    }
    let (file_name, file) = received?;
    let input = Submit {
        challenge,
        phase,
        file_name,
        attributes: described.attributes(&admission.phase.attributes.0),
        visibility: described.visibility(),
        method: described.method,
        file,
        idempotency: None,
    };
    let id = submit(&app, &actor, input).await?.into_inner();
    Ok(HttpResponse::Created().json(view(&app, &actor, id).await?))
}

/// List one's own team's submissions, or for organizers all, newest first.
#[utoipa::path(tag = "submissions",
    params(
        ("challenge" = i64, Path, description = "The challenge."),
        ("phase" = i64, Path, description = "The phase."),
    ),
    responses(
        (status = 200, description = "The submissions.", body = Page<SubmissionView>),
        (status = 403, description = "One does not take part."),
    ),
)]
#[get("/jobs/challenge/{challenge}/challenge_phase/{phase}/submission")]
async fn list_own_submissions(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase) = ids(&app, &path.0, &path.1).await?;
    let asked = ListSubmissions { limit: MOST, ..ListSubmissions::default() };
    let found = list_submissions(&app, &actor, &challenge.to_string(), &phase.to_string(), asked).await?;
    let numbers =
        numbers(&app, NumberedKind::Submission, found.iter().map(|one| one.submission.id.0)).await?;
    let of = number(&app, NumberedKind::Phase, phase.0).await?;
    let views = found.into_iter().filter_map(|detail| {
        let id = *numbers.get(&detail.submission.id.0)?;
        Some(SubmissionView::new(&app, &actor, detail, id, of))
    });
    Ok(HttpResponse::Ok().json(Page::whole(views.collect())))
}

/// Show a submission.
#[utoipa::path(tag = "submissions",
    params(("submission" = i64, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The submission.", body = SubmissionView),
        (status = 404, description = "There is none, or it is another team's."),
    ),
)]
#[get("/jobs/submission/{submission}")]
async fn show_submission(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    submission: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let id: SubmissionId = entity(&app, NumberedKind::Submission, &submission).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, id).await?))
}

async fn view(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<SubmissionView> {
    let detail = read_submission(app, actor, id).await?;
    let phase = number(app, NumberedKind::Phase, detail.submission.phase_id.0).await?;
    let number = number(app, NumberedKind::Submission, id.0).await?;
    Ok(SubmissionView::new(app, actor, detail, number, phase))
}

/// The questions that a phase asks, for a file whose sender cannot answer them.
pub(super) async fn asks_for_answers(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<Vec<AttributeSpec>> {
    let detail = read_phase(app, actor, challenge, phase).await?;
    Ok(detail.phase.attributes.0.into_iter().filter(|spec| spec.required).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, kind: AttributeKind) -> AttributeSpec {
        AttributeSpec { name: name.into(), label: String::new(), kind, required: false }
    }

    #[test]
    fn answers_get_the_type_that_is_asked_for_and_blanks_are_none() {
        let asked = [
            spec("gpus", AttributeKind::Integer),
            spec("hours", AttributeKind::Number),
            spec("extra", AttributeKind::Boolean),
            spec("data", AttributeKind::Choice { choices: vec!["own".into()] }),
            spec("note", AttributeKind::Text),
        ];
        let mut described = Described::default();
        let text = r#"[{"name": "gpus", "type": "text", "value": "8"}, {"name": "hours", "value": "1.5"},
            {"name": "extra", "value": true}, {"name": "data", "value": "own", "options": ["own"]},
            {"name": "note", "value": ""}, {"name": "other", "values": []}]"#;
        described.take("submission_metadata", text).unwrap();
        let answers = described.attributes(&asked);
        assert_eq!(Value::Object(answers), json!({"gpus": 8, "hours": 1.5, "extra": true, "data": "own"}));
        assert!(described.take("submission_metadata", "{").is_err());
        assert!(described.take("submission_metadata", "null").is_ok());
    }

    #[test]
    fn a_submission_is_private_only_where_that_is_said() {
        for (text, visibility) in
            [("false", Visibility::Private), ("False", Visibility::Private), ("true", Visibility::Public)]
        {
            let mut described = Described::default();
            assert_eq!(described.visibility(), Visibility::Public);
            described.take("is_public", text).unwrap();
            assert_eq!(described.visibility(), visibility, "{text}");
        }
    }

    #[test]
    fn every_state_has_a_word() {
        let words = SubmissionState::ALL.map(|state| status_of(state, true));
        assert_eq!(
            words,
            ["submitting", "submitted", "running", "finished", "failed", "failed", "cancelled"]
        );
        assert_eq!(status_of(SubmissionState::Cancelled, false), "failed");
    }
}
