//! What organizers tell the people of a challenge.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Title};

/// The longest text of an announcement, in bytes.
pub const LONGEST_BODY: usize = 20_000;

/// Who is sent an announcement as a mail; everybody who sees the challenge can read it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Nobody.
    #[default]
    Nobody,
    /// Everybody who is registered.
    Participants,
    /// The captains of the teams.
    Captains,
    /// Those registered whose team has no accepted submission, or who have no team.
    WithoutSubmission,
}

impl Audience {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nobody, Self::Participants, Self::Captains, Self::WithoutSubmission];

    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Participants => "participants",
            Self::Captains => "captains",
            Self::WithoutSubmission => "without_submission",
        }
    }

    /// Reads the name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == text).ok_or_else(|| {
            Invalid::new("audience", "must be nobody, participants, captains or without_submission")
        })
    }
}

/// An announcement before it is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementDraft {
    /// Its heading.
    pub title: Title,
    /// Its text, in Markdown.
    pub body: String,
    /// Who is sent it.
    pub audience: Audience,
}

impl AnnouncementDraft {
    /// Checks the text: 1 to [`LONGEST_BODY`] bytes without blanks around it, and no control characters but line ends and tabs.
    pub fn new(title: Title, body: &str, audience: Audience) -> Result<Self, Invalid> {
        let body = body.trim();
        if body.is_empty() || body.len() > LONGEST_BODY {
            return Err(Invalid::new("body", format!("must have 1 to {LONGEST_BODY} bytes")));
        }
        if body.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Invalid::new("body", "must not hold control characters"));
        }
        Ok(Self { title, body: body.to_owned(), audience })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_read_back_and_texts_are_checked() {
        for audience in Audience::ALL {
            assert_eq!(Audience::parse(audience.as_str()), Ok(audience));
        }
        assert!(Audience::parse("everybody").is_err());
        let draft = |body: &str| {
            AnnouncementDraft::new(Title::parse("A new version").unwrap(), body, Audience::Nobody)
        };
        assert_eq!(draft(" Two videos\nwere cut. ").unwrap().body, "Two videos\nwere cut.");
        for bad in ["", " \n", "\u{7}", &"x".repeat(LONGEST_BODY + 1)] {
            assert_eq!(draft(bad).unwrap_err().field, "body");
        }
    }
}
