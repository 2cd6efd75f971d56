//! F2: how much of what is counted has a class that the label does not fix.
//!
//! Classifications of activities ask what an activity is for; labels rarely say.

use serde::Serialize;

use super::profile::Profile;
use crate::mappings::{Determinacy, Mapping};

/// How much is not fixed by labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IntentGap {
    /// How many labels have an amount.
    pub labels: usize,
    /// How many of these do not fix their class.
    pub undetermined_labels: usize,
    /// The amount of all labels.
    pub amount: f64,
    /// The amount of those that do not fix their class.
    pub undetermined_amount: f64,
}

impl IntentGap {
    /// The gap as a share of the amount, 0..=1; absent where there is nothing.
    pub fn share(&self) -> Option<f64> {
        (self.amount > 0.0).then(|| self.undetermined_amount / self.amount)
    }

    /// The gap as a share of the labels, 0..=1; absent where there are none.
    pub fn share_of_labels(&self) -> Option<f64> {
        (self.labels > 0).then(|| self.undetermined_labels as f64 / self.labels as f64)
    }

    fn count(&mut self, amount: f64, is_determined: bool) {
        self.labels += 1;
        self.amount += amount;
        if !is_determined {
            self.undetermined_labels += 1;
            self.undetermined_amount += amount;
        }
    }
}

/// The intent gap of a profile, at the level of its classes: a label counts unless its determinacy is `label` or all that it
/// may mean lies in one class.
pub fn intent_gap(profile: &Profile) -> IntentGap {
    let mut gap = IntentGap { labels: 0, undetermined_labels: 0, amount: 0.0, undetermined_amount: 0.0 };
    for portion in profile.portions() {
        let is_determined = portion.determinacy == Determinacy::Label || portion.shares.is_fixed();
        gap.count(portion.amount, is_determined && portion.determinacy != Determinacy::Unmappable);
    }
    gap
}

/// The intent gap of a list of labels, each counted once.
///
/// `class_of` says in which of `classes` classes a term of the target lies, if in any.
pub fn intent_gap_of_labels(
    mapping: &Mapping,
    classes: usize,
    class_of: impl Fn(usize) -> Option<usize>,
) -> IntentGap {
    let mut gap = IntentGap { labels: 0, undetermined_labels: 0, amount: 0.0, undetermined_amount: 0.0 };
    for term in mapping.terms() {
        let is_determined =
            term.determinacy == Determinacy::Label || mapping.shares_in(term, classes, &class_of).is_fixed();
        gap.count(1.0, is_determined && term.determinacy != Determinacy::Unmappable);
    }
    gap
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time_use;

    #[test]
    fn more_than_half_of_the_ego4d_scenarios_do_not_fix_their_group() {
        let mapping = Mapping::ego4d_scenarios();
        let icatus = mapping.target();
        let at = |depth| {
            let classes: Vec<usize> = icatus.at_depth(depth).collect();
            intent_gap_of_labels(mapping, classes.len(), |term| {
                let class = icatus.ancestor(term, depth)?;
                classes.iter().position(|known| *known == class)
            })
        };
        let groups = at(3);
        assert_eq!((groups.undetermined_labels, groups.labels), (89, 169));
        assert!((groups.share_of_labels().unwrap() - 0.53).abs() < 0.005);
        // Nine of them could only be one or another group of the same major division.
        assert_eq!(at(1).undetermined_labels, 80);
    }

    #[test]
    fn hours_are_counted_by_what_their_labels_fix() {
        // Sleeping, doing hair (purpose, but self-care in any case), walking (no class without its purpose), cooking.
        let amounts = [("1000", 4.0), ("2", 1.0), ("73", 3.0), ("4", 2.0)];
        let profile =
            Profile::new(Mapping::ego4d_scenarios(), amounts, time_use::CLASSES, time_use::class_of).unwrap();
        let gap = intent_gap(&profile);
        assert_eq!((gap.labels, gap.undetermined_labels, gap.undetermined_amount), (4, 2, 5.0));
        assert_eq!(gap.share(), Some(0.5));
        let nothing = Profile::new(Mapping::ego4d_scenarios(), [], 8, time_use::class_of).unwrap();
        assert_eq!(intent_gap(&nothing).share(), None);
    }
}
