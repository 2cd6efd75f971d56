//! Longest common subsequences.

use std::collections::HashMap;

/// How long the longest common subsequence is, 64 symbols at a time after Hyyrö (2004).
pub(crate) fn common_length(one: &[u32], other: &[u32]) -> usize {
    let words = one.len().div_ceil(64);
    let mut positions: HashMap<u32, Vec<u64>> = HashMap::new();
    for (position, symbol) in one.iter().enumerate() {
        positions.entry(*symbol).or_insert_with(|| vec![0; words])[position / 64] |= 1 << (position % 64);
    }
    // A zero where the subsequence grows by one.
    let mut column = vec![!0_u64; words];
    for symbol in other {
        let Some(matches) = positions.get(symbol) else { continue };
        let mut carry = false;
        for (word, matches) in column.iter_mut().zip(matches) {
            let kept = *word & matches;
            let (sum, first) = word.overflowing_add(kept);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first || second;
            *word = sum | (*word - kept);
        }
    }
    column.iter().map(|word| word.count_zeros() as usize).sum()
}

/// The positions in the first of one of the longest common subsequences: from the end on, where either side could be
/// shortened, the first is, unless shortening it loses more.
pub(crate) fn common_positions(one: &[u32], other: &[u32]) -> Vec<usize> {
    let width = other.len() + 1;
    let mut lengths = vec![0_u16; (one.len() + 1) * width];
    for (row, symbol) in one.iter().enumerate() {
        for (column, match_with) in other.iter().enumerate() {
            lengths[(row + 1) * width + column + 1] = if symbol == match_with {
                lengths[row * width + column] + 1
            } else {
                lengths[row * width + column + 1].max(lengths[(row + 1) * width + column])
            };
        }
    }
    let (mut row, mut column) = (one.len(), other.len());
    let mut positions = Vec::new();
    while row > 0 && column > 0 {
        if one[row - 1] == other[column - 1] {
            (row, column) = (row - 1, column - 1);
            positions.push(row);
        } else if lengths[row * width + column - 1] > lengths[(row - 1) * width + column] {
            column -= 1;
        } else {
            row -= 1;
        }
    }
    positions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_subsequence_need_not_be_connected() {
        assert_eq!(common_length(&[1, 2, 3, 4], &[2, 9, 4, 1]), 2);
        assert_eq!(common_positions(&[1, 2, 3, 4], &[2, 9, 4, 1]), [3, 1]);
        assert_eq!((common_length(&[], &[1]), common_length(&[1], &[])), (0, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn both_ways_to_count_agree(
            one in prop::collection::vec(0..5_u32, 0..150),
            other in prop::collection::vec(0..6_u32, 0..150),
        ) {
            prop_assert_eq!(common_length(&one, &other), common_positions(&one, &other).len());
        }
    }
}
