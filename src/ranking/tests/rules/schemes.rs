//! Ranks over several metrics, and schemes that look at every item.

use heldout_ranking::Refusal;
use heldout_ranking::bradley_terry::bradley_terry;
use heldout_ranking::paired::{Alternative, wilcoxon};
use heldout_ranking::schemes::{
    Aggregate, Column, Missing, Placing, Table, Ties, aggregate_then_rank, borda, mean_rank, median_rank,
    rank_then_aggregate, test_then_rank, win_rate,
};
use heldout_ranking::sign_flip;
use serde_json::Value;

use super::{TEAMS, by_team, golden, integers, number, numbers, scores_1024};

fn scores(placings: &[Option<Placing>]) -> Vec<Option<f64>> {
    placings.iter().map(|placing| placing.map(|placing| placing.score)).collect()
}

fn ranks(placings: &[Option<Placing>]) -> Vec<Option<f64>> {
    placings.iter().map(|placing| placing.map(|placing| placing.rank as f64)).collect()
}

const METRICS: [&str; 3] = ["map", "recall", "edit_distance"];

fn table(file: &Value) -> Table {
    let column = |name: &str| {
        let metric = &file["metrics"][name];
        let values = metric["values"].as_array().unwrap().iter().map(number).collect();
        Column::new(values, metric["higher_better"].as_bool().unwrap()).unwrap()
    };
    Table::new(METRICS.map(column).to_vec()).unwrap()
}

#[test]
fn ranks_over_metrics() {
    let Some(file) = golden("13_aggregation") else { return };
    let table = table(&file);
    for (ties, expected) in
        [(Ties::Lowest, "per_metric_rank_1224"), (Ties::Average, "per_metric_rank_average")]
    {
        let found = table.ranks(Missing::Unranked, ties);
        for (metric, found) in METRICS.iter().zip(found) {
            assert_eq!(found, by_team(&file[expected][metric]), "{expected} {metric}");
        }
    }
    let average = mean_rank(&table, Missing::Unranked, Ties::Average);
    for (name, ranks_name, placings) in [
        ("mean_rank", "mean_rank_final", mean_rank(&table, Missing::Unranked, Ties::Lowest)),
        ("mean_average_rank", "mean_average_rank_final", average),
        ("median_rank", "median_rank_final", median_rank(&table, Missing::Unranked, Ties::Lowest)),
        ("borda", "borda_final", borda(&table, Missing::Unranked)),
    ] {
        assert_eq!(scores(&placings), by_team(&file[name]), "{name}");
        assert_eq!(ranks(&placings), by_team(&file[ranks_name]), "{ranks_name}");
    }
    assert_eq!(scores(&win_rate(&table, Missing::Skipped)), by_team(&file["helm_mean_win_rate"]));
}

#[test]
fn grand_challenge_ranks_its_own_test_table_so() {
    let Some(file) = golden("13_aggregation") else { return };
    let cases = &file["grand_challenge"];
    let column = |name: &str, higher_is_better: bool| {
        let rows = cases["rows"].as_array().unwrap().iter();
        Column::new(rows.map(|row| number(&row[name])).collect(), higher_is_better).unwrap()
    };
    for case in cases["expected"].as_array().unwrap() {
        let first = column("a", case["a_higher_better"].as_bool().unwrap());
        let second = column("b", case["b_higher_better"].as_bool().unwrap());
        // "abs" ranks by the first metric alone.
        let columns = if case["method"] == "abs" { vec![first] } else { vec![first, second] };
        let placings = mean_rank(&Table::new(columns).unwrap(), Missing::Unranked, Ties::Lowest);
        let expected = |name: &str| numbers(&case[name]).into_iter().map(Some).collect::<Vec<_>>();
        assert_eq!(scores(&placings), expected("scores"), "{case}");
        assert_eq!(ranks(&placings), expected("ranks"), "{case}");
    }
}

#[test]
fn schemes_over_items() {
    let (Some(file), Some(scores_1024)) = (golden("14_rank_schemes"), scores_1024()) else { return };
    for (name, aggregate) in
        [("aggregate_then_rank_mean", Aggregate::Mean), ("aggregate_then_rank_median", Aggregate::Median)]
    {
        let placings = aggregate_then_rank(&scores_1024, aggregate, true).unwrap();
        assert_eq!(ranks(&placings), by_team(&file[name]), "{name}");
    }
    let placings = rank_then_aggregate(&scores_1024, Aggregate::Mean, true).unwrap();
    let expected = &file["rank_then_aggregate_mean"];
    assert_eq!(scores(&placings), by_team(&expected["score"]));
    assert_eq!(ranks(&placings), by_team(&expected["rank"]));
}

/// The differences of two teams, item by item.
fn differences(scores: &[Vec<f64>], first: usize, second: usize) -> Vec<f64> {
    scores[first].iter().zip(&scores[second]).map(|(a, b)| a - b).collect()
}

#[test]
fn tests_before_ranks() {
    let (Some(file), Some(wilcoxon_file), Some(scores_1024)) =
        (golden("14_rank_schemes"), golden("14b_test_then_rank_wilcoxon"), scores_1024())
    else {
        return;
    };
    let by_signs = test_then_rank(TEAMS.len(), |a, b| {
        sign_flip::exact(&differences(&scores_1024, a, b), Alternative::Greater).unwrap() <= 0.05
    });
    let expected = &file["test_then_rank_signflip_uncorrected"];
    assert_eq!(scores(&by_signs), by_team(&expected["share_significant"]));
    assert_eq!(ranks(&by_signs), by_team(&expected["rank"]));
    let by_wilcoxon = test_then_rank(TEAMS.len(), |a, b| {
        wilcoxon(&differences(&scores_1024, a, b), Alternative::Greater) <= 0.05
    });
    assert_eq!(scores(&by_wilcoxon), by_team(&wilcoxon_file["share_significant"]));
    assert_eq!(ranks(&by_wilcoxon), by_team(&wilcoxon_file["rank"]));
}

#[test]
fn strengths_from_preferences() {
    let Some(file) = golden("22_bradley_terry") else { return };
    let wins: Vec<Vec<f64>> = file["wins"].as_array().unwrap().iter().map(numbers).collect();
    let fitted = bradley_terry(&wins).unwrap();
    // The cases come from an optimiser that stops at 1.2e-8.
    let close = |found: &[f64], expected: &Value, tolerance: f64| {
        for (found, expected) in found.iter().zip(numbers(expected)) {
            assert!((found - expected).abs() < tolerance, "{found} {expected}");
        }
    };
    close(&fitted.theta, &file["theta"], 1e-7);
    close(&fitted.standard_error, &file["se_theta"], 1e-7);
    close(&fitted.elo(), &file["elo"], 2e-5);
    for (found, expected) in fitted.elo_intervals().iter().zip(file["ci95_elo"].as_array().unwrap()) {
        close(&[found.0, found.1], expected, 2e-5);
    }
    let ranks: Vec<u64> = fitted.ranks().iter().map(|rank| *rank as u64).collect();
    assert_eq!(ranks, integers(&file["arena_rank"]));
}

#[test]
fn values_that_are_no_numbers_never_rank() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(
            Column::new(vec![Some(0.5), None, Some(value)], true),
            Err(Refusal::NotFinite { what: "metric", index: 2 })
        );
    }
}
