//! The folder of a demo: empty, half filled, or filled.
//!
//! `filling` stands in it from the first moment until everything is there; then `demo.json` takes its place.
//! So a demo that was killed is recognized and made anew, and nothing else is ever removed.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use super::fill::Counts;

/// A folder that belongs to a demo.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

/// What a folder held.
#[derive(Debug, PartialEq)]
pub(crate) enum Found {
    /// Nothing.
    Fresh,
    /// A demo that was stopped while it was filled.
    Incomplete,
    /// A demo.
    Filled(Demo),
}

/// What is remembered of a filled demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Demo {
    /// Who can sign in.
    pub(crate) accounts: Vec<Account>,
    /// How much there is.
    pub(crate) counts: Counts,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Their address.
    pub(crate) email: String,
    /// Their name.
    pub(crate) name: String,
    /// Their password.
    pub(crate) password: String,
}

const FILLING: &str = "filling";
const FILLED: &str = "demo.json";
/// What a demo writes; a half-filled one is removed by these names.
const CONTENTS: [&str; 10] = [
    "heldout.db",
    "heldout.db-wal",
    "heldout.db-shm",
    "artifacts",
    "annotations",
    "mail",
    "samples",
    "master.key",
    "heldout.toml",
    FILLING,
];

impl Folder {
    /// Looks at a folder, and makes it when it is missing.
    pub(crate) fn open(path: &Path) -> anyhow::Result<(Self, Found)> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("cannot find {}", path.display()))?;
        let folder = Self(path);
        let found = folder.look()?;
        Ok((folder, found))
    }

    fn look(&self) -> anyhow::Result<Found> {
        let filled = self.path(FILLED);
        if filled.exists() {
            let text = std::fs::read_to_string(&filled).with_context(|| unreadable(&filled))?;
            let demo = serde_json::from_str(&text).with_context(|| unreadable(&filled))?;
            return Ok(Found::Filled(demo));
        }
        if self.path(FILLING).exists() {
            return Ok(Found::Incomplete);
        }
        let mut entries = std::fs::read_dir(&self.0).with_context(|| unreadable(&self.0))?;
        if entries.next().is_some() {
            bail!("{} holds other things than a demo; name another folder with --folder", self.0.display());
        }
        Ok(Found::Fresh)
    }

    /// A file or folder in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Removes what an interrupted demo has left, and says that a new one begins.
    pub(crate) fn begin(&self) -> anyhow::Result<()> {
        std::fs::write(self.path(FILLING), "This demo is being filled.\n")
            .with_context(|| format!("cannot write to {}", self.0.display()))?;
        for name in CONTENTS.into_iter().filter(|name| *name != FILLING) {
            let path = self.path(name);
            let removed = match path.is_dir() {
                true => std::fs::remove_dir_all(&path),
                false if path.exists() => std::fs::remove_file(&path),
                false => Ok(()),
            };
            removed.with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    /// Says that the demo is complete.
    pub(crate) fn finish(&self, demo: &Demo) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(demo)? + "\n";
        let (filling, filled) = (self.path(FILLING), self.path(FILLED));
        std::fs::write(&filling, text).with_context(|| unwritable(&filling))?;
        std::fs::rename(&filling, &filled).with_context(|| unwritable(&filled))
    }

    /// Writes a file that people look at.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> anyhow::Result<()> {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| unwritable(parent))?;
        }
        std::fs::write(&path, content).with_context(|| unwritable(&path))
    }
}

fn unreadable(path: &Path) -> String {
    format!("cannot read {}", path.display())
}

fn unwritable(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Demo {
        let account = Account { email: "a@b.example".into(), name: "A".into(), password: "secret".into() };
        Demo { accounts: vec![account], counts: Counts::default() }
    }

    #[test]
    fn a_folder_is_fresh_then_incomplete_then_filled() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("demo");
        let (folder, found) = Folder::open(&path).unwrap();
        assert_eq!(found, Found::Fresh);
        folder.begin().unwrap();
        folder.write("samples/a.json", b"{}").unwrap();
        assert_eq!(Folder::open(&path).unwrap().1, Found::Incomplete);
        folder.begin().unwrap();
        assert!(!folder.path("samples").exists(), "what was half done is gone");
        folder.finish(&demo()).unwrap();
        assert_eq!(Folder::open(&path).unwrap().1, Found::Filled(demo()));
    }

    #[test]
    fn other_peoples_folders_are_left_alone() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("thesis.tex"), "").unwrap();
        assert!(Folder::open(home.path()).is_err());
        assert!(home.path().join("thesis.tex").exists());
    }
}
