//! The assignment problem: rows get distinct columns so that the sum of their costs is smallest.
//!
//! Of several cheapest assignments the one of SciPy's `linear_sum_assignment` is found, since the public code of most
//! tasks is built on it and its choice decides who is matched with whom: shortest augmenting paths after Crouse (2016),
//! columns tried from the last to the first, of equally near columns a free one preferred, a matrix with more rows than
//! columns solved transposed.

use ndarray::ArrayView2;

use crate::limits::{Limits, Stopped};

/// Why there is no assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssignmentError {
    /// A cost is NaN or minus infinity.
    #[error("a cost is no number")]
    NotANumber,
    /// Every assignment contains a pair of infinite cost.
    #[error("no assignment avoids all forbidden pairs")]
    Infeasible,
    /// The evaluation was told to stop.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// The cheapest assignment: pairs of row and column by ascending row, as many as the shorter side is long.
///
/// A cost of plus infinity forbids a pair.
pub fn minimum_cost(cost: ArrayView2<'_, f64>) -> Result<Vec<(usize, usize)>, AssignmentError> {
    let (rows, columns) = cost.dim();
    let mut assigner = Assigner::default();
    assigner.fill(rows, columns, |row, column| cost[[row, column]]);
    assigner.solve(&Limits::default()).map(<[_]>::to_vec)
}

/// The assignment of the largest sum; a score of minus infinity forbids a pair.
pub fn maximum_score(score: ArrayView2<'_, f64>) -> Result<Vec<(usize, usize)>, AssignmentError> {
    minimum_cost(score.mapv(|score| -score).view())
}

/// Solves one assignment problem after another in the same memory.
#[derive(Debug, Default)]
pub struct Assigner {
    /// The costs, row by row, transposed where there were more rows than columns.
    costs: Vec<f64>,
    rows: usize,
    columns: usize,
    transposed: bool,
    row_potentials: Vec<f64>,
    column_potentials: Vec<f64>,
    /// The length of the shortest known path to each column.
    distances: Vec<f64>,
    /// The row from which each column is reached.
    reached_from: Vec<usize>,
    column_of_row: Vec<usize>,
    row_of_column: Vec<usize>,
    remaining: Vec<usize>,
    seen_rows: Vec<usize>,
    seen_columns: Vec<usize>,
    pairs: Vec<(usize, usize)>,
    work: u64,
}

const NOBODY: usize = usize::MAX;

/// After so many looks at a cost the clock is asked.
const WORK_BETWEEN_CHECKS: u64 = 1 << 22;

impl Assigner {
    /// Poses a problem.
    pub fn fill(&mut self, rows: usize, columns: usize, cost: impl Fn(usize, usize) -> f64) {
        self.transposed = columns < rows;
        (self.rows, self.columns) = if self.transposed { (columns, rows) } else { (rows, columns) };
        self.costs.clear();
        self.costs.reserve(rows * columns);
        for row in 0..self.rows {
            for column in 0..self.columns {
                self.costs.push(if self.transposed { cost(column, row) } else { cost(row, column) });
            }
        }
    }

    /// The cheapest assignment of the problem that was posed: pairs of row and column by ascending row.
    pub fn solve(&mut self, limits: &Limits) -> Result<&[(usize, usize)], AssignmentError> {
        if self.costs.iter().any(|cost| cost.is_nan() || *cost == f64::NEG_INFINITY) {
            return Err(AssignmentError::NotANumber);
        }
        self.pairs.clear();
        if self.rows == 0 {
            return Ok(&self.pairs);
        }
        reset(&mut self.row_potentials, self.rows, 0.0);
        reset(&mut self.column_potentials, self.columns, 0.0);
        reset(&mut self.distances, self.columns, 0.0);
        reset(&mut self.reached_from, self.columns, NOBODY);
        reset(&mut self.column_of_row, self.rows, NOBODY);
        reset(&mut self.row_of_column, self.columns, NOBODY);
        for row in 0..self.rows {
            let (sink, length) = self.shortest_path(row, limits)?;
            self.update_potentials(row, length);
            self.augment(row, sink);
        }
        self.collect_pairs();
        Ok(&self.pairs)
    }

    /// The nearest free column over alternating paths from a row, and how far it is.
    fn shortest_path(&mut self, start: usize, limits: &Limits) -> Result<(usize, f64), AssignmentError> {
        self.remaining.clear();
        // From the last column to the first, so that a constant matrix is assigned along its diagonal.
        self.remaining.extend((0..self.columns).rev());
        self.seen_rows.clear();
        self.seen_columns.clear();
        self.distances.fill(f64::INFINITY);
        let (mut row, mut length) = (start, 0.0);
        loop {
            self.seen_rows.push(row);
            let costs = &self.costs[row * self.columns..(row + 1) * self.columns];
            let potential = self.row_potentials[row];
            let (mut nearest, mut shortest) = (NOBODY, f64::INFINITY);
            for (position, column) in self.remaining.iter().copied().enumerate() {
                let distance = length + costs[column] - potential - self.column_potentials[column];
                if distance < self.distances[column] {
                    self.reached_from[column] = row;
                    self.distances[column] = distance;
                }
                let distance = self.distances[column];
                if distance < shortest || (distance == shortest && self.row_of_column[column] == NOBODY) {
                    (nearest, shortest) = (position, distance);
                }
            }
            self.work += self.remaining.len() as u64;
            if self.work >= WORK_BETWEEN_CHECKS {
                self.work = 0;
                limits.check()?;
            }
            if shortest == f64::INFINITY {
                return Err(AssignmentError::Infeasible);
            }
            length = shortest;
            let column = self.remaining.swap_remove(nearest);
            self.seen_columns.push(column);
            match self.row_of_column[column] {
                NOBODY => return Ok((column, length)),
                taken_by => row = taken_by,
            }
        }
    }

    fn update_potentials(&mut self, start: usize, length: f64) {
        self.row_potentials[start] += length;
        for row in self.seen_rows.iter().copied().filter(|row| *row != start) {
            self.row_potentials[row] += length - self.distances[self.column_of_row[row]];
        }
        for column in self.seen_columns.iter().copied() {
            self.column_potentials[column] -= length - self.distances[column];
        }
    }

    /// Gives the free column at the end of a path to the row at its start, moving the rows between.
    fn augment(&mut self, start: usize, sink: usize) {
        let mut column = sink;
        loop {
            let row = self.reached_from[column];
            self.row_of_column[column] = row;
            std::mem::swap(&mut self.column_of_row[row], &mut column);
            if row == start {
                return;
            }
        }
    }

    fn collect_pairs(&mut self) {
        let pairs = self.column_of_row.iter().copied().enumerate();
        if self.transposed {
            self.pairs.extend(pairs.map(|(row, column)| (column, row)));
            self.pairs.sort_unstable();
        } else {
            self.pairs.extend(pairs);
        }
    }
}

fn reset<T: Copy>(memory: &mut Vec<T>, length: usize, value: T) {
    memory.clear();
    memory.resize(length, value);
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_constant_matrix_is_assigned_along_its_diagonal() {
        assert_eq!(minimum_cost(Array2::zeros((3, 3)).view()).unwrap(), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(minimum_cost(Array2::zeros((2, 4)).view()).unwrap(), [(0, 0), (1, 1)]);
        assert_eq!(minimum_cost(Array2::zeros((4, 2)).view()).unwrap(), [(0, 0), (1, 1)]);
    }

    #[test]
    fn ties_fall_as_in_scipy() {
        let tall = array![
            [0.0, 1.0, 1.0, 0.0],
            [0.0, 2.0, 1.0, 0.0],
            [0.0, 1.0, 0.0, 1.0],
            [0.0, 1.0, 2.0, 1.0],
            [0.0, 0.0, 0.0, 0.0]
        ];
        assert_eq!(minimum_cost(tall.view()).unwrap(), [(0, 0), (1, 3), (2, 2), (4, 1)]);
        let wide = array![[1.0, 0.0, 1.0, 2.0], [1.0, 1.0, 1.0, 2.0]];
        assert_eq!(minimum_cost(wide.view()).unwrap(), [(0, 1), (1, 0)]);
    }

    #[test]
    fn an_empty_side_has_no_pairs() {
        assert_eq!(minimum_cost(Array2::zeros((0, 3)).view()).unwrap(), []);
        assert_eq!(minimum_cost(Array2::zeros((3, 0)).view()).unwrap(), []);
    }

    #[test]
    fn forbidden_pairs_are_avoided_or_there_is_no_assignment() {
        const NEVER: f64 = f64::INFINITY;
        assert_eq!(minimum_cost(array![[1.0, NEVER], [0.0, 5.0]].view()).unwrap(), [(0, 0), (1, 1)]);
        let both_want_one = array![[1.0, NEVER], [0.0, NEVER]];
        assert_eq!(minimum_cost(both_want_one.view()), Err(AssignmentError::Infeasible));
        assert_eq!(minimum_cost(array![[f64::NAN]].view()), Err(AssignmentError::NotANumber));
        assert_eq!(maximum_score(array![[1.0, 3.0], [2.0, 5.0]].view()).unwrap(), [(0, 0), (1, 1)]);
    }

    #[test]
    fn a_long_search_ends_when_it_is_told_to() {
        let mut assigner = Assigner::default();
        assigner.fill(300, 300, |row, column| ((row + 1) * (column + 1)) as f64);
        let limits = Limits::default().stop_when(|| true);
        assert_eq!(assigner.solve(&limits), Err(AssignmentError::Stopped(Stopped)));
    }

    /// The cheapest sum by trying every choice.
    fn brute_force(costs: &Array2<f64>, row: usize, taken: u32) -> f64 {
        let (rows, columns) = costs.dim();
        if row == rows {
            return 0.0;
        }
        let free = (0..columns).filter(|column| taken & 1 << column == 0);
        let with = free
            .map(|column| costs[[row, column]] + brute_force(costs, row + 1, taken | 1 << column))
            .fold(f64::INFINITY, f64::min);
        // With more rows than columns some rows go without.
        let spare = rows - row > columns - taken.count_ones() as usize;
        if spare { with.min(brute_force(costs, row + 1, taken)) } else { with }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_assignment_is_cheaper(rows in 1..6_usize, columns in 1..6_usize, costs in prop::collection::vec(-4..5_i32, 25)) {
            let costs = Array2::from_shape_fn((rows, columns), |(row, column)| f64::from(costs[row * 5 + column]));
            let pairs = minimum_cost(costs.view()).unwrap();
            prop_assert_eq!(pairs.len(), rows.min(columns));
            prop_assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let mut columns_used: Vec<usize> = pairs.iter().map(|(_, column)| *column).collect();
            columns_used.sort_unstable();
            columns_used.dedup();
            prop_assert_eq!(columns_used.len(), pairs.len());
            let sum: f64 = pairs.iter().map(|pair| costs[*pair]).sum();
            prop_assert_eq!(sum, brute_force(&costs, 0, 0));
        }
    }
}
