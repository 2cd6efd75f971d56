//! A framing is put on record with its decision, as part of making or changing a phase.

use domain::event::{EventKind, NewEvent};
use domain::framing::{FramingDraft, NOT_DISCLOSED};
use domain::phase::PhaseDraft;
use domain::{Actor, ChallengeId, DecisionId, Digest, FramingId, PhaseId, Timestamp};
use research::vocabularies::Vocabularies;
use serde_json::json;
use storage::Conn;
use storage::decisions::NewDecision;
use storage::framings::{self, NewFraming};

use crate::App;
use crate::context::event;
use crate::decisions::decision_made;
use crate::failure::{Failure, FieldError, Outcome};

/// What a framing is recorded with besides what is said.
#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(crate) id: FramingId,
    pub(crate) decision: DecisionId,
    pub(crate) challenge: ChallengeId,
    pub(crate) phase: PhaseId,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
}

impl Recording {
    /// A recording with ids of its own.
    pub(crate) fn new(
        app: &App,
        challenge: ChallengeId,
        phase: PhaseId,
        actor: &Actor,
        now: Timestamp,
    ) -> Self {
        let (id, decision) = (app.sources.new_id(), app.sources.new_id());
        Self { id, decision, challenge, phase, actor: actor.clone(), now }
    }

    /// Writes the framing of a draft; the events that the caller appends last.
    pub(crate) fn write(
        &self,
        conn: &mut Conn<'_>,
        kind: &'static str,
        draft: &PhaseDraft,
        framing: &FramingDraft,
        annotations: Option<Digest>,
    ) -> Outcome<[NewEvent; 2]> {
        let new = NewFraming {
            id: self.id,
            decision: self.decision,
            challenge: self.challenge,
            phase: self.phase,
            kind,
            evaluator: &draft.evaluator,
            mode: draft.mode,
            params: &draft.params,
            metric: draft.ranking.primary.as_deref(),
            annotations_digest: annotations,
            recorded_by: self.actor.user(),
            now: self.now,
        };
        let version = framings::insert(conn, &new, framing)?;
        let subject = format!("phase:{}", self.phase);
        let decided = NewDecision {
            id: self.decision,
            challenge: self.challenge,
            kind,
            subject: &subject,
            recorded_by: self.actor.user(),
            now: self.now,
        };
        let told = decision_made(&self.actor, &decided, &framing.decision);
        let changed =
            [("framing", json!(self.id)), ("version", json!(version)), ("decision", json!(self.decision))];
        let challenge = Some(self.challenge);
        Ok([told, event(&self.actor, self.now, EventKind::FramingChanged, subject, challenge, changed)])
    }
}

/// Checks what needs the vocabularies or the present moment: every wrong code at once, each with what is near.
pub(crate) fn check(framing: &FramingDraft, now: Timestamp) -> Outcome<()> {
    let mut errors = wrong_codes(&framing.codes());
    for error in &mut errors {
        error.field.insert_str(0, "framing.");
    }
    if framing.decision.decided_at.is_some_and(|at| at > now) {
        errors.push(FieldError::new("framing.decision.decided_at", "must not be later than now"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(errors)) }
}

/// Vocabularies whose codes have to be said: they have a word of their own for what nobody says, or there is nothing to record
/// without them.
const TO_BE_SAID: [&str; 19] = [
    "activity_selection",
    "annotation.aggregation",
    "annotation.stage",
    "bystander_regime",
    "citation.function",
    "compensation",
    "contestation.ground",
    "contract_form",
    "decision.kind",
    "disclosure",
    "event.type",
    "exclusion.basis",
    "exclusion.reason",
    "exclusion.stage",
    "guideline_clause.kind",
    "latitude.dimension",
    "latitude.value",
    "participant_review",
    "pay_basis",
];

/// Fields that list what is known; of what is not known nothing is listed.
const LISTS: [&str; 4] = ["unscoreable", "parties", "decision.parties", "latitude.informant_role"];

/// The codes that are not of their vocabularies. Most may be left unsaid.
pub(crate) fn wrong_codes(codes: &[(&'static str, &'static str, &str)]) -> Vec<FieldError> {
    let vocabularies = Vocabularies::shipped();
    let wrong = codes.iter().filter_map(|(field, vocabulary, code)| {
        let may_be_unsaid = !LISTS.contains(field) && !TO_BE_SAID.contains(vocabulary);
        if may_be_unsaid && *code == NOT_DISCLOSED {
            return None;
        }
        let unknown = vocabularies.code(vocabulary, code).err()?;
        Some(FieldError::new(*field, format!("must be a code of its vocabulary: {unknown}")))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_said_is_not_left_unsaid() {
        for vocabulary in TO_BE_SAID {
            let known = Vocabularies::shipped().vocabulary(vocabulary).unwrap();
            let first = known.codes[0].code.as_str();
            assert!(wrong_codes(&[("field", vocabulary, first)]).is_empty(), "{vocabulary}");
            assert_eq!(wrong_codes(&[("field", vocabulary, NOT_DISCLOSED)]).len(), 1, "{vocabulary}");
        }
        assert!(wrong_codes(&[("unit", "framing.unit", NOT_DISCLOSED)]).is_empty());
    }

    #[test]
    fn a_wrong_code_is_told_with_what_is_near() {
        let mut framing: FramingDraft = serde_json::from_str(test_support::FRAMING).unwrap();
        let now = Timestamp::from_micros(0).unwrap();
        check(&framing, now).unwrap();
        framing.unit = "segmnet".into();
        framing.unscoreable.insert(NOT_DISCLOSED.into());
        framing.decision.authority_basis = "divine_right".into();
        framing.decision.decided_at = Some(now.plus_seconds(1));
        let refused = check(&framing, now).unwrap_err();
        let fields: Vec<&str> = refused.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "framing.unit",
                "framing.unscoreable",
                "framing.decision.authority_basis",
                "framing.decision.decided_at"
            ]
        );
        assert!(refused.errors[0].detail.contains("did you mean \"segment\"?"), "{refused:?}");
    }
}
