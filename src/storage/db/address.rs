//! The address of a database, read by its scheme.

use std::path::PathBuf;

use crate::StoreError;

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseAddress {
    /// A file: `sqlite:relative/path` or `sqlite:///absolute/path`.
    Sqlite(PathBuf),
    /// A server: `postgres://user:password@host/name`, as libpq reads it.
    Postgres(String),
}

impl DatabaseAddress {
    /// Reads an address; the scheme decides.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let refusal = |reason: &str| StoreError::BadAddress { reason: reason.to_owned() };
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(refusal("it must begin with sqlite: or postgres://"));
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                match path {
                    "" => Err(refusal("sqlite: needs the path of a file")),
                    ":memory:" => Err(refusal("sqlite keeps its data in a file here, not in memory")),
                    path => Ok(Self::Sqlite(PathBuf::from(path))),
                }
            }
            "postgres" | "postgresql" => Ok(Self::Postgres(text.to_owned())),
            _ => Err(refusal("the known schemes are sqlite and postgres")),
        }
    }
}

impl std::fmt::Debug for DatabaseAddress {
    /// Never shows a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let host = url.rsplit('@').next().unwrap_or_default();
                let host = host.split_once("://").map_or(host, |(_, rest)| rest);
                write!(f, "postgres://…@{}", host.split('?').next().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides() {
        let sqlite = |path: &str| DatabaseAddress::Sqlite(PathBuf::from(path));
        assert_eq!(DatabaseAddress::parse("sqlite:data/a.db").unwrap(), sqlite("data/a.db"));
        assert_eq!(DatabaseAddress::parse("sqlite:///var/a.db").unwrap(), sqlite("/var/a.db"));
        assert_eq!(DatabaseAddress::parse("sqlite:/var/a.db").unwrap(), sqlite("/var/a.db"));
        assert!(matches!(DatabaseAddress::parse("postgres://h/d"), Ok(DatabaseAddress::Postgres(_))));
        for bad in ["", "data.db", "sqlite:", "sqlite::memory:", "mysql://h/d"] {
            assert!(DatabaseAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let address =
            DatabaseAddress::parse("postgres://ada:secret@db.example.org/held?password=secret").unwrap();
        assert_eq!(format!("{address:?}"), "postgres://…@db.example.org/held");
    }
}
