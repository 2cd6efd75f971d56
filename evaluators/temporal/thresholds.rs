//! Thresholds on overlap, to the bit as the public code has them.

/// `count` thresholds from `first` to `last`, computed as NumPy's `linspace` does.
///
/// `0.1 + 2 * 0.1` is `0.30000000000000004` there, and an overlap of exactly 0.3 then misses it.
pub(crate) fn linspace(first: f64, last: f64, count: u32) -> Vec<f64> {
    let step = (last - first) / f64::from(count - 1);
    let mut thresholds: Vec<f64> = (0..count).map(|index| f64::from(index) * step + first).collect();
    if let Some(end) = thresholds.last_mut() {
        *end = last;
    }
    thresholds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_the_bits_of_numpy() {
        assert_eq!(linspace(0.1, 0.5, 5), [0.1, 0.2, 0.30000000000000004, 0.4, 0.5]);
        assert_eq!(linspace(0.3, 0.7, 5), [0.3, 0.39999999999999997, 0.5, 0.6, 0.7]);
        assert_eq!(linspace(0.5, 0.95, 10)[8], 0.8999999999999999);
    }
}
