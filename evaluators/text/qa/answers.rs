//! How answers are compared.

use std::collections::HashMap;

use crate::characters::{between_spaces, is_word};

/// An answer in small letters, without signs of ASCII and articles, with single blanks.
pub(super) fn normalized(answer: &str) -> String {
    let plain: String =
        answer.to_lowercase().chars().filter(|character| !character.is_ascii_punctuation()).collect();
    let mut normalized = String::with_capacity(plain.len());
    for word in between_spaces(&without_articles(&plain)) {
        if !normalized.is_empty() {
            normalized.push(' ');
        }
        normalized.push_str(word);
    }
    normalized
}

/// Makes articles blanks that stand alone, between white space or signs.
fn without_articles(text: &str) -> String {
    let mut rest = text;
    let mut without = String::with_capacity(text.len());
    while let Some(first) = rest.chars().next() {
        let same = |character: char| is_word(character) == is_word(first);
        let end = rest.find(|character| !same(character)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        without.push_str(if matches!(run, "a" | "an" | "the") { " " } else { run });
        rest = behind;
    }
    without
}

/// The F1 of the words of two normalized answers; whether they are equal, where one is empty.
pub(super) fn f1(right: &str, answer: &str) -> f64 {
    let mut left: HashMap<&str, u32> = HashMap::new();
    let words = |text: &str| between_spaces(text).count();
    let (right_words, answer_words) = (words(right), words(answer));
    if right_words == 0 || answer_words == 0 {
        return f64::from(u8::from(right_words == answer_words));
    }
    between_spaces(right).for_each(|word| *left.entry(word).or_default() += 1);
    let mut same = 0_u32;
    for word in between_spaces(answer) {
        if let Some(left) = left.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            same += 1;
        }
    }
    if same == 0 {
        return 0.0;
    }
    let precision = f64::from(same) / answer_words as f64;
    let recall = f64::from(same) / right_words as f64;
    2.0 * precision * recall / (precision + recall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_lose_signs_and_articles() {
        assert_eq!(normalized("The U.S.A."), "usa");
        assert_eq!(normalized("  A   b\u{a0}an «the» theory A-the-b"), "b « » theory atheb");
        assert_eq!(normalized("a an, THE."), "");
        assert_eq!(normalized("1,000 «x»"), "1000 «x»");
    }

    #[test]
    fn f1_counts_words_as_often_as_both_have_them() {
        assert!((f1("cat cat dog", "cat dog dog") - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((f1("", ""), f1("", "x"), f1("x", ""), f1("x", "y")), (1.0, 0.0, 0.0, 0.0));
    }
}
