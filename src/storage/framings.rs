//! Framings of phases, each with the decision behind it: written once, never changed.

use diesel::prelude::*;
use domain::framing::{DecisionDraft, FramingDraft, Told};
use domain::phase::EvaluationMode;
use domain::{ChallengeId, DecisionId, Digest, FramingId, PhaseId, Timestamp, UserId};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::decisions::{self, Decision, NewDecision};
use crate::schema::{framing_unscoreable, framings};
use crate::types::{Column, Json};

/// One version of how a phase frames what it counts.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = framings)]
pub struct Framing {
    /// Its id.
    pub id: FramingId,
    /// The phase.
    pub phase_id: PhaseId,
    /// 1, 2, 3 and so on; the highest is in force.
    pub version: i32,
    unit: String,
    instance_rule: String,
    label_source: String,
    label_count: Option<i32>,
    perspective: String,
    intent_recorded: Told,
    affect_recorded: Told,
    speech_recorded: Told,
    temporal_direction: String,
    closed_world: Told,
    negative_rule: String,
    ambiguity_policy: String,
    imagined_user: String,
    imagined_application: String,
    stated_goal: String,
    goal_source: String,
    /// The evaluator when this was decided.
    pub evaluator: String,
    /// Which rules it followed.
    pub mode: EvaluationMode,
    /// Its parameters, tolerances among them.
    pub params: Json<Map<String, Value>>,
    /// The metric that ranks; absent for the evaluator's first.
    pub metric: Option<String>,
    /// What the annotations in force held; absent before the first upload.
    pub annotations_digest: Option<Digest>,
    /// The decision behind it.
    pub decision_id: DecisionId,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// A framing with what belongs to it.
#[derive(Debug, Clone)]
pub struct FullFraming {
    /// Its row.
    pub framing: Framing,
    /// What was said, as it was said.
    pub draft: FramingDraft,
    /// The decision behind it.
    pub decision: Decision,
}

/// What a framing is written with besides what an organizer says.
#[derive(Debug, Clone)]
pub struct NewFraming<'a> {
    /// Its id.
    pub id: FramingId,
    /// The id of its decision.
    pub decision: DecisionId,
    /// The challenge.
    pub challenge: ChallengeId,
    /// The phase.
    pub phase: PhaseId,
    /// What kind of decision it was (`decision.kind`).
    pub kind: &'a str,
    /// The evaluator, its mode, its parameters and the metric that ranks.
    pub evaluator: &'a str,
    /// Which rules it follows.
    pub mode: EvaluationMode,
    /// Its parameters.
    pub params: &'a Map<String, Value>,
    /// The metric that ranks.
    pub metric: Option<&'a str>,
    /// What the annotations in force hold.
    pub annotations_digest: Option<Digest>,
    /// Who records it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub now: Timestamp,
}

/// The framing of a phase that is in force.
pub fn in_force(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Option<Framing>, StoreError> {
    Ok(on!(conn, c => framings::table
        .filter(framings::phase_id.eq(phase.sql()))
        .order(framings::version.desc())
        .select(Framing::as_select())
        .first(c)
        .optional())?)
}

/// The framing of this id.
pub fn find(conn: &mut Conn<'_>, id: FramingId) -> Result<Option<Framing>, StoreError> {
    Ok(on!(conn, c => framings::table.find(id.sql()).select(Framing::as_select()).get_result(c).optional())?)
}

/// Every version of a phase's framing, oldest first.
pub fn versions(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Framing>, StoreError> {
    Ok(on!(conn, c => framings::table
        .filter(framings::phase_id.eq(phase.sql()))
        .order(framings::version.asc())
        .select(Framing::as_select())
        .load(c))?)
}

/// Completes a framing with its reasons and its decision.
pub fn complete(conn: &mut Conn<'_>, framing: Framing) -> Result<FullFraming, StoreError> {
    let unscoreable: Vec<String> = on!(conn, c => framing_unscoreable::table
        .filter(framing_unscoreable::framing_id.eq(framing.id.sql()))
        .order(framing_unscoreable::reason.asc())
        .select(framing_unscoreable::reason)
        .load(c))?;
    let decision = decisions::find(conn, framing.decision_id)?.ok_or(StoreError::NotFound)?;
    let draft = FramingDraft {
        unit: framing.unit.clone(),
        instance_rule: framing.instance_rule.clone(),
        label_source: framing.label_source.clone(),
        label_count: framing.label_count.and_then(|count| u32::try_from(count).ok()),
        perspective: framing.perspective.clone(),
        intent_recorded: framing.intent_recorded,
        affect_recorded: framing.affect_recorded,
        speech_recorded: framing.speech_recorded,
        temporal_direction: framing.temporal_direction.clone(),
        closed_world: framing.closed_world,
        negative_rule: framing.negative_rule.clone(),
        ambiguity_policy: framing.ambiguity_policy.clone(),
        imagined_user: framing.imagined_user.clone(),
        imagined_application: framing.imagined_application.clone(),
        stated_goal: framing.stated_goal.clone(),
        goal_source: framing.goal_source.clone(),
        unscoreable: unscoreable.into_iter().collect(),
        decision: DecisionDraft {
            decider_role: decision.decider_role.clone(),
            authority_basis: decision.authority_basis.clone(),
            rationale_code: decision.rationale_code.clone(),
            rationale: decision.rationale.clone(),
            alternatives: decision.alternatives.0.clone(),
            parties: decisions::parties_of(conn, decision.id)?,
            decided_at: (decision.decided_at != decision.recorded_at).then_some(decision.decided_at),
        },
    };
    Ok(FullFraming { framing, draft, decision })
}

/// Writes the next version of a phase's framing with its decision; of two equal versions the second hits the unique key.
pub fn insert(conn: &mut Conn<'_>, new: &NewFraming<'_>, draft: &FramingDraft) -> Result<i32, StoreError> {
    let version = in_force(conn, new.phase)?.map_or(1, |last| last.version + 1);
    let decision = NewDecision {
        id: new.decision,
        challenge: new.challenge,
        kind: new.kind,
        subject: &format!("phase:{}", new.phase),
        recorded_by: new.recorded_by,
        now: new.now,
    };
    decisions::insert(conn, &decision, &draft.decision)?;
    on!(conn, c => diesel::insert_into(framings::table)
        .values((
            (
                framings::id.eq(new.id.sql()),
                framings::phase_id.eq(new.phase.sql()),
                framings::version.eq(version),
                framings::evaluator.eq(new.evaluator),
                framings::mode.eq(new.mode.sql()),
                framings::params.eq(Json(new.params.clone())),
                framings::metric.eq(new.metric),
                framings::annotations_digest.eq(new.annotations_digest.map(Column::sql)),
                framings::decision_id.eq(new.decision.sql()),
                framings::created_at.eq(new.now.sql()),
            ),
            (
                framings::unit.eq(&draft.unit),
                framings::instance_rule.eq(&draft.instance_rule),
                framings::label_source.eq(&draft.label_source),
                framings::label_count.eq(draft.label_count.map(|count| i32::try_from(count).unwrap_or(i32::MAX))),
                framings::perspective.eq(&draft.perspective),
                framings::intent_recorded.eq(draft.intent_recorded.sql()),
                framings::affect_recorded.eq(draft.affect_recorded.sql()),
                framings::speech_recorded.eq(draft.speech_recorded.sql()),
                framings::temporal_direction.eq(&draft.temporal_direction),
                framings::closed_world.eq(draft.closed_world.sql()),
                framings::negative_rule.eq(&draft.negative_rule),
                framings::ambiguity_policy.eq(&draft.ambiguity_policy),
                framings::imagined_user.eq(&draft.imagined_user),
                framings::imagined_application.eq(&draft.imagined_application),
                framings::stated_goal.eq(&draft.stated_goal),
                framings::goal_source.eq(&draft.goal_source),
            ),
        ))
        .execute(c))?;
    for reason in &draft.unscoreable {
        on!(conn, c => diesel::insert_into(framing_unscoreable::table)
            .values((framing_unscoreable::framing_id.eq(new.id.sql()), framing_unscoreable::reason.eq(reason)))
            .execute(c))?;
    }
    Ok(version)
}
