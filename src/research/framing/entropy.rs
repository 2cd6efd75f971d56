//! F3: how evenly the hours, instances or score weight are spread over activities.

use ranking::Refusal;
use serde::Serialize;

use super::divergence::check_amounts;
use super::profile::shares;

/// The spread over classes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Entropy {
    /// `H = -sum p log2 p` (Shannon 1948), 0..=log2 of the number of classes.
    pub bits: f64,
    /// `H / log2 K` (Pielou 1966), 0..=1, over all `K` classes, those with nothing too; absent for a single class.
    pub evenness: Option<f64>,
}

/// The entropy of amounts by class; absent where there is nothing.
///
/// Refuses negative amounts, NaN and infinities.
pub fn entropy(amounts: &[f64]) -> Result<Option<Entropy>, Refusal> {
    check_amounts("amounts", amounts)?;
    let Some(shares) = shares(amounts) else { return Ok(None) };
    let bits: f64 =
        shares.iter().filter(|share| **share > 0.0).map(|share| -share * libm::log2(*share)).sum();
    // The sum of a single share is minus zero.
    let bits = bits.max(0.0);
    let evenness = (shares.len() > 1).then(|| bits / libm::log2(shares.len() as f64));
    Ok(Some(Entropy { bits, evenness }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_cases() {
        let found = |amounts: &[f64]| entropy(amounts).unwrap();
        assert_eq!(found(&[1.0, 1.0, 0.0, 0.0]), Some(Entropy { bits: 1.0, evenness: Some(0.5) }));
        assert_eq!(found(&[2.0, 1.0, 1.0]).unwrap().bits, 1.5);
        assert_eq!(found(&[7.0]), Some(Entropy { bits: 0.0, evenness: None }));
        assert_eq!(found(&[0.0, 0.0]), None);
        assert!(entropy(&[1.0, -1.0]).is_err());
        assert!(entropy(&[f64::NAN]).is_err());
    }
}
