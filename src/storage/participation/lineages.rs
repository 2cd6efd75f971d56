//! Which team came from which.

use diesel::prelude::*;
use domain::{TeamId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::team_lineages;
use crate::types::Column;

/// The constraint that a lineage is recorded once.
pub const RECORDED: &str = "team_lineages_pkey";

/// A team that comes from another.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = team_lineages)]
pub struct Lineage {
    /// The earlier team.
    pub from_team_id: TeamId,
    /// The later one.
    pub to_team_id: TeamId,
    /// A code of the vocabulary `team_lineage.kind`.
    pub kind: String,
    /// When it happened.
    pub at: Timestamp,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Records a lineage; whether it is new.
pub fn insert(conn: &mut Conn<'_>, new: &Lineage) -> Result<bool, StoreError> {
    let inserted = on!(conn, c => diesel::insert_into(team_lineages::table)
        .values((
            team_lineages::from_team_id.eq(new.from_team_id.sql()),
            team_lineages::to_team_id.eq(new.to_team_id.sql()),
            team_lineages::kind.eq(&new.kind),
            team_lineages::at.eq(new.at.sql()),
            team_lineages::recorded_by.eq(new.recorded_by.sql()),
            team_lineages::recorded_at.eq(new.recorded_at.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(inserted == 1)
}

/// The lineages that lead to one of these teams, in the order in which they happened.
pub fn to_teams(conn: &mut Conn<'_>, teams: &[TeamId]) -> Result<Vec<Lineage>, StoreError> {
    let mut found: Vec<Lineage> = Vec::new();
    for some in teams.chunks(10_000) {
        found.extend(on!(conn, c => team_lineages::table
            .filter(team_lineages::to_team_id.eq_any(some.iter().map(Column::sql)))
            .select(Lineage::as_select())
            .load::<Lineage>(c))?);
    }
    found.sort_by_key(|lineage| (lineage.at, lineage.from_team_id, lineage.to_team_id));
    Ok(found)
}
