//! What a phase asks of submissions beyond what its evaluator reads: kinds of files, and anonymity until a date.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Timestamp};

/// How many endings of file names may be named.
const MOST_FILE_TYPES: usize = 20;

/// The rules; what is absent asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubmissionRules {
    /// The endings of file names that are taken, in lower case without the first dot, as in `csv` or `tar.gz`; empty for all.
    pub file_types: Vec<String>,
    /// Until then nobody but the organizers learns whose an entry is, except of their own.
    pub anonymous_until: Option<Timestamp>,
}

impl SubmissionRules {
    /// Checks the endings.
    pub fn check(self) -> Result<Self, Invalid> {
        if self.file_types.len() > MOST_FILE_TYPES {
            return Err(Invalid::new("file_types", format!("must hold at most {MOST_FILE_TYPES}")));
        }
        for (index, ending) in self.file_types.iter().enumerate() {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            let parts = ending.split('.').all(|part| !part.is_empty() && part.chars().all(plain));
            if ending.len() > 20 || !parts {
                let rule = "must be an ending such as csv or tar.gz, in lower case without the first dot";
                return Err(Invalid::new(format!("file_types[{index}]"), rule));
            }
        }
        Ok(self)
    }

    /// Lets a file pass whose name has one of the endings; letters may be of any case.
    pub fn accept_file(&self, file_name: &str) -> Result<(), Invalid> {
        let name = file_name.to_ascii_lowercase();
        let fits = |ending: &String| {
            name.strip_suffix(ending.as_str())
                .and_then(|stem| stem.strip_suffix('.'))
                .is_some_and(|stem| !stem.is_empty())
        };
        if self.file_types.is_empty() || self.file_types.iter().any(fits) {
            return Ok(());
        }
        let known: Vec<String> = self.file_types.iter().map(|ending| format!(".{ending}")).collect();
        Err(Invalid::new("file_name", format!("must end with {}", known.join(" or "))))
    }

    /// Whether entries are anonymous at a moment.
    pub fn is_anonymous_at(&self, now: Timestamp) -> bool {
        self.anonymous_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(endings: &[&str]) -> SubmissionRules {
        let file_types = endings.iter().map(ToString::to_string).collect();
        SubmissionRules { file_types, anonymous_until: None }
    }

    #[test]
    fn files_are_told_by_their_endings() {
        assert!(SubmissionRules::default().accept_file("anything").is_ok());
        let rules = rules(&["csv", "tar.gz"]).check().unwrap();
        for good in ["a.csv", "A.CSV", "run 1.tar.gz"] {
            assert!(rules.accept_file(good).is_ok(), "{good}");
        }
        for bad in ["csv", ".csv", "a.csv.exe", "a.gz", "a"] {
            assert_eq!(
                rules.accept_file(bad).unwrap_err().to_string(),
                "file_name must end with .csv or .tar.gz"
            );
        }
    }

    #[test]
    fn endings_are_plain() {
        for bad in [".csv", "CSV", "", "a b", "tar..gz", "abcdefghijklmnopqrstu"] {
            assert!(rules(&[bad]).check().is_err(), "{bad}");
        }
    }

    #[test]
    fn anonymity_ends_at_its_moment() {
        let until = Timestamp::parse("2026-06-01T00:00:00Z").unwrap();
        let rules = SubmissionRules { anonymous_until: Some(until), ..SubmissionRules::default() };
        assert!(rules.is_anonymous_at(until.plus_seconds(-1)));
        assert!(!rules.is_anonymous_at(until));
        assert!(!SubmissionRules::default().is_anonymous_at(until));
    }
}
