//! Leaderboards: which submission of each team stands, and what is shown of it.

use diesel::prelude::*;
use domain::challenge::ChallengeState;
use domain::phase::EvaluationMode;
use domain::ranking_rule::RankingRule;
use domain::split::Visibility;
use domain::submission::{Method, SubmissionState};
use domain::{
    AnnotationsId, ChallengeId, Codename, EvaluationId, PhaseId, Slug, SplitId, SubmissionId, TeamId,
    TeamName, Timestamp,
};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, evaluations, phases, standings, submission_rules, submissions, teams};
use crate::types::{Column, Json};

/// A team's place-holder on the leaderboard of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The split.
    pub split: SplitId,
    /// The team.
    pub team: TeamId,
    /// The submission that stands for it.
    pub submission: SubmissionId,
    /// The evaluation whose scores are shown.
    pub evaluation: EvaluationId,
    /// How many scored submissions the team has in the phase.
    pub scored_count: u32,
}

/// What a leaderboard shows of a submission besides its scores.
#[derive(Debug, Clone, Queryable)]
pub struct BoardEntry {
    /// The team.
    pub team: TeamId,
    /// Its present name.
    pub team_name: TeamName,
    /// The submission.
    pub submission: SubmissionId,
    /// The evaluation whose scores are shown.
    pub evaluation: EvaluationId,
    /// When it was received.
    pub received_at: Timestamp,
    /// Whether it is a baseline.
    pub is_baseline: bool,
    /// What the team says about the method.
    pub method: Json<Method>,
    /// The team's answers to the organizers' questions, such as which data it used.
    pub attributes: Json<Map<String, Value>>,
    /// The evaluator's version.
    pub evaluator_version: String,
    /// Which rules it followed.
    pub mode: EvaluationMode,
    /// On which annotations.
    pub annotations: AnnotationsId,
    /// How many scored submissions the team has.
    pub scored_count: i32,
}

/// A scored submission that may stand for its team.
#[derive(Debug, Clone, Queryable)]
pub struct Candidate {
    /// The submission.
    pub submission: SubmissionId,
    /// The evaluation that counts.
    pub evaluation: Option<EvaluationId>,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// When the team chose it.
    pub chosen_at: Option<Timestamp>,
}

/// The entries of a split's leaderboard, in no order.
pub fn entries(conn: &mut Conn<'_>, split: SplitId) -> Result<Vec<BoardEntry>, StoreError> {
    Ok(on!(conn, c => standings::table
        .inner_join(teams::table)
        .inner_join(submissions::table)
        .inner_join(evaluations::table.on(evaluations::id.eq(standings::evaluation_id)))
        .filter(standings::split_id.eq(split.sql()))
        .select((
            standings::team_id,
            teams::name,
            standings::submission_id,
            standings::evaluation_id,
            submissions::received_at.assume_not_null(),
            submissions::is_baseline,
            submissions::method,
            submissions::attributes,
            evaluations::evaluator_version,
            evaluations::mode,
            evaluations::annotations_id,
            standings::scored_count,
        ))
        .load(c))?)
}

/// The submissions of a team that may stand on a leaderboard: scored, public, not withdrawn, or not before a moment.
pub fn candidates(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    team: TeamId,
    as_of: Option<Timestamp>,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::team_id.eq(team.sql()))
        .filter(submissions::state.eq(SubmissionState::Scored.sql()))
        .filter(submissions::visibility.eq(Visibility::Public.sql()))
        // Compared with nothing, a comparison is not true.
        .filter(submissions::withdrawn_at.is_null().or(
            submissions::withdrawn_at.gt(as_of.map(Column::sql)).assume_not_null(),
        ))
        .select((
            submissions::id,
            submissions::evaluation_id,
            submissions::received_at,
            submissions::chosen_at,
        ))
        .load(c))?)
}

/// The teams that have a scored submission in a phase.
pub fn teams_with_scores(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<TeamId>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::state.eq(SubmissionState::Scored.sql()))
        .select(submissions::team_id)
        .distinct()
        .load(c))?)
}

/// What stands for a team on a split.
pub fn standing(conn: &mut Conn<'_>, split: SplitId, team: TeamId) -> Result<Option<Standing>, StoreError> {
    let row: Option<(SubmissionId, EvaluationId, i32)> = on!(conn, c => standings::table
        .find((split.sql(), team.sql()))
        .select((standings::submission_id, standings::evaluation_id, standings::scored_count))
        .get_result(c)
        .optional())?;
    Ok(row.map(|(submission, evaluation, count)| Standing {
        split,
        team,
        submission,
        evaluation,
        scored_count: u32::try_from(count).unwrap_or(0),
    }))
}

/// Makes a submission stand for its team, in place of any other.
pub fn place(conn: &mut Conn<'_>, phase: PhaseId, standing: Standing) -> Result<(), StoreError> {
    let count = i32::try_from(standing.scored_count).unwrap_or(i32::MAX);
    on!(conn, c => diesel::insert_into(standings::table)
        .values((
            standings::split_id.eq(standing.split.sql()),
            standings::team_id.eq(standing.team.sql()),
            standings::phase_id.eq(phase.sql()),
            standings::submission_id.eq(standing.submission.sql()),
            standings::evaluation_id.eq(standing.evaluation.sql()),
            standings::scored_count.eq(count),
        ))
        .on_conflict((standings::split_id, standings::team_id))
        .do_update()
        .set((
            standings::submission_id.eq(standing.submission.sql()),
            standings::evaluation_id.eq(standing.evaluation.sql()),
            standings::scored_count.eq(count),
        ))
        .execute(c))?;
    Ok(())
}

/// Takes a team off a leaderboard.
pub fn remove(conn: &mut Conn<'_>, split: SplitId, team: TeamId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(standings::table.find((split.sql(), team.sql()))).execute(c))?;
    Ok(())
}

/// A phase as an address names it.
#[derive(Debug, Clone)]
pub enum PhaseKey {
    /// By its id.
    Id(PhaseId),
    /// By its short name in the challenge.
    Codename(Codename),
}

/// A challenge as an address names it.
#[derive(Debug, Clone)]
pub enum ChallengeKey {
    /// By its id.
    Id(ChallengeId),
    /// By its short name.
    Slug(Slug),
}

/// What tells a reader whether a phase's boards may be seen, and whether they have changed.
#[derive(Debug, Clone, Queryable)]
pub struct Version {
    /// The challenge.
    pub challenge: ChallengeId,
    /// Whether it is published.
    pub challenge_state: ChallengeState,
    /// When it was last changed.
    pub challenge_changed: Timestamp,
    /// The phase.
    pub phase: PhaseId,
    /// Whether participants see its boards.
    pub leaderboard_public: bool,
    /// Counts every change that a board could show.
    pub board_version: i64,
    /// At which of these its statistics were computed last.
    pub ranked_version: i64,
    /// When it was last changed.
    pub phase_changed: Timestamp,
    /// How its entries are ranked and its scores released.
    pub ranking: Json<RankingRule>,
    /// When its result was published.
    pub published_at: Option<Timestamp>,
    /// Until when its entries are anonymous.
    pub anonymous_until: Option<Timestamp>,
}

/// The version of a phase's boards: one row by two unique keys.
pub fn version(
    conn: &mut Conn<'_>,
    challenge: &ChallengeKey,
    phase: &PhaseKey,
) -> Result<Option<Version>, StoreError> {
    Ok(on!(conn, c => {
        let query = phases::table
            .inner_join(challenges::table)
            .left_join(submission_rules::table)
            .select((
                challenges::id,
                challenges::state,
                challenges::updated_at,
                phases::id,
                phases::leaderboard_public,
                phases::board_version,
                phases::ranked_version,
                phases::updated_at,
                phases::ranking,
                phases::published_at,
                submission_rules::anonymous_until.nullable(),
            ))
            .into_boxed();
        let query = match challenge {
            ChallengeKey::Id(id) => query.filter(challenges::id.eq(id.sql())),
            ChallengeKey::Slug(slug) => query.filter(challenges::slug.eq(slug.sql())),
        };
        let query = match phase {
            PhaseKey::Id(id) => query.filter(phases::id.eq(id.sql())),
            PhaseKey::Codename(codename) => query.filter(phases::codename.eq(codename.sql())),
        };
        query.get_result(c).optional()
    })?)
}

/// Says that every leaderboard of a challenge may look different from now on, because a team has a new name.
pub fn touch_all(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(phases::table.filter(phases::challenge_id.eq(challenge.sql())))
        .set(phases::board_version.eq(phases::board_version + 1))
        .execute(c))?;
    Ok(())
}
