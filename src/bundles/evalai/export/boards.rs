//! Boards as leaderboards, sets of items, and the phase splits that join them.

use domain::phase::FinalChoice;

use super::{cut, wire_name};
use crate::evalai::{DatasetSplit, LabelMetadata, Leaderboard, PhaseSplit};
use crate::imported::{Audience, ImportedBoard, ImportedChallenge, ImportedMetric, ImportedPhase};

/// The lists of a bundle, with the ids that join them.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) leaderboards: Vec<Leaderboard>,
    pub(super) dataset_splits: Vec<DatasetSplit>,
    pub(super) phase_splits: Vec<PhaseSplit>,
}

impl Parts {
    pub(super) fn of(challenge: &ImportedChallenge, lost: &mut Vec<String>) -> Self {
        let mut parts = Self::default();
        for phase in &challenge.phases {
            for board in &phase.boards {
                tell_what_is_lost(board, lost);
                let (leaderboard_id, is_descending) = parts.leaderboard(challenge, board);
                let name = wire_name(&board.wire_name, &board.codename, challenge.origin);
                let dataset_split_id = parts.dataset_split(board, name);
                parts.phase_splits.push(phase_split(
                    phase,
                    board,
                    leaderboard_id,
                    dataset_split_id,
                    is_descending,
                ));
            }
        }
        parts
    }

    /// The leaderboard of a board, by its id; and whether more is better where metadata do not say.
    fn leaderboard(&mut self, challenge: &ImportedChallenge, board: &ImportedBoard) -> (i64, bool) {
        let alike: Vec<_> = challenge
            .phases
            .iter()
            .flat_map(|phase| &phase.boards)
            .filter(|other| is_alike(other, board))
            .collect();
        // A metric whose direction is not the same on all of them can only hang on the flag of the phase splits.
        let varying = |metric: &ImportedMetric, position: usize| {
            alike
                .iter()
                .any(|other| other.metrics[position].spec.higher_is_better != metric.spec.higher_is_better)
        };
        let flag_of = |board: &ImportedBoard| {
            let first = (0..).zip(&board.metrics).find(|(position, metric)| varying(metric, *position));
            let primary = board.metrics.iter().find(|metric| metric.spec.name == board.primary);
            first.map(|(_, metric)| metric).or(primary).is_none_or(|metric| metric.spec.higher_is_better)
        };
        let agree = alike.iter().all(|board| {
            let mut varied =
                (0..).zip(&board.metrics).filter(|(position, metric)| varying(metric, *position));
            varied.all(|(_, metric)| metric.spec.higher_is_better == flag_of(board))
        });
        let is_said = |metric: &ImportedMetric, position: usize| !(agree && varying(metric, position));
        let metadata = (0..).zip(&board.metrics).filter(|(position, metric)| is_said(metric, *position));
        let metadata = metadata.map(|(_, metric)| {
            let sort_ascending = Some(!metric.spec.higher_is_better);
            (
                metric.spec.name.clone(),
                LabelMetadata { sort_ascending, description: metric.description.clone() },
            )
        });
        let leaderboard = Leaderboard {
            id: board.config_ids.0,
            labels: board.metrics.iter().map(|metric| metric.spec.name.clone()).collect(),
            default_order_by: board.primary.clone(),
            metadata: metadata.collect(),
        };
        let found = self
            .leaderboards
            .iter()
            .find(|other| Leaderboard { id: leaderboard.id, ..(*other).clone() } == leaderboard);
        let id = found.map(|found| found.id).unwrap_or_else(|| {
            let id = free_id(leaderboard.id, self.leaderboards.iter().map(|other| other.id));
            self.leaderboards.push(Leaderboard { id, ..leaderboard });
            id
        });
        (id, flag_of(board))
    }

    fn dataset_split(&mut self, board: &ImportedBoard, codename: String) -> i64 {
        if let Some(found) = self.dataset_splits.iter().find(|set| set.codename == codename) {
            return found.id;
        }
        let id = free_id(board.config_ids.1, self.dataset_splits.iter().map(|other| other.id));
        let name = if board.title.trim().is_empty() { codename.clone() } else { cut(&board.title) };
        self.dataset_splits.push(DatasetSplit { id, name, codename });
        id
    }
}

/// Whether two boards may share a leaderboard.
fn is_alike(one: &ImportedBoard, other: &ImportedBoard) -> bool {
    let columns = |board: &ImportedBoard| -> Vec<(String, String)> {
        board.metrics.iter().map(|metric| (metric.spec.name.clone(), metric.description.clone())).collect()
    };
    one.config_ids.0 == other.config_ids.0 && one.primary == other.primary && columns(one) == columns(other)
}

fn free_id(wanted: i64, taken: impl Iterator<Item = i64> + Clone) -> i64 {
    if taken.clone().any(|id| id == wanted) { taken.max().unwrap_or(0).saturating_add(1) } else { wanted }
}

fn phase_split(
    phase: &ImportedPhase,
    board: &ImportedBoard,
    leaderboard_id: i64,
    dataset_split_id: i64,
    is_leaderboard_order_descending: bool,
) -> PhaseSplit {
    PhaseSplit {
        challenge_phase_id: phase.config_id,
        leaderboard_id,
        dataset_split_id,
        visibility: match board.audience {
            Audience::Organizers => 1,
            Audience::Owners => 2,
            Audience::Everyone => 3,
        },
        leaderboard_decimal_precision: board
            .metrics
            .iter()
            .map(|metric| metric.spec.decimals)
            .max()
            .unwrap_or(2),
        is_leaderboard_order_descending,
        show_leaderboard_by_latest_submission: phase.final_choice == FinalChoice::Latest,
    }
}

fn tell_what_is_lost(board: &ImportedBoard, lost: &mut Vec<String>) {
    let title = &board.title;
    if board.metrics.iter().any(|metric| metric.computation.is_some()) {
        lost.push(format!("how columns of {title} are computed of others"));
    }
    if board.metrics.iter().any(|metric| metric.is_hidden) {
        lost.push(format!("that columns of {title} are hidden"));
    }
    if !board.tie_breakers.is_empty() {
        lost.push(format!("what decides between equals on {title}"));
    }
}
