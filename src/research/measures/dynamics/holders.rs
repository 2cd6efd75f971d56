//! D5, record holders: how many teams, lineages, organizations and sectors ever held the record, and for which share of the days.
//!
//! A record is held until it is beaten, the standing one until the moment of the snapshot.
//! Organizations and sectors are those of the team's people on the day of the record; an organization shows up only where at least
//! five people of holding teams stand behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::ladder::{Ladder, ladders};
use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Dimension, Snapshot, is_known};

/// Fewer people behind an organization or a sector are not told.
const LEAST_PEOPLE: u64 = 5;

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for ladder in ladders(snapshot) {
        let n = ladder.records.len();
        let mut teams: BTreeMap<&str, f64> = BTreeMap::new();
        let mut lineages: BTreeSet<&str> = BTreeSet::new();
        for (team, days) in held(&ladder, snapshot) {
            *teams.entry(team).or_insert(0.0) += days;
            lineages.extend(snapshot.lineage_of(team));
        }
        let days: f64 = teams.values().sum();
        panel.push(ladder.label(Reading::exact("teams", n, teams.len() as f64)));
        panel.push(ladder.label(Reading::exact("lineages", n, lineages.len() as f64)));
        for (team, held) in &teams {
            panel.push(
                ladder.label(Reading::exact("share_of_days", n, share_of(*held, days))).of("team", *team),
            );
        }
        for (statistic, dimension) in
            [("organizations", Dimension::Organization), ("sectors", Dimension::Sector)]
        {
            let behind = people_behind(&ladder, snapshot, dimension, parameters);
            // The count alone says that somebody is there, so it needs five people in every class that it counts.
            let fewest = behind.values().map(BTreeSet::len).min().unwrap_or(0);
            let reading = ladder.label(Reading::exact(statistic, fewest, behind.len() as f64));
            panel.push(reading.withheld_below(LEAST_PEOPLE));
            let enough = behind.values().filter(|people| people.len() as u64 >= LEAST_PEOPLE).count();
            let reading = Reading::exact("of_five_people_and_more", n, enough as f64).of("what", statistic);
            panel.push(ladder.label(reading));
        }
    }
}

/// The holder of each record and for how many days.
fn held<'l>(ladder: &'l Ladder<'_>, snapshot: &Snapshot) -> Vec<(&'l str, f64)> {
    let until = ladder.records.iter().skip(1).map(|record| record.score.at).chain([snapshot.as_of]);
    let days = |(record, until): (&'l super::ladder::Record<'_>, domain::Timestamp)| {
        (record.score.team, until.seconds_since(record.score.at) / 86_400.0)
    };
    ladder.records.iter().zip(until).map(days).collect()
}

fn people_behind<'s>(
    ladder: &Ladder<'_>,
    snapshot: &'s Snapshot,
    dimension: Dimension,
    parameters: &Parameters,
) -> BTreeMap<&'s str, BTreeSet<&'s str>> {
    let mut behind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in &ladder.records {
        let (at, day) = (record.score.at, record.score.at.utc_date());
        let Some(team) = snapshot.team(record.score.team) else { continue };
        for membership in team.memberships.iter().filter(|membership| membership.holds(at)) {
            for class in snapshot.classes(&membership.person, day, dimension, &parameters.lists).into_keys() {
                if is_known(class) {
                    behind.entry(class).or_default().insert(&membership.person);
                }
            }
        }
    }
    behind
}

#[cfg(test)]
mod tests {
    use crate::measure::Quantity;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn a_record_is_held_until_it_is_beaten() {
        let mut records = three_editions();
        records.organization("university", "academia", "AT");
        records.organization("company", "industry_other", "US");
        for person in ["a", "b", "c", "d", "e"] {
            records.person(person, Some("university"));
        }
        records.person("x", Some("company"));
        records.team("red", &["a", "b", "c", "d", "e"]);
        records.team("blue", &["x"]);
        records.enter("red", "2025");
        records.enter("blue", "2025");
        // 31 December is day 245 after 30 April.
        for (team, day, score) in
            [("red", "2025-03-31", 0.5), ("blue", "2025-04-10", 0.6), ("red", "2025-04-30", 0.7)]
        {
            records.submit(team, "2025", day, score);
        }
        let value = compute("D5", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let find = |statistic: &str, team: Option<&str>| {
            let found = value
                .readings
                .iter()
                .find(|one| one.statistic == statistic && one.of.get("team").map(String::as_str) == team);
            found.unwrap().clone()
        };
        assert_eq!((find("teams", None).value(), find("lineages", None).value()), (Some(2.0), Some(2.0)));
        assert_eq!(find("share_of_days", Some("blue")).value(), Some(20.0 / 275.0));
        assert_eq!(find("organizations", None).quantity, Quantity::Suppressed { fewer_than: 5 });
        assert_eq!(find("of_five_people_and_more", None).value(), Some(1.0));
    }
}
