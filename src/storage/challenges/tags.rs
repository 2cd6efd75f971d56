//! The words by which challenges are found.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::{ChallengeId, Tag};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::challenge_tags;
use crate::types::Column;

/// The tags of a challenge.
pub fn of(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<BTreeSet<Tag>, StoreError> {
    Ok(of_many(conn, &[challenge])?.into_iter().map(|(_, tag)| tag).collect())
}

/// The tags of these challenges, each with its challenge, in the order of their letters.
pub fn of_many(
    conn: &mut Conn<'_>,
    challenges: &[ChallengeId],
) -> Result<Vec<(ChallengeId, Tag)>, StoreError> {
    Ok(on!(conn, c => challenge_tags::table
        .filter(challenge_tags::challenge_id.eq_any(challenges.iter().map(Column::sql)))
        .order((challenge_tags::challenge_id.asc(), challenge_tags::tag.asc()))
        .select((challenge_tags::challenge_id, challenge_tags::tag))
        .load(c))?)
}

/// Replaces all of them.
pub fn set(conn: &mut Conn<'_>, challenge: ChallengeId, tags: &BTreeSet<Tag>) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(
        challenge_tags::table.filter(challenge_tags::challenge_id.eq(challenge.sql()))).execute(c))?;
    for tag in tags {
        on!(conn, c => diesel::insert_into(challenge_tags::table)
            .values((challenge_tags::challenge_id.eq(challenge.sql()), challenge_tags::tag.eq(tag.sql())))
            .execute(c))?;
    }
    Ok(())
}
