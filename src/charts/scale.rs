//! Scales: from values to places, with round numbers for the grid.

/// A line of values on a line of pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
}

impl Scale {
    /// From the first value at the first pixel to the second at the second; equal values are spread.
    pub(crate) fn new(values: (f64, f64), pixels: (f64, f64)) -> Self {
        let (low, high) = values;
        let values = if high > low { values } else { (low - 0.5, low + 0.5) };
        Self { values, pixels }
    }

    /// The place of a value.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value - self.values.0) / (self.values.1 - self.values.0);
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// The range of values, wide enough that it begins and ends at round numbers, and about `wanted` round numbers in it.
pub(crate) fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / wanted.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|round| round * power).find(|step| *step >= rough * 0.999);
    let step = step.unwrap_or(10.0 * power);
    let first = (low / step + 1e-9).floor();
    let last = (high / step - 1e-9).ceil().max(first + 1.0);
    (0..=(last - first) as usize).map(|place| (first + place as f64) * step).collect()
}

/// A number as people read it: no more digits than tell it from its neighbours at `step`.
pub(crate) fn number(value: f64, step: f64) -> String {
    let digits = (-(step.abs().max(1e-12)).log10().floor()).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.digits$}");
    if text.trim_start_matches('-').chars().all(|digit| matches!(digit, '0' | '.')) {
        text.trim_start_matches('-').to_owned()
    } else {
        text
    }
}

/// A number with at most three digits that count.
pub fn brief(value: f64) -> String {
    let size = value.abs();
    let digits = if size >= 100.0 || value.fract() == 0.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    number(value, 10_f64.powi(-digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        assert_eq!(ticks(0.0, 1.0, 5), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(ticks(3.0, 17.0, 4), [0.0, 5.0, 10.0, 15.0, 20.0]);
        assert!(ticks(7.0, 7.0, 4).len() > 1, "one value has room around it");
        for (low, high) in [(0.31, 0.42), (-3.0, 2.0), (1e-7, 3e-7), (0.0, 1e9)] {
            let found = ticks(low, high, 4);
            assert!(
                found[0] <= low + 1e-12 && *found.last().unwrap() >= high - 1e-12 && found.len() < 9,
                "{found:?}"
            );
        }
    }

    #[test]
    fn numbers_have_the_digits_that_count() {
        assert_eq!(
            [number(0.6000000000000001, 0.2), number(20.0, 5.0), number(-0.0, 0.1)],
            ["0.6", "20", "0.0"]
        );
        assert_eq!([brief(0.12345), brief(12.345), brief(123.4), brief(3.0)], ["0.123", "12.3", "123", "3"]);
    }

    #[test]
    fn a_scale_of_one_value_has_it_in_the_middle() {
        assert_eq!(Scale::new((3.0, 3.0), (0.0, 10.0)).at(3.0), 5.0);
        assert_eq!(Scale::new((0.0, 2.0), (10.0, 0.0)).at(0.5), 7.5);
    }
}
