//! Submissions as they are shown.

use app::submissions::SubmissionDetail;
use app::submissions::quota::QuotaUse;
use app::submissions::read::EvaluationDetail;
use domain::Timestamp;
use domain::metric::MetricSpec;
use domain::submission::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::framings::views::FramingReference;
use crate::api::releases::ReleaseView;

/// A submission.
#[derive(Serialize, ToSchema)]
pub struct SubmissionView {
    /// Its id.
    id: Uuid,
    /// The challenge.
    challenge_id: Uuid,
    /// The phase.
    phase_id: Uuid,
    /// The team that it counts for.
    team: TeamName,
    /// Who sent it.
    submitted_by: Uuid,
    /// `uploading`, `queued`, `running`, `scored`, `invalid`, `failed` or `cancelled`.
    #[schema(example = "scored")]
    state: &'static str,
    /// What the file was called.
    file_name: String,
    /// How many bytes it has.
    size_bytes: i64,
    /// The SHA-256 digest of its bytes; null while they arrive.
    digest: Option<String>,
    /// What the team says about the method.
    method: MethodBody,
    /// The team's answers to the organizers' questions.
    #[schema(value_type = Object)]
    attributes: Map<String, Value>,
    /// `public` when it may stand on the leaderboard, else `private`.
    #[schema(example = "public")]
    visibility: &'static str,
    /// Whether it is shown as a baseline.
    is_baseline: bool,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its last byte was here.
    #[schema(value_type = Option<String>, format = DateTime)]
    received_at: Option<Timestamp>,
    /// When it reached its final state.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Whether the team chose it as its final one.
    chosen: bool,
    /// When and why the team withdrew it, if it did.
    withdrawn: Option<Withdrawal>,
    /// How many others wait in front of it, while it waits; 100 for more.
    queue_position: Option<i64>,
    /// In how many seconds its evaluation may end, as the last ones went, while it waits; null where nobody can say.
    expected_wait_seconds: Option<u64>,
    /// What it waits for beyond its turn: `environment` while that of the phase's program is built; else null.
    #[schema(example = json!(null))]
    waits_for: Option<&'static str>,
    /// Why the evaluation failed, if it did.
    #[schema(example = json!(null))]
    failure: Option<String>,
    /// How many faults the file has.
    fault_count: i32,
    /// The first of them: at most 50.
    #[schema(value_type = Vec<Object>)]
    faults: Value,
    /// What was measured; null until it is scored.
    evaluation: Option<EvaluationView>,
}

/// A team in a few words.
#[derive(Serialize, ToSchema)]
pub struct TeamName {
    /// Its id.
    pub id: Uuid,
    /// Its present name.
    pub name: String,
}

/// When and why a submission was withdrawn.
#[derive(Serialize, ToSchema)]
pub struct Withdrawal {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Why.
    reason: String,
}

/// The method behind a submission.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MethodBody {
    /// What it is called.
    name: String,
    /// What it does.
    description: String,
    /// Where the project is described; empty for nowhere.
    project_url: String,
    /// Where the paper is.
    paper_url: String,
    /// Where the code is.
    code_url: String,
}

/// One evaluation of a submission.
#[derive(Serialize, ToSchema)]
pub struct EvaluationView {
    /// Its id.
    id: Uuid,
    /// The evaluator.
    evaluator: String,
    /// Its version.
    version: String,
    /// `strict` or `reference`.
    mode: &'static str,
    /// The version of the annotations.
    annotations_version: i32,
    /// How the phase framed what it counts when this was evaluated; null where it had opened before framings were kept.
    framing: Option<FramingReference>,
    /// How many items were scored.
    items: i32,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    finished_at: Timestamp,
    /// What its reader is shown of the scores.
    release: ReleaseView,
    /// The scores that are shown, split by split; private splits are shown to organizers, and to all once the result is published.
    splits: Vec<SplitScores>,
}

/// The scores on one split.
#[derive(Serialize, ToSchema)]
pub struct SplitScores {
    /// The split.
    codename: String,
    /// `public` or `private`.
    visibility: &'static str,
    /// The metrics, the evaluator's first one first.
    metrics: Vec<MetricValue>,
}

/// The value of one metric.
#[derive(Serialize, ToSchema)]
pub struct MetricValue {
    /// The metric.
    name: String,
    /// Its heading.
    label: String,
    /// What it counts in; empty for a fraction or a bare number.
    unit: String,
    /// `higher` or `lower`: which is better.
    direction: &'static str,
    /// Its value; null where it is not defined.
    value: Option<f64>,
    /// Why it is not defined.
    undefined: Option<String>,
}

/// A window of the quota, with what is used of it.
#[derive(Serialize, ToSchema)]
pub struct QuotaView {
    /// `day`, `week`, `month`, `total` or `concurrent`.
    #[schema(example = "day")]
    window: String,
    /// How many submissions it takes.
    limit: u32,
    /// How many are used.
    used: u32,
    /// When it begins anew, where time alone does that.
    #[schema(value_type = Option<String>, format = DateTime)]
    renews_at: Option<Timestamp>,
}

/// `higher` or `lower`: which is better.
pub fn direction(metric: &MetricSpec) -> &'static str {
    if metric.higher_is_better { "higher" } else { "lower" }
}

impl From<SubmissionDetail> for SubmissionView {
    fn from(detail: SubmissionDetail) -> Self {
        let submission = detail.submission;
        let withdrawal = submission.withdrawn_at.zip(submission.withdrawal_reason);
        Self {
            id: submission.id.0,
            challenge_id: detail.challenge.0,
            phase_id: submission.phase_id.0,
            team: TeamName { id: detail.team.id.0, name: detail.team.name.to_string() },
            submitted_by: submission.submitted_by.0,
            state: submission.state.as_str(),
            file_name: submission.file_name,
            size_bytes: submission.size_bytes,
            digest: submission.artifact.map(|digest| digest.to_string()),
            method: submission.method.0.into(),
            attributes: submission.attributes.0,
            visibility: submission.visibility.as_str(),
            is_baseline: submission.is_baseline,
            created_at: submission.created_at,
            received_at: submission.received_at,
            finished_at: submission.finished_at,
            chosen: submission.chosen_at.is_some(),
            withdrawn: withdrawal.map(|(at, reason)| Withdrawal { at, reason }),
            queue_position: detail.queue_position,
            expected_wait_seconds: detail.expected_wait,
            waits_for: detail.waits_for_environment.then_some("environment"),
            failure: submission.failure,
            fault_count: submission.fault_count,
            faults: submission.faults.map_or_else(|| Value::Array(Vec::new()), |faults| faults.0),
            evaluation: detail.evaluation.map(EvaluationView::from),
        }
    }
}

impl From<EvaluationDetail> for EvaluationView {
    fn from(detail: EvaluationDetail) -> Self {
        let EvaluationDetail { evaluation, annotations_version, framing, metrics, splits, release, shown } =
            detail;
        let splits = splits
            .into_iter()
            .map(|(split, scores)| SplitScores {
                codename: split.codename.to_string(),
                visibility: split.visibility.as_str(),
                metrics: metrics
                    .iter()
                    .filter_map(|metric| {
                        let score = scores.iter().find(|score| score.metric == metric.name)?;
                        Some(MetricValue {
                            name: metric.name.clone(),
                            label: metric.label.clone(),
                            unit: metric.unit.clone(),
                            direction: direction(metric),
                            value: score.value,
                            undefined: score.undefined.clone(),
                        })
                    })
                    .collect(),
            })
            .collect();
        Self {
            id: evaluation.id.0,
            evaluator: evaluation.evaluator,
            version: evaluation.evaluator_version,
            mode: evaluation.mode.as_str(),
            annotations_version,
            framing: framing.as_ref().map(FramingReference::to),
            items: evaluation.item_count,
            finished_at: evaluation.finished_at,
            release: ReleaseView::new(release, shown),
            splits,
        }
    }
}

impl From<QuotaUse> for QuotaView {
    fn from(found: QuotaUse) -> Self {
        let name = found.window.name;
        Self {
            window: name.split(':').next().unwrap_or_default().to_owned(),
            limit: found.window.limit,
            used: found.used,
            renews_at: found.window.renews_at,
        }
    }
}

impl From<Method> for MethodBody {
    fn from(method: Method) -> Self {
        let Method { name, description, project_url, paper_url, code_url } = method;
        Self { name, description, project_url, paper_url, code_url }
    }
}

impl From<MethodBody> for Method {
    fn from(body: MethodBody) -> Self {
        let MethodBody { name, description, project_url, paper_url, code_url } = body;
        Self { name, description, project_url, paper_url, code_url }
    }
}
