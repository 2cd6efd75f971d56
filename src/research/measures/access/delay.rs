//! G2, access delay: how many days a request waits for a decision, by sector and country; those that still wait have not ended.

use super::selectivity::groups;
use crate::measure::{Quantity, Reading};
use crate::measures::statistics::survival::{Lifetime, kaplan_meier, median};
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for (group, requests) in groups(snapshot, parameters) {
        let waits: Vec<Lifetime> = requests
            .iter()
            .map(|request| {
                let until = request.answer.as_ref().map_or(snapshot.as_of, |answer| answer.decided_at);
                let duration = until.seconds_since(request.requested_at) / 86_400.0;
                Lifetime { duration, ended: request.answer.is_some() }
            })
            .collect();
        let steps = kaplan_meier(&waits);
        panel.push(group.label(Reading::exact("median_days", waits.len(), median(&steps))));
        for step in steps {
            let survival = Quantity::Estimated { value: step.survival, lower: step.lower, upper: step.upper };
            let reading = Reading::new("waiting_share", step.at_risk, survival);
            panel.push(group.label(reading).of("days", step.time.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::{access_request, at};

    #[test]
    fn requests_that_wait_make_the_median_later() {
        let mut records = Records::empty(at("2025-12-31"));
        for (number, decided) in
            [Some("2025-01-11"), Some("2025-01-21"), Some("2025-01-31"), None, None, None]
                .into_iter()
                .enumerate()
        {
            records.access_requests.push(access_request(
                number,
                "2025-01-01",
                decided.map(|day| (true, day)),
            ));
        }
        let value = compute("G2", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let all: Vec<_> = value.readings.iter().filter(|one| one.of.contains_key("group")).collect();
        assert_eq!((all[0].n, all[0].value()), (6, Some(30.0)));
        assert_eq!(all[1].value(), Some(5.0 / 6.0));
        // Of the third step only four people are left, which are not told.
        assert_eq!((all.len(), all[2].n, all[3].value()), (4, 5, None));
    }
}
