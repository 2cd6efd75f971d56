//! Frame sensitivity: what the ranking would be if the test held another mix of scenarios.
//!
//! A test set is a sample of some version of the world: so much cooking, so much commuting.
//! Another mix is as defensible, and a lead that a small change of the mix undoes is a lead in this mix only.

use crate::refusal::{Refusal, all_finite, same_length, within};
use crate::schemes::{Placing, place};

/// The scores of every entry by scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The number of items, or their total weight, per scenario.
    sizes: Vec<f64>,
    /// The sum of the item scores, as `[entry][scenario]`.
    sums: Vec<Vec<f64>>,
    higher_is_better: bool,
}

/// How much of the test must be different before two entries are level.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameMargin {
    /// The share of the test's weight that moves, 0..=1; 0 where the first entry is not ahead.
    pub moved: f64,
    /// From where to where it moves.
    pub path: Vec<Shift>,
}

/// Weight that moves from one scenario to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// The scenario that counts less.
    pub from: usize,
    /// The scenario that counts more.
    pub to: usize,
    /// How much, as a share of the test.
    pub share: f64,
}

impl Frame {
    /// `sizes` is the weight of every scenario, `sums` the sum of item scores as `[entry][scenario]`.
    ///
    /// Refuses no scenarios, scenarios without weight, and sums that are not finite.
    pub fn new(sizes: Vec<f64>, sums: Vec<Vec<f64>>, higher_is_better: bool) -> Result<Self, Refusal> {
        if sizes.is_empty() {
            return Err(Refusal::Empty { what: "scenarios" });
        }
        all_finite("size of a scenario", &sizes)?;
        within("size of a scenario", sizes.iter().all(|size| *size > 0.0), "positive")?;
        for own in &sums {
            same_length("scenario sums of an entry", sizes.len(), own.len())?;
            all_finite("scenario sum", own)?;
        }
        Ok(Self { sizes, sums, higher_is_better })
    }

    /// The mean over all items: the ranking as it stands.
    pub fn per_item(&self) -> Vec<Option<Placing>> {
        self.rank(|own| own.iter().sum::<f64>() / self.total())
    }

    /// The mean over the scenarios, each counting the same.
    pub fn equal_scenarios(&self) -> Vec<Option<Placing>> {
        self.rank(|own| {
            own.iter().zip(&self.sizes).map(|(sum, size)| sum / size).sum::<f64>() / self.sizes.len() as f64
        })
    }

    /// The mean inside one scenario.
    pub fn inside(&self, scenario: usize) -> Vec<Option<Placing>> {
        self.rank(|own| own[scenario] / self.sizes[scenario])
    }

    /// The mean over all items outside of one scenario; nobody is ranked where it is the only one.
    pub fn without(&self, scenario: usize) -> Vec<Option<Placing>> {
        if self.sizes.len() < 2 {
            return vec![None; self.sums.len()];
        }
        let others = |values: &[f64]| -> f64 {
            values.iter().enumerate().filter(|(other, _)| *other != scenario).map(|(_, value)| value).sum()
        };
        self.rank(|own| others(own) / others(&self.sizes))
    }

    /// The smallest share of the test that must move between scenarios before `behind` is level with `ahead`.
    ///
    /// Absent where `ahead` leads in every scenario: then no mix of them undoes its lead.
    /// Weight goes to the scenario where `ahead` does worst, out of those where it does best, first the largest lead;
    /// every unit that moves so closes as much of the gap as a unit can, so that less cannot do (the linear programme agrees).
    /// Between equals the scenario that comes first is taken.
    pub fn margin(&self, ahead: usize, behind: usize) -> Option<FrameMargin> {
        // Sums and products of sums only, so that scores with few binary digits give exact margins.
        let sign = if self.higher_is_better { 1.0 } else { -1.0 };
        let leads: Vec<f64> =
            self.sums[ahead].iter().zip(&self.sums[behind]).map(|(a, b)| sign * (a - b)).collect();
        let mean_lead = |scenario: &usize| leads[*scenario] / self.sizes[*scenario];
        let mut order: Vec<usize> = (0..leads.len()).collect();
        order.sort_by(|a, b| mean_lead(b).total_cmp(&mean_lead(a)));
        let sink = (0..leads.len())
            .reduce(|least, next| if mean_lead(&next) < mean_lead(&least) { next } else { least })?;
        if leads[sink] > 0.0 {
            return None;
        }
        let total = self.total();
        let mut gap = leads.iter().sum::<f64>() * self.sizes[sink];
        let mut margin = FrameMargin { moved: 0.0, path: Vec::new() };
        let mut emptied = 0.0;
        for from in order {
            if gap <= 0.0 {
                break;
            }
            // What emptying the scenario closes, in the units of the gap.
            let closes = leads[from] * self.sizes[sink] - self.sizes[from] * leads[sink];
            if closes <= 0.0 {
                break;
            }
            let size = self.sizes[from];
            if closes <= gap {
                gap -= closes;
                emptied += size;
                margin.moved = emptied / total;
                margin.path.push(Shift { from, to: sink, share: size / total });
            } else {
                margin.moved = (emptied * closes + gap * size) / (closes * total);
                margin.path.push(Shift { from, to: sink, share: gap * size / (closes * total) });
                gap = 0.0;
            }
        }
        Some(margin)
    }

    fn total(&self) -> f64 {
        self.sizes.iter().sum()
    }

    fn rank(&self, score: impl Fn(&[f64]) -> f64) -> Vec<Option<Placing>> {
        let scores: Vec<Option<f64>> = self.sums.iter().map(|own| Some(score(own))).collect();
        place(&scores, self.higher_is_better)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lead of `ahead` after the shifts, as a mean over the moved weights.
    fn lead_after(frame: &Frame, margin: &FrameMargin, ahead: usize, behind: usize) -> f64 {
        let mut shares: Vec<f64> = frame.sizes.iter().map(|size| size / frame.total()).collect();
        for shift in &margin.path {
            shares[shift.from] -= shift.share;
            shares[shift.to] += shift.share;
        }
        assert!(shares.iter().all(|share| *share > -1e-12));
        let mean = |entry: usize, scenario: usize| frame.sums[entry][scenario] / frame.sizes[scenario];
        (0..shares.len())
            .map(|scenario| shares[scenario] * (mean(ahead, scenario) - mean(behind, scenario)))
            .sum()
    }

    #[test]
    fn a_lead_in_every_scenario_cannot_be_moved_away() {
        let frame = Frame::new(vec![10.0, 30.0], vec![vec![9.0, 20.0], vec![8.0, 19.0]], true).unwrap();
        assert_eq!(frame.margin(0, 1), None);
        assert_eq!(frame.margin(1, 0), Some(FrameMargin { moved: 0.0, path: vec![] }));
        let turned = Frame::new(vec![10.0, 30.0], vec![vec![8.0, 19.0], vec![9.0, 20.0]], false).unwrap();
        assert_eq!(turned.margin(0, 1), None);
    }

    #[test]
    fn a_lead_in_half_the_test_is_undone_by_moving_weight_to_the_other() {
        // The lead is +0.4 in the first half and -0.2 in the second: 0.1 over all; x of the weight closes 0.6 x.
        let frame = Frame::new(vec![50.0, 50.0], vec![vec![40.0, 20.0], vec![20.0, 30.0]], true).unwrap();
        let margin = frame.margin(0, 1).unwrap();
        assert!((margin.moved - 1.0 / 6.0).abs() < 1e-15);
        assert_eq!(margin.path, [Shift { from: 0, to: 1, share: margin.moved }]);
    }

    #[test]
    fn degenerate_frames() {
        assert!(Frame::new(vec![], vec![], true).is_err());
        assert!(Frame::new(vec![0.0], vec![vec![0.0]], true).is_err());
        assert!(Frame::new(vec![1.0], vec![vec![f64::NAN]], true).is_err());
        let single = Frame::new(vec![4.0], vec![vec![2.0], vec![3.0]], true).unwrap();
        assert_eq!(single.without(0), [None, None]);
        assert_eq!(single.margin(1, 0), None);
        let level = Frame::new(vec![4.0], vec![vec![2.0], vec![2.0]], true).unwrap();
        assert_eq!(level.margin(0, 1), Some(FrameMargin { moved: 0.0, path: vec![] }));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_moves_brings_the_entries_level(scenarios in prop::collection::vec((1_u8..40, 0_u8..40, 0_u8..40), 1..7)) {
            let sizes: Vec<f64> = scenarios.iter().map(|(size, _, _)| f64::from(*size)).collect();
            let first: Vec<f64> = scenarios.iter().map(|(_, first, _)| f64::from(*first)).collect();
            let second: Vec<f64> = scenarios.iter().map(|(_, _, second)| f64::from(*second)).collect();
            let frame = Frame::new(sizes, vec![first, second], true).unwrap();
            let leads = (0..scenarios.len()).all(|scenario| frame.sums[0][scenario] > frame.sums[1][scenario]);
            let margin = frame.margin(0, 1);
            prop_assert_eq!(margin.is_none(), leads);
            if let Some(margin) = margin {
                let lead = lead_after(&frame, &margin, 0, 1);
                prop_assert!(lead <= 1e-9, "still {} ahead", lead);
                prop_assert!((0.0..=1.0).contains(&margin.moved));
                let sum: f64 = margin.path.iter().map(|shift| shift.share).sum();
                prop_assert!((sum - margin.moved).abs() < 1e-12);
                prop_assert!(margin.path.is_empty() || lead >= -1e-9, "moved too much: {}", lead);
            }
        }
    }
}
