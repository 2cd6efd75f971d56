//! Stable orders by score, with the rule for equal scores in the name.

use std::cmp::Ordering;

/// Positions by descending score, of equal scores the later position first: a stable ascending order, reversed.
pub fn descending_later_first(scores: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..scores.len() as u32).collect();
    order.sort_by(|a, b| compare(scores[*a as usize], scores[*b as usize]));
    order.reverse();
    order
}

/// Positions by descending score, of equal scores the earlier position first.
pub fn descending_earlier_first(scores: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..scores.len() as u32).collect();
    order.sort_by(|a, b| compare(scores[*b as usize], scores[*a as usize]));
    order
}

/// Positions by ascending value as [`f64::total_cmp`] has it, of equal values the earlier position first.
///
/// Keys that lie beside their positions sort several times faster than positions whose values are looked up.
pub fn ascending(values: impl Iterator<Item = f64>) -> Vec<u32> {
    let mut keys: Vec<(u64, u32)> = values.map(ascending_key).zip(0..).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, position)| position).collect()
}

/// A key that sorts as [`f64::total_cmp`] does.
pub fn ascending_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// Compares scores that are finite; the two zeros are equal.
fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_numbers_do() {
        let numbers =
            [f64::NEG_INFINITY, f64::MIN, -1.0, -1e-300, -0.0, 0.0, 1e-300, 1.0, f64::MAX, f64::NAN];
        assert!(numbers.windows(2).all(|pair| ascending_key(pair[0]) < ascending_key(pair[1])));
        assert_eq!(ascending([2.0, -1.0, 2.0, 0.5].into_iter()), [1, 3, 0, 2]);
    }

    #[test]
    fn equal_scores_follow_the_named_rule() {
        let scores = [0.5, 0.9, 0.5, 0.1];
        assert_eq!(descending_later_first(&scores), [1, 2, 0, 3]);
        assert_eq!(descending_later_first(&[0.0, -0.0]), [1, 0]);
        assert_eq!(descending_earlier_first(&scores), [1, 0, 2, 3]);
    }
}
