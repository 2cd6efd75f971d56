//! Framings: which version of everyday life a phase counts, and who decided that.
//!
//! A framing says what is scored, whose reading a label is and what cannot be scored, in codes of controlled vocabularies,
//! so that tasks can be compared and changes are seen.
//! It is bound to a decision: a phase takes submissions only when somebody is on record for how it frames what it counts.
//! "Not disclosed" is a value: what nobody says is said to be unsaid.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Invalid, Timestamp};

/// The value of a code or an answer that nobody gives.
pub const NOT_DISCLOSED: &str = "not_disclosed";

/// The longest text of a field, in bytes.
pub const LONGEST_TEXT: usize = 4_000;

/// The most alternatives, parties or reasons that one record has.
const MOST_ENTRIES: usize = 50;

/// Whether something is so, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody says.
    #[default]
    NotDisclosed,
}

impl Told {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotDisclosed => NOT_DISCLOSED,
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "yes" => Ok(Self::Yes),
            "no" => Ok(Self::No),
            NOT_DISCLOSED => Ok(Self::NotDisclosed),
            _ => Err(Invalid::new("answer", "must be yes, no or not_disclosed")),
        }
    }
}

/// What an organizer says about how a phase frames what it counts.
///
/// Codes are of the vocabulary that each field names, or `not_disclosed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FramingDraft {
    /// What is scored (`framing.unit`).
    pub unit: String,
    /// What makes one instance, in words.
    #[serde(default)]
    pub instance_rule: String,
    /// Where labels come from (`framing.label_source`).
    pub label_source: String,
    /// How many labels there are, if the list is closed.
    #[serde(default)]
    pub label_count: Option<u32>,
    /// Whose reading a label is (`perspective`).
    pub perspective: String,
    /// Whether the intentions of those who are seen are recorded.
    #[serde(default)]
    pub intent_recorded: Told,
    /// Whether their feelings are.
    #[serde(default)]
    pub affect_recorded: Told,
    /// Whether what they say is.
    #[serde(default)]
    pub speech_recorded: Told,
    /// Past, present or future (`framing.temporal_direction`).
    #[serde(default = "not_disclosed")]
    pub temporal_direction: String,
    /// Whether what has no label counts as absent.
    #[serde(default)]
    pub closed_world: Told,
    /// What counts as a negative (`framing.negative_rule`).
    #[serde(default = "not_disclosed")]
    pub negative_rule: String,
    /// What becomes of items that people read differently (`framing.ambiguity_policy`).
    #[serde(default = "not_disclosed")]
    pub ambiguity_policy: String,
    /// For whom the task imagines to be, in words.
    #[serde(default)]
    pub imagined_user: String,
    /// What for (`imagined_application`).
    #[serde(default = "not_disclosed")]
    pub imagined_application: String,
    /// What the task is to achieve, in words.
    pub stated_goal: String,
    /// Where that is said: an address or a citation.
    #[serde(default)]
    pub goal_source: String,
    /// What cannot be scored (`framing.unscoreable`), each once, in order.
    #[serde(default)]
    pub unscoreable: BTreeSet<String>,
    /// Who decided it, and why.
    #[serde(default)]
    pub decision: DecisionDraft,
}

/// What is said about a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionDraft {
    /// What the decider is in the chain (`decider_role`).
    #[serde(default = "organizer")]
    pub decider_role: String,
    /// On what ground they may (`authority_basis`).
    #[serde(default = "not_disclosed")]
    pub authority_basis: String,
    /// Why (`rationale`).
    #[serde(default = "not_disclosed")]
    pub rationale_code: String,
    /// Why, in words.
    #[serde(default)]
    pub rationale: String,
    /// What else could have been decided.
    #[serde(default)]
    pub alternatives: Vec<String>,
    /// Who else had a part in it, or none.
    #[serde(default)]
    pub parties: BTreeSet<Party>,
    /// When it was decided, where that was before it was recorded.
    #[serde(default)]
    pub decided_at: Option<Timestamp>,
}

/// Somebody's part in a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// What they are in the chain (`chain_role`).
    pub role: String,
    /// What part they had (`involvement`).
    pub involvement: String,
}

impl Default for DecisionDraft {
    fn default() -> Self {
        Self {
            decider_role: organizer(),
            authority_basis: not_disclosed(),
            rationale_code: not_disclosed(),
            rationale: String::new(),
            alternatives: Vec::new(),
            parties: BTreeSet::new(),
            decided_at: None,
        }
    }
}

fn not_disclosed() -> String {
    NOT_DISCLOSED.to_owned()
}

fn organizer() -> String {
    "organizer".to_owned()
}

impl FramingDraft {
    /// Checks lengths and numbers; codes are checked against their vocabularies where those are known.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.stated_goal.trim().is_empty() {
            return Err(Invalid::new("stated_goal", "must say what the task is to achieve"));
        }
        if self.label_count == Some(0) {
            return Err(Invalid::new("label_count", "must be at least 1"));
        }
        for (field, text) in [
            ("instance_rule", &self.instance_rule),
            ("imagined_user", &self.imagined_user),
            ("stated_goal", &self.stated_goal),
            ("goal_source", &self.goal_source),
        ] {
            check_text(field, text)?;
        }
        check_count("unscoreable", self.unscoreable.len())?;
        self.decision.check().map_err(|invalid| invalid.inside("decision"))
    }

    /// The fields that hold codes, each with its vocabulary.
    pub fn codes(&self) -> Vec<(&'static str, &'static str, &str)> {
        let mut codes = vec![
            ("unit", "framing.unit", self.unit.as_str()),
            ("label_source", "framing.label_source", &self.label_source),
            ("perspective", "perspective", &self.perspective),
            ("temporal_direction", "framing.temporal_direction", &self.temporal_direction),
            ("negative_rule", "framing.negative_rule", &self.negative_rule),
            ("ambiguity_policy", "framing.ambiguity_policy", &self.ambiguity_policy),
            ("imagined_application", "imagined_application", &self.imagined_application),
        ];
        codes.extend(
            self.unscoreable.iter().map(|code| ("unscoreable", "framing.unscoreable", code.as_str())),
        );
        codes.extend(self.decision.codes().into_iter().map(|(field, vocabulary, code)| {
            let field = match field {
                "decider_role" => "decision.decider_role",
                "authority_basis" => "decision.authority_basis",
                "rationale_code" => "decision.rationale_code",
                _ => "decision.parties",
            };
            (field, vocabulary, code)
        }));
        codes
    }
}

impl DecisionDraft {
    /// Checks lengths and numbers.
    pub fn check(&self) -> Result<(), Invalid> {
        check_text("rationale", &self.rationale)?;
        check_count("alternatives", self.alternatives.len())?;
        check_count("parties", self.parties.len())?;
        self.alternatives.iter().try_for_each(|text| check_text("alternatives", text))
    }

    /// The fields that hold codes, each with its vocabulary.
    pub fn codes(&self) -> Vec<(&'static str, &'static str, &str)> {
        let mut codes = vec![
            ("decider_role", "decider_role", self.decider_role.as_str()),
            ("authority_basis", "authority_basis", &self.authority_basis),
            ("rationale_code", "rationale", &self.rationale_code),
        ];
        for party in &self.parties {
            codes.push(("parties", "chain_role", &party.role));
            codes.push(("parties", "involvement", &party.involvement));
        }
        codes
    }
}

fn check_text(field: &str, text: &str) -> Result<(), Invalid> {
    if text.len() > LONGEST_TEXT {
        return Err(Invalid::new(field, format!("must have at most {LONGEST_TEXT} bytes")));
    }
    // PostgreSQL cannot keep it, and nobody means it.
    if text.contains('\0') {
        return Err(Invalid::new(field, "must not hold the character U+0000"));
    }
    Ok(())
}

fn check_count(field: &str, count: usize) -> Result<(), Invalid> {
    if count > MOST_ENTRIES {
        return Err(Invalid::new(field, format!("must have at most {MOST_ENTRIES} entries")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least() -> FramingDraft {
        serde_json::from_str(
            r#"{"unit": "segment", "label_source": "template", "perspective": "camera_wearer", "stated_goal": "Find."}"#,
        )
        .unwrap()
    }

    #[test]
    fn what_is_not_said_is_said_to_be_unsaid() {
        let draft = least();
        assert_eq!(draft.check(), Ok(()));
        assert_eq!(draft.negative_rule, NOT_DISCLOSED);
        assert_eq!(draft.intent_recorded, Told::NotDisclosed);
        assert_eq!(draft.decision.decider_role, "organizer");
        let written = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<FramingDraft>(&written).unwrap(), draft);
    }

    #[test]
    fn a_goal_is_needed_and_nothing_is_endless() {
        let refused = |change: fn(&mut FramingDraft)| {
            let mut draft = least();
            change(&mut draft);
            draft.check().unwrap_err().field
        };
        assert_eq!(refused(|draft| draft.stated_goal = " ".into()), "stated_goal");
        assert_eq!(refused(|draft| draft.label_count = Some(0)), "label_count");
        assert_eq!(refused(|draft| draft.instance_rule = "x".repeat(LONGEST_TEXT + 1)), "instance_rule");
        assert_eq!(refused(|draft| draft.imagined_user = "\0".into()), "imagined_user");
        assert_eq!(
            refused(|draft| draft.decision.alternatives = vec![String::new(); 51]),
            "decision.alternatives"
        );
    }

    #[test]
    fn every_code_is_told_with_its_vocabulary() {
        let mut draft = least();
        draft.unscoreable.insert("too_short".into());
        draft.decision.parties.insert(Party { role: "annotator".into(), involvement: "informed".into() });
        let codes = draft.codes();
        assert!(codes.contains(&("unscoreable", "framing.unscoreable", "too_short")));
        assert!(codes.contains(&("decision.parties", "involvement", "informed")));
        assert!(codes.contains(&("decision.decider_role", "decider_role", "organizer")));
    }
}
