//! T1, constellation size and mix: how many people are in a team, and how different they are.
//!
//! Blau's index `1 - sum p^2` is the chance that two people drawn with replacement differ.
//! People are split over affiliations by weight; what nobody knows is left out, and a team of which nothing is known has no index.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::concentration::Concentration;
use crate::measures::statistics::quantiles::{mean, median};
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot, is_known};

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let (entries, day) = (snapshot.entries(edition), snapshot.class_day(edition));
        let of = |reading: Reading| reading.of("edition", &edition.id);
        let sizes: Vec<f64> = entries.iter().map(|entry| entry.people.len() as f64).collect();
        panel.push(of(Reading::exact("mean_size", sizes.len(), mean(&sizes))));
        panel.push(of(Reading::exact("median_size", sizes.len(), median(&sizes))));
        let mut teams: BTreeMap<usize, usize> = BTreeMap::new();
        for entry in &entries {
            *teams.entry(entry.people.len()).or_insert(0) += 1;
        }
        for (size, count) in teams {
            panel.push(of(Reading::exact("teams", count, count as f64)).of("size", size.to_string()));
        }
        for dimension in [Dimension::Sector, Dimension::Country, Dimension::CareerStage] {
            let several = entries.iter().filter(|entry| entry.people.len() > 1);
            let indices: Vec<f64> = several
                .filter_map(|entry| {
                    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
                    for person in &entry.people {
                        for (class, weight) in snapshot.classes(person, day, dimension, &parameters.lists) {
                            *weights.entry(class).or_insert(0.0) += weight;
                        }
                    }
                    blau(weights.into_iter().filter(|(class, _)| is_known(class)).map(|(_, weight)| weight))
                })
                .collect();
            let reading = Reading::exact("mean_blau", indices.len(), mean(&indices));
            panel.push(of(reading).of("by", dimension.name()));
        }
    }
}

/// `1 - sum p^2` of shares of classes (Blau 1977); none where there is nothing.
fn blau(weights: impl Iterator<Item = f64>) -> Option<f64> {
    Concentration::of(weights).map(|spread| 1.0 - spread.herfindahl())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::compute;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn two_halves_differ_half_of_the_time() {
        assert_eq!(blau([2.0, 2.0].into_iter()), Some(0.5));
        assert_eq!((blau([3.0].into_iter()), blau([].into_iter())), (Some(0.0), None));
    }

    #[test]
    fn teams_are_counted_by_size() {
        let mut records = three_editions();
        records.organization("university", "academia", "AT");
        records.organization("company", "industry_other", "US");
        for team in 0..5 {
            let [a, b, c] = ["a", "b", "c"].map(|letter| format!("{letter}{team}"));
            records.person(&a, Some("university"));
            records.person(&b, Some("company"));
            records.team(&format!("t{team}"), &[&a, &b, &c]);
            records.enter(&format!("t{team}"), "2024");
        }
        records.team("alone", &["a0"]);
        records.enter("alone", "2024");
        let value = compute("T1", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let find = |statistic: &str, key: &str, of: &str| {
            let found = value.readings.iter().find(|one| {
                one.of["edition"] == "2024"
                    && one.statistic == statistic
                    && one.of.get(key).is_some_and(|found| found == of)
            });
            found.unwrap().value()
        };
        assert_eq!(find("teams", "size", "3"), Some(5.0));
        assert_eq!(find("teams", "size", "1"), None, "one team alone is not told");
        // The third of each team has no affiliation.
        assert_eq!(
            (find("mean_blau", "by", "sector"), find("mean_blau", "by", "career_stage")),
            (Some(0.5), Some(0.0))
        );
    }
}
