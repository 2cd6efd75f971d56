//! G4, licence and expiry: which versions of the licence are in use, for how long access holds, and how often it ends before the
//! deadline that it was asked for.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::median;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{AccessAnswer, Snapshot};

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for request in &snapshot.access_requests {
        if let Some(version) = request.licence_version.as_deref() {
            *versions.entry(version).or_insert(0) += 1;
        }
    }
    for (version, count) in versions {
        panel.push(Reading::exact("requests", count, count as f64).of("licence", version));
    }
    let granted: Vec<&AccessAnswer> = snapshot
        .access_requests
        .iter()
        .filter_map(|request| request.answer.as_ref())
        .filter(|answer| answer.granted)
        .collect();
    let days: Vec<f64> = granted
        .iter()
        .filter_map(|answer| Some(answer.expires_at?.seconds_since(answer.decided_at) / 86_400.0))
        .collect();
    panel.push(Reading::exact("median_days_of_validity", days.len(), median(&days)));
    let endless = granted.len() - days.len();
    panel.push(Reading::exact(
        "without_end_share",
        granted.len(),
        share_of(endless as f64, granted.len() as f64),
    ));
    for edition in &snapshot.editions {
        // Access that was there when the edition opened, or came while it was open.
        let counted: Vec<&&AccessAnswer> = granted
            .iter()
            .filter(|answer| answer.decided_at < edition.closes_at)
            .filter(|answer| answer.expires_at.is_none_or(|end| end > edition.opens_at))
            .collect();
        let lapsed = counted
            .iter()
            .filter(|answer| answer.expires_at.is_some_and(|end| end < edition.closes_at))
            .count();
        let reading = Reading::exact(
            "lapsed_before_deadline_share",
            counted.len(),
            share_of(lapsed as f64, counted.len() as f64),
        );
        panel.push(reading.of("edition", &edition.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{access_request, at, three_editions};

    #[test]
    fn access_that_ends_before_the_deadline_has_lapsed() {
        let mut records = three_editions();
        for (number, (decided, end)) in [
            ("2024-03-02", Some("2024-03-16")),
            ("2024-05-25", Some("2024-06-08")),
            ("2024-01-01", Some("2024-01-15")),
            ("2024-02-01", None),
        ]
        .into_iter()
        .enumerate()
        {
            let mut request = access_request(number, "2023-12-01", Some((true, decided)));
            request.answer.as_mut().unwrap().expires_at = end.map(at);
            records.access_requests.push(request);
        }
        let value = compute("G4", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, edition: Option<&str>| {
            let found = value.readings.iter().find(|one| {
                one.statistic == statistic && one.of.get("edition").map(String::as_str) == edition
            });
            found.unwrap().value()
        };
        assert_eq!(of("median_days_of_validity", None), Some(14.0));
        assert_eq!(
            (of("without_end_share", None), of("lapsed_before_deadline_share", Some("2024"))),
            (Some(0.25), Some(1.0 / 3.0))
        );
    }
}
