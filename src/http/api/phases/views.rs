//! What the phase routes answer with, and the shapes that requests and answers share.

use app::phases::PhaseDetail;
use domain::Timestamp;
use domain::metric::MetricSpec;
use domain::phase::{AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, WindowState};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::{SplitRule, SplitSpec, Visibility};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::framings::views::FramingReference;

/// A phase.
#[derive(Serialize, ToSchema)]
pub(crate) struct PhaseView {
    /// Its id.
    id: Uuid,
    /// The challenge it belongs to.
    challenge_id: Uuid,
    /// Its short name.
    #[schema(example = "test")]
    codename: String,
    /// Its heading.
    title: String,
    /// What it is for, in Markdown.
    description: String,
    /// The id of the evaluator.
    #[schema(example = "ego4d_nlq")]
    evaluator: String,
    /// The evaluator's parameters, where they are not its defaults.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// Whether the evaluator follows its specification (`strict`) or the public code (`reference`).
    #[schema(value_type = String, example = "strict")]
    mode: EvaluationMode,
    /// When submissions are first taken.
    #[schema(value_type = String, format = DateTime)]
    opens_at: Timestamp,
    /// From when on they are late; null is never.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// `upcoming`, `open` or `closed`.
    #[schema(value_type = String, example = "open")]
    window: WindowState,
    /// How much a team may submit.
    #[schema(value_type = QuotaShape)]
    quota: Quota,
    /// What one submission may use.
    #[schema(value_type = LimitsShape)]
    limits: EvaluationLimits,
    /// How entries are ranked.
    #[schema(value_type = RankingShape)]
    ranking: RankingRule,
    /// Which submission of a team counts: `best`, `latest` or `chosen`.
    #[schema(value_type = String, example = "best")]
    final_choice: FinalChoice,
    /// What teams say about their method beyond the standard fields.
    #[schema(value_type = Vec<AttributeShape>)]
    attributes: Vec<AttributeSpec>,
    /// The sets of items that are scored.
    #[schema(value_type = Vec<SplitShape>)]
    splits: Vec<SplitSpec>,
    /// What is measured, the evaluator's first metric first.
    #[schema(value_type = Vec<MetricShape>)]
    metrics: Vec<MetricSpec>,
    /// Whether participants see the leaderboard.
    leaderboard_public: bool,
    /// The SHA-256 of the secret from which hash splits and the draws of replicates come: told first, so that the secret
    /// cannot be chosen afterwards.
    secret_digest: String,
    /// The version of the annotations in force; null before the first upload.
    annotations_version: Option<i32>,
    /// The framing in force; null where nobody has recorded one, and then no submission is taken.
    framing: Option<FramingReference>,
}

/// How much a team may submit; a limit that is absent or null does not limit.
#[derive(ToSchema)]
#[schema(as = Quota)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct QuotaShape {
    /// Submissions per UTC day.
    pub per_day: Option<u32>,
    /// Submissions per UTC week, which begins on Monday.
    pub per_week: Option<u32>,
    /// Submissions per UTC month.
    pub per_month: Option<u32>,
    /// Submissions in the whole phase.
    pub total: Option<u32>,
    /// Submissions that wait or run at one time.
    pub concurrent: Option<u32>,
}

/// What one submission may use; what is left out has a default.
#[derive(ToSchema)]
#[schema(as = EvaluationLimits)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct LimitsShape {
    /// The largest file, in bytes.
    pub upload_bytes: Option<u64>,
    /// The longest evaluation, in seconds.
    pub seconds: Option<u32>,
    /// The most memory, in MiB.
    pub memory_mib: Option<u32>,
}

/// How entries are ranked.
#[derive(ToSchema)]
#[schema(as = RankingRule)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct RankingShape {
    /// The metric that ranks; null for the evaluator's first.
    pub primary: Option<String>,
    /// Metrics that decide between equals, in order.
    pub tie_breakers: Option<Vec<String>>,
    /// The digits that are shown; null for the metric's own.
    pub decimals: Option<u8>,
    /// Whether equality is judged on the shown digits rather than at full precision.
    pub rank_on_rounded: Option<bool>,
    /// How several metrics become one order: `primary` (the default: they do not), `mean_rank`, `median_rank`, `borda`,
    /// `win_rate`, `weighted_mean` or `performance_profile`.
    pub method: Option<String>,
    /// The metrics that enter such an order; all when left out.
    pub metrics: Option<Vec<String>>,
    /// For `weighted_mean`, in place of `metrics`: `{"metric", "weight", "worst", "best"}` for each.
    #[schema(value_type = Option<Vec<Object>>)]
    pub scales: Option<Value>,
    /// What becomes of an entry that lacks one of them: `unranked` or `worst_rank`.
    pub missing: Option<String>,
    /// What is drawn when uncertainty is estimated: `{"unit", "strata"}`, attributes of the items; the groups that the task
    /// declares, and no strata, when left out.
    #[schema(value_type = Option<Object>)]
    pub resampling: Option<Value>,
    /// How much of a score participants are shown, and when: `{"policy": "exact"}`, `{"policy": "rounded", "decimals"}`,
    /// `{"policy": "ladder", "z"}`, `{"policy": "ladder_fixed", "steps"}`, `{"policy": "delayed", "until"}`,
    /// `{"policy": "periodic", "from", "seconds"}` or `{"policy": "hidden"}`.
    #[schema(value_type = Option<Object>, example = json!({"policy": "ladder", "z": 3.0}))]
    pub release: Option<Value>,
    /// How many final submissions a team may choose, where teams choose: 1 or 2.
    pub final_choices: Option<u8>,
    /// Who is given prizes: `{"places", "rule"}`, the rule being `earliest`, `split`, `jury` or `share_if_indistinguishable`.
    #[schema(value_type = Option<Object>)]
    pub prizes: Option<Value>,
    /// Whether an entry has to be better than every baseline to be given one: `none`, `better` or `significantly_better`.
    pub baseline: Option<String>,
    /// Whether participants may ask for slices and other weights once the phase is closed.
    pub open_slices: Option<bool>,
}

/// Something that organizers ask about every method.
#[derive(ToSchema)]
#[schema(as = Attribute)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct AttributeShape {
    /// Its name: lower-case letters, digits, underscores.
    pub name: String,
    /// The question.
    pub label: Option<String>,
    /// `text`, `integer`, `number`, `boolean` or `choice`.
    pub r#type: String,
    /// The possible answers, where the type is `choice`.
    pub choices: Option<Vec<String>>,
    /// Whether an answer is needed.
    pub required: Option<bool>,
}

/// A set of items with its own visibility.
#[derive(ToSchema)]
#[schema(as = Split)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct SplitShape {
    /// Its short name, unique in the phase.
    pub codename: String,
    /// `public`, or `private` for organizers only.
    pub visibility: String,
    /// Which items belong: `{"by": "all"}`, `{"by": "attribute", "attribute", "values"}`
    /// or `{"by": "hash", "percent", "side": "inside" | "outside"}`.
    #[schema(value_type = Object, example = json!({"by": "hash", "percent": 30, "side": "inside"}))]
    pub rule: Value,
}

/// A metric.
#[derive(ToSchema)]
#[schema(as = Metric)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct MetricShape {
    /// Its name, as scores carry it.
    pub name: String,
    /// Its heading.
    pub label: String,
    /// What its value counts in; empty for a fraction or a bare number.
    pub unit: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// How many digits behind the point are shown.
    pub decimals: u8,
}

impl From<PhaseDetail> for PhaseView {
    fn from(detail: PhaseDetail) -> Self {
        let spec = |(codename, visibility, rule): (_, Visibility, SplitRule)| SplitSpec {
            codename,
            visibility,
            rule,
        };
        let phase = detail.phase;
        let secret_digest = phase.secret_digest().to_string();
        Self {
            id: phase.id.0,
            challenge_id: phase.challenge_id.0,
            quota: phase.quota(),
            limits: phase.limits(),
            codename: phase.codename.into(),
            title: phase.title.into(),
            description: phase.description,
            evaluator: phase.evaluator,
            params: phase.params.0,
            mode: phase.mode,
            opens_at: phase.opens_at,
            closes_at: phase.closes_at,
            window: detail.window,
            ranking: phase.ranking.0,
            final_choice: phase.final_choice,
            attributes: phase.attributes.0,
            splits: detail
                .splits
                .into_iter()
                .map(|split| spec((split.codename, split.visibility, split.rule.0)))
                .collect(),
            metrics: detail.metrics,
            leaderboard_public: phase.leaderboard_public,
            secret_digest,
            annotations_version: detail.annotations_version,
            framing: detail.framing.as_ref().map(FramingReference::to),
        }
    }
}
