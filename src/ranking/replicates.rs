//! Replicate vectors: the value of a metric in every bootstrap replicate of a split.
//!
//! They are made once, when a submission is scored, from its evidence under the counts of the split's draws.
//! Every interval, paired comparison and rank set is then a function of stored vectors: all submissions on a split share
//! the draws, so that entry `b` of one vector and entry `b` of another were drawn from the same units.
//! It works for whatever metric the evidence can score under weights; what was drawn twice counts as if it had been copied.
//!
//! # Undefined replicates
//! A metric may have no value in a replicate: no positive was drawn, or one class only.
//! Such a replicate is kept at its place as NaN, and everything that reads replicates says what it does with it.

use sdk::evidence::{Block, Evidence, Score, Term};
use sdk::limits::{Limits, Stopped};

use crate::draws::Key;
use crate::level::Replications;
use crate::resampling::{LANES, Resampling};

/// The values of one metric of one submission on one split, replicate by replicate.
#[derive(Debug, Clone, Default)]
pub struct Replicates {
    values: Vec<f64>,
}

/// Why there are no replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplicateError {
    /// Evidence and split are not of the same items.
    #[error("evidence of {found} items for a split of {expected}")]
    Items {
        /// How many items the split knows.
        expected: usize,
        /// How many items the evidence has.
        found: usize,
    },
    /// Stored bytes are no vector of 64-bit floats, or one of them is infinite.
    #[error("these bytes are no replicates")]
    Bytes,
    /// Whoever asked for replicates wants no more of them.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl Replicates {
    /// Replicates as they were drawn; what is not a finite number counts as undefined.
    pub fn new(mut values: Vec<f64>) -> Self {
        for value in &mut values {
            if !value.is_finite() {
                *value = f64::NAN;
            }
        }
        Self { values }
    }

    /// The value in every replicate, NaN where it is undefined.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many replicates there are, undefined ones included.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many replicates are undefined.
    pub fn undefined(&self) -> usize {
        self.values.iter().filter(|value| value.is_nan()).count()
    }

    /// The defined values, ascending.
    pub fn sorted(&self) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }

    /// Eight bytes for every replicate, little endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    /// Reads what [`Replicates::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReplicateError> {
        let (values, rest) = bytes.as_chunks::<8>();
        let values: Vec<f64> = values.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
        if !rest.is_empty() || values.iter().any(|value| value.is_infinite()) {
            return Err(ReplicateError::Bytes);
        }
        Ok(Self::new(values))
    }
}

/// Replicates that are the same bit by bit, undefined ones at the same places.
impl PartialEq for Replicates {
    fn eq(&self, other: &Self) -> bool {
        self.values.iter().map(|value| value.to_bits()).eq(other.values.iter().map(|value| value.to_bits()))
    }
}

/// The replicates of every metric of a submission's evidence on a split, in the order of its metrics.
///
/// A metric that the evaluator made replicates of itself has those, if the split is all items and there are as many; a
/// metric of which there is neither evidence nor replicates has nothing: its uncertainty is not estimated.
/// Nor is anything where nothing is left to chance, as with a single unit: equal replicates would look like certainty.
/// The limits are asked every few replicates whether to go on.
///
/// # Errors
/// Evidence of another number of items, and a halt by the limits.
pub fn replicates(
    evidence: &Evidence,
    split: &Resampling,
    key: Key,
    count: Replications,
    limits: &Limits,
) -> Result<Vec<Option<Replicates>>, ReplicateError> {
    let mut all = replicates_of_all(&[evidence], split, key, count, limits)?;
    Ok(all.pop().unwrap_or_default())
}

/// The replicates of several submissions on one split: each draw is made once for all.
///
/// # Errors
/// As [`replicates`].
pub fn replicates_of_all(
    evidence: &[&Evidence],
    split: &Resampling,
    key: Key,
    count: Replications,
    limits: &Limits,
) -> Result<Vec<Vec<Option<Replicates>>>, ReplicateError> {
    for evidence in evidence {
        same_items(evidence, split)?;
    }
    if !split.varies() {
        return Ok(evidence.iter().map(|evidence| vec![None; evidence.metrics().len()]).collect());
    }
    let mut found: Vec<Columns> =
        evidence.iter().map(|evidence| Columns::new(evidence, split, count.get())).collect();
    let mut scorers: Vec<_> = evidence.iter().map(|evidence| evidence.scorer()).collect();
    let (mut counts, mut lanes) = (Vec::new(), Vec::new());
    for first in (0..count.get()).step_by(LANES) {
        split.lanes(key, first as u64, &mut counts, &mut lanes);
        for (columns, scorer) in found.iter_mut().zip(&mut scorers) {
            limits.check()?;
            columns.take(scorer.score_lanes(&lanes, split.is_whole().then_some(first)), count.get() - first);
        }
    }
    Ok(found.into_iter().map(Columns::finish).collect())
}

/// The values of every metric with one unit of the split left out, unit by unit: what acceleration is computed from.
///
/// Nothing for a metric that is undefined without some unit, or has no evidence.
/// This takes as many scores as there are units, and so a time that grows with their square.
///
/// # Errors
/// As [`replicates`].
pub fn jackknife(
    evidence: &Evidence,
    split: &Resampling,
    limits: &Limits,
) -> Result<Vec<Option<Vec<f64>>>, ReplicateError> {
    same_items(evidence, split)?;
    let mut found = Columns { estimated: vec![true; evidence.metrics().len()], values: Vec::new() };
    found.values.resize(evidence.metrics().len(), Vec::with_capacity(split.unit_count()));
    let (mut scorer, mut lanes) = (evidence.scorer(), Vec::new());
    for first in (0..split.unit_count()).step_by(LANES) {
        limits.check()?;
        split.lanes_without(first, &mut lanes);
        found.take(scorer.score_lanes(&lanes, None), split.unit_count() - first);
    }
    let values = found.values.into_iter();
    Ok(values.map(|values| values.iter().all(|value| !value.is_nan()).then_some(values)).collect())
}

fn same_items(evidence: &Evidence, split: &Resampling) -> Result<(), ReplicateError> {
    match (split.item_count(), evidence.items()) {
        (expected, found) if expected == found => Ok(()),
        (expected, found) => Err(ReplicateError::Items { expected, found }),
    }
}

/// The columns of replicates that are being filled, one per metric.
struct Columns {
    estimated: Vec<bool>,
    values: Vec<Vec<f64>>,
}

impl Columns {
    fn new(evidence: &Evidence, split: &Resampling, count: usize) -> Self {
        let estimated = estimated(evidence, split, count);
        Self { values: vec![Vec::with_capacity(count); estimated.len()], estimated }
    }

    /// Takes the scores of the next replicates, of which so many count.
    fn take(&mut self, scores: &[[Score; LANES]], left: usize) {
        for (column, scores) in self.values.iter_mut().zip(scores) {
            let values = scores.iter().take(left).map(|score| score.value().unwrap_or(f64::NAN));
            column.extend(values);
        }
    }

    fn finish(self) -> Vec<Option<Replicates>> {
        let columns = self.values.into_iter().zip(self.estimated);
        columns.map(|(values, estimated)| estimated.then_some(Replicates { values })).collect()
    }
}

/// Which metrics have a value under other weights than one, or replicates that their evaluator made.
fn estimated(evidence: &Evidence, split: &Resampling, count: usize) -> Vec<bool> {
    let known = |block: &Block| match block {
        Block::Opaque(block) => match &block.replicates {
            Some(replicates) => split.is_whole() && replicates.nrows() == count,
            None => false,
        },
        _ => true,
    };
    let mut estimated: Vec<bool> = Vec::with_capacity(evidence.metrics().len());
    for metric in evidence.metrics() {
        let all = metric.terms.iter().all(|term| match term {
            Term::Output { block, .. } => evidence.blocks().get(*block as usize).is_some_and(known),
            Term::Metric(earlier) => estimated.get(*earlier as usize).copied().unwrap_or(false),
        });
        estimated.push(all);
    }
    estimated
}
