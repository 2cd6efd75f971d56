//! What a score is uncertain by, drawn from stored evidence: the same bits whenever and wherever it is drawn.

use domain::ranking_rule::ResamplingRule;
use domain::{EvaluationId, SplitId};
use ranking::contributions::few_items_interval;
use ranking::draws::Key;
use ranking::level::Replications;
use ranking::replicates::{ReplicateError, Replicates, replicates};
use ranking::resampling::{Resampling, ResamplingError};
use sdk::evidence::EvidenceError;
use sdk::{Evidence, Limits};
use storage::uncertainty::Vector;

use super::statistics::{Estimated, LEVEL};
use crate::phases::prepare::PreparedPhase;

/// Why nothing could be drawn.
#[derive(Debug, thiserror::Error)]
pub enum EstimateError {
    /// The stored bytes are no evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The evidence does not have what ranks.
    #[error("the evidence has no {0}")]
    Metric(String),
    /// The items cannot be drawn.
    #[error(transparent)]
    Resampling(#[from] ResamplingError),
    /// The evidence is of other items, or time is over.
    #[error(transparent)]
    Replicates(#[from] ReplicateError),
}

/// The draws of a phase's splits.
#[derive(Debug, Clone, Copy)]
pub struct Draws<'a> {
    /// The annotations that the evidence was made on, with the masks of the splits.
    pub prepared: &'a PreparedPhase,
    /// What is drawn.
    pub rule: &'a ResamplingRule,
    /// The keys of the splits, in the order of the masks.
    pub keys: &'a [(SplitId, Key)],
    /// How many replicates are made.
    pub replications: Replications,
}

impl Draws<'_> {
    /// What metrics are uncertain by on every split; of a split without items nothing is known.
    pub fn estimate(
        &self,
        evidence: &[u8],
        metrics: &[String],
        limits: &Limits,
    ) -> Result<Vec<Estimated>, EstimateError> {
        let evidence = Evidence::from_bytes(evidence)?;
        let alone = metrics.iter().map(|metric| alone(&evidence, metric));
        let alone: Vec<(Evidence, usize)> = alone.collect::<Result<_, _>>()?;
        let mut found = Vec::with_capacity(self.keys.len() * metrics.len());
        for ((split, key), mask) in self.keys.iter().zip(&self.prepared.masks) {
            let units = match Resampling::of_items(&self.prepared.items, &mask.to_vec(), self.rule) {
                Ok(units) => Some(units),
                Err(ResamplingError::Empty) => None,
                Err(error) => return Err(error.into()),
            };
            for (metric, (evidence, place)) in metrics.iter().zip(&alone) {
                let mut estimated =
                    Estimated { split: *split, metric: metric.clone(), replicates: None, few_items: None };
                if let Some(units) = &units {
                    let all = replicates(evidence, units, *key, self.replications, limits)?;
                    estimated.replicates = all.into_iter().nth(*place).flatten();
                    estimated.few_items = few_items_interval(evidence, *place, units, LEVEL);
                }
                found.push(estimated);
            }
        }
        Ok(found)
    }
}

impl Estimated {
    /// The row that it is kept in.
    pub(crate) fn to_vector(&self, evaluation: EvaluationId) -> Vector {
        Vector {
            evaluation_id: evaluation,
            split_id: self.split,
            metric: self.metric.clone(),
            vector: self.replicates.as_ref().map_or_else(Vec::new, Replicates::to_bytes),
            few_items_lower: self.few_items.map(|interval| interval.lower),
            few_items_upper: self.few_items.map(|interval| interval.upper),
        }
    }
}

/// The evidence of one metric alone, and the place of the metric in it.
///
/// What else a task measures is not drawn: curves over a million items take a hundred times as long.
pub(crate) fn evidence_of(bytes: &[u8], metric: &str) -> Result<(Evidence, usize), EstimateError> {
    alone(&Evidence::from_bytes(bytes)?, metric)
}

fn alone(evidence: &Evidence, metric: &str) -> Result<(Evidence, usize), EstimateError> {
    let absent = || EstimateError::Metric(metric.to_owned());
    let evidence = evidence.only(metric).ok_or_else(absent)?;
    let place = evidence.metrics().len().checked_sub(1).ok_or_else(absent)?;
    Ok((evidence, place))
}
