//! Why a value was refused.

/// A value that breaks a rule of the domain.
///
/// `rule` is a sentence fragment that completes "this field …" ("must not be empty"),
/// so that every surface can show it beside the field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {rule}")]
pub struct Invalid {
    /// The field in the caller's words, as a path (`splits[2].percent`).
    pub field: String,
    /// What the field must be.
    pub rule: String,
}

impl Invalid {
    /// A refusal of `field` because of `rule`.
    pub fn new(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { field: field.into(), rule: rule.into() }
    }

    /// The same refusal, seen from the structure that holds the field.
    #[must_use]
    pub fn inside(self, parent: impl std::fmt::Display) -> Self {
        Self { field: format!("{parent}.{}", self.field), rule: self.rule }
    }
}
