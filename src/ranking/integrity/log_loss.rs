//! How many labels one log-loss score gives away.
//!
//! Whitehill 2017 (arXiv 1707.01825) reads labels out of log-loss scores by predictions whose losses are powers of two apart.
//! How many fit into one score depends on its digits, on the number of items, and on how sure a prediction may be.

use crate::refusal::{Refusal, within};

/// The least clipping that a split should declare; 1e-15, which libraries use against infinities, protects nobody.
pub const ADVISED_CLIPPING: f64 = 1e-3;

/// The number of labels that one query decodes: the largest m with log((1 - clip) / clip) / 2^(m-1) / n > 10^-decimals.
///
/// `items` is n, at least 1; `decimals` how many digits of the score are shown; `clip` the least probability that counts,
/// above 0 and below a half.
pub fn labels_per_query(items: u64, decimals: u8, clip: f64) -> Result<u32, Refusal> {
    within("items", items > 0, "at least 1")?;
    within("clip", clip > 0.0 && clip < 0.5, "above 0 and below 0.5")?;
    let resolution = 10_f64.powi(-i32::from(decimals));
    let mut visible = ((1.0 - clip) / clip).ln() / items as f64;
    let mut labels = 0;
    // Halving always ends below a resolution above 0, and 10^-255 is one.
    while visible > resolution {
        visible /= 2.0;
        labels += 1;
    }
    Ok(labels)
}

/// The least clipping, of 10^-15 to 10^-1 and 1/4, at which one query decodes at most so many labels; none of them may do.
pub fn safe_clipping(items: u64, decimals: u8, labels: u32) -> Result<Option<f64>, Refusal> {
    let candidates = (1..=15).rev().map(|exponent| 10_f64.powi(-exponent)).chain([0.25]);
    for clip in candidates {
        if labels_per_query(items, decimals, clip)? <= labels {
            return Ok(Some(clip));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping_helps_less_than_fewer_digits() {
        assert_eq!(labels_per_query(5_000, 4, 1e-15), Ok(7));
        assert_eq!(labels_per_query(5_000, 4, ADVISED_CLIPPING), Ok(4));
        assert_eq!(labels_per_query(5_000, 2, 1e-15), Ok(0));
        assert_eq!(safe_clipping(5_000, 4, 4), Ok(Some(1e-3)));
        assert_eq!(safe_clipping(100, 8, 3), Ok(None));
    }

    #[test]
    fn what_means_nothing_is_refused() {
        assert!(labels_per_query(0, 4, 1e-3).is_err());
        for clip in [0.0, 0.5, -1.0, f64::NAN] {
            assert!(labels_per_query(10, 4, clip).is_err(), "{clip}");
        }
        assert!(labels_per_query(1, u8::MAX, 1e-15).unwrap() > 800);
    }
}
