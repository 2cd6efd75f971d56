//! Which submission stands for a team: a function of scores, kept so that reading a board costs one row per team.
//!
//! One split decides: the first public one, or the first where none is public.
//! The submission that stands there stands on every split of the phase,
//! so that nobody's place on a private split is the best of many draws from it.

use std::cmp::Ordering;

use domain::metric::MetricSpec;
use domain::phase::FinalChoice;
use domain::split::Visibility;
use domain::{AnnotationsId, EvaluationId, SplitId, SubmissionId, TeamId, Timestamp};
use ranking::{Entry, Order};
use storage::boards::{self, Candidate, Standing};
use storage::evaluations::{self, Score};
use storage::phases::{self, Annotations, Phase, Split};
use storage::teams::mergers;
use storage::{Conn, StoreError, teams};

use super::release;

/// The split whose scores decide which submission of a team stands.
pub fn deciding_split(splits: &[Split]) -> Option<&Split> {
    splits.iter().find(|split| split.visibility == Visibility::Public).or(splits.first())
}

/// The order of a phase's boards, as its annotations in force define it.
pub(crate) fn order_of(conn: &mut Conn<'_>, phase: &Phase) -> Result<(Order, Vec<MetricSpec>), StoreError> {
    let metrics =
        phases::annotations_in_force(conn, phase.id)?.map_or_else(Vec::new, |found| found.metrics.0);
    Ok((Order::new(&phase.ranking.0, &metrics), metrics))
}

/// Works out anew what stands for a team, from all its scored submissions.
///
/// The team's row is held first: two submissions of a team that are scored at one moment come one after the other.
/// Of a team that went into another, what stands for that one is worked out too: what was about to be scored is its own now.
pub fn refresh_team(conn: &mut Conn<'_>, phase: &Phase, team: TeamId) -> Result<(), StoreError> {
    teams::lock(conn, team)?;
    if let Some(into) = mergers::gone_into(conn, team)? {
        refresh_team(conn, phase, into)?;
    }
    let splits = phases::splits_of(conn, phase.id)?;
    let Some(election) = Election::of(conn, phase, &splits)? else { return Ok(()) };
    let candidates = boards::candidates(conn, phase.id, team, None)?;
    match election.elect(conn, team, &candidates)? {
        Some((submission, evaluation)) => {
            let scored_count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            for split in &splits {
                let standing = Standing { split: split.id, team, submission, evaluation, scored_count };
                boards::place(conn, phase.id, standing)?;
            }
        }
        None => {
            for split in &splits {
                boards::remove(conn, split.id, team)?;
            }
        }
    }
    phases::touch_boards(conn, phase.id)
}

/// Takes a newly scored submission into account without reading the team's other scores again.
pub(crate) fn admit_scored(
    conn: &mut Conn<'_>,
    phase: &Phase,
    team: TeamId,
    submission: SubmissionId,
    received_at: Timestamp,
    evaluation: EvaluationId,
) -> Result<(), StoreError> {
    teams::lock(conn, team)?;
    let splits = phases::splits_of(conn, phase.id)?;
    let Some(deciding) = deciding_split(&splits) else { return Ok(()) };
    let Some(standing) = boards::standing(conn, deciding.id, team)? else {
        return refresh_team(conn, phase, team);
    };
    let is_best = phase.final_choice == FinalChoice::Best && !phase.ranking.0.release.is_ladder();
    if !is_best || standing.submission == submission {
        return refresh_team(conn, phase, team);
    }
    let Some(present) = storage::submissions::find(conn, standing.submission)? else {
        return refresh_team(conn, phase, team);
    };
    let (order, _) = order_of(conn, phase)?;
    let scores = evaluations::scores_on_split(conn, deciding.id, &[standing.evaluation, evaluation])?;
    let present_at = present.received_at.unwrap_or(present.created_at);
    let old = entry(&order, &scores, standing.evaluation, present_at);
    let new = entry(&order, &scores, evaluation, received_at);
    let (submission, evaluation) = match order.compare(&new, &old) {
        Ordering::Less => (submission, evaluation),
        Ordering::Equal | Ordering::Greater => (standing.submission, standing.evaluation),
    };
    let scored_count = standing.scored_count.saturating_add(1);
    for split in &splits {
        let standing = Standing { split: split.id, team, submission, evaluation, scored_count };
        boards::place(conn, phase.id, standing)?;
    }
    phases::touch_boards(conn, phase.id)
}

/// Who stands for a team: what is needed to tell it of any team of a phase.
pub(crate) struct Election {
    choice: FinalChoice,
    is_ladder: bool,
    order: Order,
    deciding: SplitId,
    /// The annotations whose ladder counts.
    annotations: Option<AnnotationsId>,
    as_of: Option<Timestamp>,
}

impl Election {
    /// The election as it stands now; nothing in a phase without splits.
    pub(crate) fn of(
        conn: &mut Conn<'_>,
        phase: &Phase,
        splits: &[Split],
    ) -> Result<Option<Self>, StoreError> {
        let in_force = phases::annotations_in_force(conn, phase.id)?;
        Ok(Self::on(phase, splits, in_force.as_ref(), None))
    }

    /// The election by evaluations on some annotations, up to a moment.
    pub(crate) fn on(
        phase: &Phase,
        splits: &[Split],
        annotations: Option<&Annotations>,
        as_of: Option<Timestamp>,
    ) -> Option<Self> {
        let metrics = annotations.map_or(&[][..], |found| &found.metrics.0);
        Some(Self {
            choice: phase.final_choice,
            is_ladder: phase.ranking.0.release.is_ladder(),
            order: Order::new(&phase.ranking.0, metrics),
            deciding: deciding_split(splits)?.id,
            annotations: annotations.map(|found| found.id),
            as_of,
        })
    }

    /// The candidate that stands for its team.
    pub(crate) fn elect(
        &self,
        conn: &mut Conn<'_>,
        team: TeamId,
        candidates: &[Candidate],
    ) -> Result<Option<(SubmissionId, EvaluationId)>, StoreError> {
        if self.is_ladder {
            return self.last_step(conn, team, candidates);
        }
        let mut evaluated: Vec<(&Candidate, EvaluationId, Timestamp)> = candidates
            .iter()
            .filter_map(|candidate| Some((candidate, candidate.evaluation?, candidate.received_at?)))
            .collect();
        let is_chosen = |candidate: &Candidate| {
            let in_time = |at: Timestamp| self.as_of.is_none_or(|moment| at <= moment);
            candidate.chosen_at.is_some_and(in_time)
        };
        match self.choice {
            FinalChoice::Latest => {
                let latest = evaluated
                    .iter()
                    .max_by_key(|(candidate, _, received_at)| (*received_at, candidate.submission));
                return Ok(latest.map(|(candidate, evaluation, _)| (candidate.submission, *evaluation)));
            }
            // Of two that are chosen, the better one stands.
            FinalChoice::Chosen if evaluated.iter().any(|(candidate, ..)| is_chosen(candidate)) => {
                evaluated.retain(|(candidate, ..)| is_chosen(candidate));
            }
            FinalChoice::Chosen | FinalChoice::Best => {}
        }
        let ids: Vec<EvaluationId> = evaluated.iter().map(|(_, evaluation, _)| *evaluation).collect();
        let scores = evaluations::scores_on_split(conn, self.deciding, &ids)?;
        let best = evaluated
            .iter()
            .map(|(candidate, evaluation, received_at)| {
                (candidate.submission, *evaluation, entry(&self.order, &scores, *evaluation, *received_at))
            })
            .min_by(|a, b| self.order.compare(&a.2, &b.2).then(a.0.cmp(&b.0)));
        Ok(best.map(|(submission, evaluation, _)| (submission, evaluation)))
    }

    /// Under a ladder, the candidate that brought the last step forward.
    fn last_step(
        &self,
        conn: &mut Conn<'_>,
        team: TeamId,
        candidates: &[Candidate],
    ) -> Result<Option<(SubmissionId, EvaluationId)>, StoreError> {
        let Some(annotations) = self.annotations else { return Ok(None) };
        let steps = release::steps_of(conn, self.deciding, annotations, team, self.as_of)?;
        let standing = steps
            .iter()
            .rev()
            .find_map(|step| candidates.iter().find(|candidate| candidate.evaluation == Some(*step)));
        Ok(standing.and_then(|candidate| Some((candidate.submission, candidate.evaluation?))))
    }
}

/// What decides the place of an evaluation, out of scores that include its own.
pub(crate) fn entry(
    order: &Order,
    scores: &[Score],
    evaluation: EvaluationId,
    received_at: Timestamp,
) -> Entry {
    let values = order
        .keys()
        .iter()
        .map(|key| {
            scores
                .iter()
                .find(|score| score.evaluation_id == evaluation && score.metric == key.metric)
                .and_then(|score| score.value)
        })
        .collect();
    Entry { values, received_at }
}
