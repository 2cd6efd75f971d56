//! What a team declares about a submission, and what organizers remark about it.

use actix_web::{HttpResponse, get, post, put, web};
use app::App;
use app::idempotency::Created;
use app::submissions::declare::{declare_submission, read_declaration};
use app::submissions::remarks::{NewRemark, Remark, make_remark, read_remarks};
use app::{Failure, FieldError};
use domain::declaration::{DataSource, Declaration, Supervision};
use domain::{RemarkId, SubmissionId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::{IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// How a submission came to be.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationBody {
    /// What it saw of labels of the task: `zero_shot`, `unsupervised`, `weak` or `full`.
    #[schema(value_type = String, example = "full")]
    supervision: Supervision,
    /// What it was pretrained on: `none`, `public` or `private` data.
    #[schema(value_type = String, example = "public")]
    pretraining: DataSource,
    /// What data it used beside that of the task: `none`, `public` or `private`.
    #[schema(value_type = String, example = "none")]
    extra_data: DataSource,
    /// Whether it puts several models together.
    ensemble: bool,
    /// Whether people took part in its predictions.
    human_in_the_loop: bool,
}

impl From<Declaration> for DeclarationBody {
    fn from(declared: Declaration) -> Self {
        let Declaration { supervision, pretraining, extra_data, ensemble, human_in_the_loop } = declared;
        Self { supervision, pretraining, extra_data, ensemble, human_in_the_loop }
    }
}

impl From<DeclarationBody> for Declaration {
    fn from(body: DeclarationBody) -> Self {
        let DeclarationBody { supervision, pretraining, extra_data, ensemble, human_in_the_loop } = body;
        Self { supervision, pretraining, extra_data, ensemble, human_in_the_loop }
    }
}

/// What is declared about a submission.
#[derive(Serialize, ToSchema)]
struct Declared {
    /// The declaration; null where the team has made none.
    declaration: Option<DeclarationBody>,
}

/// Show what the team has declared about a submission.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The declaration.", body = Declared),
        (status = 404, description = "There is no such submission, or it is another team's."),
))]
#[get("/submissions/{id}/declaration")]
pub(super) async fn show_declaration(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = read_declaration(&app, &actor, SubmissionId(*id)).await?;
    Ok(HttpResponse::Ok().json(Declared { declaration: found.map(DeclarationBody::from) }))
}

/// Declare how a submission came to be, or correct that while the phase is open.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The declaration.", body = Declared),
        (status = 403, description = "This is for members of the team."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "The phase is closed."),
        (status = 422, description = "A class does not exist."),
))]
#[put("/submissions/{id}/declaration")]
pub(super) async fn declare(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    Json(body): Json<DeclarationBody>,
) -> Result<HttpResponse, Problem> {
    let declared = declare_submission(&app, &actor, SubmissionId(*id), body.into()).await?;
    Ok(HttpResponse::Ok().json(Declared { declaration: Some(declared.into()) }))
}

/// Something that organizers remarked.
#[derive(Serialize, ToSchema)]
struct RemarkView {
    /// Its id.
    id: Uuid,
    /// `note`, `note_withdrawn`, `verified` or `unverified`.
    kind: String,
    /// The note that is taken back.
    withdraws: Option<Uuid>,
    /// What is said.
    text: String,
    /// By whom.
    made_by: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
}

impl From<Remark> for RemarkView {
    fn from(remark: Remark) -> Self {
        Self {
            id: remark.id.0,
            kind: remark.kind,
            withdraws: remark.withdraws.map(|id| id.0),
            text: remark.body,
            made_by: remark.made_by.0,
            made_at: remark.made_at,
        }
    }
}

/// Something to remark.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RemarkBody {
    /// `note` for everybody who reads the board, `note_withdrawn`, `verified` or `unverified`.
    #[schema(example = "note")]
    kind: String,
    /// What is said, or why: 1 to 4000 bytes.
    text: String,
    /// The note that is taken back, for `note_withdrawn`.
    withdraws: Option<Uuid>,
}

/// List what organizers remarked about a submission, oldest first: nothing is ever changed or removed.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 200, description = "The remarks.", body = Page<RemarkView>),
        (status = 404, description = "There is no such submission, or it is another team's."),
))]
#[get("/submissions/{id}/remarks")]
pub(super) async fn list_remarks(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let made = read_remarks(&app, &actor, SubmissionId(*id)).await?;
    Ok(HttpResponse::Ok().json(Page::whole(made.into_iter().map(RemarkView::from).collect())))
}

/// Remark something about a submission: a note on its row of the board, or that it is verified.
#[utoipa::path(tag = "submissions", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The submission.")),
    responses(
        (status = 201, description = "All remarks about it.", body = Page<RemarkView>),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Page<RemarkView>),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such submission, or it is another team's."),
        (status = 409, description = "It is so already, or there is no such note."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/submissions/{id}/remarks")]
pub(super) async fn create_remark(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    key: IdempotencyHeader,
    Json(body): Json<RemarkBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body)?;
    let what = match (body.kind.as_str(), body.withdraws) {
        ("note", None) => NewRemark::Note,
        ("note_withdrawn", Some(note)) => NewRemark::WithdrawNote(RemarkId(note)),
        ("verified", None) => NewRemark::Verified,
        ("unverified", None) => NewRemark::Unverified,
        _ => {
            let rule = "must be note, verified or unverified, or note_withdrawn together with withdraws";
            return Err(Failure::invalid_fields(vec![FieldError::new("kind", rule)]).into());
        }
    };
    let view = |made: Vec<Remark>| Page::whole(made.into_iter().map(RemarkView::from).collect());
    Ok(match make_remark(&app, &actor, SubmissionId(*id), what, &body.text, key).await? {
        Created::New(made) => HttpResponse::Created().json(view(made)),
        Created::Replayed(made) => HttpResponse::Ok().json(view(made)),
    })
}
