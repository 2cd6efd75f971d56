//! From paths on the command line to what an evaluator reads.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sdk::{Format, Inputs};

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
pub(super) fn read_tables(paths: &[NamedPath], formats: &[Format]) -> anyhow::Result<Inputs<'static>> {
    let mut inputs = Inputs::default();
    for NamedPath { name, path } in paths {
        let format = formats.iter().find(|format| format.name == *name);
        inputs = inputs.with(name.clone(), sdk::files::read_input(path, format)?);
    }
    Ok(inputs)
}

/// The bytes of a file.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
