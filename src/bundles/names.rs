//! Names of other systems, made into names that this one takes.

use domain::{Codename, Slug};
use unicode_normalization::UnicodeNormalization;

/// The longest name, as in [`Slug`] and [`Codename`].
const LONGEST: usize = 64;

/// A slug that is made of a title; `challenge` where nothing of it can stand in an address.
pub(crate) fn slug(title: &str) -> Option<Slug> {
    let plain = plain(title, '-');
    Slug::parse(if plain.is_empty() { "challenge" } else { &plain }).ok()
}

/// A codename that is made of another, and none of those that are taken.
pub(crate) fn codename<'t>(
    text: &str,
    taken: impl Iterator<Item = &'t Codename> + Clone,
) -> Option<Codename> {
    let is_free = |name: &str| !taken.clone().any(|other| other.as_str() == name);
    Codename::parse(&free(plain(text, '_'), "part", is_free)).ok()
}

/// The name of an attribute, made of another, and none of those that are taken.
pub(crate) fn attribute<'t>(text: &str, taken: impl Iterator<Item = &'t str> + Clone) -> String {
    let is_free = |name: &str| !taken.clone().any(|other| other == name);
    free(plain(text, '_').replace('-', "_"), "attribute", is_free)
}

/// The name itself, or with the first number behind it that makes it free.
fn free(name: String, otherwise: &str, is_free: impl Fn(&str) -> bool) -> String {
    let name = if name.is_empty() { otherwise.to_owned() } else { name };
    if is_free(&name) {
        return name;
    }
    let stem: String = name.chars().take(LONGEST - 8).collect();
    (2_u32..).map(|number| format!("{stem}_{number}")).find(|name| is_free(name)).unwrap_or(name)
}

/// Lower-case letters and digits, with one separator between words; underscores stay where they may.
fn plain(text: &str, separator: char) -> String {
    let mut name = String::new();
    for letter in text.nfkd().filter(|letter| !matches!(letter, '\u{300}'..='\u{36f}')) {
        let letter = letter.to_ascii_lowercase();
        let is_plain = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        if is_plain || letter == '-' || letter == separator {
            name.push(letter);
        } else if !name.ends_with(separator) {
            name.push(separator);
        }
    }
    let name: String = name.trim_matches(['-', '_']).chars().take(LONGEST).collect();
    name.trim_end_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_plain_and_stay_apart() {
        let slug = |title| super::slug(title).unwrap().as_str().to_owned();
        assert_eq!(slug("Ego-Moments: The 2026 Challenge!"), "ego-moments-the-2026-challenge");
        assert_eq!(slug("Übung & café"), "ubung-cafe");
        assert_eq!(slug("挑战"), "challenge");
        assert!(slug(&"x ".repeat(100)).len() <= 64);
        let mut taken: Vec<Codename> = Vec::new();
        for text in [
            "Test Split",
            "test_split",
            "TEST-split",
            "Test Split",
            "!",
            "_",
            &"l".repeat(80),
            &"l".repeat(80),
        ] {
            let name = codename(text, taken.iter()).unwrap();
            assert!(!taken.contains(&name), "{name}");
            taken.push(name);
        }
        let names: Vec<_> = taken.iter().take(6).map(Codename::as_str).collect();
        assert_eq!(names, ["test_split", "test_split_2", "test-split", "test_split_3", "part", "part_2"]);
        assert_eq!(attribute("Which-Data?", ["which_data"].into_iter()), "which_data_2");
    }
}
