//! Taxonomies: versions of lists of terms, written once.

use diesel::prelude::*;
use domain::framing::{NOT_DISCLOSED, Told};
use domain::{Digest, Slug, TaxonomyId, Timestamp, UserId, VersionName};

use super::AT_ONCE;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{taxonomies, taxonomy_terms};
use crate::types::Column;

/// One version of a list of terms.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = taxonomies)]
pub struct Taxonomy {
    /// Its id; later ones are larger.
    pub id: TaxonomyId,
    /// The list.
    pub name: Slug,
    /// Its version.
    pub version: VersionName,
    /// What people read.
    pub title: String,
    /// Where it was published.
    pub source: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// Whether nothing can be added to it.
    pub closed: Told,
    /// The first day on which it holds.
    pub effective_from: Option<String>,
    /// What the file held that it was read from.
    pub digest: Digest,
    /// Who recorded it; absent for what the program brings.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// A term of a list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = taxonomy_terms)]
pub struct Term {
    /// Its code, unique in the list.
    pub code: String,
    /// What people read.
    pub title: String,
    /// The code of the term that it lies inside.
    pub parent: Option<String>,
    /// How it came into the list (`term.origin`).
    pub origin: String,
}

impl Term {
    /// How it came into the list, where that is told.
    pub fn told_origin(&self) -> Option<&str> {
        Some(self.origin.as_str()).filter(|origin| *origin != NOT_DISCLOSED)
    }
}

/// Writes a version of a list with its terms in their order.
pub fn insert(conn: &mut Conn<'_>, new: &Taxonomy, terms: &[Term]) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(taxonomies::table)
        .values((
            taxonomies::id.eq(new.id.sql()),
            taxonomies::name.eq((&new.name).sql()),
            taxonomies::version.eq((&new.version).sql()),
            taxonomies::title.eq(&new.title),
            taxonomies::source.eq(&new.source),
            taxonomies::licence.eq(&new.licence),
            taxonomies::closed.eq(new.closed.sql()),
            taxonomies::effective_from.eq(new.effective_from.as_deref()),
            taxonomies::digest.eq(new.digest.sql()),
            taxonomies::recorded_by.eq(new.recorded_by.map(Column::sql)),
            taxonomies::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    for (chunk, some) in terms.chunks(AT_ONCE).enumerate() {
        let rows = || {
            let each = some.iter().enumerate().map(|(index, term)| {
                (
                    taxonomy_terms::taxonomy_id.eq(new.id.sql()),
                    taxonomy_terms::code.eq(&term.code),
                    taxonomy_terms::position.eq(i32::try_from(chunk * AT_ONCE + index).unwrap_or(i32::MAX)),
                    taxonomy_terms::title.eq(&term.title),
                    taxonomy_terms::parent.eq(term.parent.as_deref()),
                    taxonomy_terms::origin.eq(&term.origin),
                )
            });
            each.collect::<Vec<_>>()
        };
        on!(conn, c => diesel::insert_into(taxonomy_terms::table).values(rows()).execute(c))?;
    }
    Ok(())
}

/// The list of this id.
pub fn find(conn: &mut Conn<'_>, id: TaxonomyId) -> Result<Option<Taxonomy>, StoreError> {
    Ok(on!(conn, c => taxonomies::table
        .find(id.sql())
        .select(Taxonomy::as_select())
        .get_result(c)
        .optional())?)
}

/// Every version of a list, oldest record first.
pub fn versions(conn: &mut Conn<'_>, name: &Slug) -> Result<Vec<Taxonomy>, StoreError> {
    Ok(on!(conn, c => taxonomies::table
        .filter(taxonomies::name.eq(name.sql()))
        .order(taxonomies::id.asc())
        .select(Taxonomy::as_select())
        .load(c))?)
}

/// A page of all lists, newest record first; those before one of them.
pub fn page(
    conn: &mut Conn<'_>,
    before: Option<TaxonomyId>,
    limit: i64,
) -> Result<Vec<Taxonomy>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = taxonomies::table.select(Taxonomy::as_select()).into_boxed();
        if let Some(before) = before {
            query = query.filter(taxonomies::id.lt(before.sql()));
        }
        query.order(taxonomies::id.desc()).limit(limit).load(c)
    })?)
}

/// The terms of a list, in its order.
pub fn terms(conn: &mut Conn<'_>, id: TaxonomyId) -> Result<Vec<Term>, StoreError> {
    Ok(on!(conn, c => taxonomy_terms::table
        .filter(taxonomy_terms::taxonomy_id.eq(id.sql()))
        .order(taxonomy_terms::position.asc())
        .select(Term::as_select())
        .load(c))?)
}
