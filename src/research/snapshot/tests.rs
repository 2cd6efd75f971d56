//! What does not hold together is refused by name; what is asked of what does.

use super::sample::{affiliation, at, day, three_editions};
use super::*;

fn refusals(records: Records) -> Vec<String> {
    Snapshot::new(records).unwrap_err().iter().map(ToString::to_string).collect()
}

fn sample() -> Records {
    let mut records = three_editions();
    records.organization("university", "academia", "AT");
    records.organization("company", "industry_big", "US");
    records.person("ada", Some("university"));
    records.team("red", &["ada", "bob"]);
    records.enter("red", "2024");
    records.submit("red", "2024", "2024-04-01", 0.5);
    records
}

#[test]
fn good_records_survive_json() {
    let records = sample();
    let text = serde_json::to_string(&records).unwrap();
    assert_eq!(serde_json::from_str::<Records>(&text).unwrap(), records);
    assert!(Snapshot::new(records).is_ok());
}

#[test]
fn each_fault_is_told_with_its_place() {
    let mut records = sample();
    records.people[0].affiliations[0].to = Some(day("1999-12-31"));
    records.people[0].affiliations[0].career_stage = "facluty".into();
    records.teams[0].memberships[1].left_at = Some(at("2019-01-01"));
    records.teams[0].memberships[0].person = "eve".into();
    records.submissions[0].submitted_at = at("2026-01-01");
    records.submissions[0].score = Some(f64::NAN);
    records.editions[2].closes_at = at("2024-01-01");
    let found = refusals(records);
    let expected = [
        "people[0].affiliations[0].to must not be earlier than the beginning",
        "people[0].affiliations[0].career_stage must be a code of its vocabulary: \"facluty\" is no code of career_stage",
        "teams[0].memberships[0].person must be the id of a person",
        "teams[0].memberships[1].left_at must not be earlier than the beginning",
        "editions[2].closes_at must be later than the opening",
        "submissions[0].submitted_at must not be later than the snapshot",
        "submissions[0].score must be a finite number",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
    assert!(found[1].contains("faculty"), "the nearest code: {}", found[1]);
}

#[test]
fn nobody_is_more_than_one_person_on_a_day() {
    let mut records = sample();
    records.people[0].affiliations.push(affiliation("company", 0.25));
    let found = refusals(records);
    assert_eq!(
        found,
        ["people[0].affiliations must not weigh more than 1 together: on 2000-01-01 they weigh 1.250"]
    );
}

#[test]
fn a_team_enters_an_edition_once_and_submits_to_its_tasks() {
    let mut records = sample();
    records.enter("red", "2024");
    records.submissions[0].task = "2023/moments".into();
    let found = refusals(records);
    assert_eq!(
        found,
        [
            "registrations[1].id must be given once",
            "registrations[1].team must enter an edition once",
            "submissions[0].task must be of the edition that the team entered",
        ]
    );
}

#[test]
fn faults_are_capped() {
    let mut records = sample();
    for number in 0..150 {
        records.team(&format!("t{number}"), &[]);
        records.enter(&format!("t{number}"), "2031");
    }
    assert_eq!(refusals(records).len(), Snapshot::MOST_FAULTS);
}

#[test]
fn classes_are_read_on_a_day_and_add_up_to_one() {
    let mut records = sample();
    let ada = &mut records.people[0].affiliations;
    ada[0].weight = 0.5;
    ada[0].to = Some(day("2024-01-31"));
    let mut industry = affiliation("company", 0.75);
    industry.from = day("2024-02-01");
    ada.push(industry);
    let mut relisted = records.organizations[1].classes[0].clone();
    (relisted.code, relisted.list_version) = ("industry_other".into(), "2020".into());
    records.organizations[1].classes.push(relisted);
    let snapshot = Snapshot::new(records).unwrap();

    let lists = Lists::default();
    let on = |date, dimension| {
        snapshot.classes("ada", day(date), dimension, &lists).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(on("2024-01-31", Dimension::Sector), [("academia", 0.5), ("unknown", 0.5)]);
    assert_eq!(on("2024-02-01", Dimension::Sector), [("industry_big", 0.75), ("unknown", 0.25)]);
    assert_eq!(on("2024-02-01", Dimension::Country), [("US", 0.75), ("unknown", 0.25)]);
    assert_eq!(on("2024-02-01", Dimension::BigTech), [("other", 0.75), ("unknown", 0.25)]);
    assert_eq!(on("1990-01-01", Dimension::Organization), [("unknown", 1.0)]);
    assert_eq!(snapshot.main_class("ada", day("2024-01-31"), Dimension::Sector, &lists), Some("academia"));
    assert_eq!(snapshot.main_class("bob", day("2024-01-31"), Dimension::Sector, &lists), None);

    let older = Lists { sector: Some("2020".into()), big_tech: None };
    assert_eq!(
        snapshot.main_class("ada", day("2024-02-01"), Dimension::Sector, &older),
        Some("industry_other")
    );
}

#[test]
fn people_count_while_they_are_in_the_team() {
    let mut records = sample();
    records.teams[0].memberships[1].left_at = Some(at("2024-03-01T00:00:00Z"));
    let snapshot = Snapshot::new(records).unwrap();
    let people: Vec<&str> = snapshot.participants(&snapshot.editions[1]).into_iter().collect();
    assert_eq!(people, ["ada"]);
    assert_eq!(snapshot.scored_by_entry(&snapshot.editions[1], None), [1]);
}

#[test]
fn teams_that_were_renamed_merged_or_split_are_one_lineage() {
    let mut records = sample();
    for team in ["blue", "green", "grey"] {
        records.team(team, &[]);
    }
    for (from, to, kind) in [("blue", "green", "rename"), ("red", "green", "merge")] {
        records.lineages.push(Lineage {
            from: from.into(),
            to: to.into(),
            kind: kind.into(),
            at: at("2024-01-01"),
        });
    }
    let snapshot = Snapshot::new(records).unwrap();
    assert_eq!(
        ["red", "blue", "green", "grey"].map(|team| snapshot.lineage_of(team).unwrap()),
        ["red", "red", "red", "grey"]
    );
}

#[test]
fn not_telling_is_an_answer_and_a_slip_is_none() {
    let mut records = sample();
    records.decisions.push(Decision {
        id: "d".into(),
        kind: "split".into(),
        decided_by: None,
        decider_role: "not_disclosed".into(),
        rationale: "not_disclosed".into(),
        decided_at: None,
        parties: Vec::new(),
    });
    records.contestations.push(Contestation {
        role: "not_disclosed".into(),
        ground: "privacy".into(),
        raised_at: at("2024-01-01"),
        answered_at: None,
        outcome: None,
    });
    assert!(Snapshot::new(records.clone()).is_ok());
    records.decisions[0].decider_role = "organiser".into();
    records.contestations[0].ground = "not_disclosed".into();
    let found = refusals(records);
    assert!(
        found[0].contains("decisions[0].decider_role") && found[0].contains("\"organizer\""),
        "{found:?}"
    );
    assert!(found[1].contains("contestations[0].ground"), "{found:?}");
    assert_eq!(found.len(), 2);
}
