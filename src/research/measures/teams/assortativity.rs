//! T5, assortativity by sector, country: whether people share teams with their like more than chance would have it.

use std::collections::BTreeMap;

use super::constellations::{Constellations, scopes};
use crate::measure::Reading;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot};

/// The least people, and classes, for which it is published.
const LEAST_CLASSES: usize = 2;

/// `r = (sum_i e_ii - sum_i a_i b_i) / (1 - sum_i a_i b_i)` over ties between classes (Newman 2003): 1 where only like meets like,
/// 0 as by chance, -1 at the least.
///
/// Each tie counts once in either direction. None without ties, and where all ends are of one class.
pub fn assortativity<'c>(ties: impl IntoIterator<Item = (&'c str, &'c str)>) -> Option<f64> {
    let mut ends: BTreeMap<&str, f64> = BTreeMap::new();
    let (mut ties_counted, mut alike) = (0.0, 0.0);
    for (first, second) in ties {
        ties_counted += 1.0;
        alike += f64::from(u8::from(first == second));
        for end in [first, second] {
            *ends.entry(end).or_insert(0.0) += 1.0;
        }
    }
    if ends.len() < LEAST_CLASSES {
        return None;
    }
    let by_chance: f64 =
        ends.values().map(|ends| (ends / (2.0 * ties_counted)) * (ends / (2.0 * ties_counted))).sum();
    Some((alike / ties_counted - by_chance) / (1.0 - by_chance))
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for (label, editions) in scopes(snapshot) {
        let Some(last) = editions.last() else { continue };
        let graph = Constellations::of(snapshot, editions);
        let day = snapshot.class_day(last);
        for dimension in [Dimension::Sector, Dimension::Country] {
            let classes: Vec<Option<&str>> = graph
                .people
                .iter()
                .map(|person| snapshot.main_class(person, day, dimension, &parameters.lists))
                .collect();
            // Only ties of which both ends are known say anything.
            let ties: Vec<(usize, usize)> = graph
                .ties
                .keys()
                .filter(|(first, second)| classes[*first].is_some() && classes[*second].is_some())
                .copied()
                .collect();
            let ends: std::collections::BTreeSet<usize> =
                ties.iter().flat_map(|(first, second)| [*first, *second]).collect();
            let r = assortativity(
                ties.iter().filter_map(|(first, second)| Some((classes[*first]?, classes[*second]?))),
            );
            panel.push(Reading::exact("r", ends.len(), r).of("edition", &label).of("by", dimension.name()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The mixing matrix written out, as in the paper.
    fn from_the_matrix(ties: &[(usize, usize)]) -> f64 {
        let mut e = [[0.0; 4]; 4];
        for (a, b) in ties {
            e[*a][*b] += 0.5 / ties.len() as f64;
            e[*b][*a] += 0.5 / ties.len() as f64;
        }
        let trace: f64 = (0..4).map(|i| e[i][i]).sum();
        let squared: f64 =
            (0..4).map(|i| e[i].iter().sum::<f64>() * e.iter().map(|row| row[i]).sum::<f64>()).sum();
        (trace - squared) / (1.0 - squared)
    }

    #[test]
    fn like_with_like_is_one_and_two_sides_minus_one() {
        assert_eq!(assortativity([("a", "a"), ("b", "b")]), Some(1.0));
        assert_eq!(assortativity([("a", "b"), ("b", "a")]), Some(-1.0));
        assert_eq!((assortativity([("a", "a")]), assortativity([])), (None, None));
    }

    proptest! {
        #[test]
        fn it_is_that_of_the_mixing_matrix(ties in prop::collection::vec((0_usize..4, 0_usize..4), 1..30)) {
            let names = ["a", "b", "c", "d"];
            match assortativity(ties.iter().map(|(a, b)| (names[*a], names[*b]))) {
                Some(r) => prop_assert!((r - from_the_matrix(&ties)).abs() < 1e-12),
                None => prop_assert!(ties.iter().all(|(a, b)| a == b && *a == ties[0].0)),
            }
        }
    }
}
