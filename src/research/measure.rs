//! What a measure is: its definition, and the values that it takes on a snapshot.
//!
//! A value is never shown alone: it stands with what it was counted on, its bounds or interval, and it is withheld where too few
//! people or teams stand behind it.
//! There is no measure that adds others up: panels stand side by side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod definitions;
#[cfg(test)]
mod tests;

/// What a measure means, and who may see its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The short name in formulas and addresses: a letter of the family and a number.
    pub id: &'static str,
    /// Counts up with every change of the formula.
    pub version: u32,
    /// The name.
    pub title: &'static str,
    /// What is computed; `x_(i)` are values in ascending order, `s_i` shares, `n` contributing units.
    pub formula: &'static str,
    /// The records that it is computed on.
    pub data: &'static str,
    /// What its values are measured in, and their range.
    pub unit: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
    /// Who may see its values.
    pub privacy: Privacy,
    /// What the class means for this measure.
    pub rule: &'static str,
    /// Fewer contributing units than this are withheld; 0 where nobody stands behind them.
    pub min_n: u64,
    /// What the units are.
    pub counted: &'static str,
}

/// Who may see a measure's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Anybody: no person stands behind it.
    Open,
    /// Anybody: it says only what the leaderboard shows anyway.
    TeamPublic,
    /// Anybody, after merging, suppression and audit.
    Aggregate,
    /// Researchers with an approved request.
    Restricted,
    /// Nobody.
    Never,
}

/// One number of a measure: a statistic of something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which of the measure's numbers (`gini`, `share`).
    pub statistic: String,
    /// What it is a number of: a dimension and its value (`edition` and the edition's id, `sector` and its code).
    pub of: BTreeMap<String, String>,
    /// How many units contribute; [`Definition::counted`] says which.
    pub n: u64,
    /// The number, or why there is none.
    pub quantity: Quantity,
}

/// A number, how certain it is, or why it is absent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Quantity {
    /// A number that follows from the records.
    Exact {
        /// The number; finite.
        value: f64,
    },
    /// A number that was estimated: it lies in the interval with the probability of the level.
    Estimated {
        /// The estimate.
        value: f64,
        /// Where the interval begins.
        lower: f64,
        /// Where it ends.
        upper: f64,
    },
    /// The records only say between what the number lies.
    Bounded {
        /// The number under the main reading of the records, if there is one.
        value: Option<f64>,
        /// The least that the records allow.
        lower: f64,
        /// The most that they allow.
        upper: f64,
    },
    /// Fewer units than the measure needs stand behind it.
    Suppressed {
        /// How many are needed.
        fewer_than: u64,
    },
    /// The formula has no value here: a share of nothing.
    Undefined,
}

/// What a measure says on one snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureValue {
    /// The measure.
    pub measure: String,
    /// The version of its formula.
    pub version: u32,
    /// Its numbers.
    pub readings: Vec<Reading>,
}

/// Every measure, in the order of its family.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    definitions::all()
}

/// The measure of an id.
pub fn definition(id: &str) -> Option<&'static Definition> {
    definitions().find(|definition| definition.id == id)
}

impl Definition {
    /// The readings as they may be shown: what stands on fewer than [`Self::min_n`] units is withheld, and so is how many they were.
    pub fn value(&self, readings: Vec<Reading>) -> MeasureValue {
        let readings = readings.into_iter().map(|reading| reading.withheld_below(self.min_n)).collect();
        MeasureValue { measure: self.id.to_owned(), version: self.version, readings }
    }
}

impl Reading {
    /// A number that follows from the records of `n` units; what is not finite is undefined.
    pub fn exact(statistic: &str, n: usize, value: impl Into<Option<f64>>) -> Self {
        let quantity = match value.into() {
            Some(value) if value.is_finite() => Quantity::Exact { value },
            _ => Quantity::Undefined,
        };
        Self { statistic: statistic.to_owned(), of: BTreeMap::new(), n: n as u64, quantity }
    }

    /// A number with the interval, or the bounds, in which it lies.
    pub fn new(statistic: &str, n: usize, quantity: Quantity) -> Self {
        Self { statistic: statistic.to_owned(), of: BTreeMap::new(), n: n as u64, quantity }
    }

    /// The same number, of something.
    #[must_use]
    pub fn of(mut self, dimension: &str, value: impl Into<String>) -> Self {
        self.of.insert(dimension.to_owned(), value.into());
        self
    }

    /// The number, if there is one to show.
    pub fn value(&self) -> Option<f64> {
        match self.quantity {
            Quantity::Exact { value } | Quantity::Estimated { value, .. } => Some(value),
            Quantity::Bounded { value, .. } => value,
            Quantity::Suppressed { .. } | Quantity::Undefined => None,
        }
    }

    /// The interval or the bounds in which the number lies, if it has any to show.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        match self.quantity {
            Quantity::Estimated { lower, upper, .. } | Quantity::Bounded { lower, upper, .. } => {
                Some((lower, upper))
            }
            Quantity::Exact { .. } | Quantity::Suppressed { .. } | Quantity::Undefined => None,
        }
    }

    /// The reading, withheld where fewer than `least` units contribute.
    ///
    /// The count goes too: how few they are is what must not be told.
    #[must_use]
    pub fn withheld_below(mut self, least: u64) -> Self {
        if self.n < least && !matches!(self.quantity, Quantity::Suppressed { .. }) {
            self.n = 0;
            self.quantity = Quantity::Suppressed { fewer_than: least };
        }
        self
    }
}
