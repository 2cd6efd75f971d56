//! Teams: dated names, dated members, and what became of them.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A team, which is not its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// What it was called, and when.
    #[serde(default)]
    pub names: Vec<DatedName>,
    /// Who was in it, and when. Somebody who comes back has two.
    #[serde(default)]
    pub memberships: Vec<Membership>,
}

/// A name for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedName {
    /// The name, or a pseudonym of it.
    pub name: String,
    /// The first moment.
    pub from: Timestamp,
    /// The moment from which it was called otherwise.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

/// One stay of a person in a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The person.
    pub person: String,
    /// The first moment.
    pub joined_at: Timestamp,
    /// The moment from which the person was no member any more.
    #[serde(default)]
    pub left_at: Option<Timestamp>,
}

/// A team that comes from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// The earlier team.
    pub from: String,
    /// The later one.
    pub to: String,
    /// A code of the vocabulary `team_lineage.kind`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
}

impl Membership {
    /// Whether the person was a member at some moment from `from` until before `to`.
    pub fn overlaps(&self, from: Timestamp, to: Timestamp) -> bool {
        self.joined_at < to && self.left_at.is_none_or(|left| left > from)
    }

    /// Whether the person was a member at a moment.
    pub fn holds(&self, moment: Timestamp) -> bool {
        self.joined_at <= moment && self.left_at.is_none_or(|left| left > moment)
    }
}
