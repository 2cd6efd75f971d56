//! What the research instrument costs: `cargo bench -p heldout-research --bench measures`.
//!
//! All measures of a snapshot with 1,000 teams, 5 editions, 100,000 submissions and 10^6 events, where a minute is the most that a
//! worker should be held; and the publication of a table of 20 x 20 with its audit, where five seconds are.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when it cannot go on"
)]

use std::time::{Duration, Instant};

use domain::Timestamp;
use research::disclosure::audit::audit;
use research::disclosure::{CountTable, Policy, publish};
use research::measure::definitions;
use research::measures::{Parameters, Refusal, compute};
use research::snapshot::*;

const TEAMS: usize = 1_000;
const EDITIONS: usize = 5;
const SUBMISSIONS: usize = 100_000;
const EVENTS: usize = 1_000_000;
const SIDE: usize = 20;
const SECTORS: [&str; 4] = ["academia", "industry_big", "industry_other", "public_research"];
const COUNTRIES: [&str; 6] = ["AT", "DE", "IN", "JP", "RW", "US"];

fn main() {
    println!("{TEAMS} teams, {EDITIONS} editions, {SUBMISSIONS} submissions, {EVENTS} events");
    let records = records(&mut Draws(0x5eed));
    let (checked, snapshot) = timed(|| Snapshot::new(records).unwrap());
    row("the snapshot, checked", checked, None);
    let mut slowest: Vec<(Duration, &str)> = Vec::new();
    let (all, ()) = timed(|| {
        for definition in definitions() {
            let (took, found) = timed(|| compute(definition.id, &snapshot, &Parameters::default()));
            match found {
                Ok(value) => {
                    assert!(!value.readings.is_empty() || definition.min_n == 0, "{}", definition.id);
                    slowest.push((took, definition.id));
                }
                Err(refusal) => assert!(matches!(refusal, Refusal::NotOfSnapshots(_)), "{refusal}"),
            }
        }
    });
    row("all measures", all, Some(60));
    slowest.sort_unstable_by(|one, other| other.cmp(one));
    for (took, id) in slowest.into_iter().take(5) {
        row(&format!("of these {id}"), took, None);
    }
    for (name, most) in [("a table of small cells", 12), ("a table of larger cells", 60)] {
        let table = table(&mut Draws(7), most);
        let (took, found) = timed(|| publish(&table, Policy::DEFAULT));
        let shown = found.as_ref().map_or(0, |found| found.table.shown());
        row(&format!("{SIDE} x {SIDE}, {name}: merged, suppressed, audited, {shown} shown"), took, Some(5));
        if let Ok(found) = found {
            let (again, known) = timed(|| audit(&found.table).unwrap());
            row(&format!("its audit alone, {} hidden", known.len()), again, Some(5));
        }
    }
}

fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let found = what();
    (start.elapsed(), found)
}

fn row(name: &str, took: Duration, goal: Option<u64>) {
    let goal = goal.map_or_else(String::new, |seconds| {
        let verdict = if took.as_secs() < seconds { "met" } else { "missed" };
        format!("  goal {seconds} s: {verdict}")
    });
    println!("{name:<70} {:>10.3} s{goal}", took.as_secs_f64());
}

/// A linear congruential generator (Knuth's MMIX): the same records on every machine.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn at(edition: usize) -> Timestamp {
    Timestamp::parse(&format!("{}-03-01T00:00:00Z", 2021 + edition)).unwrap()
}

fn edition(number: usize) -> String {
    (2021 + number).to_string()
}

fn records(draws: &mut Draws) -> Records {
    let mut records = Records::empty(Timestamp::parse("2025-12-31T00:00:00Z").unwrap());
    for number in 0..EDITIONS {
        let opens_at = at(number);
        let closes_at = opens_at.plus_seconds(92 * 86_400);
        records.editions.push(Edition { id: edition(number), opens_at, closes_at });
        records.tasks.push(task(number));
    }
    for number in 0..TEAMS / 5 {
        let sector = Classification {
            scheme: Scheme::Sector,
            code: SECTORS[number % SECTORS.len()].to_owned(),
            list_version: "2023".to_owned(),
            from: None,
            to: None,
        };
        let country = Some(COUNTRIES[number % COUNTRIES.len()].to_owned());
        records.organizations.push(Organization { id: format!("o{number}"), country, classes: vec![sector] });
    }
    let mut entered: Vec<Vec<usize>> = vec![Vec::new(); EDITIONS];
    for team in 0..TEAMS {
        add_team(&mut records, draws, team);
        for (number, teams) in entered.iter_mut().enumerate() {
            // Every team enters about three of five editions.
            if draws.below(5) < 3 {
                teams.push(team);
                records.registrations.push(Registration {
                    id: format!("t{team}@{number}"),
                    team: format!("t{team}"),
                    edition: edition(number),
                    registered_at: at(number).plus_seconds(draws.below(30 * 86_400) as i64),
                    organizer_relation: if draws.below(20) == 0 { "same_organization" } else { "none" }
                        .to_owned(),
                    uptake: None,
                });
            }
        }
    }
    for submission in 0..SUBMISSIONS {
        let number = submission % EDITIONS;
        let team = entered[number][draws.below(entered[number].len())];
        records.submissions.push(sent(draws, submission, number, team));
    }
    for event in 0..EVENTS {
        let kind = ["submitted", "scored", "member.joined", "publication.seen"][event % 4];
        let occurred_at = at(0).plus_seconds(draws.below(4 * 365 * 86_400) as i64);
        records.events.push(LoggedEvent { occurred_at, kind: kind.to_owned(), origin: None });
    }
    records
}

/// A team of one to five people, of whom some are in other teams too.
fn add_team(records: &mut Records, draws: &mut Draws, team: usize) {
    let mut memberships: Vec<Membership> = Vec::new();
    for place in 0..1 + draws.below(5) {
        let known = records.people.len();
        let person = if place > 0 && known > 0 && draws.below(4) == 0 {
            records.people[draws.below(known)].id.clone()
        } else {
            let id = format!("p{known}");
            let affiliation = Affiliation {
                organization: Some(format!("o{}", draws.below(TEAMS / 5))),
                country: None,
                career_stage: "faculty".to_owned(),
                weight: 1.0,
                from: "2015-01-01".parse().unwrap(),
                to: None,
            };
            records.people.push(Person { id: id.clone(), affiliations: vec![affiliation] });
            id
        };
        if memberships.iter().all(|known| known.person != person) {
            let joined_at = at(0).plus_seconds(draws.below(3 * 365 * 86_400) as i64);
            memberships.push(Membership { person, joined_at, left_at: None });
        }
    }
    records.teams.push(Team { id: format!("t{team}"), names: Vec::new(), memberships });
}

fn task(number: usize) -> Task {
    Task {
        id: format!("{}/moments", edition(number)),
        edition: edition(number),
        lineage: "moments".to_owned(),
        higher_is_better: true,
        submission_limit: Some(500),
        ceiling: Some(0.9),
        first_baseline: Some(0.1),
        borrowed: false,
        bound_tools: 1,
        retired_by: None,
    }
}

fn sent(draws: &mut Draws, submission: usize, number: usize, team: usize) -> Submission {
    let scored = draws.below(10) > 0;
    let score = scored.then(|| draws.below(10_000) as f64 / 10_000.0);
    Submission {
        id: format!("s{submission}"),
        registration: format!("t{team}@{number}"),
        task: format!("{}/moments", edition(number)),
        submitted_at: at(number).plus_seconds((30 * 86_400 + draws.below(62 * 86_400)) as i64),
        outcome: if scored { Outcome::Scored } else { Outcome::Invalid },
        score,
        interval: score.map(|score| (score - 0.01, score + 0.01)),
        metric: "map".to_owned(),
        annotations: "digest".to_owned(),
        is_public: draws.below(4) > 0,
        retracted_at: None,
        dataset_version: None,
        declaration: None,
    }
}

/// A table with cells of 0 to below `most` people, each in one of them.
fn table(draws: &mut Draws, most: usize) -> CountTable {
    let names = |letter: char| (0..SIDE).map(|place| format!("{letter}{place}")).collect::<Vec<String>>();
    let mut people = 0..;
    let mut cell = || people.by_ref().take(draws.below(most)).collect::<Vec<u64>>();
    let cells: Vec<Vec<Vec<u64>>> = (0..SIDE).map(|_| (0..SIDE).map(|_| cell()).collect()).collect();
    CountTable::of_people(names('r'), names('c'), cells.iter().map(Vec::as_slice)).unwrap()
}
