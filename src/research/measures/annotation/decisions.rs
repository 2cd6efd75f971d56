//! A3, decision concentration: how few decide, for whom, and who was asked.
//!
//! Decisions of which nobody says who took them have no decider; they are counted, not left out of the other shares.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Decision, Snapshot, UNKNOWN, is_known};

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    let n = snapshot.decisions.len();
    let mut by: [BTreeMap<&str, f64>; 3] = Default::default();
    for decision in &snapshot.decisions {
        let actor = decision.decided_by.as_deref();
        // Persons are told by role only, and their number is not.
        let organization = actor.filter(|id| snapshot.organization(id).is_some());
        let classes = [
            organization,
            Some(decision.decider_role.as_str()),
            Some(sector_of(snapshot, decision, parameters)),
        ];
        for (counts, class) in by.iter_mut().zip(classes) {
            if let Some(class) = class.filter(|class| is_known(class)) {
                *counts.entry(class).or_insert(0.0) += 1.0;
            }
        }
    }
    for (of, counts) in ["organization", "role", "sector"].into_iter().zip(by) {
        let known: f64 = counts.values().sum();
        let shares: Vec<(&str, f64)> = counts.iter().map(|(class, count)| (*class, *count)).collect();
        if let Some(spread) = Concentration::of(counts.values().copied()) {
            panel.push(Reading::exact("hhi", known as usize, spread.herfindahl()).of("by", of));
            panel.push(
                Reading::exact("effective_number", known as usize, spread.effective_number()).of("by", of),
            );
        }
        for (class, count) in shares {
            panel.push(
                Reading::exact("share", known as usize, share_of(count, known)).of("by", of).of(of, class),
            );
        }
    }
    let involving = |involvement: &str| {
        let concerns =
            |decision: &&Decision| decision.parties.iter().any(|party| party.involvement == involvement);
        share_of(snapshot.decisions.iter().filter(concerns).count() as f64, n as f64)
    };
    panel.push(Reading::exact("consulted_share", n, involving("consulted")));
    panel.push(Reading::exact("affected_not_informed_share", n, involving("affected_not_informed")));
    let unsaid = snapshot.decisions.iter().filter(|decision| decision.decided_by.is_none()).count();
    panel.push(Reading::exact("without_decider_share", n, share_of(unsaid as f64, n as f64)));
}

/// The sector of who decided, on the day of the decision, or of the snapshot where it has no date.
pub(super) fn sector_of<'s>(snapshot: &'s Snapshot, decision: &Decision, parameters: &Parameters) -> &'s str {
    let day = decision.decided_at.unwrap_or(snapshot.as_of).utc_date();
    let Some(actor) = decision.decided_by.as_deref() else { return UNKNOWN };
    let of_organization = snapshot
        .organization(actor)
        .and_then(|organization| snapshot.sector(organization, day, &parameters.lists));
    of_organization
        .or_else(|| snapshot.main_class(actor, day, crate::snapshot::Dimension::Sector, &parameters.lists))
        .unwrap_or(UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::{at, decision};
    use crate::snapshot::{Party, Records};

    #[test]
    fn who_decides_and_who_is_told() {
        let mut records = Records::empty(at("2025-12-31"));
        records.organization("company", "industry_big", "US");
        records.organization("university", "academia", "AT");
        records.person("ada", Some("university"));
        for (id, actor) in
            [("d1", Some("company")), ("d2", Some("company")), ("d3", Some("ada")), ("d4", None)]
        {
            records.decisions.push(decision(id, actor));
        }
        let party = |involvement: &str| Party { role: "annotator".into(), involvement: involvement.into() };
        records.decisions[0].parties = vec![party("consulted"), party("affected_not_informed")];
        records.decisions[1].parties = vec![party("affected_not_informed")];
        let value = compute("A3", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |statistic: &str, by: Option<&str>| {
            let found = value
                .readings
                .iter()
                .find(|one| one.statistic == statistic && one.of.get("by").map(String::as_str) == by);
            found.unwrap().value().unwrap()
        };
        assert_eq!(of("hhi", Some("organization")), 1.0, "the person is no organization");
        assert_eq!(of("hhi", Some("sector")), 4.0 / 9.0 + 1.0 / 9.0);
        assert_eq!((of("consulted_share", None), of("affected_not_informed_share", None)), (0.25, 0.5));
        assert_eq!(of("without_decider_share", None), 0.25);
    }
}
