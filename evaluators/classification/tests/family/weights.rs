//! Weights mean what they say: masks are subsets, whole numbers are repetitions, and the order of rows means nothing.

use proptest::prelude::*;
use sdk::Mode;

use crate::support::{Values, all, assert_close, evaluate, prepare, weighted};

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
    fn files<'r>(&self, rows: impl Iterator<Item = &'r (String, String)>) -> (String, String) {
        let mut files = (self.truth_header.to_owned(), self.submission_header.to_owned());
        for (number, (truth, prediction)) in rows.enumerate() {
            files.0 += &format!("\ni{number},{truth}");
            files.1 += &format!("\ni{number},{prediction}");
        }
        files
    }

    /// The metrics of a task that consists of these rows.
    fn values<'r>(&self, rows: impl Iterator<Item = &'r (String, String)>) -> Values {
        let (truth, submission) = self.files(rows);
        let prepared = prepare(self.id, &truth, &self.params, Mode::Strict).unwrap();
        all(&evaluate(prepared.as_ref(), &submission).unwrap())
    }

    fn check(&self, weights: &[u8]) {
        let (truth, submission) = self.files(self.rows.iter());
        let prepared = prepare(self.id, &truth, &self.params, Mode::Strict).unwrap();
        let evidence = evaluate(prepared.as_ref(), &submission).unwrap();

        let mut lines: Vec<&str> = submission.lines().collect();
        lines[1..].reverse();
        let reversed = evaluate(prepared.as_ref(), &lines.join("\n")).unwrap();
        assert_eq!(all(&reversed), all(&evidence), "the order of rows");

        let bytes = evidence.to_bytes().unwrap();
        assert_eq!(all(&sdk::Evidence::from_bytes(&bytes).unwrap()), all(&evidence), "stored evidence");

        for metric in prepared.metrics() {
            if let Some(value) = all(&evidence)[&metric.name] {
                assert!(
                    metric.minimum.is_none_or(|minimum| value >= minimum - 1e-12),
                    "{} {value}",
                    metric.name
                );
                assert!(
                    metric.maximum.is_none_or(|maximum| value <= maximum + 1e-12),
                    "{} {value}",
                    metric.name
                );
            }
        }

        let repeated = self.rows.iter().zip(weights).flat_map(|(row, count)| (0..*count).map(move |_| row));
        if repeated.clone().next().is_some() {
            let weights: Vec<f64> = weights.iter().map(|count| f64::from(*count)).collect();
            assert_close(&weighted(&evidence, &weights), &self.values(repeated));
        }
        let kept = self.rows.iter().zip(weights).filter(|(_, count)| **count > 0).map(|(row, _)| row);
        if kept.clone().next().is_some() {
            let mask: Vec<f64> = weights.iter().map(|count| f64::from(u8::from(*count > 0))).collect();
            assert_close(&weighted(&evidence, &mask), &self.values(kept));
        }
        let nothing = weighted(&evidence, &vec![0.0; self.rows.len()]);
        assert!(nothing.values().all(Option::is_none), "{nothing:?}");
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
