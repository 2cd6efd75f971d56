//! `heldout admin backup`: the database, the artifacts and the master key, into a new folder.
//!
//! The database is copied first: artifacts are only ever added, so every one that the copy names is there afterwards.
//! The server may go on meanwhile.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::settings::{AnnotationStoreKind, Settings};
use clap::Args;
use storage::{DatabaseAddress, copy_sqlite};

use super::copying::{artifacts_in, copy_artifact, digest_of, entries, file_bar};
use super::manifest::{DatabaseCopy, DatabaseKind, Manifest};
use crate::config::Configuration;
use crate::io::Io;
use crate::{sources, wiring};

/// The folder of the artifacts in a backup.
pub(super) const ARTIFACTS: &str = "artifacts";
/// The folder of the annotations, where they have a store of their own.
pub(super) const ANNOTATIONS: &str = "annotations";
/// The copy of the master key.
pub(super) const MASTER_KEY: &str = "master.key";

/// What `heldout admin backup` is told.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The folder, which must be new or empty
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

pub fn run(configuration: &Configuration, args: &BackupArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let (settings, folder) = (&configuration.settings, &args.folder);
    if !entries(folder)?.is_empty() {
        bail!("{} is not empty", folder.display());
    }
    create_private(folder)?;
    let now = sources::system().now();
    let mut manifest = Manifest::new(now, copy_database(settings, folder)?);
    for (name, store) in stores(settings) {
        match store {
            Some(store) => {
                let sizes = copy_store(store, &folder.join(name))?;
                manifest.stores.insert(name.to_owned(), sizes);
            }
            None => {
                writeln!(io.err, "the {name} are in a bucket; copy that with the tools of its service")?;
                manifest.elsewhere.push(name.to_owned());
            }
        }
    }
    copy_key(settings, folder)?;
    manifest.write(folder)?;
    let count: usize = manifest.stores.values().map(std::collections::BTreeMap::len).sum();
    writeln!(io.out, "{}: the database and {count} artifacts", folder.display())?;
    Ok(0)
}

/// The stores that are to be in a backup, each with its folder unless it is a bucket.
pub(super) fn stores(settings: &Settings) -> Vec<(&'static str, Option<&Path>)> {
    let mut stores = vec![(ARTIFACTS, wiring::artifact_folder(settings))];
    match settings.annotations.store {
        AnnotationStoreKind::Artifacts => {}
        AnnotationStoreKind::Folder => {
            stores.push((ANNOTATIONS, Some(settings.annotations.folder.as_path())));
        }
        // Out of reach here, or in a bucket: copied with other tools, or from where they are.
        AnnotationStoreKind::S3 | AnnotationStoreKind::Elsewhere => stores.push((ANNOTATIONS, None)),
    }
    stores
}

/// A folder that only its owner can look into: it will hold password hashes and held-out annotations.
fn create_private(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
        .with_context(|| format!("cannot close the folder {} to others", folder.display()))
}

fn copy_database(settings: &Settings, folder: &Path) -> anyhow::Result<DatabaseCopy> {
    let kind = match DatabaseAddress::parse(&settings.database.url.0)? {
        DatabaseAddress::Sqlite(path) => {
            copy_sqlite(&path, &folder.join(DatabaseKind::Sqlite.file()))?;
            DatabaseKind::Sqlite
        }
        DatabaseAddress::Postgres(url) => {
            super::postgres::dump(&url, &folder.join(DatabaseKind::Postgres.file()))?;
            DatabaseKind::Postgres
        }
    };
    let (digest, size_bytes) = digest_of(&folder.join(kind.file()))?;
    Ok(DatabaseCopy { kind, digest, size_bytes })
}

fn copy_store(
    store: &Path,
    target: &Path,
) -> anyhow::Result<std::collections::BTreeMap<domain::Digest, u64>> {
    let artifacts = artifacts_in(store)?;
    let bar = file_bar(artifacts.len(), "artifacts");
    let mut sizes = std::collections::BTreeMap::new();
    for (digest, file) in artifacts {
        copy_artifact(&file, digest, target)?;
        let size = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        sizes.insert(digest, size);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(sizes)
}

/// Without the key everybody would have to sign in again; it is kept with permissions as strict as its own.
fn copy_key(settings: &Settings, folder: &Path) -> anyhow::Result<()> {
    let key = &settings.secrets.master_key_file;
    if key.is_file() {
        fs::copy(key, folder.join(MASTER_KEY)).with_context(|| format!("cannot copy {}", key.display()))?;
    }
    Ok(())
}
