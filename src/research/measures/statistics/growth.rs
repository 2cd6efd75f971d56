//! Curves of growth: the logistic function and the diffusion of Bass (1969), fitted by least squares.
//!
//! The size of the whole is linear and follows from the other two parameters, so that only those are searched: from the best points
//! of a grid on by the simplex method of Nelder and Mead (1965).
//! A fit always finds something; its residuals say whether that means anything.

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// `size / (1 + exp(-rate (t - middle)))`; the parameters are the rate and the middle.
    Logistic,
    /// `size (1 - exp(-(p+q) t)) / (1 + q/p exp(-(p+q) t))`; the parameters are innovation p and imitation q.
    Bass,
}

/// A fitted curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The curve.
    pub model: Model,
    /// What it comes to in the end.
    pub size: f64,
    /// Its two parameters.
    pub parameters: [f64; 2],
    /// What was observed minus the curve, at each time.
    pub residuals: Vec<f64>,
}

/// Fewer observations than this determine no curve of three parameters.
const LEAST: usize = 5;

impl Model {
    /// The parameters as the field names them.
    pub fn parameter_names(self) -> [&'static str; 2] {
        match self {
            Self::Logistic => ["rate", "middle"],
            Self::Bass => ["innovation", "imitation"],
        }
    }

    /// The share of the whole at a time from 0 on.
    fn share(self, [first, second]: [f64; 2], t: f64) -> f64 {
        match self {
            Self::Logistic => 1.0 / (1.0 + libm::exp(-first * (t - second))),
            Self::Bass => {
                let decay = libm::exp(-(first + second) * t);
                (1.0 - decay) / (1.0 + second / first * decay)
            }
        }
    }

    /// Parameters from the plane that is searched: rates are above 0, so their logarithms are.
    fn parameters_at(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Logistic => [libm::exp(x), y],
            Self::Bass => [libm::exp(x), libm::exp(y)],
        }
    }

    /// Where the search may begin, for times up to `end`.
    fn grid(self, end: f64) -> Vec<[f64; 2]> {
        let steps = (0..12).map(f64::from);
        let pairs = steps.clone().flat_map(|i| steps.clone().map(move |j| (i / 11.0, j / 11.0)));
        let logarithm = |from: f64, to: f64, part: f64| libm::log(from / end) + part * libm::log(to / from);
        pairs
            .map(|(x, y)| match self {
                Self::Logistic => [logarithm(0.5, 100.0, x), end * (2.0 * y - 0.25)],
                Self::Bass => [logarithm(1e-4, 10.0, x), logarithm(0.05, 100.0, y)],
            })
            .collect()
    }
}

/// The curve nearest to cumulative counts at times from 0 on.
///
/// None for fewer than five observations or times, and where nothing was counted.
pub fn fit(model: Model, times: &[f64], counts: &[f64]) -> Option<Fit> {
    let end = times.iter().copied().fold(0.0, f64::max);
    let is_usable = times.len() >= LEAST && times.len() == counts.len() && end > 0.0;
    if !is_usable || counts.iter().all(|count| *count == 0.0) {
        return None;
    }
    let size = |parameters: [f64; 2]| {
        let (mut above, mut below) = (0.0, 0.0);
        for (t, count) in times.iter().zip(counts) {
            let share = model.share(parameters, *t);
            (above, below) = (above + share * count, below + share * share);
        }
        if below > 0.0 { above / below } else { 0.0 }
    };
    let residuals = |parameters: [f64; 2]| -> Vec<f64> {
        let size = size(parameters);
        times.iter().zip(counts).map(|(t, count)| count - size * model.share(parameters, *t)).collect()
    };
    let cost = |at: [f64; 2]| {
        let squares: f64 =
            residuals(model.parameters_at(at)).iter().map(|residual| residual * residual).sum();
        if squares.is_finite() { squares } else { f64::INFINITY }
    };
    let mut starts: Vec<([f64; 2], f64)> = model.grid(end).into_iter().map(|at| (at, cost(at))).collect();
    starts.sort_by(|a, b| a.1.total_cmp(&b.1));
    let searched = starts.iter().take(3).map(|(start, _)| nelder_mead(&cost, *start));
    let (best, _) = searched.min_by(|a, b| a.1.total_cmp(&b.1))?;
    let parameters = model.parameters_at(best);
    let fitted = Fit { model, size: size(parameters), parameters, residuals: residuals(parameters) };
    fitted.size.is_finite().then_some(fitted)
}

impl Fit {
    /// The root of the mean squared residual.
    pub fn root_mean_square(&self) -> f64 {
        let squares: f64 = self.residuals.iter().map(|residual| residual * residual).sum();
        libm::sqrt(squares / self.residuals.len().max(1) as f64)
    }
}

/// A least place of a function of the plane near a start, and the value there.
fn nelder_mead(cost: &impl Fn([f64; 2]) -> f64, start: [f64; 2]) -> ([f64; 2], f64) {
    const STEPS: usize = 400;
    let at = |place: [f64; 2]| (place, cost(place));
    let mut corners = [at(start), at([start[0] + 0.3, start[1]]), at([start[0], start[1] + 0.3])];
    let toward = |from: [f64; 2], to: [f64; 2], part: f64| {
        [0, 1].map(|axis| from[axis] + part * (to[axis] - from[axis]))
    };
    for _ in 0..STEPS {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [best, middle, worst] = corners;
        let centre = toward(best.0, middle.0, 0.5);
        let reflected = at(toward(worst.0, centre, 2.0));
        corners[2] = if reflected.1 < best.1 {
            let expanded = at(toward(worst.0, centre, 3.0));
            if expanded.1 < reflected.1 { expanded } else { reflected }
        } else if reflected.1 < middle.1 {
            reflected
        } else {
            let outer = if reflected.1 < worst.1 { reflected } else { worst };
            let contracted = at(toward(outer.0, centre, 0.5));
            if contracted.1 < outer.1 {
                contracted
            } else {
                corners[1] = at(toward(best.0, middle.0, 0.5));
                at(toward(best.0, worst.0, 0.5))
            }
        };
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(model: Model, size: f64, parameters: [f64; 2], months: usize) -> (Vec<f64>, Vec<f64>) {
        let times: Vec<f64> = (0..months).map(|month| month as f64).collect();
        let counts = times.iter().map(|t| size * model.share(parameters, *t)).collect();
        (times, counts)
    }

    #[test]
    fn a_curve_is_found_again() {
        for (model, parameters) in [
            (Model::Logistic, [0.25, 20.0]),
            (Model::Logistic, [0.08, 50.0]),
            (Model::Bass, [0.01, 0.2]),
            (Model::Bass, [0.05, 0.01]),
        ] {
            let (times, counts) = curve(model, 120.0, parameters, 48);
            let found = fit(model, &times, &counts).unwrap();
            assert!(found.root_mean_square() < 1e-4, "{model:?} {parameters:?}: {found:?}");
            assert!((found.size / 120.0 - 1.0).abs() < 1e-2, "{model:?} {parameters:?}: {}", found.size);
        }
    }

    #[test]
    fn no_point_of_a_finer_grid_is_nearer() {
        let counts = [0.0, 1.0, 1.0, 4.0, 9.0, 11.0, 18.0, 30.0, 33.0, 35.0, 41.0, 42.0];
        let times: Vec<f64> = (0..counts.len()).map(|month| month as f64).collect();
        let found = fit(Model::Logistic, &times, &counts).unwrap();
        for rate in (1..60).map(|step| f64::from(step) * 0.05) {
            for middle in (0..80).map(|step| f64::from(step) * 0.25) {
                let shares: Vec<f64> =
                    times.iter().map(|t| Model::Logistic.share([rate, middle], *t)).collect();
                let size = shares.iter().zip(&counts).map(|(share, count)| share * count).sum::<f64>()
                    / shares.iter().map(|share| share * share).sum::<f64>();
                let squares: f64 =
                    shares.iter().zip(&counts).map(|(share, count)| (count - size * share).powi(2)).sum();
                assert!(found.root_mean_square() <= (squares / counts.len() as f64).sqrt() + 1e-9);
            }
        }
    }

    #[test]
    fn four_observations_are_no_curve() {
        assert_eq!(fit(Model::Bass, &[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 3.0]), None);
        assert_eq!(fit(Model::Bass, &[0.0; 6], &[1.0; 6]), None);
        assert_eq!(fit(Model::Bass, &[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0; 5]), None);
    }
}
