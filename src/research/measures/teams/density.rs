//! T3, density, in and out of the window: which share of the people who are active at about the same time share a team, day by day,
//! and whether that is more while an edition is open.
//!
//! On a day those people are active who were in a team at some moment of the `window_days` that end with it; two of them are tied
//! where they were in one team at the same moment of those days.

use std::collections::BTreeMap;

use domain::Timestamp;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

const SECONDS_OF_A_DAY: i64 = 86_400;
/// Days from the first opening to the last close are looked at, but never more than a century.
const MOST_DAYS: i64 = 36_525;

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    let window = i64::from(parameters.window_days);
    let Some(first) = snapshot.editions.iter().map(|edition| day_of(edition.opens_at)).min() else { return };
    let first = first - window;
    let days = (day_of(snapshot.as_of) - first + 1).clamp(0, MOST_DAYS);
    let presences: Vec<Presence<'_>> = snapshot
        .teams
        .iter()
        .map(|team| {
            let members = team.memberships.iter();
            let stays = members.map(|membership| Stay {
                person: &membership.person,
                from: day_of(membership.joined_at) - first,
                to: membership.left_at.map_or(i64::MAX, |left| last_day_before(left) - first),
            });
            stays.filter(|stay| stay.to >= stay.from).collect()
        })
        .collect();
    let densities = daily_density(&presences, days as usize, window);
    let is_open = |day: i64| {
        snapshot.editions.iter().any(|edition| {
            day_of(edition.opens_at) - first <= day && day <= last_day_before(edition.closes_at) - first
        })
    };
    // The days before the first opening only fill the window.
    let seen = densities
        .iter()
        .enumerate()
        .skip(window as usize)
        .filter_map(|(day, found)| Some((day as i64, (*found)?)));
    let (inside, outside): (Vec<_>, Vec<_>) = seen.partition(|(day, _)| is_open(*day));
    let density =
        |part: &[(i64, Daily)]| mean(&part.iter().map(|(_, daily)| daily.density).collect::<Vec<_>>());
    let fewest = |part: &[(i64, Daily)]| part.iter().map(|(_, daily)| daily.people).min().unwrap_or(0);
    let (within, without) = (density(&inside), density(&outside));
    panel.push(Reading::exact("density_inside", fewest(&inside), within));
    panel.push(Reading::exact("density_outside", fewest(&outside), without));
    let ratio = within.zip(without).and_then(|(within, without)| share_of(within, without));
    panel.push(Reading::exact("ratio", fewest(&inside).min(fewest(&outside)), ratio));
}

/// A person in a team from one day to another, both counted, as days from the first that is looked at.
struct Stay<'s> {
    person: &'s str,
    from: i64,
    to: i64,
}

/// The stays in one team.
type Presence<'s> = Vec<Stay<'s>>;

/// How dense the ties are on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Daily {
    people: usize,
    density: f64,
}

/// The density on each of `days` days; none on days with fewer than two active people.
fn daily_density(teams: &[Presence<'_>], days: usize, window: i64) -> Vec<Option<Daily>> {
    let mut people: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), Vec<(i64, i64)>> = BTreeMap::new();
    for team in teams {
        for (index, stay) in team.iter().enumerate() {
            people.entry(stay.person).or_default().push((stay.from, stay.to));
            for other in &team[index + 1..] {
                let together = (stay.from.max(other.from), stay.to.min(other.to));
                if stay.person != other.person && together.0 <= together.1 {
                    let pair = (stay.person.min(other.person), stay.person.max(other.person));
                    pairs.entry(pair).or_default().push(together);
                }
            }
        }
    }
    let people = counted(people.into_values(), days, window);
    let pairs = counted(pairs.into_values(), days, window);
    let daily = |(people, ties): (i64, i64)| {
        let possible = people as f64 * (people as f64 - 1.0) / 2.0;
        share_of(ties as f64, possible).map(|density| Daily { people: people as usize, density })
    };
    people.into_iter().zip(pairs).map(daily).collect()
}

/// On each day how many of the things happened on it or in the days of the window before; each is a list of periods.
fn counted(things: impl Iterator<Item = Vec<(i64, i64)>>, days: usize, window: i64) -> Vec<i64> {
    let mut changes = vec![0_i64; days + 1];
    for mut periods in things {
        periods.sort_unstable();
        // A thing that happened until a day is still in the window for its days after.
        let mut begun: Option<(i64, i64)> = None;
        let mut mark = |(from, to): (i64, i64)| {
            let (from, to) = (from.clamp(0, days as i64), to.clamp(-1, days as i64 - 1));
            if from <= to {
                changes[from as usize] += 1;
                changes[to as usize + 1] -= 1;
            }
        };
        for (from, to) in periods {
            let to = to.saturating_add(window - 1);
            match &mut begun {
                Some((_, end)) if from <= end.saturating_add(1) => *end = (*end).max(to),
                _ => {
                    if let Some(whole) = begun.replace((from, to)) {
                        mark(whole);
                    }
                }
            }
        }
        if let Some(whole) = begun {
            mark(whole);
        }
    }
    let mut count = 0;
    changes.truncate(days);
    changes
        .into_iter()
        .map(|change| {
            count += change;
            count
        })
        .collect()
}

fn day_of(moment: Timestamp) -> i64 {
    moment.as_seconds().div_euclid(SECONDS_OF_A_DAY)
}

/// The last day that begins before a moment.
fn last_day_before(moment: Timestamp) -> i64 {
    (moment.as_seconds() - 1).div_euclid(SECONDS_OF_A_DAY)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 4] = ["a", "b", "c", "d"];

    fn day_by_day(teams: &[Presence<'_>], days: usize, window: i64) -> Vec<Option<(usize, usize)>> {
        let on = |day: i64| {
            let (mut people, mut pairs) = (BTreeSet::new(), BTreeSet::new());
            for moment in day - window + 1..=day {
                for team in teams {
                    let there: BTreeSet<&str> = team
                        .iter()
                        .filter(|stay| stay.from <= moment && moment <= stay.to)
                        .map(|stay| stay.person)
                        .collect();
                    for first in &there {
                        people.insert(*first);
                        pairs.extend(
                            there.iter().filter(|second| first < *second).map(|second| (*first, *second)),
                        );
                    }
                }
            }
            (people.len() > 1).then_some((people.len(), pairs.len()))
        };
        (0..days as i64).map(on).collect()
    }

    proptest! {
        #[test]
        fn it_is_what_each_day_shows(
            teams in prop::collection::vec(prop::collection::vec((0_usize..4, -5_i64..15, 0_i64..8), 0..5), 0..4),
            window in 1_i64..6,
        ) {
            let teams: Vec<Presence<'_>> = teams
                .into_iter()
                .map(|team| team.into_iter().map(|(who, from, long)| Stay { person: NAMES[who], from, to: from + long }).collect())
                .collect();
            let found = daily_density(&teams, 12, window);
            for (found, twin) in found.into_iter().zip(day_by_day(&teams, 12, window)) {
                let twin = twin.map(|(people, ties)| {
                    Daily { people, density: ties as f64 / (people as f64 * (people as f64 - 1.0) / 2.0) }
                });
                prop_assert_eq!(found, twin);
            }
        }
    }
}
