//! P3, sector and country shares: `share_c = sum_p sum_a w_pa [class(a) = c] / N_p`.
//!
//! Each person of an edition counts once, split over affiliations by weight; what no affiliation says is "unknown", so that the
//! shares add up to 1. The class of an organization is that of the named list on the last day of the window.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot};

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let (people, day) = (snapshot.participants(edition), snapshot.class_day(edition));
        for dimension in [Dimension::Sector, Dimension::BigTech, Dimension::Country, Dimension::CareerStage] {
            let mut classes: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
            for person in &people {
                for (class, weight) in snapshot.classes(person, day, dimension, &parameters.lists) {
                    let class = classes.entry(class).or_default();
                    class.0 += weight;
                    class.1 += 1;
                }
            }
            for (class, (weight, n)) in classes {
                for (statistic, value) in [("people", weight), ("share", weight / people.len() as f64)] {
                    let reading = Reading::exact(statistic, n, value);
                    panel.push(reading.of("edition", &edition.id).of(dimension.name(), class));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::measure::Quantity;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::{affiliation, three_editions};

    #[test]
    fn a_person_with_two_affiliations_counts_once() {
        let mut records = three_editions();
        records.organization("university", "academia", "AT");
        records.organization("company", "industry_other", "US");
        let names: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
        for name in &names {
            records.person(name, Some("university"));
        }
        for both in &mut records.people[..5] {
            both.affiliations[0].weight = 0.75;
            both.affiliations.push(affiliation("company", 0.25));
        }
        let people: Vec<&str> = names.iter().map(String::as_str).collect();
        records.team("red", &people[..4]);
        records.team("blue", &[people[3], people[4], people[5], "nobody knows"]);
        records.enter("red", "2025");
        records.enter("blue", "2025");
        let value = compute("P3", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let share = |dimension: &str, class: &str| {
            let of = |one: &&crate::measure::Reading| {
                one.statistic == "share" && one.of.get(dimension).is_some_and(|of| of == class)
            };
            value.readings.iter().find(of).unwrap().quantity
        };
        assert_eq!(share("sector", "academia"), Quantity::Exact { value: (5.0 * 0.75 + 1.0) / 7.0 });
        assert_eq!(share("country", "US"), Quantity::Exact { value: 5.0 * 0.25 / 7.0 });
        // One person alone is not told.
        assert_eq!(share("sector", "unknown"), Quantity::Suppressed { fewer_than: 5 });
    }
}
