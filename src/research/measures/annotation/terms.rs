//! A9, undocumented terms: how many labels have no definition, nobody who decided on them, or no origin, and how many came up on the way.

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Snapshot, Term};

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let n = snapshot.terms.len();
    let share = |of: fn(&Term) -> bool| {
        share_of(snapshot.terms.iter().filter(|term| of(term)).count() as f64, n as f64)
    };
    for (statistic, value) in [
        ("undefined_share", share(|term| !term.is_defined)),
        ("without_decider_share", share(|term| !term.has_decider)),
        ("without_origin_share", share(|term| term.origin.is_none())),
        ("undocumented_share", share(|term| !term.is_defined || !term.has_decider || term.origin.is_none())),
        ("ad_hoc_share", share(|term| term.origin.as_deref() == Some("ad_hoc"))),
    ] {
        panel.push(Reading::exact(statistic, n, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::at;

    #[test]
    fn a_term_is_documented_when_all_three_are_known() {
        let mut records = Records::empty(at("2025-12-31"));
        let mut term = |id: &str, is_defined, has_decider, origin: Option<&str>| {
            let origin = origin.map(str::to_owned);
            records.terms.push(Term {
                id: id.into(),
                is_defined,
                has_decider,
                origin,
                imported_elsewhere: 0,
            });
        };
        term("knead", true, true, Some("planned"));
        term("fold", true, false, Some("ad_hoc"));
        term("drill", false, true, None);
        term("sew", true, true, Some("ad_hoc"));
        let value = compute("A9", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let found: Vec<f64> = value.readings.iter().filter_map(Reading::value).collect();
        assert_eq!(found, [0.25, 0.25, 0.25, 0.5, 0.5]);
    }
}
