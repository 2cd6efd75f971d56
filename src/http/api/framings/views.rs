//! Framings and decisions as they are shown, and the shapes that requests and answers share.

use std::collections::BTreeSet;

use app::framing::FramingDetail;
use app::framing::records::{Decision, Framing, FramingFile};
use domain::framing::{FramingDraft, Party};
use domain::{Digest, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// One version of how a phase frames what it counts.
#[derive(Serialize, ToSchema)]
pub(crate) struct FramingView {
    /// Its id; evaluations carry it.
    id: Uuid,
    /// 1, 2, 3 and so on; the highest of a phase is in force.
    version: i32,
    /// The slug of the challenge.
    challenge: String,
    /// The codename of the phase.
    phase: String,
    /// What is said, as it was sent.
    #[schema(value_type = FramingShape)]
    said: FramingDraft,
    /// What it was measured with when it was decided.
    measured: MeasuredView,
    /// Who decided it, and why.
    decision: DecisionView,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// What a framing was measured with.
#[derive(Serialize, ToSchema)]
pub(crate) struct MeasuredView {
    /// The id of the evaluator.
    evaluator: String,
    /// `strict` or `reference`.
    mode: &'static str,
    /// Its parameters, tolerances among them.
    #[schema(value_type = Object)]
    params: Map<String, Value>,
    /// The metric that ranks; null for the evaluator's first.
    metric: Option<String>,
    /// One name for the content of the annotations in force then; null before the first upload.
    #[schema(value_type = Option<String>)]
    annotations_digest: Option<Digest>,
}

/// A decision.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionView {
    /// Its id.
    id: Uuid,
    /// What kind it is (`decision.kind`).
    #[schema(example = "task_create")]
    kind: String,
    /// What it was decided about.
    subject: String,
    /// What the decider is in the chain (`decider_role`).
    decider_role: String,
    /// On what ground they may (`authority_basis`).
    authority_basis: String,
    /// Why (`rationale`).
    rationale_code: String,
    /// Why, in words.
    rationale: String,
    /// What else could have been decided.
    alternatives: Vec<String>,
    /// Who else had a part in it, or none: `{"role", "involvement"}`.
    #[schema(value_type = Vec<Object>)]
    parties: Vec<Party>,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// When it was put on record.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// A framing as a file has it; nothing of it is on record.
#[derive(Serialize, ToSchema)]
pub(crate) struct FramingFileView {
    /// What the evaluator says about itself, and over it what the file says: correct it and send it with the phase.
    #[schema(value_type = FramingShape)]
    framing: FramingDraft,
    /// The fields that the file tells, such as `unit` and `decision.rationale`.
    said: BTreeSet<&'static str>,
}

impl From<FramingFile> for FramingFileView {
    fn from(file: FramingFile) -> Self {
        Self { framing: file.framing, said: file.said }
    }
}

/// A framing in a few words.
#[derive(Serialize, ToSchema)]
pub(crate) struct FramingReference {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its version.
    pub(crate) version: i32,
}

/// What differs between two framings.
#[derive(Serialize, ToSchema)]
pub(crate) struct DifferenceView {
    /// The one.
    from: Uuid,
    /// The other.
    to: Uuid,
    /// The fields that differ.
    fields: Vec<FieldDifference>,
}

/// A field that differs.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldDifference {
    /// Its name.
    #[schema(example = "perspective")]
    field: String,
    /// What the one says.
    #[schema(value_type = Object)]
    from: Value,
    /// What the other says.
    #[schema(value_type = Object)]
    to: Value,
}

/// How a phase frames what it counts. Codes are of the vocabulary that each field names, or `not_disclosed`.
#[derive(ToSchema)]
#[schema(as = FramingSaid)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the domain")]
pub(crate) struct FramingShape {
    /// What is scored (`framing.unit`): `point`, `segment`, `track`, `frame_pair`, `clip`, `sequence`, `utterance`,
    /// `trajectory` or `pose`.
    pub unit: String,
    /// What makes one instance, in words.
    pub instance_rule: Option<String>,
    /// Where labels come from (`framing.label_source`): `closed_list`, `template`, `free_text`, `free_text_then_binned`,
    /// `sensor` or `model_prelabel`.
    pub label_source: String,
    /// How many labels there are, if the list is closed.
    pub label_count: Option<u32>,
    /// Whose reading a label is (`perspective`): `third_party_annotator`, `camera_wearer`, `observed_other`,
    /// `expert_commentator`, `organizer` or `model`.
    pub perspective: String,
    /// Whether intentions are recorded: `yes`, `no` or `not_disclosed`.
    pub intent_recorded: Option<String>,
    /// Whether feelings are.
    pub affect_recorded: Option<String>,
    /// Whether speech is.
    pub speech_recorded: Option<String>,
    /// `past`, `present` or `future`.
    pub temporal_direction: Option<String>,
    /// Whether what has no label counts as absent: `yes`, `no` or `not_disclosed`.
    pub closed_world: Option<String>,
    /// What counts as a negative (`framing.negative_rule`).
    pub negative_rule: Option<String>,
    /// What becomes of items that people read differently (`framing.ambiguity_policy`).
    pub ambiguity_policy: Option<String>,
    /// For whom the task imagines to be, in words.
    pub imagined_user: Option<String>,
    /// What for (`imagined_application`).
    pub imagined_application: Option<String>,
    /// What the task is to achieve, in words.
    pub stated_goal: String,
    /// Where that is said.
    pub goal_source: Option<String>,
    /// What cannot be scored (`framing.unscoreable`).
    pub unscoreable: Option<Vec<String>>,
    /// Who decided: `{"decider_role", "authority_basis", "rationale_code", "rationale", "alternatives",
    /// "parties": [{"role", "involvement"}], "decided_at"}`; the organizer, now, without a reason, when left out.
    #[schema(value_type = Option<Object>)]
    pub decision: Option<Value>,
}

impl FramingReference {
    /// The reference to a framing.
    pub(crate) fn to(framing: &Framing) -> Self {
        Self { id: framing.id.0, version: framing.version }
    }
}

impl From<FramingDetail> for FramingView {
    fn from(detail: FramingDetail) -> Self {
        let FramingDetail { full, challenge, phase } = detail;
        let framing = full.framing;
        let parties = full.draft.decision.parties.iter().cloned().collect();
        Self {
            id: framing.id.0,
            version: framing.version,
            challenge: challenge.into(),
            phase: phase.into(),
            said: full.draft,
            measured: MeasuredView {
                evaluator: framing.evaluator,
                mode: framing.mode.as_str(),
                params: framing.params.0,
                metric: framing.metric,
                annotations_digest: framing.annotations_digest,
            },
            decision: DecisionView::new(full.decision, parties),
            created_at: framing.created_at,
        }
    }
}

impl DecisionView {
    /// A decision with its parties.
    pub(crate) fn new(decision: Decision, parties: Vec<Party>) -> Self {
        Self {
            id: decision.id.0,
            kind: decision.kind,
            subject: decision.subject,
            decider_role: decision.decider_role,
            authority_basis: decision.authority_basis,
            rationale_code: decision.rationale_code,
            rationale: decision.rationale,
            alternatives: decision.alternatives.0,
            parties,
            decided_at: decision.decided_at,
            recorded_at: decision.recorded_at,
        }
    }
}

impl DifferenceView {
    /// The fields in which two framings differ.
    pub(crate) fn new(from: Uuid, to: Uuid, fields: Vec<(String, Value, Value)>) -> Self {
        let fields =
            fields.into_iter().map(|(field, from, to)| FieldDifference { field, from, to }).collect();
        Self { from, to, fields }
    }
}
