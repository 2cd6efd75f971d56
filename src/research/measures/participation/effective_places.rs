//! P10, effective places: the number of equally frequent countries, or organizations, with the same entropy as those of the people.
//!
//! A large edition has more places only because it is large; rarefaction says how many each would have with as few people as the
//! smallest.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot};

/// The expected entropy, in bits, of `drawn` of the people when all sets of so many are equally likely; `counts` are people per place.
///
/// `H(m) = sum_{k=1}^{m} -(k/m) log2(k/m) E[f_k]` with `E[f_k] = sum_i C(X_i, k) C(n - X_i, m - k) / C(n, m)`
/// (Chao et al. 2014, Ecological Monographs 84, for order 1); none for more people than there are, or for none.
pub fn rarefied_entropy(counts: &[u64], drawn: u64) -> Option<f64> {
    let n: u64 = counts.iter().sum();
    if drawn == 0 || drawn > n {
        return None;
    }
    let log_factorial = |number: u64| libm::lgamma(number as f64 + 1.0);
    let log_choose = |n: u64, k: u64| log_factorial(n) - log_factorial(k) - log_factorial(n - k);
    let all = log_choose(n, drawn);
    let mut bits = 0.0;
    for count in counts {
        // `drawn` people never fill a place beyond its own, nor leave more outside than there are.
        let fewest = (drawn + count).saturating_sub(n).max(1);
        for k in fewest..=drawn.min(*count) {
            let share = k as f64 / drawn as f64;
            let probability = libm::exp(log_choose(*count, k) + log_choose(n - count, drawn - k) - all);
            bits -= share * libm::log2(share) * probability;
        }
    }
    Some(bits)
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for dimension in [Dimension::Country, Dimension::Organization] {
        // Where each person mostly is: half a person is in no place when some are drawn.
        let counted: Vec<Vec<u64>> = snapshot
            .editions
            .iter()
            .map(|edition| {
                let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
                for person in snapshot.participants(edition) {
                    if let Some(place) =
                        snapshot.main_class(person, snapshot.class_day(edition), dimension, &parameters.lists)
                    {
                        *counts.entry(place).or_insert(0) += 1;
                    }
                }
                counts.into_values().collect()
            })
            .collect();
        // Editions that are too small to be shown would make the others incomparable.
        let sizes = counted.iter().map(|counts| counts.iter().sum::<u64>());
        let smallest = sizes.filter(|size| *size >= panel.definition.min_n).min();
        for (edition, counts) in snapshot.editions.iter().zip(&counted) {
            let n = counts.iter().sum::<u64>() as usize;
            let of = |reading: Reading| reading.of("edition", &edition.id).of("places", dimension.name());
            let effective =
                Concentration::of(counts.iter().map(|count| *count as f64)).map(|all| all.effective_number());
            panel.push(of(Reading::exact("effective_number", n, effective)));
            let rarefied = smallest.and_then(|smallest| rarefied_entropy(counts, smallest)).map(libm::exp2);
            let reading = of(Reading::exact("rarefied_effective_number", n, rarefied));
            panel.push(reading.of("people_drawn", smallest.unwrap_or(0).to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The mean entropy over all sets of people, one by one.
    fn over_all_sets(counts: &[u64], drawn: u64) -> f64 {
        let places: Vec<usize> = counts
            .iter()
            .enumerate()
            .flat_map(|(place, count)| std::iter::repeat_n(place, *count as usize))
            .collect();
        let sets = (0_u32..1 << places.len()).filter(|set| u64::from(set.count_ones()) == drawn);
        let entropies = sets.map(|set| {
            let mut found = vec![0.0; counts.len()];
            for (person, place) in places.iter().enumerate() {
                found[*place] += f64::from(set >> person & 1);
            }
            Concentration::of(found).unwrap().entropy_bits()
        });
        let entropies: Vec<f64> = entropies.collect();
        entropies.iter().sum::<f64>() / entropies.len() as f64
    }

    proptest! {
        #[test]
        fn it_is_the_mean_over_all_sets(counts in prop::collection::vec(1_u64..5, 1..4), drawn in 1_u64..10) {
            let n: u64 = counts.iter().sum();
            let found = rarefied_entropy(&counts, drawn);
            prop_assert_eq!(found.is_some(), drawn <= n);
            if let Some(found) = found {
                prop_assert!((found - over_all_sets(&counts, drawn)).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn all_people_have_the_entropy_that_they_have() {
        let counts = [9_u64, 5, 1, 1];
        let own = Concentration::of(counts.map(|count| count as f64)).unwrap().entropy_bits();
        assert!((rarefied_entropy(&counts, 16).unwrap() - own).abs() < 1e-12);
        assert!(rarefied_entropy(&counts, 8).unwrap() < own);
        assert_eq!((rarefied_entropy(&counts, 1), rarefied_entropy(&[], 1)), (Some(0.0), None));
    }
}
