//! Activity profiles: how much of a split or of a dataset is which activity.

use diesel::prelude::*;
use domain::{ActivityProfileId, DatasetVersionId, Digest, SplitId, TaxonomyId, Timestamp, UserId};

use super::AT_ONCE;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{activity_profiles, activity_shares};
use crate::types::Column;

/// How much of something is which activity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = activity_profiles)]
pub struct Profile {
    /// Its id; later ones are larger.
    pub id: ActivityProfileId,
    /// The split that it describes, if it describes one.
    pub split_id: Option<SplitId>,
    /// The version of a dataset, if it describes that.
    pub dataset_version_id: Option<DatasetVersionId>,
    /// The list that its activities are of.
    pub taxonomy_id: TaxonomyId,
    /// What was counted: `hours`, `instances` or `score_weight`.
    pub unit: String,
    /// How: `counted`, `estimated`, `published` or `not_disclosed`.
    pub method: String,
    /// Where it was published, or who counted.
    pub source: String,
    /// Whether everybody may see it who sees what it describes.
    pub is_public: bool,
    /// What the file held that it was read from.
    pub digest: Digest,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// Writes a profile with its shares, 0..=1, by code.
pub fn insert(conn: &mut Conn<'_>, new: &Profile, shares: &[(String, f64)]) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(activity_profiles::table)
        .values((
            activity_profiles::id.eq(new.id.sql()),
            activity_profiles::split_id.eq(new.split_id.map(Column::sql)),
            activity_profiles::dataset_version_id.eq(new.dataset_version_id.map(Column::sql)),
            activity_profiles::taxonomy_id.eq(new.taxonomy_id.sql()),
            activity_profiles::unit.eq(&new.unit),
            activity_profiles::method.eq(&new.method),
            activity_profiles::source.eq(&new.source),
            activity_profiles::is_public.eq(new.is_public),
            activity_profiles::digest.eq(new.digest.sql()),
            activity_profiles::recorded_by.eq(new.recorded_by.map(Column::sql)),
            activity_profiles::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    for some in shares.chunks(AT_ONCE) {
        let rows = || {
            let each = some.iter().map(|(code, share)| {
                (
                    activity_shares::profile_id.eq(new.id.sql()),
                    activity_shares::taxonomy_id.eq(new.taxonomy_id.sql()),
                    activity_shares::code.eq(code),
                    activity_shares::share.eq(*share),
                )
            });
            each.collect::<Vec<_>>()
        };
        on!(conn, c => diesel::insert_into(activity_shares::table).values(rows()).execute(c))?;
    }
    Ok(())
}

/// The profiles of a split, newest first.
pub fn of_split(conn: &mut Conn<'_>, split: SplitId) -> Result<Vec<Profile>, StoreError> {
    Ok(on!(conn, c => activity_profiles::table
        .filter(activity_profiles::split_id.eq(split.sql()))
        .order(activity_profiles::id.desc())
        .select(Profile::as_select())
        .load(c))?)
}

/// The profiles of a version of a dataset, newest first.
pub fn of_dataset(conn: &mut Conn<'_>, version: DatasetVersionId) -> Result<Vec<Profile>, StoreError> {
    Ok(on!(conn, c => activity_profiles::table
        .filter(activity_profiles::dataset_version_id.eq(version.sql()))
        .order(activity_profiles::id.desc())
        .select(Profile::as_select())
        .load(c))?)
}

/// The shares of a profile by code, in the order of the codes.
pub fn shares(conn: &mut Conn<'_>, id: ActivityProfileId) -> Result<Vec<(String, f64)>, StoreError> {
    Ok(on!(conn, c => activity_shares::table
        .filter(activity_shares::profile_id.eq(id.sql()))
        .order(activity_shares::code.asc())
        .select((activity_shares::code, activity_shares::share))
        .load(c))?)
}
