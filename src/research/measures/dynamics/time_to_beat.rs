//! D4, time-to-beat: how many days a record stands; the standing one has not been beaten yet.

use super::ladder::{Record, ladders};
use crate::measure::{Quantity, Reading};
use crate::measures::statistics::quantiles::median;
use crate::measures::statistics::survival::{self, Lifetime, kaplan_meier};
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

const SECONDS_OF_A_DAY: f64 = 86_400.0;

/// The days between successive records.
fn days_between(records: &[Record<'_>]) -> Vec<f64> {
    records
        .windows(2)
        .map(|pair| pair[1].score.at.seconds_since(pair[0].score.at) / SECONDS_OF_A_DAY)
        .collect()
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for ladder in ladders(snapshot) {
        let days = days_between(&ladder.records);
        let Some(standing) = ladder.records.last() else { continue };
        let stands = snapshot.as_of.seconds_since(standing.score.at) / SECONDS_OF_A_DAY;
        let n = ladder.records.len();
        for (place, days) in days.iter().enumerate() {
            panel.push(ladder.label(Reading::exact("days", n, *days)).of("record", (place + 1).to_string()));
        }
        let beaten = days.iter().map(|days| Lifetime { duration: *days, ended: true });
        let lifetimes: Vec<Lifetime> = beaten.chain([Lifetime { duration: stands, ended: false }]).collect();
        let steps = kaplan_meier(&lifetimes);
        panel.push(ladder.label(Reading::exact("median_days_of_beaten", n, median(&days))));
        panel.push(ladder.label(Reading::exact("median_days", n, survival::median(&steps))));
        panel.push(ladder.label(Reading::exact("days_standing", n, stands)));
        for step in steps {
            let survival = Quantity::Estimated { value: step.survival, lower: step.lower, upper: step.upper };
            panel.push(
                ladder
                    .label(Reading::new("survival", step.at_risk, survival))
                    .of("days", step.time.to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn the_standing_record_has_not_been_beaten() {
        let mut records = three_editions();
        records.team("red", &[]);
        records.enter("red", "2024");
        for (day, score) in [("2024-04-01", 0.5), ("2024-04-11", 0.6)] {
            records.submit("red", "2024", day, score);
        }
        let value = compute("D4", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of =
            |statistic: &str| value.readings.iter().find(|one| one.statistic == statistic).unwrap().value();
        assert_eq!(
            (of("days"), of("median_days_of_beaten"), of("survival")),
            (Some(10.0), Some(10.0), Some(0.5))
        );
        assert_eq!(of("median_days"), Some(10.0));
        // From 11 April 2024 to 31 December 2025.
        assert_eq!(of("days_standing"), Some(629.0));
    }
}
