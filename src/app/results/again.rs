//! Works a published result out again, from what its record names, and compares the two.
//!
//! What a record names never changes: evaluations, evidence, annotations. What may have changed since (a team's name, the
//! phase's texts, withdrawals) is taken from the record itself.

use domain::phase::{EvaluationMode, FinalChoice};
use domain::{Digest, EvaluationId, TeamId, Timestamp};
use sdk::Limits;
use serde::Deserialize;
use serde_json::Value;
use storage::challenges::{self, Challenge};
use storage::phases;
use storage::results::PhaseResult;
use storage::types::Json;
use storage::{Conn, evaluations, submissions, teams};

use super::WaitingResult;
use super::inputs::FinalEntry;
use super::work_out::record_of;
use crate::App;
use crate::failure::{Failure, Outcome};

/// What of a record is needed to work it out again.
#[derive(Deserialize)]
struct Recorded {
    challenge: RecordedChallenge,
    phase: RecordedPhase,
    evaluator: RecordedEvaluator,
    annotations: RecordedAnnotations,
    rule: domain::ranking_rule::RankingRule,
    final_choice: FinalChoice,
    entries: Vec<RecordedEntry>,
}

#[derive(Deserialize)]
struct RecordedChallenge {
    slug: domain::Slug,
}

#[derive(Deserialize)]
struct RecordedPhase {
    codename: domain::Codename,
    closes_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct RecordedEvaluator {
    id: String,
    mode: EvaluationMode,
    params: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct RecordedAnnotations {
    version: i32,
}

#[derive(Deserialize)]
struct RecordedEntry {
    team: RecordedTeam,
    evaluation: EvaluationId,
    is_chosen: bool,
    is_baseline: bool,
    is_disqualified: bool,
    submissions: u32,
}

#[derive(Deserialize)]
struct RecordedTeam {
    id: TeamId,
    name: domain::TeamName,
}

/// What a published result is called in findings.
pub(crate) fn name_of(found: &PhaseResult) -> String {
    format!("version {} of the result of phase {}", found.version, found.phase_id)
}

/// Whether a published result has the digest that this server signed.
pub(crate) fn is_as_signed(app: &App, found: &PhaseResult) -> bool {
    let (Some(record), Some(digest), Some(signature)) = (&found.record, found.digest, &found.signature)
    else {
        return false;
    };
    Digest::of(record.as_bytes()) == digest && app.records.is_over(signature, digest)
}

/// Whether a published result comes out again, byte by byte, from what it names.
pub(crate) async fn follows_again(app: &App, found: &PhaseResult) -> Outcome<bool> {
    let Some(record) = &found.record else { return Ok(false) };
    let recorded: Recorded = serde_json::from_str(record).map_err(Failure::internal)?;
    let request = found.clone();
    let (challenge, waiting, entries) = app.db.read(move |conn| as_recorded(conn, request, recorded)).await?;
    let prepared = app.prepared.get(app, &waiting.phase, &waiting.annotations, &waiting.splits).await?;
    let again = record_of(app, &waiting, challenge, entries, prepared, &Limits::default()).await?;
    Ok(again == *record)
}

fn as_recorded(
    conn: &mut Conn<'_>,
    request: PhaseResult,
    recorded: Recorded,
) -> Outcome<(Challenge, WaitingResult, Vec<FinalEntry>)> {
    let present = phases::find(conn, request.phase_id)?.ok_or_else(Failure::not_found)?;
    let mut challenge = challenges::find(conn, present.challenge_id)?.ok_or_else(Failure::not_found)?;
    challenge.slug = recorded.challenge.slug;
    let mut phase = present;
    phase.codename = recorded.phase.codename;
    phase.closes_at = recorded.phase.closes_at;
    phase.evaluator = recorded.evaluator.id;
    phase.mode = recorded.evaluator.mode;
    phase.params = Json(recorded.evaluator.params);
    phase.ranking = Json(recorded.rule);
    phase.final_choice = recorded.final_choice;
    let splits = phases::splits_of(conn, phase.id)?;
    let versions = phases::annotations_versions(conn, phase.id)?;
    let annotations = versions.into_iter().find(|found| found.version == recorded.annotations.version);
    let annotations = annotations.ok_or_else(Failure::not_found)?;
    let mut entries = Vec::with_capacity(recorded.entries.len());
    for entry in recorded.entries {
        entries.push(final_entry(conn, entry)?);
    }
    // In the order in which they were worked out.
    entries.sort_by_key(|entry| entry.team.id);
    Ok((challenge, WaitingResult { request, phase, splits, annotations }, entries))
}

fn final_entry(conn: &mut Conn<'_>, recorded: RecordedEntry) -> Outcome<FinalEntry> {
    let evaluation = evaluations::find(conn, recorded.evaluation)?.ok_or_else(Failure::not_found)?;
    let mut team = teams::find(conn, recorded.team.id)?.ok_or_else(Failure::not_found)?;
    team.name = recorded.team.name;
    let mut submission = submissions::find(conn, evaluation.submission_id)?.ok_or_else(Failure::not_found)?;
    submission.is_baseline = recorded.is_baseline;
    submission.chosen_at = recorded.is_chosen.then_some(evaluation.started_at);
    let scores = evaluations::scores_of(conn, evaluation.id)?;
    let (is_disqualified, counted) = (recorded.is_disqualified, recorded.submissions);
    Ok(FinalEntry { team, submission, evaluation, is_disqualified, counted, scores })
}
