//! How teams came to a challenge, as they say themselves.

use diesel::prelude::*;
use domain::{TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{team_entries, team_entry_reasons};
use crate::types::Column;

/// What a team says of its entry; codes of the vocabularies, or `undisclosed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The team.
    pub team: TeamId,
    /// How it is related to the organizers: `organizer_relation`.
    pub organizer_relation: String,
    /// How it heard of the challenge: `uptake.discovered_via`.
    pub discovered_via: String,
    /// Where its method comes from: `method_origin`.
    pub method_origin: String,
    /// What it computed with: `compute_band`.
    pub compute_band: String,
    /// Since when it has worked on such a method; a day.
    pub related_work_since: Option<String>,
    /// Why it takes part, the most important first: `uptake.reason`.
    pub reasons: Vec<String>,
    /// Who answered.
    pub answered_by: UserId,
    /// When.
    pub answered_at: Timestamp,
}

type Row = (TeamId, String, String, String, String, Option<String>, UserId, Timestamp);

/// Keeps what a team says in place of what it said before.
pub fn set(conn: &mut Conn<'_>, entry: &Entry) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(
        team_entry_reasons::table.filter(team_entry_reasons::team_id.eq(entry.team.sql()))).execute(c))?;
    let values = (
        team_entries::team_id.eq(entry.team.sql()),
        team_entries::organizer_relation.eq(&entry.organizer_relation),
        team_entries::discovered_via.eq(&entry.discovered_via),
        team_entries::method_origin.eq(&entry.method_origin),
        team_entries::compute_band.eq(&entry.compute_band),
        team_entries::related_work_since.eq(entry.related_work_since.as_deref()),
        team_entries::answered_by.eq(entry.answered_by.sql()),
        team_entries::answered_at.eq(entry.answered_at.sql()),
    );
    on!(conn, c => diesel::delete(team_entries::table.find(entry.team.sql())).execute(c))?;
    on!(conn, c => diesel::insert_into(team_entries::table).values(values).execute(c))?;
    for (place, reason) in entry.reasons.iter().enumerate() {
        on!(conn, c => diesel::insert_into(team_entry_reasons::table)
            .values((
                team_entry_reasons::team_id.eq(entry.team.sql()),
                team_entry_reasons::reason.eq(reason),
                team_entry_reasons::position.eq(place as i32 + 1),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// What these teams say, in the order of their ids.
pub fn of_teams(conn: &mut Conn<'_>, teams: &[TeamId]) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::new();
    for some in teams.chunks(10_000) {
        let rows: Vec<Row> = on!(conn, c => team_entries::table
            .filter(team_entries::team_id.eq_any(some.iter().map(Column::sql)))
            .select((
                team_entries::team_id,
                team_entries::organizer_relation,
                team_entries::discovered_via,
                team_entries::method_origin,
                team_entries::compute_band,
                team_entries::related_work_since,
                team_entries::answered_by,
                team_entries::answered_at,
            ))
            .load(c))?;
        entries.extend(rows.into_iter().map(Entry::from));
        let reasons: Vec<(TeamId, String)> = on!(conn, c => team_entry_reasons::table
            .filter(team_entry_reasons::team_id.eq_any(some.iter().map(Column::sql)))
            .order((team_entry_reasons::team_id.asc(), team_entry_reasons::position.asc()))
            .select((team_entry_reasons::team_id, team_entry_reasons::reason))
            .load(c))?;
        for (team, reason) in reasons {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.team == team) {
                entry.reasons.push(reason);
            }
        }
    }
    entries.sort_by_key(|entry| entry.team);
    Ok(entries)
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        let (
            team,
            organizer_relation,
            discovered_via,
            method_origin,
            compute_band,
            related_work_since,
            by,
            at,
        ) = row;
        Self {
            team,
            organizer_relation,
            discovered_via,
            method_origin,
            compute_band,
            related_work_since,
            reasons: Vec::new(),
            answered_by: by,
            answered_at: at,
        }
    }
}
