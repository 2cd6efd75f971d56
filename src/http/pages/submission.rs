//! One submission: where it stands, its scores or what is wrong with its file.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use app::submissions::cancel::cancel_submission;
use app::submissions::choose::choose_submission;
use app::submissions::rerun::rerun_submission;
use app::submissions::withdraw::withdraw_submission;
use app::submissions::{Elsewhere, SubmissionDetail, read_submission};
use app::{App, Code, Failure, Outcome};
use askama::Template;
use domain::SubmissionId;
use domain::phase::FinalChoice;
use domain::split::Visibility;
use domain::submission::SubmissionState;
use serde::Deserialize;
use serde_json::Value;

use super::addresses::{self, WebLink};
use super::assets;
use super::chrome::{Chrome, Identity, page, refused_page};
use super::form::{Entered, Form};
use super::format::{self, Heading, Moment};
use super::markdown::Prose;
use super::place::{Place, QuotaLeft, quota_left};
use super::redirect::{Done, see_other_done};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/submissions/{id}", web::get().to(show_submission))
        .route("/submissions/{id}/cancel", web::post().to(cancel))
        .route("/submissions/{id}/withdraw", web::post().to(withdraw))
        .route("/submissions/{id}/choose", web::post().to(choose))
        .route("/submissions/{id}/rerun", web::post().to(rerun));
}

#[derive(Template)]
#[template(path = "submission.html")]
struct SubmissionPage<'a> {
    chrome: Chrome,
    script: &'static str,
    detail: &'a SubmissionDetail,
    place: &'a Place,
    form: Form,
    state: &'static str,
    is_final: bool,
    saying: &'static str,
    failure: Option<&'static str>,
    faults: Vec<FaultView>,
    evaluated_with: String,
    /// What is not shown of the scores, where anything is withheld.
    notice: Option<String>,
    splits: Vec<SplitView>,
    metrics: Vec<MetricRow>,
    description: Prose,
    links: Vec<WebLink>,
    answers: Vec<Answer>,
    size: String,
    received: Option<Moment>,
    finished: Option<Moment>,
    quota: Vec<QuotaLeft>,
    is_public: bool,
    may_cancel: bool,
    may_withdraw: bool,
    may_choose: bool,
    may_rerun: bool,
}

struct SplitView {
    codename: String,
    is_private: bool,
}

struct MetricRow {
    heading: Heading,
    cells: Vec<Cell>,
}

struct Cell {
    text: String,
    reason: String,
}

struct Answer {
    label: String,
    text: String,
}

/// A fault of a file, as evaluators write it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FaultView {
    #[serde(skip)]
    place: String,
    file: Option<String>,
    pointer: Option<String>,
    line: Option<u64>,
    message: String,
    expected: String,
    found: String,
    #[serde(deserialize_with = "or_empty")]
    hint: String,
}

async fn show_submission(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<SubmissionId>,
) -> Result<HttpResponse, Problem> {
    match read(&app, &viewer, *id).await {
        Ok((detail, place)) => show(&app, viewer, &detail, &place, None).await,
        // Without an account the page of a submission looks like one that does not exist; with one it may be there.
        Err(failure) if failure.code == Code::NotFound && !viewer.is_signed_in() => Ok(viewer.to_sign_in()),
        Err(failure) => Err(failure.into()),
    }
}

async fn cancel(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<SubmissionId>,
) -> Result<HttpResponse, Problem> {
    let outcome = cancel_submission(&app, &viewer.actor, *id).await;
    answer(&app, viewer, *id, outcome, Done::Cancelled, Entered::new()).await
}

async fn withdraw(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<SubmissionId>,
    entered: web::Form<Entered>,
) -> Result<HttpResponse, Problem> {
    let entered = entered.into_inner();
    let reason = entered.get("reason").map_or("", String::as_str);
    let outcome = withdraw_submission(&app, &viewer.actor, *id, reason).await;
    answer(&app, viewer, *id, outcome, Done::Withdrawn, entered).await
}

async fn choose(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<SubmissionId>,
) -> Result<HttpResponse, Problem> {
    let outcome = choose_submission(&app, &viewer.actor, *id).await;
    answer(&app, viewer, *id, outcome, Done::Chosen, Entered::new()).await
}

async fn rerun(
    app: web::Data<App>,
    viewer: Viewer,
    id: web::Path<SubmissionId>,
) -> Result<HttpResponse, Problem> {
    let outcome = rerun_submission(&app, &viewer.actor, *id).await;
    answer(&app, viewer, *id, outcome, Done::Rerun, Entered::new()).await
}

/// Back to the submission: with a notice, or with the reason why nothing was done.
async fn answer(
    app: &App,
    viewer: Viewer,
    id: SubmissionId,
    outcome: Outcome<()>,
    done: Done,
    entered: Entered,
) -> Result<HttpResponse, Problem> {
    let failure = match outcome {
        Ok(()) => return Ok(see_other_done(&format!("/submissions/{id}"), done)),
        Err(failure) if failure.code.status() >= 500 || failure.code == Code::NotFound => {
            return Err(failure.into());
        }
        Err(failure) => failure,
    };
    let (detail, place) = read(app, &viewer, id).await?;
    show(app, viewer, &detail, &place, Some((failure, entered))).await
}

async fn read(app: &App, viewer: &Viewer, id: SubmissionId) -> Outcome<(SubmissionDetail, Place)> {
    let detail = read_submission(app, &viewer.actor, id).await?;
    let (challenge, phase) = (detail.challenge.to_string(), detail.submission.phase_id.to_string());
    let place = Place::read(app, &viewer.actor, &challenge, &phase).await?;
    Ok((detail, place))
}

async fn show(
    app: &App,
    viewer: Viewer,
    detail: &SubmissionDetail,
    place: &Place,
    refusal: Option<(Failure, Entered)>,
) -> Result<HttpResponse, Problem> {
    let submission = &detail.submission;
    let is_member = place.is_own(submission.team_id);
    let quota = if is_member { quota_left(app, &viewer.actor, place).await? } else { Vec::new() };
    let evaluation = detail.evaluation.as_ref();
    let mut form = Form::default();
    if let Some((failure, entered)) = &refusal {
        form = Form::refused(entered.clone(), failure, &["reason"]);
    }
    let state = submission.state;
    let is_scored = state == SubmissionState::Scored && submission.withdrawn_at.is_none();
    let template = SubmissionPage {
        chrome: viewer.chrome,
        script: assets::script(),
        form,
        state: state.as_str(),
        is_final: state.is_final(),
        saying: saying(state, detail.elsewhere),
        failure: (state == SubmissionState::Failed).then(|| reason(submission.failure.as_deref())),
        faults: submission.faults.as_ref().map_or_else(Vec::new, |faults| read_faults(&faults.0)),
        evaluated_with: evaluation.map_or_else(String::new, |evaluated| {
            format!(
                "{} v{}, {} mode, annotations version {}, framing {}, {} items",
                evaluated.evaluation.evaluator,
                evaluated.evaluation.evaluator_version,
                evaluated.evaluation.mode.as_str(),
                evaluated.annotations_version,
                evaluated.framing.as_ref().map_or_else(
                    || "not recorded".to_owned(),
                    |framing| format!("version {}", framing.version)
                ),
                evaluated.evaluation.item_count
            )
        }),
        notice: evaluation.and_then(|evaluated| format::release_notice(app, evaluated.shown)),
        splits: evaluation.map_or_else(Vec::new, |evaluated| {
            let view = |codename: String, visibility| SplitView {
                codename,
                is_private: visibility == Visibility::Private,
            };
            evaluated
                .splits
                .iter()
                .map(|(split, _)| view(split.codename.to_string(), split.visibility))
                .collect()
        }),
        metrics: metric_rows(detail, place.phase.phase.ranking.0.primary.as_deref()),
        description: Prose::render(&submission.method.0.description),
        links: addresses::links_of(&submission.method.0),
        answers: answers(place, &submission.attributes.0),
        size: format::size(u64::try_from(submission.size_bytes).unwrap_or(0)),
        received: submission.received_at.map(|at| Moment::new(app, at)),
        finished: submission.finished_at.map(|at| Moment::new(app, at)),
        quota,
        is_public: submission.visibility == Visibility::Public,
        may_cancel: is_member && !state.is_final(),
        may_withdraw: is_member && state.is_final() && submission.withdrawn_at.is_none(),
        may_choose: is_member
            && is_scored
            && place.is_open()
            && place.phase.phase.final_choice == FinalChoice::Chosen
            && submission.chosen_at.is_none(),
        may_rerun: place.manages && state.may_rerun(),
        detail,
        place,
    };
    match &refusal {
        Some((failure, _)) => refused_page(failure, &template),
        None => page(&template),
    }
}

fn saying(state: SubmissionState, elsewhere: Option<Elsewhere>) -> &'static str {
    match (elsewhere, state) {
        (Some(Elsewhere::Waiting(_)), SubmissionState::Queued | SubmissionState::Running) => {
            return "It waits for a machine of the organizers. If none takes it within a week, the evaluation fails and \
                    costs nothing of the quota.";
        }
        (Some(_), SubmissionState::Queued | SubmissionState::Running) => {
            return "A machine of the organizers has taken it. If it does not report in time, another attempt is made.";
        }
        _ => {}
    }
    match state {
        SubmissionState::Uploading => "Its bytes are still arriving.",
        SubmissionState::Queued => "It is accepted and waits for a worker.",
        SubmissionState::Running => "A worker is at it.",
        SubmissionState::Scored => "It has its scores.",
        SubmissionState::Invalid => {
            "The file cannot be scored as it is. It does not count against the quota."
        }
        SubmissionState::Failed => "The evaluation went wrong.",
        SubmissionState::Cancelled => "The team took it back before it was scored.",
    }
}

/// What a failed evaluation means to the team that waits for it.
fn reason(code: Option<&str>) -> &'static str {
    match code {
        Some("time_limit") => {
            "The evaluation took longer than this phase allows. The organizers see this and can run it again."
        }
        Some("memory_limit") => {
            "The evaluation needed more memory than this phase allows. The organizers see this and can run it again."
        }
        Some("remote_unclaimed") => {
            "No machine of the organizers took it within a week. It does not count against the quota, and the \
             organizers can run it again."
        }
        Some("remote_failed") => {
            "The organizers' machine says that its program failed. They see why and can run it again."
        }
        _ => "This is not the fault of the file. The organizers see it and can run the evaluation again.",
    }
}

/// Faults as they are stored: a list, or the report that holds it.
fn read_faults(stored: &Value) -> Vec<FaultView> {
    let list = stored.get("faults").unwrap_or(stored).as_array().map_or(&[][..], Vec::as_slice);
    list.iter()
        .filter_map(|fault| FaultView::deserialize(fault).ok())
        .map(|fault| FaultView { place: place_of(&fault), ..fault })
        .collect()
}

fn place_of(fault: &FaultView) -> String {
    let place = match (fault.line, fault.pointer.as_deref()) {
        (Some(line), _) => format!("line {line}"),
        (None, Some("")) => "at the top level".to_owned(),
        (None, Some(pointer)) => format!("at {pointer}"),
        (None, None) => "the file as a whole".to_owned(),
    };
    match &fault.file {
        Some(file) => format!("{file}, {place}"),
        None => place,
    }
}

fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

/// One row per metric, the ranking one first, with a cell per visible split.
fn metric_rows(detail: &SubmissionDetail, primary: Option<&str>) -> Vec<MetricRow> {
    let Some(evaluated) = &detail.evaluation else { return Vec::new() };
    let by_split: Vec<HashMap<&str, _>> = evaluated
        .splits
        .iter()
        .map(|(_, scores)| scores.iter().map(|score| (score.metric.as_str(), score)).collect())
        .collect();
    let mut metrics: Vec<_> = evaluated.metrics.iter().collect();
    metrics.sort_by_key(|metric| Some(metric.name.as_str()) != primary);
    metrics
        .into_iter()
        .map(|metric| MetricRow {
            heading: Heading::from(metric),
            cells: by_split
                .iter()
                .map(|scores| {
                    let found = scores.get(metric.name.as_str());
                    Cell {
                        text: format::score(found.and_then(|score| score.value), metric.decimals),
                        reason: found.and_then(|score| score.undefined.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
        })
        .collect()
}

/// The team's answers, under the organizers' questions.
fn answers(place: &Place, given: &serde_json::Map<String, Value>) -> Vec<Answer> {
    let asked = &place.phase.phase.attributes.0;
    asked
        .iter()
        .filter_map(|spec| {
            let text = match given.get(&spec.name)? {
                Value::String(text) => text.clone(),
                Value::Bool(answer) => if *answer { "yes" } else { "no" }.to_owned(),
                other => other.to_string(),
            };
            let label = if spec.label.is_empty() { &spec.name } else { &spec.label };
            Some(Answer { label: label.clone(), text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_are_read_from_both_forms() {
        let fault = json!({
            "code": "not_finite", "pointer": "/results/0/score", "message": "not a number",
            "expected": "a finite number", "found": "NaN", "hint": null,
        });
        for stored in [json!([fault]), json!({"fault_count": 1, "faults": [fault]})] {
            let faults = read_faults(&stored);
            assert_eq!(faults[0].place, "at /results/0/score");
            assert_eq!((faults[0].found.as_str(), faults[0].hint.as_str()), ("NaN", ""));
        }
        let line =
            read_faults(&json!([{"line": 3, "file": "items", "message": "x", "expected": "", "found": ""}]));
        assert_eq!(line[0].place, "items, line 3");
        assert!(read_faults(&json!("rubbish")).is_empty());
    }
}
