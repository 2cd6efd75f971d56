//! Replicates made again from the evidence that is stored, to be compared bit for bit with those that boards rest on.

use std::collections::BTreeMap;

use domain::{EvaluationId, PhaseId, SplitId};
use ranking::draws::Key;
use ranking::level::Replications;
use sdk::Limits;
use storage::phases::{self, Split};
use storage::uncertainty::{self, Vector};
use storage::{Conn, evaluations};

use super::{Progress, Verified};
use crate::App;
use crate::failure::{Failure, Outcome};
use crate::leaderboards::estimate::Draws;
use crate::leaderboards::statistics::{BoardsToDescribe, Estimated, Measure, REPLICATIONS, boards_of};

/// The boards of a phase, and the replicates that are kept of everything that stands on them.
struct Kept {
    boards: BoardsToDescribe,
    measure: Measure,
    vectors: BTreeMap<EvaluationId, KeptVectors>,
}

/// The replicates of one evaluation, split by split and metric by metric.
type KeptVectors = BTreeMap<(SplitId, String), Vector>;

/// Draws again for every evaluation that stands and whose replicates are kept.
pub(super) async fn verify_replicates(
    app: &App,
    progress: Progress<'_>,
    verified: &mut Verified,
) -> Outcome<()> {
    let every = app.db.read(|conn| Ok::<_, Failure>(phases::every(conn)?)).await?;
    let mut all = Vec::with_capacity(every.len());
    for phase in every {
        all.extend(app.db.read(move |conn| kept_of(conn, phase.id)).await?);
    }
    let total = all.iter().map(|kept| kept.vectors.len() as u64).sum();
    for Kept { boards, measure, vectors } in all {
        for (evaluation, kept) in vectors {
            progress(verified.redrawn, total);
            verified.redrawn += 1;
            match redraw(app, &boards, &measure, evaluation, &kept).await {
                Ok(drawn) => verified.findings.extend(differences(&boards, evaluation, &kept, &drawn)),
                Err(why) => verified
                    .findings
                    .push(format!("the replicates of evaluation {evaluation} cannot be drawn again: {why}")),
            }
        }
    }
    progress(total, total);
    Ok(())
}

fn kept_of(conn: &mut Conn<'_>, phase: PhaseId) -> Outcome<Option<Kept>> {
    let boards = boards_of(conn, phase)?;
    let Some(measure) = boards.measure.clone() else { return Ok(None) };
    let mut vectors: BTreeMap<EvaluationId, KeptVectors> = BTreeMap::new();
    for (split, entries) in &boards.splits {
        let comparable = measure.comparable(entries);
        for metric in measure.metrics() {
            for vector in uncertainty::on_split(conn, split.id, &metric.name, &comparable)? {
                let key = (split.id, metric.name.clone());
                vectors.entry(vector.evaluation_id).or_default().insert(key, vector);
            }
        }
    }
    Ok(Some(Kept { boards, measure, vectors }))
}

/// What the evidence gives on every split; else why it gives nothing, in words.
async fn redraw(
    app: &App,
    boards: &BoardsToDescribe,
    measure: &Measure,
    evaluation: EvaluationId,
    kept: &KeptVectors,
) -> Result<Vec<Estimated>, String> {
    let told = |failure: Failure| failure.source.map_or(failure.detail, |source| source.to_string());
    let find = move |conn: &mut Conn<'_>| Ok::<_, Failure>(evaluations::find(conn, evaluation)?);
    let found = app.db.read(find).await.map_err(told)?.ok_or("it does not exist")?;
    let bytes = app.artifacts.read(found.evidence, u64::MAX).await.map_err(|error| error.to_string())?;
    let splits: Vec<Split> = boards.splits.iter().map(|(split, _)| split.clone()).collect();
    let prepared = app.prepared.get(app, &boards.phase, &measure.annotations, &splits).await.map_err(told)?;
    let keys: Vec<(SplitId, Key)> = splits.iter().map(|split| (split.id, boards.key(split))).collect();
    let rule = boards.phase.ranking.0.resampling.clone();
    let metrics: Vec<String> = measure.metrics().map(|metric| metric.name.clone()).collect();
    // As many as were drawn then; all splits have equally many.
    let drawn = kept.values().map(|vector| vector.vector.len() / 8).max().unwrap_or(0);
    let replications = u32::try_from(drawn).ok().and_then(|count| Replications::try_from(count).ok());
    let drawing = move || {
        let replications = replications.unwrap_or(REPLICATIONS);
        let draws = Draws { prepared: &prepared, rule: &rule, keys: &keys, replications };
        draws.estimate(&bytes, &metrics, &Limits::default()).map_err(|error| error.to_string())
    };
    tokio::task::spawn_blocking(drawing).await.map_err(|error| error.to_string())?
}

/// Where the kept replicates are others than those that were drawn now.
fn differences(
    boards: &BoardsToDescribe,
    evaluation: EvaluationId,
    kept: &KeptVectors,
    drawn: &[Estimated],
) -> Vec<String> {
    let mut findings = Vec::new();
    for estimated in drawn {
        let Some(vector) = kept.get(&(estimated.split, estimated.metric.clone())) else { continue };
        if estimated.to_vector(evaluation) == *vector {
            continue;
        }
        let split = boards.splits.iter().find(|(split, _)| split.id == estimated.split);
        findings.push(format!(
            "the replicates of evaluation {evaluation} on split {} of phase {} are not what its evidence gives",
            split.map_or_else(String::new, |(split, _)| split.codename.to_string()),
            boards.phase.id,
        ));
    }
    findings
}
