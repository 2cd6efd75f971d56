//! The measures: small pure functions, and what they say on a snapshot.
//!
//! Each file is one measure: a function of plain values with its formula, its source and its edge cases, and how the values come
//! from a snapshot. [`compute`] finds a measure by its id.

use domain::Invalid;
use serde::{Deserialize, Serialize};

use crate::measure::{Definition, MeasureValue, Reading, definition};
use crate::snapshot::{Lists, Snapshot};

pub mod access;
pub mod annotation;
pub mod dynamics;
pub mod participation;
pub mod solidification;
pub mod statistics;
pub mod teams;

/// What a computation may choose; part of the identity of its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// The lists that sectors are read from.
    pub lists: Lists,
    /// How many permutations a permutation test draws: 100 to 100 000.
    pub permutations: u32,
    /// The key of the draws: the same key gives the same result, on every machine.
    pub key: u64,
    /// For how many days people count as active with each other: 1 to 3 660.
    pub window_days: u16,
    /// The last part of an edition's window, above 0 and below 1.
    pub last_part: f64,
    /// The last place of a podium, from 1.
    pub podium: u32,
    /// How many hours before the deadline are looked at one by one: 1 to 1 000.
    pub hours_to_deadline: u16,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            lists: Lists::default(),
            permutations: 2_000,
            key: 0,
            window_days: 30,
            last_part: 0.1,
            podium: 3,
            hours_to_deadline: 72,
        }
    }
}

/// Why nothing is computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No measure has the id.
    #[error("there is no measure {0:?}")]
    Unknown(String),
    /// The measure is computed on other records than a snapshot: on shares of activities and on scores.
    #[error("measure {0} is computed on activities and scores, not on a snapshot of participation")]
    NotOfSnapshots(&'static str),
    /// A parameter cannot be worked with.
    #[error(transparent)]
    Parameter(#[from] Invalid),
}

/// What a measure says on a snapshot.
pub fn compute(id: &str, snapshot: &Snapshot, parameters: &Parameters) -> Result<MeasureValue, Refusal> {
    let definition = definition(id).ok_or_else(|| Refusal::Unknown(id.to_owned()))?;
    parameters.check()?;
    let measure = measure_of(definition.id).ok_or(Refusal::NotOfSnapshots(definition.id))?;
    let mut panel = Panel { definition, readings: Vec::new() };
    measure(snapshot, parameters, &mut panel);
    Ok(MeasureValue {
        measure: definition.id.to_owned(),
        version: definition.version,
        readings: panel.readings,
    })
}

/// Writes the readings of a measure on a snapshot.
type Measure = fn(&Snapshot, &Parameters, &mut Panel);

fn measure_of(id: &str) -> Option<Measure> {
    [
        participation::MEASURES,
        teams::MEASURES,
        dynamics::MEASURES,
        annotation::MEASURES,
        solidification::MEASURES,
        access::MEASURES,
    ]
    .into_iter()
    .flatten()
    .find(|(known, _)| *known == id)
    .map(|(_, measure)| *measure)
}

/// The readings of one measure, withheld where its definition says so.
struct Panel {
    definition: &'static Definition,
    readings: Vec<Reading>,
}

impl Panel {
    /// Adds a reading, withheld below the measure's least number of units.
    fn push(&mut self, reading: Reading) {
        self.readings.push(reading.withheld_below(self.definition.min_n));
    }

    /// Adds a reading that is public whatever it stands on: a winner, a published count.
    fn push_open(&mut self, reading: Reading) {
        self.readings.push(reading);
    }
}

impl Parameters {
    fn check(&self) -> Result<(), Invalid> {
        let rules = [
            ("permutations", (100..=100_000).contains(&self.permutations), "must be 100 to 100000"),
            ("window_days", (1..=3_660).contains(&self.window_days), "must be 1 to 3660"),
            ("last_part", self.last_part > 0.0 && self.last_part < 1.0, "must be above 0 and below 1"),
            ("podium", self.podium > 0, "must count from 1"),
            ("hours_to_deadline", (1..=1_000).contains(&self.hours_to_deadline), "must be 1 to 1000"),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((field, _, rule)) => Err(Invalid::new(field, rule)),
            None => Ok(()),
        }
    }
}

/// `part` of `whole`; nothing of nothing has no share.
fn share_of(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests;
