//! Edit distances of a short sequence, all prefixes at once, a bit per element.

/// The longest sequence.
pub(super) const LONGEST: usize = 64;

/// The edit distances between the prefixes of a fixed sequence and those of another that is read element by element.
///
/// A column of the table of distances is kept as the differences between its rows, one bit each for up and down
/// (Myers 1999, Hyyrö 2003), so that an element costs a few operations on words, and any entry of the column is a count
/// of bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Distances {
    up: u64,
    down: u64,
    read: u32,
}

impl Distances {
    /// Nothing read yet: a prefix of `n` elements is `n` edits away.
    pub(super) fn start() -> Self {
        Self { up: u64::MAX, down: 0, read: 0 }
    }

    /// Reads an element; bit `i` of `equal` says whether it equals element `i` of the fixed sequence.
    pub(super) fn read(&mut self, equal: u64) {
        let vertical = equal | self.down;
        let horizontal = ((equal & self.up).wrapping_add(self.up) ^ self.up) | equal;
        let right_up = self.down | !(horizontal | self.up);
        let right_down = self.up & horizontal;
        // Against the empty prefix every element is an edit.
        let right_up = right_up << 1 | 1;
        let right_down = right_down << 1;
        self.up = right_down | !(vertical | right_up);
        self.down = right_up & vertical;
        self.read += 1;
    }

    /// The distance of what was read from the first elements of the fixed sequence, of which there are at most [`LONGEST`].
    pub(super) fn to_prefix(self, length: usize) -> u32 {
        let rows = if length >= LONGEST { u64::MAX } else { (1 << length) - 1 };
        self.read + (self.up & rows).count_ones() - (self.down & rows).count_ones()
    }
}

/// The bits of the elements that equal one.
pub(super) fn equal_bits(sequence: &[i64], element: i64) -> u64 {
    sequence.iter().enumerate().fold(0, |bits, (index, one)| bits | u64::from(*one == element) << index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The table, row by row.
    fn textbook(fixed: &[i64], other: &[i64]) -> u32 {
        let mut row: Vec<u32> = (0..=fixed.len() as u32).collect();
        for (index, element) in other.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = index as u32 + 1;
            for (column, one) in fixed.iter().enumerate() {
                let replaced = diagonal + u32::from(one != element);
                diagonal = row[column + 1];
                row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
            }
        }
        row[fixed.len()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_pair_of_prefixes_has_the_distance_of_the_textbook(
            fixed in prop::collection::vec(0..5_i64, 0..=LONGEST),
            other in prop::collection::vec(0..5_i64, 0..90),
        ) {
            let mut distances = Distances::start();
            for length in 0..=other.len() {
                for prefix in [0, 1, fixed.len() / 2, fixed.len()] {
                    let prefix = prefix.min(fixed.len());
                    let expected = textbook(&fixed[..prefix], &other[..length]);
                    prop_assert_eq!(distances.to_prefix(prefix), expected);
                }
                if let Some(element) = other.get(length) {
                    distances.read(equal_bits(&fixed, *element));
                }
            }
        }
    }
}
