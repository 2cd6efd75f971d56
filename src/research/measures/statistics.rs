//! What several measures are made of: concentration, survival, shares with intervals, quantiles.

pub mod concentration;
pub mod growth;
pub mod lorenz;
pub mod quantiles;
pub mod survival;
pub mod wilson;

/// The standard normal value within which, to both sides, 95 % lie.
pub(crate) const Z_95: f64 = 1.959_963_984_540_054;

#[cfg(test)]
mod tests {
    #[test]
    fn z_is_the_quantile() {
        assert!((super::Z_95 - ranking::normal::quantile(0.975)).abs() < 1e-12);
    }
}
