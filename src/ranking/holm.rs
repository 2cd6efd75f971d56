//! Holm's correction for many tests (*A simple sequentially rejective multiple test procedure*, 1979).

/// Adjusted p-values, in the order of the given ones: `max over i <= j of min(1, (m - i + 1) p_(i))`.
///
/// Rejecting what is at most a level keeps the probability of any false rejection below it, whatever the tests have to do with
/// each other. NaN counts as 1: nothing is concluded from it.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let of = |position: usize| if p[position].is_nan() { 1.0 } else { p[position] };
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| of(*a).total_cmp(&of(*b)));
    let (mut adjusted, mut largest) = (vec![1.0; p.len()], 0.0_f64);
    for (place, position) in order.into_iter().enumerate() {
        largest = largest.max(((p.len() - place) as f64 * of(position)).min(1.0));
        adjusted[position] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_pays_for_all_the_tests() {
        assert!(holm(&[]).is_empty());
        assert_eq!(holm(&[0.5, 0.0625, 0.25]), [0.5, 0.1875, 0.5]);
        assert_eq!(holm(&[f64::NAN, 0.25]), [1.0, 0.5]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_of_tests_stays(p in prop::collection::vec(0.0..=1.0_f64, 1..20)) {
            let adjusted = holm(&p);
            for (a, adjusted_a) in p.iter().zip(&adjusted) {
                prop_assert!(a <= adjusted_a && *adjusted_a <= (a * p.len() as f64).min(1.0));
                for (b, adjusted_b) in p.iter().zip(&adjusted) {
                    prop_assert!(a > b || adjusted_a <= adjusted_b);
                }
            }
        }
    }
}
