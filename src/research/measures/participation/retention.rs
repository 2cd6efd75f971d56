//! P6, newcomers, returners, retention: who comes for the first time, who comes back, and after how many editions people leave.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure::{Quantity, Reading};
use crate::measures::statistics::survival::{Lifetime, kaplan_meier};
use crate::measures::statistics::wilson;
use crate::measures::{Panel, Parameters};
use crate::snapshot::{Dimension, Snapshot};

/// What an edition's participants have to do with the editions before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How many take part.
    pub participants: usize,
    /// How many of them for the first time.
    pub newcomers: usize,
    /// How many of them take part in the next edition too; none for the last.
    pub retained: Option<usize>,
}

/// `|P_e \ U_{f<e} P_f|` and `|P_e & P_{e+1}|` for the participants of successive editions.
///
/// In the first edition everybody is new.
pub fn retention(editions: &[BTreeSet<&str>]) -> Vec<Retention> {
    let mut before: BTreeSet<&str> = BTreeSet::new();
    let next = editions.iter().skip(1).map(Some).chain([None]);
    editions
        .iter()
        .zip(next)
        .map(|(people, next)| {
            let newcomers = people.difference(&before).count();
            before.extend(people);
            let retained = next.map(|next| people.intersection(next).count());
            Retention { participants: people.len(), newcomers, retained }
        })
        .collect()
}

/// From the first to the last edition of everybody, both counted; who is in the last edition of all may come back and has not ended.
pub fn editions_of(editions: &[BTreeSet<&str>]) -> Vec<Lifetime> {
    let mut first_and_last: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (edition, people) in editions.iter().enumerate() {
        for person in people {
            first_and_last.entry(person).or_insert((edition, edition)).1 = edition;
        }
    }
    let lifetime = |(first, last): (usize, usize)| Lifetime {
        duration: (last - first + 1) as f64,
        ended: last + 1 < editions.len(),
    };
    first_and_last.into_values().map(lifetime).collect()
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    let people: Vec<BTreeSet<&str>> =
        snapshot.editions.iter().map(|edition| snapshot.participants(edition)).collect();
    let organizations = snapshot.editions.iter().zip(&people).map(|(edition, people)| {
        let day = snapshot.class_day(edition);
        let of_person = |person: &&str| {
            snapshot.classes(person, day, Dimension::Organization, &parameters.lists).into_keys()
        };
        people.iter().flat_map(of_person).filter(|class| *class != crate::snapshot::UNKNOWN).collect()
    });
    let organizations: Vec<BTreeSet<&str>> = organizations.collect();
    for (who, sets) in [("people", people), ("organizations", organizations)] {
        for (edition, found) in snapshot.editions.iter().zip(retention(&sets)) {
            let of = |reading: Reading| reading.of("edition", &edition.id).of("who", who);
            let n = found.participants;
            let returners = found.participants - found.newcomers;
            panel.push(of(Reading::exact("participants", n, n as f64)));
            panel.push(of(Reading::exact("newcomers", n, found.newcomers as f64)));
            panel.push(of(Reading::exact("returners", n, returners as f64)));
            panel.push(of(Reading::new("newcomer_share", n, wilson::share(found.newcomers, n))));
            if let Some(retained) = found.retained {
                panel.push(of(Reading::new("retention", n, wilson::share(retained, n))));
            }
        }
        for step in kaplan_meier(&editions_of(&sets)) {
            let survival = Quantity::Estimated { value: step.survival, lower: step.lower, upper: step.upper };
            let reading = Reading::new("survival", step.at_risk, survival);
            panel.push(reading.of("who", who).of("editions", step.time.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_after_a_gap_is_no_newcomer_but_was_not_retained() {
        let editions = [BTreeSet::from(["a", "b"]), BTreeSet::from(["b", "c"]), BTreeSet::from(["a", "d"])];
        let found = retention(&editions);
        let expected = [(2, 2, Some(1)), (2, 1, Some(0)), (2, 1, None)];
        let found: Vec<_> = found.iter().map(|one| (one.participants, one.newcomers, one.retained)).collect();
        assert_eq!(found, expected);
        let lifetimes: Vec<(f64, bool)> =
            editions_of(&editions).iter().map(|one| (one.duration, one.ended)).collect();
        // a over a gap and still there, b two editions, c one, d is there.
        assert_eq!(lifetimes, [(3.0, false), (2.0, true), (1.0, true), (1.0, false)]);
        assert_eq!(retention(&[]), []);
    }

    #[test]
    fn one_edition_ends_nobody() {
        assert!(kaplan_meier(&editions_of(&[BTreeSet::from(["a", "b"])])).is_empty());
    }
}
