//! Teams: a group of people who submit together.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What a member may do in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TeamRole {
    /// Also invites, removes, and chooses the final submission.
    Captain,
    /// Submits.
    Member,
}

impl TeamRole {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Captain => "captain",
            Self::Member => "member",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "captain" => Ok(Self::Captain),
            "member" => Ok(Self::Member),
            _ => Err(Invalid::new("role", "must be captain or member")),
        }
    }
}

/// Whether one more person fits into a team.
pub fn has_room(members: u32, max_size: Option<u32>) -> bool {
    max_size.is_none_or(|max_size| members < max_size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_team_has_no_room() {
        assert!(has_room(4, Some(5)));
        assert!(!has_room(5, Some(5)));
        assert!(has_room(500, None));
    }
}
