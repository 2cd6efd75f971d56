//! What challenges are told apart by in a search.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use domain::challenge::ChallengeState;
use domain::entry::{Admission, Openness};
use domain::{ChallengeId, Slug, Tag, Timestamp};

use super::listing::{matching, standing};
use super::{Filter, Standing, tags};
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, phases, series};
use crate::types::Column;

/// Ids are sent in portions, because SQLite takes only so many parameters.
const PORTION: usize = 1_000;

/// What one challenge is told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// The challenge.
    pub id: ChallengeId,
    /// Where it stands in time.
    pub standing: Standing,
    /// The series it is an edition of.
    pub series: Option<Slug>,
    /// Who sees it.
    pub openness: Openness,
    /// Who may enter.
    pub admission: Admission,
    /// What scores its phases.
    pub evaluators: BTreeSet<String>,
    /// Its tags.
    pub tags: BTreeSet<Tag>,
}

/// The traits of every challenge that the filter lets through, newest first.
pub fn of_matching(conn: &mut Conn<'_>, filter: &Filter, now: Timestamp) -> Result<Vec<Traits>, StoreError> {
    let ids = matching(conn, filter, now, i64::MAX)?;
    let mut found = Vec::with_capacity(ids.len());
    for portion in ids.chunks(PORTION) {
        found.extend(of(conn, portion, now)?);
    }
    Ok(found)
}

/// The traits of these challenges, newest first.
pub fn of(conn: &mut Conn<'_>, ids: &[ChallengeId], now: Timestamp) -> Result<Vec<Traits>, StoreError> {
    type Row = (ChallengeId, ChallengeState, Openness, Admission, Option<Slug>);
    type Phase = (ChallengeId, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Row> = on!(conn, c => challenges::table
        .left_join(series::table.on(series::id.nullable().eq(challenges::series_id)))
        .filter(challenges::id.eq_any(ids.iter().map(Column::sql)))
        .order(challenges::id.desc())
        .select((
            challenges::id,
            challenges::state,
            challenges::openness,
            challenges::admission,
            series::slug.nullable(),
        ))
        .load(c))?;
    let found: Vec<Phase> = on!(conn, c => phases::table
        .filter(phases::challenge_id.eq_any(ids.iter().map(Column::sql)))
        .select((phases::challenge_id, phases::evaluator, phases::opens_at, phases::closes_at))
        .load(c))?;
    let mut phases_of: BTreeMap<ChallengeId, Vec<Phase>> = BTreeMap::new();
    for phase in found {
        phases_of.entry(phase.0).or_default().push(phase);
    }
    let mut tags_of: BTreeMap<ChallengeId, BTreeSet<Tag>> = BTreeMap::new();
    for (id, tag) in tags::of_many(conn, ids)? {
        tags_of.entry(id).or_default().insert(tag);
    }
    let traits = |(id, state, openness, admission, series): Row| {
        let own = phases_of.remove(&id).unwrap_or_default();
        Traits {
            id,
            standing: standing(state, own.iter().map(|phase| (phase.2, phase.3)), now),
            series,
            openness,
            admission,
            evaluators: own.into_iter().map(|phase| phase.1).collect(),
            tags: tags_of.remove(&id).unwrap_or_default(),
        }
    };
    Ok(rows.into_iter().map(traits).collect())
}
