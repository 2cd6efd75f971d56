//! P5, silent participation: who registers and is never scored, and where between asking for the data and a public score people stay.
//!
//! A stage of the funnel counts the people who reached it up to the deadline; nobody has to pass the earlier ones.

use std::collections::{BTreeSet, HashMap};

use domain::Timestamp;

use crate::measure::Reading;
use crate::measures::statistics::quantiles::median;
use crate::measures::statistics::wilson;
use crate::measures::{Panel, Parameters, share_of};
use crate::snapshot::{Edition, Entry, Outcome, Snapshot};

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    for edition in &snapshot.editions {
        let entries = snapshot.entries(edition);
        let submissions = snapshot.submissions_of(edition);
        let mut first: HashMap<&str, Timestamp> = HashMap::new();
        let (mut scored, mut public): (BTreeSet<&str>, BTreeSet<&str>) = (BTreeSet::new(), BTreeSet::new());
        for submission in submissions {
            first.entry(&submission.registration).or_insert(submission.submitted_at);
            if submission.outcome == Outcome::Scored {
                scored.insert(&submission.registration);
            }
            if submission.public_score().is_some() {
                public.insert(&submission.registration);
            }
        }
        let people_of = |chosen: &dyn Fn(&Entry<'_>) -> bool| -> BTreeSet<&str> {
            entries
                .iter()
                .filter(|entry| chosen(entry))
                .flat_map(|entry| entry.people.iter().copied())
                .collect()
        };
        let sent = |entry: &Entry<'_>| first.contains_key(entry.registration.id.as_str());
        let (registered, submitted) = (people_of(&|_| true), people_of(&sent));
        let heard = people_of(&|entry| scored.contains(entry.registration.id.as_str()));
        let shown = people_of(&|entry| public.contains(entry.registration.id.as_str()));

        let of = |reading: Reading| reading.of("edition", &edition.id);
        panel.push(of(Reading::exact("teams", entries.len(), entries.len() as f64)));
        panel.push(of(Reading::exact(
            "silent_share",
            entries.len(),
            silent_share(entries.len(), scored.len()),
        )));
        let silent = silent_share(registered.len(), heard.len());
        panel.push(of(Reading::exact("silent_share_of_people", registered.len(), silent)));
        let days: Vec<f64> = entries
            .iter()
            .filter_map(|entry| {
                let sent_at = first.get(entry.registration.id.as_str())?;
                Some(sent_at.seconds_since(entry.registration.registered_at) / 86_400.0)
            })
            .collect();
        panel.push(of(Reading::exact("median_days_to_first_submission", days.len(), median(&days))));

        let (requested, granted) = asked(snapshot, edition);
        let stages = [
            ("requested", requested),
            ("granted", granted),
            ("registered", registered),
            ("submitted", submitted),
            ("public", shown),
        ];
        for (stage, people) in &stages {
            panel.push(of(Reading::exact("people", people.len(), people.len() as f64)).of("stage", *stage));
        }
        for pair in stages.windows(2) {
            let both = pair[0].1.intersection(&pair[1].1).count();
            let passed = wilson::share(both, pair[0].1.len());
            panel.push(
                of(Reading::new("passed_on", pair[0].1.len(), passed))
                    .of("stage", pair[0].0)
                    .of("to", pair[1].0),
            );
        }
    }
}

/// The share of teams, or people, without a scored submission.
fn silent_share(registered: usize, scored: usize) -> Option<f64> {
    share_of(registered.saturating_sub(scored) as f64, registered as f64)
}

/// The people who had asked for the data by an edition's deadline, and those who had been given it.
fn asked<'s>(snapshot: &'s Snapshot, edition: &Edition) -> (BTreeSet<&'s str>, BTreeSet<&'s str>) {
    let (mut requested, mut granted) = (BTreeSet::new(), BTreeSet::new());
    for request in &snapshot.access_requests {
        let Some(person) = request.person.as_deref() else { continue };
        if request.requested_at < edition.closes_at {
            requested.insert(person);
        }
        if request
            .answer
            .as_ref()
            .is_some_and(|answer| answer.granted && answer.decided_at < edition.closes_at)
        {
            granted.insert(person);
        }
    }
    (requested, granted)
}

#[cfg(test)]
mod tests {
    use crate::measure::Quantity;
    use crate::measures::{Parameters, compute};
    use crate::snapshot::sample::{at, three_editions};
    use crate::snapshot::{AccessAnswer, AccessRequest, Outcome, Snapshot};

    #[test]
    fn a_team_whose_submissions_all_failed_is_silent() {
        let mut records = three_editions();
        for team in 0..6 {
            let id = format!("t{team}");
            records.team(&id, &[&format!("p{team}"), &format!("q{team}")]);
            records.enter(&id, "2024");
        }
        for team in 0..5 {
            let submission =
                records.submit(&format!("t{team}"), "2024", &format!("2024-03-{:02}", 6 + 2 * team), 0.5);
            if team == 4 {
                submission.outcome = Outcome::Invalid;
                submission.score = None;
            }
        }
        for team in 0..6 {
            let answer = AccessAnswer { granted: team < 5, decided_at: at("2024-02-01"), expires_at: None };
            records.access_requests.push(AccessRequest {
                id: format!("a{team}"),
                person: Some(format!("p{team}")),
                organization: None,
                country: None,
                requested_at: at("2024-01-01"),
                answer: Some(answer),
                licence_version: None,
            });
        }
        let value = compute("P5", &Snapshot::new(records).unwrap(), &Parameters::default()).unwrap();
        let find = |statistic: &str, stage: Option<&str>| {
            let found = value.readings.iter().find(|one| {
                one.of["edition"] == "2024"
                    && one.statistic == statistic
                    && one.of.get("stage").map(String::as_str) == stage
            });
            found.unwrap()
        };
        assert_eq!(find("silent_share", None).value(), Some(2.0 / 6.0));
        assert_eq!(find("silent_share_of_people", None).value(), Some(4.0 / 12.0));
        // After 1, 3, 5, 7 and 9 days.
        assert_eq!(find("median_days_to_first_submission", None).value(), Some(5.0));
        let people = ["requested", "granted", "registered", "submitted", "public"];
        assert_eq!(
            people.map(|stage| find("people", Some(stage)).value().unwrap()),
            [6.0, 5.0, 12.0, 10.0, 8.0]
        );
        let Quantity::Estimated { value, .. } = find("passed_on", Some("requested")).quantity else {
            panic!()
        };
        assert_eq!(value, 5.0 / 6.0);
    }
}
