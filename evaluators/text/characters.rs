//! Kinds of characters, as the reference implementations in Python tell them.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// White space: also the four separators below the blank.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Letters, numbers and the underscore.
pub(crate) fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    matches!(character.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// What the International tokenizer asks of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Punctuation,
    Symbol,
    Other,
}

pub(crate) fn kind(character: char) -> Kind {
    match character.general_category_group() {
        GeneralCategoryGroup::Number => Kind::Number,
        GeneralCategoryGroup::Punctuation => Kind::Punctuation,
        GeneralCategoryGroup::Symbol => Kind::Symbol,
        _ => Kind::Other,
    }
}

/// The texts between white space.
pub(crate) fn between_spaces(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.is_empty())
}
