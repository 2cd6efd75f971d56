//! P7, organizer proximity: how much of an edition belongs to teams that are close to its organizers.
//!
//! Close are teams of the same organization, of an institution of the consortium, or with an organizer or coauthor in them.
//! Who does not say is counted apart and never as distant: shares are of those whose relation is known.

use std::collections::BTreeMap;

use crate::measure::Reading;
use crate::measures::statistics::wilson;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Outcome, Registration, Snapshot, is_known};

const CLOSE: [&str; 3] = ["same_organization", "consortium_institution", "organizer_or_coauthor"];

fn is_close(registration: &Registration) -> bool {
    CLOSE.contains(&registration.organizer_relation.as_str())
}

pub(super) fn measure(snapshot: &Snapshot, parameters: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let entries = snapshot.entries(edition);
        let known: Vec<&Registration> = entries
            .iter()
            .map(|entry| entry.registration)
            .filter(|registration| is_known(&registration.organizer_relation))
            .collect();
        let of = |reading: Reading| reading.of("edition", &edition.id);
        let close = known.iter().filter(|registration| is_close(registration)).count();
        panel.push(of(Reading::new("share_of_entries", known.len(), wilson::share(close, known.len()))));
        let unsaid = share_of((entries.len() - known.len()) as f64, entries.len() as f64);
        panel.push(of(Reading::exact("undisclosed_share", entries.len(), unsaid)));

        let by_team: BTreeMap<&str, bool> =
            known.iter().map(|registration| (registration.team.as_str(), is_close(registration))).collect();
        let (mut seats, mut close_seats) = (0, 0);
        let mut money: BTreeMap<&str, (f64, f64, usize)> = BTreeMap::new();
        for prize in snapshot.prizes.iter().filter(|prize| prize.place <= parameters.podium) {
            let of_edition = snapshot.task(&prize.task).is_some_and(|task| task.edition == edition.id);
            let Some(is_close) = by_team.get(prize.team.as_str()).filter(|_| of_edition) else { continue };
            (seats, close_seats) = (seats + 1, close_seats + usize::from(*is_close));
            if let Some(currency) = prize.currency.as_deref() {
                let sums = money.entry(currency).or_default();
                let amount = prize.amount_minor as f64;
                *sums = (sums.0 + if *is_close { amount } else { 0.0 }, sums.1 + amount, sums.2 + 1);
            }
        }
        if seats > 0 {
            panel.push_open(of(Reading::exact(
                "share_of_podium",
                seats,
                share_of(close_seats as f64, seats as f64),
            )));
        }
        for (currency, (close, all, n)) in money {
            let reading = Reading::exact("share_of_money", n, share_of(close, all));
            panel.push_open(of(reading).of("currency", currency));
        }
        for (relation, wanted) in [("close", true), ("distant", false)] {
            let teams: Vec<&Registration> =
                known.iter().filter(|registration| is_close(registration) == wanted).copied().collect();
            let ids: std::collections::BTreeSet<&str> = teams.iter().map(|one| one.id.as_str()).collect();
            let (mut sent, mut hidden) = (0.0, 0.0);
            for submission in
                snapshot.submissions.iter().filter(|one| ids.contains(one.registration.as_str()))
            {
                if submission.outcome == Outcome::Scored {
                    sent += 1.0;
                    hidden += f64::from(u8::from(submission.public_score().is_none()));
                }
            }
            let reading = Reading::exact("hidden_share", teams.len(), share_of(hidden, sent));
            panel.push(of(reading).of("relation", relation));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::measure::Quantity;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::sample::{at, three_editions};
    use crate::snapshot::{Prize, Snapshot};

    #[test]
    fn who_does_not_say_is_not_distant() {
        let mut records = three_editions();
        let relations =
            ["none", "none", "former", "same_organization", "organizer_or_coauthor", "undisclosed"];
        for (team, relation) in relations.into_iter().enumerate() {
            let id = format!("t{team}");
            records.team(&id, &[]);
            records.enter(&id, "2024").organizer_relation = relation.into();
        }
        for (place, team, amount_minor) in [(1, "t3", 300), (2, "t0", 100), (3, "t5", 0)] {
            records.prizes.push(Prize {
                task: "2024/moments".into(),
                place,
                team: team.into(),
                people: vec![],
                amount_minor,
                currency: Some("EUR".into()),
                awarded_at: at("2024-06-20"),
            });
        }
        let value = compute("P7", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let find = |statistic: &str| {
            let mut of =
                value.readings.iter().filter(|one| one.of["edition"] == "2024" && one.statistic == statistic);
            of.next().unwrap()
        };
        assert_eq!((find("share_of_entries").n, find("share_of_entries").value()), (5, Some(0.4)));
        assert_eq!(find("undisclosed_share").value(), Some(1.0 / 6.0));
        // The podium is public, however few stand on it; whose relation is not told is left out.
        assert_eq!((find("share_of_podium").n, find("share_of_podium").value()), (2, Some(0.5)));
        assert_eq!(find("share_of_money").value(), Some(0.75));
        assert_eq!(find("hidden_share").quantity, Quantity::Suppressed { fewer_than: 5 });
    }
}
