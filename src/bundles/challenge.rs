//! Reading `challenge.toml`: a challenge, its phases, and the files of their annotations.

mod phase;

use std::path::{Path, PathBuf};

use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::{Digest, Slug, Title};

use crate::section::{Document, Section};
use crate::{BundleError, FILE_NAME};

/// A challenge with everything that an organizer says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeBundle {
    /// What is said about the challenge itself.
    pub challenge: ChallengeDraft,
    /// Its phases, in their order.
    pub phases: Vec<PhaseEntry>,
}

/// A phase of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseEntry {
    /// What is said about the phase.
    pub draft: PhaseDraft,
    /// The tables of its annotations, `main` first; none leaves the annotations as they are.
    pub annotations: Vec<AnnotationsFile>,
}

/// One table of held-out annotations: named, never held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationsFile {
    /// Its name for the evaluator.
    pub table: String,
    /// The name of its file.
    pub file: String,
    /// The digest under which a server has it; absent for a file that is yet to be read.
    pub digest: Option<Digest>,
    /// Its size, where it is known.
    pub size_bytes: Option<u64>,
}

/// A bundle as a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct BundleFolder {
    /// Where the files are that the bundle names.
    pub path: PathBuf,
    /// The bundle.
    pub bundle: ChallengeBundle,
    /// Whether everyone is to see the challenge.
    pub publish: bool,
}

/// What a table that is on the server already is called in `challenge.toml`.
pub(crate) const DIGEST_PREFIX: &str = "sha256:";

impl BundleFolder {
    /// Reads the bundle in a folder.
    pub fn read(folder: &Path) -> Result<Self, BundleError> {
        let file = folder.join(FILE_NAME);
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text, folder),
            Err(source) => Err(BundleError::Unreadable { path: file, source }),
        }
    }

    /// Reads a bundle whose `challenge.toml` says `text`; the files that it names are in `folder`.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, BundleError> {
        let document = Document::new(text);
        let bundle = document
            .parse()
            .and_then(|(values, places)| read_root(Section::root(&document, &values, &places), folder));
        let faults = document.into_faults();
        match bundle {
            Some(bundle) if faults.is_empty() => Ok(bundle),
            _ => Err(BundleError::Invalid { file: folder.join(FILE_NAME), faults }),
        }
    }
}

fn read_root(mut root: Section<'_, '_>, folder: &Path) -> Option<BundleFolder> {
    let slug = root.required("slug", Slug::parse);
    let title = root.required("title", Title::parse);
    let summary = root.text("summary").unwrap_or_default().to_owned();
    let description = text_or_file(&mut root, "description", "description_file", folder);
    let series = root.parsed("series", Slug::parse);
    let edition = root.text("edition").unwrap_or_default().to_owned();
    let team_max_size = root.count("team_max_size");
    let terms = text_or_file(&mut root, "terms", "terms_file", folder);
    let tags = domain::challenge::tags(&root.texts("tags").unwrap_or_default());
    let tags = tags.map_err(|invalid| root.refuse(&invalid)).ok();
    let publish = root.flag("publish").unwrap_or(false);
    let phases = read_phases(&mut root, folder);

    let challenge = slug.zip(title).zip(tags).and_then(|((slug, title), tags)| {
        let draft =
            ChallengeDraft { slug, title, summary, description, series, edition, team_max_size, terms, tags };
        draft.check().map_err(|invalid| root.refuse(&invalid)).ok()
    });
    root.finish();
    let bundle = ChallengeBundle { challenge: challenge?, phases: phases? };
    Some(BundleFolder { path: folder.to_owned(), bundle, publish })
}

fn read_phases(root: &mut Section<'_, '_>, folder: &Path) -> Option<Vec<PhaseEntry>> {
    let mut phases: Vec<PhaseEntry> = Vec::new();
    let mut complete = true;
    for (index, section) in root.sections("phase").into_iter().enumerate() {
        match phase::read(section, folder) {
            Some(phase) if phases.iter().any(|other| other.draft.codename == phase.draft.codename) => {
                root.fault(&format!("phase[{index}].codename"), "must be unique in the challenge");
            }
            Some(phase) => phases.push(phase),
            None => complete = false,
        }
    }
    complete.then_some(phases)
}

/// A longer text, which may stand in a file of its own.
fn text_or_file(
    section: &mut Section<'_, '_>,
    key: &'static str,
    file_key: &'static str,
    folder: &Path,
) -> String {
    match (section.text(key), section.text(file_key)) {
        (Some(_), Some(_)) => {
            section.fault(file_key, format!("cannot stand together with `{key}`"));
            String::new()
        }
        (Some(text), None) => text.to_owned(),
        (None, None) => String::new(),
        (None, Some(name)) => {
            let path = folder.join(name);
            std::fs::read_to_string(&path).unwrap_or_else(|error| {
                section.fault(file_key, format!("cannot read {}: {error}", path.display()));
                String::new()
            })
        }
    }
}

#[cfg(test)]
mod tests;
