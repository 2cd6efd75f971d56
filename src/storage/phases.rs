//! Phases, their splits, and the versions of their annotations.

use diesel::prelude::*;
use domain::metric::MetricSpec;
use domain::phase::{
    AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, RankingRule, WindowState, window_at,
};
use domain::quota::Quota;
use domain::split::{SplitRule, Visibility};
use domain::{AnnotationsId, ChallengeId, Codename, Digest, PhaseId, SplitId, Timestamp, Title, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{annotations, phases, splits};
use crate::types::{Column, Json};

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
    /// The secret that decides hash splits, in hexadecimal.
    pub split_salt: String,
    /// Counts every change that a leaderboard could show.
    pub board_version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Phase {
    /// How much a team may submit.
    pub fn quota(&self) -> Quota {
        let limit = |stored: Option<i32>| stored.and_then(|limit| u32::try_from(limit).ok());
        Quota {
            per_day: limit(self.quota_per_day),
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

    /// Where it stands in time.
    pub fn window_at(&self, now: Timestamp) -> WindowState {
        window_at(self.opens_at, self.closes_at, now)
    }
}

/// A split as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = splits)]
pub struct Split {
    /// Its id.
    pub id: SplitId,
    /// The phase it belongs to.
    pub phase_id: PhaseId,
    /// Its short name.
    pub codename: Codename,
    /// Who sees its scores.
    pub visibility: Visibility,
    /// Which items it holds.
    pub rule: Json<SplitRule>,
    /// Its place among the splits of the phase.
    pub position: i32,
}

/// One version of a phase's held-out annotations.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = annotations)]
pub struct Annotations {
    /// Its id.
    pub id: AnnotationsId,
    /// The phase it belongs to.
    pub phase_id: PhaseId,
    /// 1, 2, 3 and so on; the highest is in force.
    pub version: i32,
    /// Its tables.
    pub tables: Json<Vec<AnnotationsTable>>,
    /// One name for the content of all tables.
    pub digest: Digest,
    /// How many items are scored.
    pub item_count: i32,
    /// How many groups they form.
    pub group_count: i32,
    /// What is measured on it, the evaluator's first metric first.
    pub metrics: Json<Vec<MetricSpec>>,
    /// What the organizer says about this version.
    pub note: String,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// One file of a version of annotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationsTable {
    /// Its name for the evaluator: `main` first; `items` holds groups and attributes.
    pub name: String,
    /// The name of the file that was uploaded.
    pub file_name: String,
    /// The artifact that holds it.
    pub digest: Digest,
    /// Its size.
    pub size_bytes: u64,
}

/// The phase of this id.
pub fn find(conn: &mut Conn<'_>, id: PhaseId) -> Result<Option<Phase>, StoreError> {
    Ok(on!(conn, c => phases::table.find(id.sql()).select(Phase::as_select()).first(c).optional())?)
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
        .first(c)
        .optional())?)
}

/// The splits of a phase, in their order.
pub fn splits_of(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Split>, StoreError> {
    Ok(on!(conn, c => splits::table
        .filter(splits::phase_id.eq(phase.sql()))
        .order(splits::position.asc())
        .select(Split::as_select())
        .load(c))?)
}

/// The version of the annotations in force.
pub fn annotations_in_force(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Option<Annotations>, StoreError> {
    Ok(on!(conn, c => annotations::table
        .filter(annotations::phase_id.eq(phase.sql()))
        .order(annotations::version.desc())
        .select(Annotations::as_select())
        .first(c)
        .optional())?)
}

/// A version of the annotations by its id.
pub fn annotations(conn: &mut Conn<'_>, id: AnnotationsId) -> Result<Option<Annotations>, StoreError> {
    Ok(on!(conn, c => annotations::table
        .find(id.sql())
        .select(Annotations::as_select())
        .first(c)
        .optional())?)
}

/// Says that a leaderboard of the phase may look different from now on.
pub fn touch_boards(conn: &mut Conn<'_>, phase: PhaseId) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(phases::table.find(phase.sql()))
        .set(phases::board_version.eq(phases::board_version + 1))
        .execute(c))?;
    Ok(())
}
