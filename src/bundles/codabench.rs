//! Competition bundles of Codabench (version 2) and CodaLab (versions 1 and 1.5): `competition.yaml` with programs,
//! data and pages.
//!
//! The rules and sentences are those of Codabench's unpackers (`competitions/unpackers/v1.py`, `v2.py`), but every fault
//! is found at once, with file, line and key.
//! What upstream finds out at the first submission is found here, at import: metadata that is no YAML, commands that
//! would need a shell, programs for Python 2.

mod board;
mod command;
mod data;
mod phases;
mod v1;
mod v2;

use crate::archive::{Bounds, FileTree};
use crate::fault::{Fault, Findings};
use crate::imported::ImportedChallenge;
use crate::source::Source;
use crate::yaml::{self, Node, Reading};

/// The name of the description, which stands at the root of a bundle.
pub const FILE_NAME: &str = "competition.yaml";

/// The image of a bundle that names none.
const USUAL_IMAGE: &str = "codalab/codalab-legacy:py37";

/// What programs run in here, as far as bundles have wishes about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runtime {
    /// Whether a container engine runs the image that a bundle names.
    pub takes_images: bool,
    /// What programs run in otherwise, for people: `python 3.11, numpy 1.26.4`.
    pub otherwise: String,
}

/// A bundle that can be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct CodabenchRead {
    /// As this server understands it.
    pub imported: ImportedChallenge,
    /// What is not as its author may expect; there are no faults.
    pub findings: Findings,
}

/// Whether a bundle is one of these, by the files at its root.
pub fn is_bundle(files: &FileTree) -> bool {
    files.file(FILE_NAME).is_some()
}

/// Reads and checks a bundle of either version; every fault at once.
pub fn read(files: &FileTree, runtime: &Runtime, bounds: Bounds) -> Result<CodabenchRead, Findings> {
    let Some(text) = files.file(FILE_NAME) else {
        let message = "competition.yaml is missing from zip, check your folder structure to make sure it is in the root \
                       directory.";
        return Err(Findings::one(Fault::of_file("", message)));
    };
    let document = yaml::parse(FILE_NAME, text)?;
    let reading = Reading::new(FILE_NAME);
    document.warnings.into_iter().for_each(|warning| reading.add_warning(warning));
    let imported = reading.root(&document.root).and_then(|root| {
        let context = Context { source: Source::new(files, "", &reading, bounds), runtime };
        match version(&document.root) {
            Version::One => v1::read(&root, &context),
            Version::Two => v2::read(&root, &context),
            Version::TwoUnsaid => {
                root.fault("HTML pages could not be found in the yaml file: this is a bundle of version 2; add `version: 2`");
                None
            }
            Version::Unknown => {
                root.fault(
                    "A suitable version could not be found for this competition. Make sure one is supplied in the yaml.",
                );
                None
            }
        }
    });
    let findings = reading.into_findings().sorted();
    match imported {
        Some(imported) if findings.is_usable() => Ok(CodabenchRead { imported, findings }),
        _ if findings.is_usable() => {
            Err(Findings::one(Fault::of_file(FILE_NAME, "the competition cannot be put together")))
        }
        _ => Err(findings),
    }
}

/// What readers of both versions need.
struct Context<'a> {
    source: Source<'a>,
    runtime: &'a Runtime,
}

enum Version {
    One,
    Two,
    /// The keys of version 2 without its number.
    TwoUnsaid,
    Unknown,
}

fn version(node: &Node) -> Version {
    match node.get("version").map(|version| version.text().unwrap_or_default()) {
        Some("2") => Version::Two,
        None if node.get("html").is_none() && node.get("tasks").is_some() => Version::TwoUnsaid,
        None | Some("1" | "1.5") => Version::One,
        Some(_) => Version::Unknown,
    }
}

#[cfg(test)]
mod tests;
