//! What a backup holds, so that a restore can tell whether all of it is there.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use domain::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

/// The file of the manifest.
pub(super) const FILE: &str = "manifest.json";
/// The version of the layout.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// The version of the program that made it.
    pub(super) program: String,
    /// The copy of the database.
    pub(super) database: DatabaseCopy,
    /// The stores of artifacts by their folder in the backup: digest and size of each artifact.
    pub(super) stores: BTreeMap<String, BTreeMap<Digest, u64>>,
    /// What is kept elsewhere and is not in the backup.
    pub(super) elsewhere: Vec<String>,
}

/// The copy of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabaseCopy {
    pub(super) kind: DatabaseKind,
    pub(super) digest: Digest,
    pub(super) size_bytes: u64,
}

/// The kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DatabaseKind {
    Sqlite,
    Postgres,
}

impl DatabaseKind {
    /// The file of the copy.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Sqlite => "database.sqlite",
            Self::Postgres => "database.pgdump",
        }
    }
}

impl Manifest {
    pub(super) fn new(created_at: Timestamp, database: DatabaseCopy) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let (stores, elsewhere) = (BTreeMap::new(), Vec::new());
        Self { format: FORMAT, created_at, program, database, stores, elsewhere }
    }

    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is no finished backup: cannot read {FILE}", folder.display()))?;
        let manifest: Self =
            serde_json::from_str(&text).with_context(|| format!("{} is no manifest", path.display()))?;
        if manifest.format != FORMAT {
            bail!("the backup has format {}, this program reads format {FORMAT}", manifest.format);
        }
        Ok(manifest)
    }

    /// Written last: a folder without it is no backup.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}
