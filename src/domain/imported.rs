//! What a challenge that came as a bundle of another system is called there: the ids and names of its parts.

use serde::{Deserialize, Serialize};

use crate::Codename;

/// The parts of a challenge, as its bundle knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedParts {
    /// Its phases, in the order of the bundle.
    pub phases: Vec<ImportedPhaseParts>,
}

/// A phase, as its bundle knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPhaseParts {
    /// Its short name here.
    pub codename: Codename,
    /// Its id in the bundle.
    pub config_id: i64,
    /// Its short name in the bundle, as programs know it.
    pub wire_name: String,
    /// Its boards; there is one split of the phase for each.
    pub boards: Vec<ImportedBoardParts>,
}

/// A board: what one split of the phase shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedBoardParts {
    /// The split, by its short name here.
    pub split: Codename,
    /// The id of the leaderboard in the bundle.
    pub leaderboard_id: i64,
    /// The id of the set of items in the bundle.
    pub dataset_split_id: i64,
    /// The name of the set of items, as programs write it into their results.
    pub wire_name: String,
    /// What the board is called.
    pub title: String,
    /// Who sees it: 1 organizers, 2 also each team its own, 3 everyone.
    pub visibility: u8,
    /// The names of its metrics, in the order of the columns.
    pub metrics: Vec<String>,
    /// Those of them that participants do not see.
    pub hidden: Vec<String>,
    /// The metric that ranks it.
    pub primary: String,
}

impl ImportedParts {
    /// The phase of a short name.
    pub fn phase(&self, codename: &Codename) -> Option<&ImportedPhaseParts> {
        self.phases.iter().find(|phase| phase.codename == *codename)
    }
}
