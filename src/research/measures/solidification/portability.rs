//! S6, portability: how many entries brought a method that was there before the benchmark, and for how long the teams had worked on it.
//!
//! Of the teams that told, with their consent.

use crate::measure::Reading;
use crate::measures::statistics::quantiles::median;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Edition, Snapshot, Uptake};

const DAYS_OF_A_MONTH: f64 = 365.25 / 12.0;

pub(super) fn came_from_elsewhere(uptake: &Uptake) -> bool {
    matches!(uptake.method_origin.as_str(), "predates_benchmark" | "ported_from_other_benchmark")
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let (brought, told) = counts(snapshot, edition);
        let of = |reading: Reading| reading.of("edition", &edition.id);
        panel.push(of(Reading::exact("brought_share", told, share_of(brought as f64, told as f64))));
        let months: Vec<f64> = snapshot
            .registrations
            .iter()
            .filter(|registration| registration.edition == edition.id)
            .filter_map(|registration| {
                let since = registration.uptake.as_ref()?.related_work_since?;
                let days = (registration.registered_at.utc_date() - since).get_days();
                Some(f64::from(days) / DAYS_OF_A_MONTH)
            })
            .collect();
        panel.push(of(Reading::exact("median_months_of_related_work", months.len(), median(&months))));
    }
}

/// How many entries of an edition brought their method, of how many that told.
pub(super) fn counts(snapshot: &Snapshot, edition: &Edition) -> (usize, usize) {
    let of_edition = snapshot.registrations.iter().filter(|registration| registration.edition == edition.id);
    let told: Vec<&Uptake> = of_edition.filter_map(|registration| registration.uptake.as_ref()).collect();
    (told.iter().filter(|uptake| came_from_elsewhere(uptake)).count(), told.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{day, three_editions};

    #[test]
    fn who_does_not_tell_is_not_counted() {
        let mut records = three_editions();
        let origins = [
            "predates_benchmark",
            "ported_from_other_benchmark",
            "built_for_this_task",
            "built_for_this_task",
            "organizer_baseline",
        ];
        for (team, origin) in origins.into_iter().enumerate() {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024").uptake =
                Some(Uptake { method_origin: origin.into(), related_work_since: Some(day("2023-03-06")) });
        }
        records.team("silent", &[]);
        records.enter("silent", "2024");
        let value = compute("S6", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str| {
            let found =
                value.readings.iter().find(|one| one.statistic == statistic && one.of["edition"] == "2024");
            (found.unwrap().n, found.unwrap().value().unwrap())
        };
        assert_eq!(of("brought_share"), (5, 0.4));
        // 6 March 2023 to 5 March 2024: 365 days of a leap year.
        assert!((of("median_months_of_related_work").1 - 365.0 / DAYS_OF_A_MONTH).abs() < 1e-12);
    }
}
