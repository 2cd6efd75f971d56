//! T4, components: into how many pieces the people of an edition fall, and how large the largest is, alone and with all before.

use super::constellations::Constellations;
use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for (place, edition) in snapshot.editions.iter().enumerate() {
        for (over, editions) in
            [("edition", &snapshot.editions[place..=place]), ("so_far", &snapshot.editions[..=place])]
        {
            let graph = Constellations::of(snapshot, editions);
            let (n, sizes) = (graph.people.len(), graph.components());
            let giant = sizes.first().and_then(|largest| share_of(*largest as f64, n as f64));
            let alone = sizes.iter().filter(|size| **size == 1).count();
            for (statistic, value) in [
                ("components", Some(sizes.len() as f64)),
                ("giant_share", giant),
                ("alone_share", share_of(alone as f64, n as f64)),
            ] {
                panel.push(Reading::exact(statistic, n, value).of("edition", &edition.id).of("over", over));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::three_editions;

    #[test]
    fn a_person_in_two_editions_joins_their_pieces() {
        let mut records = three_editions();
        records.team("red", &["a", "b", "c"]);
        records.team("blue", &["d", "e", "f"]);
        records.team("green", &["c", "d", "g"]);
        for (team, edition) in [("red", "2023"), ("blue", "2023"), ("green", "2024"), ("red", "2024")] {
            records.enter(team, edition);
        }
        let value = compute("T4", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let of = |edition: &str, over: &str, statistic: &str| {
            let found = value.readings.iter().find(|one| {
                one.of["edition"] == edition && one.of["over"] == over && one.statistic == statistic
            });
            found.unwrap().value()
        };
        assert_eq!(
            (of("2023", "edition", "components"), of("2023", "edition", "giant_share")),
            (Some(2.0), Some(0.5))
        );
        assert_eq!(of("2024", "edition", "components"), Some(1.0));
        assert_eq!(
            (of("2024", "so_far", "components"), of("2024", "so_far", "giant_share")),
            (Some(1.0), Some(1.0))
        );
        assert_eq!(of("2025", "edition", "components"), None);
    }
}
