//! Idempotency keys: a creating request that is sent twice creates once.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use domain::{Digest, Timestamp};
use uuid::Uuid;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::idempotency_keys;
use crate::types::{Column, SqlUuid};

/// One creating request, as its sender named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who sent it, as the event log names them.
    pub actor: String,
    /// The sender's name for it.
    pub key: String,
    /// What it asks for.
    pub action: String,
    /// What it holds.
    pub body_digest: Digest,
}

/// What is known of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recall {
    /// It was never seen.
    New,
    /// It made this resource.
    Made(Uuid),
    /// The key was used for something else.
    Differs,
}

/// Looks a request up.
pub fn recall(conn: &mut Conn<'_>, request: &Request) -> Result<Recall, StoreError> {
    let row: Option<(String, Digest, SqlUuid)> = on!(conn, c => idempotency_keys::table
        .find((&request.actor, &request.key))
        .select((idempotency_keys::action, idempotency_keys::body_digest, idempotency_keys::resource_id))
        .get_result(c)
        .optional())?;
    Ok(match row {
        None => Recall::New,
        Some((action, digest, resource)) if action == request.action && digest == request.body_digest => {
            Recall::Made(resource.0)
        }
        Some(_) => Recall::Differs,
    })
}

/// Whether a sender has used a key before, whatever for.
pub fn is_known(conn: &mut Conn<'_>, actor: &str, key: &str) -> Result<bool, StoreError> {
    Ok(on!(conn, c => select(exists(idempotency_keys::table.find((actor, key)))).get_result(c))?)
}

/// Remembers what a request made; in the transaction that made it.
///
/// A second transaction that does the same at the same time hits the primary key and makes nothing.
pub fn remember(
    conn: &mut Conn<'_>,
    request: &Request,
    resource: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::actor.eq(&request.actor),
            idempotency_keys::key.eq(&request.key),
            idempotency_keys::action.eq(&request.action),
            idempotency_keys::body_digest.eq(request.body_digest.sql()),
            idempotency_keys::resource_id.eq(SqlUuid(resource).sql()),
            idempotency_keys::created_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}
