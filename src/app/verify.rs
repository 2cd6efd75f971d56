//! Checks that what is stored is what it must be: for the operator, with no actor asked.
//!
//! Six promises are checked against the stored rows and bytes themselves:
//! the event log is whole, every artifact has the bytes that its name promises,
//! what stands on the leaderboards is what the scores say,
//! what the leaderboards say of their uncertainty is what the replicates say,
//! published results are what was signed,
//! and every scored submission has exactly one score per metric and split.

mod redraw;

use std::collections::{BTreeMap, BTreeSet};

use domain::submission::SubmissionState;
use domain::{Digest, PhaseId, SubmissionId, TeamId};
use storage::boards::{self, Standing};
use storage::phases::{self, Phase};
use storage::submissions::{self, Submission};
use storage::{Blobs, Conn, evaluations, events, results};

use crate::App;
use crate::failure::Outcome;
use crate::leaderboards::standings::Election;
use crate::leaderboards::statistics::disagreeing;
use crate::results::again::{follows_again, is_as_signed, name_of};

/// How many rows are read at a time.
const STRIDE: i64 = 500;

/// What was checked, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Events whose place in the chain was checked.
    pub events: i64,
    /// Artifacts that were read from their first byte to their last.
    pub artifacts: u64,
    /// The bytes of those.
    pub artifact_bytes: u64,
    /// Places on leaderboards that were worked out anew.
    pub standings: u64,
    /// Boards whose statistics were worked out anew.
    pub described: u64,
    /// Published results whose signature was checked.
    pub results: u64,
    /// Evaluations whose replicates were drawn again.
    pub redrawn: u64,
    /// Scored submissions whose scores were counted.
    pub scored: u64,
    /// Everything that is wrong, in words.
    pub findings: Vec<String>,
}

/// Told before each artifact how many were read, and of how many; then the same of evaluations that are drawn again.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Checks everything; with `redraw` also, which takes as long as drawing did, that the replicates are what the evidence gives,
/// and that published results follow from it.
pub async fn verify(app: &App, redraw: bool, progress: Progress<'_>) -> Outcome<Verified> {
    let mut verified = Verified::default();
    verify_events(app, &mut verified).await?;
    let needed = verify_scores(app, &mut verified).await?;
    verify_standings(app, &mut verified).await?;
    verify_statistics(app, &mut verified).await?;
    verify_results(app, redraw, &mut verified).await?;
    verify_artifacts(app, needed, progress, &mut verified).await;
    if redraw {
        redraw::verify_replicates(app, progress, &mut verified).await?;
    }
    Ok(verified)
}

async fn verify_events(app: &App, verified: &mut Verified) -> Outcome<()> {
    match app.db.read(|conn| Ok::<_, crate::Failure>(events::verify(conn)?)).await? {
        Ok(count) => verified.events = count,
        Err(place) => {
            verified.events = place - 1;
            verified.findings.push(format!("event {place} does not follow from the one before it"));
        }
    }
    Ok(())
}

/// The artifacts that the database speaks of, each with who needs it.
#[derive(Debug, Default)]
struct Needed {
    artifacts: BTreeMap<Digest, String>,
    annotations: BTreeMap<Digest, String>,
}

async fn verify_scores(app: &App, verified: &mut Verified) -> Outcome<Needed> {
    let mut needed = Needed::default();
    let mut after: Option<SubmissionId> = None;
    loop {
        let checked = app.db.read(move |conn| check_page(conn, after)).await?;
        let Some(last) = checked.last else { break };
        needed.artifacts.extend(checked.artifacts);
        verified.scored += checked.scored;
        verified.findings.extend(checked.findings);
        after = Some(last);
    }
    needed.annotations = app.db.read(annotations_needed).await?;
    Ok(needed)
}

#[derive(Debug, Default)]
struct CheckedPage {
    last: Option<SubmissionId>,
    artifacts: BTreeMap<Digest, String>,
    scored: u64,
    findings: Vec<String>,
}

fn check_page(conn: &mut Conn<'_>, after: Option<SubmissionId>) -> Outcome<CheckedPage> {
    let mut page = CheckedPage::default();
    for submission in submissions::page(conn, after, STRIDE)? {
        page.last = Some(submission.id);
        if let Some(artifact) = submission.artifact {
            page.artifacts.insert(artifact, format!("the file of submission {}", submission.id));
        }
        for evaluation in evaluations::of_submission(conn, submission.id)? {
            page.artifacts
                .insert(evaluation.evidence, format!("the evidence of evaluation {}", evaluation.id));
        }
        if submission.state == SubmissionState::Scored {
            page.scored += 1;
            page.findings.extend(faults_of_scores(conn, &submission)?);
        }
    }
    Ok(page)
}

/// What is wrong with the scores that count for a submission.
fn faults_of_scores(conn: &mut Conn<'_>, submission: &Submission) -> Outcome<Vec<String>> {
    let id = submission.id;
    let counted = match submission.evaluation_id {
        Some(evaluation) => evaluations::find(conn, evaluation)?,
        None => None,
    };
    let Some(evaluation) = counted.filter(|evaluation| evaluation.submission_id == id) else {
        return Ok(vec![format!("submission {id} is scored and has no evaluation of its own")]);
    };
    let metrics = phases::annotations(conn, evaluation.annotations_id)?.map(|found| found.metrics.0);
    let splits = phases::splits_of(conn, submission.phase_id)?;
    let scores = evaluations::scores_of(conn, evaluation.id)?;
    let mut faults = Vec::new();
    for split in &splits {
        for metric in metrics.iter().flatten() {
            let found =
                scores.iter().filter(|score| score.split_id == split.id && score.metric == metric.name);
            let sound = |value: Option<f64>, undefined: bool| value.map_or(undefined, f64::is_finite);
            let place = format!("{} on {}", metric.name, split.codename);
            match found.clone().count() {
                1 if found.clone().all(|score| sound(score.value, score.undefined.is_some())) => {}
                1 => faults.push(format!("submission {id} has no finite score for {place}")),
                count => faults.push(format!("submission {id} has {count} scores for {place}")),
            }
        }
    }
    Ok(faults)
}

fn annotations_needed(conn: &mut Conn<'_>) -> Outcome<BTreeMap<Digest, String>> {
    let mut needed = BTreeMap::new();
    for phase in phases::every(conn)? {
        for version in phases::annotations_versions(conn, phase.id)? {
            for table in version.tables.0 {
                let what =
                    format!("table {} of annotations {} of phase {}", table.name, version.version, phase.id);
                needed.insert(table.digest, what);
            }
        }
    }
    Ok(needed)
}

async fn verify_standings(app: &App, verified: &mut Verified) -> Outcome<()> {
    let phases = app.db.read(|conn| Ok::<_, crate::Failure>(phases::every(conn)?)).await?;
    for phase in phases {
        let (count, findings) = app.db.read(move |conn| check_standings(conn, &phase)).await?;
        verified.standings += count;
        verified.findings.extend(findings);
    }
    Ok(())
}

/// Compares what stands on a phase's boards with what its scores say.
fn check_standings(conn: &mut Conn<'_>, phase: &Phase) -> Outcome<(u64, Vec<String>)> {
    let splits = phases::splits_of(conn, phase.id)?;
    let Some(election) = Election::of(conn, phase, &splits)? else { return Ok((0, Vec::new())) };
    let (mut count, mut findings) = (0, Vec::new());
    for team in teams_on_boards(conn, phase.id, &splits)? {
        let candidates = boards::candidates(conn, phase.id, team, None)?;
        let elected = election.elect(conn, team, &candidates)?;
        let scored_count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
        for split in &splits {
            count += 1;
            let wanted = elected.map(|(submission, evaluation)| Standing {
                split: split.id,
                team,
                submission,
                evaluation,
                scored_count,
            });
            let stored = boards::standing(conn, split.id, team)?;
            if stored != wanted {
                let name = |standing: Option<Standing>| match standing {
                    Some(standing) => format!("{} of {}", standing.submission, standing.scored_count),
                    None => "nothing".to_owned(),
                };
                findings.push(format!(
                    "for team {team} stands {} on split {} of phase {}; by the scores it is {}",
                    name(stored),
                    split.codename,
                    phase.id,
                    name(wanted),
                ));
            }
        }
    }
    Ok((count, findings))
}

async fn verify_results(app: &App, redraw: bool, verified: &mut Verified) -> Outcome<()> {
    let published = app.db.read(|conn| Ok::<_, crate::Failure>(results::every_published(conn)?)).await?;
    for result in published {
        verified.results += 1;
        match is_as_signed(app, &result) {
            false => verified.findings.push(format!("{} is not what was signed", name_of(&result))),
            true if redraw && !follows_again(app, &result).await? => {
                verified
                    .findings
                    .push(format!("{} does not follow from the stored evidence", name_of(&result)));
            }
            true => {}
        }
    }
    Ok(())
}

async fn verify_statistics(app: &App, verified: &mut Verified) -> Outcome<()> {
    let phases = app.db.read(|conn| Ok::<_, crate::Failure>(phases::every(conn)?)).await?;
    for phase in phases {
        let (count, findings) = app.db.read(move |conn| disagreeing(conn, phase.id)).await?;
        verified.described += count;
        verified.findings.extend(findings);
    }
    Ok(())
}

fn teams_on_boards(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    splits: &[phases::Split],
) -> Outcome<BTreeSet<TeamId>> {
    let mut teams: BTreeSet<TeamId> = boards::teams_with_scores(conn, phase)?.into_iter().collect();
    for split in splits {
        teams.extend(boards::entries(conn, split.id)?.into_iter().map(|entry| entry.team));
    }
    Ok(teams)
}

async fn verify_artifacts(app: &App, needed: Needed, progress: Progress<'_>, verified: &mut Verified) {
    let total = (needed.artifacts.len() + needed.annotations.len()) as u64;
    let stores: [(&Blobs, BTreeMap<Digest, String>); 2] =
        [(&app.artifacts, needed.artifacts), (&app.annotations, needed.annotations)];
    for (store, digests) in stores {
        for (digest, what) in digests {
            progress(verified.artifacts, total);
            match store.verify(digest).await {
                Ok(blob) => verified.artifact_bytes += blob.size,
                Err(error) => verified.findings.push(format!("{what}: {error}")),
            }
            verified.artifacts += 1;
        }
    }
    progress(total, total);
}
