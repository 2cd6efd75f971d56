//! S1, uptake curve: citations, downloads, registrations and submissions, cumulative by month, with the curves of growth that come
//! nearest.
//!
//! Citations stand twice: when they were published, and when anybody here knew of them. What was known in May is not what was so in May.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::measure::Reading;
use crate::measures::statistics::growth::{Model, fit};
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

/// Months are numbered from the beginning of the common era.
fn month_of(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let last = month_of(snapshot.as_of.utc_date());
    for (series, as_of, dated) in series(snapshot) {
        let mut months: BTreeMap<i32, u64> = BTreeMap::new();
        for (day, count) in dated {
            *months.entry(month_of(day)).or_insert(0) += count;
        }
        let Some(first) = months.keys().next().copied() else { continue };
        let mut total = 0;
        let counts: Vec<f64> = (first..=last.max(first))
            .map(|month| {
                total += months.get(&month).copied().unwrap_or(0);
                total as f64
            })
            .collect();
        let of = |reading: Reading| reading.of("series", series).of("as", as_of);
        let n = total as usize;
        for (month, count) in (first..).zip(&counts) {
            panel.push(of(Reading::exact("cumulative", n, *count)).of("month", month_name(month)));
        }
        let times: Vec<f64> = (0..counts.len()).map(|month| month as f64).collect();
        for (name, model) in [("logistic", Model::Logistic), ("bass", Model::Bass)] {
            let Some(found) = fit(model, &times, &counts) else { continue };
            let of = |reading: Reading| of(reading).of("model", name);
            panel.push(of(Reading::exact("size", n, found.size)));
            for (parameter, value) in model.parameter_names().into_iter().zip(found.parameters) {
                panel.push(of(Reading::exact(parameter, n, value)));
            }
            panel.push(of(Reading::exact("root_mean_square_residual", n, found.root_mean_square())));
            for (month, residual) in (first..).zip(&found.residuals) {
                panel.push(of(Reading::exact("residual", n, *residual)).of("month", month_name(month)));
            }
        }
    }
}

type Series<'s> = (&'static str, &'static str, Vec<(Date, u64)>);

fn series(snapshot: &Snapshot) -> Vec<Series<'_>> {
    let citations = &snapshot.citations;
    let downloads = snapshot.trace_counts.iter().filter(|count| count.kind == "download");
    vec![
        ("citations", "happened", citations.iter().map(|citation| (citation.published, 1)).collect()),
        ("citations", "known", citations.iter().map(|citation| (citation.seen_at.utc_date(), 1)).collect()),
        ("downloads", "happened", downloads.clone().map(|count| (count.to, count.n)).collect()),
        ("downloads", "known", downloads.map(|count| (count.collected_at.utc_date(), count.n)).collect()),
        (
            "registrations",
            "happened",
            snapshot.registrations.iter().map(|one| (one.registered_at.utc_date(), 1)).collect(),
        ),
        (
            "submissions",
            "happened",
            snapshot.submissions.iter().map(|one| (one.submitted_at.utc_date(), 1)).collect(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::{at, citation};

    #[test]
    fn what_was_known_lags_what_was_so() {
        let mut records = Records::empty(at("2025-06-30"));
        for (published, seen) in
            [("2025-01-10", "2025-03-01"), ("2025-01-20", "2025-03-01"), ("2025-04-01", "2025-04-02")]
        {
            records.citations.push(citation(published, seen, "background"));
        }
        let value = compute("S1", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let curve = |known: &str| {
            let found =
                value.readings.iter().filter(|one| one.statistic == "cumulative" && one.of["as"] == known);
            found.map(|one| (one.of["month"].clone(), one.value().unwrap())).collect::<Vec<_>>()
        };
        let happened = [
            ("2025-01", 2.0),
            ("2025-02", 2.0),
            ("2025-03", 2.0),
            ("2025-04", 3.0),
            ("2025-05", 3.0),
            ("2025-06", 3.0),
        ];
        assert_eq!(curve("happened"), happened.map(|(month, count)| (month.to_owned(), count)));
        let known = [("2025-03", 2.0), ("2025-04", 3.0), ("2025-05", 3.0), ("2025-06", 3.0)];
        assert_eq!(curve("known"), known.map(|(month, count)| (month.to_owned(), count)));
        // Six months are a curve, four are not.
        let fitted =
            |known: &str| value.readings.iter().any(|one| one.statistic == "size" && one.of["as"] == known);
        assert_eq!((fitted("happened"), fitted("known")), (true, false));
    }
}
