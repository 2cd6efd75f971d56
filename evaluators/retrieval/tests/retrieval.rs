//! Golden cases, degenerate inputs, refusals, documentation and weights.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use conformance::golden::{Walk, case_of, real};
use conformance::manifest::is_documented;
use conformance::task::{
    Values, codes, evaluate, evaluate_input, evidence_keeps_its_word, prepare, values, weighted,
    weights_are_copies,
};
use proptest::prelude::*;
use sdk::{Evidence, Faults, Input, Mode};
use serde_json::Value;

const README: &str = include_str!("../README.md");

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_retrieval::evaluators())
        .folder("general/trec")
        .folder("general/epic_mir")
        .agrees_with_at_least(500);
}

#[test]
fn real_rankings_give_the_references_values() {
    let family = heldout_retrieval::evaluators();
    real(&family, &case_of("general/trec"), "trec_test", 1e-12, 26);
    real(&family, &case_of("general/epic_mir"), "epic100_retrieval", 1e-12, 6);
}

fn judge(
    id: &str,
    truth: &str,
    params: &[(&str, &str)],
    submission: &str,
    mode: Mode,
) -> Result<Evidence, Faults> {
    let family = heldout_retrieval::evaluators();
    let prepared = prepare(&family, id, &[("main", truth)], params, mode)?;
    let evidence = evaluate(&*prepared, submission)?;
    evidence_keeps_its_word(&*prepared, &evidence);
    Ok(evidence)
}

fn ranked(truth: &str, run: &str) -> Result<Evidence, Faults> {
    judge("retrieval", truth, &[], run, Mode::Strict)
}

/// Lines of a table of the form `{query: {document: number}}`.
fn lines(table: &Value, line: impl Fn(&str, &str, &Value) -> String) -> String {
    let queries = table.as_object().unwrap().iter();
    let lines = queries.flat_map(|(query, documents)| {
        let documents = documents.as_object().unwrap().iter();
        documents.map(|(document, number)| line(query, document, number)).collect::<Vec<_>>()
    });
    lines.collect()
}

#[test]
fn degenerate_rankings_score_as_in_the_reference() {
    for case in conformance::edge::table("trec") {
        let truth =
            lines(&case["qrels"], |query, document, number| format!("{query} 0 {document} {number}\n"));
        let run =
            lines(&case["run"], |query, document, number| format!("{query} Q0 {document} 0 {number} x\n"));
        let of = |mode| values(&judge("retrieval", &truth, &[], &run, mode).unwrap());
        let expected: BTreeMap<&String, f64> = case["expected"]["q"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name, value.as_f64().unwrap()))
            .collect();
        let agrees = |values: &Values| {
            expected.iter().all(|(name, value)| (values[*name].unwrap() - value).abs() < 1e-12)
        };
        assert!(agrees(&of(Mode::Reference)), "{}: {:?}", case["name"], of(Mode::Reference));
        // Scores that are equal as 32-bit floats are not equal as 64-bit ones.
        assert_eq!(agrees(&of(Mode::Strict)), case["name"] != "float32_tie", "{}", case["name"]);
    }
}

#[test]
fn a_ranking_worked_by_hand() {
    let truth = "q 0 a 2\nq 0 b 0\nq 0 c 1\nq 0 d 1\nq 0 e -1\n";
    // Ranked: b (not relevant), a, e (not judged), x (not in the pool), c.
    let run = "q Q0 c 9 1 t\nq Q0 a 9 4.5 t\nq Q0 b 9 5 t\nq Q0 e 9 3 t\nq Q0 x 9 2 t\n";
    let values = values(&ranked(truth, run).unwrap());
    let close = |name: &str, wanted: f64| {
        let found = values[name].unwrap();
        assert!((found - wanted).abs() < 1e-12, "{name}: {found}, not {wanted}");
    };
    close("map", (1.0 / 2.0 + 2.0 / 5.0) / 3.0);
    close("recip_rank", 0.5);
    let log = f64::log2;
    let ideal = 2.0 + 1.0 / log(3.0) + 1.0 / log(4.0);
    close("ndcg", (2.0 / log(3.0) + 1.0 / log(6.0)) / ideal);
    close("ndcg_cut_1", 0.0);
    close("Rprec", 1.0 / 3.0);
    close("bpref", 0.0);
    close("P_5", 0.4);
    close("recall_5", 2.0 / 3.0);
    close("success_1", 0.0);
    close("success_5", 1.0);
    close("set_F", 2.0 * 2.0 / 8.0);
    // Recalls 0 to 0.4 want one document at most (0.4 x 3 rounds to 1), from 0.5 on two, from 0.9 on three.
    close("11pt_avg", (5.0 * 0.5 + 4.0 * 0.4) / 11.0);
    close("gm_map", 0.3);
    close("num_rel", 3.0);
    close("num_rel_ret", 2.0);
}

#[test]
fn csv_says_the_same() {
    let of_lines =
        ranked("q 0 a 2\nq 0 b 0\np 0 a 1\n", "q Q0 b 0 2 t\nq Q0 a 0 1 t\np Q0 c 0 1 t\n").unwrap();
    let truth = "query,document,relevance\nq,a,2\nq,b,0\np,a,1\n";
    let of_csv = ranked(truth, "score,document,query\n2,b,q\n1,a,q\n1,c,p\n").unwrap();
    assert_eq!(of_csv, of_lines);
    let refused = |run: &str| codes(&ranked(truth, run).unwrap_err());
    assert_eq!(refused("query,document,score\nq,a,1\nq,a,2\nq,b,x\n"), ["not_a_number"]);
    assert_eq!(refused("query,document,score\nq,a,1\nq,a,2\n"), ["duplicate_ids"]);
    assert_eq!(refused("query,document\nq,a\n"), ["missing_column"]);
    let twice = "query,document,relevance\nq,a,2\nq,a,0\n";
    assert_eq!(codes(&ranked(twice, "").unwrap_err()), ["duplicate_ids"]);
}

#[test]
fn queries_that_the_run_lacks_count_or_do_not() {
    let (truth, run) = ("q1 0 a 1\nq2 0 a 1\n", "q1 Q0 a 0 1 t\nq3 Q0 a 0 1 t\n");
    let of = |queries: &str| judge("retrieval", truth, &[("queries", queries)], run, Mode::Strict).unwrap();
    assert_eq!(values(&of("judged"))["map"], Some(0.5));
    assert_eq!(values(&of("in_both"))["map"], Some(1.0));
    assert_eq!(values(&of("in_both"))["num_q"], Some(1.0));
    let evidence = of("judged");
    assert_eq!((evidence.notes()[0].code.as_str(), evidence.notes()[0].count), ("unjudged_queries", 1));
}

#[test]
fn the_first_cutoff_ranks() {
    let evidence =
        judge("retrieval", "q 0 a 1\n", &[("cutoffs", "3,1")], "q Q0 a 0 1 t\n", Mode::Strict).unwrap();
    assert_eq!(evidence.metrics()[0].name, "ndcg_cut_3");
    assert!(evidence.metrics().iter().any(|metric| metric.name == "ndcg_cut_1"));
    let refused = judge("retrieval", "q 0 a 1\n", &[("cutoffs", "1.5")], "", Mode::Strict).unwrap_err();
    assert_eq!(codes(&refused), ["invalid_parameter"]);
    let relevant = |level: &str| {
        let params = [("relevance_level", level)];
        values(&judge("retrieval", "q 0 a 1\nq 0 b 2\n", &params, "q Q0 a 0 1 t\n", Mode::Strict).unwrap())["num_rel_ret"]
    };
    assert_eq!((relevant("1"), relevant("2")), (Some(1.0), Some(0.0)));
}

#[test]
fn lines_that_are_wrong_are_refused() {
    let refused = |run: &str| codes(&ranked("q 0 a 1\n", run).unwrap_err());
    assert_eq!(refused(""), ["empty_submission"]);
    assert_eq!(refused("q Q0 a 0 1\n"), ["wrong_shape"]);
    assert_eq!(refused("q Q0 a 0 1 t\nq Q0 b 0 nan t\nq Q0 c 0 x t\n"), ["not_finite", "not_a_number"]);
    assert_eq!(refused("q Q0 a 0 1 t\nq Q0 b 0 1 t\nq Q0 a 0 2 t\n"), ["duplicate_ids"]);
    assert_eq!(refused("x Q0 a 0 1 t\n"), ["unknown_ids"]);
    assert_eq!(refused("PK\x03\x04"), ["wrong_format"]);
    let faults = ranked("q 0 a 1\n", "q Q0 a 0 1 t\n\nq Q0 a 0 2 t\n").unwrap_err();
    assert_eq!(faults.faults[0].place, sdk::Place::Line(3));
    let annotations = |truth: &str| codes(&ranked(truth, "").unwrap_err());
    assert_eq!(annotations("q 0 a\n"), ["wrong_shape"]);
    assert_eq!(annotations("q 0 a 1.5\n"), ["not_a_number"]);
    assert_eq!(annotations("q 0 a 9999999\n"), ["out_of_range"]);
    assert_eq!(annotations("q 0 a 1\nq 0 b 1\nq 0 a 2\n"), ["duplicate_ids"]);
}

const RELEVANCY: &str = "1,0,0.5\n0.5,1,0\n0,0.5,1\n1,0,0\n";
const SIMILARITY: &str = "0.9,0.1,0.4\n0.2,0.8,-0.3\n0.1,0.7,0.6\n0.5,0.1,0.2\n";

fn matrix(submission: &str) -> Result<Evidence, Faults> {
    judge("retrieval_matrix", RELEVANCY, &[], submission, Mode::Strict)
}

/// A matrix as NumPy saves it, by rows or by columns.
fn npy(rows: &[&[f64]], by_column: bool) -> Vec<u8> {
    let (height, width) = (rows.len(), rows[0].len());
    let order = if by_column { "True" } else { "False" };
    let header = format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': ({height}, {width}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    for at in 0..height * width {
        let (row, column) = if by_column { (at % height, at / height) } else { (at / width, at % width) };
        bytes.extend(rows[row][column].to_le_bytes());
    }
    bytes
}

#[test]
fn arrays_of_either_order_score_as_their_rows() {
    let rows: [&[f64]; 4] = [&[0.9, 0.1, 0.4], &[0.2, 0.8, -0.3], &[0.1, 0.7, 0.6], &[0.5, 0.1, 0.2]];
    let of_text = matrix(SIMILARITY).unwrap();
    let family = heldout_retrieval::evaluators();
    let prepared = prepare(&family, "retrieval_matrix", &[("main", RELEVANCY)], &[], Mode::Strict).unwrap();
    for by_column in [false, true] {
        let bytes = npy(&rows, by_column);
        assert_eq!(evaluate_input(&*prepared, &Input::file("s.npy", &bytes)).unwrap(), of_text);
    }
    let mut lying = npy(&rows, false);
    lying.truncate(lying.len() - 1);
    let refused =
        |bytes: &[u8]| codes(&evaluate_input(&*prepared, &Input::file("s.npy", bytes)).unwrap_err());
    assert_eq!(refused(&lying), ["wrong_shape"]);
    assert_eq!(refused(&npy(&[&[f64::NAN, 0.0, 0.0], rows[1], rows[2], rows[3]], false)), ["not_finite"]);
    assert_eq!(refused(b"\x80\x04pickle"), ["wrong_format"]);
}

#[test]
fn a_matrix_worked_by_hand() {
    let evidence = matrix(SIMILARITY).unwrap();
    assert_eq!(evidence.items(), 7);
    let of_row_2 = weighted(&evidence, &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    // The half relevant one is first, the relevant one second, and no other counts.
    let ideal = 1.0 + 0.5 / f64::log2(3.0);
    let close =
        |found: Option<f64>, wanted: f64| assert!((found.unwrap() - wanted).abs() < 1e-12, "{found:?}");
    close(of_row_2["v2t_nDCG"], (0.5 + 1.0 / f64::log2(3.0)) / ideal);
    close(of_row_2["v2t_mAP"], 1.5 / 2.0);
    assert_eq!((of_row_2["t2v_mAP"], of_row_2["avg_mAP"]), (None, None));
    let all = values(&evidence);
    close(all["avg_nDCG"], f64::midpoint(all["v2t_nDCG"].unwrap(), all["t2v_nDCG"].unwrap()));
}

#[test]
fn matrices_that_are_wrong_are_refused() {
    let refused = |text: &str| codes(&matrix(text).unwrap_err());
    assert_eq!(refused("1,2,3\n"), ["wrong_shape"]);
    assert_eq!(refused("1,2,3,4\n1,2,3,4\n1,2,3,4\n"), ["wrong_shape"]);
    assert!(matrix("1,2,3,4\n1,2,3,4\n1,2,3,4\n").unwrap_err().to_string().contains("transposed"));
    assert_eq!(refused("1,2,x\n1,2\n"), ["not_a_number", "wrong_shape"]);
    assert_eq!(refused("1,inf,3\n"), ["not_finite"]);
    let annotations =
        |truth: &str| codes(&judge("retrieval_matrix", truth, &[], "", Mode::Strict).unwrap_err());
    assert_eq!(annotations("1,0\n0,0.5\n"), ["out_of_range", "out_of_range"]);
    assert_eq!(annotations("1,2\n1,1\n"), ["out_of_range"]);
}

#[test]
fn what_is_documented_is_true() {
    is_documented(README, &heldout_retrieval::evaluators());
    let example = |language: &str| {
        let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    ranked(example("qrels"), example("run")).unwrap();
    judge("retrieval_matrix", example("csv"), &[], example("csv"), Mode::Strict).unwrap();
}

/// What there is of a document for a query: its judgement, if any, and its score, if it is returned.
type Document = (Option<i8>, Option<u8>);

fn world(queries: &[Vec<Document>], copies: &[u8], queries_that_count: &str) -> Evidence {
    let (mut truth, mut run) = (Vec::new(), Vec::new());
    for (item, (documents, copies)) in queries.iter().zip(copies).enumerate() {
        for copy in 0..*copies {
            // Every query is judged, and so there is something to count.
            truth.push(format!("q{item}_{copy} 0 judged 0"));
            for (name, (relevance, score)) in documents.iter().enumerate() {
                truth.extend(relevance.map(|relevance| format!("q{item}_{copy} 0 d{name} {relevance}")));
                run.extend(score.map(|score| format!("q{item}_{copy} Q0 d{name} 1 {score} t")));
            }
        }
    }
    run.push("other Q0 d 1 1 t".to_owned());
    let params = [("queries", queries_that_count), ("cutoffs", "2,1")];
    // A run without any query of the task is refused.
    run.extend(
        (0..copies.len()).filter(|item| copies[*item] > 0).map(|item| format!("q{item}_0 Q0 z 1 0.5 t")),
    );
    let evidence = judge("retrieval", &truth.join("\n"), &params, &run.join("\n"), Mode::Strict).unwrap();
    run.reverse();
    let again = judge("retrieval", &truth.join("\n"), &params, &run.join("\n"), Mode::Strict).unwrap();
    assert_eq!(values(&evidence), values(&again), "the order of lines");
    evidence
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn weights_are_copies_of_queries(
        queries in prop::collection::vec(prop::collection::vec((prop::option::of(-1..3_i8), prop::option::of(0..4_u8)), 0..6), 1..5),
        counts in prop::collection::vec(0..2_u8, 5),
        only_in_both in any::<bool>(),
    ) {
        let queries_that_count = if only_in_both { "in_both" } else { "judged" };
        weights_are_copies(&counts[..queries.len()], |copies| world(&queries, copies, queries_that_count));
    }

    #[test]
    fn matrices_score_as_value_by_value(
        (rows, relevancy, similarity) in (1..6_usize, 1..6_usize).prop_flat_map(|(rows, columns)| {
            let values = move |most: u8| prop::collection::vec(prop::collection::vec(0..=most, columns), rows);
            (Just(rows), values(4), values(5))
        }),
    ) {
        let columns = relevancy[0].len();
        let relevancy: Vec<Vec<f64>> = (0..rows).map(|row| {
            // Every row and every column has something that is fully relevant.
            (0..columns).map(|column| if row % columns == column % rows || row == column { 1.0 } else { f64::from(relevancy[row][column]) / 4.0 }).collect()
        }).collect();
        prop_assume!(relevancy.iter().all(|row| row.contains(&1.0)));
        prop_assume!((0..columns).all(|column| relevancy.iter().any(|row| row[column] == 1.0)));
        let text = |rows: &[Vec<f64>]| rows.iter().map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",")).collect::<Vec<_>>().join("\n");
        let similarity: Vec<Vec<f64>> = similarity.iter().map(|row| row.iter().map(|value| f64::from(*value) - 2.0).collect()).collect();
        let found = values(&judge("retrieval_matrix", &text(&relevancy), &[], &text(&similarity), Mode::Strict).unwrap());
        let transposed = |rows: &[Vec<f64>]| (0..columns).map(|column| rows.iter().map(|row| row[column]).collect()).collect::<Vec<Vec<f64>>>();
        let wanted = [
            ("v2t", twin(&relevancy, &similarity)),
            ("t2v", twin(&transposed(&relevancy), &transposed(&similarity))),
        ];
        for (direction, [gain, precision]) in wanted {
            let [of_gain, of_precision] = ["nDCG", "mAP"].map(|measure| found[&format!("{direction}_{measure}")]);
            prop_assert!((of_gain.unwrap() - gain).abs() < 1e-12);
            prop_assert!((of_precision.unwrap() - precision).abs() < 1e-12);
        }
    }
}

/// Gain and precision in the words of the public code, with stable sorts.
fn twin(relevancy: &[Vec<f64>], similarity: &[Vec<f64>]) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (relevancy, similarity) in relevancy.iter().zip(similarity) {
        let mut order: Vec<usize> = (0..relevancy.len()).collect();
        order.sort_by(|a, b| similarity[*b].total_cmp(&similarity[*a]));
        let ranked: Vec<f64> = order.iter().map(|at| relevancy[*at]).collect();
        let mut best = relevancy.clone();
        best.sort_by(|a, b| b.total_cmp(a));
        let relevant = best.iter().filter(|value| **value > 0.0).count();
        let gain = |values: &[f64]| -> f64 {
            values
                .iter()
                .take(relevant)
                .enumerate()
                .map(|(place, value)| value / (place as f64 + 2.0).log2())
                .sum()
        };
        sums[0] += gain(&ranked) / gain(&best);
        let full: Vec<usize> = (0..ranked.len()).filter(|place| ranked[*place] == 1.0).collect();
        let precision =
            full.iter().map(|place| ranked[..=*place].iter().sum::<f64>() / (*place + 1) as f64).sum::<f64>();
        sums[1] += precision / full.len() as f64;
    }
    sums.map(|sum| sum / relevancy.len() as f64)
}

#[test]
fn the_shape_of_a_matrix_is_enough_to_check() {
    let family = heldout_retrieval::evaluators();
    let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == "retrieval_matrix").unwrap();
    let told = |shape: &str| {
        let inputs = sdk::Inputs::main_only(sdk::Input::file("shape.json", shape.as_bytes())).unannotated();
        let prepared =
            evaluator.prepare(&inputs, &sdk::Params::defaults(&evaluator.manifest().params), Mode::Strict);
        prepared.map_err(|faults| codes(&faults.0).join(" "))
    };
    let prepared = told(r#"{"rows": 2, "columns": 1}"#).unwrap();
    assert_eq!(codes(&evaluate(&*prepared, "1,2\n").unwrap_err()), ["wrong_shape"]);
    assert!(evaluate(&*prepared, "1\n2\n").is_ok());
    assert_eq!(told(r#"{"rows": 2}"#).unwrap_err(), "missing_field");
    assert_eq!(told(r#"{"rows": 0, "columns": 1e300}"#).unwrap_err(), "out_of_range wrong_type");
    assert_eq!(told("[2, 1]").unwrap_err(), "wrong_type");
}
