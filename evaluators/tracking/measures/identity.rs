//! Identity (Ristani et al. 2016): every true track gets one predicted track for the whole sequence.
//!
//! The public code solves a square problem of all true and all predicted tracks, in which nearly every entry only says
//! "unmatched". Here only pairs that overlap are looked at, by shortest augmenting paths over them: the number of boxes
//! that such a choice identifies is the same for all best choices, so that no rule for ties is needed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use sdk::Limits;

use super::overlaps::Pairs;
use super::{Counts, Failure};

/// What the boxes of a sequence add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Identity {
    pub(crate) true_positives: u64,
    pub(crate) false_negatives: u64,
    pub(crate) false_positives: u64,
}

impl Identity {
    /// A sequence in which one side has no box.
    pub(super) fn one_sided(counts: &Counts) -> Self {
        Self {
            true_positives: 0,
            false_negatives: counts.true_boxes,
            false_positives: counts.predicted_boxes,
        }
    }

    /// The best choice of one predicted track for every true one.
    pub(super) fn measure(pairs: &Pairs, counts: &Counts, limits: &Limits) -> Result<Self, Failure> {
        let mut edges: Vec<(u32, u32, u32)> = pairs
            .iter()
            .filter(|(_, _, pair)| pair.frames > 0)
            .map(|(truth, track, pair)| (truth, track, pair.frames))
            .collect();
        edges.sort_unstable();
        let true_positives = most_frames(&edges, counts.of_truth.len(), counts.of_tracks.len(), limits)?;
        Ok(Self {
            true_positives,
            false_negatives: counts.true_boxes - true_positives,
            false_positives: counts.predicted_boxes - true_positives,
        })
    }
}

const NOBODY: u32 = u32::MAX;
const FAR: i64 = i64::MAX;

/// The largest sum of weights of edges `(row, column, weight)`, in the order of the rows, no two of which share a row
/// or a column.
fn most_frames(
    edges: &[(u32, u32, u32)],
    rows: usize,
    columns: usize,
    limits: &Limits,
) -> Result<u64, Failure> {
    let heaviest = i64::from(edges.iter().map(|(_, _, weight)| *weight).max().unwrap_or(0));
    let mut starts = vec![0; rows + 1];
    for (row, _, _) in edges {
        starts[*row as usize + 1] += 1;
    }
    for row in 0..rows {
        starts[row + 1] += starts[row];
    }
    let mut search = Search {
        edges,
        starts,
        heaviest,
        row_potentials: vec![0; rows],
        column_potentials: vec![0; columns],
        owners: vec![NOBODY; columns],
        owned: vec![NOBODY; rows],
        distances: vec![FAR; columns],
        reached_from: vec![NOBODY; columns],
        touched: Vec::new(),
        scanned: Vec::new(),
        near: BinaryHeap::new(),
    };
    for row in 0..rows as u32 {
        limits.check()?;
        search.assign(row);
    }
    let taken = edges.iter().filter(|(row, column, _)| search.owned[*row as usize] == *column);
    Ok(taken.map(|(_, _, weight)| u64::from(*weight)).sum())
}

/// The state of the assignment; a cost is the heaviest weight less the weight of an edge, and going without costs the
/// heaviest weight.
struct Search<'a> {
    edges: &'a [(u32, u32, u32)],
    /// Where the edges of each row begin.
    starts: Vec<usize>,
    heaviest: i64,
    row_potentials: Vec<i64>,
    column_potentials: Vec<i64>,
    /// The row that has each column.
    owners: Vec<u32>,
    /// The column that each row has.
    owned: Vec<u32>,
    distances: Vec<i64>,
    reached_from: Vec<u32>,
    /// The columns whose distance is known.
    touched: Vec<u32>,
    /// The columns over whose owners the search went on.
    scanned: Vec<u32>,
    near: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Search<'_> {
    /// Gives a row the column that is best for all rows so far, or none.
    fn assign(&mut self, start: u32) {
        let (end, length) = self.shortest_path(start);
        self.row_potentials[start as usize] += length;
        for column in &self.scanned {
            let nearer = length - self.distances[*column as usize];
            self.row_potentials[self.owners[*column as usize] as usize] += nearer;
            self.column_potentials[*column as usize] -= nearer;
        }
        self.augment(start, end);
        for column in self.touched.drain(..) {
            self.distances[column as usize] = FAR;
        }
        self.scanned.clear();
        self.near.clear();
    }

    /// The nearest end of a path from a row: a free column, or a row that goes without.
    fn shortest_path(&mut self, start: u32) -> (End, i64) {
        let (mut row, mut length) = (start, 0);
        let mut without = (FAR, start);
        loop {
            let rest = length - self.row_potentials[row as usize];
            without = without.min((rest + self.heaviest, row));
            for (_, column, weight) in &self.edges[self.starts[row as usize]..self.starts[row as usize + 1]] {
                let at = *column as usize;
                let distance = rest + self.heaviest - i64::from(*weight) - self.column_potentials[at];
                if distance < self.distances[at] {
                    if self.distances[at] == FAR {
                        self.touched.push(*column);
                    }
                    self.distances[at] = distance;
                    self.reached_from[at] = row;
                    self.near.push(Reverse((distance, *column)));
                }
            }
            // What was found nearer since stands in the heap twice; the first time counts.
            let next = loop {
                match self.near.pop() {
                    Some(Reverse((distance, column))) if distance > self.distances[column as usize] => {}
                    next => break next,
                }
            };
            match next {
                Some(Reverse((distance, column))) if distance < without.0 => {
                    length = distance;
                    match self.owners[column as usize] {
                        NOBODY => return (End::Column(column), length),
                        owner => {
                            self.scanned.push(column);
                            row = owner;
                        }
                    }
                }
                _ => return (End::Without(without.1), without.0),
            }
        }
    }

    /// Moves every row of a path one column on.
    fn augment(&mut self, start: u32, end: End) {
        let mut column = match end {
            End::Column(column) => column,
            End::Without(row) => {
                let column = std::mem::replace(&mut self.owned[row as usize], NOBODY);
                if row == start {
                    return;
                }
                column
            }
        };
        loop {
            let row = self.reached_from[column as usize];
            self.owners[column as usize] = row;
            let before = std::mem::replace(&mut self.owned[row as usize], column);
            if row == start {
                return;
            }
            column = before;
        }
    }
}

/// Where a path ends.
enum End {
    Column(u32),
    Without(u32),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn brute_force(edges: &[(u32, u32, u32)], row: u32, rows: u32, taken: u32) -> u64 {
        if row == rows {
            return 0;
        }
        let of_row = edges.iter().filter(|(of, column, _)| *of == row && taken & 1 << column == 0);
        of_row
            .map(|(_, column, weight)| {
                u64::from(*weight) + brute_force(edges, row + 1, rows, taken | 1 << column)
            })
            .fold(brute_force(edges, row + 1, rows, taken), u64::max)
    }

    #[test]
    fn a_row_goes_without_where_another_gains_more() {
        let edges = [(0, 0, 5), (0, 1, 4), (1, 0, 9), (2, 0, 8), (2, 1, 7)];
        assert_eq!(most_frames(&edges, 3, 2, &Limits::default()), Ok(16));
        assert_eq!(most_frames(&[], 3, 2, &Limits::default()), Ok(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_choice_identifies_more(weights in prop::collection::vec(0..6_u32, 36), rows in 1..6_u32, columns in 1..6_u32) {
            let edges: Vec<(u32, u32, u32)> = (0..rows)
                .flat_map(|row| (0..columns).map(move |column| (row, column)))
                .map(|(row, column)| (row, column, weights[(row * 6 + column) as usize]))
                .filter(|(_, _, weight)| *weight > 0)
                .collect();
            let found = most_frames(&edges, rows as usize, columns as usize, &Limits::default());
            prop_assert_eq!(found, Ok(brute_force(&edges, 0, rows, 0)));
        }
    }
}
