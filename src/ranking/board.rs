//! The entries of a leaderboard with what is needed to compare them: one metric, one split, everybody's replicates.

use crate::level::{Level, LevelError};
use crate::replicates::Replicates;

/// What a leaderboard knows of one entry.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The value of the metric.
    pub value: f64,
    /// Its replicates; nothing if its uncertainty is not estimated.
    pub replicates: Option<&'a Replicates>,
}

/// The entries that are compared.
///
/// An entry whose metric is undefined is no part of a board: it has no rank.
/// An entry without replicates, or with so many undefined ones that it has no interval ([`crate::interval::percentile`]), is part of
/// it, but nothing is concluded of it; otherwise anybody could make everybody's conclusions impossible.
/// Where only a few replicates are undefined, the entry is passed over in those.
#[derive(Debug, Clone)]
pub struct Board {
    /// The values, turned so that more is better.
    values: Vec<f64>,
    /// Entry after entry all replicates, turned in the same way; NaN where there is none to compare.
    replicates: Vec<f64>,
    /// The same replicate after replicate: of each all entries.
    across: Vec<f64>,
    /// Which entries are compared.
    compared: Vec<bool>,
    replications: usize,
    level: Level,
    moves_in_steps: bool,
}

/// Entries that cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BoardError {
    /// The value of an entry is NaN or infinite; such a value never ranks.
    #[error("the value of entry {entry} is no number")]
    Value {
        /// The position of the entry.
        entry: usize,
    },
    /// Replicates of one split are equally many.
    #[error("entry {entry} has {found} replicates where others have {expected}")]
    Replicates {
        /// The position of the entry.
        entry: usize,
        /// How many those before it have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// The level does not fit the number of replicates.
    #[error(transparent)]
    Level(#[from] LevelError),
}

impl Board {
    /// Entries in any order, under the level of all conclusions that are drawn of them.
    ///
    /// # Errors
    /// A value that is no finite number, replicates of different numbers, or a number that the level does not fit.
    pub fn new(standings: &[Standing<'_>], higher_is_better: bool, level: Level) -> Result<Self, BoardError> {
        let turned = |value: f64| if higher_is_better { value } else { -value };
        let mut replications = None;
        for (entry, standing) in standings.iter().enumerate() {
            if !standing.value.is_finite() {
                return Err(BoardError::Value { entry });
            }
            let Some(replicates) = standing.replicates else { continue };
            let (found, expected) = (replicates.len(), *replications.get_or_insert(replicates.len()));
            if found != expected {
                return Err(BoardError::Replicates { entry, expected, found });
            }
        }
        let most = match replications {
            Some(replications) => level.tail_rank(replications)?,
            None => 0,
        };
        let replications = replications.unwrap_or(0);
        let mut board = Self {
            values: standings.iter().map(|standing| turned(standing.value)).collect(),
            replicates: Vec::with_capacity(standings.len() * replications),
            across: vec![f64::NAN; standings.len() * replications],
            compared: Vec::with_capacity(standings.len()),
            replications,
            level,
            moves_in_steps: false,
        };
        for standing in standings {
            let replicates = standing.replicates.filter(|replicates| replicates.undefined() < most);
            board.compared.push(replicates.is_some());
            match replicates {
                Some(replicates) => {
                    board.replicates.extend(replicates.values().iter().map(|one| turned(*one)));
                }
                None => board.replicates.extend(std::iter::repeat_n(f64::NAN, replications)),
            }
        }
        for entry in 0..standings.len() {
            for (replicate, value) in
                board.replicates[entry * replications..].iter().take(replications).enumerate()
            {
                board.across[replicate * standings.len() + entry] = *value;
            }
        }
        Ok(board)
    }

    /// The same where values move in steps, as mean ranks do.
    ///
    /// A difference that is the same in every replicate is then no sign of a split that cannot be resampled.
    /// It is as uncertain as if one more replicate had found none: `|d| / sqrt(B + 1)`.
    #[must_use]
    pub fn moving_in_steps(self) -> Self {
        Self { moves_in_steps: true, ..self }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many replicates every entry has.
    pub fn replications(&self) -> usize {
        self.replications
    }

    /// The level of all conclusions.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Whether anything can be concluded of an entry.
    pub fn is_compared(&self, entry: usize) -> bool {
        self.compared[entry]
    }

    /// The value of an entry, the larger the better.
    pub(crate) fn value(&self, entry: usize) -> f64 {
        self.values[entry]
    }

    /// The replicates of an entry, the larger the better; NaN where it is not compared.
    pub(crate) fn replicates(&self, entry: usize) -> &[f64] {
        &self.replicates[entry * self.replications..(entry + 1) * self.replications]
    }

    /// The values of all entries in a replicate, turned in the same way.
    pub(crate) fn across(&self, replicate: usize) -> &[f64] {
        &self.across[replicate * self.len()..(replicate + 1) * self.len()]
    }

    /// The entries from best to worst; equal ones keep their order.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|a, b| self.values[*b].total_cmp(&self.values[*a]));
        order
    }

    /// The standard error of the difference between two entries over the replicates in which both are defined.
    ///
    /// Zero where nothing is known of it, and where it is no more than what rounding makes of two equal entries;
    /// but see [`Self::moving_in_steps`].
    pub fn standard_error_of_difference(&self, a: usize, b: usize) -> f64 {
        if !self.compared[a] || !self.compared[b] {
            return 0.0;
        }
        let (left, right) = (self.replicates(a), self.replicates(b));
        let error = spread(left, right).unwrap_or_else(|| {
            let both = left.iter().zip(right).filter(|(left, right)| !left.is_nan() && !right.is_nan());
            let (left, right): (Vec<f64>, Vec<f64>) = both.unzip();
            spread(&left, &right).unwrap_or(0.0)
        });
        let rounding = 1e-12 * (self.values[a].abs() + self.values[b].abs());
        if error > rounding {
            error
        } else if self.moves_in_steps {
            (self.values[a] - self.values[b]).abs() / ((self.replications + 1) as f64).sqrt()
        } else {
            0.0
        }
    }
}

/// The standard deviation of differences, with one degree of freedom less; nothing where one of them is undefined.
fn spread(left: &[f64], right: &[f64]) -> Option<f64> {
    let (count, first) = (left.len() as f64, left.first()? - right.first()?);
    // Around the first, so that equal differences deviate by nothing at all.
    let mean = sum_of_differences(left, right, |difference| difference - first) / count + first;
    let squares = sum_of_differences(left, right, |difference| (difference - mean) * (difference - mean));
    (left.len() > 1 && !squares.is_nan()).then(|| (squares / (count - 1.0)).sqrt())
}

/// Sums side by side, because they need not wait for each other.
#[inline]
fn sum_of_differences(left: &[f64], right: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    const SIDE_BY_SIDE: usize = 8;
    let mut sums = [0.0; SIDE_BY_SIDE];
    let ((left, left_rest), (right, right_rest)) =
        (left.as_chunks::<SIDE_BY_SIDE>(), right.as_chunks::<SIDE_BY_SIDE>());
    for (left, right) in left.iter().zip(right) {
        for side in 0..SIDE_BY_SIDE {
            sums[side] += of(left[side] - right[side]);
        }
    }
    let rest: f64 = left_rest.iter().zip(right_rest).map(|(left, right)| of(left - right)).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u16 = 5_000;

    fn board(values: &[(f64, &[f64])]) -> Result<Board, BoardError> {
        let replicates: Vec<Replicates> =
            values.iter().map(|(_, replicates)| Replicates::new(replicates.to_vec())).collect();
        let standings: Vec<Standing<'_>> = values
            .iter()
            .zip(&replicates)
            .map(|((value, _), replicates)| Standing { value: *value, replicates: Some(replicates) })
            .collect();
        Board::new(&standings, true, Level::from_ten_thousandths(HALF).unwrap())
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let three: &[f64] = &[1.0, 2.0, 3.0];
        assert_eq!(board(&[(1.0, three), (f64::NAN, three)]).unwrap_err(), BoardError::Value { entry: 1 });
        let wanted = BoardError::Replicates { entry: 1, expected: 3, found: 1 };
        assert_eq!(board(&[(1.0, three), (1.0, &[1.0])]).unwrap_err(), wanted);
        assert!(matches!(board(&[(1.0, &[1.0])]).unwrap_err(), BoardError::Level(_)));
        assert!(board(&[]).unwrap().is_empty());
    }

    #[test]
    fn an_entry_of_which_too_little_is_known_is_not_compared() {
        let level = Level::from_ten_thousandths(HALF).unwrap();
        let some = Replicates::new(vec![1.0; 7]);
        let undefined = Replicates::new(vec![1.0, f64::NAN, f64::NAN, 1.0, 1.0, 1.0, 1.0]);
        let one_undefined = Replicates::new(vec![1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0]);
        let of = |replicates| Standing { value: 1.0, replicates };
        let standings = [of(Some(&some)), of(Some(&undefined)), of(None), of(Some(&one_undefined))];
        let board = Board::new(&standings, true, level).unwrap();
        let compared: Vec<bool> = (0..4).map(|entry| board.is_compared(entry)).collect();
        assert_eq!(compared, [true, false, false, true]);
        assert_eq!(board.replicates(2).len(), 7);
    }

    #[test]
    fn the_error_of_a_difference_is_that_of_pairs() {
        let board =
            board(&[(2.0, &[1.0, 2.0, 3.0]), (1.0, &[0.0, 1.0, 2.0]), (1.0, &[1.0, 1.0, f64::NAN])]).unwrap();
        assert_eq!(board.standard_error_of_difference(0, 1), 0.0);
        // Not compared: of three replicates one undefined is too many at this level.
        assert_eq!(board.standard_error_of_difference(0, 2), 0.0);
        assert_eq!(board.order(), [0, 1, 2]);
        let board = super::tests::board(&[
            (2.0, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 70.0]),
            (1.0, &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]),
        ])
        .unwrap();
        assert!((board.standard_error_of_difference(0, 1) - 3.5_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn where_less_is_better_all_is_turned() {
        let level = Level::from_ten_thousandths(HALF).unwrap();
        let replicates = Replicates::new(vec![1.0, 2.0, 3.0]);
        let standings = [1.0, 2.0].map(|value| Standing { value, replicates: Some(&replicates) });
        let board = Board::new(&standings, false, level).unwrap();
        assert_eq!(board.order(), [0, 1]);
        assert_eq!(board.replicates(0), [-1.0, -2.0, -3.0]);
    }
}
