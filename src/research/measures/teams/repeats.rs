//! T6, repeat collaboration: whether teams are put together by people who know the competition, and each other, already.

use std::collections::BTreeSet;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

/// What the people of new teams have been before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Repeats {
    /// Seats in new teams.
    pub seats: usize,
    /// Seats of people who were in an earlier edition.
    pub incumbents: usize,
    /// Pairs of incumbents within new teams.
    pub incumbent_pairs: usize,
    /// Those of them who shared a team before.
    pub repeated_pairs: usize,
}

impl Repeats {
    /// The share of incumbents `p` (Guimera et al. 2005).
    pub fn incumbent_share(&self) -> Option<f64> {
        share_of(self.incumbents as f64, self.seats as f64)
    }

    /// The share `q` of incumbent pairs that were together before.
    pub fn repeated_share(&self) -> Option<f64> {
        share_of(self.repeated_pairs as f64, self.incumbent_pairs as f64)
    }
}

/// For each of successive editions, what its teams of two and more people are made of; `teams` are the people of each new team.
///
/// What happens within one edition is not earlier than anything else in it.
pub fn repeats(editions: &[Vec<BTreeSet<&str>>]) -> Vec<Repeats> {
    let (mut known, mut together): (BTreeSet<&str>, BTreeSet<(&str, &str)>) =
        (BTreeSet::new(), BTreeSet::new());
    let pairs = |people: &[&str]| -> Vec<usize> { (0..people.len()).collect() };
    let mut found = Vec::with_capacity(editions.len());
    for teams in editions {
        let mut edition = Repeats::default();
        for team in teams.iter().filter(|team| team.len() > 1) {
            let incumbents: Vec<&str> =
                team.iter().filter(|person| known.contains(*person)).copied().collect();
            edition.seats += team.len();
            edition.incumbents += incumbents.len();
            for first in pairs(&incumbents) {
                for second in first + 1..incumbents.len() {
                    edition.incumbent_pairs += 1;
                    edition.repeated_pairs +=
                        usize::from(together.contains(&(incumbents[first], incumbents[second])));
                }
            }
        }
        found.push(edition);
        for team in teams {
            let people: Vec<&str> = team.iter().copied().collect();
            for first in pairs(&people) {
                together.extend(people[first + 1..].iter().map(|second| (people[first], *second)));
            }
            known.extend(team);
        }
    }
    found
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let editions: Vec<Vec<BTreeSet<&str>>> = snapshot
        .editions
        .iter()
        .map(|edition| snapshot.entries(edition).into_iter().map(|entry| entry.people).collect())
        .collect();
    for ((edition, teams), found) in snapshot.editions.iter().zip(&editions).zip(repeats(&editions)) {
        let n = teams.iter().filter(|team| team.len() > 1).count();
        for (statistic, value) in
            [("incumbent_share", found.incumbent_share()), ("repeated_share", found.repeated_share())]
        {
            panel.push(Reading::exact(statistic, n, value).of("edition", &edition.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_met_before_are_a_pair_again() {
        let editions = [
            vec![BTreeSet::from(["a", "b"]), BTreeSet::from(["c", "d"]), BTreeSet::from(["e"])],
            vec![BTreeSet::from(["a", "b", "c", "x"]), BTreeSet::from(["e", "y"])],
        ];
        let found = repeats(&editions);
        assert_eq!(found[0], Repeats { seats: 4, ..Repeats::default() });
        // a, b, c and e have been there; of a-b, a-c, b-c only the first met.
        assert_eq!(found[1], Repeats { seats: 6, incumbents: 4, incumbent_pairs: 3, repeated_pairs: 1 });
        assert_eq!(
            (found[1].incumbent_share(), found[1].repeated_share()),
            (Some(4.0 / 6.0), Some(1.0 / 3.0))
        );
        assert_eq!(found[0].repeated_share(), None);
    }

    #[test]
    fn one_edition_is_not_before_itself() {
        let teams = vec![BTreeSet::from(["a", "b"]), BTreeSet::from(["a", "b"])];
        assert_eq!(repeats(&[teams])[0].incumbents, 0);
    }
}
