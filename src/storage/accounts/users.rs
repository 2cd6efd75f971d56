//! People with an account.

use diesel::prelude::*;
use domain::{EmailAddress, PersonName, SiteRole, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::users;
use crate::types::{Column, Sql};

/// The constraint that lets an address belong to one account only.
pub const EMAIL_TAKEN: &str = "users_email_key_key";

/// An account as it is stored; the hash of its password stays out.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Where mails go.
    pub email: EmailAddress,
    /// How the person wants to be called.
    pub name: PersonName,
    /// What they are on the whole site.
    pub site_role: SiteRole,
    /// When they proved the address.
    pub email_verified_at: Option<Timestamp>,
    /// Access tokens of an older epoch are revoked.
    pub epoch: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it cannot be used.
    pub disabled_at: Option<Timestamp>,
}

/// An account before it exists.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// Where mails go.
    pub email: EmailAddress,
    /// How the person wants to be called.
    pub name: PersonName,
    /// The hash of the password; absent when the person is to choose one by mail.
    pub password_hash: Option<String>,
    /// What they are on the whole site.
    pub site_role: SiteRole,
    /// When the address was proven, if it needs no proof.
    pub email_verified_at: Option<Timestamp>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Makes an account; whether the address was free.
pub fn insert(conn: &mut Conn<'_>, new: &NewUser) -> Result<bool, StoreError> {
    let inserted = conn.savepoint(|conn| {
        on!(conn, c => diesel::insert_into(users::table)
            .values((
                users::id.eq(new.id.sql()),
                users::email.eq((&new.email).sql()),
                users::email_key.eq(new.email.key()),
                users::name.eq((&new.name).sql()),
                users::password_hash.eq(new.password_hash.as_deref()),
                users::site_role.eq(new.site_role.sql()),
                users::email_verified_at.eq(new.email_verified_at.map(Column::sql)),
                users::epoch.eq(0),
                users::created_at.eq(new.created_at.sql()),
            ))
            .execute(c))?;
        Ok(())
    });
    match inserted {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { constraint: Some(name) }) if name == EMAIL_TAKEN => Ok(false),
        Err(error) => Err(error),
    }
}

/// The account of this id.
pub fn find(conn: &mut Conn<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    Ok(on!(conn, c => users::table.find(id.sql()).select(User::as_select()).get_result(c).optional())?)
}

/// The account of this address, however its letters are written.
pub fn find_by_email(conn: &mut Conn<'_>, email: &EmailAddress) -> Result<Option<User>, StoreError> {
    Ok(on!(conn, c => users::table
        .filter(users::email_key.eq(email.key()))
        .select(User::as_select())
        .get_result(c)
        .optional())?)
}

/// The hash of a person's password, if they have one.
pub fn password_hash(conn: &mut Conn<'_>, id: UserId) -> Result<Option<String>, StoreError> {
    let found: Option<Option<String>> =
        on!(conn, c => users::table.find(id.sql()).select(users::password_hash).get_result(c).optional())?;
    Ok(found.flatten())
}

/// Changes how a person is called.
pub fn rename(conn: &mut Conn<'_>, id: UserId, name: &PersonName) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(users::table.find(id.sql())).set(users::name.eq(name.sql())).execute(c))?;
    Ok(())
}

/// Keeps the hash of a new password.
pub fn set_password_hash(conn: &mut Conn<'_>, id: UserId, hash: &str) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(users::table.find(id.sql()))
        .set(users::password_hash.eq(Some(hash)))
        .execute(c))?;
    Ok(())
}

/// Revokes every access token of a person.
pub fn raise_epoch(conn: &mut Conn<'_>, id: UserId) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(users::table.find(id.sql()))
        .set(users::epoch.eq(users::epoch + 1))
        .execute(c))?;
    Ok(())
}

/// Notes that a person has proven their address; whether that is new.
pub fn mark_verified(conn: &mut Conn<'_>, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            users::table.find(id.sql()).filter(users::email_verified_at.is_null()))
        .set(users::email_verified_at.eq(Some(now.sql())))
        .execute(c))?;
    Ok(changed == 1)
}

/// Changes what a person is on the whole site.
pub fn set_site_role(conn: &mut Conn<'_>, id: UserId, role: SiteRole) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(users::table.find(id.sql()))
        .set(users::site_role.eq(role.sql()))
        .execute(c))?;
    Ok(())
}

/// Makes an account unusable from `since` on, or usable again.
pub fn set_disabled(conn: &mut Conn<'_>, id: UserId, since: Option<Timestamp>) -> Result<(), StoreError> {
    let since: Option<Sql<Timestamp>> = since.map(Column::sql);
    on!(conn, c => diesel::update(users::table.find(id.sql())).set(users::disabled_at.eq(since)).execute(c))?;
    Ok(())
}

/// A page of all accounts behind `after`, oldest first; with `address_begins`, only those whose address begins so.
pub fn page(
    conn: &mut Conn<'_>,
    after: Option<UserId>,
    address_begins: Option<&str>,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = users::table.select(User::as_select()).into_boxed();
        if let Some(after) = after {
            query = query.filter(users::id.gt(after.sql()));
        }
        if let Some(beginning) = address_begins {
            query = query.filter(users::email_key.like(beginning_with(beginning)).escape('\\'));
        }
        query.order(users::id.asc()).limit(limit).load(c)
    })?)
}

/// A pattern of LIKE for what begins so; `%` and `_` are letters of an address and mean nothing else.
fn beginning_with(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
