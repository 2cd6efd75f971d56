//! Copies of a SQLite database that is in use.

use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::sqlite::SqliteConnection;

use crate::StoreError;

/// Writes the database at `source`, as it is at this moment, into the new file `target`.
///
/// Readers and the writer go on meanwhile; everything that was committed before is in the copy.
pub fn copy_sqlite(source: &Path, target: &Path) -> Result<(), StoreError> {
    let text = |path: &Path| {
        let reason = format!("{} is not UTF-8", path.display());
        path.to_str().map(str::to_owned).ok_or(StoreError::BadAddress { reason })
    };
    if !source.is_file() {
        return Err(StoreError::Unavailable { reason: format!("there is no database {}", source.display()) });
    }
    let mut conn = SqliteConnection::establish(&text(source)?).map_err(|error| StoreError::Unavailable {
        reason: format!("cannot open {}: {error}", source.display()),
    })?;
    diesel::sql_query("PRAGMA busy_timeout = 10000").execute(&mut conn)?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(text(target)?).execute(&mut conn)?;
    Ok(())
}
