//! Submissions: what a team sent, and the states it goes through.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Invalid;
use crate::phase::AttributeSpec;

/// Where a submission stands.
///
/// It only moves forward: `uploading -> queued -> running -> scored | invalid | failed | cancelled`.
/// A rerun, which an organizer asks for, is the one way back to `queued`, and it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionState {
    /// Its bytes are still arriving.
    Uploading,
    /// Accepted, waiting for a worker.
    Queued,
    /// A worker has begun.
    Running,
    /// It has its scores.
    Scored,
    /// Its file is wrong, and the faults say how.
    Invalid,
    /// The evaluation went wrong through no fault of the file.
    Failed,
    /// The team took it back before it was scored.
    Cancelled,
}

impl SubmissionState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Uploading,
        Self::Queued,
        Self::Running,
        Self::Scored,
        Self::Invalid,
        Self::Failed,
        Self::Cancelled,
    ];

    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Scored => "scored",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| Invalid::new("state", "must be a submission state"))
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Scored | Self::Invalid | Self::Failed | Self::Cancelled)
    }

    /// Whether a submission may go from this state to `next` without anybody asking for a rerun.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Uploading => matches!(next, Self::Queued | Self::Cancelled),
            Self::Queued => matches!(next, Self::Running | Self::Cancelled | Self::Failed),
            Self::Running => matches!(next, Self::Scored | Self::Invalid | Self::Failed | Self::Cancelled),
            Self::Scored | Self::Invalid | Self::Failed | Self::Cancelled => false,
        }
    }

    /// Whether an organizer may have it evaluated again from the start.
    pub fn may_rerun(self) -> bool {
        matches!(self, Self::Failed | Self::Invalid)
    }
}

/// What a team says about the method behind a submission.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Method {
    /// What the method is called.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Where the project is described.
    pub project_url: String,
    /// Where the paper is.
    pub paper_url: String,
    /// Where the code is.
    pub code_url: String,
}

impl Method {
    /// Checks lengths and addresses.
    pub fn check(self) -> Result<Self, Invalid> {
        if self.name.chars().count() > 200 {
            return Err(Invalid::new("method.name", "must have at most 200 characters"));
        }
        if self.description.len() > 10_000 {
            return Err(Invalid::new("method.description", "must have at most 10000 bytes"));
        }
        let urls = [
            ("method.project_url", &self.project_url),
            ("method.paper_url", &self.paper_url),
            ("method.code_url", &self.code_url),
        ];
        for (field, url) in urls {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            let is_plain = url.len() <= 2_000 && !url.chars().any(|c| c.is_whitespace() || c.is_control());
            let is_link = is_web && is_plain;
            if !(url.is_empty() || is_link) {
                return Err(Invalid::new(field, "must be an http or https address"));
            }
        }
        Ok(self)
    }
}

/// Checks a team's answers against what the phase asks.
pub fn check_attributes(asked: &[AttributeSpec], answers: &Map<String, Value>) -> Result<(), Invalid> {
    for spec in asked {
        match answers.get(&spec.name) {
            Some(answer) => spec.accepts(answer).map_err(|invalid| invalid.inside("attributes"))?,
            None if spec.required => {
                return Err(Invalid::new(
                    format!("attributes.{}", spec.name),
                    "is asked for by the organizers",
                ));
            }
            None => {}
        }
    }
    for name in answers.keys() {
        if !asked.iter().any(|spec| &spec.name == name) {
            return Err(Invalid::new(format!("attributes.{name}"), "is not asked for in this phase"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_only_move_forward() {
        let rank = |state: SubmissionState| match state {
            SubmissionState::Uploading => 0,
            SubmissionState::Queued => 1,
            SubmissionState::Running => 2,
            _ => 3,
        };
        for from in SubmissionState::ALL {
            assert_eq!(SubmissionState::parse(from.as_str()).unwrap(), from);
            for to in SubmissionState::ALL {
                assert!(!from.may_become(to) || rank(from) < rank(to), "{from:?} -> {to:?}");
                assert!(!(from.is_final() && from.may_become(to)));
            }
        }
    }

    #[test]
    fn only_web_addresses_are_links() {
        let with = |url: &str| Method { code_url: url.into(), ..Method::default() }.check();
        assert!(with("https://example.org/code").is_ok());
        assert!(with("").is_ok());
        assert!(with("javascript:alert(1)").is_err());
        assert!(with("https://example.org/a b").is_err());
    }
}
