//! Addresses that are told what happens in a challenge, with their place in the log, and what came of every attempt.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::{ChallengeId, DeliveryId, Timestamp, UserId, WebhookId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{events, webhook_deliveries, webhooks};
use crate::types::{Column, Json};

/// A webhook as it is stored.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = webhooks)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// The challenge whose events it is told.
    pub challenge_id: ChallengeId,
    /// Where they are sent.
    pub url: String,
    /// Which kinds of them; an empty list is all.
    pub kinds: Json<Vec<String>>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Up to this event everything is dealt with.
    pub after_seq: i64,
    /// How often the next event was tried in vain.
    pub failures: i32,
    /// When it is tried next.
    pub next_attempt_at: Timestamp,
    /// When nothing is sent any more.
    pub stopped_at: Option<Timestamp>,
    /// Why: `removed` or `gave_up`.
    pub stopped_because: Option<String>,
}

/// An attempt to send an event.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    /// Its id; a later one has a larger one.
    pub id: DeliveryId,
    /// Of which webhook.
    pub webhook_id: WebhookId,
    /// The place of the event in the log.
    pub seq: i64,
    /// Which attempt with this event, from 1.
    pub attempt: i32,
    /// When.
    pub sent_at: Timestamp,
    /// How long it took.
    pub milliseconds: i32,
    /// The status of the answer; absent where none came.
    pub status: Option<i32>,
    /// Why it does not count as delivered; empty where it does.
    pub error: String,
}

/// Writes a webhook that begins behind the newest event.
pub fn insert(conn: &mut Conn<'_>, new: &Webhook) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(webhooks::table)
        .values((
            webhooks::id.eq(new.id.sql()),
            webhooks::challenge_id.eq(new.challenge_id.sql()),
            webhooks::url.eq(&new.url),
            webhooks::kinds.eq(Json(new.kinds.0.clone())),
            webhooks::created_by.eq(new.created_by.sql()),
            webhooks::created_at.eq(new.created_at.sql()),
            webhooks::after_seq.eq(new.after_seq),
            webhooks::next_attempt_at.eq(new.next_attempt_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The webhook of this id.
pub fn find(conn: &mut Conn<'_>, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    Ok(on!(conn, c => webhooks::table.find(id.sql()).select(Webhook::as_select()).get_result(c).optional())?)
}

/// The webhooks of a challenge that were not removed, oldest first.
pub fn of_challenge(conn: &mut Conn<'_>, challenge: ChallengeId) -> Result<Vec<Webhook>, StoreError> {
    Ok(on!(conn, c => webhooks::table
        .filter(webhooks::challenge_id.eq(challenge.sql()))
        .filter(webhooks::stopped_because.is_null().or(webhooks::stopped_because.ne("removed")))
        .order(webhooks::id.asc())
        .select(Webhook::as_select())
        .load(c))?)
}

/// Stops a webhook that is in use; `false` where it is not.
pub fn stop(conn: &mut Conn<'_>, id: WebhookId, because: &str, now: Timestamp) -> Result<bool, StoreError> {
    let stopped = on!(conn, c => diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id.sql()))
        .filter(webhooks::stopped_because.is_null().or(webhooks::stopped_because.ne("removed")))
        .filter(webhooks::stopped_because.is_null().or(webhooks::stopped_because.ne(because)))
        .set((
            webhooks::stopped_at.eq(Some(now.sql())),
            webhooks::stopped_because.eq(Some(because)),
        ))
        .execute(c))?;
    Ok(stopped == 1)
}

/// Begins again where a webhook gave up; `false` where it did not.
pub fn resume(conn: &mut Conn<'_>, id: WebhookId, now: Timestamp) -> Result<bool, StoreError> {
    let resumed = on!(conn, c => diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id.sql()))
        .filter(webhooks::stopped_because.eq("gave_up"))
        .set((
            webhooks::stopped_at.eq(None::<crate::types::Sql<Timestamp>>),
            webhooks::stopped_because.eq(None::<&str>),
            webhooks::failures.eq(0),
            webhooks::next_attempt_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(resumed == 1)
}

/// A webhook that has something to tell at a moment, and that nobody has taken.
pub fn due(conn: &mut Conn<'_>, now: Timestamp) -> Result<Option<Webhook>, StoreError> {
    Ok(on!(conn, c => webhooks::table
        .filter(webhooks::stopped_at.is_null())
        .filter(webhooks::next_attempt_at.le(now.sql()))
        .filter(webhooks::leased_until.is_null().or(webhooks::leased_until.le(Some(now.sql()))))
        .filter(exists(
            events::table
                .filter(events::challenge_id.eq(webhooks::challenge_id.nullable()))
                .filter(events::seq.gt(webhooks::after_seq)),
        ))
        .order(webhooks::next_attempt_at.asc())
        .select(Webhook::as_select())
        .limit(1)
        .get_result(c)
        .optional())?)
}

/// Takes a webhook as it was read until a moment; `false` where another process was first.
pub fn take(
    conn: &mut Conn<'_>,
    webhook: &Webhook,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let taken = on!(conn, c => diesel::update(webhooks::table)
        .filter(webhooks::id.eq(webhook.id.sql()))
        .filter(webhooks::after_seq.eq(webhook.after_seq))
        .filter(webhooks::failures.eq(webhook.failures))
        .filter(webhooks::leased_until.is_null().or(webhooks::leased_until.le(Some(now.sql()))))
        .set(webhooks::leased_until.eq(Some(until.sql())))
        .execute(c))?;
    Ok(taken == 1)
}

/// Moves a webhook behind an event and lets go of it.
pub fn advance(conn: &mut Conn<'_>, id: WebhookId, after_seq: i64, now: Timestamp) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id.sql()))
        .filter(webhooks::after_seq.le(after_seq))
        .set((
            webhooks::after_seq.eq(after_seq),
            webhooks::failures.eq(0),
            webhooks::next_attempt_at.eq(now.sql()),
            webhooks::leased_until.eq(None::<crate::types::Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(())
}

/// Notes that the next event was tried in vain, and lets go of the webhook until a moment.
pub fn put_off(
    conn: &mut Conn<'_>,
    id: WebhookId,
    failures: i32,
    until: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id.sql()))
        .set((
            webhooks::failures.eq(failures),
            webhooks::next_attempt_at.eq(until.sql()),
            webhooks::leased_until.eq(None::<crate::types::Sql<Timestamp>>),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes what came of an attempt.
pub fn record(conn: &mut Conn<'_>, new: &Delivery) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(webhook_deliveries::table)
        .values((
            webhook_deliveries::id.eq(new.id.sql()),
            webhook_deliveries::webhook_id.eq(new.webhook_id.sql()),
            webhook_deliveries::seq.eq(new.seq),
            webhook_deliveries::attempt.eq(new.attempt),
            webhook_deliveries::sent_at.eq(new.sent_at.sql()),
            webhook_deliveries::milliseconds.eq(new.milliseconds),
            webhook_deliveries::status.eq(new.status),
            webhook_deliveries::error.eq(&new.error),
        ))
        .execute(c))?;
    Ok(())
}

/// The attempts of a webhook, newest first; those before one of them.
pub fn deliveries(
    conn: &mut Conn<'_>,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    Ok(on!(conn, c => {
        let mut query =
            webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(webhook.sql())).into_boxed();
        if let Some(before) = before {
            query = query.filter(webhook_deliveries::id.lt(before.sql()));
        }
        query.order(webhook_deliveries::id.desc()).limit(limit).select(Delivery::as_select()).load(c)
    })?)
}

/// Forgets attempts that were made before a moment; how many.
pub fn forget_before(conn: &mut Conn<'_>, before: Timestamp) -> Result<usize, StoreError> {
    Ok(on!(conn, c => diesel::delete(webhook_deliveries::table
            .filter(webhook_deliveries::sent_at.lt(before.sql())))
        .execute(c))?)
}
