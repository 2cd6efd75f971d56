//! S8, repair work: what is reported, corrected and removed after a release, and how long the first answer takes.
//!
//! Counts from elsewhere come with the median of their period only; over several periods the median lies between the least and the
//! largest of these.

use std::collections::BTreeMap;

use crate::measure::{Quantity, Reading};
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Snapshot, TraceCount};

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut kinds: BTreeMap<&str, Vec<&TraceCount>> = BTreeMap::new();
    for count in &snapshot.trace_counts {
        kinds.entry(&count.kind).or_default().push(count);
    }
    let releases = snapshot.dataset_versions.len();
    for (kind, counts) in kinds {
        let total: u64 = counts.iter().map(|count| count.n).sum();
        let of = |reading: Reading| reading.of("kind", kind);
        panel.push(of(Reading::exact("traces", total as usize, total as f64)));
        panel.push(of(Reading::exact(
            "traces_per_release",
            total as usize,
            share_of(total as f64, releases as f64),
        )));
        let medians: Vec<f64> = counts.iter().filter_map(|count| count.median_first_response_hours).collect();
        let (least, most) = medians
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), one| (least.min(*one), most.max(*one)));
        if !medians.is_empty() {
            let quantity = if least == most {
                Quantity::Exact { value: least }
            } else {
                Quantity::Bounded { value: None, lower: least, upper: most }
            };
            panel.push(of(Reading::new("median_hours_to_first_answer", total as usize, quantity)));
        }
    }
    for version in &snapshot.dataset_versions {
        for (statistic, count) in
            [("corrected", version.corrected_instances), ("removed", version.removed_instances)]
        {
            let of = |reading: Reading| reading.of("version", &version.id);
            panel.push(of(Reading::exact(&format!("{statistic}_instances"), count as usize, count as f64)));
            if let Some(instances) = version.instances.filter(|instances| *instances > 0) {
                let per_thousand = count as f64 * 1_000.0 / instances as f64;
                panel.push(of(Reading::exact(
                    &format!("{statistic}_per_1000_instances"),
                    instances as usize,
                    per_thousand,
                )));
            }
        }
    }
    let corrections = snapshot.events.iter().filter(|event| event.kind == "dataset.corrected").count();
    panel.push(Reading::exact("corrections", corrections, corrections as f64));
    panel.push(Reading::exact(
        "corrections_per_release",
        corrections,
        share_of(corrections as f64, releases as f64),
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, day, version};
    use crate::snapshot::{LoggedEvent, Records};

    #[test]
    fn a_median_of_medians_is_between_them() {
        let mut records = Records::empty(at("2025-12-31"));
        let mut released = version("1", "2024-01-01", None);
        (released.instances, released.removed_instances) = (Some(4_000), 10);
        records.dataset_versions = vec![released, version("2", "2025-01-01", None)];
        for (n, hours) in [(4, Some(12.0)), (6, Some(30.0)), (1, None)] {
            records.trace_counts.push(TraceCount {
                kind: "issue_opened".into(),
                from: day("2024-01-01"),
                to: day("2024-12-31"),
                n,
                median_first_response_hours: hours,
                collected_at: at("2025-01-01"),
            });
        }
        records.events.push(LoggedEvent {
            occurred_at: at("2024-02-01"),
            kind: "dataset.corrected".into(),
            origin: None,
        });
        let value = compute("S8", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of =
            |statistic: &str| value.readings.iter().find(|one| one.statistic == statistic).unwrap().quantity;
        assert_eq!(of("traces_per_release"), Quantity::Exact { value: 5.5 });
        assert_eq!(
            of("median_hours_to_first_answer"),
            Quantity::Bounded { value: None, lower: 12.0, upper: 30.0 }
        );
        assert_eq!(of("removed_per_1000_instances"), Quantity::Exact { value: 2.5 });
        assert_eq!(of("corrections_per_release"), Quantity::Exact { value: 0.5 });
    }
}
