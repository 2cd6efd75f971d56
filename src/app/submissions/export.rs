//! The whole record for administrators, page by page: enough for an outside checker to verify what the server claims.
//!
//! Each page is a read of its own, in the order of ids, so that an export of any size holds no transaction open;
//! what is accepted while it runs may be missing at its end.

use domain::{Actor, ChallengeId, JobId, SubmissionId, UserId};
use storage::evaluations::{self, Evaluation, Score};
use storage::jobs::{self, Attempt};
use storage::submissions::{self, Submission};
use storage::{Conn, phases};

use crate::App;
use crate::authority::administrator;
use crate::failure::Outcome;

/// How many submissions or attempts one page holds.
const PAGE: i64 = 500;

/// A submission with what it belongs to.
#[derive(Debug, Clone)]
pub struct ExportedSubmission {
    /// The submission.
    pub submission: Submission,
    /// Its challenge.
    pub challenge: Option<ChallengeId>,
    /// Who sent it.
    pub actor: UserId,
}

/// A score with the evaluation that it is from.
#[derive(Debug, Clone)]
pub struct ExportedScore {
    /// The score.
    pub score: Score,
    /// The split's codename.
    pub split: String,
    /// The evaluation.
    pub evaluation: Evaluation,
    /// The version of the annotations.
    pub annotations_version: i32,
    /// Whether the evaluation is the one that counts.
    pub counts: bool,
}

/// A page with the place where the next one begins; absent after the last.
#[derive(Debug, Clone)]
pub struct ExportPage<T, K> {
    /// What it holds.
    pub rows: Vec<T>,
    /// Where the next one begins.
    pub next: Option<K>,
}

/// A page of all submissions, oldest first.
pub async fn export_submissions(
    app: &App,
    actor: &Actor,
    after: Option<SubmissionId>,
) -> Outcome<ExportPage<ExportedSubmission, SubmissionId>> {
    administrator(actor)?;
    app.db
        .read(move |conn| {
            let submissions = submissions::page(conn, after, PAGE)?;
            let next = next_after(&submissions, |submission| submission.id);
            let mut challenges = ChallengeOfPhase::default();
            let mut rows = Vec::with_capacity(submissions.len());
            for submission in submissions {
                let challenge = challenges.of(conn, submission.phase_id)?;
                rows.push(ExportedSubmission { challenge, actor: submission.submitted_by, submission });
            }
            Ok(ExportPage { rows, next })
        })
        .await
}

/// A page of all attempts that workers made, with the submission each was for.
pub async fn export_attempts(
    app: &App,
    actor: &Actor,
    after: Option<(JobId, i32)>,
) -> Outcome<ExportPage<(Attempt, Option<SubmissionId>), (JobId, i32)>> {
    administrator(actor)?;
    app.db
        .read(move |conn| {
            let rows = jobs::attempts_page(conn, after, PAGE)?;
            let next = next_after(&rows, |(attempt, _)| (attempt.job_id, attempt.number));
            Ok(ExportPage { rows, next })
        })
        .await
}

/// A page of all scores of all evaluations, in the order of submissions.
pub async fn export_scores(
    app: &App,
    actor: &Actor,
    after: Option<SubmissionId>,
) -> Outcome<ExportPage<ExportedScore, SubmissionId>> {
    /// A submission can have hundreds of scores.
    const SUBMISSIONS: i64 = 50;
    administrator(actor)?;
    app.db
        .read(move |conn| {
            let submissions = submissions::page(conn, after, SUBMISSIONS)?;
            let next = match submissions.last() {
                Some(last) if submissions.len() as i64 == SUBMISSIONS => Some(last.id),
                _ => None,
            };
            let ids: Vec<SubmissionId> = submissions.iter().map(|submission| submission.id).collect();
            let mut rows: Vec<ExportedScore> = Vec::new();
            for (score, split) in evaluations::scores_page(conn, &ids)? {
                let (evaluation, annotations_version) = match rows.last() {
                    Some(last) if last.evaluation.id == score.evaluation_id => {
                        (last.evaluation.clone(), last.annotations_version)
                    }
                    _ => evaluation_with_version(conn, &score)?,
                };
                let counts =
                    submissions.iter().any(|submission| submission.evaluation_id == Some(evaluation.id));
                rows.push(ExportedScore { score, split, evaluation, annotations_version, counts });
            }
            Ok(ExportPage { rows, next })
        })
        .await
}

fn evaluation_with_version(conn: &mut Conn<'_>, score: &Score) -> Outcome<(Evaluation, i32)> {
    let missing = || crate::Failure::internal("a score belongs to no evaluation");
    let evaluation = evaluations::find(conn, score.evaluation_id)?.ok_or_else(missing)?;
    let annotations = phases::annotations(conn, evaluation.annotations_id)?.ok_or_else(missing)?;
    Ok((evaluation, annotations.version))
}

fn next_after<T, K>(rows: &[T], key: impl Fn(&T) -> K) -> Option<K> {
    if rows.len() as i64 == PAGE { rows.last().map(key) } else { None }
}

/// Remembers which challenge a phase belongs to, since a page names few of them many times.
#[derive(Default)]
struct ChallengeOfPhase(std::collections::HashMap<domain::PhaseId, Option<ChallengeId>>);

impl ChallengeOfPhase {
    fn of(&mut self, conn: &mut Conn<'_>, phase: domain::PhaseId) -> Outcome<Option<ChallengeId>> {
        if let Some(known) = self.0.get(&phase) {
            return Ok(*known);
        }
        let challenge = phases::find(conn, phase)?.map(|found| found.challenge_id);
        self.0.insert(phase, challenge);
        Ok(challenge)
    }
}
