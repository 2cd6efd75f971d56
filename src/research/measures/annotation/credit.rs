//! A5, visibility gap: of each role in the making of a dataset, how many of its people are named anywhere.
//!
//! The gap between two roles is the natural logarithm of the ratio of their shares; a role of which nobody is named makes it
//! infinite, and then it is undefined and the shares speak for themselves.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

/// The roles whose gaps are told, the more visible first.
const PAIRS: [(&str, &str); 3] =
    [("contestant", "annotator"), ("annotator", "camera_wearer"), ("contestant", "camera_wearer")];

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut roles: BTreeMap<&str, (u64, u64, u64)> = BTreeMap::new();
    for credit in &snapshot.credits {
        let role = roles.entry(&credit.role).or_default();
        match credit.counted {
            // More named than counted: then there were at least so many.
            Some(counted) => *role = (role.0 + credit.named, role.1 + counted.max(credit.named), role.2),
            None => role.2 += credit.named,
        }
    }
    let share = |(named, counted, _): &(u64, u64, u64)| share_of(*named as f64, *counted as f64);
    for (role, counts) in &roles {
        let n = counts.1 as usize;
        panel.push(Reading::exact("named_share", n, share(counts)).of("role", *role));
        panel.push(Reading::exact("named", n, counts.0 as f64).of("role", *role));
        if counts.2 > 0 {
            let uncounted = Reading::exact("named_of_uncounted", counts.2 as usize, counts.2 as f64);
            panel.push(uncounted.of("role", *role));
        }
    }
    for (more, less) in PAIRS {
        if let (Some(first), Some(second)) = (roles.get(more), roles.get(less)) {
            let ratio = share(first).zip(share(second)).and_then(|(first, second)| share_of(first, second));
            let reading = Reading::exact("log_ratio", first.1.min(second.1) as usize, ratio.map(libm::log));
            panel.push(reading.of("role", more).of("to", less));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::at;
    use crate::snapshot::{Credit, Records};

    #[test]
    fn a_role_of_which_nobody_is_named_has_no_ratio() {
        let mut records = Records::empty(at("2025-12-31"));
        for (role, named, counted) in [
            ("contestant", 90, Some(100)),
            ("annotator", 3, Some(100)),
            ("annotator", 2, None),
            ("camera_wearer", 0, Some(931)),
        ] {
            records.credits.push(Credit { role: role.into(), named, counted });
        }
        let value = compute("A5", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let gaps: Vec<Option<f64>> =
            value.readings.iter().filter(|one| one.statistic == "log_ratio").map(Reading::value).collect();
        assert_eq!(gaps.len(), 3);
        assert!((gaps[0].unwrap() - 30_f64.ln()).abs() < 1e-12);
        assert_eq!(gaps[1..], [None, None]);
        assert!(
            value
                .readings
                .iter()
                .any(|one| one.statistic == "named_of_uncounted" && one.value() == Some(2.0))
        );
    }
}
