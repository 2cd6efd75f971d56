//! D1, deadline burst: how much comes in the last part of the window, how unevenly, and hour by hour to the deadline.

use std::collections::BTreeSet;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

/// `B = (sigma - mu) / (sigma + mu)` of the times between successive events (Goh and Barabasi 2008): -1 for a clock, 0 for events by
/// chance, near 1 for bursts.
///
/// `sigma` is the standard deviation of all gaps, not an estimate from a sample. `moments` in any order and unit.
/// None for fewer than three events, and where all are at one moment.
pub fn burstiness(moments: &[f64]) -> Option<f64> {
    let mut ascending = moments.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let gaps: Vec<f64> = ascending.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mu = mean(&gaps).filter(|_| gaps.len() > 1)?;
    let variance = mean(&gaps.iter().map(|gap| (gap - mu) * (gap - mu)).collect::<Vec<_>>())?;
    let sigma = libm::sqrt(variance);
    (sigma + mu > 0.0).then(|| (sigma - mu) / (sigma + mu))
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let submissions: Vec<_> = snapshot
            .submissions_of(edition)
            .into_iter()
            .filter(|one| one.submitted_at >= edition.opens_at && one.submitted_at < edition.closes_at)
            .collect();
        let teams = submissions.iter().map(|one| one.registration.as_str()).collect::<BTreeSet<_>>().len();
        let to_deadline: Vec<f64> =
            submissions.iter().map(|one| edition.closes_at.seconds_since(one.submitted_at)).collect();
        let of = |reading: Reading| reading.of("edition", &edition.id);
        panel.push(of(Reading::exact("burstiness", teams, burstiness(&to_deadline))));
        // Of a window that is still open nobody knows the last part.
        if edition.closes_at > snapshot.as_of {
            continue;
        }
        let last = parameters.last_part * edition.closes_at.seconds_since(edition.opens_at);
        let late = to_deadline.iter().filter(|seconds| **seconds <= last).count();
        panel.push(of(Reading::exact(
            "last_part_share",
            teams,
            share_of(late as f64, to_deadline.len() as f64),
        )));
        for (hour, share) in hazard(&to_deadline, parameters.hours_to_deadline).into_iter().enumerate() {
            panel.push(
                of(Reading::exact("hazard", teams, share)).of("hours_to_deadline", (hour + 1).to_string()),
            );
        }
    }
}

/// For each hour before the deadline, the last first: of the submissions that were still to come at its beginning, the share that
/// came in it; none where none was to come.
fn hazard(seconds_to_deadline: &[f64], hours: u16) -> Vec<Option<f64>> {
    let mut ascending = seconds_to_deadline.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let within =
        |hours: u16| ascending.partition_point(|seconds| *seconds <= f64::from(hours) * 3_600.0) as f64;
    (0..hours).map(|hour| share_of(within(hour + 1) - within(hour), within(hour + 1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn a_clock_is_minus_one() {
        assert_eq!(burstiness(&[1.0, 3.0, 2.0, 4.0]), Some(-1.0));
        // Gaps 1 and 3: mean 2, deviation 1.
        assert_eq!(burstiness(&[0.0, 1.0, 4.0]), Some(-1.0 / 3.0));
        assert_eq!((burstiness(&[1.0, 2.0]), burstiness(&[1.0, 1.0, 1.0])), (None, None));
    }

    #[test]
    fn the_last_hours_are_counted_from_the_deadline() {
        // 10, 70 and 80 minutes before, and days.
        let found = hazard(&[600.0, 4_200.0, 4_800.0, 300_000.0], 3);
        assert_eq!(found, [Some(1.0), Some(2.0 / 3.0), Some(0.0)]);
        assert_eq!(hazard(&[], 1), [None]);
    }

    #[test]
    fn the_last_tenth_of_three_months_is_nine_days() {
        let mut records = three_editions();
        for team in 0..5 {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024");
            records.submit(&id, "2024", &format!("2024-04-{:02}", team + 10), 0.5);
        }
        records.submit("t0", "2024", "2024-05-30", 0.5);
        let value = compute("D1", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            let found =
                value.readings.iter().find(|one| one.of["edition"] == "2024" && one.statistic == statistic);
            (found.unwrap().n, found.unwrap().value().unwrap())
        };
        assert_eq!(of("last_part_share"), (5, 1.0 / 6.0));
        let gaps = [1.0, 1.0, 1.0, 1.0, 46.0];
        let sigma = (gaps.iter().map(|gap: &f64| (gap - 10.0).powi(2)).sum::<f64>() / 5.0).sqrt();
        assert!((of("burstiness").1 - (sigma - 10.0) / (sigma + 10.0)).abs() < 1e-12);
    }
}
