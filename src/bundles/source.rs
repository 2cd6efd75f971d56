//! A bundle that is being read: its files, what may still be unpacked, and what was found so far.

use std::cell::Cell;

use domain::challenge::LONGEST_TEXT;

use crate::archive::{Bounds, FileTree, Part, is_inside};
use crate::fault::Fault;
use crate::imported::{NamedFile, Page, TextFormat};
use crate::yaml::{Item, Reading};

/// The files of a bundle, as its description names them.
pub(crate) struct Source<'a> {
    files: &'a FileTree,
    /// The folder of the description, ending in a slash unless it is the root.
    folder: String,
    pub(crate) reading: &'a Reading,
    /// What archives inside of the bundle may still hold.
    left: Cell<Bounds>,
}

/// A text file, and what was wrong with it.
pub(crate) enum TextFile {
    Absent,
    Refused,
    Read(String),
}

impl<'a> Source<'a> {
    pub(crate) fn new(files: &'a FileTree, folder: &str, reading: &'a Reading, bounds: Bounds) -> Self {
        let left = Bounds { bytes: bounds.bytes.saturating_sub(files.size_bytes()), ..bounds };
        Self { files, folder: folder.to_owned(), reading, left: Cell::new(left) }
    }

    /// The path in the bundle of what the description names.
    pub(crate) fn path(&self, named: &str) -> String {
        format!("{}{}", self.folder, named.trim())
    }

    /// Whether there is a file or folder of that name.
    pub(crate) fn has_file(&self, named: &str) -> bool {
        is_inside(named) && self.files.file(&self.path(named)).is_some()
    }

    pub(crate) fn has_folder(&self, named: &str) -> bool {
        is_inside(named) && self.files.folder(&self.path(named)).is_some()
    }

    pub(crate) fn file(&self, named: &str) -> Option<NamedFile> {
        let bytes = self.files.file(&self.path(named)).filter(|_| is_inside(named))?;
        Some(NamedFile { name: named.trim().to_owned(), bytes: bytes.clone() })
    }

    /// The text of a file; what is no text, or too long, is a fault of the value that names it.
    pub(crate) fn text_file(&self, item: &Item<'_>, named: &str) -> TextFile {
        let Some(file) = self.file(named) else { return TextFile::Absent };
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            item.fault(format!("the file {named} is not UTF-8 text"));
            return TextFile::Refused;
        };
        if text.len() > LONGEST_TEXT {
            item.fault(format!(
                "the file {named} has {} bytes; a page has at most {LONGEST_TEXT}",
                text.len()
            ));
            return TextFile::Refused;
        }
        TextFile::Read(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
    }

    /// A folder, archive or file that a value names; what an archive holds counts against the bounds of the bundle.
    pub(crate) fn part(&self, item: &Item<'_>, named: &str) -> Option<Option<Part>> {
        if !is_inside(named) {
            item.fault(format!("{named} leads out of the bundle"));
            return Some(None);
        }
        let left = self.left.get();
        match self.files.part(&self.path(named), left)? {
            Ok(part) => {
                if let Part::Tree(tree) = &part {
                    self.left.set(Bounds { bytes: left.bytes.saturating_sub(tree.size_bytes()), ..left });
                }
                Some(Some(part))
            }
            Err(findings) => {
                self.reading.extend(findings);
                Some(None)
            }
        }
    }

    /// Notes a fault of another file than the description.
    pub(crate) fn fault_of(&self, fault: Fault) {
        self.reading.add(fault);
    }
}

/// A page of a text that was read from a file of that name.
pub(crate) fn page(name: &str, title: &str, file: &str, text: String) -> Page {
    Page { name: name.to_owned(), title: title.to_owned(), format: TextFormat::of_file(file), text }
}
