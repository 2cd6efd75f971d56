//! Forms: what was entered, and what is wrong with it, field by field.

use std::collections::BTreeMap;

use app::Failure;

/// The fields of a form as they were sent.
pub(super) type Entered = BTreeMap<String, String>;

/// A form on a page: empty at first; after a refusal with what was entered, and why it was refused.
#[derive(Debug, Clone, Default)]
pub(super) struct Form {
    entered: Entered,
    detail: Option<String>,
    faults: BTreeMap<String, String>,
}

impl Form {
    /// A form in which something is entered already.
    pub(super) fn filled(entered: Entered) -> Self {
        Self { entered, ..Self::default() }
    }

    /// A form that was refused.
    ///
    /// A fault whose field the form does not have is told above it; `known` are the fields that it has.
    pub(super) fn refused(entered: Entered, failure: &Failure, known: &[&str]) -> Self {
        let mut form = Self { entered, ..Self::default() };
        let mut elsewhere = Vec::new();
        for error in &failure.errors {
            if known.contains(&error.field.as_str()) {
                form.faults.insert(error.field.clone(), error.detail.clone());
            } else {
                elsewhere.push(format!("{} {}", error.field, error.detail));
            }
        }
        if !elsewhere.is_empty() {
            form.detail = Some(format!("{}.", capitalized(&elsewhere.join("; "))));
        } else if form.faults.is_empty() {
            form.detail = Some(format!("{}.", capitalized(&failure.detail)));
        }
        form
    }

    /// What was entered; empty at first.
    pub(super) fn value(&self, name: &str) -> &str {
        self.entered.get(name).map_or("", String::as_str)
    }

    /// Whether a box was ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        self.entered.contains_key(name)
    }

    /// Whether that was chosen among several.
    pub(super) fn is_chosen(&self, name: &str, answer: &str) -> bool {
        self.value(name) == answer
    }

    /// What is wrong with the form as a whole.
    pub(super) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// What is wrong with a field.
    pub(super) fn fault(&self, name: &str) -> Option<&str> {
        self.faults.get(name).map(String::as_str)
    }
}

/// Sentences of the use cases begin small, as parts of longer ones do.
pub(super) fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use app::{Code, FieldError};

    use super::*;

    #[test]
    fn a_refused_form_keeps_what_was_entered_and_says_what_is_wrong_where() {
        let entered = Entered::from([("name".to_owned(), "".to_owned()), ("email".into(), "ada".into())]);
        let failure = Failure::invalid_fields(vec![
            FieldError::new("name", "must not be empty"),
            FieldError::new("elsewhere", "is wrong"),
        ]);
        let form = Form::refused(entered.clone(), &failure, &["name", "email"]);
        assert_eq!((form.value("email"), form.fault("name")), ("ada", Some("must not be empty")));
        assert_eq!((form.fault("email"), form.detail()), (None, Some("Elsewhere is wrong.")));
        let form = Form::refused(entered, &Failure::new(Code::TeamFull, "the team is full"), &["name"]);
        assert_eq!(form.detail(), Some("The team is full."));
    }
}
