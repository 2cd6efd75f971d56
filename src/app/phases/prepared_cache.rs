//! Prepared annotations, kept so that held-out truth is parsed once per process and not once per submission or question.

use std::sync::{Arc, Mutex, PoisonError};

use domain::Digest;
use storage::phases::{Annotations, Phase, Split};

use super::prepare::{PreparedPhase, prepare};
use crate::App;
use crate::failure::Outcome;

/// What makes two preparations the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    evaluator: String,
    mode: &'static str,
    params: String,
    annotations: Digest,
    splits: String,
}

/// The most recently used preparations.
pub struct PreparedCache {
    capacity: usize,
    /// The most recently used one last.
    kept: Mutex<Vec<(Key, Arc<PreparedPhase>)>>,
    /// Held while something is prepared, so that two slots do not prepare the same at once.
    preparing: tokio::sync::Mutex<()>,
}

impl PreparedCache {
    /// An empty cache of at most so many preparations; at least one.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), kept: Mutex::default(), preparing: tokio::sync::Mutex::default() }
    }

    /// The preparation for evaluations of a phase, made now if it is not kept.
    pub async fn get(
        &self,
        app: &App,
        phase: &Phase,
        annotations: &Annotations,
        splits: &[Split],
    ) -> Outcome<Arc<PreparedPhase>> {
        let key = Key::of(phase, annotations, splits);
        if let Some(prepared) = self.find(&key) {
            return Ok(prepared);
        }
        let _alone = self.preparing.lock().await;
        if let Some(prepared) = self.find(&key) {
            return Ok(prepared);
        }
        let prepared = prepare(app, phase, annotations, splits).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.capacity {
            kept.remove(0);
        }
        kept.push((key, prepared.clone()));
        Ok(prepared)
    }

    fn find(&self, key: &Key) -> Option<Arc<PreparedPhase>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(kept, _)| kept == key)?;
        let found = kept.remove(place);
        let prepared = found.1.clone();
        kept.push(found);
        Some(prepared)
    }
}

impl Key {
    fn of(phase: &Phase, annotations: &Annotations, splits: &[Split]) -> Self {
        let params = serde_json::Value::Object(phase.params.0.clone());
        let splits: Vec<_> = splits.iter().map(|split| (&split.codename, &split.rule.0)).collect();
        Self {
            evaluator: phase.evaluator.clone(),
            mode: phase.mode.as_str(),
            params: domain::event::canonical_json(&params),
            annotations: annotations.digest,
            splits: format!("{}{splits:?}", phase.split_salt),
        }
    }
}
