//! Folders of artifacts: walking through them, copying them, and checking that names and bytes agree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use domain::Digest;
use indicatif::ProgressBar;
use sha2::{Digest as _, Sha256};

/// Where a store keeps its finished artifacts.
pub(super) const FINISHED: &str = "sha256";

/// Every finished artifact of a store, with its file.
pub(super) fn artifacts_in(store: &Path) -> anyhow::Result<BTreeMap<Digest, PathBuf>> {
    let mut found = BTreeMap::new();
    for shard in entries(&store.join(FINISHED))? {
        for file in entries(&shard)? {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let digest = Digest::parse(name).with_context(|| format!("{} is no artifact", file.display()))?;
            found.insert(digest, file);
        }
    }
    Ok(found)
}

/// What is in a folder; nothing when there is none.
pub(super) fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let read = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    match read() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        outcome => outcome.with_context(|| format!("cannot read the folder {}", folder.display())),
    }
}

/// Copies an artifact into another store, as a second name for the same bytes where the file system can do that.
///
/// Artifacts never change, so sharing their bytes is safe.
pub(super) fn copy_artifact(file: &Path, digest: Digest, store: &Path) -> anyhow::Result<()> {
    let name = digest.to_string();
    let target = store.join(FINISHED).join(&name[..2]).join(&name);
    let folder = target.parent().unwrap_or(store);
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    if fs::hard_link(file, &target).is_err() {
        fs::copy(file, &target)
            .with_context(|| format!("cannot copy {} to {}", file.display(), target.display()))?;
    }
    Ok(())
}

/// The digest and the size of a file.
pub(super) fn digest_of(file: &Path) -> anyhow::Result<(Digest, u64)> {
    let read = || -> std::io::Result<(Digest, u64)> {
        let (mut open, mut piece) = (fs::File::open(file)?, vec![0; 1 << 16]);
        let (mut hasher, mut size) = (Sha256::new(), 0);
        loop {
            let count = open.read(&mut piece)?;
            if count == 0 {
                return Ok((Digest(hasher.finalize().into()), size));
            }
            hasher.update(&piece[..count]);
            size += count as u64;
        }
    };
    read().with_context(|| format!("cannot read {}", file.display()))
}

/// A bar for a number of files; it is seen at a terminal only.
pub(super) fn file_bar(count: usize, what: &'static str) -> ProgressBar {
    ProgressBar::new(count as u64).with_message(what)
}
