//! A6, rationales by sector: what those who decide give as their reasons, by the sector that they decide from.

use std::collections::BTreeMap;

use super::decisions::sector_of;
use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    let mut sectors: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for decision in &snapshot.decisions {
        let sector = sector_of(snapshot, decision, parameters);
        *sectors.entry(sector).or_default().entry(&decision.rationale).or_insert(0) += 1;
    }
    for (sector, rationales) in sectors {
        let n: usize = rationales.values().sum();
        for (rationale, count) in rationales {
            let reading = Reading::exact("share", n, share_of(count as f64, n as f64));
            panel.push(reading.of("sector", sector).of("rationale", rationale));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::Records;
    use crate::snapshot::sample::{at, decision};

    #[test]
    fn reasons_are_counted_within_a_sector() {
        let mut records = Records::empty(at("2025-12-31"));
        records.organization("company", "industry_big", "US");
        for (id, actor, rationale) in [
            ("d1", Some("company"), "cost"),
            ("d2", Some("company"), "product"),
            ("d3", Some("company"), "cost"),
            ("d4", None, "cost"),
        ] {
            let mut taken = decision(id, actor);
            taken.rationale = rationale.into();
            records.decisions.push(taken);
        }
        let value = compute("A6", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let found: Vec<(&str, &str, f64)> = value
            .readings
            .iter()
            .map(|one| (one.of["sector"].as_str(), one.of["rationale"].as_str(), one.value().unwrap()))
            .collect();
        let two_thirds = 2.0 / 3.0;
        let expected = [
            ("industry_big", "cost", two_thirds),
            ("industry_big", "product", 1.0 / 3.0),
            ("unknown", "cost", 1.0),
        ];
        assert_eq!(found, expected);
    }
}
