//! Quantiles of what was observed.

/// The quantile `p`, 0 to 1, by linear interpolation between the values around `p (n - 1)` (type 7 of Hyndman and Fan 1996).
///
/// None where there are no values; values must be finite.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut ascending = values.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let place = p.clamp(0.0, 1.0) * (ascending.len().checked_sub(1)? as f64);
    let below = place.floor();
    let first = *ascending.get(below as usize)?;
    let next = ascending.get(below as usize + 1).copied().unwrap_or(first);
    Some(first + (place - below) * (next - first))
}

/// The median; none where there are no values.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The mean; none where there are no values.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_values() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 0.9, 1.0].map(|p| quantile(&values, p).unwrap()), [1.0, 2.5, 3.7, 4.0]);
        assert_eq!((median(&[7.0]), median(&[]), mean(&[])), (Some(7.0), None, None));
    }
}
