//! The exposure meter: how much of a held-out set the feedback given so far can have revealed at most.
//!
//! Feedback from which only one of `N` transcripts could have come holds at most `log2 N` bits about the set, whatever was
//! asked and however cleverly (Dwork, Feldman, Hardt, Pitassi, Reingold, Roth 2015, *Generalization in Adaptive Data Analysis
//! and Holdout Reuse*, theorem 9: the description length of what is answered). Blum and Hardt 2015, *The Ladder*, count the
//! transcripts of a mechanism that answers only improvements. Both are counted here:
//!
//! - Answers of `L` levels each: `k` of them make `L^k` transcripts, `k log2 L` bits.
//! - A ladder on a grid of `S` steps: of `k` answers some `j` are improvements, to `j` of the `S` levels in rising order:
//!   the sum over `j` of `C(k, j) C(S, j)` transcripts.
//! - A ladder without a grid, of whose `k` answers `m` were improvements: where they were, and `m` values.
//!
//! What that means: after `B` bits one of `2^B` scores may have been picked, so with a confidence of `1 - a` none of them is
//! further from what it would be on fresh items than `sqrt((B ln 2 + ln(2 / a)) / (2 n))` for a mean over `n` independent items
//! with scores between 0 and 1 (Hoeffding's inequality and the union bound).

use crate::refusal::{Refusal, within};

/// How many levels a value has that is told with every digit: a double between 0 and 1 has at most `2^53` that are apart as
/// much as those next to 1.
pub const EVERY_DIGIT: f64 = 9_007_199_254_740_992.0;

/// What one team was answered on one split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feedback {
    /// So many answers, each one of so many levels.
    Levels {
        /// How many answers.
        answers: u64,
        /// How many values each may have had; at least 1.
        levels: f64,
    },
    /// A ladder on a grid.
    Grid {
        /// How many answers, most of which say that nothing is better.
        answers: u64,
        /// How many steps the grid has.
        steps: u64,
    },
    /// A ladder without a grid.
    Improvements {
        /// How many answers.
        answers: u64,
        /// How many of them were improvements; at most as many.
        improvements: u64,
        /// How many levels the value of an improvement has; at least 1.
        levels: f64,
    },
}

impl Feedback {
    /// How many bits the feedback can hold at most: the logarithm to base 2 of how many transcripts there could have been.
    ///
    /// # Errors
    /// For fewer than one level, and for more improvements than answers.
    pub fn bits(self) -> Result<f64, Refusal> {
        let check =
            |levels: f64| within("levels", levels >= 1.0 && levels.is_finite(), "at least 1 and finite");
        match self {
            Self::Levels { answers, levels } => {
                check(levels)?;
                Ok(answers as f64 * levels.log2())
            }
            Self::Grid { answers, steps } => {
                let most = answers.min(steps);
                Ok(log2_sum((0..=most).map(|count| log2_choose(answers, count) + log2_choose(steps, count))))
            }
            Self::Improvements { answers, improvements, levels } => {
                check(levels)?;
                within("improvements", improvements <= answers, "at most as many as the answers")?;
                Ok(log2_choose(answers, improvements) + improvements as f64 * levels.log2())
            }
        }
    }
}

/// What so many bits can have done to a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    /// Bits of feedback.
    pub bits: f64,
    /// Bits for each item; 1 is enough to know of every item whether something about it is so.
    pub per_item: f64,
    /// How far a score of 0 to 1 that was picked by this feedback may lie from one on fresh items, with 95 % confidence; at most 1.
    pub deviation: f64,
    /// What to make of it.
    pub level: ExposureLevel,
}

/// How much of a set can have been revealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExposureLevel {
    /// Less than a hundredth of a bit for each item.
    Low,
    /// Less than a tenth.
    Moderate,
    /// Less than one.
    High,
    /// A bit for each item, or more: in principle every label of two classes.
    Exhausted,
}

/// The share of errors that [`Exposure::deviation`] accepts.
const ERRORS: f64 = 0.05;

/// What so many bits can have done to a set of so many items.
///
/// # Errors
/// For a set without items, and for bits that are negative or not finite.
pub fn exposure(bits: f64, items: usize) -> Result<Exposure, Refusal> {
    within("items", items > 0, "at least 1")?;
    within("bits", bits.is_finite() && bits >= 0.0, "finite and not negative")?;
    let per_item = bits / items as f64;
    let deviation = ((bits * std::f64::consts::LN_2 + libm::log(2.0 / ERRORS)) / (2.0 * items as f64)).sqrt();
    let level = match per_item {
        share if share < 0.01 => ExposureLevel::Low,
        share if share < 0.1 => ExposureLevel::Moderate,
        share if share < 1.0 => ExposureLevel::High,
        _ => ExposureLevel::Exhausted,
    };
    Ok(Exposure { bits, per_item, deviation: deviation.min(1.0), level })
}

/// The logarithm to base 2 of the number of ways to choose `chosen` of `all`.
fn log2_choose(all: u64, chosen: u64) -> f64 {
    let logarithm = |count: u64| libm::lgamma(count as f64 + 1.0);
    let natural = logarithm(all) - logarithm(chosen) - logarithm(all.saturating_sub(chosen));
    natural.max(0.0) * std::f64::consts::LOG2_E
}

/// The logarithm to base 2 of a sum, from those of its terms.
fn log2_sum(terms: impl Iterator<Item = f64>) -> f64 {
    let terms: Vec<f64> = terms.collect();
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return 0.0;
    }
    most + terms.iter().map(|term| libm::exp2(term - most)).sum::<f64>().log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
    }

    #[test]
    fn answers_of_levels_multiply() {
        // 10 answers among 1024 levels: 100 bits. 3 answers rounded to 0, 1 or 2: 27 transcripts.
        near(Feedback::Levels { answers: 10, levels: 1024.0 }.bits().unwrap(), 100.0);
        near(Feedback::Levels { answers: 3, levels: 3.0 }.bits().unwrap(), 27.0_f64.log2());
        near(Feedback::Levels { answers: 2, levels: EVERY_DIGIT }.bits().unwrap(), 106.0);
        near(Feedback::Levels { answers: 0, levels: 1e6 }.bits().unwrap(), 0.0);
        assert!(Feedback::Levels { answers: 1, levels: 0.5 }.bits().is_err());
    }

    #[test]
    fn a_ladder_on_a_grid_is_counted_transcript_by_transcript() {
        // Two answers on a grid of three levels, by hand. None better: 1. One of the two better, to one of three levels: 6.
        // Both better, to two levels in rising order: 3. Ten transcripts.
        near(Feedback::Grid { answers: 2, steps: 3 }.bits().unwrap(), 10.0_f64.log2());
        // One step alone: nothing, or which of the k answers took it.
        near(Feedback::Grid { answers: 7, steps: 1 }.bits().unwrap(), 3.0);
        near(Feedback::Grid { answers: 0, steps: 100 }.bits().unwrap(), 0.0);
    }

    #[test]
    fn a_ladder_tells_less_than_scores_of_the_same_grid() {
        let (answers, steps) = (500, 100);
        let ladder = Feedback::Grid { answers, steps }.bits().unwrap();
        let scores = Feedback::Levels { answers, levels: 100.0 }.bits().unwrap();
        assert!(ladder < scores / 5.0, "{ladder} of {scores}");
    }

    #[test]
    fn improvements_are_where_they_were_and_what_they_were() {
        // Two improvements among four answers, each to one of eight levels: 6 places, 64 values.
        let feedback = Feedback::Improvements { answers: 4, improvements: 2, levels: 8.0 };
        near(feedback.bits().unwrap(), 384.0_f64.log2());
        assert!(Feedback::Improvements { answers: 1, improvements: 2, levels: 8.0 }.bits().is_err());
    }

    #[test]
    fn bits_become_a_deviation() {
        // No feedback: Hoeffding's bound alone, sqrt(ln 40 / 200) for 100 items.
        let none = exposure(0.0, 100).unwrap();
        near(none.deviation, 0.135_810_151_574_064_85);
        assert_eq!((none.per_item, none.level), (0.0, ExposureLevel::Low));
        // 100 bits about 10,000 items: sqrt((100 ln 2 + ln 40) / 20000).
        let some = exposure(100.0, 10_000).unwrap();
        near(some.deviation, ((69.314_718_055_994_53 + 3.688_879_454_113_936) / 20_000.0_f64).sqrt());
        assert_eq!((some.per_item, some.level), (0.01, ExposureLevel::Moderate));
        assert_eq!(exposure(50.0, 100).unwrap().level, ExposureLevel::High);
        let all = exposure(1000.0, 100).unwrap();
        assert_eq!((all.deviation, all.level), (1.0, ExposureLevel::Exhausted));
        assert!(exposure(1.0, 0).is_err() && exposure(f64::NAN, 1).is_err());
    }
}
