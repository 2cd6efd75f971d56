//! What is ranked: systems on the same items, whatever they were read from.

use anyhow::{Context as _, bail};
use domain::Digest;
use ranking::resampling::Resampling;
use ranking::slices::{Condition, slice};
use sdk::saved::Origin;
use sdk::{Direction, Evidence, Items};

/// Systems on the same items.
pub(super) struct Contest {
    /// What all evidence came of; nothing for plain tables of scores.
    pub(super) origin: Option<Origin>,
    /// The systems, in the order of their names.
    pub(super) systems: Vec<System>,
    /// The metrics that all systems have, the primary one first; never empty.
    pub(super) metrics: Vec<ContestMetric>,
    /// The items, with their groups and attributes.
    pub(super) items: Items,
    /// The number of the stratum of every item, inside which it is drawn; nothing where draws are not stratified.
    pub(super) strata: Option<Vec<u32>>,
}

/// One system.
pub(super) struct System {
    /// Its name, which no other has.
    pub(super) name: String,
    /// What is known of it item by item.
    pub(super) evidence: Evidence,
}

/// A metric that systems can be ranked by.
#[derive(Clone)]
pub(super) struct ContestMetric {
    /// The name in the evidence.
    pub(super) name: String,
    /// Which value is better.
    pub(super) direction: Direction,
}

impl ContestMetric {
    pub(super) fn higher_is_better(&self) -> bool {
        self.direction == Direction::Higher
    }
}

impl Contest {
    /// The metric of that name; the primary one if none is named.
    pub(super) fn metric(&self, name: Option<&str>) -> anyhow::Result<&ContestMetric> {
        let found = match name {
            Some(name) => self.metrics.iter().find(|metric| metric.name == name),
            None => self.metrics.first(),
        };
        found.with_context(|| {
            let known: Vec<&str> = self.metrics.iter().map(|metric| metric.name.as_str()).collect();
            format!("there is no metric {:?}; there are {}", name.unwrap_or_default(), known.join(", "))
        })
    }

    /// The units of the items that meet all conditions.
    pub(super) fn units(&self, conditions: &[Condition]) -> anyhow::Result<Resampling> {
        if self.systems.is_empty() || self.items.is_empty() {
            bail!("there are no scores");
        }
        let weights = slice(&self.items, &vec![1.0; self.items.len()], conditions)?;
        let groups: Vec<u32> = (0..self.items.len()).map(|item| self.items.group(item) as u32).collect();
        Ok(Resampling::new(&weights, &groups, self.strata.as_deref())?)
    }

    /// What the draws depend on: the items with their groups and strata, and not the systems, so that a further system leaves
    /// the replicates of the others as they are.
    pub(super) fn items_digest(&self) -> Digest {
        let mut text = String::new();
        for (item, id) in self.items.ids().iter().enumerate() {
            let group = (self.items.is_grouped(), &self.items.group_names()[self.items.group(item)]);
            let stratum = self.strata.as_ref().map(|strata| strata[item]);
            text.push_str(&format!("{id:?} {group:?} {stratum:?}\n"));
        }
        Digest::of(text.as_bytes())
    }
}
