//! "Did you mean …?" for codes that are not known.

use sdk::Fault;

/// How many suggestions are made at most.
const MOST: usize = 3;

/// The known names that `given` is most likely a misspelling of, the nearest first; at most three, often none.
///
/// Capitals, spaces and hyphens do not count; what is left may differ in a third of its letters (Damerau and Levenshtein).
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    // A name that long is no misspelling, and the distance takes time in the product of the lengths.
    const LONGEST: usize = 100;
    if given.len() > LONGEST {
        return Vec::new();
    }
    let given = folded(given);
    let limit = (given.chars().count() / 3).max(2);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (strsim::damerau_levenshtein(&given, &folded(name)), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// The end of a sentence that names what is near: nothing where nothing is.
pub(crate) fn suggestion(near: &[impl AsRef<str>]) -> String {
    if near.is_empty() {
        return String::new();
    }
    let names: Vec<String> = near.iter().map(|name| format!("{:?}", name.as_ref())).collect();
    format!("; did you mean {}?", names.join(" or "))
}

/// The same fault, with what is near as its hint where anything is.
pub(crate) fn with_suggestion(fault: Fault, near: &[&str]) -> Fault {
    match suggestion(near).strip_prefix("; ") {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

fn folded(name: &str) -> String {
    name.chars()
        .map(|letter| if matches!(letter, ' ' | '-') { '_' } else { letter.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_what_is_far_does_not_come() {
        let known = ["academia", "public_research", "industry_big", "industry_other"];
        assert_eq!(nearest("Public Research", known), ["public_research"]);
        assert_eq!(nearest("industry_bgi", known), ["industry_big"]);
        assert_eq!(nearest("acadmeia", known), ["academia"]);
        assert_eq!(nearest("x", known), [] as [&str; 0]);
        assert_eq!(nearest("", ["a", "bc"]), [] as [&str; 0]);
        assert_eq!(nearest(&"a".repeat(101), ["a"]), [] as [&str; 0]);
    }

    #[test]
    fn a_suggestion_ends_a_sentence() {
        assert_eq!(suggestion(&[] as &[&str]), "");
        assert_eq!(suggestion(&["a", "b"]), "; did you mean \"a\" or \"b\"?");
    }
}
