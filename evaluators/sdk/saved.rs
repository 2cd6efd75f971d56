//! An evaluation in one file: its evidence, and what is needed to make use of it without the annotations or the evaluator.
//!
//! From such files systems are ranked, sliced and compared on any machine.
//! Evidence says item by item what was right, so a file is as confidential as the annotations that it was made with.
//!
//! The bytes are a magic word, the version of the layout, a checksum, a header in postcard's encoding, and the bytes of the
//! evidence ([`Evidence::to_bytes`]).
//! They are safe to read whatever they are, and what they hold is bounded by their length.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::evaluator::Mode;
use crate::evidence::{Evidence, EvidenceError, checksum};
use crate::items::Items;
use crate::manifest::Direction;

/// What every file begins with.
pub const MAGIC: &[u8; 4] = b"HOEF";
const VERSION: u16 = 1;
const PREFIX: usize = MAGIC.len() + 2 + 8;
/// More attributes than these no table of items has.
const MOST_ATTRIBUTES: usize = 1_000;

/// An evaluation as it is kept in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedEvaluation {
    /// Which evaluator made it, and of what; files whose origins differ cannot be compared.
    pub origin: Origin,
    /// The metrics, the primary one first; the evidence has each of them.
    pub metrics: Vec<SavedMetric>,
    /// The items, in the order of the weights that the evidence takes.
    pub items: Items,
    /// The evidence.
    pub evidence: Evidence,
}

/// What the evidence came of, besides the submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The id of the evaluator.
    pub evaluator: String,
    /// Its version.
    pub version: String,
    /// Whose rules counted.
    pub mode: Mode,
    /// The parameters, as JSON.
    pub params: String,
    /// The digest of the annotations, as text.
    pub annotations: String,
}

/// What is kept of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMetric {
    /// The name.
    pub name: String,
    /// Which value is better.
    pub direction: Direction,
    /// How many decimals to show.
    pub decimals: u8,
}

/// Why bytes are no saved evaluation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// The bytes do not begin like a saved evaluation.
    #[error("this is no evaluation that was saved")]
    NotSaved,
    /// The bytes were written by a newer release.
    #[error("evaluations of layout {0} are not known to this release")]
    UnknownVersion(u16),
    /// The bytes were changed or cut.
    #[error("the saved evaluation is damaged: {0}")]
    Damaged(String),
    /// The parts contradict each other.
    #[error("the saved evaluation contradicts itself: {0}")]
    Inconsistent(&'static str),
    /// The evidence inside is none.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

#[derive(Serialize, Deserialize)]
struct WireHeader {
    origin: Origin,
    metrics: Vec<SavedMetric>,
    ids: Vec<String>,
    /// The names of the groups and the group of every item; nothing where every item is its own.
    grouping: Option<(Vec<String>, Vec<u32>)>,
    attributes: Vec<WireAttribute>,
}

#[derive(Serialize, Deserialize)]
struct WireAttribute {
    name: String,
    values: Vec<String>,
    /// How many values every item has.
    counts: Vec<u32>,
    /// The values of all items, one item after the other, as positions in `values`.
    codes: Vec<u32>,
}

impl SavedEvaluation {
    /// Whether bytes begin as those of a saved evaluation, whatever follows.
    pub fn is_beginning(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// The evaluation as bytes.
    ///
    /// # Errors
    /// Parts that contradict each other, as on reading.
    pub fn to_bytes(&self) -> Result<Vec<u8>, SavedError> {
        self.check()?;
        let header = WireHeader {
            origin: self.origin.clone(),
            metrics: self.metrics.clone(),
            ids: self.items.ids().iter().map(str::to_owned).collect(),
            grouping: self.items.is_grouped().then(|| {
                let names = self.items.group_names().iter().map(str::to_owned).collect();
                (names, (0..self.items.len()).map(|item| self.items.group(item) as u32).collect())
            }),
            attributes: self
                .items
                .attributes()
                .iter()
                .map(|one| WireAttribute::of(one, &self.items))
                .collect(),
        };
        let damaged = |error: postcard::Error| SavedError::Damaged(error.to_string());
        let mut bytes = postcard::to_extend(&header, vec![0; PREFIX]).map_err(damaged)?;
        bytes.extend(self.evidence.to_bytes()?);
        let checksum = checksum(&bytes[PREFIX..]);
        bytes[..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
        bytes[6..PREFIX].copy_from_slice(&checksum.to_le_bytes());
        Ok(bytes)
    }

    /// Reads what [`SavedEvaluation::to_bytes`] wrote, in this release or an earlier one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SavedError> {
        let Some((prefix, content)) = bytes.split_at_checked(PREFIX) else {
            return Err(SavedError::NotSaved);
        };
        if prefix[..4] != *MAGIC {
            return Err(SavedError::NotSaved);
        }
        let version = u16::from_le_bytes([prefix[4], prefix[5]]);
        if version != VERSION {
            return Err(SavedError::UnknownVersion(version));
        }
        if prefix[6..] != checksum(content).to_le_bytes() {
            return Err(SavedError::Damaged("the checksum is wrong".to_owned()));
        }
        let (header, evidence): (WireHeader, &[u8]) =
            postcard::take_from_bytes(content).map_err(|error| SavedError::Damaged(error.to_string()))?;
        let evidence = Evidence::from_bytes(evidence)?;
        let saved = Self { items: header.items()?, origin: header.origin, metrics: header.metrics, evidence };
        saved.check()?;
        Ok(saved)
    }

    fn check(&self) -> Result<(), SavedError> {
        if self.items.len() != self.evidence.items() {
            return Err(SavedError::Inconsistent("the evidence is of another number of items"));
        }
        let known: BTreeSet<&str> =
            self.evidence.metrics().iter().map(|metric| metric.name.as_str()).collect();
        if !self.metrics.iter().all(|metric| known.contains(metric.name.as_str())) {
            return Err(SavedError::Inconsistent("the evidence lacks a metric"));
        }
        if self.metrics.is_empty() {
            return Err(SavedError::Inconsistent("there is no metric"));
        }
        Ok(())
    }
}

impl WireHeader {
    fn items(&self) -> Result<Items, SavedError> {
        let require =
            |holds: bool, problem| if holds { Ok(()) } else { Err(SavedError::Inconsistent(problem)) };
        let mut items = match &self.grouping {
            None => Items::ungrouped(self.ids.iter().map(String::as_str).collect::<crate::Ids>()),
            Some((names, groups)) => {
                require(groups.len() == self.ids.len(), "the groups are not one per item")?;
                let named: Option<Vec<&String>> =
                    groups.iter().map(|group| names.get(*group as usize)).collect();
                let named = named.ok_or(SavedError::Inconsistent("an item is in a group without name"))?;
                Items::new(self.ids.iter().zip(named))
            }
        };
        require(self.attributes.len() <= MOST_ATTRIBUTES, "there are too many attributes")?;
        let mut names = BTreeSet::new();
        for attribute in &self.attributes {
            require(names.insert(&attribute.name), "two attributes have the same name")?;
            require(attribute.counts.len() == items.len(), "the values are not told for every item")?;
            let told: u64 = attribute.counts.iter().map(|count| u64::from(*count)).sum();
            require(told == attribute.codes.len() as u64, "the values are more or fewer than the items say")?;
            let values: Option<Vec<&str>> = attribute
                .codes
                .iter()
                .map(|code| attribute.values.get(*code as usize).map(String::as_str))
                .collect();
            let values = values.ok_or(SavedError::Inconsistent("an item has a value that is not told"))?;
            let mut rest = values.as_slice();
            let of_items = attribute.counts.iter().map(|count| {
                let (own, later) = rest.split_at(*count as usize);
                rest = later;
                own.to_vec()
            });
            items.set_attribute(&attribute.name, of_items.collect::<Vec<Vec<&str>>>());
        }
        Ok(items)
    }
}

impl WireAttribute {
    fn of(attribute: &crate::items::Attribute, items: &Items) -> Self {
        let places: std::collections::HashMap<&str, u32> = attribute
            .values
            .iter()
            .enumerate()
            .map(|(place, value)| (value.as_str(), place as u32))
            .collect();
        let (mut counts, mut codes) = (Vec::with_capacity(items.len()), Vec::new());
        for item in 0..items.len() {
            let before = codes.len();
            codes.extend(attribute.of(item).filter_map(|value| places.get(value)));
            counts.push((codes.len() - before) as u32);
        }
        Self { name: attribute.name.clone(), values: attribute.values.clone(), counts, codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> SavedEvaluation {
        let mut items = Items::new([("q1", "v1"), ("q2", "v1"), ("q3", "v2")]);
        items.set_attribute("room", [vec!["kitchen"], vec!["hall", "kitchen"], vec![]]);
        let mut evidence = Evidence::new(3);
        evidence.means(100.0, ["accuracy"], ndarray::array![[1.0], [0.0], [1.0]]);
        SavedEvaluation {
            origin: Origin {
                evaluator: "mcq".to_owned(),
                version: "1.0.0".to_owned(),
                mode: Mode::Strict,
                params: "{}".to_owned(),
                annotations: "d".to_owned(),
            },
            metrics: vec![SavedMetric {
                name: "accuracy".to_owned(),
                direction: Direction::Higher,
                decimals: 2,
            }],
            items,
            evidence,
        }
    }

    /// The bytes with a right checksum, whatever was done to them.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        let checksum = checksum(&bytes[PREFIX..]);
        bytes[6..PREFIX].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    #[test]
    fn an_evaluation_reads_back_as_it_was_saved() {
        let grouped = saved();
        let bytes = grouped.to_bytes().unwrap();
        assert!(SavedEvaluation::is_beginning(&bytes));
        assert_eq!(SavedEvaluation::from_bytes(&bytes), Ok(grouped.clone()));
        let ids: crate::Ids = ["q1", "q2", "q3"].into_iter().collect();
        let ungrouped = SavedEvaluation { items: Items::ungrouped(ids), ..grouped };
        assert_eq!(SavedEvaluation::from_bytes(&ungrouped.to_bytes().unwrap()), Ok(ungrouped));
    }

    #[test]
    fn bytes_that_were_changed_or_cut_are_refused() {
        let bytes = saved().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert!(SavedEvaluation::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(SavedEvaluation::from_bytes(&changed).is_err(), "{place}");
            // Whoever changes the checksum too is refused, or has written another evaluation.
            if place >= PREFIX {
                let _ = SavedEvaluation::from_bytes(&sealed(changed));
            }
        }
        let mut newer = bytes;
        newer[4] = 2;
        assert_eq!(SavedEvaluation::from_bytes(&newer), Err(SavedError::UnknownVersion(2)));
    }

    #[test]
    fn parts_must_fit_together() {
        let mut other = saved();
        other.items = Items::new([("q1", "v1")]);
        assert_eq!(
            other.to_bytes(),
            Err(SavedError::Inconsistent("the evidence is of another number of items"))
        );
        let mut other = saved();
        other.metrics[0].name = "recall".to_owned();
        assert_eq!(other.to_bytes(), Err(SavedError::Inconsistent("the evidence lacks a metric")));
        other.metrics.clear();
        assert_eq!(other.to_bytes(), Err(SavedError::Inconsistent("there is no metric")));
    }
}
