//! What researchers were given, and who was in it.

use diesel::prelude::*;
use domain::{Digest, ExportId, ResearchRequestId, SnapshotId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, export_people, research_exports, research_requests};
use crate::types::{Column, Sql};

/// A file that was handed over; it is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// The request that allowed it.
    pub request: ResearchRequestId,
    /// The snapshot that it is of.
    pub snapshot: SnapshotId,
    /// `measures`, `people`, `graphml` or `gexf`.
    pub kind: String,
    /// The digest of the file.
    pub digest: Digest,
    /// How many people have a row in it.
    pub people: i32,
    /// When.
    pub made_at: Timestamp,
}

/// Keeps that an export was made, and whom it has rows about under which pseudonym.
pub fn insert(conn: &mut Conn<'_>, new: &Export, people: &[(UserId, String)]) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(research_exports::table)
        .values((
            research_exports::id.eq(new.id.sql()),
            research_exports::request_id.eq(new.request.sql()),
            research_exports::snapshot_id.eq(new.snapshot.sql()),
            research_exports::kind.eq(&new.kind),
            research_exports::digest.eq(new.digest.to_string()),
            research_exports::people.eq(new.people),
            research_exports::made_at.eq(new.made_at.sql()),
        ))
        .execute(c))?;
    for (user, pseudonym) in people {
        on!(conn, c => diesel::insert_into(export_people::table)
            .values((
                export_people::export_id.eq(new.id.sql()),
                export_people::pseudonym.eq(pseudonym),
                export_people::user_id.eq(Some(user.sql())),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// An export that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct OwnExport {
    /// The export.
    pub export: ExportId,
    /// What it holds.
    pub kind: String,
    /// The person's pseudonym in it.
    pub pseudonym: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The study.
    pub study: String,
    /// Where it is done.
    pub institution: String,
    /// The challenge, by the short name of its address.
    pub challenge: domain::Slug,
    /// Since when its holder must delete the person's rows.
    pub withdrawn_at: Option<Timestamp>,
}

/// The exports that a person is in, newest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<OwnExport>, StoreError> {
    Ok(on!(conn, c => export_people::table
        .inner_join(research_exports::table.inner_join(
            research_requests::table.inner_join(challenges::table)))
        .filter(export_people::user_id.eq(Some(user.sql())))
        .order(research_exports::id.desc())
        .select((
            research_exports::id,
            research_exports::kind,
            export_people::pseudonym,
            research_exports::made_at,
            research_requests::title,
            research_requests::institution,
            challenges::slug,
            export_people::withdrawn_at,
        ))
        .load(c))?)
}

/// Tells the holders of every export that a person is in to delete their rows; how many exports those are.
pub fn withdraw(conn: &mut Conn<'_>, user: UserId, now: Timestamp) -> Result<usize, StoreError> {
    let since: Option<Sql<Timestamp>> = Some(now.sql());
    Ok(on!(conn, c => diesel::update(export_people::table
            .filter(export_people::user_id.eq(Some(user.sql())))
            .filter(export_people::withdrawn_at.is_null()))
        .set(export_people::withdrawn_at.eq(since))
        .execute(c))?)
}

/// What was handed over on a request, newest first, with the pseudonyms whose rows its holder must delete.
pub fn of_request(
    conn: &mut Conn<'_>,
    request: ResearchRequestId,
) -> Result<Vec<(Export, Vec<String>)>, StoreError> {
    type Row = (ExportId, ResearchRequestId, SnapshotId, String, String, i32, Timestamp);
    let rows: Vec<Row> = on!(conn, c => research_exports::table
        .filter(research_exports::request_id.eq(request.sql()))
        .order(research_exports::id.desc())
        .select((
            research_exports::id,
            research_exports::request_id,
            research_exports::snapshot_id,
            research_exports::kind,
            research_exports::digest,
            research_exports::people,
            research_exports::made_at,
        ))
        .load(c))?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, request, snapshot, kind, digest, people, made_at) in rows {
        let gone: Vec<String> = on!(conn, c => export_people::table
            .filter(export_people::export_id.eq(id.sql()))
            .filter(export_people::withdrawn_at.is_not_null())
            .order(export_people::pseudonym.asc())
            .select(export_people::pseudonym)
            .load(c))?;
        let digest = Digest::parse(&digest).map_err(StoreError::other)?;
        found.push((Export { id, request, snapshot, kind, digest, people, made_at }, gone));
    }
    Ok(found)
}
