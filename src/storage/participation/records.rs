//! The rows that a snapshot of participation is made of, as they stood at a moment.

use diesel::prelude::*;
use domain::submission::SubmissionState;
use domain::{ChallengeId, EvaluationId, PhaseId, SeriesId, TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::challenges::Challenge;
use crate::db::{Conn, on};
use crate::schema::{
    annotations, challenges, evaluations, events, memberships, scores, splits, submissions, teams,
};
use crate::types::Column;

/// A stay of a person in a team of one of the challenges.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Stay {
    /// The team.
    pub team: TeamId,
    /// The person.
    pub user: UserId,
    /// Since when.
    pub joined_at: Timestamp,
    /// Until when; none while it lasted.
    pub left_at: Option<Timestamp>,
}

/// A team of one of the challenges.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Formed {
    /// The team.
    pub team: TeamId,
    /// Its challenge.
    pub challenge: ChallengeId,
    /// When it was formed.
    pub at: Timestamp,
}

/// A submission that arrived, as a fact.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Sent {
    /// Its id, for the order.
    pub id: domain::SubmissionId,
    /// The phase.
    pub phase: PhaseId,
    /// The team.
    pub team: TeamId,
    /// Where it stands.
    pub state: SubmissionState,
    /// When its last byte was here.
    pub received_at: Option<Timestamp>,
    /// When it reached its final state.
    pub finished_at: Option<Timestamp>,
    /// When the team withdrew it.
    pub withdrawn_at: Option<Timestamp>,
    /// `public` or `private`.
    pub visibility: domain::split::Visibility,
    /// The evaluation that counts.
    pub evaluation: Option<EvaluationId>,
}

/// A score on the public split of a phase, and the annotations that it is against.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Scored {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The value; none where the metric is undefined.
    pub value: Option<f64>,
    /// The digest of the annotations.
    pub annotations: domain::Digest,
}

/// The challenges of a series that everybody can see, in the order in which they were published.
pub fn challenges_of_series(conn: &mut Conn<'_>, series: SeriesId) -> Result<Vec<Challenge>, StoreError> {
    Ok(on!(conn, c => challenges::table
        .filter(challenges::series_id.eq(Some(series.sql())))
        .filter(challenges::published_at.is_not_null())
        .order((challenges::published_at.asc(), challenges::id.asc()))
        .select(Challenge::as_select())
        .load(c))?)
}

/// The teams that were formed by a moment, in the order of their ids.
pub fn teams_formed(
    conn: &mut Conn<'_>,
    of: &[ChallengeId],
    by: Timestamp,
) -> Result<Vec<Formed>, StoreError> {
    Ok(on!(conn, c => teams::table
        .filter(teams::challenge_id.eq_any(of.iter().map(Column::sql)))
        .filter(teams::created_at.le(by.sql()))
        .order(teams::id.asc())
        .select((teams::id, teams::challenge_id, teams::created_at))
        .load(c))?)
}

/// The stays that had begun by a moment, in the order of their beginning.
pub fn stays(conn: &mut Conn<'_>, of: &[ChallengeId], by: Timestamp) -> Result<Vec<Stay>, StoreError> {
    Ok(on!(conn, c => memberships::table
        .filter(memberships::challenge_id.eq_any(of.iter().map(Column::sql)))
        .filter(memberships::joined_at.le(by.sql()))
        .order((memberships::joined_at.asc(), memberships::id.asc()))
        .select((memberships::team_id, memberships::user_id, memberships::joined_at, memberships::left_at))
        .load(c))?)
}

/// The submissions of a phase that had arrived by a moment, baselines left out, in the order of arrival.
pub fn sent(conn: &mut Conn<'_>, phase: PhaseId, by: Timestamp) -> Result<Vec<Sent>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(phase.sql()))
        .filter(submissions::is_baseline.eq(false))
        .filter(submissions::received_at.le(by.sql()))
        .order((submissions::received_at.asc(), submissions::id.asc()))
        .select((
            submissions::id,
            submissions::phase_id,
            submissions::team_id,
            submissions::state,
            submissions::received_at,
            submissions::finished_at,
            submissions::withdrawn_at,
            submissions::visibility,
            submissions::evaluation_id,
        ))
        .load(c))?)
}

/// What the evaluations that count in a phase say of a metric on a split, finished by a moment.
pub fn scored(
    conn: &mut Conn<'_>,
    split: domain::SplitId,
    metric: &str,
    by: Timestamp,
) -> Result<Vec<Scored>, StoreError> {
    Ok(on!(conn, c => scores::table
        .inner_join(evaluations::table.inner_join(annotations::table))
        .inner_join(splits::table)
        .filter(splits::id.eq(split.sql()))
        .filter(scores::metric.eq(metric))
        .filter(evaluations::finished_at.le(by.sql()))
        .select((scores::evaluation_id, scores::value, annotations::digest))
        .load(c))?)
}

/// The last event that had happened by a moment: its place and its hash; none before the first.
pub fn last_event(conn: &mut Conn<'_>, by: Timestamp) -> Result<Option<(i64, domain::Digest)>, StoreError> {
    Ok(on!(conn, c => events::table
        .filter(events::at.le(by.sql()))
        .order(events::seq.desc())
        .limit(1)
        .select((events::seq, events::hash))
        .get_result(c)
        .optional())?)
}
