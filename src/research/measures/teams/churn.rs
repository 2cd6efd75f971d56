//! T9, membership churn near deadline: joins and leaves in the last part of the window over those that even coming and going would
//! put there.

use crate::measure::Reading;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::Snapshot;

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let length = edition.closes_at.seconds_since(edition.opens_at);
        // Of a window that is still open nobody knows the last part.
        if edition.closes_at > snapshot.as_of || length <= 0.0 {
            continue;
        }
        let mut places = Vec::new();
        for entry in snapshot.entries(edition) {
            for membership in &entry.team.memberships {
                for moment in [Some(membership.joined_at), membership.left_at].into_iter().flatten() {
                    if moment >= edition.opens_at && moment < edition.closes_at {
                        places.push(moment.seconds_since(edition.opens_at) / length);
                    }
                }
            }
        }
        let last = places.iter().filter(|place| **place >= 1.0 - parameters.last_part).count();
        let ratio = share_of(last as f64, places.len() as f64 * parameters.last_part);
        panel.push(Reading::exact("ratio", places.len(), ratio).of("edition", &edition.id));
    }
}

#[cfg(test)]
mod tests {
    use crate::measures::{Parameters, compute};
    use crate::snapshot::Snapshot;
    use crate::snapshot::sample::{at, three_editions};

    #[test]
    fn half_of_all_changes_in_the_last_tenth_is_five_times_as_many() {
        let mut records = three_editions();
        records.team("red", &["a", "b", "c", "d", "e"]);
        records.enter("red", "2024");
        let members = &mut records.teams[0].memberships;
        members[0].joined_at = at("2024-03-10");
        members[0].left_at = Some(at("2024-05-30"));
        members[1].joined_at = at("2024-04-10");
        members[2].joined_at = at("2024-05-31");
        members[3].joined_at = at("2024-05-01");
        // Before the window and at its end: not in it.
        members[4].left_at = Some(at("2024-06-01T00:00:00Z"));
        members[1].left_at = Some(at("2024-05-25"));
        let value = compute("T9", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let ratio = value.readings.iter().find(|one| one.of["edition"] == "2024").unwrap();
        assert_eq!(ratio.n, 6);
        assert!((ratio.value().unwrap() - 5.0).abs() < 1e-12);
    }
}
