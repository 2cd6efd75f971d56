//! The score sheet: which metrics a program has, and what they are scored on.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::{Array1, Array2};
use sdk::evidence::Ratio;
use sdk::{Code, Direction, Evidence, Fault, Faults, Items, Metric};
use serde::{Deserialize, Serialize};

use crate::SPLIT_ATTRIBUTE;

/// The largest number of metrics and of splits.
const MOST: usize = 256;

/// The most digits behind the point that are shown.
const MOST_DECIMALS: u8 = 15;

/// A sheet as its file says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The metrics, the primary one first; never empty.
    pub metrics: Vec<SheetMetric>,
    /// The names of splits as the program writes them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<String>,
    /// The names of items, where it tells of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
}

/// A metric of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetMetric {
    /// Its name, as the program writes it.
    pub name: String,
    /// Its heading; the name where it is empty.
    #[serde(default)]
    pub label: String,
    /// Whether more is better.
    #[serde(default = "yes")]
    pub higher_is_better: bool,
    /// How many digits behind the point are shown, 0 to 15.
    #[serde(default = "usual_decimals")]
    pub decimals: u8,
    /// What it measures.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// How it is computed from others; absent where the program writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computation: Option<Computation>,
}

/// A metric that is computed from others of the same split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Computation {
    /// How.
    pub operation: Operation,
    /// Of which, by name: metrics that the program writes; never empty.
    pub of: Vec<String>,
}

/// How several values become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
    /// The least of them.
    Minimum,
    /// The largest of them.
    Maximum,
}

impl Operation {
    fn of(self, values: &[f64]) -> f64 {
        let sum = || values.iter().sum::<f64>();
        match self {
            Self::Mean => sum() / values.len() as f64,
            Self::Sum => sum(),
            Self::Minimum => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Maximum => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// What the numbers of a program are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScoredBy {
    /// One number for a split.
    Split,
    /// One for an item.
    Item,
}

fn yes() -> bool {
    true
}

fn usual_decimals() -> u8 {
    2
}

impl Sheet {
    /// Reads a sheet; every contradiction at once.
    pub fn read(bytes: &[u8]) -> Result<Self, Faults> {
        let sheet: Self = serde_json::from_slice(bytes).map_err(|error| {
            Faults::one(Fault::whole(Code::InvalidJson, error.to_string(), "a score sheet", "something else"))
        })?;
        let problems = sheet.problems();
        if problems.is_empty() {
            return Ok(sheet);
        }
        let faults = problems
            .into_iter()
            .map(|problem| Fault::whole(Code::WrongShape, problem, "a score sheet", "a contradiction"))
            .collect::<Vec<_>>();
        Err(Faults { fault_count: faults.len() as u64, faults })
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.metrics.is_empty() || self.metrics.len() > MOST {
            problems.push(format!("there must be at least one metric, and at most {MOST}"));
        }
        if (self.splits.is_empty() && self.items.is_empty()) || self.splits.len() > MOST {
            problems.push(format!("there must be splits or items, and at most {MOST} splits"));
        }
        let names = self.metrics.iter().map(|metric| metric.name.as_str());
        for (what, list) in [
            ("metric", names.collect::<Vec<_>>()),
            ("split", self.splits.iter().map(String::as_str).collect()),
            ("item", self.items.iter().map(String::as_str).collect()),
        ] {
            let mut seen = BTreeSet::new();
            for name in list {
                if name.is_empty() || name.len() > 1_000 {
                    problems.push(format!("the name of a {what} must have 1 to 1000 bytes"));
                } else if !seen.insert(name) {
                    problems.push(format!("the {what} {} is there twice", sdk::text::quoted(name)));
                }
            }
        }
        if self.metrics.iter().any(|metric| metric.decimals > MOST_DECIMALS) {
            problems.push(format!("at most {MOST_DECIMALS} digits behind the point can be shown"));
        }
        for metric in &self.metrics {
            let Some(computation) = &metric.computation else { continue };
            let is_written = |name: &String| {
                self.metrics.iter().any(|other| other.name == *name && other.computation.is_none())
            };
            if computation.of.is_empty() || !computation.of.iter().all(is_written) {
                let name = sdk::text::quoted(&metric.name);
                problems.push(format!("{name} must be computed from metrics that the program writes"));
            }
        }
        problems
    }

    /// The numbers of a program as evidence: one item for a split, a metric that is not there undefined.
    ///
    /// Splits and metrics that the sheet does not have are passed over: whoever read the answer has judged them.
    pub fn evidence(&self, scores: &BTreeMap<String, BTreeMap<String, f64>>) -> Evidence {
        let mut evidence = Evidence::new(self.splits.len());
        for metric in &self.metrics {
            let values: Vec<Option<f64>> =
                self.splits.iter().map(|split| metric.value(scores.get(split)?)).collect();
            // A ratio of the value to one is the value; of nothing to nothing it is undefined.
            let numerators =
                Array2::from_shape_fn((values.len(), 1), |(item, _)| values[item].unwrap_or(0.0));
            let denominators =
                Array1::from_iter(values.iter().map(|value| f64::from(u8::from(value.is_some()))));
            let block = evidence.block(Ratio { numerators, denominators });
            evidence.metric(&metric.name, 1.0, block.output(0));
        }
        evidence
    }

    /// What is scored.
    pub fn scored_by(&self) -> ScoredBy {
        if self.items.is_empty() { ScoredBy::Split } else { ScoredBy::Item }
    }

    pub(crate) fn items(&self) -> Items {
        match self.scored_by() {
            ScoredBy::Item => Items::ungrouped(self.items.iter().map(String::as_str).collect::<sdk::Ids>()),
            ScoredBy::Split => {
                let mut items =
                    Items::ungrouped(self.splits.iter().map(String::as_str).collect::<sdk::Ids>());
                items.set_attribute(SPLIT_ATTRIBUTE, self.splits.iter().map(Some));
                items
            }
        }
    }

    pub(crate) fn metrics(&self) -> Vec<Metric> {
        let metric = |metric: &SheetMetric| Metric {
            name: metric.name.clone(),
            label: if metric.label.is_empty() { metric.name.clone() } else { metric.label.clone() },
            unit: String::new(),
            direction: if metric.higher_is_better { Direction::Higher } else { Direction::Lower },
            minimum: None,
            maximum: None,
            decimals: metric.decimals,
            description: metric.description.clone(),
        };
        self.metrics.iter().map(metric).collect()
    }
}

impl SheetMetric {
    /// The value for a split, as far as the program's numbers say it.
    fn value(&self, written: &BTreeMap<String, f64>) -> Option<f64> {
        let value = match &self.computation {
            None => written.get(&self.name).copied()?,
            Some(Computation { operation, of }) => {
                let values: Option<Vec<f64>> = of.iter().map(|name| written.get(name).copied()).collect();
                operation.of(&values?)
            }
        };
        value.is_finite().then_some(value)
    }
}
