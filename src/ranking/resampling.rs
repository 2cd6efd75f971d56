//! Which items are drawn together: the units of a split, inside their strata, and how often each is drawn in a replicate.
//!
//! A unit is a group of items that came about together, a video or a camera wearer.
//! Clips of one video resemble each other: drawn clip by clip they make intervals that hold the truth half as often as they say.
//! So the groups that a split's items declare are the units, or something coarser; nobody can ask for items instead.
//!
//! Units are numbered in the order of their first item that has weight in the split, stratum after stratum, and the strata in
//! the order of theirs. With `n` units, the unit at place `i` is draw `i` of `n` (LBRNG-1), from its own stratum.

use std::collections::HashMap;

use domain::ranking_rule::ResamplingRule;
use sdk::Items;

use crate::draws::Key;

/// The number of replicates that are worked on together.
pub use sdk::evidence::LANES;

/// The unit of an item that has no weight in the split.
const NO_UNIT: u32 = u32::MAX;

/// The units of a split.
#[derive(Debug, Clone, PartialEq)]
pub struct Resampling {
    /// What an item weighs in the split before anything is drawn.
    weights: Vec<f64>,
    /// The unit of every item, or [`NO_UNIT`].
    unit_of_item: Vec<u32>,
    /// For every stratum its first unit and the unit after its last.
    strata: Vec<(u32, u32)>,
    units: usize,
}

/// A split whose units cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResamplingError {
    /// Weights, groups and strata are not one per item.
    #[error("{found} weights, groups or strata for {items} items")]
    Length {
        /// How many items there are.
        items: usize,
        /// How many were given.
        found: usize,
    },
    /// A weight is negative or not finite.
    #[error("the weight of item {item} is negative or not a number")]
    Weight {
        /// The item.
        item: usize,
    },
    /// No item has weight.
    #[error("no item has weight")]
    Empty,
    /// The items have no attribute of the name that strata are to be made of.
    #[error("the items have no attribute {name:?}")]
    Attribute {
        /// The name.
        name: String,
    },
    /// The items of a group, which the task draws together, are in several units.
    #[error("the items of group {group} belong together and have several values of the unit")]
    Parts {
        /// The group.
        group: u32,
    },
    /// The items of a group are not all in the same stratum.
    #[error("group {group} has items in several strata")]
    Straddles {
        /// The group.
        group: u32,
    },
}

impl Resampling {
    /// The units of a split: for every item its weight there (0 for the items of other splits), the group that it is drawn
    /// with and, if draws are stratified, its stratum.
    pub fn new(weights: &[f64], groups: &[u32], strata: Option<&[u32]>) -> Result<Self, ResamplingError> {
        let items = weights.len();
        for found in [groups.len()].into_iter().chain(strata.map(<[u32]>::len)) {
            if found != items {
                return Err(ResamplingError::Length { items, found });
            }
        }
        if let Some(item) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
            return Err(ResamplingError::Weight { item });
        }
        let stratum_of = |item: usize| strata.map_or(0, |strata| strata[item]);
        // For every group its stratum and its place in it; for every stratum, in order, its name and size.
        let mut places: HashMap<u32, (usize, u32)> = HashMap::new();
        let mut sizes: Vec<(u32, u32)> = Vec::new();
        let mut positions: HashMap<u32, usize> = HashMap::new();
        for item in (0..items).filter(|item| weights[*item] > 0.0) {
            let name = stratum_of(item);
            let stratum = *positions.entry(name).or_insert_with(|| {
                sizes.push((name, 0));
                sizes.len() - 1
            });
            let known = places.entry(groups[item]).or_insert_with(|| {
                let place = sizes[stratum].1;
                sizes[stratum].1 += 1;
                (stratum, place)
            });
            if known.0 != stratum {
                return Err(ResamplingError::Straddles { group: groups[item] });
            }
        }
        if sizes.is_empty() {
            return Err(ResamplingError::Empty);
        }
        let mut end = 0;
        let strata: Vec<(u32, u32)> = sizes
            .iter()
            .map(|(_, size)| {
                let first = end;
                end += size;
                (first, end)
            })
            .collect();
        let unit_of = |item: usize| match places.get(&groups[item]) {
            Some((stratum, place)) if weights[item] > 0.0 => strata[*stratum].0 + place,
            _ => NO_UNIT,
        };
        let unit_of_item = (0..items).map(unit_of).collect();
        Ok(Self { weights: weights.to_vec(), unit_of_item, strata, units: end as usize })
    }

    /// The units of a split of an evaluator's items by a phase's rule: the groups that the items declare, or an attribute with
    /// several of these for each of its values; stratified by another attribute if the rule names one.
    ///
    /// Items with the same values of an attribute belong together, and so do those without any value.
    ///
    /// # Errors
    /// As [`Resampling::new`], an attribute that the items do not have, and units that part what the items declare to belong
    /// together.
    pub fn of_items(items: &Items, weights: &[f64], rule: &ResamplingRule) -> Result<Self, ResamplingError> {
        let groups: Vec<u32> = (0..items.len()).map(|item| items.group(item) as u32).collect();
        let strata = rule.strata.as_deref().map(|name| by_attribute(items, name)).transpose()?;
        let Some(unit) = &rule.unit else { return Self::new(weights, &groups, strata.as_deref()) };
        let units = by_attribute(items, unit)?;
        let mut unit_of_group: HashMap<u32, u32> = HashMap::new();
        for (group, unit) in groups.iter().zip(&units) {
            if *unit_of_group.entry(*group).or_insert(*unit) != *unit {
                return Err(ResamplingError::Parts { group: *group });
            }
        }
        Self::new(weights, &units, strata.as_deref())
    }

    /// The units of a whole set of items, each a unit of its own.
    pub fn one_by_one(items: u32) -> Result<Self, ResamplingError> {
        Self::new(&vec![1.0; items as usize], &(0..items).collect::<Vec<u32>>(), None)
    }

    /// How many items there are, those without weight included.
    pub fn item_count(&self) -> usize {
        self.weights.len()
    }

    /// How many units there are.
    pub fn unit_count(&self) -> usize {
        self.units
    }

    /// Whether draws can differ: whether some stratum has more than one unit.
    pub fn varies(&self) -> bool {
        self.strata.iter().any(|(first, end)| end - first > 1)
    }

    /// What every item weighs before anything is drawn.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The unit of an item; nothing if it has no weight here.
    pub fn unit(&self, item: usize) -> Option<usize> {
        self.unit_of_item.get(item).filter(|unit| **unit != NO_UNIT).map(|unit| *unit as usize)
    }

    /// Whether the split is all items, each weighing one.
    pub fn is_whole(&self) -> bool {
        self.weights.iter().all(|weight| *weight == 1.0)
    }

    /// The sums of per-item values over the units, the items weighed: what a paired test compares.
    ///
    /// Fewer values than items count as zero.
    pub fn unit_sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![sdk::sum::Sum::default(); self.units];
        for (item, value) in values.iter().enumerate() {
            if let Some(unit) = self.unit(item) {
                sums[unit].add(self.weights[item] * value);
            }
        }
        sums.into_iter().map(sdk::sum::Sum::total).collect()
    }

    /// How often every unit is drawn in a replicate.
    pub fn counts(&self, key: Key, replicate: u64) -> Vec<u32> {
        let mut counts = vec![0; self.units];
        self.draw(key, replicate, |unit| counts[unit] += 1);
        counts
    }

    #[inline]
    fn draw(&self, key: Key, replicate: u64, mut drawn: impl FnMut(usize)) {
        let units = self.units as u64;
        for (first, end) in &self.strata {
            let size = u64::from(end - first);
            for draw in u64::from(*first)..u64::from(*end) {
                drawn(*first as usize + key.index(replicate, draw, units, size) as usize);
            }
        }
    }

    /// What every item weighs in [`LANES`] replicates from `first` on; `counts` and `lanes` are overwritten.
    pub(crate) fn lanes(&self, key: Key, first: u64, counts: &mut Vec<u32>, lanes: &mut Vec<[f64; LANES]>) {
        lanes.clear();
        lanes.resize(self.item_count(), [0.0; LANES]);
        for lane in 0..LANES {
            // One replicate after the other: the counts of one stay in the fastest memory.
            counts.clear();
            counts.resize(self.units, 0);
            self.draw(key, first + lane as u64, |unit| counts[unit] += 1);
            for ((lanes, unit), weight) in lanes.iter_mut().zip(&self.unit_of_item).zip(&self.weights) {
                if let Some(count) = counts.get(*unit as usize) {
                    lanes[lane] = weight * f64::from(*count);
                }
            }
        }
    }

    /// The same for the split without one unit each, from `first` on: what the jackknife takes.
    pub(crate) fn lanes_without(&self, first: usize, lanes: &mut Vec<[f64; LANES]>) {
        lanes.clear();
        lanes.extend(self.unit_of_item.iter().zip(&self.weights).map(|(unit, weight)| {
            let mut lanes = [*weight; LANES];
            let lane = (*unit as usize).wrapping_sub(first);
            if *unit != NO_UNIT && lane < LANES {
                lanes[lane] = 0.0;
            }
            lanes
        }));
    }
}

/// A number for every item, the same for items with the same values of an attribute.
fn by_attribute(items: &Items, name: &str) -> Result<Vec<u32>, ResamplingError> {
    let attribute =
        items.attribute(name).ok_or_else(|| ResamplingError::Attribute { name: name.to_owned() })?;
    let mut numbers: HashMap<Vec<&str>, u32> = HashMap::new();
    let number_of = |item: usize| {
        let mut values: Vec<&str> = attribute.of(item).collect();
        values.sort_unstable();
        let next = numbers.len() as u32;
        *numbers.entry(values).or_insert(next)
    };
    Ok((0..items.len()).map(number_of).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_the_groups_that_have_weight_in_the_split() {
        let split = Resampling::new(&[0.0, 1.0, 1.0, 0.0, 1.0], &[7, 4, 7, 9, 4], None).unwrap();
        assert_eq!(split.unit_count(), 2);
        let units: Vec<_> = (0..5).map(|item| split.unit(item)).collect();
        assert_eq!(units, [None, Some(0), Some(1), None, Some(0)]);
        assert_eq!(split.unit_sums(&[9.0, 1.0, 2.0, 9.0, 4.0]), [5.0, 2.0]);
        assert!(!split.is_whole());
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let refused =
            |weights: &[f64], groups: &[u32], strata| Resampling::new(weights, groups, strata).unwrap_err();
        assert_eq!(refused(&[0.0, 0.0], &[0, 1], None), ResamplingError::Empty);
        assert_eq!(refused(&[], &[], None), ResamplingError::Empty);
        assert_eq!(refused(&[1.0], &[0, 1], None), ResamplingError::Length { items: 1, found: 2 });
        assert_eq!(refused(&[1.0], &[0], Some(&[])), ResamplingError::Length { items: 1, found: 0 });
        assert_eq!(refused(&[1.0, f64::NAN], &[0, 1], None), ResamplingError::Weight { item: 1 });
        assert_eq!(refused(&[-1.0, 1.0], &[0, 1], None), ResamplingError::Weight { item: 0 });
        assert_eq!(refused(&[1.0, 1.0], &[3, 3], Some(&[0, 1])), ResamplingError::Straddles { group: 3 });
    }

    #[test]
    fn strata_and_units_are_the_values_of_attributes() {
        let rule = |unit: Option<&str>, strata: Option<&str>| ResamplingRule {
            unit: unit.map(str::to_owned),
            strata: strata.map(str::to_owned),
        };
        let mut items = Items::new([("a", "v"), ("b", "v"), ("c", "w"), ("d", "x")]);
        items.set_attribute("room", [vec!["hall", "attic"], vec!["attic", "hall"], vec!["hall"], vec![]]);
        let split = Resampling::of_items(&items, &[1.0; 4], &rule(None, Some("room"))).unwrap();
        assert_eq!(split, Resampling::new(&[1.0; 4], &[0, 0, 1, 2], Some(&[7, 7, 8, 9])).unwrap());
        // Every stratum has a single unit, which is always drawn.
        assert_eq!(split.counts(Key::from_u64(1), 0), [1, 1, 1]);
        let plain = Resampling::of_items(&items, &[1.0; 4], &rule(None, None)).unwrap();
        assert_eq!(plain, Resampling::new(&[1.0; 4], &[0, 0, 1, 2], None).unwrap());
        let unknown = Resampling::of_items(&items, &[1.0; 4], &rule(None, Some("floor")));
        assert_eq!(unknown, Err(ResamplingError::Attribute { name: "floor".to_owned() }));
        items.set_attribute("room", [vec!["hall"], vec!["attic"], vec![], vec![]]);
        let straddles = Resampling::of_items(&items, &[1.0; 4], &rule(None, Some("room")));
        assert_eq!(straddles, Err(ResamplingError::Straddles { group: 0 }));
        let finer = Resampling::of_items(&items, &[1.0; 4], &rule(Some("room"), None));
        assert_eq!(finer, Err(ResamplingError::Parts { group: 0 }));
        items.set_attribute("house", [vec!["old"], vec!["old"], vec!["new"], vec!["old"]]);
        let coarser = Resampling::of_items(&items, &[1.0; 4], &rule(Some("house"), None)).unwrap();
        assert_eq!(coarser, Resampling::new(&[1.0; 4], &[0, 0, 1, 0], None).unwrap());
    }

    #[test]
    fn a_single_unit_is_always_drawn_once() {
        let split = Resampling::new(&[1.0, 1.0], &[5, 5], None).unwrap();
        assert!((0..20).all(|replicate| split.counts(Key::from_u64(3), replicate) == [1]));
    }

    proptest! {
        // A folder of regressions beside the crates would be taken for a crate of the workspace.
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_stratum_keeps_its_size(
            sizes in prop::collection::vec(1_usize..6, 1..5),
            key: u64,
            replicate: u64,
        ) {
            let strata: Vec<u32> =
                sizes.iter().enumerate().flat_map(|(stratum, size)| vec![stratum as u32; *size]).collect();
            let groups: Vec<u32> = (0..strata.len() as u32).collect();
            let split = Resampling::new(&vec![1.0; groups.len()], &groups, Some(&strata)).unwrap();
            let counts = split.counts(Key::from_u64(key), replicate);
            let mut first = 0;
            for size in sizes {
                prop_assert_eq!(counts[first..first + size].iter().sum::<u32>() as usize, size);
                first += size;
            }
        }

        #[test]
        fn one_stratum_is_no_stratum(groups in prop::collection::vec(0_u32..4, 1..9), key: u64) {
            let weights = vec![1.0; groups.len()];
            let plain = Resampling::new(&weights, &groups, None).unwrap();
            let one = Resampling::new(&weights, &groups, Some(&vec![8; groups.len()])).unwrap();
            prop_assert_eq!(plain.counts(Key::from_u64(key), 5), one.counts(Key::from_u64(key), 5));
        }

        #[test]
        fn lanes_are_replicates_side_by_side(
            items in prop::collection::vec((0_u32..4, 0_u8..3), 1..9),
            key: u64,
            first in 0_u64..1_000,
        ) {
            let groups: Vec<u32> = items.iter().map(|(group, _)| *group).collect();
            let weights: Vec<f64> = items.iter().map(|(_, weight)| f64::from(*weight)).collect();
            let Ok(split) = Resampling::new(&weights, &groups, None) else { return Ok(()) };
            let key = Key::from_u64(key);
            let mut lanes = Vec::new();
            split.lanes(key, first, &mut Vec::new(), &mut lanes);
            for (item, lanes) in lanes.iter().enumerate() {
                for (lane, found) in lanes.iter().enumerate() {
                    let counts = split.counts(key, first + lane as u64);
                    let count = split.unit(item).map_or(0, |unit| counts[unit]);
                    prop_assert_eq!(*found, weights[item] * f64::from(count));
                }
            }
        }
    }
}
