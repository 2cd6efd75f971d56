//! What `evaluate()` returned, believed as far as it makes sense.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::contracts::FailureCode;

/// The scores of one split.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitScores {
    /// The codename of the split.
    pub split: String,
    /// Every metric that was returned, finite.
    pub metrics: BTreeMap<String, f64>,
    /// The errors of metrics, under the metrics' names, where the program gave them.
    pub errors: BTreeMap<String, f64>,
}

/// What `evaluate()` returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    /// The scores, one row for a split.
    pub splits: Vec<SplitScores>,
    /// Keys after the first of an element, which do not count.
    pub ignored: Vec<String>,
    /// For the contestant.
    pub submission_result: Value,
    /// For the organizer.
    pub submission_metadata: Value,
}

/// One thing that is wrong with what `evaluate()` returned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResultFault {
    /// It is not what a result is made of.
    #[error("the result must be a list of {{split: {{metric: number}}}}; {place} is of type {kind}")]
    Shape {
        /// Where.
        place: String,
        /// What is there.
        kind: String,
    },
    /// A split that the phase does not have.
    #[error(
        "split {split:?}: no such relation between challenge phase and dataset split; this phase has {known}"
    )]
    UnknownSplit {
        /// The name that was returned.
        split: String,
        /// Those that there are.
        known: String,
    },
    /// A split that was returned twice.
    #[error("split {0:?} is there twice")]
    RepeatedSplit(String),
    /// A value that is no finite number.
    #[error("split {split:?}, metric {metric:?}: a finite number is wanted, not {kind}")]
    NoNumber {
        /// The split.
        split: String,
        /// The metric.
        metric: String,
        /// What is there.
        kind: String,
    },
    /// The file itself is damaged.
    #[error("the result cannot be read: {0}")]
    Damaged(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Failed {
        failed: String,
        error: String,
        message: String,
        traceback: String,
    },
    Returned {
        rows: Rows,
        errors: Rows,
        submission_result: Value,
        submission_metadata: Value,
    },
    Imported {
        #[expect(dead_code, reason = "that it is there says everything")]
        imported: bool,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rows {
    List(Vec<Row>),
    Other { kind: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Split { split: String, metrics: Vec<(String, Number)>, ignored: Vec<String> },
    Other { kind: String, split: Option<String> },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Other { kind: String },
}

/// What the driver says went wrong, if it says so.
pub(super) fn failure_of(bytes: &[u8]) -> Option<(FailureCode, String)> {
    let Ok(Written::Failed { failed, error, message, traceback }) = serde_json::from_slice(bytes) else {
        return None;
    };
    Some(match failed.as_str() {
        "import" => (
            FailureCode::NotLoadable,
            format!("the package cannot be imported: {error}: {message}\n{traceback}"),
        ),
        "evaluate" => (FailureCode::Crashed, format!("evaluate() raised {error}: {message}\n{traceback}")),
        _ => (FailureCode::UnusableResult, format!("evaluate() returned {error}: {message}")),
    })
}

/// Reads what the driver wrote, for a phase with these splits. All faults at once.
pub fn read_answer(bytes: &[u8], splits: &[String]) -> Result<Evaluated, Vec<ResultFault>> {
    let written =
        serde_json::from_slice(bytes).map_err(|error| vec![ResultFault::Damaged(error.to_string())])?;
    let Written::Returned { rows, errors, submission_result, submission_metadata } = written else {
        return Err(vec![ResultFault::Damaged("it is not what was asked for".to_owned())]);
    };
    let mut reading = Reading { splits, faults: Vec::new(), ignored: Vec::new() };
    let mut found = reading.rows("result", rows);
    for row in reading.rows("error", errors) {
        // Errors of what has no score have no place.
        if let Some(split) = found.iter_mut().find(|split| split.split == row.split) {
            let named = |(name, value): (String, f64)| Some((name.strip_prefix("error_")?.to_owned(), value));
            split.errors = row.metrics.into_iter().filter_map(named).collect();
        }
    }
    if !reading.faults.is_empty() {
        return Err(reading.faults);
    }
    Ok(Evaluated { splits: found, ignored: reading.ignored, submission_result, submission_metadata })
}

struct Reading<'s> {
    splits: &'s [String],
    faults: Vec<ResultFault>,
    ignored: Vec<String>,
}

impl Reading<'_> {
    fn rows(&mut self, place: &str, rows: Rows) -> Vec<SplitScores> {
        let mut found: Vec<SplitScores> = Vec::new();
        let list = match rows {
            Rows::List(list) => list,
            Rows::Other { kind } => {
                self.faults.push(ResultFault::Shape { place: format!("{place:?}"), kind });
                return found;
            }
        };
        for (index, row) in list.into_iter().enumerate() {
            let (split, metrics, ignored) = match row {
                Row::Split { split, metrics, ignored } => (split, metrics, ignored),
                Row::Other { kind, split } => {
                    let place = match split {
                        Some(split) => format!("what {split:?} has in {place:?}[{index}]"),
                        None => format!("{place:?}[{index}]"),
                    };
                    self.faults.push(ResultFault::Shape { place, kind });
                    continue;
                }
            };
            self.ignored.extend(ignored);
            if !self.splits.contains(&split) {
                let known = format!("{:?}", self.splits);
                self.faults.push(ResultFault::UnknownSplit { split: split.clone(), known });
            } else if found.iter().any(|row| row.split == split) {
                self.faults.push(ResultFault::RepeatedSplit(split.clone()));
            }
            let metrics = self.numbers(&split, metrics);
            found.push(SplitScores { split, metrics, errors: BTreeMap::new() });
        }
        found
    }

    fn numbers(&mut self, split: &str, metrics: Vec<(String, Number)>) -> BTreeMap<String, f64> {
        let mut numbers = BTreeMap::new();
        for (metric, number) in metrics {
            match number {
                Number::Finite(number) => {
                    numbers.insert(metric, number);
                }
                Number::Other { kind } => {
                    self.faults.push(ResultFault::NoNumber { split: split.to_owned(), metric, kind });
                }
            }
        }
        numbers
    }
}
