//! Copies and probing: between jobs, one scored submission at a time is compared with the others of its phase.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::integrity::FlagEvidence;
use app::integrity::evidence::{Blocks, SmallChanges};
use app::integrity::examine::{
    Examined, Examining, FEWEST_ITEMS_FOR_PROBING, MOST_ITEMS, Neighbours, Suspicion, fingerprint as kept,
    neighbours, next_examination, record_examination,
};
use app::phases::prepare::PreparedPhase;
use app::{Code, Failure, Outcome};
use domain::integrity::FlagKind;
use domain::{Digest, EvaluationId, SubmissionId};
use ranking::integrity::predictions::MOST_BYTES;
use ranking::integrity::{Fingerprint, Likeness, Unreadable, detect_probing, outcomes, read_predictions};
use sdk::roll::IdIndex;
use sdk::{Evidence, Input, Limits};

use crate::Shared;

/// Evaluations that could not be compared: they are not tried again before the worker starts anew.
pub(crate) type NotExamined = HashSet<EvaluationId>;

/// How many answers of one team are held at once to look for patterns; the newest submissions that fit are looked at.
const MOST_ANSWERS: usize = 32 << 20;

/// Compares the submission that has waited longest; `false` when none waits, so that jobs come first between two.
///
/// One slot at a time does it. Another process may do the same at the same time: what is found is kept once.
pub(crate) async fn examine_next(shared: &Shared) -> Outcome<bool> {
    let Ok(mut not_examined) = shared.examining.try_lock() else { return Ok(false) };
    let Some(examining) = next_examination(&shared.app, &not_examined).await? else { return Ok(false) };
    let id = examining.evaluation.id;
    match examine(shared, &examining).await {
        Ok(()) => {}
        Err(_) if shared.stop.is_cancelled() => {}
        Err(failure) if failure.code == Code::Unavailable => return Err(failure),
        Err(failure) => {
            tracing::warn!(evaluation.id = %id, error = ?failure, "a submission was not compared with others");
            not_examined.insert(id);
        }
    }
    Ok(true)
}

async fn examine(shared: &Shared, examining: &Examining) -> Outcome<()> {
    let app = &shared.app;
    let deadline = Instant::now() + Duration::from_secs(app.settings.worker.evaluation_seconds);
    let stop = shared.stop.clone();
    let limits = Limits::default().stop_when(move || stop.is_cancelled() || Instant::now() >= deadline);
    let (predictions, fingerprint) = take_apart(shared, examining, &limits).await?;
    let near = neighbours(app, examining).await?;
    let mut examined = Examined {
        predictions,
        fingerprint: fingerprint.as_ref().map(Fingerprint::to_bytes),
        compared: near.standing.iter().map(|one| one.evaluation_id).collect(),
        suspicions: Vec::new(),
    };
    if let Some(fingerprint) = fingerprint.map(Arc::new) {
        let compared = compare(shared, examining, &fingerprint, &near, &limits).await?;
        examined.suspicions.extend(compared);
        examined.suspicions.extend(patterns(shared, examining, &fingerprint, &near).await?);
    }
    // Where something has come to stand meanwhile, it waits still, and is compared with that as well.
    record_examination(app, examining, examined).await?;
    Ok(())
}

/// Reads what the submission predicts and what its evidence says of every item.
async fn take_apart(
    shared: &Shared,
    examining: &Examining,
    limits: &Limits,
) -> Outcome<(Digest, Option<Fingerprint>)> {
    let app = &shared.app;
    let submission = &examining.submission;
    let artifact = submission.artifact.ok_or_else(|| Failure::internal(NoFile))?;
    if u64::try_from(submission.size_bytes).unwrap_or(u64::MAX) > MOST_BYTES {
        return Ok((artifact, None));
    }
    let Examining { phase, annotations, splits, evaluation, .. } = examining;
    let reading = Reading {
        prepared: shared.prepared.get(app, phase, annotations, splits).await?,
        file_name: submission.file_name.clone(),
        artifact,
        bytes: app.artifacts.read(artifact, MOST_BYTES).await?,
        evidence: app.artifacts.read(evaluation.evidence, u64::MAX).await?,
        metric: examining.metric.clone(),
        limits: limits.clone(),
    };
    tokio::task::spawn_blocking(move || reading.run())
        .await
        .map_err(Failure::internal)?
        .map_err(Failure::internal)
}

#[derive(Debug, thiserror::Error)]
#[error("a scored submission has no file")]
struct NoFile;

/// What runs on a thread of its own.
struct Reading {
    prepared: Arc<PreparedPhase>,
    file_name: String,
    artifact: Digest,
    bytes: bytes::Bytes,
    evidence: bytes::Bytes,
    metric: Option<(String, bool)>,
    limits: Limits,
}

impl Reading {
    fn run(self) -> Result<(Digest, Option<Fingerprint>), Unreadable> {
        let (items, _) = IdIndex::of(self.prepared.items.ids().clone());
        let input = Input::file(&self.file_name, &self.bytes);
        let found = match read_predictions(&input, &items, &self.limits) {
            Ok(found) => found,
            Err(Unreadable::Stopped) => return Err(Unreadable::Stopped),
            // A file that is read in another way here than by its evaluator is the same as its copies all the same.
            Err(Unreadable::TooLarge | Unreadable::Damaged(_)) => return Ok((self.artifact, None)),
        };
        let answers = found.answers.filter(|answers| answers.len() <= MOST_ITEMS);
        let fingerprint = answers.map(|answers| Fingerprint { answers, outcomes: self.outcomes() });
        Ok((found.digest, fingerprint))
    }

    fn outcomes(&self) -> Option<ranking::integrity::Outcomes> {
        let (name, higher_is_better) = self.metric.as_ref()?;
        let evidence = Evidence::from_bytes(&self.evidence).ok()?;
        let place = evidence.metrics().iter().position(|metric| &metric.name == name)?;
        outcomes(&evidence, place, *higher_is_better)
    }
}

/// Compares with what stands for other teams, one after the other.
async fn compare(
    shared: &Shared,
    examining: &Examining,
    own: &Arc<Fingerprint>,
    near: &Neighbours,
    limits: &Limits,
) -> Outcome<Vec<Suspicion>> {
    let mut suspicions = Vec::new();
    for other in &near.standing {
        limits.check().map_err(Failure::internal)?;
        let Some(theirs) = kept(&shared.app, *other).await? else { continue };
        let ours = Arc::clone(own);
        let likeness =
            tokio::task::spawn_blocking(move || ours.likeness(&theirs)).await.map_err(Failure::internal)?;
        let suspicious = likeness.map_err(Failure::internal)?.filter(Likeness::is_suspicious);
        suspicions.extend(suspicious.map(|likeness| Suspicion {
            kind: FlagKind::NearDuplicate,
            other_team: Some(other.team_id),
            evidence: likeness.into(),
            submissions: vec![other.submission_id, examining.submission.id],
        }));
    }
    Ok(suspicions)
}

/// Looks for probing among the submissions of the team.
async fn patterns(
    shared: &Shared,
    examining: &Examining,
    own: &Arc<Fingerprint>,
    near: &Neighbours,
) -> Outcome<Vec<Suspicion>> {
    let items = own.answers.len();
    if items < FEWEST_ITEMS_FOR_PROBING {
        return Ok(Vec::new());
    }
    let mut submissions = vec![(examining.submission.id, own.answers.clone())];
    for earlier in near.own.iter().take((MOST_ANSWERS / items).saturating_sub(1)) {
        // The same submission was compared before, when it was evaluated on these annotations by an older evaluator.
        if earlier.submission_id != examining.submission.id
            && let Some(found) = kept(&shared.app, *earlier).await?
            && found.answers.len() == items
        {
            submissions.push((earlier.submission_id, found.answers));
        }
    }
    submissions.sort_by_key(|(id, _)| *id);
    tokio::task::spawn_blocking(move || probing(submissions)).await.map_err(Failure::internal)
}

/// The patterns in the submissions of a team, in the order of their receipt.
fn probing(submissions: Vec<(SubmissionId, Vec<u32>)>) -> Vec<Suspicion> {
    let (ids, answers): (Vec<SubmissionId>, Vec<Vec<u32>>) = submissions.into_iter().unzip();
    let Ok(found) = detect_probing(&answers) else { return Vec::new() };
    let items = answers.first().map_or(0, Vec::len) as u64;
    let suspicion = |kind, of: &[usize], evidence| Suspicion {
        kind,
        other_team: None,
        evidence,
        submissions: of.iter().map(|place| ids[*place]).collect(),
    };
    let mut suspicions = Vec::new();
    if let Some((centre, around)) = found.small_changes.split_first() {
        let changed = |other: &usize| {
            answers[*centre].iter().zip(&answers[*other]).filter(|(one, other)| one != other).count() as u64
        };
        let most_changed = around.iter().map(changed).max().unwrap_or(0);
        let evidence = FlagEvidence::SmallChanges(SmallChanges { items, most_changed });
        suspicions.push(suspicion(FlagKind::SmallChanges, &found.small_changes, evidence));
    }
    if !found.constant_but_a_block.is_empty() {
        let evidence = FlagEvidence::Blocks(Blocks { items });
        suspicions.push(suspicion(FlagKind::ConstantButABlock, &found.constant_but_a_block, evidence));
    }
    suspicions
}
