//! F4 and F11: how far one distribution over activities is from another.
//!
//! Against a population's time use (F4) the point value alone says little, because what the hours count as depends on purposes
//! that nobody recorded; it is published with [`super::bounds`] and the [`super::intent_gap`].
//! Between a data set and a task on the same labels (F11, task narrowing) there is nothing to map and nothing to bound.

use ranking::Refusal;

use super::profile::shares;

/// The Jensen-Shannon divergence of two distributions in bit, 0..=1 (Lin 1991, IEEE Trans. Inf. Theory 37), from amounts by
/// class; absent where either has nothing.
///
/// Refuses different lengths, negative amounts, NaN and infinities.
pub fn jensen_shannon(first: &[f64], second: &[f64]) -> Result<Option<f64>, Refusal> {
    if first.len() != second.len() {
        let (expected, found) = (first.len(), second.len());
        return Err(Refusal::Length { what: "second distribution", expected, found });
    }
    check_amounts("first distribution", first)?;
    check_amounts("second distribution", second)?;
    let (Some(first), Some(second)) = (shares(first), shares(second)) else { return Ok(None) };
    let sum: f64 = first.iter().zip(&second).map(|(p, q)| term(*p, *q)).sum();
    Ok(Some(sum.clamp(0.0, 1.0)))
}

/// What one class contributes: half of `p log2 (2p / (p + q)) + q log2 (2q / (p + q))`.
pub(super) fn term(p: f64, q: f64) -> f64 {
    let half = |own: f64| if own > 0.0 { own * libm::log2(2.0 * own / (p + q)) } else { 0.0 };
    (half(p) + half(q)) / 2.0
}

/// Refuses amounts that are negative or no finite numbers.
pub(super) fn check_amounts(what: &'static str, amounts: &[f64]) -> Result<(), Refusal> {
    if let Some(index) = amounts.iter().position(|amount| !amount.is_finite()) {
        return Err(Refusal::NotFinite { what, index });
    }
    if amounts.iter().any(|amount| *amount < 0.0) {
        return Err(Refusal::OutOfRange { what, rule: "at least 0" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn worked_cases() {
        let found = |p: &[f64], q: &[f64]| jensen_shannon(p, q).unwrap();
        assert_eq!(found(&[1.0, 0.0], &[0.0, 5.0]), Some(1.0));
        assert_eq!(found(&[1.0, 3.0], &[2.0, 6.0]), Some(0.0));
        // p = (1, 0), q = (1/2, 1/2): entropy of (3/4, 1/4) less half of 1 bit.
        let expected = 0.75 * (4.0_f64 / 3.0).log2() + 0.25 * 2.0 - 0.5;
        assert!((found(&[1.0, 0.0], &[1.0, 1.0]).unwrap() - expected).abs() < 1e-15);
        assert_eq!(found(&[0.0], &[1.0]), None);
        assert!(jensen_shannon(&[1.0], &[1.0, 1.0]).is_err());
        assert!(jensen_shannon(&[-1.0], &[1.0]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_is_symmetric_and_between_0_and_1(pairs in prop::collection::vec((0_u8..9, 0_u8..9), 1..8)) {
            let (p, q): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(p, q)| (f64::from(*p), f64::from(*q))).unzip();
            let found = jensen_shannon(&p, &q).unwrap();
            prop_assert_eq!(found, jensen_shannon(&q, &p).unwrap());
            prop_assert!(found.is_none_or(|found| (0.0..=1.0).contains(&found)));
        }
    }
}
