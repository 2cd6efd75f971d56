//! `heldout admin restore`: brings back what `backup` wrote, into a place where nothing is.
//!
//! Everything is checked before anything is written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::settings::Settings;
use clap::Args;
use storage::DatabaseAddress;

use super::backup::{MASTER_KEY, stores};
use super::copying::{artifacts_in, copy_artifact, digest_of, file_bar};
use super::manifest::{DatabaseKind, Manifest};
use crate::config::Configuration;
use crate::io::Io;

/// What `heldout admin restore` is told.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The folder that `backup` wrote
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

pub fn run(configuration: &Configuration, args: &RestoreArgs, io: &mut Io<'_>) -> anyhow::Result<u8> {
    let (settings, folder) = (&configuration.settings, &args.folder);
    let manifest = Manifest::read(folder)?;
    let database = DatabaseAddress::parse(&settings.database.url.0)?;
    refuse_occupied(settings, &database, &manifest)?;
    verify(folder, &manifest)?;

    for (name, store) in stores(settings) {
        let Some(store) = store else { continue };
        let artifacts = artifacts_in(&folder.join(name))?;
        let bar = file_bar(artifacts.len(), "artifacts");
        for (digest, file) in artifacts {
            copy_artifact(&file, digest, store)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
    }
    restore_key(settings, folder)?;
    let copy = folder.join(manifest.database.kind.file());
    match database {
        DatabaseAddress::Sqlite(path) => copy_to(&copy, &path)?,
        DatabaseAddress::Postgres(url) => super::postgres::restore(&url, &copy)?,
    }
    for name in &manifest.elsewhere {
        writeln!(io.err, "the {name} were in a bucket and are not in the backup")?;
    }
    writeln!(io.out, "restored the backup of {}", manifest.created_at)?;
    Ok(0)
}

/// Nothing is ever restored over something.
fn refuse_occupied(
    settings: &Settings,
    database: &DatabaseAddress,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    match (database, manifest.database.kind) {
        (DatabaseAddress::Sqlite(path), DatabaseKind::Sqlite) => {
            if path.exists() {
                bail!("there is a database already: {}", path.display());
            }
        }
        // Here PostgreSQL itself refuses tables that exist.
        (DatabaseAddress::Postgres(_), DatabaseKind::Postgres) => {}
        _ => bail!("the backup is of another kind of database than the one that is configured"),
    }
    for (name, store) in stores(settings) {
        let Some(store) = store else { continue };
        if !artifacts_in(store)?.is_empty() {
            bail!("there are artifacts already in {}", store.display());
        }
        if !manifest.stores.contains_key(name) {
            bail!("the backup holds no {name}, for which the folder {} is configured", store.display());
        }
    }
    Ok(())
}

/// Every byte of the backup is what the manifest says, and nothing is missing.
fn verify(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    let database = folder.join(manifest.database.kind.file());
    if digest_of(&database)? != (manifest.database.digest, manifest.database.size_bytes) {
        bail!("{} is not as it was written", database.display());
    }
    for (name, named) in &manifest.stores {
        let present = artifacts_in(&folder.join(name))?;
        let bar = file_bar(named.len(), "checking");
        for (digest, size) in named {
            let file = present.get(digest).with_context(|| format!("the artifact {digest} is missing"))?;
            if digest_of(file)? != (*digest, *size) {
                bail!("{} is not as it was written", file.display());
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
    }
    Ok(())
}

fn restore_key(settings: &Settings, folder: &Path) -> anyhow::Result<()> {
    let (copy, key) = (folder.join(MASTER_KEY), &settings.secrets.master_key_file);
    // A key that is there already may be that of other replicas.
    if copy.is_file() && !key.exists() { copy_to(&copy, key) } else { Ok(()) }
}

fn copy_to(source: &Path, target: &Path) -> anyhow::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let copied = fs::copy(source, target).and_then(|_| fs::File::open(target)?.sync_all());
    copied.with_context(|| format!("cannot write {}", target.display()))
}
