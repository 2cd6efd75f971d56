//! Kendall's tau-b: how many pairs two orders put the same way round.

use std::cmp::Ordering;

use crate::refusal::{Refusal, all_finite, same_length};

/// The pairs of entries by how two measures order them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KendallTau {
    /// Pairs that both put the same way round.
    pub concordant: u64,
    /// Pairs that they put opposite ways round.
    pub discordant: u64,
    /// Pairs that only the first ties.
    pub ties_x_only: u64,
    /// Pairs that only the second ties.
    pub ties_y_only: u64,
    /// Pairs that both tie.
    pub ties_both: u64,
}

impl KendallTau {
    /// tau-b (Kendall 1945, Biometrika 33), -1..=1; absent where one of the measures ties everything.
    pub fn tau_b(&self) -> Option<f64> {
        let ordered = self.concordant + self.discordant;
        let product = (ordered + self.ties_x_only) as f64 * (ordered + self.ties_y_only) as f64;
        (product > 0.0).then(|| (self.concordant as f64 - self.discordant as f64) / product.sqrt())
    }
}

/// Compares two measures of the same entries; takes time in the square of their number.
///
/// Refuses different lengths, NaN and infinities; fewer than two entries have no pairs and so no tau.
pub fn kendall_tau(x: &[f64], y: &[f64]) -> Result<KendallTau, Refusal> {
    same_length("second measure", x.len(), y.len())?;
    all_finite("first measure", x)?;
    all_finite("second measure", y)?;
    let order = |a: f64, b: f64| (a + 0.0).total_cmp(&(b + 0.0));
    let mut tau = KendallTau::default();
    for (i, (x_i, y_i)) in x.iter().zip(y).enumerate() {
        for (x_j, y_j) in x[i + 1..].iter().zip(&y[i + 1..]) {
            match (order(*x_i, *x_j), order(*y_i, *y_j)) {
                (Ordering::Equal, Ordering::Equal) => tau.ties_both += 1,
                (Ordering::Equal, _) => tau.ties_x_only += 1,
                (_, Ordering::Equal) => tau.ties_y_only += 1,
                (a, b) if a == b => tau.concordant += 1,
                _ => tau.discordant += 1,
            }
        }
    }
    Ok(tau)
}

/// tau-b between every two measures, as `[measure][measure]`, over the entries that have both.
///
/// Turn measures where less is better before they come in, or use ranks, so that 1 means agreement.
/// A cell is absent where fewer than two entries have both measures or one of them ties everything.
pub fn tau_matrix(measures: &[Vec<Option<f64>>]) -> Result<Vec<Vec<Option<f64>>>, Refusal> {
    let entries = measures.first().map_or(0, Vec::len);
    for measure in measures {
        same_length("measure", entries, measure.len())?;
    }
    let mut matrix = vec![vec![None; measures.len()]; measures.len()];
    for first in 0..measures.len() {
        for second in first..measures.len() {
            let both =
                measures[first].iter().zip(&measures[second]).filter_map(|(x, y)| Some(((*x)?, (*y)?)));
            let (x, y): (Vec<f64>, Vec<f64>) = both.unzip();
            let tau = kendall_tau(&x, &y)?.tau_b();
            matrix[first][second] = tau;
            matrix[second][first] = tau;
        }
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_matrix_looks_at_the_entries_that_have_both() {
        let measures = [
            vec![Some(1.0), Some(2.0), Some(3.0), None],
            vec![Some(3.0), Some(2.0), None, Some(0.0)],
            vec![Some(1.0), Some(1.0), Some(1.0), Some(1.0)],
        ];
        let matrix = tau_matrix(&measures).unwrap();
        assert_eq!(matrix[0], [Some(1.0), Some(-1.0), None]);
        assert_eq!(matrix[1][0], Some(-1.0));
    }

    #[test]
    fn no_pairs_have_no_tau() {
        assert_eq!(kendall_tau(&[], &[]).unwrap().tau_b(), None);
        assert_eq!(kendall_tau(&[1.0], &[2.0]).unwrap().tau_b(), None);
        assert_eq!(kendall_tau(&[0.0, -0.0], &[1.0, 2.0]).unwrap().ties_x_only, 1);
        assert!(kendall_tau(&[1.0], &[f64::NAN]).is_err());
        assert!(kendall_tau(&[1.0], &[]).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn tau_is_symmetric_bounded_and_turns_with_its_argument(pairs in prop::collection::vec((0_i8..6, 0_i8..6), 2..20)) {
            let x: Vec<f64> = pairs.iter().map(|(x, _)| f64::from(*x)).collect();
            let y: Vec<f64> = pairs.iter().map(|(_, y)| f64::from(*y)).collect();
            let turned: Vec<f64> = y.iter().map(|y| -y).collect();
            let tau = kendall_tau(&x, &y).unwrap();
            prop_assert_eq!(tau.tau_b(), kendall_tau(&y, &x).unwrap().tau_b());
            prop_assert_eq!(tau.tau_b(), kendall_tau(&x, &turned).unwrap().tau_b().map(|tau| -tau));
            prop_assert!(tau.tau_b().is_none_or(|tau| tau.abs() <= 1.0));
            let pairs = (x.len() * (x.len() - 1) / 2) as u64;
            prop_assert_eq!(tau.concordant + tau.discordant + tau.ties_x_only + tau.ties_y_only + tau.ties_both, pairs);
        }
    }
}
