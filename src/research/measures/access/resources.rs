//! G3, resource threshold: whether one of the ten best entries takes more compute than most have.
//!
//! Of the teams of a task that say what they used: the share of the ten best by band, and the odds of being among them in a band
//! against all other bands, with half a team added to every count (Haldane 1956, Anscombe 1956) so that an empty one has odds.

use std::collections::BTreeMap;

use crate::measure::{Quantity, Reading};
use crate::measures::statistics::Z_95;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Snapshot, is_known};

/// How many are at the top.
const TOP: usize = 10;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for task in &snapshot.tasks {
        let sign = if task.higher_is_better { 1.0 } else { -1.0 };
        let mut best: BTreeMap<&str, (f64, Option<&str>)> = BTreeMap::new();
        for submission in snapshot.submissions.iter().filter(|submission| submission.task == task.id) {
            let Some(score) = submission.public_score().map(|score| sign * score) else { continue };
            let band = submission.declaration.as_ref().and_then(|declared| declared.compute_band.as_deref());
            let entry = best.entry(&submission.registration).or_insert((score, band));
            if score > entry.0 {
                *entry = (score, band);
            }
        }
        let mut entries: Vec<(f64, Option<&str>)> = best.into_values().collect();
        entries.sort_by(|a, b| b.0.total_cmp(&a.0));
        // Who has the score of the tenth is at the top too.
        let last = entries.get(TOP - 1).map(|(score, _)| *score);
        let is_top = |score: f64| last.is_none_or(|last| score >= last);
        let known: Vec<(bool, &str)> = entries
            .iter()
            .filter_map(|(score, band)| Some((is_top(*score), (*band).filter(|band| is_known(band))?)))
            .collect();
        let of = |reading: Reading| reading.of("edition", &task.edition).of("task", &task.id);
        panel.push(of(Reading::exact(
            "declared_share",
            entries.len(),
            share_of(known.len() as f64, entries.len() as f64),
        )));
        let mut bands: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for (is_top, band) in &known {
            bands.entry(band).or_default()[usize::from(!is_top)] += 1;
        }
        let all = [0, 1].map(|place| bands.values().map(|counts| counts[place]).sum::<usize>());
        for (band, counts) in bands {
            let share = share_of(counts[0] as f64, all[0] as f64);
            panel.push(of(Reading::exact("share_of_top", known.len(), share)).of("compute_band", band));
            let others = [all[0] - counts[0], all[1] - counts[1]];
            let odds = Reading::new("odds_ratio", known.len(), odds_ratio(counts, others));
            panel.push(of(odds).of("compute_band", band));
        }
    }
}

/// The odds of the top in a band over those in all others, with Woolf's 95 % interval; each pair is top and rest.
fn odds_ratio(band: [usize; 2], others: [usize; 2]) -> Quantity {
    if band.iter().sum::<usize>() == 0 || others.iter().sum::<usize>() == 0 {
        return Quantity::Undefined;
    }
    let [a, b, c, d] = [band[0], band[1], others[0], others[1]].map(|count| count as f64 + 0.5);
    let value = a * d / (b * c);
    let spread = libm::exp(Z_95 * libm::sqrt(1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d));
    Quantity::Estimated { value, lower: value / spread, upper: value * spread }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Declaration;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn ten_of_twelve_are_at_the_top() {
        let mut records = three_editions();
        for team in 0..12 {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            let submission = records.submit(&id, "2024", "2024-04-01", f64::from(team));
            let band = match team {
                0..4 => "under_1_gpu_day",
                4..11 => "over_100_gpu_days",
                _ => "undisclosed",
            };
            submission.declaration = Some(Declaration {
                method_origin: "built_for_this_task".into(),
                pretrained_on_this_dataset: None,
                compute_band: Some(band.into()),
            });
        }
        let value = compute("G3", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, band: &str| {
            let found = value.readings.iter().find(|one| {
                one.statistic == statistic && one.of.get("compute_band").is_some_and(|found| found == band)
            });
            found.unwrap().quantity
        };
        assert_eq!(of("share_of_top", "under_1_gpu_day"), Quantity::Exact { value: 2.0 / 9.0 });
        let Quantity::Estimated { value: odds, lower, upper } = of("odds_ratio", "over_100_gpu_days") else {
            panic!()
        };
        // Seven and none against two and two.
        assert!((odds - 7.5 * 2.5 / (0.5 * 2.5)).abs() < 1e-12);
        assert!(lower < odds && odds < upper);
        assert_eq!(odds_ratio([1, 2], [0, 0]), Quantity::Undefined);
    }
}
