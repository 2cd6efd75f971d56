//! Mappings between taxonomies: what each term may mean, with bounds; written once.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use domain::{Digest, MappingId, TaxonomyId, Timestamp, UserId, VersionName};

use super::AT_ONCE;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{mapped_terms, mapping_candidates, mappings};
use crate::types::Column;

/// What the terms of one list mean in another, as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = mappings)]
pub struct Mapping {
    /// Its id; later ones are larger.
    pub id: MappingId,
    /// What is mapped.
    pub from_taxonomy_id: TaxonomyId,
    /// What it is mapped to.
    pub to_taxonomy_id: TaxonomyId,
    /// The version of the mapping itself.
    pub version: VersionName,
    /// Where it was published, or who made it.
    pub source: String,
    /// What the file held that it was read from.
    pub digest: Digest,
    /// Who recorded it; absent for what the program brings.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// A term and what it may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct MappedTerm {
    /// Its code in the list that is mapped.
    pub code: String,
    /// How it relates to its primary class (`mapping.skos`).
    pub relation: String,
    /// What fixes its class (`mapping.determinacy`).
    pub determinacy: String,
    /// What it may mean, the primary class first.
    pub candidates: Vec<Candidate>,
}

/// What a term may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The code in the list that is mapped to.
    pub code: String,
    /// The share of the point value.
    pub weight: f64,
    /// The least share.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// Lets nobody else write a mapping before the transaction ends, so that what leads where can be looked at first.
pub fn lock(conn: &mut Conn<'_>) -> Result<(), StoreError> {
    // SQLite has one writer.
    if let Conn::Pg(c) = conn {
        c.batch_execute("LOCK TABLE mappings IN SHARE ROW EXCLUSIVE MODE")?;
    }
    Ok(())
}

/// Writes a mapping with its terms in their order.
pub fn insert(conn: &mut Conn<'_>, new: &Mapping, terms: &[MappedTerm]) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(mappings::table)
        .values((
            mappings::id.eq(new.id.sql()),
            mappings::from_taxonomy_id.eq(new.from_taxonomy_id.sql()),
            mappings::to_taxonomy_id.eq(new.to_taxonomy_id.sql()),
            mappings::version.eq((&new.version).sql()),
            mappings::source.eq(&new.source),
            mappings::digest.eq(new.digest.sql()),
            mappings::recorded_by.eq(new.recorded_by.map(Column::sql)),
            mappings::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    let numbered: Vec<(i32, &MappedTerm)> = (0..).zip(terms).collect();
    for some in numbered.chunks(AT_ONCE) {
        let rows = || {
            let each = some.iter().map(|(position, term)| {
                (
                    mapped_terms::mapping_id.eq(new.id.sql()),
                    mapped_terms::from_taxonomy_id.eq(new.from_taxonomy_id.sql()),
                    mapped_terms::code.eq(&term.code),
                    mapped_terms::position.eq(*position),
                    mapped_terms::relation.eq(&term.relation),
                    mapped_terms::determinacy.eq(&term.determinacy),
                )
            });
            each.collect::<Vec<_>>()
        };
        on!(conn, c => diesel::insert_into(mapped_terms::table).values(rows()).execute(c))?;
    }
    let candidates: Vec<(&str, i32, &Candidate)> = terms
        .iter()
        .flat_map(|term| {
            let numbered = (0..).zip(&term.candidates);
            numbered.map(|(position, candidate)| (term.code.as_str(), position, candidate))
        })
        .collect();
    for some in candidates.chunks(AT_ONCE) {
        let rows = || {
            let each = some.iter().map(|(term, position, candidate)| {
                (
                    mapping_candidates::mapping_id.eq(new.id.sql()),
                    mapping_candidates::code.eq(*term),
                    mapping_candidates::to_taxonomy_id.eq(new.to_taxonomy_id.sql()),
                    mapping_candidates::to_code.eq(&candidate.code),
                    mapping_candidates::position.eq(*position),
                    mapping_candidates::weight.eq(candidate.weight),
                    mapping_candidates::least.eq(candidate.least),
                    mapping_candidates::most.eq(candidate.most),
                )
            });
            each.collect::<Vec<_>>()
        };
        on!(conn, c => diesel::insert_into(mapping_candidates::table).values(rows()).execute(c))?;
    }
    Ok(())
}

/// The mapping of this id.
pub fn find(conn: &mut Conn<'_>, id: MappingId) -> Result<Option<Mapping>, StoreError> {
    Ok(on!(conn, c => mappings::table
        .find(id.sql())
        .select(Mapping::as_select())
        .get_result(c)
        .optional())?)
}

/// All mappings from a list, newest record first.
pub fn from(conn: &mut Conn<'_>, taxonomy: TaxonomyId) -> Result<Vec<Mapping>, StoreError> {
    Ok(on!(conn, c => mappings::table
        .filter(mappings::from_taxonomy_id.eq(taxonomy.sql()))
        .order(mappings::id.desc())
        .select(Mapping::as_select())
        .load(c))?)
}

/// A page of all mappings, newest record first; those before one of them.
pub fn page(conn: &mut Conn<'_>, before: Option<MappingId>, limit: i64) -> Result<Vec<Mapping>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = mappings::table.select(Mapping::as_select()).into_boxed();
        if let Some(before) = before {
            query = query.filter(mappings::id.lt(before.sql()));
        }
        query.order(mappings::id.desc()).limit(limit).load(c)
    })?)
}

/// The terms of a mapping, in its order.
pub fn terms(conn: &mut Conn<'_>, id: MappingId) -> Result<Vec<MappedTerm>, StoreError> {
    let heads: Vec<(String, String, String)> = on!(conn, c => mapped_terms::table
        .filter(mapped_terms::mapping_id.eq(id.sql()))
        .order(mapped_terms::position.asc())
        .select((mapped_terms::code, mapped_terms::relation, mapped_terms::determinacy))
        .load(c))?;
    let rows: Vec<(String, String, f64, f64, f64)> = on!(conn, c => mapping_candidates::table
        .filter(mapping_candidates::mapping_id.eq(id.sql()))
        .order((mapping_candidates::code.asc(), mapping_candidates::position.asc()))
        .select((
            mapping_candidates::code,
            mapping_candidates::to_code,
            mapping_candidates::weight,
            mapping_candidates::least,
            mapping_candidates::most,
        ))
        .load(c))?;
    let mut candidates: std::collections::HashMap<String, Vec<Candidate>> = std::collections::HashMap::new();
    for (term, code, weight, least, most) in rows {
        candidates.entry(term).or_default().push(Candidate { code, weight, least, most });
    }
    let terms = heads.into_iter().map(|(code, relation, determinacy)| MappedTerm {
        candidates: candidates.remove(&code).unwrap_or_default(),
        code,
        relation,
        determinacy,
    });
    Ok(terms.collect())
}
