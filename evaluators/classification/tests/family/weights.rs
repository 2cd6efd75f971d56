//! Weights mean what they say: masks are subsets, whole numbers are repetitions, and the order of rows means nothing.

use conformance::task::{evaluate, evidence_keeps_its_word, values, weights_are_copies};
use proptest::prelude::*;
use sdk::{Evidence, Mode};

use crate::support::prepare;

/// A task with made-up rows: the truth and the prediction of every item, as the cells after the id.
#[derive(Debug, Clone)]
struct Task {
    id: &'static str,
    params: Vec<(&'static str, &'static str)>,
    truth_header: &'static str,
    submission_header: &'static str,
    rows: Vec<(String, String)>,
}

const CLASSES: [&str; 4] = ["c0", "c1", "c2", "c3"];

impl Task {
    /// Every row so many times, and the rows of the submission in order or against it.
    fn evidence(&self, copies: &[u8], reversed: bool) -> Evidence {
        let rows = self.rows.iter().zip(copies);
        let rows = rows.flat_map(|(row, copies)| std::iter::repeat_n(row, usize::from(*copies)));
        let (mut truth, mut sent) = (self.truth_header.to_owned(), Vec::new());
        for (number, (label, prediction)) in rows.enumerate() {
            truth += &format!("\ni{number},{label}");
            sent.push(format!("\ni{number},{prediction}"));
        }
        if reversed {
            sent.reverse();
        }
        let prepared = prepare(self.id, &truth, &self.params, Mode::Strict).unwrap();
        let evidence = evaluate(&*prepared, &(self.submission_header.to_owned() + &sent.concat())).unwrap();
        evidence_keeps_its_word(&*prepared, &evidence);
        evidence
    }

    fn check(&self, weights: &[u8]) {
        let once = vec![1; self.rows.len()];
        let [forth, back] = [false, true].map(|reversed| values(&self.evidence(&once, reversed)));
        assert_eq!(forth, back, "the order of rows");
        weights_are_copies(weights, |copies| self.evidence(copies, false));
    }
}

/// Numbers with many ties.
fn coarse() -> impl Strategy<Value = f64> {
    (0..=8_u8).prop_map(|eighths| f64::from(eighths) / 8.0)
}

fn label() -> impl Strategy<Value = String> {
    prop::sample::select(CLASSES.to_vec()).prop_map(str::to_owned)
}

fn probabilities() -> impl Strategy<Value = String> {
    prop::array::uniform4(1..=4_u8).prop_map(|parts| {
        let sum: f64 = parts.iter().map(|part| f64::from(*part)).sum();
        parts.map(|part| (f64::from(part) / sum).to_string()).join(",")
    })
}

fn rows(
    truth: impl Strategy<Value = String>,
    prediction: impl Strategy<Value = String>,
) -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((truth, prediction), 1..24)
}

fn weights() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..4_u8, 24)
}

const LISTED: (&str, &str) = ("classes", "c0,c1,c2,c3");

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn labels(rows in rows(label(), label()), weights in weights()) {
        for params in [vec![], vec![LISTED]] {
            let id = "classification_label";
            let task = Task { id, params, truth_header: "id,label", submission_header: "id,label", rows: rows.clone() };
            task.check(&weights[..rows.len()]);
        }
    }

    #[test]
    fn probabilities_of_classes(rows in rows(label(), probabilities()), weights in weights()) {
        let task = Task {
            id: "classification_probability",
            params: vec![LISTED, ("top_k", "1,2,4")],
            truth_header: "id,label",
            submission_header: "id,c0,c1,c2,c3",
            rows: rows.clone(),
        };
        task.check(&weights[..rows.len()]);
    }

    #[test]
    fn binary_scores(
        rows in rows(prop::bool::ANY.prop_map(|yes| u8::from(yes).to_string()), coarse().prop_map(|score| score.to_string())),
        weights in weights(),
    ) {
        let task = Task {
            id: "classification_binary",
            params: vec![("max_fpr", "0.3")],
            truth_header: "id,label",
            submission_header: "id,score",
            rows: rows.clone(),
        };
        task.check(&weights[..rows.len()]);
    }

    #[test]
    fn several_labels(
        rows in rows(
            prop::sample::subsequence(CLASSES.to_vec(), 0..=4).prop_map(|labels| labels.join("|")),
            prop::array::uniform4(coarse()).prop_map(|scores| scores.map(|score| score.to_string()).join(",")),
        ),
        weights in weights(),
    ) {
        let task = Task {
            id: "classification_multilabel",
            params: vec![LISTED],
            truth_header: "id,labels",
            submission_header: "id,c0,c1,c2,c3",
            rows: rows.clone(),
        };
        task.check(&weights[..rows.len()]);
    }
}
