//! Near duplicates: two submissions that make the same mistakes.
//!
//! Good methods agree where they are right; copies agree where they are wrong.
//! Where both are wrong, two independent methods give the same wrong answer about once in C - 1 times for C possible answers.
//! Confusable classes make that more frequent for honest pairs, so a flag is a reason to look and no verdict.

use crate::refusal::{Refusal, all_finite, same_length, within};
use crate::schemes::ranks::{Ties, ranks};

/// The decimal logarithm of the probability below which a pair is flagged.
pub const FLAGGED_LOG10_P: f64 = -6.0;
/// The number of items that both must have wrong before a pair is flagged.
pub const FLAGGED_BOTH_WRONG: u64 = 20;
/// The rank correlation of residuals above which a pair of regressions is flagged.
pub const FLAGGED_RESIDUAL_CORRELATION: f64 = 0.999;

/// How alike two submissions answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnswerPair {
    /// The number of items.
    pub items: u64,
    /// On how many both give the same answer.
    pub same_answer: u64,
    /// On how many both are wrong.
    pub both_wrong: u64,
    /// On how many both give the same wrong answer.
    pub same_wrong_answer: u64,
    /// Cohen's kappa of being right (Geirhos et al. 2020, *Beyond accuracy*): 0 for independent mistakes, 1 for the same ones.
    /// Absent where chance alone explains everything, as when both are always right.
    pub error_consistency: Option<f64>,
    /// The decimal logarithm of P(at least as many same wrong answers) under Binomial(both wrong, 1 / (C - 1)); 0 is certainty.
    pub log10_p: f64,
}

impl AnswerPair {
    /// Whether an organizer should look at the pair.
    pub fn is_suspicious(&self) -> bool {
        is_improbable(self.both_wrong, self.log10_p)
    }
}

/// Whether so many mistakes in common, of that probability, are more than chance.
pub(super) fn is_improbable(both_wrong: u64, log10_p: f64) -> bool {
    both_wrong >= FLAGGED_BOTH_WRONG && log10_p < FLAGGED_LOG10_P
}

/// Compares the answers of two submissions with the truth and with each other.
///
/// Answers are compared for equality only; `classes` is the number of possible answers, at least 2.
/// Refuses different lengths and no items.
pub fn compare_answers<A: PartialEq>(
    truth: &[A],
    first: &[A],
    second: &[A],
    classes: u64,
) -> Result<AnswerPair, Refusal> {
    within("classes", classes >= 2, "at least 2")?;
    same_length("answers of the first submission", truth.len(), first.len())?;
    same_length("answers of the second submission", truth.len(), second.len())?;
    if truth.is_empty() {
        return Err(Refusal::Empty { what: "items" });
    }
    let (mut same, mut both_right, mut both_wrong, mut same_wrong) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut first_right, mut second_right) = (0_u64, 0_u64);
    for ((truth, first), second) in truth.iter().zip(first).zip(second) {
        let (is_right, is_other_right) = (first == truth, second == truth);
        same += u64::from(first == second);
        first_right += u64::from(is_right);
        second_right += u64::from(is_other_right);
        both_right += u64::from(is_right && is_other_right);
        both_wrong += u64::from(!is_right && !is_other_right);
        same_wrong += u64::from(!is_right && first == second);
    }
    let n = truth.len() as u64;
    // Kappa with its denominators multiplied out: whole numbers up to the one division.
    let observed = i128::from(both_right + both_wrong) * i128::from(n);
    let expected = i128::from(first_right) * i128::from(second_right)
        + i128::from(n - first_right) * i128::from(n - second_right);
    let all = i128::from(n) * i128::from(n);
    let error_consistency = (all != expected).then(|| (observed - expected) as f64 / (all - expected) as f64);
    Ok(AnswerPair {
        items: n,
        same_answer: same,
        both_wrong,
        same_wrong_answer: same_wrong,
        error_consistency,
        log10_p: log10_upper_tail(same_wrong, both_wrong, 1.0 / (classes - 1) as f64),
    })
}

/// log10 P(X >= k) for X ~ Binomial(n, p).
fn log10_upper_tail(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 0.0;
    }
    let (ln_p, ln_q) = (p.ln(), (-p).ln_1p());
    let ln_choose: f64 = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum();
    let ln_first = ln_choose + k as f64 * ln_p + (n - k) as f64 * ln_q;
    // The terms relative to the first one, by their ratios; they fall once they are past the mode.
    let (mut term, mut sum, mut scale) = (1.0_f64, 1.0_f64, 0.0_f64);
    for i in k..n {
        term *= (n - i) as f64 / (i + 1) as f64 * (p / (1.0 - p));
        sum += term;
        if sum > 1e200 {
            // Kept within range where the tail starts far below the mode.
            scale += sum.ln();
            term /= sum;
            sum = 1.0;
        }
        if term < sum * 1e-18 && (i as f64) > n as f64 * p {
            break;
        }
    }
    ((ln_first + sum.ln() + scale) / std::f64::consts::LN_10).min(0.0)
}

/// The rank correlation (Spearman) of the residuals of two regressions; absent where one has residuals of one value only.
///
/// Honest methods err alike where the data is hard, so only correlations above [`FLAGGED_RESIDUAL_CORRELATION`] say anything.
/// Refuses different lengths, NaN and infinities.
pub fn residual_correlation(truth: &[f64], first: &[f64], second: &[f64]) -> Result<Option<f64>, Refusal> {
    same_length("predictions of the first submission", truth.len(), first.len())?;
    same_length("predictions of the second submission", truth.len(), second.len())?;
    let residual_ranks = |predictions: &[f64]| -> Result<Vec<f64>, Refusal> {
        let residuals: Vec<f64> =
            predictions.iter().zip(truth).map(|(prediction, truth)| prediction - truth).collect();
        all_finite("residuals", &residuals)?;
        let residuals: Vec<Option<f64>> = residuals.into_iter().map(Some).collect();
        Ok(ranks(&residuals, false, Ties::Average).into_iter().flatten().collect())
    };
    let (first, second) = (residual_ranks(first)?, residual_ranks(second)?);
    let middle = (truth.len() as f64 + 1.0) / 2.0;
    let (mut products, mut first_squares, mut second_squares) = (0.0, 0.0, 0.0);
    for (a, b) in first.iter().zip(&second) {
        products += (a - middle) * (b - middle);
        first_squares += (a - middle) * (a - middle);
        second_squares += (b - middle) * (b - middle);
    }
    let scale = first_squares * second_squares;
    Ok((scale > 0.0).then(|| products / scale.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_small_binomials() {
        let tail = |k, n, p| 10_f64.powf(log10_upper_tail(k, n, p));
        assert!((tail(1, 2, 0.5) - 0.75).abs() < 1e-12);
        assert!((tail(3, 3, 0.25) - 1.0 / 64.0).abs() < 1e-15);
        assert!((tail(2, 4, 1.0 / 3.0) - 33.0 / 81.0).abs() < 1e-12);
        assert_eq!(tail(0, 5, 0.1), 1.0);
        assert_eq!(log10_upper_tail(5, 5, 1.0), 0.0);
        // Far below the mode the tail is everything.
        assert!(log10_upper_tail(1, 100_000, 0.5).abs() < 1e-9);
    }

    #[test]
    fn copies_are_flagged_and_chance_is_not() {
        let truth = vec![0_u8; 100];
        let wrong: Vec<u8> = (0..100).map(|item| if item < 40 { 1 + item % 9 } else { 0 }).collect();
        let shifted: Vec<u8> = (0..100).map(|item| if item < 40 { 1 + (item + 1) % 9 } else { 0 }).collect();
        let copy = compare_answers(&truth, &wrong, &wrong, 10).unwrap();
        assert_eq!((copy.both_wrong, copy.same_wrong_answer, copy.error_consistency), (40, 40, Some(1.0)));
        assert!(copy.is_suspicious() && (copy.log10_p + 40.0 * 9_f64.log10()).abs() < 1e-9);
        let other = compare_answers(&truth, &wrong, &shifted, 10).unwrap();
        assert_eq!((other.same_wrong_answer, other.log10_p), (0, 0.0));
        assert!(!other.is_suspicious());
    }

    #[test]
    fn with_two_classes_the_same_mistake_says_nothing() {
        let truth = vec![0_u8; 50];
        let wrong = vec![1_u8; 50];
        let pair = compare_answers(&truth, &wrong, &wrong, 2).unwrap();
        assert_eq!((pair.log10_p, pair.error_consistency), (0.0, None));
        assert!(compare_answers(&truth, &wrong, &wrong, 1).is_err());
        assert!(compare_answers(&truth, &wrong, &wrong[..49], 2).is_err());
        assert!(compare_answers::<u8>(&[], &[], &[], 2).is_err());
    }

    #[test]
    fn residuals_are_compared_by_their_order() {
        let truth = [0.0; 4];
        assert_eq!(residual_correlation(&truth, &[0.1, 0.2, 0.3, 0.4], &[1.0, 2.0, 4.0, 8.0]), Ok(Some(1.0)));
        assert_eq!(
            residual_correlation(&truth, &[0.1, 0.2, 0.3, 0.4], &[4.0, 3.0, 2.0, 1.0]),
            Ok(Some(-1.0))
        );
        assert_eq!(residual_correlation(&truth, &[0.1; 4], &[1.0, 2.0, 4.0, 8.0]), Ok(None));
        assert!(residual_correlation(&truth, &[f64::NAN; 4], &[0.0; 4]).is_err());
    }
}
