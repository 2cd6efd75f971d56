//! The codes that an organizer chooses from, for forms.

use domain::framing::NOT_DISCLOSED;
use research::vocabularies::Vocabularies;

/// A code with what people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The code.
    pub code: String,
    /// What it is called, and what it means where that is not the same.
    pub label: String,
}

/// The codes of a vocabulary in its order, and at the end that nobody says.
pub fn choices(vocabulary: &str) -> Vec<Choice> {
    let codes = Vocabularies::shipped().vocabulary(vocabulary).map_or(&[][..], |found| &found.codes);
    let known = codes.iter().map(|code| Choice {
        code: code.code.clone(),
        label: match &code.definition {
            Some(definition) => format!("{}: {definition}", code.label),
            None => code.label.clone(),
        },
    });
    let unsaid = Choice { code: NOT_DISCLOSED.to_owned(), label: "not disclosed".to_owned() };
    known.chain([unsaid]).collect()
}

/// What a code is called; the code itself where no vocabulary knows it.
pub fn label_of(vocabulary: &str, code: &str) -> String {
    match Vocabularies::shipped().code(vocabulary, code) {
        Ok(known) => known.label.clone(),
        Err(_) => code.replace('_', " "),
    }
}
