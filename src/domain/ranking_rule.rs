//! How the entries of a phase are ranked and how much is shown of their scores: declared before the phase opens.

use serde::{Deserialize, Serialize};

use crate::{Invalid, Timestamp};

/// How entries are put in order, what their uncertainty is taken from, and what participants see of it.
///
/// Which submission of a team stands is decided by the primary metric and the tie-breakers; `method` puts those that stand in
/// order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RankingRule {
    /// The metric that ranks; absent for the evaluator's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// Metrics that decide between equals, in order.
    pub tie_breakers: Vec<String>,
    /// The digits that are shown; absent for the metric's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// Whether equality is judged on the shown digits rather than at full precision.
    pub rank_on_rounded: bool,
    /// How several metrics become one order.
    pub method: RankingMethod,
    /// The metrics that enter such an order; empty for all.
    pub metrics: Vec<String>,
    /// What every such metric weighs in a weighted mean, and between which ends it is scaled.
    pub scales: Vec<MetricScale>,
    /// What becomes of an entry of which one of them is undefined.
    pub missing: MissingMetric,
    /// What is drawn when uncertainty is estimated.
    pub resampling: ResamplingRule,
    /// How much of a score is shown to participants, and when.
    pub release: ReleasePolicy,
    /// How many submissions of a team may be chosen as final, where teams choose: 1 or 2.
    pub final_choices: FinalChoices,
    /// Who is given the prizes.
    pub prizes: PrizeTerms,
    /// Whether an entry has to be better than every baseline to be given one.
    pub baseline: BaselineRule,
    /// Whether participants, too, may ask for slices and other weights once the phase is closed.
    pub open_slices: bool,
}

/// How several metrics become one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankingMethod {
    /// By the primary metric, then the tie-breakers.
    #[default]
    Primary,
    /// By the mean of the ranks in every metric.
    MeanRank,
    /// By the median of the ranks in every metric.
    MedianRank,
    /// By the points of Borda's count: the number of entries less the rank, summed over the metrics.
    Borda,
    /// By the share of the other entries that an entry is better than, averaged over the metrics.
    WinRate,
    /// By the weighted mean of the values, each metric scaled to 0..1 between the ends that `scales` gives it.
    WeightedMean,
    /// By the area under the performance profile.
    PerformanceProfile,
}

/// A metric in a weighted mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricScale {
    /// Its name.
    pub metric: String,
    /// What it weighs; above 0.
    pub weight: f64,
    /// The value that counts as 0; values beyond it count as it does.
    pub worst: f64,
    /// The value that counts as 1.
    pub best: f64,
}

/// What becomes of an entry that lacks one of several metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingMetric {
    /// It is not ranked.
    #[default]
    Unranked,
    /// It takes the worst rank in that metric.
    WorstRank,
}

/// What is drawn when uncertainty is estimated.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResamplingRule {
    /// An attribute whose values are the units; absent for the groups that the task declares (videos, sessions).
    ///
    /// It may only be coarser than those groups: intervals from parts of what belongs together promise too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// An attribute within whose values units are drawn; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strata: Option<String>,
}

/// How many submissions a team may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct FinalChoices(u8);

impl FinalChoices {
    /// As a number: 1 or 2.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for FinalChoices {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u8> for FinalChoices {
    type Error = Invalid;

    fn try_from(count: u8) -> Result<Self, Invalid> {
        match count {
            1 | 2 => Ok(Self(count)),
            _ => Err(Invalid::new("final_choices", "must be 1 or 2")),
        }
    }
}

impl From<FinalChoices> for u8 {
    fn from(choices: FinalChoices) -> Self {
        choices.0
    }
}

/// How much of a score is shown to participants, and when.
///
/// Every score that is shown is an answer about the labels, and enough answers are the labels.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", from = "WrittenPolicy")]
pub enum ReleasePolicy {
    /// Every digit, at once.
    #[default]
    Exact,
    /// Rounded to so many decimals (half away from zero), at once.
    Rounded {
        /// How many: 0 to 12.
        decimals: u8,
    },
    /// Only steps of at least `1 / steps`, on a grid of that width.
    LadderFixed {
        /// How many steps a unit of the score has: 1 to 1,000,000.
        steps: u32,
    },
    /// Only improvements by more than `z` standard errors of the difference.
    Ladder {
        /// How many: 1 to 100, and at least 1.5 for metrics that are no mean over items.
        z: f64,
    },
    /// Every digit, from a moment on.
    Delayed {
        /// When scores are first shown.
        until: Timestamp,
    },
    /// Every digit, at regular moments.
    Periodic {
        /// The moment from which the periods are counted.
        from: Timestamp,
        /// The length of a period in seconds; at least 1.
        seconds: u32,
    },
    /// Nothing, until the phase's result is published.
    Hidden,
}

impl ReleasePolicy {
    /// The same with its moments `seconds` later (earlier when negative).
    #[must_use]
    pub fn shifted(self, seconds: i64) -> Self {
        match self {
            Self::Delayed { until } => Self::Delayed { until: until.plus_seconds(seconds) },
            Self::Periodic { from, seconds: period } => {
                Self::Periodic { from: from.plus_seconds(seconds), seconds: period }
            }
            timeless => timeless,
        }
    }
}

/// A [`ReleasePolicy`] as it is read: serde refuses unknown fields beside a tag only where there may be fields.
#[derive(Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
enum WrittenPolicy {
    Exact {},
    Rounded { decimals: u8 },
    LadderFixed { steps: u32 },
    Ladder { z: f64 },
    Delayed { until: Timestamp },
    Periodic { from: Timestamp, seconds: u32 },
    Hidden {},
}

impl From<WrittenPolicy> for ReleasePolicy {
    fn from(written: WrittenPolicy) -> Self {
        match written {
            WrittenPolicy::Exact {} => Self::Exact,
            WrittenPolicy::Rounded { decimals } => Self::Rounded { decimals },
            WrittenPolicy::LadderFixed { steps } => Self::LadderFixed { steps },
            WrittenPolicy::Ladder { z } => Self::Ladder { z },
            WrittenPolicy::Delayed { until } => Self::Delayed { until },
            WrittenPolicy::Periodic { from, seconds } => Self::Periodic { from, seconds },
            WrittenPolicy::Hidden {} => Self::Hidden,
        }
    }
}

impl ReleasePolicy {
    /// Refuses parameters with which the policy means nothing.
    pub fn check(self) -> Result<(), Invalid> {
        let (field, is_sound, rule) = match self {
            Self::Exact | Self::Delayed { .. } | Self::Hidden => return Ok(()),
            Self::Rounded { decimals } => ("decimals", decimals <= 12, "must be at most 12"),
            Self::LadderFixed { steps } => {
                ("steps", (1..=1_000_000).contains(&steps), "must be between 1 and 1000000")
            }
            Self::Ladder { z } => ("z", (1.0..=100.0).contains(&z), "must be between 1 and 100"),
            Self::Periodic { seconds, .. } => ("seconds", seconds > 0, "must be at least 1"),
        };
        if is_sound { Ok(()) } else { Err(Invalid::new(field, rule)) }
    }

    /// Whether a team sees only some of its scores, each depending on those before.
    pub fn is_ladder(self) -> bool {
        matches!(self, Self::LadderFixed { .. } | Self::Ladder { .. })
    }
}

/// Who is given the prizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrizeTerms {
    /// How many places have a prize.
    pub places: u8,
    /// What decides between entries that the scores do not part.
    pub rule: PrizeRule,
}

/// What decides between entries that the scores do not part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrizeRule {
    /// The one that was received earlier.
    #[default]
    Earliest,
    /// They share the prizes of the places that they fill.
    Split,
    /// A jury; nothing is given until it has decided.
    Jury,
    /// Everybody whose rank set holds a place shares its prize, whether or not the scores are equal.
    ShareIfIndistinguishable,
}

/// Whether an entry has to be better than every baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineRule {
    /// No.
    #[default]
    None,
    /// Its score has to be better.
    Better,
    /// Its score has to be better by more than chance explains: the interval of the difference lies above zero.
    SignificantlyBetter,
}

impl RankingRule {
    /// Checks what can be checked without the annotations.
    pub fn check(&self) -> Result<(), Invalid> {
        self.release.check().map_err(|invalid| invalid.inside("release"))?;
        if self.decimals.is_some_and(|decimals| decimals > 12) {
            return Err(Invalid::new("decimals", "must be at most 12"));
        }
        if self.method == RankingMethod::Primary && !self.metrics.is_empty() {
            return Err(Invalid::new("metrics", "must be absent unless the method ranks by several"));
        }
        self.check_scales()?;
        if self.resampling.unit.is_some() && self.resampling.unit == self.resampling.strata {
            return Err(Invalid::new("resampling.strata", "must be another attribute than the unit"));
        }
        Ok(())
    }

    fn check_scales(&self) -> Result<(), Invalid> {
        if self.method != RankingMethod::WeightedMean {
            let rule = "must be absent unless the method is weighted_mean";
            return if self.scales.is_empty() { Ok(()) } else { Err(Invalid::new("scales", rule)) };
        }
        if self.scales.is_empty() || !self.metrics.is_empty() {
            return Err(Invalid::new(
                "scales",
                "must name the metrics of a weighted mean, in place of metrics",
            ));
        }
        for (index, scale) in self.scales.iter().enumerate() {
            let refuse = |field: &str, rule| Err(Invalid::new(format!("scales[{index}].{field}"), rule));
            if !(scale.weight > 0.0 && scale.weight.is_finite()) {
                return refuse("weight", "must be a number above 0");
            }
            if !scale.worst.is_finite() || !scale.best.is_finite() || scale.worst == scale.best {
                return refuse("best", "must be another number than worst");
            }
            if self.scales[..index].iter().any(|other| other.metric == scale.metric) {
                return refuse("metric", "must be named once");
            }
        }
        Ok(())
    }

    /// The metrics that enter the order of a method of several, as far as they are named.
    pub fn named_metrics(&self) -> impl Iterator<Item = &str> {
        let scaled = self.scales.iter().map(|scale| scale.metric.as_str());
        self.metrics.iter().map(String::as_str).chain(scaled)
    }

    /// The digits that participants see at most, where the policy rounds.
    pub fn released_decimals(&self) -> Option<u8> {
        match self.release {
            ReleasePolicy::Rounded { decimals } => Some(decimals),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RankingRule, String> {
        let rule: RankingRule = serde_json::from_str(text).map_err(|error| error.to_string())?;
        rule.check().map_err(|invalid| invalid.to_string())?;
        Ok(rule)
    }

    #[test]
    fn a_rule_reads_back_and_says_only_what_it_means() {
        let rule = RankingRule {
            release: ReleasePolicy::Ladder { z: 3.0 },
            method: RankingMethod::Borda,
            metrics: vec!["map".into(), "recall".into()],
            final_choices: FinalChoices(2),
            ..RankingRule::default()
        };
        let written = serde_json::to_string(&rule).unwrap();
        assert_eq!(read(&written).unwrap(), rule);
        assert_eq!(read("{}").unwrap(), RankingRule::default());
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for (text, wanted) in [
            (r#"{"release": {"policy": "ladder", "z": 0.5}}"#, "release.z must be between 1 and 100"),
            (r#"{"release": {"policy": "ladder_fixed", "steps": 0}}"#, "release.steps must be between"),
            (r#"{"release": {"policy": "rounded", "decimals": 13}}"#, "release.decimals must be at most 12"),
            (r#"{"release": {"policy": "hidden", "until": 3}}"#, "unknown field"),
            (r#"{"release": {"policy": "sometimes"}}"#, "unknown variant"),
            (r#"{"final_choices": 3}"#, "must be 1 or 2"),
            (r#"{"metrics": ["a"]}"#, "metrics must be absent"),
            (r#"{"resampling": {"unit": "day", "strata": "day"}}"#, "resampling.strata must be another"),
            (r#"{"method": "weighted_mean"}"#, "scales must name the metrics"),
            (
                r#"{"method": "weighted_mean", "scales": [{"metric": "a", "weight": 0, "worst": 0, "best": 1}]}"#,
                "scales[0].weight must be a number above 0",
            ),
            (r#"{"prizes": {"places": 3, "rule": "by_lot"}}"#, "unknown variant"),
        ] {
            let refusal = read(text).unwrap_err();
            assert!(refusal.contains(wanted), "{text}: {refusal}");
        }
    }
}
