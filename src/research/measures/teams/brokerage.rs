//! T8, brokerage: how much of what joins organizations runs through one of them.
//!
//! Two organizations are tied where people of both are in one team.
//! Only the largest value is published, and only where at least five people stand behind that organization.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::constellations::scopes;
use crate::measure::Reading;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot, is_known};

/// For each node the share of shortest paths between two others that run through it (Freeman 1977), 0 to 1.
///
/// `neighbours` must be symmetric and without loops. With fewer than three nodes there is nothing in between.
/// The paths are counted as by Brandes 2001.
pub fn betweenness(neighbours: &[BTreeSet<usize>]) -> Vec<f64> {
    let n = neighbours.len();
    let mut between = vec![0.0; n];
    for source in 0..n {
        let (mut order, mut before) = (Vec::new(), vec![Vec::new(); n]);
        let (mut paths, mut distance) = (vec![0.0; n], vec![usize::MAX; n]);
        (paths[source], distance[source]) = (1.0, 0);
        let mut queue = VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            order.push(node);
            for next in &neighbours[node] {
                if distance[*next] == usize::MAX {
                    distance[*next] = distance[node] + 1;
                    queue.push_back(*next);
                }
                if distance[*next] == distance[node] + 1 {
                    paths[*next] += paths[node];
                    before[*next].push(node);
                }
            }
        }
        let mut dependency = vec![0.0; n];
        for node in order.into_iter().rev() {
            for previous in &before[node] {
                dependency[*previous] += paths[*previous] / paths[node] * (1.0 + dependency[node]);
            }
            if node != source {
                between[node] += dependency[node];
            }
        }
    }
    // Every pair was met from both ends.
    let pairs = (n as f64 - 1.0) * (n as f64 - 2.0);
    if pairs > 0.0 {
        between.iter_mut().for_each(|value| *value /= pairs);
    }
    between
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for (label, editions) in scopes(snapshot) {
        let mut people: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut ties: BTreeSet<(&str, &str)> = BTreeSet::new();
        for edition in editions {
            let day = snapshot.class_day(edition);
            for entry in snapshot.entries(edition) {
                let mut of_team: BTreeSet<&str> = BTreeSet::new();
                for person in &entry.people {
                    let organizations =
                        snapshot.classes(person, day, Dimension::Organization, &parameters.lists);
                    for organization in organizations.into_keys().filter(|class| is_known(class)) {
                        people.entry(organization).or_default().insert(person);
                        of_team.insert(organization);
                    }
                }
                for first in &of_team {
                    ties.extend(
                        of_team.iter().filter(|second| first != *second).map(|second| (*first, *second)),
                    );
                }
            }
        }
        let organizations: Vec<&str> = people.keys().copied().collect();
        let mut neighbours = vec![BTreeSet::new(); organizations.len()];
        for (first, second) in &ties {
            if let (Ok(first), Ok(second)) =
                (organizations.binary_search(first), organizations.binary_search(second))
            {
                neighbours[first].insert(second);
            }
        }
        let values = betweenness(&neighbours);
        let top = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        if let Some((place, value)) = top {
            let behind = people.get(organizations[place]).map_or(0, BTreeSet::len);
            panel.push(Reading::exact("largest_betweenness", behind, *value).of("edition", &label));
        }
        let n = organizations.len();
        panel.push(Reading::exact("organizations", n, n as f64).of("edition", &label));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graph(n: usize, edges: &[(usize, usize)]) -> Vec<BTreeSet<usize>> {
        let mut neighbours = vec![BTreeSet::new(); n];
        for (a, b) in edges.iter().filter(|(a, b)| a != b) {
            neighbours[*a].insert(*b);
            neighbours[*b].insert(*a);
        }
        neighbours
    }

    /// All shortest paths of every pair, written out.
    fn by_paths(neighbours: &[BTreeSet<usize>]) -> Vec<f64> {
        let n = neighbours.len();
        let mut between = vec![0.0; n];
        for from in 0..n {
            for to in from + 1..n {
                let mut paths = vec![vec![from]];
                while !paths.is_empty() && !paths.iter().any(|path| path.ends_with(&[to])) {
                    let longer = |path: &Vec<usize>| {
                        let next =
                            neighbours[path[path.len() - 1]].iter().filter(|next| !path.contains(next));
                        next.map(|next| [path.clone(), vec![*next]].concat()).collect::<Vec<_>>()
                    };
                    paths = paths.iter().flat_map(longer).collect();
                }
                paths.retain(|path| path.ends_with(&[to]));
                for path in &paths {
                    for node in &path[1..path.len() - 1] {
                        between[*node] += 1.0 / paths.len() as f64;
                    }
                }
            }
        }
        let pairs = (n as f64 - 1.0) * (n as f64 - 2.0) / 2.0;
        between.iter().map(|value| if pairs > 0.0 { value / pairs } else { 0.0 }).collect()
    }

    #[test]
    fn the_middle_of_a_star_has_all() {
        assert_eq!(betweenness(&graph(4, &[(0, 1), (0, 2), (0, 3)])), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(betweenness(&graph(4, &[(0, 1), (1, 2), (2, 3), (3, 0)])), [1.0 / 6.0; 4]);
        assert_eq!(betweenness(&graph(2, &[(0, 1)])), [0.0, 0.0]);
        assert!(betweenness(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn it_counts_shortest_paths(n in 1_usize..7, edges in prop::collection::vec((0_usize..7, 0_usize..7), 0..12)) {
            let edges: Vec<_> = edges.into_iter().filter(|(a, b)| *a < n && *b < n).collect();
            let neighbours = graph(n, &edges);
            for (a, b) in betweenness(&neighbours).iter().zip(by_paths(&neighbours)) {
                prop_assert!((a - b).abs() < 1e-9, "{} {}", a, b);
            }
        }
    }
}
