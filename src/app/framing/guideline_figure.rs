//! What became of scores between two versions of the annotations, beside what changed in the guideline.

use domain::{Actor, EvaluationId, Invalid};
use research::figures::guideline::{ChangedClause, GuidelineAndScore, Rescored};
use research::figures::{Drawn, Provenance};
use storage::datasets::{exclusions, guidelines};
use storage::{Conn, evaluations, phases};

use crate::App;
use crate::authority::see_phase;
use crate::datasets::{GuidelineDetail, difference};
use crate::failure::{Failure, Outcome};
use crate::leaderboards::movement::{Movement, ReadMovement, Side, read_movement};

/// Draws it of what the actor sees of both boards; the last two versions where none are named.
pub async fn draw_guideline_figure(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    split: Option<String>,
    between: (Option<i32>, Option<i32>),
) -> Outcome<Drawn> {
    let versions = versions(app, actor, challenge, phase, between).await?;
    let side = |version| Side { annotations: Some(version), as_of: None };
    let asked = ReadMovement { split, before: side(versions[0]), after: side(versions[1]) };
    let found = read_movement(app, actor, challenge, phase, asked).await?;
    let evaluations =
        [&found.before, &found.after].map(|board| board.rows.first().map(|row| row.entry.evaluation));
    let clauses = app.db.read(move |conn| changed_clauses(conn, evaluations)).await?;
    let metric = found.after.metrics.first();
    let figure = GuidelineAndScore {
        metric: metric.map_or_else(String::new, |metric| metric.name.clone()),
        decimals: metric.map_or(2, |metric| metric.decimals),
        versions,
        clauses,
        rescored: rescored(&found),
    };
    let slug = &found.after.challenge.slug;
    let snapshot =
        format!("{slug}/{}, board {}", found.after.phase.codename, found.after.phase.board_version);
    Ok(figure.draw(&Provenance { snapshot, as_of: String::new() }))
}

async fn versions(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    (from, to): (Option<i32>, Option<i32>),
) -> Outcome<[i32; 2]> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let found = phases::annotations_versions(conn, seen.phase.id)?;
            let last = found.iter().map(|one| one.version).max();
            let to = to.or(last).ok_or_else(|| Invalid::new("to_annotations", "there are no annotations"))?;
            let from = from.unwrap_or(to - 1);
            if from >= to || from < 1 {
                let rule = "must be an earlier version than to_annotations";
                return Err(Invalid::new("from_annotations", rule).into());
            }
            Ok::<_, Failure>([from, to])
        })
        .await
}

/// The clauses that differ between the guidelines that two evaluations were framed by; none where one has no guideline.
fn changed_clauses(
    conn: &mut Conn<'_>,
    of: [Option<EvaluationId>; 2],
) -> Outcome<Option<Vec<ChangedClause>>> {
    let [Some(before), Some(after)] = of else { return Ok(None) };
    let (Some(before), Some(after)) = (guideline_of(conn, before)?, guideline_of(conn, after)?) else {
        return Ok(None);
    };
    let changed = difference(&before, &after).into_iter().map(|clause| ChangedClause {
        code: clause.code,
        before: clause.before.map(|clause| clause.body),
        after: clause.after.map(|clause| clause.body),
    });
    Ok(Some(changed.collect()))
}

fn guideline_of(conn: &mut Conn<'_>, evaluation: EvaluationId) -> Outcome<Option<GuidelineDetail>> {
    let framing = evaluations::find(conn, evaluation)?.and_then(|found| found.framing_id);
    let Some(framing) = framing else { return Ok(None) };
    let bound = exclusions::binding(conn, framing)?.and_then(|binding| binding.guideline_id);
    let Some(id) = bound else { return Ok(None) };
    let guideline = guidelines::find(conn, id)?.ok_or_else(Failure::not_found)?;
    Ok(Some(GuidelineDetail { clauses: guidelines::clauses(conn, id)?, guideline }))
}

/// The teams for which the same submission stands on both boards.
fn rescored(found: &Movement) -> Vec<Rescored> {
    let both = found.teams.iter().filter_map(|moved| {
        let (before, after) = (moved.before.as_ref()?, moved.after.as_ref()?);
        (before.entry.submission == after.entry.submission).then_some(())?;
        Some(Rescored {
            entry: moved.name.to_string(),
            before: before.scores.first().copied().flatten()?,
            after: after.scores.first().copied().flatten()?,
        })
    });
    both.collect()
}
