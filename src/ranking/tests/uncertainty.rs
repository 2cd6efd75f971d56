//! Draws, replicates, intervals, tests and rank sets against the reference implementation (below `HELDOUT_SHARED`, golden/ranking).
//!
//! What the reference calls exact is compared bit for bit: its rationals are written as the nearest float, and so are ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use heldout_ranking::board::{Board, Standing};
use heldout_ranking::draws::Key;
use heldout_ranking::interval::{self, BiasCorrection, Interval};
use heldout_ranking::level::{Level, Replications};
use heldout_ranking::paired::{Alternative, wilcoxon};
use heldout_ranking::rank_sets::{self, RankSet, RankSets};
use heldout_ranking::replicates::{Replicates, jackknife, replicates, replicates_of_all};
use heldout_ranking::resampling::Resampling;
use heldout_ranking::sign_flip::{self, Method};
use heldout_ranking::{binomial, groups, holm, stability};
use ndarray::Array2;
use sdk::Limits;
use sdk::evidence::{
    ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Evidence, Mean, Ratio, Reducer, Stats,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

const FIVE: Level = Level::FIVE_PERCENT;
const TEAMS: [&str; 6] = ["atlas", "borea", "ceres", "dione", "europa", "fides"];

/// A file of cases; nothing, said aloud, where the shared data is absent.
fn golden(name: &str) -> Option<Value> {
    let path = conformance::shared(&format!("golden/ranking/{name}"))?;
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn key(of: &Value) -> Key {
    Key::from_u64(u64::from_str_radix(of["key_hex"].as_str().unwrap(), 16).unwrap())
}

/// A number, or a rational as the nearest float.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value["f64"].as_f64().unwrap())
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(number).collect()
}

fn wholes<T: TryFrom<u64>>(list: &Value) -> Vec<T> {
    let of = |one: &Value| T::try_from(one.as_u64().unwrap()).ok().unwrap();
    list.as_array().unwrap().iter().map(of).collect()
}

fn ends(pair: &Value) -> Interval {
    let ends = numbers(pair);
    Interval { lower: ends[0], upper: ends[1] }
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} for {expected}");
}

fn of_team<'v>(list: &'v Value, team: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|one| one["team"] == team).unwrap()
}

/// One mean per team in one piece of evidence: the scores of file 02.
fn means(file: &Value) -> Evidence {
    let columns: Vec<Vec<f64>> = TEAMS
        .iter()
        .map(|team| numbers(&file["scores_1024"][team]).iter().map(|one| one / 1024.0).collect())
        .collect();
    let mut evidence = Evidence::new(columns[0].len());
    let values = Array2::from_shape_fn((columns[0].len(), TEAMS.len()), |(item, team)| columns[team][item]);
    let block = evidence.block(Mean::new(values));
    for (column, team) in TEAMS.iter().enumerate() {
        evidence.metric(*team, 1.0, block.output(column));
    }
    evidence
}

fn whole_replicates(evidence: &Evidence, split: &Resampling, key: Key) -> Vec<Replicates> {
    let found = replicates(evidence, split, key, Replications::LIVE, &Limits::default()).unwrap();
    found.into_iter().map(Option::unwrap).collect()
}

fn values(evidence: &Evidence) -> Vec<f64> {
    evidence.score_all().iter().map(|(_, score)| score.value().unwrap()).collect()
}

/// The board of the teams of file 02, with the means.
fn board() -> Option<(Value, Board, Vec<f64>, Vec<Replicates>)> {
    let file = golden("02_bootstrap_percentile.json")?;
    let evidence = means(&file);
    let split = Resampling::one_by_one(evidence.items() as u32).unwrap();
    let (values, replicates) = (values(&evidence), whole_replicates(&evidence, &split, key(&file)));
    let standings: Vec<Standing<'_>> = values
        .iter()
        .zip(&replicates)
        .map(|(value, replicates)| Standing { value: *value, replicates: Some(replicates) })
        .collect();
    let board = Board::new(&standings, true, FIVE).unwrap();
    Some((file, board, values, replicates))
}

#[test]
fn draws_are_the_published_ones() {
    let Some(file) = golden("01_lbrng1.json") else { return };
    let seeded = Key::from_u64(1_234_567);
    let numbers = file["splitmix64_seed_1234567_first5"].as_array().unwrap();
    for (counter, number) in numbers.iter().enumerate() {
        assert_eq!(seeded.number(counter as u64).to_string(), number.as_str().unwrap());
    }
    let from = &file["derive_key"];
    let derived = Key::derive(
        from["purpose"].as_str().unwrap(),
        from["digest"].as_str().unwrap(),
        from["seed"].as_u64().unwrap(),
    );
    assert_eq!(derived, key(from));
    for case in file["bounded"].as_array().unwrap() {
        let n = case["n"].as_u64().unwrap();
        let drawn: Vec<u64> = (0..16).map(|draw| key(case).index(0, draw, n, n)).collect();
        assert_eq!(drawn, wholes::<u64>(&case["first16"]), "{n}");
    }
    let drawn: Vec<u64> = (0..16).map(|draw| derived.index(1, draw, 60, 60)).collect();
    assert_eq!(drawn, wholes::<u64>(&file["replicate_1_n60_first16"]));
    let flips: Vec<u64> = (0..24).map(|unit| u64::from(derived.flips(0, unit, 24))).collect();
    assert_eq!(flips, wholes::<u64>(&file["sign_bits_b0_n24"]));
}

#[test]
fn counts_means_and_their_intervals_are_exact() {
    let Some((file, _, values, replicates)) = board() else { return };
    let split = Resampling::one_by_one(60).unwrap();
    assert_eq!(split.counts(key(&file), 0), wholes::<u32>(&file["replicate0_counts"]));
    let counts = (0..999).flat_map(|replicate| split.counts(key(&file), replicate));
    let counts: Vec<String> = counts.map(|count| count.to_string()).collect();
    let digest = Sha256::digest(counts.join(","));
    assert_eq!(hex::encode(digest), file["counts_sha256"].as_str().unwrap());
    for ((team, value), replicates) in TEAMS.iter().zip(values).zip(replicates) {
        let expected = of_team(&file["teams"], team);
        assert_eq!(value, number(&expected["mean"]), "{team}");
        let first: Vec<f64> = replicates.values()[..5].iter().map(|value| value * 60.0 * 1024.0).collect();
        for (found, expected) in first.iter().zip(numbers(&expected["first5_replicate_sums_1024"])) {
            // The mean is rounded once; the sum that it was made from is whole.
            assert_eq!(found.round(), expected, "{team}");
        }
        assert_eq!(interval::percentile(&replicates, FIVE).unwrap(), Some(ends(&expected["ci95"])), "{team}");
        let error = interval::standard_error(&replicates).unwrap();
        close(error, number(&expected["bootstrap_se"]), 1e-12);
        let stored = Replicates::from_bytes(&replicates.to_bytes()).unwrap();
        assert_eq!(stored, replicates);
    }
}

#[test]
fn accelerated_intervals_are_those_of_scipy() {
    let (Some((file, _, values, replicates)), Some(expected)) = (board(), golden("02b_bootstrap_bca.json"))
    else {
        return;
    };
    let evidence = means(&file);
    let split = Resampling::one_by_one(60).unwrap();
    let jackknife = jackknife(&evidence, &split, &Limits::default()).unwrap();
    for (position, team) in TEAMS.iter().enumerate() {
        let expected = &expected["teams"][team];
        let without = jackknife[position].as_ref().unwrap();
        let correction =
            BiasCorrection::new(values[position], &replicates[position].sorted(), without).unwrap();
        close(correction.bias, number(&expected["z0"]), 1e-9);
        close(correction.acceleration, number(&expected["a"]), 1e-9);
        let [lower, upper] = correction.quantiles(FIVE);
        close(lower, number(&expected["alpha1"]), 1e-9);
        close(upper, number(&expected["alpha2"]), 1e-9);
        let found = interval::bias_corrected(values[position], &replicates[position], without, FIVE).unwrap();
        let expected = ends(&expected["ci95"]);
        close(found.lower, expected.lower, 1e-9);
        close(found.upper, expected.upper, 1e-9);
    }
}

#[test]
fn ranks_over_replicates_are_exact() {
    let (Some((_, board, _, _)), Some(expected)) = (board(), golden("03_bootstrap_rank_distribution.json"))
    else {
        return;
    };
    for (team, found) in TEAMS.iter().zip(stability::stability(&board).unwrap()) {
        assert_eq!(found.frequencies, wholes::<u32>(&expected["rank_frequencies"][team]), "{team}");
        assert_eq!(found.winner_share, number(&expected["win_share"][team]), "{team}");
        assert_eq!(found.median_rank, expected["median_rank"][team].as_f64(), "{team}");
        assert_eq!(found.ranks, Some(set(&expected["rank_interval95"][team])), "{team}");
    }
    let order: Vec<&str> = board.order().into_iter().map(|entry| TEAMS[entry]).collect();
    assert_eq!(order, TEAMS);
}

#[test]
fn videos_are_drawn_whole() {
    let Some(file) = golden("04_cluster_bootstrap_ratio.json") else { return };
    let groups = wholes::<u32>(&file["group"]);
    let clusters = Resampling::new(&vec![1.0; groups.len()], &groups, None).unwrap();
    let mut evidence = Evidence::new(groups.len());
    let numerators: Vec<Vec<f64>> = TEAMS.iter().map(|team| numbers(&file["num"][team])).collect();
    let block = evidence.block(Ratio {
        numerators: Array2::from_shape_fn((groups.len(), TEAMS.len()), |(item, team)| numerators[team][item]),
        denominators: numbers(&file["den"]).into(),
    });
    for (column, team) in TEAMS.iter().enumerate() {
        evidence.metric(*team, 1.0, block.output(column));
    }
    let items = Resampling::one_by_one(groups.len() as u32).unwrap();
    // Items and videos are drawn with keys of their own only in the published figures of the contrast.
    let found = whole_replicates(&evidence, &clusters, key(&file));
    assert_eq!(clusters.unit_count(), 15);
    assert_eq!(items.unit_count(), 60);
    for ((team, value), replicates) in TEAMS.iter().zip(values(&evidence)).zip(found) {
        let expected = of_team(&file["teams"], team);
        assert_eq!(value, number(&expected["estimate"]), "{team}");
        let found = interval::percentile(&replicates, FIVE).unwrap();
        assert_eq!(found, Some(ends(&expected["ci95_cluster"])), "{team}");
    }
}

#[test]
fn micro_f1_is_exact() {
    let Some(file) = golden("05_bootstrap_micro_f1.json") else { return };
    let split = Resampling::one_by_one(60).unwrap();
    let evidence: Vec<Evidence> = TEAMS
        .iter()
        .map(|team| {
            let columns = ["tp", "fp", "fn"].map(|name| numbers(&file[name][team]));
            let mut evidence = Evidence::new(60);
            let block = evidence.block(Stats {
                columns: Array2::from_shape_fn((60, 3), |(item, column)| columns[column][item]),
                reducers: vec![Reducer::F1 { true_positives: 0, false_positives: 1, false_negatives: 2 }],
            });
            evidence.metric("f1", 1.0, block.output(0));
            evidence
        })
        .collect();
    let all: Vec<&Evidence> = evidence.iter().collect();
    let found = replicates_of_all(&all, &split, key(&file), Replications::LIVE, &Limits::default()).unwrap();
    for ((team, evidence), found) in TEAMS.iter().zip(&evidence).zip(found) {
        let expected = of_team(&file["teams"], team);
        assert_eq!(values(evidence)[0], number(&expected["f1"]), "{team}");
        let found = interval::percentile(found[0].as_ref().unwrap(), FIVE).unwrap();
        assert_eq!(found, Some(ends(&expected["ci95"])), "{team}");
        assert_eq!(
            Some(whole_replicates(evidence, &split, key(&file)).remove(0)),
            replicates_of_all(&[evidence], &split, key(&file), Replications::LIVE, &Limits::default())
                .unwrap()[0][0]
        );
    }
}

fn curve(items: usize, class: CurveClass, rule: CurveRule) -> Evidence {
    let output = CurveOutput { rule, threshold: 0, average: ClassAverage::Present };
    let mut evidence = Evidence::new(items);
    let block = evidence.block(Curve { classes: vec![class], thresholds: 1, outputs: vec![output] });
    evidence.metric("area", 1.0, block.output(0));
    evidence
}

#[test]
fn average_precision_is_that_of_copied_images() {
    let Some(file) = golden("06_bootstrap_ap_match_flags.json") else { return };
    // The detections are listed best first.
    let detections = file["detections"].as_array().unwrap();
    let column =
        |name: &str| detections.iter().map(|one| one[name].as_u64().unwrap() as u32).collect::<Vec<u32>>();
    assert!(column("score_1e6").is_sorted_by(|a, b| a > b));
    let positives = wholes::<u32>(&file["gt_per_image"]);
    let class = CurveClass {
        name: "object".to_owned(),
        items: column("image"),
        hits: column("tp"),
        positives: positives.iter().enumerate().map(|(image, count)| (image as u32, *count)).collect(),
        ..CurveClass::default()
    };
    let evidence = curve(positives.len(), class, CurveRule::AllPoint);
    close(values(&evidence)[0], number(&file["ap"]), 1e-12);
    let split = Resampling::one_by_one(positives.len() as u32).unwrap();
    let found = whole_replicates(&evidence, &split, key(&file)).remove(0);
    for (found, expected) in found.values().iter().zip(numbers(&file["first5"])) {
        close(*found, expected, 1e-12);
    }
    let (found, expected) = (interval::percentile(&found, FIVE).unwrap().unwrap(), ends(&file["ci95"]));
    close(found.lower, expected.lower, 1e-12);
    close(found.upper, expected.upper, 1e-12);
}

#[test]
fn the_roc_area_is_exact() {
    let Some(file) = golden("07_bootstrap_auc.json") else { return };
    let (labels, scores) = (wholes::<u32>(&file["y"]), wholes::<u32>(&file["score"]));
    let mut order: Vec<u32> = (0..labels.len() as u32).collect();
    order.sort_by_key(|item| std::cmp::Reverse(scores[*item as usize]));
    let runs = order.chunk_by(|a, b| scores[*a as usize] == scores[*b as usize]);
    let class = CurveClass {
        name: "positive".to_owned(),
        hits: order.iter().map(|item| labels[*item as usize]).collect(),
        runs: runs.map(|run| run.len() as u32).collect(),
        positives: (0..labels.len() as u32)
            .filter(|item| labels[*item as usize] == 1)
            .map(|item| (item, 1))
            .collect(),
        items: order,
        ..CurveClass::default()
    };
    let evidence = curve(labels.len(), class, CurveRule::RocArea);
    close(values(&evidence)[0], number(&file["auc"]), 1e-12);
    let split = Resampling::one_by_one(labels.len() as u32).unwrap();
    let found = whole_replicates(&evidence, &split, key(&file)).remove(0);
    assert_eq!(found.undefined() as u64, file["undefined_replicates"].as_u64().unwrap());
    let (found, expected) = (interval::percentile(&found, FIVE).unwrap().unwrap(), ends(&file["ci95"]));
    close(found.lower, expected.lower, 1e-12);
    close(found.upper, expected.upper, 1e-12);
}

#[test]
fn permutations_are_counted_exactly() {
    let Some(file) = golden("08_paired_permutation.json") else { return };
    for pair in file["pairs"].as_array().unwrap() {
        let label = pair["label"].as_str().unwrap();
        let differences = numbers(&pair["d_1024"]);
        let scaled: Vec<f64> = differences.iter().map(|difference| difference / 1024.0).collect();
        for (name, alternative) in
            [("exact_two_sided", Alternative::TwoSided), ("exact_greater", Alternative::Greater)]
        {
            let expected = Some(pair[name]["p"].as_f64().unwrap());
            assert_eq!(sign_flip::exact(&differences, alternative), expected, "{label}: {name}");
            assert_eq!(sign_flip::exact(&scaled, alternative), expected, "{label}: {name}");
        }
        let drawn = &pair["monte_carlo"];
        let permutations = drawn["B"].as_u64().unwrap() as u32;
        let found = sign_flip::drawn(&differences, Alternative::TwoSided, key(drawn), permutations);
        let extreme = drawn["count"].as_u64().unwrap() as u32;
        assert_eq!(found.method, Method::MonteCarlo { extreme, permutations }, "{label}");
        assert_eq!(found.p, number(&drawn["p"]), "{label}");
    }
    for case in file["mcnemar_exact_two_sided"].as_array().unwrap() {
        let [b, c] = ["b", "c"].map(|name| case[name].as_u64().unwrap());
        assert_eq!(binomial::mcnemar(b, c), number(&case["p"]), "{b} {c}");
    }
}

#[test]
fn holm_is_that_of_statsmodels() {
    let Some(file) = golden("09_holm.json") else { return };
    for case in file["cases"].as_array().unwrap() {
        for (found, expected) in holm::holm(&numbers(&case["p"])).iter().zip(numbers(&case["adjusted"])) {
            close(*found, expected, 1e-12);
        }
    }
}

/// The differences of file 02 between two teams.
fn differences(file: &Value, first: &str, second: &str) -> Vec<f64> {
    let scores = |team: &str| numbers(&file["scores_1024"][team]);
    scores(first).iter().zip(scores(second)).map(|(first, second)| first - second).collect()
}

fn set(pair: &Value) -> RankSet {
    let ends = wholes::<usize>(pair);
    RankSet { best: ends[0], worst: ends[1] }
}

fn assert_sets(found: &RankSets, expected: &Value) {
    for (team, found) in TEAMS.iter().zip(&found.sets) {
        assert_eq!(*found, set(&expected[team]), "{team}");
    }
}

fn names(entries: &[usize]) -> Vec<&'static str> {
    entries.iter().map(|entry| TEAMS[*entry]).collect()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

#[test]
fn exact_tests_settle_ranks_and_groups() {
    let (Some(data), Some(file)) =
        (golden("02_bootstrap_percentile.json"), golden("10_adjacent_and_groups.json"))
    else {
        return;
    };
    let adjacent: Vec<f64> = TEAMS
        .windows(2)
        .map(|pair| sign_flip::exact(&differences(&data, pair[0], pair[1]), Alternative::TwoSided).unwrap())
        .collect();
    assert_eq!(adjacent, numbers(&file["adjacent_two_sided_p"]));
    assert_eq!(holm::holm(&adjacent), numbers(&file["adjacent_holm"]));
    let one_sided = Array2::from_shape_fn((6, 6), |(j, k)| {
        sign_flip::exact(&differences(&data, TEAMS[j], TEAMS[k]), Alternative::Greater).unwrap()
    });
    let pairs: Vec<(usize, usize)> =
        (0..6).flat_map(|j| (0..6).map(move |k| (j, k))).filter(|(j, k)| j != k).collect();
    let adjusted = holm::holm(&pairs.iter().map(|pair| one_sided[*pair]).collect::<Vec<f64>>());
    for ((j, k), adjusted) in pairs.into_iter().zip(adjusted) {
        let name = format!("{}>{}", TEAMS[j], TEAMS[k]);
        assert_eq!(Some(one_sided[[j, k]]), file["one_sided_p"][&name].as_f64(), "{name}");
        assert_eq!(Some(adjusted), file["one_sided_holm"][&name].as_f64(), "{name}");
    }
    let found = rank_sets::by_p_values(&one_sided, FIVE);
    assert_sets(&found, &file["rank_interval_holm"]);
    assert_eq!(names(&found.among_best(1)), strings(&file["tied_for_first"]));
    let found: Vec<Vec<&str>> =
        groups::by_p_values(&[0, 1, 2, 3, 4, 5], &one_sided, FIVE).iter().map(|group| names(group)).collect();
    let expected: Vec<Vec<&str>> = file["groups_greedy"].as_array().unwrap().iter().map(strings).collect();
    assert_eq!(found, expected);
}

#[test]
fn rank_sets_from_replicates_are_those_of_the_reference() {
    let (Some((data, board, _, _)), Some(file)) = (board(), golden("11_rank_confidence_sets_bootstrap.json"))
    else {
        return;
    };
    // The reference takes the standard errors of differences of means; those of the replicates settle the same ranks.
    assert_sets(&rank_sets::by_replicates(&board).unwrap(), &file["rank_interval"]);
    let found = rank_sets::by_replicates_and_errors(&board, |j, k| {
        let differences: Vec<f64> =
            differences(&data, TEAMS[j], TEAMS[k]).iter().map(|difference| difference / 1024.0).collect();
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|difference| (difference - mean).powi(2)).sum();
        (squares / (n - 1.0) / n).sqrt()
    })
    .unwrap();
    assert_sets(&found, &file["rank_interval"]);
    let better: Vec<String> =
        found.better.iter().map(|(j, k)| format!("{}>{}", TEAMS[*j], TEAMS[*k])).collect();
    assert_eq!(better, strings(&file["rejected"]));
    let expected = numbers(&file["critical_values"]);
    assert_eq!(found.critical_values.len(), expected.len());
    for (found, expected) in found.critical_values.iter().zip(expected) {
        close(*found, expected, 1e-9);
    }
    for places in [1, 2, 3] {
        assert_eq!(names(&found.among_best(places)), strings(&file["tau_best"][places.to_string()]));
    }
}

#[test]
fn rank_sets_from_wins_are_those_of_csranks() {
    let Some(file) = golden("12_rank_sets_multinomial.json") else { return };
    for case in file["cases"].as_array().unwrap() {
        let found = rank_sets::by_wins(&wholes::<u64>(&case["x"]), FIVE);
        let best: Vec<usize> = found.sets.iter().map(|set| set.best).collect();
        let worst: Vec<usize> = found.sets.iter().map(|set| set.worst).collect();
        assert_eq!(best, wholes::<usize>(&case["L"]), "{}", case["x"]);
        assert_eq!(worst, wholes::<usize>(&case["U"]), "{}", case["x"]);
    }
}

#[test]
fn signed_ranks_are_those_of_r() {
    let (Some(data), Some(file)) =
        (golden("02_bootstrap_percentile.json"), golden("14b_test_then_rank_wilcoxon.json"))
    else {
        return;
    };
    for (pair, expected) in file["wilcoxon_p_greater"].as_object().unwrap() {
        let (first, second) = pair.split_once('>').unwrap();
        close(wilcoxon(&differences(&data, first, second), Alternative::Greater), number(expected), 1e-9);
    }
    for first in TEAMS {
        let significant = TEAMS
            .iter()
            .filter(|second| **second != first)
            .filter(|second| wilcoxon(&differences(&data, first, second), Alternative::Greater) <= 0.05)
            .count();
        close(significant as f64 / 5.0, number(&file["share_significant"][first]), 1e-12);
    }
}
