//! P2, prize and podium concentration: P1 over first places, podium seats and prize money.
//!
//! By team lineage, so that a team with a new name is not a new winner; by person, where each of a team's people has a seat and an
//! equal part of the money; by organization, where a person's seats and money are split over affiliations by weight.
//! Winners are public by rule.

use std::collections::BTreeMap;

use super::concentration::readings;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Prize, Snapshot};

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    let edition_of = |prize: &Prize| snapshot.task(&prize.task).map(|task| task.edition.as_str());
    for edition in &snapshot.editions {
        let prizes: Vec<&Prize> =
            snapshot.prizes.iter().filter(|prize| edition_of(prize) == Some(&edition.id)).collect();
        over(snapshot, parameters, &prizes, &edition.id, panel);
    }
    if snapshot.editions.len() > 1 {
        over(snapshot, parameters, &snapshot.prizes.iter().collect::<Vec<_>>(), "all", panel);
    }
}

fn over(snapshot: &Snapshot, parameters: &Parameters, prizes: &[&Prize], edition: &str, panel: &mut Panel) {
    let mut totals: BTreeMap<(&str, &str, String), BTreeMap<&str, f64>> = BTreeMap::new();
    let mut add = |what: &'static str, by: &'static str, currency: &str, holder, amount| {
        *totals.entry((what, by, currency.to_owned())).or_default().entry(holder).or_insert(0.0) += amount;
    };
    for prize in prizes.iter().filter(|prize| prize.place <= parameters.podium) {
        let currency = prize.currency.as_deref().unwrap_or_default();
        let mut add = |by, holder, seats: f64, part: f64| {
            add("podium_seats", by, "", holder, seats);
            if prize.place == 1 {
                add("first_places", by, "", holder, seats);
            }
            if prize.amount_minor > 0 {
                add("money", by, currency, holder, prize.amount_minor as f64 * part);
            }
        };
        if let Some(lineage) = snapshot.lineage_of(&prize.team) {
            add("lineage", lineage, 1.0, 1.0);
        }
        let part = 1.0 / prize.people.len().max(1) as f64;
        for person in &prize.people {
            add("person", person, 1.0, part);
            let day = prize.awarded_at.utc_date();
            for (organization, weight) in
                snapshot.classes(person, day, Dimension::Organization, &parameters.lists)
            {
                if organization != crate::snapshot::UNKNOWN {
                    add("organization", organization, weight, weight * part);
                }
            }
        }
    }
    for ((what, by, currency), holders) in totals {
        let Some(spread) = Concentration::of(holders.into_values()) else { continue };
        for mut reading in readings(&spread, spread.units()) {
            if !currency.is_empty() {
                reading = reading.of("currency", &currency);
            }
            panel.push_open(reading.of("edition", edition).of("what", what).of("by", by));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::sample::{affiliation, at, three_editions};
    use crate::snapshot::{Lineage, Prize, Snapshot};

    #[test]
    fn a_renamed_team_wins_twice() {
        let mut records = three_editions();
        records.organization("university", "academia", "AT");
        records.organization("company", "industry_other", "US");
        records.person("ada", Some("university"));
        records.people[0].affiliations[0].weight = 0.5;
        records.people[0].affiliations.push(affiliation("company", 0.5));
        records.team("red", &["ada", "bob"]);
        records.team("rouge", &["ada"]);
        records.team("blue", &["cem"]);
        let renamed =
            Lineage { from: "red".into(), to: "rouge".into(), kind: "rename".into(), at: at("2024-01-01") };
        records.lineages.push(renamed);
        for (edition, team, place, people, amount_minor) in [
            ("2023", "red", 1, vec!["ada", "bob"], 300_000),
            ("2024", "rouge", 1, vec!["ada"], 100_000),
            ("2024", "blue", 2, vec!["cem"], 0),
            ("2024", "blue", 4, vec!["cem"], 0),
        ] {
            records.prizes.push(Prize {
                task: format!("{edition}/moments"),
                place,
                team: team.into(),
                people: people.into_iter().map(str::to_owned).collect(),
                amount_minor,
                currency: Some("USD".into()),
                awarded_at: at("2024-06-20"),
            });
        }
        let value = compute("P2", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |what: &str, by: &str, statistic: &str| {
            let found = value.readings.iter().find(|one| {
                one.of["edition"] == "all"
                    && one.of["what"] == what
                    && one.of["by"] == by
                    && one.statistic == statistic
            });
            found.unwrap().value().unwrap()
        };
        assert_eq!(
            (of("first_places", "lineage", "units"), of("first_places", "lineage", "total")),
            (1.0, 2.0)
        );
        // The fourth place is on no podium.
        assert_eq!(
            (of("podium_seats", "lineage", "total"), of("podium_seats", "person", "total")),
            (3.0, 4.0)
        );
        // Ada has half of 3000 and all of 1000.
        assert!((of("money", "person", "largest_1") - 2_500.0 / 4_000.0).abs() < 1e-12);
        assert_eq!(of("money", "organization", "gini"), 0.0);
    }
}
