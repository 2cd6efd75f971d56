//! Who overlaps whom: the similarities of one frame, and what they add up to for pairs of tracks.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::{EPSILON, Failure};

/// A pair of boxes is the same person to CLEAR and Identity from this similarity on.
pub(super) const THRESHOLD: f64 = 0.5;

/// So many pairs of tracks that overlap are held for one sequence; a real one has some ten thousand.
pub(super) const MOST_PAIRS: usize = 1 << 22;

/// The similarities of a frame.
#[derive(Debug, Default)]
pub(super) struct Similarity {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
    row_sums: Vec<f64>,
    column_sums: Vec<f64>,
}

impl Similarity {
    /// Empties the matrix and gives the memory that its rows are to be put into.
    pub(super) fn reset(&mut self, rows: usize, columns: usize) -> &mut Vec<f64> {
        (self.rows, self.columns) = (rows, columns);
        self.values.clear();
        &mut self.values
    }

    pub(super) fn size(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    #[inline]
    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// Sums the rows and the columns with NumPy's order of additions, on whose last bit a choice among equal
    /// assignments can hang.
    fn sum(&mut self) {
        let rows = || self.values.chunks_exact(self.columns.max(1));
        self.row_sums.clear();
        self.row_sums.extend(rows().map(pairwise_sum));
        self.row_sums.resize(self.rows, 0.0);
        self.column_sums.clear();
        self.column_sums.resize(self.columns, 0.0);
        if self.columns == 1 {
            self.column_sums[0] = pairwise_sum(&self.values);
            return;
        }
        for row in rows() {
            for (sum, value) in self.column_sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
    }
}

/// NumPy's sum of numbers that lie side by side.
fn pairwise_sum(values: &[f64]) -> f64 {
    match values.len() {
        0..8 => values.iter().sum(),
        8..=128 => {
            let blocks = values.chunks_exact(8);
            let rest = blocks.remainder();
            let mut lanes = [0.0; 8];
            for block in blocks {
                for (lane, value) in lanes.iter_mut().zip(block) {
                    *lane += value;
                }
            }
            let [a, b, c, d, e, f, g, h] = lanes;
            rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, value| sum + value)
        }
        length => {
            let half = length / 2;
            let middle = half - half % 8;
            pairwise_sum(&values[..middle]) + pairwise_sum(&values[middle..])
        }
    }
}

/// What is known of a true and a predicted track that overlap somewhere.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// The similarities of the frames, each divided by what it has to share with other boxes.
    pub(super) potential: f64,
    /// The frames in which the similarity reaches the threshold.
    pub(super) frames: u32,
}

/// All pairs of tracks that overlap somewhere, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Pairs(HashMap<u64, Pair, BuildHasherDefault<PairHasher>>);

/// Spreads the numbers of a pair, which we gave ourselves and no stranger can make collide.
#[derive(Debug, Default)]
pub(super) struct PairHasher(u64);

impl Hasher for PairHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, pair: u64) {
        self.0 = (self.0.rotate_left(5) ^ pair).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// The key of a true and a predicted track.
#[inline]
pub(super) fn key(truth: u32, track: u32) -> u64 {
    u64::from(truth) << 32 | u64::from(track)
}

impl Pairs {
    /// Adds the pairs of a frame.
    pub(super) fn add(
        &mut self,
        truth: &[u32],
        tracks: &[u32],
        similarity: &mut Similarity,
    ) -> Result<(), Failure> {
        similarity.sum();
        for (row, true_track) in truth.iter().enumerate() {
            for (column, track) in tracks.iter().enumerate() {
                let value = similarity.at(row, column);
                if value <= 0.0 {
                    continue;
                }
                let shared = similarity.column_sums[column] + similarity.row_sums[row] - value;
                let pair = self.0.entry(key(*true_track, *track)).or_default();
                if shared > EPSILON {
                    pair.potential += value / shared;
                }
                pair.frames += u32::from(value >= THRESHOLD);
            }
        }
        if self.0.len() > MOST_PAIRS { Err(Failure::TooManyPairs) } else { Ok(()) }
    }

    /// What is known of a true and a predicted track.
    pub(super) fn get(&self, truth: u32, track: u32) -> Pair {
        self.0.get(&key(truth, track)).copied().unwrap_or_default()
    }

    /// All pairs with their true and their predicted track, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32, Pair)> {
        self.0.iter().map(|(key, pair)| ((key >> 32) as u32, *key as u32, *pair))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_add_in_the_order_of_numpy() {
        // Eight lanes: 1e16 and -1e16 meet before the ones are added to either.
        let mut values = vec![1e16, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1e16];
        assert_eq!(pairwise_sum(&values), 0.0);
        values.truncate(7);
        assert_eq!(pairwise_sum(&values), 1e16);
        assert!((pairwise_sum(&[0.1; 1000]) - 100.0).abs() < 1e-13);
        assert_eq!(pairwise_sum(&[]), 0.0);
    }
}
