//! Spearman's footrule: how many places the entries move from one ranking to another.

use crate::refusal::{Refusal, all_finite, same_length};

/// The distance of two rankings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footrule {
    /// The sum over the entries of the places between their two ranks.
    pub places: f64,
    /// The same as a share of what a reversal moves (0..=1 for rankings whose ties are averaged);
    /// absent for fewer than two entries, which cannot move.
    pub share: Option<f64>,
}

/// The footrule of two rankings of the same entries (Diaconis and Graham 1977, JRSS B 39).
///
/// Refuses different lengths, NaN and infinities.
pub fn footrule(first: &[f64], second: &[f64]) -> Result<Footrule, Refusal> {
    same_length("second ranking", first.len(), second.len())?;
    all_finite("first ranking", first)?;
    all_finite("second ranking", second)?;
    let places = first.iter().zip(second).map(|(a, b)| (a - b).abs()).sum();
    // A reversal of n entries moves floor(n^2 / 2) places, and no permutation moves more.
    let most = first.len() * first.len() / 2;
    Ok(Footrule { places, share: (most > 0).then(|| places / most as f64) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversal_moves_the_most() {
        let up = [1.0, 2.0, 3.0, 4.0, 5.0];
        let down = [5.0, 4.0, 3.0, 2.0, 1.0];
        assert_eq!(footrule(&up, &down).unwrap(), Footrule { places: 12.0, share: Some(1.0) });
        assert_eq!(footrule(&up, &up).unwrap(), Footrule { places: 0.0, share: Some(0.0) });
        assert_eq!(footrule(&[1.0], &[1.0]).unwrap().share, None);
        assert!(footrule(&up, &[1.0]).is_err());
    }
}
