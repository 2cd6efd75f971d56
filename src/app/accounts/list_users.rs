//! Administrators look accounts up.

use domain::{Actor, EmailAddress, UserId};
use storage::accounts::{User, users};

use crate::App;
use crate::authority::administrator;
use crate::failure::Outcome;

/// Which accounts are wanted.
#[derive(Debug, Clone, Default)]
pub struct ListUsers {
    /// Only those behind this one.
    pub after: Option<UserId>,
    /// Only those whose address begins so.
    pub address_begins: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A page of all accounts, oldest first.
pub async fn list_users(app: &App, actor: &Actor, input: ListUsers) -> Outcome<Vec<User>> {
    administrator(actor)?;
    app.db
        .read(move |conn| {
            let beginning = input.address_begins.as_deref();
            Ok(users::page(conn, input.after, beginning, i64::from(input.limit))?)
        })
        .await
}

/// The account of this address, if there is one.
pub async fn find_user(app: &App, actor: &Actor, email: EmailAddress) -> Outcome<Option<User>> {
    administrator(actor)?;
    app.db.read(move |conn| Ok(users::find_by_email(conn, &email)?)).await
}
