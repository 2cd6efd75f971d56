//! Works that cite datasets, and what for; written once.

use diesel::prelude::*;
use domain::{DatasetId, DatasetVersionId, PublicationId, Timestamp};

use super::production::Recording;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{citations, publications};
use crate::types::Column;

/// What is said of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = publications, treat_none_as_default_value = false)]
pub struct PublicationDraft {
    /// Its DOI.
    pub doi: Option<String>,
    /// Its number at arXiv.
    pub arxiv: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it appeared.
    pub venue: String,
    /// The day.
    pub published_on: String,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = publications)]
pub struct Publication {
    /// Its id.
    pub id: PublicationId,
    /// What is said of it.
    #[diesel(embed)]
    pub said: PublicationDraft,
}

/// What a publication does with a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = citations)]
pub struct Citation {
    /// What for (`citation.function`).
    pub function: String,
    /// The version that it uses.
    pub dataset_version_id: Option<DatasetVersionId>,
    /// Where the citation was seen.
    pub seen_in: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// The publication of a DOI or of a number at arXiv.
pub fn find(
    conn: &mut Conn<'_>,
    doi: Option<&str>,
    arxiv: Option<&str>,
) -> Result<Option<Publication>, StoreError> {
    Ok(on!(conn, c => publications::table
        .filter(publications::doi.nullable().eq(doi).or(publications::arxiv.nullable().eq(arxiv)))
        .order(publications::id.asc())
        .select(Publication::as_select())
        .first(c)
        .optional())?)
}

/// Writes a publication.
pub fn insert(
    conn: &mut Conn<'_>,
    id: PublicationId,
    said: &PublicationDraft,
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(publications::table)
        .values((
            publications::id.eq(id.sql()),
            said,
            publications::recorded_by.eq(new.by.map(Column::sql)),
            publications::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes what a publication does with a dataset; `false` when it was on record.
pub fn cite(
    conn: &mut Conn<'_>,
    (publication, dataset): (PublicationId, DatasetId),
    said: &Citation,
    new: Recording,
) -> Result<bool, StoreError> {
    let written = on!(conn, c => diesel::insert_into(citations::table)
        .values((
            citations::publication_id.eq(publication.sql()),
            citations::dataset_id.eq(dataset.sql()),
            citations::function.eq(&said.function),
            citations::dataset_version_id.eq(said.dataset_version_id.map(Column::sql)),
            citations::seen_in.eq(&said.seen_in),
            citations::recorded_by.eq(new.by.map(Column::sql)),
            citations::recorded_at.eq(new.at.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(written > 0)
}

/// The citations of a dataset with their publications, in the order of their days.
pub fn of_dataset(
    conn: &mut Conn<'_>,
    dataset: DatasetId,
) -> Result<Vec<(Publication, Citation)>, StoreError> {
    Ok(on!(conn, c => citations::table
        .inner_join(publications::table)
        .filter(citations::dataset_id.eq(dataset.sql()))
        .order((publications::published_on.asc(), publications::id.asc(), citations::function.asc()))
        .select((Publication::as_select(), Citation::as_select()))
        .load(c))?)
}
