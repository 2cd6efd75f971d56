//! What can go wrong with the database, in the words of its callers.

use std::sync::Arc;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

/// The technical reason behind a [`StoreError`], shared by every caller that it hits.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A database operation that did not happen.
///
/// Absence is not an error: lookups return `Option`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// A unique constraint holds another row already.
    ///
    /// Both databases report the same name, `<table>_<columns>_key`,
    /// when the PostgreSQL migration names its constraints and unique indexes so
    /// (which is PostgreSQL's own default for `UNIQUE`).
    /// SQLite tells columns only, so a primary key is `<table>_<columns>_key` there and `<table>_pkey` on PostgreSQL
    /// unless the migration names it.
    #[error("another row already holds {}", .constraint.as_deref().unwrap_or("this key"))]
    Conflict {
        /// The constraint, where the database says it.
        constraint: Option<String>,
    },

    /// A check, a foreign key, a NOT NULL or a trigger refused the change.
    #[error("the database refused the change: {}", .rule.as_deref().unwrap_or("a constraint does not hold"))]
    Rejected {
        /// The name of the constraint, or what the trigger said after `refused: `.
        rule: Option<String>,
    },

    /// A row that the query relied on is not there.
    #[error("a row that must exist was not found")]
    NotFound,

    /// The database cannot be reached or is too busy; the same request may succeed later.
    #[error("the database is not available: {reason}")]
    Unavailable {
        /// What was attempted, or what the database said.
        reason: String,
    },

    /// The disk of the database is full.
    #[error("the disk of the database is full")]
    Full,

    /// The schema was written by a newer version of this program.
    #[error("the database has a newer schema than this version knows (unknown migrations: {})", .unknown.join(", "))]
    NewerSchema {
        /// The versions of the migrations that are applied but unknown.
        unknown: Vec<String>,
    },

    /// The code inside a transaction panicked; the transaction was rolled back.
    #[error("a panic rolled the transaction back: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },

    /// The configured address of the database is not one that this program knows.
    #[error("not a database address: {reason}")]
    BadAddress {
        /// What is wrong with it.
        reason: String,
    },

    /// Anything else; always a fault of this program or of the machine.
    #[error("a database operation failed")]
    Other(#[source] Cause),
}

impl StoreError {
    /// Whether a unique constraint of this name was hit.
    pub fn conflicts_on(&self, name: &str) -> bool {
        matches!(self, Self::Conflict { constraint: Some(constraint) } if constraint == name)
    }

    /// Whether the named rule (a check's name or a trigger's message) refused the change.
    pub fn rejected_by(&self, name: &str) -> bool {
        matches!(self, Self::Rejected { rule: Some(rule) } if rule == name)
    }

    /// Whether the same request may succeed when it is sent again.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(crate) fn other(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Other(Arc::new(cause))
    }

    pub(crate) fn panicked(payload: &(dyn std::any::Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Self::Panicked { message }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::NotFound => Self::NotFound,
            DieselError::BrokenTransactionManager => {
                Self::Unavailable { reason: "the connection was lost inside a transaction".into() }
            }
            DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
            DieselError::DatabaseError(kind, information) => match classify(kind, information.as_ref()) {
                Some(known) => known,
                None => Self::other(DieselError::DatabaseError(kind, information)),
            },
            other => Self::other(other),
        }
    }
}

fn classify(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> Option<StoreError> {
    let message = information.message();
    let name = information.constraint_name();
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            let constraint = name.map(str::to_owned).or_else(|| sqlite_unique_name(message));
            Some(StoreError::Conflict { constraint })
        }
        DatabaseErrorKind::CheckViolation
        | DatabaseErrorKind::ForeignKeyViolation
        | DatabaseErrorKind::NotNullViolation
        | DatabaseErrorKind::RestrictViolation
        | DatabaseErrorKind::ExclusionViolation => {
            let rule = name
                .or_else(|| message.strip_prefix("CHECK constraint failed: "))
                .or_else(|| message.strip_prefix(TRIGGER_PREFIX))
                .or_else(|| information.column_name())
                .or_else(|| message.strip_prefix("NOT NULL constraint failed: "));
            Some(StoreError::Rejected { rule: rule.map(str::to_owned) })
        }
        DatabaseErrorKind::SerializationFailure | DatabaseErrorKind::ClosedConnection => {
            Some(StoreError::Unavailable { reason: message.to_owned() })
        }
        _ => classify_message(message),
    }
}

/// What triggers begin their message with, on both databases.
const TRIGGER_PREFIX: &str = "refused: ";

fn classify_message(message: &str) -> Option<StoreError> {
    const BUSY: [&str; 6] = [
        "database is locked",
        "database table is locked",
        "database schema is locked",
        "deadlock detected",
        "canceling statement due to",
        "terminating connection due to",
    ];
    const FULL: [&str; 3] = ["database or disk is full", "No space left on device", "could not extend file"];
    if let Some(rule) = message.strip_prefix(TRIGGER_PREFIX) {
        return Some(StoreError::Rejected { rule: Some(rule.to_owned()) });
    }
    if FULL.iter().any(|text| message.contains(text)) {
        return Some(StoreError::Full);
    }
    if BUSY.iter().any(|text| message.contains(text)) {
        return Some(StoreError::Unavailable { reason: message.to_owned() });
    }
    None
}

/// Turns `UNIQUE constraint failed: teams.challenge_id, teams.name` into `teams_challenge_id_name_key`,
/// and `UNIQUE constraint failed: index 'teams_skeleton_key'` into that index's name.
fn sqlite_unique_name(message: &str) -> Option<String> {
    let columns = message.strip_prefix("UNIQUE constraint failed: ")?;
    if let Some(index) = columns.strip_prefix("index '") {
        return Some(index.trim_end_matches('\'').to_owned());
    }
    let mut name = String::new();
    for column in columns.split(", ") {
        let (table, column) = column.split_once('.')?;
        if name.is_empty() {
            name.push_str(table);
        }
        name.push('_');
        name.push_str(column);
    }
    name.push_str("_key");
    Some(name)
}

/// Whether PostgreSQL undid the transaction only because of what others did at the same time.
pub(crate) fn is_worth_another_try(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, information) => information.message().contains("deadlock detected"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: DatabaseErrorKind, message: &str) -> StoreError {
        DieselError::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    #[test]
    fn sqlite_columns_become_the_name_that_postgresql_gives() {
        let one = failure(DatabaseErrorKind::UniqueViolation, "UNIQUE constraint failed: teams.name");
        assert!(one.conflicts_on("teams_name_key"), "{one}");
        let two =
            failure(DatabaseErrorKind::UniqueViolation, "UNIQUE constraint failed: slots.team_id, slots.day");
        assert!(two.conflicts_on("slots_team_id_day_key"), "{two}");
        let index =
            failure(DatabaseErrorKind::UniqueViolation, "UNIQUE constraint failed: index 'teams_look_key'");
        assert!(index.conflicts_on("teams_look_key"), "{index}");
    }

    #[test]
    fn a_trigger_is_heard_on_both_databases() {
        let heard = failure(DatabaseErrorKind::Unknown, "refused: states only move forward");
        assert!(heard.rejected_by("states only move forward"), "{heard}");
    }

    #[test]
    fn a_full_disk_and_a_busy_database_are_told_apart() {
        let full = failure(DatabaseErrorKind::Unknown, "database or disk is full");
        assert!(matches!(full, StoreError::Full) && !full.is_transient());
        assert!(failure(DatabaseErrorKind::Unknown, "database is locked").is_transient());
    }
}
