//! Which activity every scored item shows: what evidence is weighted by.
//!
//! The activities of held-out items are held out themselves; results by activity say as much of them as they must and no more
//! ([`super::score_by_activity`]).

use ndarray::{Array1, ArrayView1};
use sdk::Items;
use serde::Serialize;

use crate::mappings::TOLERANCE;

/// Activities, and how much of each item they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Activities {
    items: usize,
    names: Vec<String>,
    /// By activity, the share of every item that is this activity, 0..=1.
    weights: Vec<Array1<f64>>,
}

/// Weights that are no shares of items.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
pub enum ActivitiesError {
    /// There are not as many lists of weights as names, or not as many weights as items.
    #[error("{found} weights where {expected} are needed")]
    Length {
        /// How many are needed.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A weight is no share.
    #[error("the weight of item {item} in {activity:?} is not between 0 and 1")]
    Weight {
        /// The activity.
        activity: String,
        /// The item.
        item: usize,
    },
    /// The activities of an item are more than the item.
    #[error("the activities of item {item} are more than 100 % of it")]
    TooMuch {
        /// The item.
        item: usize,
    },
    /// The items do not say what they show.
    #[error("the items have no attribute {name:?}")]
    Attribute {
        /// The attribute.
        name: String,
    },
}

impl Activities {
    /// Activities by name, each with the share of every item that it is.
    pub fn new(names: Vec<String>, weights: Vec<Array1<f64>>, items: usize) -> Result<Self, ActivitiesError> {
        if names.len() != weights.len() {
            return Err(ActivitiesError::Length { expected: names.len(), found: weights.len() });
        }
        let mut sums = vec![0.0; items];
        for (name, weights) in names.iter().zip(&weights) {
            if weights.len() != items {
                return Err(ActivitiesError::Length { expected: items, found: weights.len() });
            }
            for (item, weight) in weights.iter().enumerate() {
                if !(0.0..=1.0).contains(weight) {
                    return Err(ActivitiesError::Weight { activity: name.clone(), item });
                }
                sums[item] += weight;
            }
        }
        match sums.iter().position(|sum| *sum > 1.0 + TOLERANCE) {
            Some(item) => Err(ActivitiesError::TooMuch { item }),
            None => Ok(Self { items, names, weights }),
        }
    }

    /// The values of an attribute of the items; an item with several is divided between them.
    pub fn of_attribute(items: &Items, name: &str) -> Result<Self, ActivitiesError> {
        let attribute =
            items.attribute(name).ok_or_else(|| ActivitiesError::Attribute { name: name.to_owned() })?;
        let share = |item: usize, activity: &String| {
            let shown = attribute.of(item).count();
            let times = attribute.of(item).filter(|value| value == activity).count();
            if times > 0 { times as f64 / shown as f64 } else { 0.0 }
        };
        let of_activity =
            |activity: &String| Array1::from_shape_fn(items.len(), |item| share(item, activity));
        let weights = attribute.values.iter().map(of_activity).collect();
        Ok(Self { items: items.len(), names: attribute.values.clone(), weights })
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.items
    }

    /// How many activities there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The share of every item that is an activity.
    pub fn weights(&self, activity: usize) -> ArrayView1<'_, f64> {
        self.weights[activity].view()
    }

    /// The share of every item that is not an activity.
    pub fn weights_without(&self, activity: usize) -> Array1<f64> {
        self.weights[activity].mapv(|weight| 1.0 - weight)
    }

    /// How many items show an activity, wholly or in part.
    pub fn instances(&self, activity: usize) -> usize {
        self.weights[activity].iter().filter(|weight| **weight > 0.0).count()
    }

    /// What an activity weighs: the sum of its shares of items.
    pub fn amount(&self, activity: usize) -> f64 {
        self.weights[activity].sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_items() {
        let names = || vec!["cooking".to_owned(), "cleaning".to_owned()];
        let of = |first: [f64; 2], second: [f64; 2]| {
            Activities::new(names(), vec![Array1::from(first.to_vec()), Array1::from(second.to_vec())], 2)
        };
        let found = of([1.0, 0.5], [0.0, 0.5]).unwrap();
        assert_eq!((found.instances(0), found.amount(0), found.instances(1)), (2, 1.5, 1));
        assert_eq!(found.weights_without(0).to_vec(), [0.0, 0.5]);
        assert_eq!(of([1.0, 0.5], [0.5, 0.5]), Err(ActivitiesError::TooMuch { item: 0 }));
        assert!(matches!(of([1.5, 0.0], [0.0, 0.0]), Err(ActivitiesError::Weight { item: 0, .. })));
        assert!(matches!(of([f64::NAN, 0.0], [0.0, 0.0]), Err(ActivitiesError::Weight { .. })));
        assert!(Activities::new(names(), vec![Array1::zeros(2)], 2).is_err());
        assert!(Activities::new(names(), vec![Array1::zeros(2), Array1::zeros(3)], 2).is_err());
    }
}
