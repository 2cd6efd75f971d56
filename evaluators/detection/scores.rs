//! The metrics of COCO and LVIS as outputs of curves.

use sdk::Evidence;
use sdk::evidence::{BlockId, ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Term};

/// The curves of one range of areas, with precision and recall at every threshold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RangeCurves {
    block: BlockId,
    thresholds: usize,
}

impl RangeCurves {
    /// Adds the curves of a range; precision is also averaged within `groups` of categories that stand together.
    pub(crate) fn add(
        evidence: &mut Evidence,
        classes: Vec<CurveClass>,
        thresholds: usize,
        groups: &[(u32, u32)],
    ) -> Self {
        let outputs = |rule, average| {
            (0..thresholds as u32).map(move |threshold| CurveOutput { rule, threshold, average })
        };
        let of_groups = groups.iter().flat_map(|(first, end)| {
            outputs(CurveRule::Points101, ClassAverage::PresentWithin { first: *first, end: *end })
        });
        let outputs = outputs(CurveRule::Points101, ClassAverage::Present)
            .chain(outputs(CurveRule::Recall, ClassAverage::Present))
            .chain(of_groups)
            .collect();
        let block = evidence.block(Curve { classes, thresholds: thresholds as u32, outputs });
        Self { block, thresholds }
    }

    /// Average precision at a threshold.
    pub(crate) fn precision_at(self, threshold: usize) -> Term {
        self.block.output(threshold)
    }

    /// Average precision at every threshold.
    pub(crate) fn precision(self) -> Vec<Term> {
        self.terms(0)
    }

    /// Recall at a threshold.
    pub(crate) fn recall_at(self, threshold: usize) -> Term {
        self.block.output(self.thresholds + threshold)
    }

    /// Recall at every threshold.
    pub(crate) fn recall(self) -> Vec<Term> {
        self.terms(1)
    }

    /// Average precision at every threshold within a group of categories.
    pub(crate) fn precision_within(self, group: usize) -> Vec<Term> {
        self.terms(2 + group)
    }

    fn terms(self, series: usize) -> Vec<Term> {
        (0..self.thresholds)
            .map(|threshold| self.block.output(series * self.thresholds + threshold))
            .collect()
    }
}

/// Adds recall with fewer detections; returns, for each of the smaller numbers, recall at every threshold.
pub(crate) fn add_fewer(
    evidence: &mut Evidence,
    classes: Vec<CurveClass>,
    thresholds: usize,
    numbers: usize,
) -> Vec<Vec<Term>> {
    let bits = (thresholds * numbers) as u32;
    let output =
        |threshold| CurveOutput { rule: CurveRule::Recall, threshold, average: ClassAverage::Present };
    let outputs = (0..bits).map(output).collect();
    let block = evidence.block(Curve { classes, thresholds: bits, outputs });
    let of_number = |number: usize| (0..thresholds).map(move |one| block.output(number * thresholds + one));
    (0..numbers).map(|number| of_number(number).collect()).collect()
}

/// `count` thresholds from `first` to `last`, with the bits that NumPy's `linspace` gives them.
pub(crate) fn linspace(first: f64, last: f64, count: u32) -> Vec<f64> {
    let step = (last - first) / f64::from(count - 1);
    let mut thresholds: Vec<f64> = (0..count).map(|index| f64::from(index) * step + first).collect();
    if let Some(end) = thresholds.last_mut() {
        *end = last;
    }
    thresholds
}

/// The ten thresholds of COCO: 0.5 to 0.95 in steps of 0.05.
pub(crate) fn coco_thresholds() -> Vec<f64> {
    linspace(0.5, 0.95, 10)
}

/// The position of 0.75 among the thresholds of COCO.
pub(crate) const AT_75: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_the_bits_of_numpy() {
        let thresholds = coco_thresholds();
        assert_eq!(thresholds[AT_75], 0.75);
        assert_eq!(thresholds[8], 0.8999999999999999);
        assert_eq!(thresholds[9], 0.95);
    }
}
