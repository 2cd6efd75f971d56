//! Codes of the controlled vocabularies, and what was probably meant where there is no such code.

use domain::Invalid;
use research::vocabularies::{UnknownCode, Vocabularies};

/// What is not told; a value everywhere.
pub const UNDISCLOSED: &str = "undisclosed";

/// A code of a vocabulary that is given under the name of `field`.
pub fn code(field: &str, vocabulary: &str, given: &str) -> Result<String, Invalid> {
    match Vocabularies::shipped().code(vocabulary, given) {
        Ok(code) => Ok(code.code.clone()),
        Err(unknown) => Err(Invalid::new(field, rule(vocabulary, &unknown))),
    }
}

/// The same, where not telling is a value too: an absent code is `undisclosed`.
pub fn code_or_undisclosed(field: &str, vocabulary: &str, given: Option<&str>) -> Result<String, Invalid> {
    match given {
        None | Some(UNDISCLOSED) => Ok(UNDISCLOSED.to_owned()),
        Some(given) => code(field, vocabulary, given),
    }
}

/// The codes of a vocabulary with what people read, for forms.
pub fn choices(vocabulary: &str) -> Vec<(String, String)> {
    let codes = Vocabularies::shipped()
        .vocabulary(vocabulary)
        .map(|found| found.codes.as_slice())
        .unwrap_or_default();
    codes.iter().map(|code| (code.code.clone(), code.label.clone())).collect()
}

fn rule(vocabulary: &str, unknown: &UnknownCode) -> String {
    let nearest = match unknown {
        UnknownCode::Vocabulary { nearest, .. } | UnknownCode::Code { nearest, .. } => nearest,
    };
    if nearest.is_empty() {
        return format!("must be a code of {vocabulary}");
    }
    format!("must be a code of {vocabulary}; did you mean {}?", nearest.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_nearest_codes() {
        assert_eq!(code_or_undisclosed("role", "affiliation.role", None).unwrap(), "undisclosed");
        assert_eq!(code_or_undisclosed("role", "affiliation.role", Some("intern")).unwrap(), "intern");
        let wrong =
            code_or_undisclosed("career_stage", "career_stage", Some("doctoral_studnet")).unwrap_err();
        assert_eq!(wrong.field, "career_stage");
        assert_eq!(wrong.rule, "must be a code of career_stage; did you mean doctoral_student?");
    }
}
