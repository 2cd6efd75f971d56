//! T2, co-membership graph: people and teams, and people tied by the teams that they share.
//!
//! A tie weighs `1 / (n_t - 1)` for every shared team of `n_t` people (Newman 2001), so that a person's ties add up to the number
//! of teams in which the person is not alone.
//! The rows are restricted; what is published are the numbers over all of them.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Edition, Snapshot};

/// People, the teams in which they are together, and their ties.
#[derive(Debug, Clone, PartialEq)]
pub struct Constellations<'s> {
    /// The people, in the order of their ids.
    pub people: Vec<&'s str>,
    /// The teams, each with its people as places in `people`; a team of several editions stands once for each.
    pub teams: Vec<(&'s str, Vec<usize>)>,
    /// The ties between two people, the first place below the second.
    pub ties: BTreeMap<(usize, usize), Tie>,
}

/// What ties two people.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tie {
    /// How many teams they share.
    pub teams: usize,
    /// The sum of `1 / (n_t - 1)` over them.
    pub weight: f64,
}

impl<'s> Constellations<'s> {
    /// The graph of teams with the people in each.
    pub fn new(teams: impl IntoIterator<Item = (&'s str, BTreeSet<&'s str>)>) -> Self {
        let teams: Vec<(&str, BTreeSet<&str>)> = teams.into_iter().collect();
        let people: Vec<&str> = teams
            .iter()
            .flat_map(|(_, people)| people)
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let place = |person: &&str| people.binary_search(person).ok();
        let teams: Vec<(&str, Vec<usize>)> =
            teams.iter().map(|(id, members)| (*id, members.iter().filter_map(place).collect())).collect();
        let mut ties: BTreeMap<(usize, usize), Tie> = BTreeMap::new();
        for (_, members) in &teams {
            for (index, first) in members.iter().enumerate() {
                for second in &members[index + 1..] {
                    let tie = ties.entry((*first, *second)).or_default();
                    tie.teams += 1;
                    tie.weight += 1.0 / (members.len() as f64 - 1.0);
                }
            }
        }
        Self { people, teams, ties }
    }

    /// The graph of some editions' teams.
    pub fn of<'e>(snapshot: &'s Snapshot, editions: impl IntoIterator<Item = &'e Edition>) -> Self {
        let entries = editions.into_iter().flat_map(|edition| snapshot.entries(edition));
        Self::new(entries.map(|entry| (entry.team.id.as_str(), entry.people)))
    }

    /// The sizes of the connected components, the largest first.
    pub fn components(&self) -> Vec<usize> {
        let mut sets = UnionFind::new(self.people.len());
        for (first, second) in self.ties.keys() {
            sets.union(*first, *second);
        }
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for label in sets.into_labeling() {
            *sizes.entry(label).or_insert(0) += 1;
        }
        let mut sizes: Vec<usize> = sizes.into_values().collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    /// The share of all pairs of people that are tied; none for fewer than two people.
    pub fn density(&self) -> Option<f64> {
        let n = self.people.len() as f64;
        share_of(self.ties.len() as f64, n * (n - 1.0) / 2.0)
    }
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for (label, editions) in scopes(snapshot) {
        let graph = Constellations::of(snapshot, editions);
        let n = graph.people.len();
        let weights: f64 = graph.ties.values().map(|tie| tie.weight).sum();
        for (statistic, value) in [
            ("people", Some(n as f64)),
            ("teams", Some(graph.teams.len() as f64)),
            ("ties", Some(graph.ties.len() as f64)),
            ("density", graph.density()),
            ("mean_ties", share_of(2.0 * graph.ties.len() as f64, n as f64)),
            ("mean_strength", share_of(2.0 * weights, n as f64)),
        ] {
            panel.push(Reading::exact(statistic, n, value).of("edition", &label));
        }
    }
}

/// Every edition, and all together.
pub(super) fn scopes(snapshot: &Snapshot) -> Vec<(String, &[Edition])> {
    let each = snapshot.editions.iter().enumerate();
    let mut scopes: Vec<(String, &[Edition])> =
        each.map(|(place, edition)| (edition.id.clone(), &snapshot.editions[place..=place])).collect();
    if snapshot.editions.len() > 1 {
        scopes.push(("all".to_owned(), &snapshot.editions));
    }
    scopes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Newman 2001, figure 2: two papers of A, B, C and A, B, D, E or the like; here a triangle and a pair that share one.
    #[test]
    fn shared_teams_weigh_more_the_smaller_they_are() {
        let teams = [
            ("t1", BTreeSet::from(["a", "b", "c"])),
            ("t2", BTreeSet::from(["a", "b"])),
            ("t3", BTreeSet::from(["d"])),
        ];
        let graph = Constellations::new(teams);
        assert_eq!(graph.people, ["a", "b", "c", "d"]);
        assert_eq!(graph.ties[&(0, 1)], Tie { teams: 2, weight: 1.5 });
        assert_eq!(graph.ties[&(0, 2)], Tie { teams: 1, weight: 0.5 });
        assert_eq!((graph.ties.len(), graph.components(), graph.density()), (3, vec![3, 1], Some(0.5)));
        assert_eq!(Constellations::new([]).density(), None);
    }

    proptest! {
        #[test]
        fn strength_is_the_number_of_teams_with_others(teams in prop::collection::vec(prop::collection::btree_set(0_usize..8, 1..5), 0..8)) {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
            let named = teams.iter().map(|team| ("t", team.iter().map(|person| names[*person]).collect::<BTreeSet<_>>()));
            let graph = Constellations::new(named);
            for (place, person) in graph.people.iter().enumerate() {
                let strength: f64 =
                    graph.ties.iter().filter(|((a, b), _)| *a == place || *b == place).map(|(_, tie)| tie.weight).sum();
                let with_others =
                    teams.iter().filter(|team| team.len() > 1 && team.iter().any(|one| names[*one] == *person)).count();
                prop_assert!((strength - with_others as f64).abs() < 1e-9);
            }
            // Components twin: spread over ties until nothing changes.
            let mut label: Vec<usize> = (0..graph.people.len()).collect();
            for _ in 0..label.len() {
                for (a, b) in graph.ties.keys() {
                    let least = label[*a].min(label[*b]);
                    (label[*a], label[*b]) = (least, least);
                }
            }
            let mut sizes: Vec<usize> = (0..label.len()).map(|one| label.iter().filter(|other| **other == one).count()).collect();
            sizes.retain(|size| *size > 0);
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            prop_assert_eq!(graph.components(), sizes);
        }
    }
}
