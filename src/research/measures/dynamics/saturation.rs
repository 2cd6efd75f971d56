//! D6, saturation: how much of the way from the first baseline to the ceiling is done.
//!
//! `1 - (ceiling - best) / (ceiling - baseline)`: 0 at the baseline, 1 at the ceiling, more beyond it.
//! The ceiling is the score of humans or the agreement of annotators where that is recorded, else 1 where more is better and 0 where
//! less is; the reading says which. The baseline is the recorded one, else the first public score.

use super::ladder::ladders;
use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Snapshot, Task};

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for ladder in ladders(snapshot) {
        let tasks: Vec<&Task> = snapshot.tasks.iter().filter(|task| task.lineage == ladder.lineage).collect();
        let recorded = |of: fn(&Task) -> Option<f64>| tasks.iter().find_map(|task| of(task));
        let (Some(first), Some(best)) = (ladder.records.first(), ladder.records.last()) else { continue };
        let baseline = recorded(|task| task.first_baseline).unwrap_or(first.score.value);
        let known_ceiling = recorded(|task| task.ceiling);
        let ceiling = known_ceiling.unwrap_or(if ladder.higher_is_better { 1.0 } else { 0.0 });
        let value = saturation(best.score.value, baseline, ceiling, ladder.higher_is_better);
        let reading = ladder.label(Reading::exact("saturation", ladder.scores, value));
        panel.push(reading.of("ceiling", if known_ceiling.is_some() { "recorded" } else { "of_the_scale" }));
    }
}

/// The share of the way from `baseline` to `ceiling` at `best`; none where the baseline is not below the ceiling.
fn saturation(best: f64, baseline: f64, ceiling: f64, higher_is_better: bool) -> Option<f64> {
    let sign = if higher_is_better { 1.0 } else { -1.0 };
    share_of(sign * (ceiling - best), sign * (ceiling - baseline)).map(|left| 1.0 - left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_share_of_the_way() {
        assert_eq!(saturation(0.75, 0.5, 1.0, true), Some(0.5));
        assert_eq!(saturation(1.0, 0.5, 0.9, true).map(|value| value > 1.0), Some(true));
        assert_eq!(saturation(2.0, 8.0, 0.0, false), Some(0.75));
        assert_eq!(saturation(0.75, 1.0, 1.0, true), None);
    }
}
