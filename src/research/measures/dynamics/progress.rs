//! D3, state-of-the-art progress: the running best of a task, how fast it rises, and how much of the rise is more than chance.

use super::ladder::{Ladder, ladders};
use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for ladder in ladders(snapshot) {
        let n = ladder.scores;
        for record in &ladder.records {
            let reading =
                Reading::exact("record", n, record.score.value).of("at", record.score.at.to_string());
            panel.push(ladder.label(reading).of("team", record.score.team));
        }
        let beyond: Vec<bool> = ladder.records.iter().filter_map(|record| record.is_beyond_chance).collect();
        let sure = beyond.iter().filter(|is_beyond| **is_beyond).count();
        for (statistic, value) in [
            ("records", Some(ladder.records.len() as f64)),
            ("gain_per_day", gain_per_day(&ladder)),
            ("gains_beyond_interval", (!beyond.is_empty()).then_some(sure as f64)),
            ("share_beyond_interval", share_of(sure as f64, beyond.len() as f64)),
        ] {
            panel.push(ladder.label(Reading::exact(statistic, n, value)));
        }
    }
}

/// The rise from the first to the last record over the days between them; none where they are at one moment.
fn gain_per_day(ladder: &Ladder<'_>) -> Option<f64> {
    let (first, last) = (ladder.records.first()?, ladder.records.last()?);
    let days = last.score.at.seconds_since(first.score.at) / 86_400.0;
    share_of(ladder.records.iter().filter_map(|record| record.gain).sum(), days)
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn a_gain_within_the_interval_of_the_record_before_may_be_chance() {
        let mut records = three_editions();
        records.team("red", &[]);
        records.enter("red", "2024");
        for (day, score) in [("2024-04-01", 0.5), ("2024-04-03", 0.55), ("2024-04-11", 0.7)] {
            records.submit("red", "2024", day, score).interval = Some((score - 0.1, score + 0.1));
        }
        let value = compute("D3", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            value.readings.iter().find(|one| one.statistic == statistic).unwrap().value().unwrap()
        };
        assert!((of("gain_per_day") - 0.02).abs() < 1e-12);
        assert_eq!(
            (of("records"), of("gains_beyond_interval"), of("share_beyond_interval")),
            (3.0, 1.0, 0.5)
        );
    }
}
