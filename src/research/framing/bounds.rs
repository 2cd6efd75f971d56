//! F5: between what values the divergence from time use lies, whatever the purposes were that nobody recorded.
//!
//! Every allocation of the amounts to classes that the mapping's bounds allow is possible (partial identification, Manski 2003).
//! The divergence is convex in the allocation.
//! So its least value is found by descent, label by label, and certified by the duality gap of Frank and Wolfe (1956);
//! its greatest lies where every label is at a vertex of what it may mean, and is found by branch and bound.

mod greatest;
mod least;

use ranking::Refusal;
use serde::Serialize;

use super::divergence::{check_amounts, term};
use super::profile::{Portion, Profile, shares};
use crate::mappings::TOLERANCE;

/// The most classes that bounds are worked out over: labels have up to as many meanings as there are sets of classes.
pub const MOST_CLASSES: usize = 12;

/// Between what values a divergence lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// No allocation diverges less; at most a billionth of a bit below the least value.
    pub lower: f64,
    /// No allocation diverges more.
    pub upper: f64,
    /// Whether an allocation diverges as much as [`Self::upper`]; false where there were too many to try.
    pub upper_is_attained: bool,
}

/// The bounds of the Jensen-Shannon divergence between a profile and a reference, in bit.
///
/// Absent where the reference or what can be mapped has nothing; labels that fit no class are left out.
/// Refuses a reference of another number of classes, of more than [`MOST_CLASSES`], negative amounts, NaN and infinities.
pub fn divergence_bounds(profile: &Profile, reference: &[f64]) -> Result<Option<Bounds>, Refusal> {
    if reference.len() != profile.classes() {
        let (expected, found) = (profile.classes(), reference.len());
        return Err(Refusal::Length { what: "reference", expected, found });
    }
    if reference.len() > MOST_CLASSES {
        return Err(Refusal::OutOfRange { what: "classes", rule: "at most 12" });
    }
    check_amounts("reference", reference)?;
    let Some(reference) = shares(reference) else { return Ok(None) };
    let Some(problem) = Problem::new(profile, reference) else { return Ok(None) };
    let lower = least::least(&problem);
    let (upper, upper_is_attained) = greatest::greatest(&problem);
    Ok(Some(Bounds { lower: lower.min(upper), upper, upper_is_attained }))
}

/// An allocation problem: fixed shares, and blocks that can be moved.
#[derive(Debug)]
struct Problem {
    reference: Vec<f64>,
    /// The shares of labels whose class is fixed, by class.
    fixed: Vec<f64>,
    /// The labels that can be moved, the largest first.
    blocks: Vec<Block>,
}

/// One label's share of everything, and how much of it every class takes at least and at most.
#[derive(Debug)]
struct Block {
    share: f64,
    least: Vec<f64>,
    most: Vec<f64>,
}

impl Problem {
    fn new(profile: &Profile, reference: Vec<f64>) -> Option<Self> {
        let can_be_placed = |portion: &&Portion| portion.shares.most.iter().sum::<f64>() >= 1.0 - TOLERANCE;
        let portions: Vec<&Portion> = profile.portions().iter().filter(can_be_placed).collect();
        let total: f64 = portions.iter().map(|portion| portion.amount).sum();
        if total <= 0.0 {
            return None;
        }
        let mut fixed = vec![0.0; reference.len()];
        let mut blocks = Vec::new();
        for portion in portions {
            let share = portion.amount / total;
            let scaled = |bounds: &[f64]| bounds.iter().map(|bound| bound * share).collect::<Vec<f64>>();
            let block =
                Block { share, least: scaled(&portion.shares.least), most: scaled(&portion.shares.most) };
            if portion.shares.is_fixed() {
                for (fixed, share) in fixed.iter_mut().zip(block.start()) {
                    *fixed += share;
                }
            } else {
                blocks.push(block);
            }
        }
        blocks.sort_by(|a, b| b.share.total_cmp(&a.share));
        Some(Self { reference, fixed, blocks })
    }

    fn divergence(&self, allocation: &[f64]) -> f64 {
        allocation.iter().zip(&self.reference).map(|(p, q)| term(*p, *q)).sum::<f64>().clamp(0.0, 1.0)
    }
}

impl Block {
    /// What can be moved between classes.
    fn free(&self) -> f64 {
        (self.share - self.least.iter().sum::<f64>()).max(0.0)
    }

    /// An allocation within the bounds: the least of everything, the rest where there is room, class by class.
    fn start(&self) -> Vec<f64> {
        self.filled((0..self.least.len()).collect())
    }

    /// The allocation that fills the classes in an order.
    fn filled(&self, order: Vec<usize>) -> Vec<f64> {
        let mut allocation = self.least.clone();
        let mut rest = self.free();
        for class in order {
            let taken = rest.min(self.most[class] - self.least[class]).max(0.0);
            allocation[class] += taken;
            rest -= taken;
        }
        allocation
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mappings::{ClassShares, Determinacy};

    fn profile(portions: &[(f64, &[usize])], classes: usize) -> Profile {
        let portions = portions.iter().enumerate().map(|(label, (amount, allowed))| {
            let of = |value: f64| {
                (0..classes).map(|class| if allowed.contains(&class) { value } else { 0.0 }).collect()
            };
            let (weight, most): (Vec<f64>, Vec<f64>) = (of(0.0), of(1.0));
            let least = if allowed.len() == 1 { most.clone() } else { weight.clone() };
            let shares = ClassShares { weight, least, most };
            Portion { label, amount: *amount, determinacy: Determinacy::Purpose, shares }
        });
        Profile::of_portions(classes, portions.collect())
    }

    #[test]
    fn a_label_that_may_be_anything_leaves_everything_open() {
        let found = divergence_bounds(&profile(&[(5.0, &[0, 1, 2])], 3), &[1.0, 1.0, 2.0]).unwrap().unwrap();
        assert!(found.lower < 1e-9, "{found:?}");
        // Most unlike the reference is all of it in one of the small classes: p = 1, q = 1/4.
        let expected =
            super::super::divergence::jensen_shannon(&[1.0, 0.0, 0.0], &[1.0, 1.0, 2.0]).unwrap().unwrap();
        assert!((found.upper - expected).abs() < 1e-12 && found.upper_is_attained, "{found:?}");
    }

    #[test]
    fn fixed_labels_have_one_value() {
        let fixed = profile(&[(3.0, &[0]), (1.0, &[1])], 2);
        let found = divergence_bounds(&fixed, &[1.0, 1.0]).unwrap().unwrap();
        let expected = super::super::divergence::jensen_shannon(&[3.0, 1.0], &[1.0, 1.0]).unwrap().unwrap();
        assert!((found.lower - expected).abs() < 1e-9 && (found.upper - expected).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn amounts_of_any_size_have_bounds() {
        let found =
            divergence_bounds(&profile(&[(1e9, &[0]), (1e-9, &[1, 2])], 3), &[1.0; 3]).unwrap().unwrap();
        let expected =
            super::super::divergence::jensen_shannon(&[1.0, 0.0, 0.0], &[1.0; 3]).unwrap().unwrap();
        assert!((found.upper - expected).abs() < 1e-9 && (found.lower - expected).abs() < 1e-8, "{found:?}");
    }

    #[test]
    fn what_has_no_bounds() {
        assert_eq!(divergence_bounds(&profile(&[], 2), &[1.0, 1.0]), Ok(None));
        assert_eq!(divergence_bounds(&profile(&[(1.0, &[])], 2), &[1.0, 1.0]), Ok(None));
        assert_eq!(divergence_bounds(&profile(&[(1.0, &[0])], 2), &[0.0, 0.0]), Ok(None));
        assert!(divergence_bounds(&profile(&[(1.0, &[0])], 2), &[1.0]).is_err());
        assert!(divergence_bounds(&profile(&[(1.0, &[0])], 13), &[1.0; 13]).is_err());
    }

    /// The divergence of every allocation in steps of a quarter.
    fn all_allocations(portions: &[(f64, Vec<usize>)], reference: &[f64]) -> (f64, f64) {
        let mut found = (f64::INFINITY, f64::NEG_INFINITY);
        let mut stack = vec![(0, vec![0.0; reference.len()])];
        while let Some((label, amounts)) = stack.pop() {
            let Some((amount, allowed)) = portions.get(label) else {
                let value = super::super::divergence::jensen_shannon(&amounts, reference).unwrap().unwrap();
                found = (found.0.min(value), found.1.max(value));
                continue;
            };
            for quarters in compositions(4, allowed.len()) {
                let mut next = amounts.clone();
                for (class, quarter) in allowed.iter().zip(quarters) {
                    next[*class] += amount * f64::from(quarter) / 4.0;
                }
                stack.push((label + 1, next));
            }
        }
        found
    }

    fn compositions(total: u8, parts: usize) -> Vec<Vec<u8>> {
        if parts == 1 {
            return vec![vec![total]];
        }
        let with_first = |first: u8| {
            compositions(total - first, parts - 1).into_iter().map(move |rest| [vec![first], rest].concat())
        };
        (0..=total).flat_map(with_first).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 96, ..ProptestConfig::default() })]

        #[test]
        fn no_allocation_lies_outside_and_the_greatest_is_attained(
            labels in prop::collection::vec((1_u8..9, prop::collection::btree_set(0_usize..4, 1..4)), 1..4),
            reference in prop::collection::vec(0_u8..5, 4),
        ) {
            prop_assume!(reference.iter().any(|amount| *amount > 0));
            let reference: Vec<f64> = reference.into_iter().map(f64::from).collect();
            let labels: Vec<(f64, Vec<usize>)> =
                labels.into_iter().map(|(amount, classes)| (f64::from(amount), classes.into_iter().collect())).collect();
            let borrowed: Vec<(f64, &[usize])> = labels.iter().map(|(amount, classes)| (*amount, classes.as_slice())).collect();
            let found = divergence_bounds(&profile(&borrowed, 4), &reference).unwrap().unwrap();
            let (least, greatest) = all_allocations(&labels, &reference);
            prop_assert!(found.lower <= least + 1e-9, "{found:?} but {least}");
            // A grid of quarters comes near the least value only where there are few labels, but never below.
            prop_assert!(found.upper_is_attained && (found.upper - greatest).abs() < 1e-9, "{found:?} but {greatest}");
        }
    }
}
