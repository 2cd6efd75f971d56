//! What values of a bundle name: programs, data, pages.

use domain::challenge::LONGEST_TEXT;

use super::command::{self, Need};
use super::{Context, USUAL_IMAGE};
use crate::archive::{FileTree, Part};
use crate::imported::{CommandProgram, Environment, NamedFile, Page, PublicFile};
use crate::source::{TextFile, page};
use crate::yaml::{Item, Table};

impl Context<'_> {
    /// The folder or archive under a key; absent where there is none, and after a fault.
    pub(super) fn tree(&self, table: &Table<'_>, key: &str) -> Option<FileTree> {
        match self.part(table, key)? {
            Part::Tree(tree) => Some(tree),
            Part::File(_) => {
                let named = table.text(key)?;
                table.get(key)?.fault(format!("{named} must be a zip archive or a folder"));
                None
            }
        }
    }

    /// What a key names, whatever it is.
    pub(super) fn part(&self, table: &Table<'_>, key: &str) -> Option<Part> {
        let item = table.get(key)?;
        let named = table.text(key).filter(|named| !named.trim().is_empty())?;
        match self.source.part(&item, named) {
            Some(part) => part,
            None if is_uuid(named) => {
                item.fault(format!(
                    "{key} {named}: refers to a file stored on another CodaLab site. Put the file into the bundle."
                ));
                None
            }
            None => {
                item.fault(format!("Cannot find dataset: \"{named}\""));
                None
            }
        }
    }

    /// A program under a key, with the command that runs it.
    pub(super) fn program(&self, table: &Table<'_>, key: &str) -> Option<CommandProgram> {
        let files = self.tree(table, key)?;
        let name = table.text(key)?.trim().trim_end_matches('/').to_owned();
        let command = command::read(&files, &name, Need::Command, &self.source)?;
        Some(CommandProgram { name, files, command })
    }

    /// A submission of the organizers; its command, where it has one, must be right.
    pub(super) fn solution(&self, table: &Table<'_>, key: &str) -> Option<FileTree> {
        let name = table.text(key)?.trim().trim_end_matches('/').to_owned();
        let files = match self.part(table, key)? {
            Part::Tree(files) => files,
            Part::File(bytes) => {
                let base = name.rsplit('/').next().unwrap_or(&name).to_owned();
                FileTree::of([(base, bytes)])
            }
        };
        command::read(&files, &name, Need::Nothing, &self.source)?;
        Some(files)
    }

    /// What participants of a phase may download.
    pub(super) fn public_files(&self, phase: &Table<'_>) -> Vec<PublicFile> {
        let files = ["public_data", "starting_kit"].into_iter().filter_map(|key| {
            let content = self.part(phase, key)?;
            Some(PublicFile { name: key.to_owned(), content })
        });
        files.collect()
    }

    /// A page of a file; `missing` is what is said when there is none, `empty` when nothing is in it.
    pub(super) fn page(&self, item: &Item<'_>, title: &str, missing: &str, empty: &str) -> Option<Page> {
        let Some(named) = item.text() else {
            item.fault(missing);
            return None;
        };
        match self.source.text_file(item, named) {
            TextFile::Read(text) if text.trim().is_empty() => {
                item.fault(empty);
                None
            }
            TextFile::Read(text) => Some(page(title, title, named, text)),
            TextFile::Refused => None,
            TextFile::Absent => {
                item.fault(missing);
                None
            }
        }
    }

    /// The picture that every competition must have.
    pub(super) fn image(&self, root: &Table<'_>) -> Option<NamedFile> {
        let Some(item) = root.get("image") else {
            root.fault("An image for this competition could not be found in the yaml");
            return None;
        };
        let named = root.text("image")?;
        let file = self.source.file(named);
        if file.is_none() {
            item.fault(format!("Unable to find image: {named}"));
        }
        file
    }

    /// The image of containers: part of what a bundle means, even where it cannot be honoured.
    pub(super) fn environment(&self, root: &Table<'_>, key: &str) -> Environment {
        let item = root.get(key);
        let image = root.text(key).filter(|image| !image.trim().is_empty()).unwrap_or(USUAL_IMAGE).trim();
        let wants_gpu = ["gpu", "cuda"].iter().any(|word| image.to_ascii_lowercase().contains(word));
        let otherwise = match self.runtime.otherwise.as_str() {
            "" => String::new(),
            packages => format!(" ({packages})"),
        };
        let warning = format!("image {image} not used; scores may differ{otherwise}");
        match item {
            Some(item) if wants_gpu => {
                item.fault(format!("image {image} wants a GPU, which programs do not have here"));
            }
            Some(item) if !self.runtime.takes_images => item.warn(warning),
            None if !self.runtime.takes_images => root.warn(warning),
            Some(_) | None => {}
        }
        Environment { image: Some(image.to_owned()), ..Environment::default() }
    }

    /// The summary of a challenge; what is longer becomes a page.
    pub(super) fn summary(&self, root: &Table<'_>, pages: &mut Vec<Page>) -> String {
        let text = root.text("description").unwrap_or_default();
        if text.len() <= 1_000 {
            return text.to_owned();
        }
        if let Some(item) = root.get("description").filter(|_| text.len() > LONGEST_TEXT) {
            item.fault(format!("the description has {} bytes; at most {LONGEST_TEXT} are taken", text.len()));
        }
        pages.insert(0, page("description", "Description", "", text.to_owned()));
        String::new()
    }
}

/// Whether a text is the id of something on another site.
pub(super) fn is_uuid(text: &str) -> bool {
    let digits: String = text.trim().chars().filter(|letter| !matches!(letter, '-' | '{' | '}')).collect();
    digits.len() == 32 && digits.chars().all(|digit| digit.is_ascii_hexdigit())
}
