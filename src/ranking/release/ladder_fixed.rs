//! The Ladder with a fixed step: a loss is released, on a grid, only where it is lower by more than a step.
//!
//! Algorithm 1 of Blum and Hardt (2015, arXiv 1502.04585): R becomes the loss rounded to the nearest multiple of eta,
//! halves up, iff loss < R - eta.
//! The step is a whole fraction of one, and comparisons are made without dividing, so that a loss that is lower by
//! exactly a step is seen to be no more.

use crate::refusal::{Refusal, within};

/// The finest step, so that products of counts and steps stay exact.
const MOST_STEPS: u32 = 1_000_000;

/// One team's ladder over mean losses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LadderFixed {
    /// One over eta.
    steps: f64,
    /// One over the width of the grid that released values lie on.
    grid: f64,
    /// The released value in widths of the grid.
    released: Option<f64>,
}

impl LadderFixed {
    /// A ladder with eta = 1 / `steps`, releasing multiples of eta; `steps` is 1 to 1,000,000.
    pub fn new(steps: u32) -> Result<Self, Refusal> {
        Self::with_grid(steps, steps)
    }

    /// A ladder with eta = 1 / `steps` that releases multiples of 1 / `grid`.
    ///
    /// The authors' Ladder.jl rounds to two decimals whatever its step: a grid of 100.
    pub fn with_grid(steps: u32, grid: u32) -> Result<Self, Refusal> {
        within("steps", (1..=MOST_STEPS).contains(&steps), "between 1 and 1000000")?;
        within("grid", (1..=MOST_STEPS).contains(&grid), "between 1 and 1000000")?;
        Ok(Self { steps: f64::from(steps), grid: f64::from(grid), released: None })
    }

    /// Offers a mean loss as its sum over so many units; whether it is released.
    ///
    /// The first is. Refuses no units and a sum that is not finite.
    pub fn offer(&mut self, sum: f64, units: u64) -> Result<bool, Refusal> {
        within("sum of losses", sum.is_finite(), "finite")?;
        within("units", units > 0, "at least 1")?;
        let units = units as f64;
        // sum / units < released / grid - 1 / steps, multiplied out.
        let is_step = self.released.is_none_or(|released| {
            sum * self.grid * self.steps < units * (released * self.steps - self.grid)
        });
        if is_step {
            self.released = Some(nearest(sum * self.grid, units));
        }
        Ok(is_step)
    }

    /// The released loss; absent before the first submission.
    pub fn released(&self) -> Option<f64> {
        self.released.map(|released| released / self.grid)
    }
}

/// floor(numerator / denominator + 1/2), also where the quotient is rounded across a whole number.
fn nearest(numerator: f64, denominator: f64) -> f64 {
    let (numerator, denominator) = (2.0 * numerator + denominator, 2.0 * denominator);
    let floor = (numerator / denominator).floor();
    if floor * denominator > numerator {
        floor - 1.0
    } else if (floor + 1.0) * denominator <= numerator {
        floor + 1.0
    } else {
        floor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_that_is_lower_by_exactly_a_step_is_not_released() {
        let mut ladder = LadderFixed::new(100).unwrap();
        // In floating point 0.49 - 0.01 is above 0.48.
        assert_eq!((ladder.offer(49.0, 100), ladder.released()), (Ok(true), Some(0.49)));
        assert_eq!((ladder.offer(48.0, 100), ladder.released()), (Ok(false), Some(0.49)));
        assert_eq!((ladder.offer(479.0, 1_000), ladder.released()), (Ok(true), Some(0.48)));
    }

    #[test]
    fn halves_go_up() {
        assert_eq!(
            [nearest(5.0, 10.0), nearest(-5.0, 10.0), nearest(-6.0, 10.0), nearest(14.0, 10.0)],
            [1.0, 0.0, -1.0, 1.0]
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        assert!(LadderFixed::new(0).is_err() && LadderFixed::new(1_000_001).is_err());
        let mut ladder = LadderFixed::new(10).unwrap();
        assert!(ladder.offer(1.0, 0).is_err() && ladder.offer(f64::NAN, 1).is_err());
        assert_eq!(ladder.released(), None);
    }
}
