//! Flags: what an organizer should look at before trusting entries, what was decided, and what the teams said to it.
//!
//! The machine raises a flag with its evidence and does nothing else.
//! An organizer dismisses or upholds it; the teams are told of a flag that is upheld and may appeal once; the organizer answers.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// The longest text of a reason, an appeal or an answer, in bytes.
pub const LONGEST_TEXT: usize = 4_000;

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Two teams predict the same.
    ExactDuplicate,
    /// Two teams make the same mistakes.
    NearDuplicate,
    /// Submissions of one team that differ in a handful of items.
    SmallChanges,
    /// Submissions of one team with one answer everywhere but in a block.
    ConstantButABlock,
}

impl FlagKind {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExactDuplicate => "exact_duplicate",
            Self::NearDuplicate => "near_duplicate",
            Self::SmallChanges => "small_changes",
            Self::ConstantButABlock => "constant_but_a_block",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "exact_duplicate" => Ok(Self::ExactDuplicate),
            "near_duplicate" => Ok(Self::NearDuplicate),
            "small_changes" => Ok(Self::SmallChanges),
            "constant_but_a_block" => Ok(Self::ConstantButABlock),
            _ => Err(Invalid::new("kind", "must be a kind of flag")),
        }
    }
}

/// What an organizer decided about a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagDecision {
    /// There is nothing to it.
    Dismissed,
    /// There is something to it, with a consequence for each team.
    Upheld,
}

impl FlagDecision {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dismissed => "dismissed",
            Self::Upheld => "upheld",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "dismissed" => Ok(Self::Dismissed),
            "upheld" => Ok(Self::Upheld),
            _ => Err(Invalid::new("decision", "must be dismissed or upheld")),
        }
    }
}

/// What an upheld flag means for a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Nothing: it is on record.
    None,
    /// Its submissions of the flag leave the leaderboard; tombstones stay.
    Withdrawn,
    /// It is given no prize in the phase; its entries stand.
    Disqualified,
}

impl Consequence {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Withdrawn => "withdrawn",
            Self::Disqualified => "disqualified",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "none" => Ok(Self::None),
            "withdrawn" => Ok(Self::Withdrawn),
            "disqualified" => Ok(Self::Disqualified),
            _ => Err(Invalid::new("consequence", "must be none, withdrawn or disqualified")),
        }
    }
}

/// What the organizer answered to an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealOutcome {
    /// The consequence stays.
    Confirmed,
    /// The consequence is lifted; what the decision withdrew stands again.
    Reversed,
}

impl AppealOutcome {
    /// The stored and public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Reversed => "reversed",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "confirmed" => Ok(Self::Confirmed),
            "reversed" => Ok(Self::Reversed),
            _ => Err(Invalid::new("outcome", "must be confirmed or reversed")),
        }
    }
}

/// A reason, an appeal or an answer: something was said, and not endlessly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Statement(String);

impl Statement {
    /// Reads a text of 1 to [`LONGEST_TEXT`] bytes, without blanks around it.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST_TEXT {
            return Err(Invalid::new("text", format!("must have 1 to {LONGEST_TEXT} bytes")));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(Invalid::new("text", "must not hold control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Statement {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Statement> for String {
    fn from(statement: Statement) -> Self {
        statement.0
    }
}

impl std::fmt::Display for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_read_back() {
        for kind in [
            FlagKind::ExactDuplicate,
            FlagKind::NearDuplicate,
            FlagKind::SmallChanges,
            FlagKind::ConstantButABlock,
        ] {
            assert_eq!(FlagKind::parse(kind.as_str()), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        for consequence in [Consequence::None, Consequence::Withdrawn, Consequence::Disqualified] {
            assert_eq!(Consequence::parse(consequence.as_str()), Ok(consequence));
        }
        for decision in [FlagDecision::Dismissed, FlagDecision::Upheld] {
            assert_eq!(FlagDecision::parse(decision.as_str()), Ok(decision));
        }
        for outcome in [AppealOutcome::Confirmed, AppealOutcome::Reversed] {
            assert_eq!(AppealOutcome::parse(outcome.as_str()), Ok(outcome));
        }
        assert!(FlagKind::parse("copy").is_err() && Consequence::parse("banned").is_err());
    }

    #[test]
    fn a_statement_says_something() {
        assert_eq!(Statement::parse("  we share\ncode ").unwrap().as_str(), "we share\ncode");
        for wrong in ["", " \n", "a\u{7}b", &"x".repeat(LONGEST_TEXT + 1)] {
            assert!(Statement::parse(wrong).is_err());
        }
    }
}
