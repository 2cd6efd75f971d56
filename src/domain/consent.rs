//! What people may consent to, and the words that they consent to.
//!
//! Running the service rests on the contract with its users and needs no consent; everything else is asked for by itself, nothing is
//! ticked beforehand, and nothing in a competition depends on an answer.
//! A text that changes gets a new version: a consent is to the words that were read.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A purpose that a person may consent to, apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentPurpose {
    /// The name stands in lists that others see.
    PublicName,
    /// What one says of oneself is counted in published totals.
    AggregateStats,
    /// Researchers get rows under a pseudonym.
    ResearchPseudonymous,
    /// Researchers get rows with the name.
    ResearchIdentified,
    /// Records may be joined with public ones by ORCID.
    LinkExternal,
    /// Researchers may ask for an interview.
    InterviewContact,
    /// Records may be kept for later research.
    Archive,
}

/// A text as it stands in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentText {
    /// What it is about.
    pub purpose: ConsentPurpose,
    /// Counts up with every change of the words.
    pub version: i32,
    /// The language, as BCP 47 names it.
    pub locale: &'static str,
    /// The words.
    pub body: &'static str,
}

impl ConsentPurpose {
    /// Every purpose, in the order in which they are asked.
    pub const ALL: [Self; 7] = [
        Self::AggregateStats,
        Self::ResearchPseudonymous,
        Self::PublicName,
        Self::Archive,
        Self::InterviewContact,
        Self::LinkExternal,
        Self::ResearchIdentified,
    ];

    /// The stored and public name: a code of the vocabulary `consent.purpose`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PublicName => "public_name",
            Self::AggregateStats => "aggregate_stats",
            Self::ResearchPseudonymous => "research_pseudonymous",
            Self::ResearchIdentified => "research_identified",
            Self::LinkExternal => "link_external",
            Self::InterviewContact => "interview_contact",
            Self::Archive => "archive",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|purpose| purpose.as_str() == text);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.into_iter().map(Self::as_str).collect();
            Invalid::new("purpose", format!("must be one of {}", names.join(", ")))
        })
    }

    /// The words in force.
    pub fn text(self) -> ConsentText {
        let body = match self {
            Self::PublicName => {
                "My name may be given to the organizers of challenges that I take part in as part of files that they take away. \
                 On this server my team and its organizers see my name whether I agree or not."
            }
            Self::AggregateStats => {
                "What I say of my affiliations, my career stage and my country, and how my team came to a challenge, may be \
                 counted in totals that are published. No total is shown in which fewer than five people could be told apart."
            }
            Self::ResearchPseudonymous => {
                "Researchers whose request was approved, and who have signed the data use agreement, may get a row about me \
                 under a pseudonym that is good for one export: my teams, when I joined and left them, my affiliations and what \
                 lists say of them. They do not get my name, and must not try to find it. I see on my page which exports I am in."
            }
            Self::ResearchIdentified => {
                "Researchers whose request was approved may get my name with my row. I am asked again for each study."
            }
            Self::LinkExternal => {
                "My records may be joined with public records under my ORCID iD, such as publications."
            }
            Self::InterviewContact => {
                "A researcher may ask the operator of this server to forward me an invitation to an interview. \
                 My address is not given away."
            }
            Self::Archive => {
                "My pseudonymous row may be kept for later research for up to 24 months after the last edition of a challenge."
            }
        };
        ConsentText { purpose: self, version: 1, locale: "en", body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_read_back_and_every_purpose_has_words() {
        for purpose in ConsentPurpose::ALL {
            assert_eq!(ConsentPurpose::parse(purpose.as_str()), Ok(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.as_str());
            assert!(purpose.text().body.len() > 40 && !purpose.text().body.contains("  "));
        }
        assert!(ConsentPurpose::parse("operate").is_err(), "the contract, not consent");
    }
}
