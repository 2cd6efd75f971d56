//! What makes somebody findable in research data.

use diesel::prelude::*;
use domain::{Orcid, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{people, users};
use crate::types::Column;

/// The constraint that lets an ORCID iD belong to one account only.
pub const ORCID_TAKEN: &str = "people_orcid_key";

/// A person of the research record.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Person {
    /// Whose account.
    pub user_id: UserId,
    /// Their ORCID iD.
    pub orcid: Option<String>,
    /// What their pseudonyms are made with; absent once they are erased.
    pub secret: Option<Vec<u8>>,
    /// When everything personal was destroyed.
    pub erased_at: Option<Timestamp>,
}

/// Gives those a secret who have none yet, erased people excepted; `secret` makes one for each.
pub fn ensure(
    conn: &mut Conn<'_>,
    users: &[UserId],
    secret: impl Fn(UserId) -> [u8; 32],
) -> Result<(), StoreError> {
    for user in users {
        on!(conn, c => diesel::insert_into(people::table)
            .values((people::user_id.eq(user.sql()), people::secret.eq(Some(secret(*user).to_vec()))))
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(())
}

/// The person of an account, if there is anything to keep.
pub fn find(conn: &mut Conn<'_>, user: UserId) -> Result<Option<Person>, StoreError> {
    Ok(on!(conn, c => people::table
        .find(user.sql())
        .select(Person::as_select())
        .get_result(c)
        .optional())?)
}

/// The people of many accounts, in the order of the ids.
pub fn of_accounts(conn: &mut Conn<'_>, users: &[UserId]) -> Result<Vec<Person>, StoreError> {
    let mut found: Vec<Person> = Vec::new();
    for some in users.chunks(10_000) {
        found.extend(on!(conn, c => people::table
            .filter(people::user_id.eq_any(some.iter().map(Column::sql)))
            .select(Person::as_select())
            .load::<Person>(c))?);
    }
    found.sort_by_key(|person| person.user_id);
    Ok(found)
}

/// Keeps or removes an ORCID iD; whether it was free.
pub fn set_orcid(conn: &mut Conn<'_>, user: UserId, orcid: Option<&Orcid>) -> Result<bool, StoreError> {
    let updated = conn.savepoint(|conn| {
        on!(conn, c => diesel::update(people::table.find(user.sql()))
            .set(people::orcid.eq(orcid.map(Orcid::as_str)))
            .execute(c))?;
        Ok(())
    });
    match updated {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { constraint: Some(name) }) if name == ORCID_TAKEN => Ok(false),
        Err(error) => Err(error),
    }
}

/// Holds an account's row until the transaction ends, so that what is read of the person stays true.
pub fn lock(conn: &mut Conn<'_>, user: UserId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        users::table.find(user.sql()).select(users::id).for_no_key_update().first::<UserId>(&mut **c)?;
    }
    Ok(())
}
