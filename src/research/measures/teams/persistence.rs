//! T7, constellation persistence: whether a team's people are together again in the next edition, under whatever name.
//!
//! `max |A & B| / |A | B|` over the teams B of the next edition; above one half a constellation counts as the same.
//! What teams themselves say, that they merged, split or were renamed, is counted apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::Reading;
use crate::measures::statistics::quantiles::mean;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for pair in snapshot.editions.windows(2) {
        let [teams, next] = [&pair[0], &pair[1]].map(|edition| -> Vec<BTreeSet<&str>> {
            snapshot
                .entries(edition)
                .into_iter()
                .map(|entry| entry.people)
                .filter(|people| !people.is_empty())
                .collect()
        });
        let best: Vec<f64> = teams.iter().map(|team| nearest(team, &next)).collect();
        let same = best.iter().filter(|jaccard| **jaccard > 0.5).count();
        let of = |reading: Reading| reading.of("edition", &pair[0].id).of("next", &pair[1].id);
        panel.push(of(Reading::exact("mean_jaccard", best.len(), mean(&best))));
        panel.push(of(Reading::exact(
            "persisting_share",
            best.len(),
            share_of(same as f64, best.len() as f64),
        )));
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for lineage in &snapshot.lineages {
        *kinds.entry(&lineage.kind).or_insert(0) += 1;
    }
    for (kind, count) in kinds {
        panel.push(Reading::exact("lineages", count, count as f64).of("kind", kind));
    }
}

/// The largest Jaccard index of a team with any of others; 0 without others.
fn nearest(team: &BTreeSet<&str>, others: &[BTreeSet<&str>]) -> f64 {
    let jaccard = |other: &BTreeSet<&str>| {
        let both = team.intersection(other).count() as f64;
        both / (team.len() as f64 + other.len() as f64 - both)
    };
    others.iter().map(jaccard).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_the_next_edition_counts() {
        let team = BTreeSet::from(["a", "b", "c"]);
        let next = [BTreeSet::from(["a", "x"]), BTreeSet::from(["a", "b", "c", "d"]), BTreeSet::new()];
        assert_eq!(nearest(&team, &next), 0.75);
        assert_eq!(nearest(&team, &next[..1]), 0.25);
        assert_eq!(nearest(&team, &[]), 0.0);
    }
}
