//! Everything that an evaluation needs, read in one go.

use domain::FramingId;
use storage::framings;
use storage::jobs::LeasedJob;
use storage::phases::{self, Annotations, Phase, Split};
use storage::submissions::{self, Submission};
use storage::teams;

use crate::App;
use crate::failure::{Code, Failure, Outcome};

/// An evaluation to be made.
#[derive(Debug, Clone)]
pub struct ScoreOrder {
    /// What is evaluated.
    pub submission: Submission,
    /// By which evaluator, with which parameters and limits.
    pub phase: Phase,
    /// On what.
    pub annotations: Annotations,
    /// Which sets of items get scores.
    pub splits: Vec<Split>,
    /// Under which framing its result stands.
    pub framing: Option<FramingId>,
    /// What the team is called.
    pub team_name: String,
}

/// Loads what a job of kind `score` needs.
pub async fn load_order(app: &App, job: &LeasedJob) -> Outcome<ScoreOrder> {
    let (Some(submission), Some(annotations)) = (job.submission, job.annotations) else {
        return Err(Failure::new(Code::Internal, "a score job names no submission or no annotations"));
    };
    app.db
        .read(move |conn| {
            let submission = submissions::find(conn, submission)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, submission.phase_id)?.ok_or_else(Failure::not_found)?;
            let annotations = phases::annotations(conn, annotations)?.ok_or_else(Failure::not_found)?;
            let splits = phases::splits_of(conn, phase.id)?;
            let framing = framings::in_force(conn, phase.id)?.map(|framing| framing.id);
            let team = teams::find(conn, submission.team_id)?.ok_or_else(Failure::not_found)?;
            let team_name = team.name.as_str().to_owned();
            Ok(ScoreOrder { submission, phase, annotations, splits, framing, team_name })
        })
        .await
}
