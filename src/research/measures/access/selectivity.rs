//! G1, access selectivity: which share of decided requests is granted, by sector and country.
//!
//! Requests that still wait are no refusals; they are left out here and show in G2.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::wilson;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{AccessRequest, Dimension, Snapshot, UNKNOWN};

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for (group, requests) in groups(snapshot, parameters) {
        let answers: Vec<bool> = requests
            .iter()
            .filter_map(|request| request.answer.as_ref().map(|answer| answer.granted))
            .collect();
        let granted = answers.iter().filter(|granted| **granted).count();
        let reading = Reading::new("granted_share", answers.len(), wilson::share(granted, answers.len()));
        panel.push(group.label(reading));
        panel.push(group.label(Reading::exact("requests", requests.len(), requests.len() as f64)));
    }
}

/// A group of requests: all, those of a sector, those of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group<'s> {
    by: &'static str,
    class: &'s str,
}

impl Group<'_> {
    pub(super) fn label(&self, reading: Reading) -> Reading {
        reading.of(self.by, self.class)
    }
}

/// The requests by group; the class is that of the organization asked for, else of the person, on the day of the request.
pub(super) fn groups<'s>(
    snapshot: &'s Snapshot,
    parameters: &Parameters,
) -> BTreeMap<Group<'s>, Vec<&'s AccessRequest>> {
    let mut groups: BTreeMap<Group<'_>, Vec<&AccessRequest>> = BTreeMap::new();
    for request in &snapshot.access_requests {
        let day = request.requested_at.utc_date();
        let organization = request.organization.as_deref().and_then(|id| snapshot.organization(id));
        let of_person =
            |dimension| snapshot.main_class(request.person.as_deref()?, day, dimension, &parameters.lists);
        let sector = organization
            .and_then(|organization| snapshot.sector(organization, day, &parameters.lists))
            .or_else(|| of_person(Dimension::Sector));
        let country = request
            .country
            .as_deref()
            .or_else(|| organization?.country.as_deref())
            .or_else(|| of_person(Dimension::Country));
        for (by, class) in
            [("group", "all"), ("sector", sector.unwrap_or(UNKNOWN)), ("country", country.unwrap_or(UNKNOWN))]
        {
            groups.entry(Group { by, class }).or_default().push(request);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Quantity;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::{access_request, at};

    #[test]
    fn who_waits_was_not_refused() {
        let mut records = Records::empty(at("2025-12-31"));
        records.organization("company", "industry_big", "US");
        for number in 0..7 {
            let answer = (number < 6).then_some((number < 4, "2025-02-01"));
            records.access_requests.push(access_request(number, "2025-01-01", answer));
        }
        records.access_requests[0].organization = Some("company".into());
        let value = compute("G1", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |by: &str, class: &str| {
            let found = value.readings.iter().find(|one| {
                one.statistic == "granted_share" && one.of.get(by).is_some_and(|found| found == class)
            });
            found.unwrap().clone()
        };
        let all = of("group", "all");
        assert_eq!(all.n, 6);
        let Quantity::Estimated { value: share, lower, upper } = all.quantity else { panic!() };
        assert!((share - 4.0 / 6.0).abs() < 1e-15 && lower < share && share < upper);
        assert_eq!(of("sector", "industry_big").quantity, Quantity::Suppressed { fewer_than: 5 });
        assert_eq!(of("sector", "unknown").value(), Some(0.6));
    }
}
