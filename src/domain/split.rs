//! Splits: which items a score speaks of, and who sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Codename, Invalid};

/// A named set of items of a phase with its own visibility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitSpec {
    /// Its short name, unique in the phase.
    pub codename: Codename,
    /// Who sees its scores.
    pub visibility: Visibility,
    /// Which items it holds.
    pub rule: SplitRule,
}

/// Who sees the scores of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone who sees the leaderboard.
    Public,
    /// Organizers only, until the phase is closed and its result released.
    Private,
}

impl Visibility {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    /// Reads the stored name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err(Invalid::new("visibility", "must be public or private")),
        }
    }
}

/// Which items belong to a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum SplitRule {
    /// Every item.
    All,
    /// Items whose attribute has one of the values.
    Attribute {
        /// The attribute's name in the items table.
        attribute: String,
        /// The values that belong.
        values: Vec<String>,
    },
    /// Items whose group falls on one side of a salted hash, so that a video never straddles two splits.
    Hash {
        /// How much of the hash range is the inside, in percent (1 to 99).
        percent: u8,
        /// Whether this split is the inside or the rest.
        side: HashSide,
    },
}

/// One side of a hash split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashSide {
    /// The groups that hash below the percentage.
    Inside,
    /// The others.
    Outside,
}

impl SplitRule {
    /// Whether an item belongs, by its group and attributes and the phase's secret salt.
    pub fn contains(&self, salt: &[u8], group: &str, attributes: &BTreeMap<&str, &str>) -> bool {
        match self {
            Self::All => true,
            Self::Attribute { attribute, values } => attributes
                .get(attribute.as_str())
                .is_some_and(|value| values.iter().any(|wanted| wanted == value)),
            Self::Hash { percent, side } => {
                (hash_percent(salt, group) < u64::from(*percent)) == (*side == HashSide::Inside)
            }
        }
    }

    /// Checks the rule by itself.
    pub fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::All => Ok(()),
            Self::Attribute { attribute, values } if attribute.is_empty() || values.is_empty() => {
                Err(Invalid::new("rule", "must name an attribute and at least one value"))
            }
            Self::Attribute { .. } => Ok(()),
            Self::Hash { percent, .. } if !(1..=99).contains(percent) => {
                Err(Invalid::new("rule.percent", "must be between 1 and 99"))
            }
            Self::Hash { .. } => Ok(()),
        }
    }
}

/// floor(SHA-256(salt, "|", group)[0..8] * 100 / 2^64): where a group falls, 0 to 99.
///
/// This is what organizers publish the salt for, so that anybody can repeat the split.
fn hash_percent(salt: &[u8], group: &str) -> u64 {
    let digest =
        Sha256::new().chain_update(salt).chain_update(b"|").chain_update(group.as_bytes()).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    ((u128::from(u64::from_be_bytes(first)) * 100) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_sides_of_a_hash_part_the_groups() {
        let side = |side| SplitRule::Hash { percent: 30, side };
        let nothing = BTreeMap::new();
        let mut inside = 0;
        for group in 0..1000 {
            let group = format!("video-{group}");
            let is_inside = side(HashSide::Inside).contains(b"salt", &group, &nothing);
            assert_ne!(is_inside, side(HashSide::Outside).contains(b"salt", &group, &nothing));
            inside += u32::from(is_inside);
        }
        assert!((250..350).contains(&inside), "{inside} of 1000 groups are inside 30 %");
    }

    #[test]
    fn an_attribute_picks_its_values() {
        let rule = SplitRule::Attribute { attribute: "activity".into(), values: vec!["cooking".into()] };
        assert!(rule.contains(b"", "v", &BTreeMap::from([("activity", "cooking")])));
        assert!(!rule.contains(b"", "v", &BTreeMap::from([("activity", "cleaning")])));
        assert!(!rule.contains(b"", "v", &BTreeMap::new()));
    }

    #[test]
    fn degenerate_rules_are_refused() {
        assert!(SplitRule::Hash { percent: 0, side: HashSide::Inside }.check().is_err());
        assert!(SplitRule::Attribute { attribute: "a".into(), values: vec![] }.check().is_err());
    }
}
