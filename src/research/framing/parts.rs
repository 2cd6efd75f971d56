//! The parts of a split that results may be shown of: activities, the small ones merged into one.
//!
//! A score of few items is nearly their labels, and the score of everything less those of all large activities is one of the few
//! that are left.
//! So what is too small is not only left out: it is merged, and with it what has no activity at all, until the merged part is large
//! enough itself.

use ndarray::Array1;
use ranking::resampling::Resampling;

use super::activities::{Activities, ActivitiesError};
use super::score_by_activity::LEAST_INSTANCES;
use crate::mappings::{Mapping, TOLERANCE};
use crate::time_use::{CLASS_CODES, CLASSES, class_of};

/// The fewest units, items that are drawn together, that a part comes from.
pub const LEAST_UNITS: usize = 5;

/// The most parts that are told apart.
pub const MOST_PARTS: usize = 40;

/// What the part is called that small activities are merged into.
pub const MERGED: &str = "other (merged)";

/// What the part is called whose labels have no primary class.
pub const NO_CLASS: &str = "no class";

/// The activities of a split, each with at least [`LEAST_INSTANCES`] items of [`LEAST_UNITS`] units, together the whole split.
///
/// `None` where no two such parts can be made.
///
/// # Errors
/// Activities of other items than the split.
pub fn large_parts(
    activities: &Activities,
    split: &Resampling,
) -> Result<Option<Activities>, ActivitiesError> {
    let items = split.item_count();
    if activities.items() != items {
        return Err(ActivitiesError::Length { expected: items, found: activities.items() });
    }
    let mask = Array1::from(split.weights().to_vec());
    let mut rest = mask.clone();
    let mut parts = Vec::with_capacity(activities.len());
    for (place, name) in activities.names().iter().enumerate() {
        let weights = &activities.weights(place) * &mask;
        rest -= &weights;
        parts.push((name.clone(), weights));
    }
    // What is left of items that are wholly divided between activities is only the rounding of the shares.
    rest.mapv_inplace(|weight| if weight > TOLERANCE { weight } else { 0.0 });
    parts.retain(|(_, weights)| weights.iter().any(|weight| *weight > 0.0));
    // The largest first; equal ones by name, so that the same items always make the same parts.
    let count = |weights: &Array1<f64>| weights.iter().filter(|weight| **weight > 0.0).count();
    parts.sort_by(|(name, a), (other, b)| count(b).cmp(&count(a)).then_with(|| name.cmp(other)));
    let (mut large, mut small): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(_, weights)| is_large(weights, split));
    if large.len() > MOST_PARTS - 1 {
        small.extend(large.drain(MOST_PARTS - 1..));
    }
    let mut merged = rest;
    for (_, weights) in small {
        merged += &weights;
    }
    while merged.iter().any(|weight| *weight > 0.0) && !is_large(&merged, split) {
        let Some((_, smallest)) = large.pop() else { return Ok(None) };
        merged += &smallest;
    }
    if merged.iter().any(|weight| *weight > 0.0) {
        // Sums of shares of one item may pass it by their rounding.
        large.push((MERGED.to_owned(), merged.mapv(|weight| weight.min(1.0))));
    }
    if large.len() < 2 {
        return Ok(None);
    }
    let (names, weights) = large.into_iter().unzip();
    Activities::new(names, weights, items).map(Some)
}

fn is_large(weights: &Array1<f64>, split: &Resampling) -> bool {
    let counted = (0..weights.len()).filter(|item| weights[*item] > 0.0);
    let mut units: Vec<usize> = counted.filter_map(|item| split.unit(item)).collect();
    let instances = units.len();
    units.sort_unstable();
    units.dedup();
    instances >= LEAST_INSTANCES && units.len() >= LEAST_UNITS
}

/// The same items by the classes of time use, every label in its primary class; labels without one are together.
///
/// # Errors
/// The label that is no term of the mapping.
pub fn by_class(labels: &Activities, mapping: &Mapping) -> Result<Activities, UnmappedLabel> {
    let items = labels.items();
    let mut weights = vec![Array1::zeros(items); CLASSES + 1];
    for (place, name) in labels.names().iter().enumerate() {
        let term = mapping.term(name).ok_or_else(|| UnmappedLabel { label: name.clone() })?;
        let shares = mapping.shares_in(term, CLASSES, class_of).weight;
        let placed: f64 = shares.iter().sum();
        let shares = shares.into_iter().chain([(1.0 - placed).max(0.0)]);
        for (weights, share) in weights.iter_mut().zip(shares).filter(|(_, share)| *share > 0.0) {
            weights.scaled_add(share, &labels.weights(place));
        }
    }
    let names = CLASS_CODES.iter().chain([&NO_CLASS]).map(|name| (*name).to_owned()).collect();
    let weights =
        weights.into_iter().map(|class: Array1<f64>| class.mapv(|weight| weight.min(1.0))).collect();
    Activities::new(names, weights, items).map_err(|error| UnmappedLabel { label: error.to_string() })
}

/// A label that no term of a mapping is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{label:?} is no term of the list")]
pub struct UnmappedLabel {
    /// The label.
    pub label: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items of which each has one of the labels, in units of three items.
    fn items(labels: &[(&str, usize)]) -> (Activities, Resampling) {
        let all: Vec<&str> =
            labels.iter().flat_map(|(label, times)| std::iter::repeat_n(*label, *times)).collect();
        let weights = |label: &str| all.iter().map(|own| f64::from(u8::from(*own == label))).collect();
        let named: Vec<&str> = labels.iter().map(|(label, _)| *label).filter(|label| *label != "-").collect();
        let units: Vec<u32> = (0..all.len() as u32).map(|item| item / 3).collect();
        let activities = Activities::new(
            named.iter().map(|label| (*label).to_owned()).collect(),
            named.iter().map(|label| weights(label)).collect(),
            all.len(),
        );
        (activities.unwrap(), Resampling::new(&vec![1.0; all.len()], &units, None).unwrap())
    }

    fn parts(labels: &[(&str, usize)]) -> Option<Vec<(String, usize)>> {
        let (activities, split) = items(labels);
        let found = large_parts(&activities, &split).unwrap()?;
        let names = found.names().iter().cloned().enumerate();
        Some(names.map(|(place, name)| (name, found.instances(place))).collect())
    }

    fn named(parts: &[(&str, usize)]) -> Option<Vec<(String, usize)>> {
        Some(parts.iter().map(|(name, items)| ((*name).to_owned(), *items)).collect())
    }

    #[test]
    fn what_is_large_stays() {
        assert_eq!(parts(&[("cook", 30), ("clean", 15)]), named(&[("cook", 30), ("clean", 15)]));
    }

    #[test]
    fn small_ones_are_merged_and_draw_a_large_one_in_where_they_are_few() {
        let found = parts(&[("cook", 30), ("clean", 9), ("sleep", 9)]);
        assert_eq!(found, named(&[("cook", 30), (MERGED, 18)]));
        // Three items alone are told by everything less the two others.
        let found = parts(&[("cook", 30), ("clean", 15), ("sleep", 3)]);
        assert_eq!(found, named(&[("cook", 30), (MERGED, 18)]));
    }

    #[test]
    fn many_items_of_few_units_are_small() {
        // Twelve items of four units.
        let found = parts(&[("cook", 30), ("clean", 15), ("sleep", 12)]);
        assert_eq!(found, named(&[("cook", 30), (MERGED, 27)]));
    }

    #[test]
    fn items_without_an_activity_are_merged_too() {
        let found = parts(&[("cook", 30), ("clean", 15), ("-", 3)]);
        assert_eq!(found, named(&[("cook", 30), (MERGED, 18)]));
    }

    #[test]
    fn too_little_has_no_parts() {
        assert_eq!(parts(&[("cook", 30), ("sleep", 3)]), None);
        assert_eq!(parts(&[("cook", 30)]), None);
    }

    #[test]
    fn every_item_is_in_parts_once_whatever_the_labels_are() {
        let counts = [40, 17, 16, 15, 14, 9, 8, 3, 1, 1];
        for taken in 1..counts.len() {
            let labels: Vec<(String, usize)> =
                counts[..taken].iter().enumerate().map(|(label, n)| (label.to_string(), *n)).collect();
            let labels: Vec<(&str, usize)> = labels.iter().map(|(label, n)| (label.as_str(), *n)).collect();
            let (activities, split) = items(&labels);
            let Some(found) = large_parts(&activities, &split).unwrap() else { continue };
            for item in 0..split.item_count() {
                let sum: f64 = (0..found.len()).map(|part| found.weights(part)[item]).sum();
                assert!((sum - 1.0).abs() < 1e-9, "{taken}: item {item} counts {sum}");
            }
            assert!((0..found.len()).all(|part| found.instances(part) >= LEAST_INSTANCES));
        }
    }

    #[test]
    fn what_is_outside_of_the_split_does_not_count() {
        let (activities, _) = items(&[("cook", 30), ("clean", 15)]);
        let units: Vec<u32> = (0..45).collect();
        let only: Vec<f64> = (0..45).map(|item| f64::from(u8::from(item < 35))).collect();
        let split = Resampling::new(&only, &units, None).unwrap();
        assert_eq!(large_parts(&activities, &split).unwrap(), None, "five items clean");
        let other = Resampling::one_by_one(3).unwrap();
        assert!(large_parts(&activities, &other).is_err());
    }

    #[test]
    fn labels_become_classes() {
        // Cooking (4) is unpaid work by its primary class; travelling by train has none.
        let mapping = Mapping::ego4d_scenarios();
        let unplaced =
            mapping.terms().iter().find(|term| term.candidates.iter().all(|one| one.weight == 0.0));
        let (labels, _) = items(&[("4", 2), (unplaced.unwrap().code.as_str(), 1)]);
        let classes = by_class(&labels, mapping).unwrap();
        assert_eq!(classes.len(), CLASSES + 1);
        assert_eq!((classes.instances(1), classes.instances(CLASSES)), (2, 1));
        let (unknown, _) = items(&[("cooking", 2)]);
        assert_eq!(by_class(&unknown, mapping), Err(UnmappedLabel { label: "cooking".into() }));
    }
}
