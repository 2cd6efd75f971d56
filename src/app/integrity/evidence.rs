//! How sure a flag is, in the numbers that an organizer judges by.

use domain::Digest;
use ranking::integrity::{Likeness, Residuals, WrongAnswers};
use serde::{Deserialize, Serialize};

/// The evidence of a flag, as it is stored with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "measure", rename_all = "snake_case")]
pub enum FlagEvidence {
    /// Both predict the same for everything.
    SamePredictions(SamePredictions),
    /// Both give the same wrong answers.
    WrongAnswers(WrongAnswers),
    /// Both are off by the same.
    Residuals(Residuals),
    /// A team's submissions differ in a handful of items.
    SmallChanges(SmallChanges),
    /// A team's submissions have one answer everywhere but in a block.
    Blocks(Blocks),
}

/// Both predict the same for everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SamePredictions {
    /// The digest of the predictions in their canonical form.
    pub predictions: Digest,
    /// Whether the files are the same byte by byte.
    pub same_file: bool,
}

/// A team's submissions differ from the first of them in a handful of items each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SmallChanges {
    /// How many items there are.
    pub items: u64,
    /// In how many items the submission differs that differs most.
    pub most_changed: u64,
}

/// A team's submissions have one answer everywhere but in a block of consecutive items.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blocks {
    /// How many items there are.
    pub items: u64,
}

impl From<Likeness> for FlagEvidence {
    fn from(likeness: Likeness) -> Self {
        match likeness {
            Likeness::WrongAnswers(found) => Self::WrongAnswers(found),
            Likeness::Residuals(found) => Self::Residuals(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_reads_back() {
        for evidence in [
            FlagEvidence::SamePredictions(SamePredictions { predictions: Digest::of(b"x"), same_file: true }),
            FlagEvidence::Residuals(Residuals { items: 3, correlation: 0.9995 }),
            FlagEvidence::SmallChanges(SmallChanges { items: 1000, most_changed: 2 }),
            FlagEvidence::Blocks(Blocks { items: 1000 }),
        ] {
            let written = serde_json::to_value(&evidence).unwrap();
            assert!(written["measure"].is_string());
            assert_eq!(serde_json::from_value::<FlagEvidence>(written).unwrap(), evidence);
        }
    }
}
