//! Agreement of orders, and frame sensitivity.

use heldout_ranking::agreement::{Frame, kendall_tau};
use heldout_ranking::schemes::Placing;

use super::{TEAMS, by_team, golden, number, numbers, scores_1024};

#[test]
fn pairs_of_two_orders() {
    let Some(file) = golden("15_kendall_tau") else { return };
    for case in file["cases"].as_array().unwrap() {
        let tau = kendall_tau(&numbers(&case["x"]), &numbers(&case["y"])).unwrap();
        let counts = [tau.concordant, tau.discordant, tau.ties_x_only, tau.ties_y_only, tau.ties_both];
        let names = ["concordant", "discordant", "ties_x_only", "ties_y_only", "ties_both"];
        assert_eq!(counts, names.map(|name| case[name].as_u64().unwrap()), "{}", case["label"]);
        assert_eq!(tau.tau_b().is_some(), number(&case["tau_b"]).is_some(), "{}", case["label"]);
        if let (Some(found), Some(expected)) = (tau.tau_b(), number(&case["tau_b"])) {
            assert!((found - expected).abs() <= 1e-15, "{}: {found} {expected}", case["label"]);
        }
    }
}

#[test]
fn another_mix_of_scenarios() {
    let (Some(file), Some(scores_1024)) = (golden("23_frame_sensitivity"), scores_1024()) else { return };
    // By name, as the cases break ties.
    let mut scenarios: Vec<(&String, Vec<f64>)> =
        file["scenarios"].as_object().unwrap().iter().map(|(name, items)| (name, numbers(items))).collect();
    scenarios.sort_by_key(|(name, _)| *name);
    let sizes = scenarios.iter().map(|(_, items)| items.len() as f64).collect();
    let sum =
        |own: &Vec<f64>, items: &[f64]| items.iter().map(|item| own[*item as usize] / 1024.0).sum::<f64>();
    let sums =
        scores_1024.iter().map(|own| scenarios.iter().map(|(_, items)| sum(own, items)).collect()).collect();
    let frame = Frame::new(sizes, sums, true).unwrap();

    let scores = |placings: &[Option<Placing>]| {
        placings.iter().map(|placing| placing.map(|placing| placing.score)).collect::<Vec<_>>()
    };
    let ranks = |placings: &[Option<Placing>]| {
        placings.iter().map(|placing| placing.map(|placing| placing.rank as f64)).collect::<Vec<_>>()
    };
    assert_eq!(scores(&frame.per_item()), by_team(&file["score_per_item"]));
    assert_eq!(ranks(&frame.per_item()), by_team(&file["rank_per_item"]));
    assert_eq!(ranks(&frame.equal_scenarios()), by_team(&file["rank_equal_scenarios"]));
    for (found, expected) in
        scores(&frame.equal_scenarios()).iter().zip(by_team(&file["score_equal_scenarios"]))
    {
        assert!((found.unwrap() - expected.unwrap()).abs() <= 2e-16, "{found:?} {expected:?}");
    }
    for (scenario, (name, _)) in scenarios.iter().enumerate() {
        assert_eq!(ranks(&frame.inside(scenario)), by_team(&file["rank_inside"][name.as_str()]), "{name}");
        assert_eq!(ranks(&frame.without(scenario)), by_team(&file["rank_without"][name.as_str()]), "{name}");
    }
    for (pair, expected) in file["frame_margin"].as_object().unwrap() {
        let (ahead, behind) = pair.split_once('>').unwrap();
        let index = |name: &str| TEAMS.iter().position(|team| *team == name).unwrap();
        let margin = frame.margin(index(ahead), index(behind));
        assert_eq!(margin.as_ref().map(|margin| margin.moved), number(&expected["moved"]), "{pair}");
        let Some(margin) = margin else { continue };
        let name = |scenario: usize| scenarios[scenario].0.as_str();
        let path: Vec<_> =
            margin.path.iter().map(|shift| (name(shift.from), name(shift.to), shift.share)).collect();
        let expected: Vec<_> = expected["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|shift| (shift[0].as_str().unwrap(), shift[1].as_str().unwrap(), number(&shift[2]).unwrap()))
            .collect();
        assert_eq!(path, expected, "{pair}");
    }
}
