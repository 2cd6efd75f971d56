//! Challenges: one competition, in one edition.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Invalid, Slug, Tag, Title};

/// What an organizer says about a challenge when creating or changing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeDraft {
    /// Its part of the address, unique on the site.
    pub slug: Slug,
    /// Its heading.
    pub title: Title,
    /// One or two sentences for lists.
    pub summary: String,
    /// The page text, in Markdown.
    pub description: String,
    /// The series it is an edition of.
    pub series: Option<Slug>,
    /// Which edition, in the organizers' words ("2026").
    pub edition: String,
    /// The most people a team may have; absent for no limit.
    pub team_max_size: Option<u32>,
    /// The rules and terms that participants accept, in Markdown; empty when there are none.
    pub terms: String,
    /// The words by which it is found, at most [`MOST_TAGS`].
    pub tags: BTreeSet<Tag>,
}

/// A challenge has at most so many tags.
pub const MOST_TAGS: usize = 12;

/// The longest page text, in bytes.
pub const LONGEST_TEXT: usize = 200_000;

impl ChallengeDraft {
    /// Checks the lengths that the types do not.
    pub fn check(self) -> Result<Self, Invalid> {
        let lengths = [
            ("summary", &self.summary, 1_000),
            ("description", &self.description, LONGEST_TEXT),
            ("edition", &self.edition, 80),
            ("terms", &self.terms, LONGEST_TEXT),
        ];
        for (field, text, longest) in lengths {
            if text.len() > longest {
                return Err(Invalid::new(field, format!("must have at most {longest} bytes")));
            }
        }
        if self.team_max_size.is_some_and(|size| size == 0 || size > 1_000) {
            return Err(Invalid::new("team_max_size", "must be between 1 and 1000, or absent for no limit"));
        }
        if self.tags.len() > MOST_TAGS {
            return Err(Invalid::new("tags", format!("must be at most {MOST_TAGS}")));
        }
        Ok(self)
    }
}

/// Reads tags as people write them; two spellings of one are one.
pub fn tags(words: &[String]) -> Result<BTreeSet<Tag>, Invalid> {
    let read = |(index, word): (usize, &String)| {
        Tag::parse(word).map_err(|invalid| Invalid::new(format!("tags[{index}]"), invalid.rule))
    };
    words.iter().enumerate().map(read).collect()
}

/// Where a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeState {
    /// Seen by its organizers only.
    Draft,
    /// Seen by everyone.
    Published,
    /// Seen by everyone, and closed for good.
    Archived,
}

impl ChallengeState {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "draft" => Ok(Self::Draft),
            "published" => Ok(Self::Published),
            "archived" => Ok(Self::Archived),
            _ => Err(Invalid::new("state", "must be draft, published or archived")),
        }
    }
}
