//! What happens to a transcript before it is compared.

use std::borrow::Cow;

use sdk::{Param, ParamKind, ParamValue, Params};
use unicode_normalization::UnicodeNormalization;

/// What happens to the transcripts of both sides before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Normalizer {
    /// Nothing.
    None,
    /// Lower case.
    Lower,
    /// Lower case and composed characters; what is neither letter, digit nor apostrophe becomes a blank.
    Plain,
}

impl Normalizer {
    const NAME: &'static str = "normalizer";
    const CHOICES: [(&'static str, Self); 3] =
        [("none", Self::None), ("lower", Self::Lower), ("plain", Self::Plain)];

    pub(crate) fn param() -> Param {
        Param::new(
            Self::NAME,
            ParamKind::Choice { choices: Self::CHOICES.map(|(name, _)| name.to_owned()).to_vec() },
            ParamValue::Text("none".to_owned()),
            "What happens to both sides before they are compared: `none` compares them as they stand, `lower` in lower \
             case, `plain` in lower case and composed form (NFC) with everything but letters, digits and apostrophes made \
             a blank.",
        )
    }

    pub(crate) fn of(params: &Params) -> Self {
        let chosen = params.text(Self::NAME);
        let found = Self::CHOICES.into_iter().find(|(name, _)| Some(*name) == chosen);
        found.map_or(Self::None, |(_, normalizer)| normalizer)
    }

    pub(crate) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::None => Cow::Borrowed(text),
            Self::Lower => Cow::Owned(text.to_lowercase()),
            Self::Plain => {
                let plain = |character: char| match character {
                    '\'' | '\u{2019}' => '\'',
                    _ if character.is_alphanumeric() => character,
                    _ if unicode_normalization::char::is_combining_mark(character) => character,
                    _ => ' ',
                };
                Cow::Owned(text.nfc().collect::<String>().to_lowercase().chars().map(plain).collect())
            }
        }
    }
}

/// The words of a transcript, as jiwer splits them: a run of two or more white spaces is a blank, and blanks separate.
///
/// A single tab, line end or hard space between letters is part of a word.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = strip(text);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (mut end, mut next) = (rest.len(), rest.len());
        for (at, byte) in rest.bytes().enumerate() {
            // Most bytes are visible ASCII, or do not begin a character.
            if matches!(byte, b'!'..=b'~' | 0x80..=0xbf) {
                continue;
            }
            let Some(character) = rest[at..].chars().next().filter(|one| is_space(*one)) else { continue };
            let run = rest[at..].chars().take_while(|one| is_space(*one)).count();
            if run > 1 || character == ' ' {
                end = at;
                next = at + rest[at..].chars().take(run).map(char::len_utf8).sum::<usize>();
                break;
            }
        }
        let word = &rest[..end];
        rest = &rest[next..];
        Some(word)
    })
}

/// The transcript without the white space around it.
pub(crate) fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// What Python takes for white space: also the four separators below the blank.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_runs_of_spaces_separate_words() {
        let of = |text| words(text).collect::<Vec<_>>();
        assert_eq!(of("  a  b c "), ["a", "b", "c"]);
        assert_eq!(of("a\tb\u{a0}c d"), ["a\tb\u{a0}c", "d"]);
        assert_eq!(of("a\t\tb \nc\n"), ["a", "b", "c"]);
        assert_eq!(of(" \t\n"), [] as [&str; 0]);
        assert_eq!(of(""), [] as [&str; 0]);
        assert_eq!(of("\u{3000}東京\u{1f}"), ["東京"]);
    }

    #[test]
    fn normalizers_do_what_they_say() {
        let text = "Don't\u{a0}GO, cafe\u{301}\u{2014}\u{c9}t\u{e9}!";
        assert_eq!(Normalizer::None.apply(text), text);
        assert_eq!(Normalizer::Lower.apply("ÀB"), "àb");
        let plain = Normalizer::Plain.apply(text);
        assert_eq!(words(&plain).collect::<Vec<_>>(), ["don't", "go", "café", "été"]);
    }
}
