//! Bradley-Terry strengths: a ranking from pairwise preferences only.
//!
//! P(i beats j) = 1 / (1 + exp(theta_j - theta_i)) (Bradley and Terry 1952, Biometrika 39).
//! The strengths are the maximum of the likelihood, with mean 0; Newton's method finds it.

use crate::normal;
use crate::refusal::{Refusal, same_length, within};

/// Newton's method doubles its digits at every step; this is far more than it needs.
const MOST_STEPS: usize = 200;

/// The strengths of all entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// The log strengths; their mean is 0.
    pub theta: Vec<f64>,
    /// Their standard errors, from the pseudo-inverse of the Fisher information.
    pub standard_error: Vec<f64>,
}

/// Fits the strengths to `wins`, where `wins[i][j]` is how often i was preferred to j; a tie may count half for each.
///
/// Refuses a table that is not square, counts that are negative or not finite or on the diagonal, no entries,
/// and tables without a maximum: those where the entries fall into two parts of which one never beat the other
/// (Ford 1957, American Mathematical Monthly 64).
pub fn bradley_terry(wins: &[Vec<f64>]) -> Result<Strengths, Refusal> {
    let entries = wins.len();
    if entries == 0 {
        return Err(Refusal::Empty { what: "entries" });
    }
    for (index, row) in wins.iter().enumerate() {
        same_length("wins of an entry", entries, row.len())?;
        within(
            "wins",
            row.iter().all(|count| count.is_finite() && *count >= 0.0),
            "finite and not negative",
        )?;
        within("wins of an entry over itself", row[index] == 0.0, "0")?;
    }
    let reaches_all = |beats: &dyn Fn(usize, usize) -> bool| {
        let (mut reached, mut stack) = (vec![false; entries], vec![0]);
        reached[0] = true;
        while let Some(from) = stack.pop() {
            for (to, reached) in reached.iter_mut().enumerate() {
                if !*reached && beats(from, to) {
                    *reached = true;
                    stack.push(to);
                }
            }
        }
        reached.into_iter().all(|reached| reached)
    };
    let is_connected = reaches_all(&|a, b| wins[a][b] > 0.0) && reaches_all(&|a, b| wins[b][a] > 0.0);
    within(
        "wins",
        is_connected,
        "such that no part of the entries won or lost all of its comparisons with the rest",
    )?;

    let mut theta = vec![0.0; entries];
    let mut likelihood = log_likelihood(wins, &theta);
    for _ in 0..MOST_STEPS {
        let (gradient, information) = derivatives(wins, &theta);
        let step: Vec<f64> = inverse(information)?
            .iter()
            .map(|row| row.iter().zip(&gradient).map(|(inverse, gradient)| inverse * gradient).sum())
            .collect();
        // A full step may overshoot far from the maximum; half of it, or a quarter, does not.
        let mut scale = 1.0;
        let moved = loop {
            let candidate: Vec<f64> =
                theta.iter().zip(&step).map(|(theta, step)| theta + scale * step).collect();
            let found = log_likelihood(wins, &candidate);
            // Near the maximum a good step may seem to lose what rounding takes.
            if found >= likelihood - 1e-12 * likelihood.abs() || scale < 1e-6 {
                likelihood = found;
                break candidate;
            }
            scale /= 2.0;
        };
        let largest = step.iter().fold(0.0_f64, |largest, step| largest.max(step.abs()));
        theta = moved;
        if largest < 1e-12 {
            break;
        }
    }
    let mean = theta.iter().sum::<f64>() / entries as f64;
    for theta in &mut theta {
        *theta -= mean;
    }
    let share = 1.0 / entries as f64;
    let covariance = inverse(derivatives(wins, &theta).1)?;
    // The information is singular along adding the same to all; filling that direction with 1 / n and taking it out of the
    // inverse again gives the pseudo-inverse.
    let standard_error =
        (0..entries).map(|entry| (covariance[entry][entry] - share).max(0.0).sqrt()).collect();
    Ok(Strengths { theta, standard_error })
}

impl Strengths {
    /// The strengths on the scale of chess: 1000 + 400 / ln 10 theta.
    pub fn elo(&self) -> Vec<f64> {
        self.theta.iter().map(|theta| on_elo_scale(*theta)).collect()
    }

    /// The 95 % interval of each strength on the same scale.
    pub fn elo_intervals(&self) -> Vec<(f64, f64)> {
        let point = normal::quantile(0.975);
        let interval = |(theta, error): (&f64, &f64)| {
            (on_elo_scale(theta - point * error), on_elo_scale(theta + point * error))
        };
        self.theta.iter().zip(&self.standard_error).map(interval).collect()
    }

    /// One more than the number of entries whose interval lies wholly above an entry's, as LMArena ranks.
    pub fn ranks(&self) -> Vec<usize> {
        let intervals = self.elo_intervals();
        let above = |upper: f64| intervals.iter().filter(|(lower, _)| *lower > upper).count();
        intervals.iter().map(|(_, upper)| 1 + above(*upper)).collect()
    }
}

fn on_elo_scale(theta: f64) -> f64 {
    1000.0 + 400.0 / std::f64::consts::LN_10 * theta
}

/// P(i beats j).
fn win_probability(theta: &[f64], i: usize, j: usize) -> f64 {
    1.0 / (1.0 + (theta[j] - theta[i]).exp())
}

fn log_likelihood(wins: &[Vec<f64>], theta: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (i, row) in wins.iter().enumerate() {
        for (j, count) in row.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            sum -= count * (theta[j] - theta[i]).exp().ln_1p();
        }
    }
    sum
}

/// The gradient of the log likelihood, and the Fisher information with 1 / n added to every cell, which makes it regular.
fn derivatives(wins: &[Vec<f64>], theta: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let entries = theta.len();
    let mut gradient = vec![0.0; entries];
    let mut information = vec![vec![1.0 / entries as f64; entries]; entries];
    for i in 0..entries {
        for j in 0..entries {
            if i == j {
                continue;
            }
            let probability = win_probability(theta, i, j);
            let games = wins[i][j] + wins[j][i];
            gradient[i] += wins[i][j] - games * probability;
            let variance = games * probability * (1.0 - probability);
            information[i][i] += variance;
            information[i][j] -= variance;
        }
    }
    (gradient, information)
}

/// The inverse of a symmetric positive definite matrix, by elimination with row exchanges.
fn inverse(mut matrix: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, Refusal> {
    let n = matrix.len();
    for (index, row) in matrix.iter_mut().enumerate() {
        row.extend((0..n).map(|column| f64::from(u8::from(column == index))));
    }
    for column in 0..n {
        let size = |row: &usize| matrix[*row][column].abs();
        let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(column);
        matrix.swap(column, pivot);
        let scale = matrix[column][column];
        within(
            "information of the comparisons",
            scale.is_finite() && scale != 0.0,
            "large enough to be inverted",
        )?;
        for value in &mut matrix[column] {
            *value /= scale;
        }
        let eliminated = matrix[column].clone();
        for (_, row) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != column) {
            let factor = row[column];
            for (value, eliminated) in row.iter_mut().zip(&eliminated) {
                *value -= factor * eliminated;
            }
        }
    }
    Ok(matrix.into_iter().map(|row| row[n..].to_vec()).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_entries_have_a_closed_form() {
        let fitted = bradley_terry(&[vec![0.0, 30.0], vec![10.0, 0.0]]).unwrap();
        assert!((fitted.theta[0] - 3_f64.ln() / 2.0).abs() < 1e-12);
        assert!((fitted.theta[0] + fitted.theta[1]).abs() < 1e-12);
        // The variance of the difference is 1 / (40 * 3/4 * 1/4), and each strength is half of it.
        assert!((fitted.standard_error[0] - (1.0 / 7.5_f64).sqrt() / 2.0).abs() < 1e-12);
        assert_eq!(fitted.ranks(), [1, 2]);
    }

    #[test]
    fn without_a_maximum_it_is_refused() {
        let undefeated = [vec![0.0, 5.0, 5.0], vec![0.0, 0.0, 3.0], vec![0.0, 2.0, 0.0]];
        assert!(bradley_terry(&undefeated).is_err());
        let apart = [
            vec![0.0, 5.0, 0.0, 0.0],
            vec![5.0, 0.0, 0.0, 0.0],
            vec![0.0, 0.0, 0.0, 5.0],
            vec![0.0, 0.0, 5.0, 0.0],
        ];
        assert!(bradley_terry(&apart).is_err());
        for wrong in
            [vec![], vec![vec![1.0]], vec![vec![0.0, -1.0], vec![1.0, 0.0]], vec![vec![0.0, 1.0], vec![1.0]]]
        {
            assert!(bradley_terry(&wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(bradley_terry(&[vec![0.0]]).unwrap().theta, [0.0]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn expected_wins_are_the_observed_ones(counts in prop::collection::vec(1_u16..300, 20)) {
            let mut counts = counts.into_iter().map(f64::from);
            let mut wins = vec![vec![0.0; 5]; 5];
            for (i, row) in wins.iter_mut().enumerate() {
                for (j, cell) in row.iter_mut().enumerate() {
                    if i != j {
                        *cell = counts.next().unwrap();
                    }
                }
            }
            let fitted = bradley_terry(&wins).unwrap();
            let (gradient, _) = derivatives(&wins, &fitted.theta);
            prop_assert!(gradient.iter().all(|slope| slope.abs() < 1e-8), "{:?}", gradient);
            prop_assert!(fitted.theta.iter().sum::<f64>().abs() < 1e-10);
        }
    }
}
