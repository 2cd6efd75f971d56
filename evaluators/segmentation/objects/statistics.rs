//! What DAVIS tells of the values of an object over time.

use sdk::Mode;
use sdk::sum::Sum;

/// Mean, recall and decay of the values of one object, frame by frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Statistics {
    /// The mean over frames.
    mean: f64,
    /// The share of frames above one half.
    recall: f64,
    /// How much the mean of the first quarter is above that of the last.
    decay: f64,
}

impl Statistics {
    pub(super) const COLUMNS: usize = 3;

    pub(super) fn of(values: &[f64], mode: Mode) -> Self {
        let recalled = values.iter().map(|value| f64::from(u8::from(*value > 0.5)));
        // Five corners of four quarters that share their ends.
        let corner = |quarter: usize| {
            let place = 1.0 + quarter as f64 * (values.len() as f64 - 1.0) / 4.0;
            let corner = (place + 1e-10).round_ties_even() as usize - 1;
            match mode {
                Mode::Strict => corner,
                // The public code keeps corners in 8 bits.
                Mode::Reference => corner % 256,
            }
        };
        let quarter = |quarter: usize| {
            let range = corner(quarter)..corner(quarter + 1) + 1;
            mean(values.get(range).unwrap_or_default().iter().copied())
        };
        Self { mean: mean(values.iter().copied()), recall: mean(recalled), decay: quarter(0) - quarter(3) }
    }

    pub(super) fn columns(self) -> [f64; Self::COLUMNS] {
        [self.mean, self.recall, self.decay]
    }
}

/// The mean; of nothing it is no number.
fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.collect::<Sum>().total() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_share_their_ends() {
        let statistics = Statistics::of(&[1.0, 0.8, 0.6, 0.4, 0.2, 0.0, 0.0, 0.0], Mode::Strict);
        assert!((statistics.mean - 0.375).abs() < 1e-12);
        assert_eq!(statistics.recall, 0.375);
        // Corners 1, 2.75, 4.5, 6.25 and 8 are the frames 1, 3, 5 (a half goes up), 6 and 8.
        assert!((statistics.decay - 0.8).abs() < 1e-12);
    }

    #[test]
    fn one_frame_does_not_decay() {
        assert_eq!(Statistics::of(&[0.7], Mode::Strict).columns(), [0.7, 1.0, 0.0]);
    }

    #[test]
    fn exactly_one_half_is_not_recalled() {
        assert_eq!(Statistics::of(&[0.5, 0.5], Mode::Strict).recall, 0.0);
    }

    #[test]
    fn long_videos_are_cut_wrongly_by_the_public_code_only() {
        let values: Vec<f64> = (0..300).map(|frame| f64::from(u8::from(frame < 100))).collect();
        assert!(Statistics::of(&values, Mode::Strict).decay > 0.9);
        assert!(Statistics::of(&values, Mode::Reference).decay.is_nan());
    }
}
