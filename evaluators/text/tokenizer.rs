//! Tokenizers of sacreBLEU and of its TER.

use std::borrow::Cow;

use crate::characters::{Kind, is_space, kind};

/// How a text is divided into tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tokenizer {
    /// Of the evaluations of WMT, after `mteval-v13a`.
    Thirteen,
    /// After `mteval-v14`: punctuation and symbols of all scripts.
    International,
    /// Every character but white space.
    Characters,
    /// What stands between white space.
    Blanks,
    /// TER's, with punctuation separated.
    Tercom,
}

impl Tokenizer {
    /// The text with white space between its tokens.
    pub(crate) fn separate(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Blanks => Cow::Borrowed(text),
            Self::Characters => Cow::Owned(text.chars().flat_map(|character| [character, ' ']).collect()),
            Self::Thirteen => Cow::Owned(thirteen(text.trim_end_matches(is_space))),
            Self::International => Cow::Owned(international(text.trim_end_matches(is_space))),
            Self::Tercom => Cow::Owned(tercom(text.trim_end_matches(is_space))),
        }
    }
}

fn thirteen(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    dashes(&stops_before(&stops_behind(&symbols(&format!(" {} ", without_entities(&text))))))
}

fn tercom(text: &str) -> String {
    let text = text.replace("\n-", "").replace('\n', " ");
    let text = symbols(&format!(" {} ", without_entities(&text))).replace("'s ", " 's ");
    let text = match text.strip_suffix("'s") {
        Some(before) => format!("{before} 's"),
        None => text,
    };
    dashes(&stops_before(&stops_behind(&text)))
}

fn without_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("&quot;", "\"").replace("&amp;", "&");
    Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">"))
}

/// Puts blanks around the signs of ASCII, but for the apostrophe, the comma, the stop and the dash.
fn symbols(text: &str) -> String {
    let mut separated = String::with_capacity(text.len() + text.len() / 4);
    for character in text.chars() {
        if character.is_ascii_punctuation() && !matches!(character, '\'' | ',' | '.' | '-') {
            separated.push(' ');
            separated.push(character);
            separated.push(' ');
        } else {
            separated.push(character);
        }
    }
    separated
}

fn is_stop(character: char) -> bool {
    matches!(character, '.' | ',')
}

/// Goes over pairs of neighbours: a pair that fits is written as `join` says and done with, else its first goes alone.
fn over_pairs(
    text: &str,
    fits: impl Fn(char, char) -> bool,
    join: impl Fn(&mut String, char, char),
) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 8);
    let mut characters = text.chars().peekable();
    while let Some(first) = characters.next() {
        match characters.next_if(|second| fits(first, *second)) {
            Some(second) => join(&mut written, first, second),
            None => written.push(first),
        }
    }
    written
}

/// Separates stops and commas from what stands before them, unless that is a digit.
fn stops_behind(text: &str) -> String {
    over_pairs(text, |first, second| !first.is_ascii_digit() && is_stop(second), behind)
}

/// Separates stops and commas from what stands behind them, unless that is a digit.
fn stops_before(text: &str) -> String {
    over_pairs(text, |first, second| is_stop(first) && !second.is_ascii_digit(), before)
}

/// Separates a dash from a digit before it.
fn dashes(text: &str) -> String {
    over_pairs(text, |first, second| first.is_ascii_digit() && second == '-', behind)
}

/// The second with blanks around it.
fn behind(written: &mut String, first: char, second: char) {
    written.extend([first, ' ', second, ' ']);
}

/// The first with blanks around it.
fn before(written: &mut String, first: char, second: char) {
    written.extend([' ', first, ' ', second]);
}

fn international(text: &str) -> String {
    let number = |character| kind(character) == Kind::Number;
    let punctuation = |character| kind(character) == Kind::Punctuation;
    let text = over_pairs(text, |first, second| !number(first) && punctuation(second), behind);
    let text = over_pairs(&text, |first, second| punctuation(first) && !number(second), before);
    let mut separated = String::with_capacity(text.len());
    for character in text.chars() {
        if kind(character) == Kind::Symbol {
            separated.extend([' ', character, ' ']);
        } else {
            separated.push(character);
        }
    }
    separated
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::characters::between_spaces;

    fn tokens(tokenizer: Tokenizer, text: &str) -> Vec<String> {
        between_spaces(&tokenizer.separate(text)).map(str::to_owned).collect()
    }

    #[test]
    fn thirteen_separates_what_is_not_a_number() {
        let of = |text| tokens(Tokenizer::Thirteen, text).join(" ");
        assert_eq!(of("3.50 and 1,000.5 end."), "3.50 and 1,000.5 end .");
        assert_eq!(of("2020-21 x-y, don't (ok)!"), "2020 - 21 x-y , don't ( ok ) !");
        assert_eq!(of("&quot;a&amp;b&quot; &lt;c&gt;"), "\" a & b \" < c >");
        assert_eq!(of("a.. b"), "a . . b");
        assert_eq!(of("é. over-\nflow\nend"), "é . overflow end");
    }

    #[test]
    fn the_others() {
        let international = tokens(Tokenizer::International, "«oui» – 100% 3.5 €");
        assert_eq!(international, ["«", "oui", "»", "–", "100", "%", "3.5", "€"]);
        assert_eq!(tokens(Tokenizer::Characters, "a b\u{a0}é"), ["a", "b", "é"]);
        assert_eq!(tokens(Tokenizer::Blanks, " a\u{1f}b,c \n"), ["a", "b,c"]);
        assert_eq!(tokens(Tokenizer::Tercom, "anna's dog's 3.5-4.").join(" "), "anna 's dog 's 3.5 - 4 .");
    }
}
