//! Counts with noise: differential privacy for tables that are published more often than suppression allows.
//!
//! Of whoever is in such a table nearly nothing follows from it, whatever else a reader knows: with somebody more or less in it, no
//! result is more than `exp(epsilon)` times as likely (Dwork et al., *Calibrating noise to sensitivity in private data analysis*,
//! 2006). Everybody stands in one cell, so noise from the discrete Laplace distribution with scale `1 / epsilon` is enough; it is
//! drawn exactly, in whole numbers (Canonne, Kamath and Steinke, *The discrete Gaussian for differential privacy*, 2020, algorithms
//! 1 and 2), because floating-point noise gives away what it hides (Mironov, 2012).
//!
//! The rows are all codes of a vocabulary: that a row is there says nothing about anybody.

use serde::{Deserialize, Serialize};

use crate::snapshot::{Dimension, Edition, Lists, Snapshot, UNKNOWN};
use crate::vocabularies::Vocabularies;

/// How much of the budget there is in a year for a table, in thousandths of epsilon.
pub const BUDGET_MILLI: u32 = 1000;

/// A table that is published with noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoisyTable {
    /// People by the sector of most of their affiliation.
    PeopleBySector,
    /// People by career stage.
    PeopleByCareerStage,
}

/// A count as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoisyCount {
    /// A code of the vocabulary.
    pub class: String,
    /// How many people, with noise; below 0 now and then.
    pub count: i64,
}

impl NoisyTable {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::PeopleBySector, Self::PeopleByCareerStage];

    /// The name in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::PeopleBySector => "people_by_sector",
            Self::PeopleByCareerStage => "people_by_career_stage",
        }
    }

    /// The table of a name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.code() == code)
    }

    /// The people of an edition, counted and each count blurred; `draw` gives random bits that nobody can guess.
    pub fn blurred(
        self,
        snapshot: &Snapshot,
        edition: &Edition,
        epsilon_milli: u32,
        draw: &mut impl FnMut() -> u64,
    ) -> Vec<NoisyCount> {
        let day = snapshot.class_day(edition);
        let (dimension, vocabulary) = match self {
            Self::PeopleBySector => (Dimension::Sector, "org.sector"),
            Self::PeopleByCareerStage => (Dimension::CareerStage, "career_stage"),
        };
        let known = Vocabularies::shipped().vocabulary(vocabulary).map_or(&[][..], |found| &found.codes);
        let mut classes: Vec<&str> = known.iter().map(|code| code.code.as_str()).collect();
        if !classes.contains(&UNKNOWN) {
            classes.push(UNKNOWN);
        }
        let of = |person| {
            let class = snapshot.main_class(person, day, dimension, &Lists::default()).unwrap_or(UNKNOWN);
            if classes.contains(&class) { class } else { UNKNOWN }
        };
        let people: Vec<&str> = snapshot.participants(edition).into_iter().map(of).collect();
        let blur = |class: &&str| {
            let count = people.iter().filter(|own| *own == class).count();
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            NoisyCount {
                class: (*class).to_owned(),
                count: count.saturating_add(laplace(epsilon_milli, draw)),
            }
        };
        classes.iter().map(blur).collect()
    }
}

/// The standard deviation of the noise.
pub fn deviation(epsilon_milli: u32) -> f64 {
    // That of the discrete Laplace distribution with P(x) proportional to q^|x|.
    let q = libm::exp(-f64::from(epsilon_milli) / 1000.0);
    libm::sqrt(2.0 * q) / (1.0 - q)
}

/// A draw from the discrete Laplace distribution: `x` with a probability in proportion to `exp(-|x| epsilon)`.
fn laplace(epsilon_milli: u32, draw: &mut impl FnMut() -> u64) -> i64 {
    let (numerator, denominator) = (u64::from(epsilon_milli.max(1)), 1000);
    loop {
        let start = below(denominator, draw);
        if !exponential(start, denominator, draw) {
            continue;
        }
        let mut whole = 0_u64;
        while exponential(1, 1, draw) {
            whole += 1;
        }
        let size = (start + denominator * whole) / numerator;
        let is_negative = below(2, draw) == 1;
        if is_negative && size == 0 {
            continue;
        }
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        return if is_negative { -size } else { size };
    }
}

/// True with probability `exp(-numerator / denominator)`, for a quotient of at most 1.
fn exponential(numerator: u64, denominator: u64, draw: &mut impl FnMut() -> u64) -> bool {
    let mut step = 1;
    while below(denominator * step, draw) < numerator {
        step += 1;
    }
    step % 2 == 1
}

/// A number below a bound, each equally likely.
fn below(bound: u64, draw: &mut impl FnMut() -> u64) -> u64 {
    // What is left over of the range would make small numbers likelier.
    let whole = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = draw();
        if drawn < whole {
            return drawn % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::sample::three_editions;

    /// SplitMix64 (Steele, Lea and Flood, 2014), for tests that come out the same every time.
    fn splitmix(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }
    }

    #[test]
    fn draws_are_as_likely_as_the_distribution_says() {
        const DRAWS: u32 = 40_000;
        for epsilon_milli in [100, 333, 500, 1000] {
            let mut draw = splitmix(u64::from(epsilon_milli));
            let drawn: Vec<i64> = (0..DRAWS).map(|_| laplace(epsilon_milli, &mut draw)).collect();
            let q = (-f64::from(epsilon_milli) / 1000.0).exp();
            for x in -3..=3_i64 {
                let expected = (1.0 - q) / (1.0 + q) * q.powi(i32::try_from(x.abs()).unwrap());
                let found = drawn.iter().filter(|one| **one == x).count() as f64 / f64::from(DRAWS);
                let error = (expected * (1.0 - expected) / f64::from(DRAWS)).sqrt();
                assert!((found - expected).abs() < 5.0 * error, "{epsilon_milli} {x}: {found} {expected}");
            }
            let mean = drawn.iter().sum::<i64>() as f64 / f64::from(DRAWS);
            let spread = deviation(epsilon_milli);
            assert!(mean.abs() < 5.0 * spread / f64::from(DRAWS).sqrt(), "{epsilon_milli}: {mean}");
            let square = drawn.iter().map(|one| (*one as f64).powi(2)).sum::<f64>() / f64::from(DRAWS);
            assert!(
                (square.sqrt() / spread - 1.0).abs() < 0.05,
                "{epsilon_milli}: {} {spread}",
                square.sqrt()
            );
        }
    }

    #[test]
    fn every_number_below_a_bound_comes() {
        let mut draw = splitmix(7);
        let mut seen = [0; 6];
        for _ in 0..6_000 {
            seen[usize::try_from(below(6, &mut draw)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
        // What would be unfair is drawn again.
        let mut twice = [u64::MAX, 5].into_iter();
        assert_eq!(below(6, &mut || twice.next().unwrap()), 5);
    }

    #[test]
    fn the_rows_are_those_of_the_vocabulary_whoever_takes_part() {
        let mut records = three_editions();
        let empty = Snapshot::new(records.clone()).unwrap();
        records.organization("university", "academia", "AT");
        let mut draw = splitmix(1);
        for table in NoisyTable::ALL {
            assert_eq!(NoisyTable::of_code(table.code()), Some(table));
            let edition = &empty.editions[0];
            let rows: Vec<String> =
                table.blurred(&empty, edition, 500, &mut draw).into_iter().map(|one| one.class).collect();
            assert!(rows.len() > 5 && rows.iter().any(|class| class == UNKNOWN), "{rows:?}");
        }
    }
}
