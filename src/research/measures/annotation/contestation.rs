//! A8, contestation: objections raised, answered and upheld, by the role of those who raise them, and how long an answer takes.
//!
//! Roles with fewer than five objections are counted together as "other (merged)", and withheld where they are still fewer.
//! The median is that of Kaplan and Meier: what was not answered yet has waited until the snapshot.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::survival::{Lifetime, kaplan_meier, median};
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Contestation, Snapshot};

/// Where small roles are counted.
const MERGED: &str = "other (merged)";

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut roles: BTreeMap<&str, Vec<&Contestation>> = BTreeMap::new();
    for contestation in &snapshot.contestations {
        roles.entry(&contestation.role).or_default().push(contestation);
    }
    let least = panel.definition.min_n as usize;
    let (large, small): (BTreeMap<_, _>, BTreeMap<_, _>) =
        roles.into_iter().partition(|(_, of_role)| of_role.len() >= least);
    let mut groups: Vec<(&str, Vec<&Contestation>)> = large.into_iter().collect();
    let merged: Vec<&Contestation> = small.into_values().flatten().collect();
    if !merged.is_empty() {
        groups.push((MERGED, merged));
    }
    for (role, of_role) in groups {
        let n = of_role.len();
        let answered = of_role.iter().filter(|one| one.answered_at.is_some()).count();
        let upheld =
            of_role.iter().filter(|one| matches!(one.outcome.as_deref(), Some("upheld" | "partly"))).count();
        let waits: Vec<Lifetime> = of_role.iter().map(|one| wait(one, snapshot)).collect();
        for (statistic, value) in [
            ("raised", Some(n as f64)),
            ("answered", Some(answered as f64)),
            ("upheld_or_partly", Some(upheld as f64)),
            ("median_days_to_answer", median(&kaplan_meier(&waits))),
        ] {
            panel.push(Reading::exact(statistic, n, value).of("role", role));
        }
    }
}

fn wait(contestation: &Contestation, snapshot: &Snapshot) -> Lifetime {
    let until = contestation.answered_at.unwrap_or(snapshot.as_of);
    Lifetime {
        duration: until.seconds_since(contestation.raised_at) / 86_400.0,
        ended: contestation.answered_at.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::at;

    #[test]
    fn small_roles_are_counted_together() {
        let mut records = Records::empty(at("2025-12-31"));
        let mut raise = |role: &str, answered: Option<&str>, outcome: Option<&str>| {
            records.contestations.push(Contestation {
                role: role.into(),
                ground: "wrong_label".into(),
                raised_at: at("2025-12-01"),
                answered_at: answered.map(at),
                outcome: outcome.map(str::to_owned),
            });
        };
        for day in ["2025-12-03", "2025-12-05", "2025-12-07"] {
            raise("contestant", Some(day), Some("upheld"));
        }
        raise("contestant", None, None);
        raise("contestant", None, None);
        raise("critic", Some("2025-12-02"), Some("rejected"));
        raise("annotator", None, None);
        let value = compute("A8", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |role: &str| {
            let found = value.readings.iter().filter(|one| one.of["role"] == role);
            found.map(Reading::value).collect::<Vec<_>>()
        };
        // Two of five wait: by day 6 three have been answered.
        assert_eq!(of("contestant"), [Some(5.0), Some(3.0), Some(3.0), Some(6.0)]);
        // Critics and annotators together are still too few.
        assert_eq!(of(MERGED), [None; 4]);
        assert_eq!(value.readings.len(), 8);
    }
}
