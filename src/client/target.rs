//! Which phase is meant.

use std::fmt;

/// A phase as a person names it: `CHALLENGE/PHASE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseTarget {
    /// The slug or id of the challenge.
    pub challenge: String,
    /// The codename or id of the phase.
    pub phase: String,
}

/// It does not name a phase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} does not name a phase; write CHALLENGE/PHASE, such as ego-moments-2026/test")]
pub struct TargetMalformed(String);

impl PhaseTarget {
    /// Reads `CHALLENGE/PHASE`, or `PHASE` of the challenge that is named elsewhere.
    pub fn parse(text: &str, challenge: Option<&str>) -> Result<Self, TargetMalformed> {
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        let (challenge, phase) = match (text.split_once('/'), challenge) {
            (Some((challenge, phase)), None) => (challenge, phase),
            (None, Some(challenge)) => (challenge, text),
            (Some((named, phase)), Some(challenge)) if named == challenge => (challenge, phase),
            _ => return Err(TargetMalformed(text.to_owned())),
        };
        if !plain(challenge) || !plain(phase) {
            return Err(TargetMalformed(text.to_owned()));
        }
        Ok(Self { challenge: challenge.to_owned(), phase: phase.to_owned() })
    }

    /// Its address in the API.
    pub fn path(&self) -> String {
        format!("/challenges/{}/phases/{}", self.challenge, self.phase)
    }
}

impl fmt::Display for PhaseTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.challenge, self.phase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_is_named_with_its_challenge() {
        let named = PhaseTarget::parse("ego-2026/test_public", None).unwrap();
        assert_eq!(named.path(), "/challenges/ego-2026/phases/test_public");
        assert_eq!(PhaseTarget::parse("test_public", Some("ego-2026")).unwrap(), named);
        assert_eq!(PhaseTarget::parse("ego-2026/test_public", Some("ego-2026")).unwrap(), named);
        for (text, challenge) in [
            ("test", None),
            ("a/b", Some("c")),
            ("a/b/c", None),
            ("/b", None),
            ("a/", None),
            ("a/b?x=1", None),
        ] {
            assert!(PhaseTarget::parse(text, challenge).is_err(), "{text}");
        }
    }
}
