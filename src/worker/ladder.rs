//! What a ladder answers: whether a submission is so much better than the team's best that its score is shown.

use std::sync::Arc;

use app::Outcome;
use app::leaderboards::ladder::{Answer, Question, keep_answer, next_question};
use app::leaderboards::statistics::{BoardsToDescribe, Measure, REPLICATIONS};
use app::phases::prepare::PreparedPhase;
use domain::Timestamp;
use domain::ranking_rule::{ReleasePolicy, ResamplingRule};
use ranking::contributions::of_units;
use ranking::draws::Key;
use ranking::release::{Basis, Scored, TeamRelease};
use ranking::replicates::replicates;
use ranking::resampling::Resampling;
use sdk::{Evidence, Limits};
use storage::phases::Split;

use crate::Shared;

/// Answers the next score that waits for the ladder of a phase; `false` when there is none.
///
/// Where there is nothing to compare by (a score without evidence item by item), nothing is shown after the first.
pub(crate) async fn answer_next(
    shared: &Shared,
    boards: &BoardsToDescribe,
    measure: &Measure,
) -> Outcome<bool> {
    let app = &shared.app;
    let Some(question) = next_question(app, boards, measure).await? else { return Ok(false) };
    let splits: Vec<Split> = boards.splits.iter().map(|(split, _)| split.clone()).collect();
    let Some(place) = splits.iter().position(|split| split.id == question.split.id) else { return Ok(false) };
    let prepared = shared.prepared.get(app, &boards.phase, &measure.annotations, &splits).await?;
    let mut evidence = vec![app.artifacts.read(question.asking.evidence, u64::MAX).await?];
    if let Some(best) = &question.best {
        evidence.push(app.artifacts.read(best.evidence, u64::MAX).await?);
    }
    let offer = Offer {
        prepared,
        place,
        rule: boards.phase.ranking.0.resampling.clone(),
        key: boards.key(&question.split),
        metric: measure.primary.name.clone(),
        higher_is_better: measure.primary.higher_is_better,
        at: app.now(),
    };
    let asked = question.clone();
    let answer = tokio::task::spawn_blocking(move || offer.answer(&asked, &evidence))
        .await
        .map_err(app::Failure::internal)?
        .unwrap_or_else(|error| {
            tracing::warn!(evaluation.id = %question.asking.evaluation, error, "a ladder could not compare a submission");
            Answer { value: question.best.map(|best| best.score), is_new: false }
        });
    keep_answer(app, boards, measure, question, answer).await?;
    Ok(true)
}

/// What a submission is compared by, on a thread of its own.
struct Offer {
    prepared: Arc<PreparedPhase>,
    /// The place of the split among the phase's.
    place: usize,
    rule: ResamplingRule,
    key: Key,
    metric: String,
    higher_is_better: bool,
    at: Timestamp,
}

impl Offer {
    /// What the ladder says; `evidence` is that of the submission, and then of the team's last step.
    fn answer(&self, question: &Question, evidence: &[bytes::Bytes]) -> Result<Answer, String> {
        let Some(score) = question.score else {
            return Ok(Answer { value: question.best.map(|best| best.score), is_new: false });
        };
        let say = |error: ranking::Refusal| error.to_string();
        let mut ladder = TeamRelease::new(question.policy, self.higher_is_better).map_err(say)?;
        let scores = [Some(score), question.best.map(|best| best.score)];
        // The last step first: what is released then is where the ladder stands.
        for (score, bytes) in scores.into_iter().zip(evidence).rev() {
            let Some(score) = score else { continue };
            let compared = self.compared(question.policy, bytes)?;
            let scored = Scored { score, basis: compared.as_ref().map(Compared::basis), at: self.at };
            let released = ladder.observe(&scored).map_err(say)?;
            if std::ptr::eq(bytes, &evidence[0]) {
                return Ok(Answer { value: released.value, is_new: released.is_new });
            }
        }
        Err("there was nothing to offer".to_owned())
    }

    fn compared(&self, policy: ReleasePolicy, bytes: &[u8]) -> Result<Option<Compared>, String> {
        // Fixed steps compare the scores themselves.
        if !matches!(policy, ReleasePolicy::Ladder { .. }) {
            return Ok(None);
        }
        let evidence = Evidence::from_bytes(bytes).map_err(|error| error.to_string())?;
        let metrics = evidence.metrics();
        let metric = metrics.iter().position(|metric| metric.name == self.metric);
        let metric = metric.ok_or_else(|| format!("the evidence has no {}", self.metric))?;
        let weights = self.prepared.masks[self.place].to_vec();
        let units = Resampling::of_items(&self.prepared.items, &weights, &self.rule)
            .map_err(|error| error.to_string())?;
        if let Some(units) = of_units(&evidence, metric, &units) {
            return Ok(Some(Compared::Units(units)));
        }
        let all = replicates(&evidence, &units, self.key, REPLICATIONS, &Limits::default())
            .map_err(|error| error.to_string())?;
        Ok(all.into_iter().nth(metric).flatten().map(|found| Compared::Replicates(found.values().to_vec())))
    }
}

/// What two submissions are compared by.
enum Compared {
    Units(Vec<f64>),
    Replicates(Vec<f64>),
}

impl Compared {
    fn basis(&self) -> Basis<'_> {
        match self {
            Self::Units(units) => Basis::Units(units),
            Self::Replicates(replicates) => Basis::Replicates(replicates),
        }
    }
}
