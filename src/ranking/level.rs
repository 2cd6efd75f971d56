//! The level of a test or interval, and how many replicates it takes.

use serde::{Deserialize, Serialize};

/// A share of errors that is accepted, in whole ten-thousandths, so that a rank among replicates is a whole number or an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Level(u16);

/// How many replicates are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Replications(u32);

/// A level, or a number of replicates, that cannot be worked with.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum LevelError {
    /// The level is not between 0 and 1.
    #[error("a level is between 0.0001 and 0.9999")]
    Level,
    /// There are no replicates, or too many.
    #[error("the number of replicates is between 1 and {}", Replications::MOST)]
    Replications,
    /// No replicate stands exactly at the level.
    #[error(
        "with {replications} replicates, half of the level {level} of one more is no whole number; take 999, 1999 or 9999"
    )]
    NotWhole {
        /// The level.
        level: f64,
        /// The number of replicates.
        replications: usize,
    },
}

impl Level {
    /// One in twenty: what 95 % intervals leave out.
    pub const FIVE_PERCENT: Self = Self(500);

    /// A level in ten-thousandths, 500 for 0.05.
    pub fn from_ten_thousandths(level: u16) -> Result<Self, LevelError> {
        if (1..10_000).contains(&level) { Ok(Self(level)) } else { Err(LevelError::Level) }
    }

    /// The level as a number between 0 and 1.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }

    /// `level / 2 * (replicates + 1)`: the rank, from 1, of the replicate at which a two-sided interval begins.
    ///
    /// Fails where that is no whole number (Davison and Hinkley, *Bootstrap methods and their application*, 1997).
    pub fn tail_rank(self, replications: usize) -> Result<usize, LevelError> {
        let twice = u128::from(self.0) * (replications as u128 + 1);
        if replications == 0 || !twice.is_multiple_of(20_000) {
            return Err(LevelError::NotWhole { level: self.value(), replications });
        }
        Ok((twice / 20_000) as usize)
    }

    /// The rank, from 1, of the replicate that a one-sided test takes for critical: `ceil((1 - level) (replicates + 1))`.
    pub fn critical_rank(self, replications: usize) -> Result<usize, LevelError> {
        // What two tails leave in the middle, and one of them.
        Ok(replications + 1 - 2 * self.tail_rank(replications)?)
    }
}

impl Replications {
    /// The most that are drawn at once.
    pub const MOST: u32 = 99_999;
    /// What a leaderboard that changes is computed with.
    pub const LIVE: Self = Self(999);
    /// What a result that is published for good is computed with.
    pub const FINAL: Self = Self(9_999);

    /// A number of replicates with which intervals at a level can be taken.
    pub fn new(replications: u32, level: Level) -> Result<Self, LevelError> {
        let replications = Self::try_from(replications)?;
        level.tail_rank(replications.get())?;
        Ok(replications)
    }

    /// The number.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl TryFrom<u16> for Level {
    type Error = LevelError;

    fn try_from(level: u16) -> Result<Self, LevelError> {
        Self::from_ten_thousandths(level)
    }
}

impl From<Level> for u16 {
    fn from(level: Level) -> Self {
        level.0
    }
}

impl TryFrom<u32> for Replications {
    type Error = LevelError;

    fn try_from(replications: u32) -> Result<Self, LevelError> {
        if (1..=Self::MOST).contains(&replications) {
            Ok(Self(replications))
        } else {
            Err(LevelError::Replications)
        }
    }
}

impl From<Replications> for u32 {
    fn from(replications: Replications) -> Self {
        replications.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_whole_or_refused() {
        let five = Level::FIVE_PERCENT;
        assert_eq!((five.tail_rank(999), five.critical_rank(999)), (Ok(25), Ok(950)));
        assert_eq!(five.tail_rank(9_999), Ok(250));
        let one = Level::from_ten_thousandths(100).unwrap();
        assert_eq!((one.tail_rank(1_999), one.critical_rank(1_999)), (Ok(10), Ok(1_980)));
        for refused in [0, 1, 1_000, 998, 19] {
            assert!(five.tail_rank(refused).is_err(), "{refused}");
        }
        assert_eq!(Replications::new(999, five), Ok(Replications::LIVE));
        assert!(Replications::new(1_000, five).is_err());
        assert_eq!(Replications::new(0, five), Err(LevelError::Replications));
        assert_eq!(Level::from_ten_thousandths(0), Err(LevelError::Level));
        assert_eq!(Level::from_ten_thousandths(10_000), Err(LevelError::Level));
    }
}
