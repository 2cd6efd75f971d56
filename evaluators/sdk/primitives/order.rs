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
pub fn ascending(values: &[f64]) -> Vec<u32> {
    by_key(values, ascending_key, |_| {})
}

/// Positions by the rising keys of values, of equal keys the earlier position first; calls with the length of every run of
/// equal keys, in order.
///
/// Keys that lie beside their positions sort several times faster than positions whose values are looked up. Positions are
/// dealt into buckets by the first bits of their keys, and then each bucket is sorted by itself: few keys are in memory at
/// once.
pub fn by_key(values: &[f64], key: impl Fn(f64) -> u64, mut run: impl FnMut(u32)) -> Vec<u32> {
    // About a dozen positions to a bucket, if keys fill them evenly.
    let bits = (values.len() / 16).max(1).ilog2().clamp(1, 20);
    let bucket = |value: f64| (key(value) >> (64 - bits)) as usize;
    let mut ends = vec![0_u32; (1 << bits) + 1];
    for value in values {
        ends[bucket(*value) + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    // Each end is the start of its bucket until the bucket is filled.
    let mut order = vec![0; values.len()];
    for (position, value) in (0..).zip(values) {
        let end = &mut ends[bucket(*value)];
        order[*end as usize] = position;
        *end += 1;
    }
    let (mut keys, mut start) = (Vec::new(), 0);
    for end in &ends[..1 << bits] {
        let positions = &mut order[start as usize..*end as usize];
        start = *end;
        keys.clear();
        keys.extend(positions.iter().map(|position| (key(values[*position as usize]), *position)));
        keys.sort_unstable();
        positions.iter_mut().zip(&keys).for_each(|(slot, (_, position))| *slot = *position);
        keys.chunk_by(|a, b| a.0 == b.0).for_each(|equal| run(equal.len() as u32));
    }
    order
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
        assert_eq!(ascending(&[2.0, -1.0, 2.0, 0.5]), [1, 3, 0, 2]);
    }

    #[test]
    fn keys_order_as_a_stable_sort_orders_values() {
        for count in [0, 1, 2, 50, 3000] {
            let values: Vec<f64> = (0..count).map(|at| f64::from(at * 7919 % 613) / 64.0 - 3.0).collect();
            let mut expected: Vec<u32> = (0..count as u32).collect();
            expected.sort_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
            let mut runs = Vec::new();
            let order = by_key(&values, ascending_key, |run| runs.push(run));
            assert_eq!((&order, &ascending(&values)), (&expected, &expected));
            let equal = expected.chunk_by(|a, b| values[*a as usize] == values[*b as usize]);
            assert_eq!(runs, equal.map(|run| run.len() as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn equal_scores_follow_the_named_rule() {
        let scores = [0.5, 0.9, 0.5, 0.1];
        assert_eq!(descending_later_first(&scores), [1, 2, 0, 3]);
        assert_eq!(descending_later_first(&[0.0, -0.0]), [1, 0]);
        assert_eq!(descending_earlier_first(&scores), [1, 0, 2, 3]);
    }
}
