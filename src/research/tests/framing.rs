//! The published numbers of framing, from the shipped tables.

use ranking::draws::Key;
use research::framing::bounds::divergence_bounds;
use research::framing::divergence::jensen_shannon;
use research::framing::entropy::entropy;
use research::framing::intent_gap::intent_gap;
use research::framing::profile::Profile;
use research::framing::rank_sensitivity::{ActivityTable, Weighting};
use research::mappings::Mapping;
use research::time_use::{CLASS_CODES, CLASSES, Day, class_of, population};
use serde_json::Value;

/// The published hours of the 25 most frequent scenarios, by the code of the scenario.
///
/// Read off a bar chart of the dataset's documentation to within some four hours; multi-label, so that they sum to more than
/// there is footage.
const TOP_25_HOURS: [(&str, f64); 25] = [
    ("12", 445.0),
    ("4", 372.0),
    ("3", 351.0),
    ("97", 232.0),
    ("7", 159.0),
    ("5", 107.0),
    ("22", 95.0),
    ("35", 86.0),
    ("59", 86.0),
    ("13", 81.0),
    ("73", 78.0),
    ("33", 78.0),
    ("83", 78.0),
    ("53", 72.0),
    ("20", 72.0),
    ("24", 72.0),
    ("128", 69.0),
    ("31", 69.0),
    ("95", 61.0),
    ("32", 61.0),
    ("90", 51.0),
    ("64", 51.0),
    ("8", 49.0),
    ("21", 49.0),
    ("91", 43.0),
];

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found}, not {expected}");
}

#[expect(clippy::unwrap_used, reason = "the table is shipped")]
fn us_waking() -> [f64; CLASSES] {
    population("OECD", "US", "2019").unwrap().shares(Day::Waking).unwrap()
}

#[test]
fn the_hours_are_those_that_are_shared() {
    let Some(shared) = test_support::shared_folder() else { return };
    let file = std::fs::read(shared.join("data/framing/hours.json")).unwrap();
    let shared: Value = serde_json::from_slice(&file).unwrap();
    let shared = shared["scenario_hours_top25"].as_object().unwrap();
    assert_eq!(shared.len(), TOP_25_HOURS.len());
    for (code, hours) in TOP_25_HOURS {
        let title = &Mapping::ego4d_scenarios().term(code).unwrap().title;
        let (_, found) = shared.iter().find(|(name, _)| title.starts_with(name.as_str())).unwrap();
        assert_eq!(found.as_f64(), Some(hours), "{title}");
    }
}

/// Section 3.2: 77 % of the hours undetermined, entropy 2.02 bit, divergence 0.082 bit between 0.000 and 0.361.
///
/// The published numbers come from another reading of the same bars (2,970 hours, here 2,967).
#[test]
fn a_dataset_against_a_waking_day() {
    let profile = Profile::new(Mapping::ego4d_scenarios(), TOP_25_HOURS, CLASSES, class_of).unwrap();
    near(profile.total(), 2_970.0, 4.0, "hours");
    near(intent_gap(&profile).share().unwrap(), 0.77, 0.005, "intent gap");
    let point = profile.point();
    let placed: f64 = point.iter().sum();
    for (class, expected) in CLASS_CODES.iter().zip([21.8, 36.7, 0.0, 0.0, 0.0, 6.3, 29.5, 5.8]) {
        let position = CLASS_CODES.iter().position(|code| code == class).unwrap();
        near(100.0 * point[position] / placed, expected, 0.25, class);
    }
    near(entropy(&point).unwrap().unwrap().bits, 2.02, 0.005, "entropy");
    near(jensen_shannon(&point, &us_waking()).unwrap().unwrap(), 0.082, 0.0005, "divergence");
    let bounds = divergence_bounds(&profile, &us_waking()).unwrap().unwrap();
    near(bounds.lower, 0.0, 0.0005, "lower bound");
    near(bounds.upper, 0.361, 0.002, "upper bound");
    assert!(bounds.upper_is_attained);
}

/// Section 1: the United States and Italy are 0.0098 bit apart, over whole days.
#[test]
fn two_populations() {
    let shares = |country, years, day| population("OECD", country, years).unwrap().shares(day).unwrap();
    let apart =
        |day| jensen_shannon(&shares("US", "2019", day), &shares("IT", "2013/2014", day)).unwrap().unwrap();
    near(apart(Day::All), 0.0098, 0.000_05, "whole days");
    // Sleep is much and alike everywhere: without it the same two countries are twice as far apart.
    assert!(apart(Day::Waking) > 2.0 * apart(Day::All));
}

#[test]
fn the_golden_values_of_framing() {
    let Some(shared) = test_support::shared_folder() else { return };
    let file = std::fs::read(shared.join("golden/framing/golden_measures.json")).unwrap();
    let golden: Value = serde_json::from_slice::<Value>(&file).unwrap()["framing"].take();
    let numbers =
        |value: &Value| value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<f64>>();
    let instances = numbers(&golden["n"]);
    let scores: Vec<Vec<f64>> = golden["scores"].as_array().unwrap().iter().map(numbers).collect();

    let spread = entropy(&instances).unwrap().unwrap();
    near(spread.bits, golden["entropy_bits"].as_f64().unwrap(), 1e-6, "F3 entropy");
    near(spread.evenness.unwrap(), golden["evenness"].as_f64().unwrap(), 1e-6, "F3 evenness");
    let divergence = jensen_shannon(&instances, &us_waking()).unwrap().unwrap();
    near(divergence, golden["jsd_time_use_bits"].as_f64().unwrap(), 1e-6, "F4");

    let table = ActivityTable::new(scores, &instances, true).unwrap();
    let weightings = [
        Weighting { name: "uniform", weights: &[1.0; CLASSES] },
        Weighting { name: "time_use", weights: &us_waking() },
    ];
    let found = table.sensitivity(&weightings, Key::derive("simplex", "golden", 1)).unwrap();
    let order = |ranks: &[usize]| {
        let mut order: Vec<u64> = (0..ranks.len() as u64).collect();
        order.sort_by_key(|entry| ranks[*entry as usize]);
        order
    };
    let golden_order =
        |name: &str| numbers(&golden[name]).iter().map(|entry| *entry as u64).collect::<Vec<u64>>();
    assert_eq!(order(&found.ranks), golden_order("rank_instance"));
    for reweighted in &found.reweighted {
        let name = reweighted.name.as_str();
        assert_eq!(order(&reweighted.ranks), golden_order(&format!("rank_{name}")));
        assert_eq!(Value::from(reweighted.winner_changes), golden["winner_changes"][name]);
        near(reweighted.tau.unwrap(), golden["kendall_tau"][name].as_f64().unwrap(), 1e-6, name);
    }
    for (entry, distance) in found.flip_distances.iter().enumerate() {
        let expected = golden["flip_distance_tv"][entry.to_string()].as_f64().unwrap_or(0.0);
        near(distance.unwrap(), expected, 1e-6, "flip distance");
    }
    for (found, expected) in found.win_shares.iter().zip(numbers(&golden["win_share_over_simplex"])) {
        // Both were drawn 20,000 times, by other generators: four standard errors of the difference.
        near(*found, expected, 4.0 * (2.0 * 0.25 / 20_000.0_f64).sqrt(), "share of the simplex");
    }
}
