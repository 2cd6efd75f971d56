//! Phases, their splits, and the versions of their annotations.

mod annotations_versions;
mod splits_of_phases;

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use domain::phase::{
    AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft, REMOTE_EVALUATOR, WindowState,
    window_at,
};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::submission::SubmissionState;
use domain::{ChallengeId, Codename, Digest, PhaseId, TeamId, Timestamp, Title};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{phases, submissions};
use crate::types::{Column, Json};

pub use annotations_versions::{
    Annotations, AnnotationsTable, annotations, annotations_in_force, annotations_versions,
    insert_annotations,
};
pub use splits_of_phases::{Split, insert_split, remove_split, replace_split, split, splits_of};

/// The columns that say what a draft says.
macro_rules! said_in {
    ($draft:ident) => {
        (
            phases::title.eq((&$draft.title).sql()),
            phases::description.eq(&$draft.description),
            phases::evaluator.eq(&$draft.evaluator),
            phases::params.eq(Json($draft.params.clone())),
            phases::mode.eq($draft.mode.sql()),
            phases::opens_at.eq($draft.opens_at.sql()),
            phases::closes_at.eq($draft.closes_at.map(Column::sql)),
            phases::quota_per_day.eq($draft.quota.per_day.map(as_stored)),
            phases::quota_per_month.eq($draft.quota.per_month.map(as_stored)),
            phases::quota_per_week.eq($draft.quota.per_week.map(as_stored)),
            phases::quota_total.eq($draft.quota.total.map(as_stored)),
            phases::quota_concurrent.eq($draft.quota.concurrent.map(as_stored)),
            phases::upload_bytes.eq(i64::try_from($draft.limits.upload_bytes).unwrap_or(i64::MAX)),
            phases::limit_seconds.eq(as_stored($draft.limits.seconds)),
            phases::limit_memory_mib.eq(as_stored($draft.limits.memory_mib)),
            phases::ranking.eq(Json($draft.ranking.clone())),
            phases::final_choice.eq($draft.final_choice.sql()),
            phases::attributes.eq(Json($draft.attributes.clone())),
            phases::leaderboard_public.eq($draft.leaderboard_public),
        )
    };
}

/// A phase as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = phases)]
pub struct Phase {
    /// Its id.
    pub id: PhaseId,
    /// The challenge it belongs to.
    pub challenge_id: ChallengeId,
    /// Its short name.
    pub codename: Codename,
    /// Its heading.
    pub title: Title,
    /// What it is for, in Markdown.
    pub description: String,
    /// Its place among the phases of the challenge.
    pub position: i32,
    /// The id of the evaluator.
    pub evaluator: String,
    /// The evaluator's parameters.
    pub params: Json<Map<String, Value>>,
    /// Which rules the evaluator follows.
    pub mode: EvaluationMode,
    /// When submissions are first taken.
    pub opens_at: Timestamp,
    /// When they are no longer taken.
    pub closes_at: Option<Timestamp>,
    quota_per_day: Option<i32>,
    quota_per_month: Option<i32>,
    quota_total: Option<i32>,
    quota_concurrent: Option<i32>,
    upload_bytes: i64,
    limit_seconds: i32,
    limit_memory_mib: i32,
    /// How entries are ranked.
    pub ranking: Json<RankingRule>,
    /// Which submission of a team counts.
    pub final_choice: FinalChoice,
    /// What teams say about their method beyond the standard fields.
    pub attributes: Json<Vec<AttributeSpec>>,
    /// Whether participants see the leaderboard.
    pub leaderboard_public: bool,
    /// The secret that decides hash splits and the draws of replicates, in hexadecimal.
    pub split_salt: String,
    /// Counts every change that a leaderboard could show.
    pub board_version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its result was published first; from then on nothing of it is withheld.
    pub published_at: Option<Timestamp>,
    /// Whether it had opened before framings were kept, and so goes on without one.
    pub opened_unframed: bool,
    quota_per_week: Option<i32>,
}

impl Phase {
    /// The challenge whose organizers evaluate this phase on machines of their own; absent where the server does.
    pub fn evaluated_elsewhere(&self) -> Option<ChallengeId> {
        (self.evaluator == REMOTE_EVALUATOR).then_some(self.challenge_id)
    }

    /// How much a team may submit.
    pub fn quota(&self) -> Quota {
        let limit = |stored: Option<i32>| stored.and_then(|limit| u32::try_from(limit).ok());
        Quota {
            per_day: limit(self.quota_per_day),
            per_week: limit(self.quota_per_week),
            per_month: limit(self.quota_per_month),
            total: limit(self.quota_total),
            concurrent: limit(self.quota_concurrent),
        }
    }

    /// How large, how long, how much memory.
    pub fn limits(&self) -> EvaluationLimits {
        EvaluationLimits {
            upload_bytes: u64::try_from(self.upload_bytes).unwrap_or(0),
            seconds: u32::try_from(self.limit_seconds).unwrap_or(0),
            memory_mib: u32::try_from(self.limit_memory_mib).unwrap_or(0),
        }
    }

    /// What is told of the secret before the secret itself: the SHA-256 of its hexadecimal digits.
    pub fn secret_digest(&self) -> Digest {
        Digest::of(self.split_salt.as_bytes())
    }

    /// Where it stands in time.
    pub fn window_at(&self, now: Timestamp) -> WindowState {
        window_at(self.opens_at, self.closes_at, now)
    }
}

/// The phase of this id.
pub fn find(conn: &mut Conn<'_>, id: PhaseId) -> Result<Option<Phase>, StoreError> {
    Ok(on!(conn, c => phases::table.find(id.sql()).select(Phase::as_select()).get_result(c).optional())?)
}

/// The phase of this codename in a challenge.
pub fn find_by_codename(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    codename: &Codename,
) -> Result<Option<Phase>, StoreError> {
    Ok(on!(conn, c => phases::table
        .filter(phases::challenge_id.eq(challenge.sql()).and(phases::codename.eq(codename.sql())))
        .select(Phase::as_select())
        .get_result(c)
        .optional())?)
}

/// The phases of a challenge, in their order.
pub fn list(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Phase>, StoreError> {
    Ok(on!(conn, c => phases::table
        .filter(phases::challenge_id.eq(challenge.sql()))
        .order((phases::position.asc(), phases::id.asc()))
        .select(Phase::as_select())
        .load(c))?)
}

/// Every phase of every challenge, for checks of the whole store.
pub fn every(conn: &mut Conn<'_>) -> Result<Vec<Phase>, StoreError> {
    Ok(on!(conn, c => phases::table.order(phases::id.asc()).select(Phase::as_select()).load(c))?)
}

/// Holds the phase's row until the transaction ends, so that what is decided about it stays true.
pub fn lock(conn: &mut Conn<'_>, id: PhaseId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        phases::table.find(id.sql()).select(phases::id).for_update().first::<PhaseId>(&mut **c)?;
    }
    Ok(())
}

/// What a phase is made with besides what its organizer says.
#[derive(Debug, Clone)]
pub struct NewPhase {
    /// Its id.
    pub id: PhaseId,
    /// The challenge it belongs to.
    pub challenge: ChallengeId,
    /// Its place among the phases of the challenge.
    pub position: i32,
    /// The secret that decides hash splits, in hexadecimal.
    pub split_salt: String,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Writes a phase, without its splits.
pub fn insert(conn: &mut Conn<'_>, new: &NewPhase, draft: &PhaseDraft) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(phases::table)
        .values((
            (
                phases::id.eq(new.id.sql()),
                phases::challenge_id.eq(new.challenge.sql()),
                phases::codename.eq((&draft.codename).sql()),
                phases::position.eq(new.position),
                phases::split_salt.eq(&new.split_salt),
                phases::created_at.eq(new.created_at.sql()),
                phases::updated_at.eq(new.created_at.sql()),
            ),
            said_in!(draft),
        ))
        .execute(c))?;
    Ok(())
}

/// Replaces everything that a draft says, but not its codename and its splits.
pub fn update(
    conn: &mut Conn<'_>,
    id: PhaseId,
    draft: &PhaseDraft,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(phases::table.find(id.sql()))
        .set((said_in!(draft), phases::updated_at.eq(now.sql())))
        .execute(c))?;
    Ok(())
}

/// Whether anything was sent to the phase that its splits are, or will be, scored on.
pub fn is_in_use(conn: &mut Conn<'_>, id: PhaseId) -> Result<bool, StoreError> {
    let counting = [SubmissionState::Queued, SubmissionState::Running, SubmissionState::Scored];
    let using = submissions::table
        .filter(submissions::phase_id.eq(id.sql()))
        .filter(submissions::state.eq_any(counting.iter().map(Column::sql)));
    Ok(on!(conn, c => select(exists(using)).get_result(c))?)
}

/// The teams with a scored submission in a phase.
pub fn teams_with_scores(conn: &mut Conn<'_>, id: PhaseId) -> Result<Vec<TeamId>, StoreError> {
    Ok(on!(conn, c => submissions::table
        .filter(submissions::phase_id.eq(id.sql()))
        .filter(submissions::state.eq(SubmissionState::Scored.sql()))
        .select(submissions::team_id)
        .distinct()
        .load(c))?)
}

/// Says that a leaderboard of the phase may look different from now on.
pub fn touch_boards(conn: &mut Conn<'_>, phase: PhaseId) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(phases::table.find(phase.sql()))
        .set(phases::board_version.eq(phases::board_version + 1))
        .execute(c))?;
    Ok(())
}

/// Notes that the phase's result is published; the first time stays.
pub fn set_published(conn: &mut Conn<'_>, phase: PhaseId, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(phases::table.find(phase.sql()).filter(phases::published_at.is_null()))
        .set(phases::published_at.eq(Some(now.sql())))
        .execute(c))?;
    touch_boards(conn, phase)
}

fn as_stored(limit: u32) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}
