//! P4, cross-sector collaboration: the share of teams of two and more people with at least two sectors, and whether that is more
//! than teams put together without regard to sectors would have.
//!
//! People whose sector nobody knows are left out, and a team counts when two of those who are left are in it.
//! Somebody with affiliations in two sectors brings both.

use std::collections::BTreeSet;

use ranking::draws::Key;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot, is_known};

/// How often sectors meet in teams.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossSector {
    /// How many teams have at least two people.
    pub teams: usize,
    /// The share of them with at least two sectors.
    pub share: f64,
    /// The mean of that share when sectors are dealt out anew among people.
    pub expected: f64,
    /// Its standard deviation (of all permutations that were drawn).
    pub deviation: f64,
}

impl CrossSector {
    /// By how many standard deviations the share differs from what is expected; none where every permutation gives the same.
    pub fn z(&self) -> Option<f64> {
        (self.deviation > 0.0).then(|| (self.share - self.expected) / self.deviation)
    }
}

/// Compares teams with `permutations` random permutations of the sectors among people.
///
/// `sectors` says of which sectors each person is, `teams` which people are in each.
/// Teams of fewer than two people do not count; without a team that does there is no result.
/// The permutation is that of Fisher and Yates, drawn from the stream of `key`.
pub fn cross_sector(
    sectors: &[BTreeSet<&str>],
    teams: &[Vec<usize>],
    permutations: u32,
    key: Key,
) -> Option<CrossSector> {
    let teams: Vec<&Vec<usize>> = teams.iter().filter(|team| team.len() > 1).collect();
    if teams.is_empty() {
        return None;
    }
    let mut dealt: Vec<&BTreeSet<&str>> = sectors.iter().collect();
    let share = |dealt: &[&BTreeSet<&str>]| {
        let crosses = |team: &&&Vec<usize>| {
            let mut all = team.iter().flat_map(|person| dealt[*person]);
            all.next().is_some_and(|first| all.any(|other| other != first))
        };
        teams.iter().filter(crosses).count() as f64 / teams.len() as f64
    };
    let observed = share(&dealt);
    let swaps = dealt.len().saturating_sub(1) as u64;
    let mut drawn = Vec::with_capacity(permutations as usize);
    for permutation in 0..u64::from(permutations) {
        for last in (1..dealt.len()).rev() {
            let draw = key.index(permutation, last as u64 - 1, swaps, last as u64 + 1);
            dealt.swap(last, draw as usize);
        }
        drawn.push(share(&dealt));
    }
    let expected = mean(&drawn)?;
    let variance =
        mean(&drawn.iter().map(|share| (share - expected) * (share - expected)).collect::<Vec<_>>())?;
    Some(CrossSector { teams: teams.len(), share: observed, expected, deviation: libm::sqrt(variance) })
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let (entries, day) = (snapshot.entries(edition), snapshot.class_day(edition));
        let mut known: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        for person in snapshot.participants(edition) {
            let classes = snapshot.classes(person, day, Dimension::Sector, &parameters.lists);
            let sectors: BTreeSet<&str> = classes.into_keys().filter(|class| is_known(class)).collect();
            if !sectors.is_empty() {
                known.push((person, sectors));
            }
        }
        let position = |person: &&str| known.binary_search_by(|(known, _)| known.cmp(person)).ok();
        let teams: Vec<Vec<usize>> =
            entries.iter().map(|entry| entry.people.iter().filter_map(position).collect()).collect();
        let sectors: Vec<BTreeSet<&str>> = known.iter().map(|(_, sectors)| sectors.clone()).collect();
        let key = Key::from_u64(parameters.key);
        let Some(found) = cross_sector(&sectors, &teams, parameters.permutations, key) else { continue };
        for (statistic, value) in [
            ("share", Some(found.share)),
            ("expected_share", Some(found.expected)),
            ("standard_deviation", Some(found.deviation)),
            ("z", found.z()),
        ] {
            panel.push(Reading::exact(statistic, found.teams, value).of("edition", &edition.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sectors<'s>(names: &[&'s str]) -> Vec<BTreeSet<&'s str>> {
        names.iter().map(|name| name.split('+').collect()).collect()
    }

    /// All orders of the labels, each as often as any other.
    fn exact(sectors: &[BTreeSet<&str>], teams: &[Vec<usize>]) -> (f64, f64) {
        fn orders(left: &[usize]) -> Vec<Vec<usize>> {
            if left.is_empty() {
                return vec![vec![]];
            }
            let begin = |first: &usize| {
                let rest: Vec<usize> = left.iter().copied().filter(|one| one != first).collect();
                orders(&rest).into_iter().map(|order| [vec![*first], order].concat()).collect::<Vec<_>>()
            };
            left.iter().flat_map(begin).collect()
        }
        let shares: Vec<f64> = orders(&(0..sectors.len()).collect::<Vec<_>>())
            .iter()
            .map(|order| {
                let crossing = teams.iter().filter(|team| {
                    let all: BTreeSet<&str> =
                        team.iter().flat_map(|one| &sectors[order[*one]]).copied().collect();
                    all.len() > 1
                });
                crossing.count() as f64 / teams.len() as f64
            })
            .collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        (mean, (shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / shares.len() as f64).sqrt())
    }

    #[test]
    fn permutations_come_near_what_all_of_them_give() {
        let people = sectors(&["a", "a", "a", "b", "b", "a+c"]);
        let teams = [vec![0, 1], vec![2, 3], vec![3, 4, 5], vec![0, 4]];
        let found = cross_sector(&people, &teams, 20_000, Key::from_u64(7)).unwrap();
        assert_eq!((found.teams, found.share), (4, 0.75));
        let (mean, deviation) = exact(&people, &teams);
        assert!((found.expected - mean).abs() < 4.0 * deviation / 20_000_f64.sqrt(), "{found:?} {mean}");
        assert!((found.deviation / deviation - 1.0).abs() < 0.03, "{found:?} {deviation}");
        assert_eq!(
            cross_sector(&people, &teams, 20_000, Key::from_u64(7)),
            Some(found),
            "the same key, the same draws"
        );
    }

    #[test]
    fn one_sector_never_crosses_and_one_person_is_no_team() {
        let found =
            cross_sector(&sectors(&["a", "a", "a"]), &[vec![0, 1], vec![2]], 100, Key::from_u64(1)).unwrap();
        assert_eq!((found.teams, found.share, found.expected, found.z()), (1, 0.0, 0.0, None));
        assert_eq!(cross_sector(&sectors(&["a", "b"]), &[vec![0], vec![1]], 100, Key::from_u64(1)), None);
    }
}
