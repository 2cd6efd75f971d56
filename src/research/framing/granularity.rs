//! F8: how fine the labels are, and where.

use std::collections::{BTreeMap, BTreeSet};

use ranking::Refusal;
use serde::Serialize;

use super::entropy::entropy;

/// A label that is seen less often is rare.
pub const RARE_BELOW: u64 = 10;

/// One label of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCount {
    /// How often it is seen.
    pub instances: u64,
    /// The group of the reference taxonomy that it primarily belongs to, if any.
    pub group: Option<usize>,
    /// How many terms there are from the top of its own list to it, itself counted.
    pub depth: usize,
}

/// How fine a list of labels is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Granularity {
    /// How many labels there are.
    pub labels: usize,
    /// Labels per hour of footage; absent without footage.
    pub labels_per_hour: Option<f64>,
    /// Labels per group of the reference taxonomy that any label belongs to; absent where none does.
    pub labels_per_group: Option<f64>,
    /// The mean depth of the labels; absent without labels.
    pub depth: Option<f64>,
    /// The share of labels that are seen fewer than ten times; absent without labels.
    pub rare: Option<f64>,
    /// The mean over instances of the entropy, in bit, of the labels inside the instance's group: what knowing the group
    /// leaves open. Absent where no instance has a group.
    pub entropy_inside_groups: Option<f64>,
    /// Verbs per noun, where labels are made of both; absent without nouns.
    pub verbs_per_noun: Option<f64>,
}

/// How fine labels are; `hours` is the footage, `verbs_and_nouns` how many of each a list of pairs is made of.
///
/// Refuses hours that are negative or not finite.
pub fn granularity(
    labels: &[LabelCount],
    hours: f64,
    verbs_and_nouns: Option<(u64, u64)>,
) -> Result<Granularity, Refusal> {
    super::divergence::check_amounts("hours", &[hours])?;
    let count = labels.len() as f64;
    let mut groups: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for label in labels {
        if let Some(group) = label.group {
            groups.entry(group).or_default().push(label.instances as f64);
        }
    }
    let reached: BTreeSet<usize> = groups.keys().copied().collect();
    let grouped: f64 = groups.values().flatten().sum();
    let labels_of_groups = labels.iter().filter(|label| label.group.is_some()).count() as f64;
    let mut inside = 0.0;
    for instances in groups.values() {
        let spread = entropy(instances)?.map_or(0.0, |entropy| entropy.bits);
        inside += spread * instances.iter().sum::<f64>();
    }
    let rare = labels.iter().filter(|label| label.instances < RARE_BELOW).count() as f64;
    let depths: usize = labels.iter().map(|label| label.depth).sum();
    let any = !labels.is_empty();
    Ok(Granularity {
        labels: labels.len(),
        labels_per_hour: (hours > 0.0).then(|| count / hours),
        labels_per_group: (!reached.is_empty()).then(|| labels_of_groups / reached.len() as f64),
        depth: any.then(|| depths as f64 / count),
        rare: any.then(|| rare / count),
        entropy_inside_groups: (grouped > 0.0).then(|| inside / grouped),
        verbs_per_noun: verbs_and_nouns
            .filter(|(_, nouns)| *nouns > 0)
            .map(|(verbs, nouns)| verbs as f64 / nouns as f64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_worked_list() {
        let label = |instances, group, depth| LabelCount { instances, group, depth };
        // Two labels of 8 each in one group (1 bit), one of 16 alone in another (0 bit), one without a group.
        let labels = [label(8, Some(3), 2), label(8, Some(3), 2), label(16, Some(5), 1), label(100, None, 3)];
        let found = granularity(&labels, 8.0, Some((3, 6))).unwrap();
        let expected = Granularity {
            labels: 4,
            labels_per_hour: Some(0.5),
            labels_per_group: Some(1.5),
            depth: Some(2.0),
            rare: Some(0.5),
            entropy_inside_groups: Some(0.5),
            verbs_per_noun: Some(0.5),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_has_no_granularity() {
        let found = granularity(&[], 0.0, Some((1, 0))).unwrap();
        let absent =
            [found.labels_per_hour, found.labels_per_group, found.depth, found.rare, found.verbs_per_noun];
        assert_eq!((absent, found.entropy_inside_groups), ([None; 5], None));
        assert!(granularity(&[], f64::NAN, None).is_err());
        assert!(granularity(&[], -1.0, None).is_err());
    }
}
