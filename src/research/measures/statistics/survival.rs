//! How long things last when some have not ended yet: the estimator of Kaplan and Meier (1958).

use serde::Serialize;

use super::Z_95;

/// How long something has lasted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime {
    /// The time from its beginning, 0 or more.
    pub duration: f64,
    /// Whether it ended then; else it was still there when last seen.
    pub ended: bool,
}

/// The estimate from one time on, until the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// How many were seen up to this time.
    pub at_risk: usize,
    /// How many ended at it.
    pub ended: usize,
    /// The share that lasts longer.
    pub survival: f64,
    /// Where the 95 % interval of the share begins.
    pub lower: f64,
    /// Where it ends.
    pub upper: f64,
}

/// The survival function, one step for every time at which something ended.
///
/// What was last seen at a time at which others ended counts as at risk then.
/// The interval is that of the doubly logarithmic scale with Greenwood's variance (Kalbfleisch and Prentice 1980), which stays
/// between 0 and 1; where the estimate is 0 it has no width.
pub fn kaplan_meier(lifetimes: &[Lifetime]) -> Vec<Step> {
    let mut ascending = lifetimes.to_vec();
    ascending.sort_unstable_by(|a, b| a.duration.total_cmp(&b.duration));
    let (mut steps, mut survival, mut variance) = (Vec::new(), 1.0, 0.0);
    let mut first = 0;
    while first < ascending.len() {
        let time = ascending[first].duration;
        let same = ascending[first..].iter().take_while(|one| one.duration == time);
        let (count, ended) =
            same.fold((0, 0), |(count, ended), one| (count + 1, ended + usize::from(one.ended)));
        let at_risk = ascending.len() - first;
        if ended > 0 {
            survival *= 1.0 - ended as f64 / at_risk as f64;
            variance += ended as f64 / (at_risk as f64 * (at_risk - ended) as f64);
            let (lower, upper) = interval(survival, variance);
            steps.push(Step { time, at_risk, ended, survival, lower, upper });
        }
        first += count;
    }
    steps
}

fn interval(survival: f64, variance: f64) -> (f64, f64) {
    if survival <= 0.0 || survival >= 1.0 {
        return (survival, survival);
    }
    let theta = Z_95 * libm::sqrt(variance) / libm::log(survival);
    (libm::pow(survival, libm::exp(-theta)), libm::pow(survival, libm::exp(theta)))
}

/// The first time by which at most half last longer; none where more than half have not ended.
pub fn median(steps: &[Step]) -> Option<f64> {
    steps.iter().find(|step| step.survival <= 0.5).map(|step| step.time)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lifetime(duration: f64, ended: bool) -> Lifetime {
        Lifetime { duration, ended }
    }

    /// Remission under 6-MP in Freireich et al. 1963, the example of many textbooks; survival after 6, 7, 10, 13, 16, 22, 23 weeks.
    #[test]
    fn a_published_case() {
        let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|weeks| lifetime(f64::from(weeks), true));
        let going =
            [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|weeks| lifetime(f64::from(weeks), false));
        let steps = kaplan_meier(&[&ended[..], &going[..]].concat());
        let expected = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
        assert_eq!(steps.len(), expected.len());
        for (step, expected) in steps.iter().zip(expected) {
            assert!((step.survival - expected).abs() < 5e-4, "{step:?}");
            assert!(step.lower < step.survival && step.survival < step.upper, "{step:?}");
        }
        assert_eq!(median(&steps), Some(23.0));
    }

    #[test]
    fn where_all_end_nothing_lasts() {
        let steps = kaplan_meier(&[lifetime(1.0, true), lifetime(2.0, true)]);
        assert_eq!(steps.last().map(|step| (step.survival, step.lower)), Some((0.0, 0.0)));
        assert_eq!((kaplan_meier(&[]), median(&[])), (vec![], None));
        assert_eq!(kaplan_meier(&[lifetime(1.0, false)]), []);
    }

    proptest! {
        #[test]
        fn without_censoring_it_is_the_share_that_lasts_longer(durations in prop::collection::vec(0_u8..10, 1..20)) {
            let lifetimes: Vec<Lifetime> = durations.iter().map(|time| lifetime(f64::from(*time), true)).collect();
            for step in kaplan_meier(&lifetimes) {
                let longer = lifetimes.iter().filter(|one| one.duration > step.time).count() as f64;
                prop_assert!((step.survival - longer / lifetimes.len() as f64).abs() < 1e-12);
            }
        }
    }
}
