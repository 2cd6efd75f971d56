//! The overfitting meter: whether teams did better on the split they could see than on the one they could not.
//!
//! A team that tuned to the public split shows a difference between the splits that chance does not explain.
//! One large difference among many teams is expected; many of them, or a mean away from 0, are not.
//! A private split that is harder for everybody moves the mean too, so the two splits must be drawn alike
//! (Roelofs et al. 2019, *A Meta-Analysis of Overfitting in Machine Learning*, found little of it where a separate split decided).

use crate::normal;
use crate::refusal::{Refusal, all_finite, within};

/// One team's scores on the two splits, with their standard errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoSplits {
    /// The score on the public split.
    pub public: f64,
    /// Its standard error; not negative.
    pub public_se: f64,
    /// The score on the private split.
    pub private: f64,
    /// Its standard error; not negative.
    pub private_se: f64,
}

/// How much better the teams did in public.
#[derive(Debug, Clone, PartialEq)]
pub struct OverfittingMeter {
    /// Per team the difference in standard errors, positive where the public score is the better one.
    /// Absent where both standard errors are 0 and the scores differ; 0 where they do not.
    pub z: Vec<Option<f64>>,
    /// The share of the teams with a `z` that lies beyond 1.96 on either side; about 0.05 by chance.
    /// Absent without any.
    pub share_beyond: Option<f64>,
    /// The mean of `z`; about 0 by chance. Absent without any.
    pub mean_z: Option<f64>,
    /// The 95 % interval of the mean by the normal approximation; absent for fewer than two teams.
    ///
    /// Teams share the items, so their differences are not quite independent and the interval is somewhat too narrow.
    pub mean_interval: Option<(f64, f64)>,
}

/// Reads the meter; refuses NaN, infinities and negative standard errors.
pub fn overfitting(teams: &[TwoSplits], higher_is_better: bool) -> Result<OverfittingMeter, Refusal> {
    let mut z = Vec::with_capacity(teams.len());
    for team in teams {
        all_finite(
            "scores and standard errors",
            &[team.public, team.public_se, team.private, team.private_se],
        )?;
        within("standard error", team.public_se >= 0.0 && team.private_se >= 0.0, "not negative")?;
        let ahead = team.public - team.private;
        let ahead = if higher_is_better { ahead } else { -ahead };
        let error = team.public_se.hypot(team.private_se);
        z.push(if ahead == 0.0 { Some(0.0) } else { (error > 0.0).then(|| ahead / error) });
    }
    let known: Vec<f64> = z.iter().flatten().copied().collect();
    let count = known.len() as f64;
    let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / count);
    let point = normal::quantile(0.975);
    let beyond = known.iter().filter(|z| z.abs() > point).count() as f64;
    let mean_interval = mean.filter(|_| known.len() > 1).map(|mean| {
        let variance = known.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let half = point * (variance / count).sqrt();
        (mean - half, mean + half)
    });
    Ok(OverfittingMeter { share_beyond: mean.map(|_| beyond / count), mean_z: mean, mean_interval, z })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(public: f64, public_se: f64, private: f64, private_se: f64) -> TwoSplits {
        TwoSplits { public, public_se, private, private_se }
    }

    #[test]
    fn differences_are_counted_in_standard_errors() {
        // Standard errors 3 and 4 make 5.
        let teams = [team(70.0, 3.0, 60.0, 4.0), team(60.0, 3.0, 70.0, 4.0), team(50.0, 3.0, 45.0, 4.0)];
        let meter = overfitting(&teams, true).unwrap();
        assert_eq!(meter.z, [Some(2.0), Some(-2.0), Some(1.0)]);
        assert_eq!(meter.share_beyond, Some(2.0 / 3.0));
        assert_eq!(meter.mean_z, Some(1.0 / 3.0));
        let (low, high) = meter.mean_interval.unwrap();
        // The standard deviation of 2, -2 and 1 is sqrt(13/3).
        let half = 1.959_963_984_540_054 * (13.0_f64 / 9.0).sqrt();
        assert!((high - 1.0 / 3.0 - half).abs() < 1e-12 && (1.0 / 3.0 - low - half).abs() < 1e-12);
        assert_eq!(overfitting(&teams, false).unwrap().z[0], Some(-2.0));
    }

    #[test]
    fn without_variance_a_difference_is_undefined() {
        let meter = overfitting(&[team(1.0, 0.0, 0.5, 0.0), team(1.0, 0.0, 1.0, 0.0)], true).unwrap();
        assert_eq!(meter.z, [None, Some(0.0)]);
        assert_eq!((meter.mean_z, meter.mean_interval), (Some(0.0), None));
        let nobody = overfitting(&[], true).unwrap();
        assert_eq!((nobody.share_beyond, nobody.mean_z), (None, None));
        assert!(overfitting(&[team(1.0, -0.1, 0.5, 0.0)], true).is_err());
        assert!(overfitting(&[team(f64::NAN, 0.1, 0.5, 0.0)], true).is_err());
    }
}
