//! Profiles: how much of a data set, task or score every label is, and what the labels may mean.

use std::collections::HashSet;

use crate::mappings::{ClassShares, Determinacy, Mapping};
use crate::nearest::{nearest, suggestion};
use crate::vocabularies::owned;

/// An amount of one label, with the classes that it may belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Portion {
    /// The position of the label in [`Mapping::terms`].
    pub label: usize,
    /// Hours, instances or score weight; positive.
    pub amount: f64,
    /// What fixes the label's class.
    pub determinacy: Determinacy,
    /// The classes.
    pub shares: ClassShares,
}

/// How much of something every label is.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    classes: usize,
    portions: Vec<Portion>,
}

/// A profile that cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProfileError {
    /// A label is not mapped.
    #[error("{code:?} is no term of {source_list}{}", suggestion(.nearest))]
    Unmapped {
        /// The source of the mapping.
        source_list: String,
        /// The label.
        code: String,
        /// The nearest labels, at most three.
        nearest: Vec<String>,
    },
    /// A label has two amounts.
    #[error("{code:?} has two amounts")]
    Twice {
        /// The label.
        code: String,
    },
    /// An amount is negative or not a number.
    #[error("the amount of {code:?} is {amount}, not a number from 0 on")]
    Amount {
        /// The label.
        code: String,
        /// The amount.
        amount: f64,
    },
}

impl Profile {
    /// The profile of amounts by label; labels with nothing are left out.
    ///
    /// `class_of` says in which of `classes` classes a term of the mapping's target lies, if in any.
    pub fn new<'a>(
        mapping: &Mapping,
        amounts: impl IntoIterator<Item = (&'a str, f64)>,
        classes: usize,
        class_of: impl Fn(usize) -> Option<usize>,
    ) -> Result<Self, ProfileError> {
        let mut seen = HashSet::new();
        let mut portions = Vec::new();
        for (code, amount) in amounts {
            let Some(label) = mapping.position(code) else {
                let near = nearest(code, mapping.terms().iter().map(|term| term.code.as_str()));
                let (source_list, code) = (mapping.source().to_owned(), code.to_owned());
                return Err(ProfileError::Unmapped { source_list, code, nearest: owned(near) });
            };
            if !seen.insert(label) {
                return Err(ProfileError::Twice { code: code.to_owned() });
            }
            if !(amount >= 0.0 && amount.is_finite()) {
                return Err(ProfileError::Amount { code: code.to_owned(), amount });
            }
            if amount > 0.0 {
                let term = &mapping.terms()[label];
                let shares = mapping.shares_in(term, classes, &class_of);
                portions.push(Portion { label, amount, determinacy: term.determinacy, shares });
            }
        }
        Ok(Self { classes, portions })
    }

    /// The profile of portions as they are.
    #[cfg(test)]
    pub(super) fn of_portions(classes: usize, portions: Vec<Portion>) -> Self {
        Self { classes, portions }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The labels that have an amount, in the order in which they came.
    pub fn portions(&self) -> &[Portion] {
        &self.portions
    }

    /// The sum of all amounts.
    pub fn total(&self) -> f64 {
        self.portions.iter().map(|portion| portion.amount).sum()
    }

    /// The amount of every class when every label means its primary class.
    ///
    /// Labels without a primary class (travel, whose purpose is not recorded) are in no class here; [`Self::unplaced`] is
    /// their sum, and the bounds of a measure count them.
    pub fn point(&self) -> Vec<f64> {
        let mut amounts = vec![0.0; self.classes];
        for portion in &self.portions {
            for (amount, weight) in amounts.iter_mut().zip(&portion.shares.weight) {
                *amount += portion.amount * weight;
            }
        }
        amounts
    }

    /// The amount of labels without a primary class.
    pub fn unplaced(&self) -> f64 {
        let placed = |portion: &Portion| portion.shares.weight.iter().sum::<f64>();
        self.portions.iter().map(|portion| portion.amount * (1.0 - placed(portion)).max(0.0)).sum()
    }

    /// The amount of labels that can mean no class at all.
    pub fn unmappable(&self) -> f64 {
        let portions = self.portions.iter();
        portions
            .filter(|portion| portion.shares.most.iter().sum::<f64>() <= 0.0)
            .map(|portion| portion.amount)
            .sum()
    }
}

/// The shares of amounts; absent where they are nothing together.
///
/// Amounts are finite and not negative, as those of a [`Profile`] are.
pub fn shares(amounts: &[f64]) -> Option<Vec<f64>> {
    let total: f64 = amounts.iter().sum();
    (total > 0.0 && total.is_finite()).then(|| amounts.iter().map(|amount| amount / total).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_use::{CLASSES, class_of};

    fn profile(amounts: &[(&str, f64)]) -> Result<Profile, ProfileError> {
        Profile::new(Mapping::ego4d_scenarios(), amounts.iter().copied(), CLASSES, class_of)
    }

    #[test]
    fn amounts_go_to_primary_classes_and_travel_to_none() {
        // Cooking, watching television, walking on the street, sleeping (nothing of it).
        let found = profile(&[("4", 3.0), ("31", 1.0), ("73", 2.0), ("1000", 0.0)]).unwrap();
        assert_eq!(found.point(), [0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!((found.total(), found.unplaced(), found.unmappable()), (6.0, 2.0, 0.0));
        assert_eq!(found.portions().len(), 3);
    }

    #[test]
    fn amounts_that_mean_nothing_are_refused() {
        assert!(matches!(profile(&[("10000", 1.0)]), Err(ProfileError::Unmapped { .. })));
        assert!(matches!(profile(&[("4", 1.0), ("4", 0.0)]), Err(ProfileError::Twice { .. })));
        for amount in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(profile(&[("4", amount)]), Err(ProfileError::Amount { .. })));
        }
    }

    #[test]
    fn nothing_has_no_shares() {
        assert_eq!(shares(&[0.0, 0.0]), None);
        assert_eq!(shares(&[1.0, 3.0]), Some(vec![0.25, 0.75]));
    }
}
