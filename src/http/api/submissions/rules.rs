//! What a phase asks of submissions beyond what its evaluator reads.

use actix_web::{HttpResponse, get, put, web};
use app::App;
use app::submissions::rules::{read_rules, set_rules};
use domain::Timestamp;
use domain::submission_rules::SubmissionRules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{Anyone, Json, SignedIn};
use crate::problem::Problem;

/// What a phase asks of submissions; what is left out asks nothing.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmissionRulesBody {
    /// The endings of file names that are taken, in lower case without the first dot; empty for all.
    #[serde(default)]
    #[schema(example = json!(["csv", "tar.gz"]))]
    file_types: Vec<String>,
    /// Until then nobody but the organizers learns whose an entry is, except of their own; null for no such time.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    anonymous_until: Option<Timestamp>,
}

impl From<SubmissionRules> for SubmissionRulesBody {
    fn from(rules: SubmissionRules) -> Self {
        Self { file_types: rules.file_types, anonymous_until: rules.anonymous_until }
    }
}

/// Show what a phase asks of submissions.
#[utoipa::path(tag = "phases", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 200, description = "The rules.", body = SubmissionRulesBody),
        (status = 404, description = "There is no such phase, or one does not see it."),
))]
#[get("/challenges/{challenge}/phases/{phase}/submission-rules")]
pub(super) async fn show_submission_rules(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let rules = read_rules(&app, &actor, &path.0, &path.1).await?;
    Ok(HttpResponse::Ok().json(SubmissionRulesBody::from(rules)))
}

/// Replace what a phase asks of submissions; for organizers. Entries are unblinded by an earlier date, or by null.
#[utoipa::path(tag = "phases", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
    ),
    responses(
        (status = 200, description = "The rules.", body = SubmissionRulesBody),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such phase."),
        (status = 409, description = "Entries have been shown with their names already, so they cannot become anonymous."),
        (status = 422, description = "An ending breaks a rule."),
))]
#[put("/challenges/{challenge}/phases/{phase}/submission-rules")]
pub(super) async fn replace_submission_rules(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    Json(body): Json<SubmissionRulesBody>,
) -> Result<HttpResponse, Problem> {
    let rules = SubmissionRules { file_types: body.file_types, anonymous_until: body.anonymous_until };
    let set = set_rules(&app, &actor, &path.0, &path.1, rules).await?;
    Ok(HttpResponse::Ok().json(SubmissionRulesBody::from(set)))
}
