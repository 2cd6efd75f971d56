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

/// Compares scores that are finite; the two zeros are equal.
fn compare(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_follow_the_named_rule() {
        let scores = [0.5, 0.9, 0.5, 0.1];
        assert_eq!(descending_later_first(&scores), [1, 2, 0, 3]);
        assert_eq!(descending_later_first(&[0.0, -0.0]), [1, 0]);
        assert_eq!(descending_earlier_first(&scores), [1, 0, 2, 3]);
    }
}
