//! Phases, their splits, and the held-out annotations that they are scored on.

pub mod annotations;
pub mod create;
pub mod detail;
pub mod evaluators;
pub mod items;
pub mod parts;
pub mod prepare;
mod prepared_cache;
pub(crate) mod rules;
pub mod update;
pub mod upload;

use domain::framing::FramingDraft;
use domain::phase::PhaseDraft;
use domain::split::SplitSpec;
use storage::phases::{Phase, Split};

pub(crate) use rules::evaluator as evaluator_of;

pub use detail::{PhaseDetail, list_phases, read_phase};
pub use prepared_cache::PreparedCache;

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::phases::{Annotations, AnnotationsTable, Phase, Split};
}

/// What the organizers say about a phase now, in the form in which they would say it.
pub(crate) fn draft_of(phase: &Phase, splits: &[Split], framing: Option<Box<FramingDraft>>) -> PhaseDraft {
    let spec = |split: &Split| SplitSpec {
        codename: split.codename.clone(),
        visibility: split.visibility,
        rule: split.rule.0.clone(),
    };
    PhaseDraft {
        codename: phase.codename.clone(),
        title: phase.title.clone(),
        description: phase.description.clone(),
        evaluator: phase.evaluator.clone(),
        params: phase.params.0.clone(),
        mode: phase.mode,
        opens_at: phase.opens_at,
        closes_at: phase.closes_at,
        quota: phase.quota(),
        limits: phase.limits(),
        ranking: phase.ranking.0.clone(),
        final_choice: phase.final_choice,
        attributes: phase.attributes.0.clone(),
        splits: splits.iter().map(spec).collect(),
        leaderboard_public: phase.leaderboard_public,
        framing,
    }
}
