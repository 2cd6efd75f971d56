//! A4, disclosure index: which share of the questions about the making of a dataset has an answer, by whom they are about.
//!
//! "Withheld" and "unknown" are answers that say nothing. Exclusions without a decision are counted here too: somebody decided.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{DisclosedField, Snapshot};

fn is_disclosed(field: &DisclosedField) -> bool {
    !matches!(field.disclosure.as_str(), "withheld" | "unknown")
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut roles: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for field in &snapshot.disclosed_fields {
        for role in [field.role.as_str(), "all"] {
            let counts = roles.entry(role).or_default();
            *counts = (counts.0 + usize::from(is_disclosed(field)), counts.1 + 1);
        }
    }
    for (role, (disclosed, asked)) in roles {
        panel.push(
            Reading::exact("disclosed_share", asked, share_of(disclosed as f64, asked as f64))
                .of("role", role),
        );
    }
    let n = snapshot.exclusions.len();
    let undecided = snapshot.exclusions.iter().filter(|exclusion| exclusion.decision.is_none()).count();
    panel.push(Reading::exact("exclusions_without_decision", n, undecided as f64));
    panel.push(Reading::exact("exclusions_without_decision_share", n, share_of(undecided as f64, n as f64)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::at;
    use crate::snapshot::{Exclusion, Records};

    #[test]
    fn withheld_is_not_disclosed() {
        let mut records = Records::empty(at("2025-12-31"));
        for (role, field, disclosure) in [
            ("annotator", "pay", "withheld"),
            ("annotator", "headcount", "organizer_statement"),
            ("annotator", "languages", "unknown"),
            ("camera_wearer", "headcount", "public_document"),
        ] {
            let [role, field, disclosure] = [role, field, disclosure].map(str::to_owned);
            records.disclosed_fields.push(DisclosedField { role, field, disclosure });
        }
        let [reason, stage, basis] = ["ambiguous", "annotation", "inferred_from_absence"].map(str::to_owned);
        records.exclusions.push(Exclusion {
            reason,
            stage,
            basis,
            decision: None,
            hours: None,
            instances: None,
        });
        let value = compute("A4", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |role: &str| {
            value.readings.iter().find(|one| one.of.get("role").is_some_and(|of| of == role)).unwrap().value()
        };
        assert_eq!(
            [of("annotator"), of("camera_wearer"), of("all")],
            [Some(1.0 / 3.0), Some(1.0), Some(0.5)]
        );
        let undecided =
            value.readings.iter().find(|one| one.statistic == "exclusions_without_decision_share");
        assert_eq!(undecided.unwrap().value(), Some(1.0));
    }
}
