//! Phases: a window of a challenge with its own evaluator, annotations and quota.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::framing::FramingDraft;
use crate::quota::Quota;
use crate::ranking_rule::RankingRule;
use crate::split::SplitSpec;
use crate::{Codename, Invalid, Timestamp, Title};

/// The evaluator of phases that the organizers evaluate on machines of their own.
pub const REMOTE_EVALUATOR: &str = "remote";

/// What an organizer says about a phase when creating or changing it.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseDraft {
    /// Its short name, unique in the challenge.
    pub codename: Codename,
    /// Its heading.
    pub title: Title,
    /// What it is for, in Markdown.
    pub description: String,
    /// The id of the evaluator.
    pub evaluator: String,
    /// The evaluator's parameters, as its manifest describes them.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Whether the evaluator follows its specification or its public reference code.
    pub mode: EvaluationMode,
    /// When submissions are first taken.
    pub opens_at: Timestamp,
    /// When they are no longer taken (half-open: exactly then is late); absent for never.
    pub closes_at: Option<Timestamp>,
    /// How much a team may submit.
    pub quota: Quota,
    /// How large, how long, how much memory.
    pub limits: EvaluationLimits,
    /// How entries are ranked.
    pub ranking: RankingRule,
    /// Which submission of a team counts.
    pub final_choice: FinalChoice,
    /// What teams say about their method beyond the standard fields.
    pub attributes: Vec<AttributeSpec>,
    /// The sets of items that are scored; never empty.
    pub splits: Vec<SplitSpec>,
    /// Whether participants see the leaderboard.
    pub leaderboard_public: bool,
    /// How it frames what it counts; without one it takes no submissions.
    pub framing: Option<Box<FramingDraft>>,
}

impl PhaseDraft {
    /// The same with all its moments `seconds` later (earlier when negative).
    #[must_use]
    pub fn shifted(mut self, seconds: i64) -> Self {
        self.opens_at = self.opens_at.plus_seconds(seconds);
        self.closes_at = self.closes_at.map(|closes_at| closes_at.plus_seconds(seconds));
        self.ranking.release = self.ranking.release.shifted(seconds);
        self
    }

    /// Checks the parts against each other.
    pub fn check(self) -> Result<Self, Invalid> {
        if self.closes_at.is_some_and(|closes_at| closes_at <= self.opens_at) {
            return Err(Invalid::new("closes_at", "must be later than opens_at"));
        }
        if self.description.len() > crate::challenge::LONGEST_TEXT {
            return Err(Invalid::new("description", "is too long"));
        }
        self.quota.check()?;
        self.limits.check()?;
        self.ranking.check().map_err(|invalid| invalid.inside("ranking"))?;
        if self.splits.is_empty() {
            return Err(Invalid::new("splits", "must hold at least one split"));
        }
        let mut seen = BTreeSet::new();
        for (index, split) in self.splits.iter().enumerate() {
            split.rule.check().map_err(|invalid| invalid.inside(format!("splits[{index}]")))?;
            if !seen.insert(&split.codename) {
                return Err(Invalid::new(format!("splits[{index}].codename"), "must be unique in the phase"));
            }
        }
        let mut seen = BTreeSet::new();
        for (index, attribute) in self.attributes.iter().enumerate() {
            attribute.check().map_err(|invalid| invalid.inside(format!("attributes[{index}]")))?;
            if !seen.insert(&attribute.name) {
                return Err(Invalid::new(format!("attributes[{index}].name"), "must be unique in the phase"));
            }
        }
        if let Some(framing) = &self.framing {
            framing.check().map_err(|invalid| invalid.inside("framing"))?;
        }
        Ok(self)
    }
}

/// Whether a moment lies in a phase's window.
pub fn window_at(opens_at: Timestamp, closes_at: Option<Timestamp>, now: Timestamp) -> WindowState {
    if now < opens_at {
        WindowState::Upcoming
    } else if closes_at.is_some_and(|closes_at| now >= closes_at) {
        WindowState::Closed
    } else {
        WindowState::Open
    }
}

/// Where a phase stands in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowState {
    /// Not yet open.
    Upcoming,
    /// Taking submissions.
    Open,
    /// No longer taking submissions.
    Closed,
}

/// Which rules an evaluator follows where the two part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvaluationMode {
    /// The specification's recommendation.
    #[default]
    Strict,
    /// The public reference code, bugs included.
    Reference,
}

impl EvaluationMode {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Reference => "reference",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "strict" => Ok(Self::Strict),
            "reference" => Ok(Self::Reference),
            _ => Err(Invalid::new("mode", "must be strict or reference")),
        }
    }
}

/// What one evaluation may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluationLimits {
    /// The largest submission, in bytes.
    pub upload_bytes: u64,
    /// The longest evaluation, in seconds of wall time.
    pub seconds: u32,
    /// The most memory that evidence and parsing may take, in MiB.
    pub memory_mib: u32,
}

impl Default for EvaluationLimits {
    fn default() -> Self {
        Self { upload_bytes: 2 << 30, seconds: 600, memory_mib: 4096 }
    }
}

impl EvaluationLimits {
    fn check(self) -> Result<(), Invalid> {
        if self.upload_bytes == 0 || self.upload_bytes > 64 << 30 {
            return Err(Invalid::new("limits.upload_bytes", "must be between 1 and 64 GiB"));
        }
        if self.seconds == 0 || self.seconds > 86_400 {
            return Err(Invalid::new("limits.seconds", "must be between 1 and 86400"));
        }
        if self.memory_mib < 16 || self.memory_mib > 1 << 20 {
            return Err(Invalid::new("limits.memory_mib", "must be between 16 and 1048576"));
        }
        Ok(())
    }
}

/// Which submission of a team stands on the leaderboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinalChoice {
    /// The best by the ranking rule.
    #[default]
    Best,
    /// The last received.
    Latest,
    /// The one that the team chose; the best until it has chosen.
    Chosen,
}

impl FinalChoice {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Latest => "latest",
            Self::Chosen => "chosen",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "best" => Ok(Self::Best),
            "latest" => Ok(Self::Latest),
            "chosen" => Ok(Self::Chosen),
            _ => Err(Invalid::new("final_choice", "must be best, latest or chosen")),
        }
    }
}

/// Something the organizer asks about every method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenAttribute")]
pub struct AttributeSpec {
    /// Its name, as in `external_data`.
    pub name: String,
    /// The question.
    pub label: String,
    /// What an answer is.
    #[serde(flatten)]
    pub kind: AttributeKind,
    /// Whether an answer is needed.
    pub required: bool,
}

/// An [`AttributeSpec`] as it is read: serde cannot refuse unknown fields of a structure with a flattened part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAttribute {
    name: String,
    #[serde(default)]
    label: String,
    r#type: String,
    choices: Option<Vec<String>>,
    #[serde(default)]
    required: bool,
}

impl TryFrom<WrittenAttribute> for AttributeSpec {
    type Error = Invalid;

    fn try_from(written: WrittenAttribute) -> Result<Self, Invalid> {
        let kind = match (written.r#type.as_str(), written.choices) {
            ("choice", Some(choices)) => AttributeKind::Choice { choices },
            ("choice", None) => return Err(Invalid::new("choices", "must be given")),
            (_, Some(_)) => return Err(Invalid::new("choices", "must be absent unless the type is choice")),
            ("text", None) => AttributeKind::Text,
            ("integer", None) => AttributeKind::Integer,
            ("number", None) => AttributeKind::Number,
            ("boolean", None) => AttributeKind::Boolean,
            _ => return Err(Invalid::new("type", "must be text, integer, number, boolean or choice")),
        };
        Ok(Self { name: written.name, label: written.label, kind, required: written.required })
    }
}

/// What an answer to an attribute is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AttributeKind {
    /// Free text.
    Text,
    /// A whole number.
    Integer,
    /// Any finite number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of these.
    Choice {
        /// The possible answers.
        choices: Vec<String>,
    },
}

impl AttributeSpec {
    fn check(&self) -> Result<(), Invalid> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(plain) {
            return Err(Invalid::new("name", "must be lower-case letters, digits and underscores"));
        }
        if let AttributeKind::Choice { choices } = &self.kind
            && (choices.is_empty() || choices.len() > 200)
        {
            return Err(Invalid::new("choices", "must hold 1 to 200 answers"));
        }
        Ok(())
    }

    /// Checks one answer.
    pub fn accepts(&self, answer: &serde_json::Value) -> Result<(), Invalid> {
        use serde_json::Value;
        let fits = match (&self.kind, answer) {
            (AttributeKind::Text, Value::String(text)) => text.len() <= 4_000,
            (AttributeKind::Integer, Value::Number(number)) => number.is_i64(),
            (AttributeKind::Number, Value::Number(_)) | (AttributeKind::Boolean, Value::Bool(_)) => true,
            (AttributeKind::Choice { choices }, Value::String(text)) => choices.contains(text),
            _ => false,
        };
        if fits { Ok(()) } else { Err(Invalid::new(&self.name, format!("must be {}", self.kind))) }
    }
}

impl std::fmt::Display for AttributeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text => f.write_str("text of at most 4000 bytes"),
            Self::Integer => f.write_str("a whole number"),
            Self::Number => f.write_str("a number"),
            Self::Boolean => f.write_str("true or false"),
            Self::Choice { choices } => write!(f, "one of {}", choices.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_half_open() {
        let opens = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
        let closes = Timestamp::parse("2026-05-31T12:00:00Z").unwrap();
        let at = |now| window_at(opens, Some(closes), now);
        assert_eq!(at(Timestamp::from_micros(opens.as_micros() - 1).unwrap()), WindowState::Upcoming);
        assert_eq!(at(opens), WindowState::Open);
        assert_eq!(at(Timestamp::from_micros(closes.as_micros() - 1).unwrap()), WindowState::Open);
        assert_eq!(at(closes), WindowState::Closed);
    }

    #[test]
    fn an_attribute_reads_back_and_unknown_fields_are_refused() {
        let written = serde_json::json!({
            "name": "data", "label": "Which data?", "type": "choice", "choices": ["none", "own"], "required": true
        });
        let spec: AttributeSpec = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&spec).unwrap(), written);
        for wrong in [
            serde_json::json!({"name": "data", "type": "text", "colour": "red"}),
            serde_json::json!({"name": "data", "type": "text", "choices": []}),
            serde_json::json!({"name": "data", "type": "choice"}),
        ] {
            assert!(serde_json::from_value::<AttributeSpec>(wrong).is_err());
        }
    }

    #[test]
    fn answers_are_typed() {
        let spec = AttributeSpec {
            name: "external_data".into(),
            label: String::new(),
            kind: AttributeKind::Choice { choices: vec!["none".into(), "public".into()] },
            required: true,
        };
        assert!(spec.accepts(&"none".into()).is_ok());
        let refusal = spec.accepts(&"secret".into()).unwrap_err();
        assert_eq!(refusal.to_string(), "external_data must be one of none, public");
        assert!(spec.accepts(&true.into()).is_err());
    }
}
