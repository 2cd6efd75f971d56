//! Measures against the published golden values (below `HELDOUT_SHARED`, golden/framing and data/framing).
//!
//! What the values were computed on is not published, but it can be found again:
//! only one way to spread the scored submissions over the teams has the published total, largest counts, sum of squares, Gini
//! coefficient and entropy. A pattern of coming and going that has the published newcomers, returners and retentions stands for
//! the people. These are the snapshots here. Where nothing can be found again (the edges of the network, the hours of the burst) the published
//! numbers only have to agree with each other under our formulas.

use std::collections::BTreeSet;

use serde_json::Value;

use super::statistics::concentration::Concentration;
use super::{Parameters, Refusal, compute};
use crate::measure::{MeasureValue, Reading, definitions};
use crate::measures::participation::{CrossSector, retention};
use crate::snapshot::sample::three_editions;
use crate::snapshot::{Records, Snapshot};

/// Scored submissions per active team, and how many teams are silent.
const SUBMISSIONS: [(&str, &[u64], usize); 3] = [
    ("2022", &[7, 6, 6, 6, 4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1], 7),
    ("2023", &[18, 7, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 9),
    ("2024", &[72, 8, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 9),
];

fn golden(path: &str) -> Option<Value> {
    let text = std::fs::read_to_string(conformance::shared(path)?).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

fn close(found: f64, published: &Value, what: &str) {
    let published = published.as_f64().unwrap();
    assert!((found - published).abs() <= 5.1e-7, "{what}: {found}, published {published}");
}

/// The three editions of the golden values, moved a year on: the sample begins with 2023.
fn of_submissions() -> Snapshot {
    let mut records = three_editions();
    for (edition, (_, counts, silent)) in ["2023", "2024", "2025"].into_iter().zip(SUBMISSIONS) {
        for (team, count) in counts.iter().chain(&vec![0; silent]).enumerate() {
            let id = format!("{edition}-{team}");
            records.team(&id, &[]);
            records.enter(&id, edition);
            for _ in 0..*count {
                records.submit(&id, edition, &format!("{edition}-04-01"), 0.5);
            }
        }
    }
    Snapshot::new(records).unwrap()
}

fn find(value: &MeasureValue, edition: &str, over: Option<&str>, statistic: &str) -> f64 {
    let reading = value.readings.iter().find(|one| {
        one.of.get("edition").is_some_and(|of| of == edition)
            && one.of.get("over").map(String::as_str) == over
            && one.statistic == statistic
    });
    reading.and_then(Reading::value).unwrap_or_else(|| panic!("{edition} {over:?} {statistic}"))
}

#[test]
fn concentration_and_silence() {
    let Some(published) = golden("golden/framing/golden_measures.json") else { return };
    let snapshot = of_submissions();
    let value = compute("P1", &snapshot, &Parameters::default()).unwrap();
    let silence = compute("P5", &snapshot, &Parameters::default()).unwrap();
    for (edition, (year, ..)) in ["2023", "2024", "2025"].into_iter().zip(SUBMISSIONS) {
        let expected = &published[year];
        for (over, statistic, name) in [
            ("registered", "units", "teams_registered"),
            ("active", "units", "teams_submitting"),
            ("active", "total", "submissions"),
            ("active", "gini", "gini_active"),
            ("active", "gini_corrected", "gini_bias_corrected"),
            ("registered", "gini", "gini_all"),
            ("active", "hhi", "hhi"),
            ("active", "hhi_normalised", "hhi_normalised"),
            ("active", "largest_1", "top1"),
            ("active", "largest_3", "top3"),
            ("active", "entropy_bits", "shannon_bits"),
            ("active", "effective_number", "effective_teams"),
        ] {
            close(find(&value, edition, Some(over), statistic), &expected[name], &format!("{year} {name}"));
        }
        close(find(&silence, edition, None, "silent_share"), &expected["silent_share"], year);
    }
}

#[test]
fn newcomers_and_retention() {
    let Some(published) = golden("golden/framing/golden_measures.json") else { return };
    let names: Vec<String> = (0..88).map(|person| format!("p{person:02}")).collect();
    let people = |ranges: &[(usize, usize)]| -> BTreeSet<&str> {
        ranges.iter().flat_map(|(from, to)| &names[*from..*to]).map(String::as_str).collect()
    };
    // 39 of the first sixty come back beside 21 new people; of these sixty again 39, beside 14 of the first and 7 new ones.
    let found = retention(&[
        people(&[(0, 60)]),
        people(&[(0, 39), (60, 81)]),
        people(&[(0, 18), (60, 81), (39, 53), (81, 88)]),
    ]);
    for (edition, year) in [(1, "2023"), (2, "2024")] {
        let expected = &published[year];
        close(found[edition].newcomers as f64, &expected["newcomers"], year);
        close((found[edition].participants - found[edition].newcomers) as f64, &expected["returners"], year);
        let before = &found[edition - 1];
        close(before.retained.unwrap() as f64 / before.participants as f64, &expected["retention"], year);
    }
    // Everybody who ever came is a node of the published network.
    assert_eq!(found.iter().map(|one| one.newcomers).sum::<usize>(), 88);
    close(88.0, &published["network"]["nodes"], "nodes");
}

#[test]
fn the_network_agrees_with_itself() {
    let Some(published) = golden("golden/framing/golden_measures.json") else { return };
    let network = &published["network"];
    close(77.0 / 88.0, &network["giant_share"], "77 of 88 people");
    let teams = network["multi_person_teams"].as_u64().unwrap() as usize;
    close(41.0 / teams as f64, &network["cross_sector_share"], "41 of 48 teams");
    // The deviation is not published; that which gives the z also is one that shares of 48 teams can have.
    let (share, expected) = (41.0 / 48.0, network["permutation_mean"].as_f64().unwrap());
    let deviation = (share - expected) / network["permutation_z"].as_f64().unwrap();
    let found = CrossSector { teams, share, expected, deviation };
    assert!((found.z().unwrap() - 1.116).abs() < 1e-12);
    assert!(deviation > 0.0 && deviation < (expected * (1.0 - expected)).sqrt());
    assert!((-1.0..=1.0).contains(&network["assortativity_sector"].as_f64().unwrap()));
}

#[test]
fn records_and_the_days_they_stand() {
    let Some(published) = golden("golden/framing/golden_measures.json") else { return };
    let published = &published["sota_2023"];
    let ladder = published["ladder"].as_array().unwrap();
    let mut records: Records = three_editions();
    for team in ["t050", "t052", "t054", "t055"] {
        records.team(team, &[]);
        records.enter(team, "2023");
    }
    for rung in ladder {
        let (day, team, score) =
            (rung[0].as_str().unwrap(), rung[1].as_str().unwrap(), rung[2].as_f64().unwrap());
        records.submit(team, "2023", day, score);
        // Later that day somebody only comes near, and a better score is not shown.
        records.submit("t052", "2023", day, score - 0.0001);
        records.submit("t052", "2023", day, score + 0.1).is_public = false;
    }
    let snapshot = Snapshot::new(records).unwrap();
    let value = compute("D3", &snapshot, &Parameters::default()).unwrap();
    let found: Vec<(String, String, f64)> = value
        .readings
        .iter()
        .filter(|one| one.statistic == "record")
        .map(|one| (one.of["at"][..10].to_owned(), one.of["team"].clone(), one.value().unwrap()))
        .collect();
    let expected: Vec<(String, String, f64)> = ladder
        .iter()
        .map(|rung| {
            (
                rung[0].as_str().unwrap().to_owned(),
                rung[1].as_str().unwrap().to_owned(),
                rung[2].as_f64().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(published["records"].as_u64(), Some(found.len() as u64));
    let value = compute("D4", &snapshot, &Parameters::default()).unwrap();
    let days: Vec<f64> =
        value.readings.iter().filter(|one| one.statistic == "days").filter_map(Reading::value).collect();
    let expected: Vec<f64> = published["time_to_beat_days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|days| days.as_f64().unwrap())
        .collect();
    assert_eq!(days, expected);
}

#[test]
fn the_podium_of_public_editions() {
    let Some(published) = golden("data/framing/podium_measures.json") else { return };
    let both = |what: &str| published["both"][what].as_u64().unwrap() as usize;
    // 51 people, then 62, of whom 8 came back: 105.
    let names: Vec<String> = (0..105).map(|person| format!("p{person:03}")).collect();
    let people =
        |range: std::ops::Range<usize>| names[range].iter().map(String::as_str).collect::<BTreeSet<_>>();
    let found = retention(&[people(0..51), people(43..105)]);
    let text = format!("{}/{}", found[0].retained.unwrap(), found[0].participants);
    assert_eq!(published["returning_people_cvpr22_to_eccv22"], text);
    assert_eq!(found.iter().map(|one| one.newcomers).sum::<usize>(), both("distinct_people"));
    // Shares to three decimals, of teams.
    for (edition, crossing) in [("cvpr22", 10.0), ("eccv22", 6.0), ("both", 16.0)] {
        let teams = published[edition]["podium_entries"].as_f64().unwrap();
        let share = published[edition]["cross_sector_share"].as_f64().unwrap();
        assert!((crossing / teams - share).abs() <= 5.1e-4, "{edition}");
        // What the published coefficient leaves open: it must be one that these seats can have.
        let (seats, people) =
            ["person_seats", "distinct_people"].map(|what| published[edition][what].as_u64().unwrap()).into();
        let most = Concentration::of(
            (0..people).map(|person| if person == 0 { (seats - people + 1) as f64 } else { 1.0 }),
        )
        .unwrap();
        assert!(published[edition]["gini_of_podium_seats"].as_f64().unwrap() <= most.gini());
    }
}

#[test]
fn every_measure_of_participation_is_computed_and_those_of_framing_say_why_not() {
    let snapshot = Snapshot::new(three_editions()).unwrap();
    for definition in definitions() {
        match compute(definition.id, &snapshot, &Parameters::default()) {
            Ok(value) => {
                assert_eq!((value.measure.as_str(), value.version), (definition.id, definition.version));
            }
            Err(refusal) => assert_eq!(refusal, Refusal::NotOfSnapshots(definition.id)),
        }
        let is_of_snapshots = compute(definition.id, &snapshot, &Parameters::default()).is_ok();
        assert_eq!(is_of_snapshots, !definition.id.starts_with('F'), "{}", definition.id);
    }
    assert_eq!(compute("P99", &snapshot, &Parameters::default()), Err(Refusal::Unknown("P99".into())));
}

#[test]
fn parameters_have_ranges() {
    let snapshot = Snapshot::new(three_editions()).unwrap();
    for bad in [
        Parameters { permutations: 10, ..Parameters::default() },
        Parameters { window_days: 0, ..Parameters::default() },
        Parameters { last_part: f64::NAN, ..Parameters::default() },
        Parameters { podium: 0, ..Parameters::default() },
        Parameters { hours_to_deadline: 2_000, ..Parameters::default() },
    ] {
        assert!(matches!(compute("P4", &snapshot, &bad), Err(Refusal::Parameter(_))), "{bad:?}");
    }
}
