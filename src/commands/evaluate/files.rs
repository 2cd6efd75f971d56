//! From paths on the command line to what an evaluator reads.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sdk::{File, Input, Inputs};

/// A path, with the name of the annotations' table that it holds.
pub(super) struct NamedPath {
    name: String,
    path: PathBuf,
}

impl NamedPath {
    /// Reads `NAME=PATH` or `PATH`; the first path without a name is the main table.
    ///
    /// What exists as a path is a path, even with an equals sign in it.
    pub(super) fn parse_all(texts: &[String]) -> anyhow::Result<Vec<Self>> {
        let mut parsed: Vec<Self> = Vec::new();
        for text in texts {
            let (name, path) = match text.split_once('=') {
                Some((name, path)) if is_name(name) && !Path::new(text).exists() => (name, path),
                _ => (Inputs::MAIN, text.as_str()),
            };
            if parsed.iter().any(|earlier| earlier.name == name) {
                bail!("--annotations gives the table {name:?} twice; name further tables as NAME=PATH");
            }
            parsed.push(Self { name: name.to_owned(), path: PathBuf::from(path) });
        }
        Ok(parsed)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-')
}

/// The annotations at these paths.
pub(super) fn read_tables(paths: &[NamedPath]) -> anyhow::Result<Inputs<'static>> {
    let mut inputs = Inputs::default();
    for NamedPath { name, path } in paths {
        inputs = inputs.with(name.clone(), read_input(path)?);
    }
    Ok(inputs)
}

/// A file, or every file of a folder.
pub(super) fn read_input(path: &Path) -> anyhow::Result<Input<'static>> {
    if !path.is_dir() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(Input::File(file(name, read_bytes(path)?)));
    }
    let mut files = Vec::new();
    read_folder(path, "", &mut files)?;
    Ok(Input::tree(files))
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File<'static>>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let Some(last) = path.file_name() else { continue };
        let name = format!("{prefix}{}", last.to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), files)?;
        } else {
            files.push(file(name, read_bytes(&path)?));
        }
    }
    Ok(())
}

fn file(name: String, bytes: Vec<u8>) -> File<'static> {
    File { name: Cow::Owned(name), bytes: Cow::Owned(bytes) }
}

/// The bytes of a file.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
