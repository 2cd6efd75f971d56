//! Who stands in the end: the submission of every team that counts, with its scores.

use std::cmp::Ordering;
use std::collections::HashMap;

use domain::split::Visibility;
use domain::{EvaluationId, SubmissionId, TeamId, Timestamp};
use ranking::final_choice::{self, final_choice};
use ranking::{Entry, Order};
use storage::boards::{self, Candidate};
use storage::evaluations::{self, Evaluation, Score};
use storage::phases::{Phase, Split};
use storage::submissions::{self, Submission};
use storage::teams::{self, Team};
use storage::{Conn, StoreError, integrity};

use super::WaitingResult;
use crate::failure::{Failure, Outcome};
use crate::leaderboards::standings::{deciding_split, entry};

/// An entry of the final board.
pub(super) struct FinalEntry {
    pub(super) team: Team,
    pub(super) submission: Submission,
    pub(super) evaluation: Evaluation,
    /// Whether an organizer decided that the team is given no prize.
    pub(super) is_disqualified: bool,
    /// How many scored submissions the team has.
    pub(super) counted: u32,
    /// Its scores on every split.
    pub(super) scores: Vec<Score>,
}

impl FinalEntry {
    pub(super) fn received_at(&self) -> Timestamp {
        self.submission.received_at.unwrap_or(self.submission.created_at)
    }

    pub(super) fn value(&self, split: &Split, metric: &str) -> Option<f64> {
        let is_it = |score: &&Score| score.split_id == split.id && score.metric == metric;
        self.scores.iter().find(is_it).and_then(|score| score.value)
    }

    /// What decides its place on a split.
    pub(super) fn place(&self, split: &Split, order: &Order) -> Entry {
        let values = order.keys().iter().map(|key| self.value(split, &key.metric)).collect();
        Entry { values, received_at: self.received_at() }
    }
}

/// The split that decides in the end: the first private one, or the one that decided all along.
pub(super) fn final_split(splits: &[Split]) -> Option<&Split> {
    splits.iter().find(|split| split.visibility == Visibility::Private).or(deciding_split(splits))
}

/// The entries of the final board, team by team in the order of their ids.
pub(super) fn entries(
    conn: &mut Conn<'_>,
    waiting: &WaitingResult,
    order: &Order,
) -> Outcome<Vec<FinalEntry>> {
    let (phase, splits) = (&waiting.phase, &waiting.splits);
    let (Some(seen), Some(decides)) = (deciding_split(splits), final_split(splits)) else {
        return Ok(Vec::new());
    };
    let counting: HashMap<SubmissionId, EvaluationId> =
        evaluations::newest_on(conn, phase.id, waiting.annotations.id)?.into_iter().collect();
    let mut all = boards::teams_with_scores(conn, phase.id)?;
    all.sort_unstable();
    let disqualified = integrity::disqualified(conn, phase.id)?;
    let mut found = Vec::with_capacity(all.len());
    for team in all {
        let mut candidates = boards::candidates(conn, phase.id, team, None)?;
        for candidate in &mut candidates {
            candidate.evaluation = counting.get(&candidate.submission).copied();
        }
        candidates.retain(|candidate| candidate.evaluation.is_some() && candidate.received_at.is_some());
        if let Some(candidate) = counts(conn, phase, order, (seen, decides), &candidates)? {
            let is_disqualified = disqualified.contains(&team);
            found.push(FinalEntry {
                is_disqualified,
                ..final_entry(conn, team, candidate, candidates.len())?
            });
        }
    }
    Ok(found)
}

/// The candidate that counts: by what the team could see and chose, and of two the better on the split that decides.
fn counts<'c>(
    conn: &mut Conn<'_>,
    phase: &Phase,
    order: &Order,
    (seen, decides): (&Split, &Split),
    candidates: &'c [Candidate],
) -> Result<Option<&'c Candidate>, StoreError> {
    let ids: Vec<EvaluationId> = candidates.iter().filter_map(|candidate| candidate.evaluation).collect();
    let mut on = |split: &Split| -> Result<Vec<Entry>, StoreError> {
        let scores = evaluations::scores_on_split(conn, split.id, &ids)?;
        let of = |candidate: &Candidate| {
            Some(entry(order, &scores, candidate.evaluation?, candidate.received_at?))
        };
        Ok(candidates.iter().filter_map(of).collect())
    };
    let (on_seen, on_deciding) = (on(seen)?, on(decides)?);
    let known: Vec<final_choice::Candidate> = candidates
        .iter()
        .filter_map(|candidate| {
            let received_at = candidate.received_at?;
            Some(final_choice::Candidate { received_at, chosen_at: candidate.chosen_at })
        })
        .collect();
    let by = |entries: &[Entry], a: usize, b: usize| -> Ordering { order.compare(&entries[a], &entries[b]) };
    let chosen = final_choice(&known, phase.final_choice, phase.closes_at, |a, b| by(&on_seen, a, b));
    let best = chosen.into_iter().min_by(|a, b| by(&on_deciding, *a, *b));
    Ok(best.map(|index| &candidates[index]))
}

fn final_entry(
    conn: &mut Conn<'_>,
    team: TeamId,
    candidate: &Candidate,
    counted: usize,
) -> Outcome<FinalEntry> {
    let evaluation = candidate.evaluation.ok_or_else(Failure::not_found)?;
    Ok(FinalEntry {
        team: teams::find(conn, team)?.ok_or_else(Failure::not_found)?,
        submission: submissions::find(conn, candidate.submission)?.ok_or_else(Failure::not_found)?,
        evaluation: evaluations::find(conn, evaluation)?.ok_or_else(Failure::not_found)?,
        is_disqualified: false,
        counted: u32::try_from(counted).unwrap_or(u32::MAX),
        scores: evaluations::scores_of(conn, evaluation)?,
    })
}
