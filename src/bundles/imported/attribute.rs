//! What teams are asked about their method.

use domain::phase::{AttributeKind, AttributeSpec};

/// A question, as a bundle asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeQuestion {
    /// Its name in the bundle, which may be any text.
    pub wire_name: String,
    /// Its name here, unique in the phase.
    pub name: String,
    /// The question.
    pub description: String,
    /// What an answer is.
    pub kind: AnswerKind,
    /// Whether an answer is needed.
    pub is_required: bool,
    /// Whether answers are shown on boards.
    pub is_on_board: bool,
}

/// What an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerKind {
    /// Free text.
    Text,
    /// Yes or no.
    Boolean,
    /// One of these.
    One(Vec<String>),
    /// Any of these.
    Any(Vec<String>),
}

impl AttributeQuestion {
    /// The question as phases here ask it; several answers at once become a text that names them.
    pub fn spec(&self) -> AttributeSpec {
        let question = if self.description.is_empty() { &self.wire_name } else { &self.description };
        let (kind, label) = match &self.kind {
            AnswerKind::Text => (AttributeKind::Text, question.clone()),
            AnswerKind::Boolean => (AttributeKind::Boolean, question.clone()),
            AnswerKind::One(choices) => {
                (AttributeKind::Choice { choices: choices.clone() }, question.clone())
            }
            AnswerKind::Any(choices) => {
                (AttributeKind::Text, format!("{question} (any of: {})", choices.join(", ")))
            }
        };
        AttributeSpec { name: self.name.clone(), label, kind, required: self.is_required }
    }
}
