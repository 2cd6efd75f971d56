//! What people consented to, in which words, and until when.

use diesel::prelude::*;
use domain::consent::ConsentText;
use domain::{ConsentId, ConsentPurpose, Digest, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{consent_texts, consents};
use crate::types::Column;

/// One person's consent to one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Who gave it.
    pub user_id: UserId,
    /// What for.
    pub purpose: ConsentPurpose,
    /// The version of the words.
    pub version: i32,
    /// Their language.
    pub locale: String,
    /// How it was given: a code of the vocabulary `consent.method`.
    pub method: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = consents)]
struct Row {
    id: ConsentId,
    user_id: UserId,
    purpose: String,
    version: i32,
    locale: String,
    method: String,
    given_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
}

/// Keeps a text word for word, if it is not kept yet.
pub fn keep_text(conn: &mut Conn<'_>, text: ConsentText, now: Timestamp) -> Result<(), StoreError> {
    let digest = Digest::of(text.body.as_bytes()).to_string();
    on!(conn, c => diesel::insert_into(consent_texts::table)
        .values((
            consent_texts::purpose.eq(text.purpose.as_str()),
            consent_texts::version.eq(text.version),
            consent_texts::locale.eq(text.locale),
            consent_texts::body.eq(text.body),
            consent_texts::digest.eq(&digest),
            consent_texts::effective_from.eq(now.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Keeps a consent; one that stands already hits `consents_user_id_purpose_key`.
pub fn give(conn: &mut Conn<'_>, new: &Consent) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(consents::table)
        .values((
            consents::id.eq(new.id.sql()),
            consents::user_id.eq(new.user_id.sql()),
            consents::purpose.eq(new.purpose.as_str()),
            consents::version.eq(new.version),
            consents::locale.eq(&new.locale),
            consents::method.eq(&new.method),
            consents::given_at.eq(new.given_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Withdraws the consent that stands; whether there was one.
pub fn withdraw(
    conn: &mut Conn<'_>,
    user: UserId,
    purpose: ConsentPurpose,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(consents::table
            .filter(consents::user_id.eq(user.sql()))
            .filter(consents::purpose.eq(purpose.as_str()))
            .filter(consents::withdrawn_at.is_null()))
        .set(consents::withdrawn_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(changed == 1)
}

/// Everything that a person consented to, oldest first.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Consent>, StoreError> {
    let rows: Vec<Row> = on!(conn, c => consents::table
        .filter(consents::user_id.eq(user.sql()))
        .order((consents::given_at.asc(), consents::id.asc()))
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::into_consent).collect()
}

/// Who of these people consents to a purpose now, in the order of the ids.
pub fn who_consents(
    conn: &mut Conn<'_>,
    users: &[UserId],
    purpose: ConsentPurpose,
) -> Result<Vec<UserId>, StoreError> {
    let mut found: Vec<UserId> = Vec::new();
    for some in users.chunks(10_000) {
        found.extend(on!(conn, c => consents::table
            .filter(consents::purpose.eq(purpose.as_str()))
            .filter(consents::withdrawn_at.is_null())
            .filter(consents::user_id.eq_any(some.iter().map(Column::sql)))
            .select(consents::user_id)
            .load::<UserId>(c))?);
    }
    found.sort_unstable();
    Ok(found)
}

impl Row {
    fn into_consent(self) -> Result<Consent, StoreError> {
        Ok(Consent {
            id: self.id,
            user_id: self.user_id,
            purpose: ConsentPurpose::parse(&self.purpose).map_err(StoreError::other)?,
            version: self.version,
            locale: self.locale,
            method: self.method,
            given_at: self.given_at,
            withdrawn_at: self.withdrawn_at,
        })
    }
}
