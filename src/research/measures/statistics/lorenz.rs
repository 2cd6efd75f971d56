//! The Lorenz curve: what share of all the poorest share of units has.

use serde::Serialize;

use super::concentration::Concentration;

/// A point of a Lorenz curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The share of units, the ones with least first.
    pub units: f64,
    /// The share of the total that they have.
    pub total: f64,
}

/// The curve from (0, 0) to (1, 1), one point per unit (Lorenz 1905).
pub fn curve(spread: &Concentration) -> Vec<Point> {
    let n = spread.units() as f64;
    let mut points = vec![Point { units: 0.0, total: 0.0 }];
    let mut total = 0.0;
    for (position, share) in spread.shares().enumerate() {
        total += share;
        points.push(Point { units: (position as f64 + 1.0) / n, total });
    }
    points
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The Gini coefficient is twice the area between the curve and the diagonal.
        #[test]
        fn the_area_is_the_gini_coefficient(values in prop::collection::vec(0_u8..50, 1..12)) {
            let Some(spread) = Concentration::of(values.into_iter().map(f64::from)) else { return Ok(()) };
            let points = curve(&spread);
            let below: f64 =
                points.windows(2).map(|pair| (pair[1].units - pair[0].units) * (pair[0].total + pair[1].total) / 2.0).sum();
            prop_assert!((1.0 - 2.0 * below - spread.gini()).abs() < 1e-12);
            prop_assert!(points.windows(2).all(|pair| pair[0].total <= pair[1].total));
        }
    }
}
