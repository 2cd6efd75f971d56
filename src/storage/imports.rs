//! Challenges that came as bundles of other systems.

use diesel::prelude::*;
use domain::imported::ImportedParts;
use domain::{ChallengeId, Digest, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::imports;
use crate::types::{Column, Json};

/// How a challenge came here.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct ChallengeImport {
    /// The challenge.
    pub challenge_id: ChallengeId,
    /// The name under which it is found when it comes again, unique on the site.
    pub source: String,
    /// The system that the bundle was written for: `eval_ai`, `codabench2` or `coda_lab15`.
    pub origin: String,
    /// The digest of the bundle as it came last; it is in the store of annotations.
    pub bundle: Digest,
    /// What its parts are called in the bundle.
    pub parts: Json<ImportedParts>,
    /// Who brought it first.
    pub imported_by: UserId,
    /// When.
    pub imported_at: Timestamp,
    /// When it came last.
    pub updated_at: Timestamp,
}

/// Writes how a challenge came here.
pub fn insert(conn: &mut Conn<'_>, new: &ChallengeImport) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(imports::table)
        .values((
            imports::challenge_id.eq(new.challenge_id.sql()),
            imports::source.eq(&new.source),
            imports::origin.eq(&new.origin),
            imports::bundle.eq(new.bundle.sql()),
            imports::parts.eq(&new.parts),
            imports::imported_by.eq(new.imported_by.sql()),
            imports::imported_at.eq(new.imported_at.sql()),
            imports::updated_at.eq(new.updated_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Notes that the bundle came again.
pub fn update(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    bundle: Digest,
    parts: &Json<ImportedParts>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(imports::table.find(challenge.sql()))
        .set((imports::bundle.eq(bundle.sql()), imports::parts.eq(parts), imports::updated_at.eq(now.sql())))
        .execute(c))?;
    Ok(())
}

/// The challenge that came from a source.
pub fn find_by_source(conn: &mut Conn<'_>, source: &str) -> Result<Option<ChallengeImport>, StoreError> {
    Ok(on!(conn, c => imports::table
        .filter(imports::source.eq(source))
        .select(ChallengeImport::as_select())
        .get_result(c)
        .optional())?)
}

/// How a challenge came here, if it came as a bundle.
pub fn of_challenge(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
) -> Result<Option<ChallengeImport>, StoreError> {
    Ok(on!(conn, c => imports::table
        .find(challenge.sql())
        .select(ChallengeImport::as_select())
        .get_result(c)
        .optional())?)
}
