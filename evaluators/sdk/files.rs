//! Inputs from disk, for whoever runs evaluators by hand: the command line and the tests.
//!
//! Evaluators themselves never touch the disk; this is the only module here that does.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::Path;

use crate::input::{File, Input};
use crate::manifest::Format;

/// The media type of formats that consist of several files.
///
/// Where a format has it, an uploaded archive is opened before the evaluator sees it: it is always handed a tree.
pub const ARCHIVE: &str = "application/zip";

/// What lies at a path: a file, or every file of a folder.
///
/// Where the format is an archive, `X.json` brings its companion folder `X/` along, as panoptic results are published;
/// both stand in the tree under their own names.
pub fn read_input(path: &Path, format: Option<&Format>) -> io::Result<Input<'static>> {
    let mut files = Vec::new();
    if path.is_dir() {
        read_folder(path, "", &mut files)?;
        return Ok(Input::tree(files));
    }
    let file = read_file(path, file_name(path))?;
    let companion = path.with_extension("");
    let has_companion = companion != path && companion.is_dir();
    if !(has_companion && format.is_some_and(|format| format.media_type == ARCHIVE)) {
        return Ok(Input::File(file));
    }
    read_folder(&companion, &format!("{}/", file_name(&companion)), &mut files)?;
    files.push(file);
    Ok(Input::tree(files))
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File<'static>>) -> io::Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| named(folder, &error))? {
        let path = entry.map_err(|error| named(folder, &error))?.path();
        let name = format!("{prefix}{}", file_name(&path));
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), files)?;
        } else {
            files.push(read_file(&path, name)?);
        }
    }
    Ok(())
}

fn read_file(path: &Path, name: String) -> io::Result<File<'static>> {
    let bytes = fs::read(path).map_err(|error| named(path, &error))?;
    Ok(File { name: Cow::Owned(name), bytes: Cow::Owned(bytes) })
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The error with the path that it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot read {}: {error}", path.display()))
}
