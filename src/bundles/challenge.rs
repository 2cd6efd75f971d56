//! Reading `challenge.toml`: a challenge, its phases, and the files of their annotations.

mod phase;

use std::path::{Path, PathBuf};

use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::{Digest, Slug, Title};

use crate::section::{Document, Section};
use crate::{BundleError, FILE_NAME};

/// A challenge as files.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// What is said about the challenge.
    pub challenge: ChallengeDraft,
    /// Whether everyone is to see it.
    pub publish: bool,
    /// Its phases, in their order.
    pub phases: Vec<BundledPhase>,
}

/// A phase as files.
#[derive(Debug, Clone, PartialEq)]
pub struct BundledPhase {
    /// What is said about the phase.
    pub draft: PhaseDraft,
    /// The tables of its annotations, `main` first; none leaves the annotations as they are.
    pub annotations: Vec<BundledTable>,
}

/// One table of held-out annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledTable {
    /// Its name for the evaluator.
    pub name: String,
    /// Where it is.
    pub source: TableSource,
}

/// Where a table of annotations is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableSource {
    /// In a file.
    File(PathBuf),
    /// On the server already, under this digest: how an exported challenge names annotations that it does not hold.
    Digest(Digest),
}

/// What a table that is on the server already is called in `challenge.toml`.
pub(crate) const DIGEST_PREFIX: &str = "sha256:";

impl Bundle {
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

fn read_root(mut root: Section<'_, '_>, folder: &Path) -> Option<Bundle> {
    let slug = root.required("slug", Slug::parse);
    let title = root.required("title", Title::parse);
    let summary = root.text("summary").unwrap_or_default().to_owned();
    let description = text_or_file(&mut root, "description", "description_file", folder);
    let series = root.parsed("series", Slug::parse);
    let edition = root.text("edition").unwrap_or_default().to_owned();
    let team_max_size = root.count("team_max_size");
    let terms = text_or_file(&mut root, "terms", "terms_file", folder);
    let publish = root.flag("publish").unwrap_or(false);
    let phases = read_phases(&mut root, folder);

    let challenge = slug.zip(title).and_then(|(slug, title)| {
        let draft =
            ChallengeDraft { slug, title, summary, description, series, edition, team_max_size, terms };
        draft.check().map_err(|invalid| root.refuse(&invalid)).ok()
    });
    root.finish();
    Some(Bundle { challenge: challenge?, publish, phases: phases? })
}

fn read_phases(root: &mut Section<'_, '_>, folder: &Path) -> Option<Vec<BundledPhase>> {
    let mut phases: Vec<BundledPhase> = Vec::new();
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
