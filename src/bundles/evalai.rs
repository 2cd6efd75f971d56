//! Challenge bundles of EvalAI: `challenge_config.yaml` with pages, annotations and an evaluation script.
//!
//! The rules are those of EvalAI's own validator (`apps/challenges/challenge_config_utils.py`), with its sentences, so
//! that organizers find what they know; but every fault is found at once, with file, line and key.
//! Refused beyond them: what this server could not evaluate, and what upstream accepts although every submission would
//! fail.

mod boards;
mod bundle;
mod challenge;
mod export;
mod identity;
mod import;
mod phases;
mod script;

pub use bundle::*;
pub use export::{Export, export};
pub use identity::KnownIds;

use crate::archive::{Bounds, FileTree};
use crate::fault::{Fault, Findings};
use crate::imported::ImportedChallenge;
use crate::source::Source;
use crate::yaml::{self, Reading};

/// The names of the description, either of which may stand at the root of a bundle.
pub const FILE_NAMES: [&str; 2] = ["challenge_config.yaml", "challenge_config.yml"];

/// Where the description is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Door {
    /// At the root, under its own name: what the GitHub workflow sends.
    #[default]
    Workflow,
    /// As the only YAML file anywhere: what the web page of EvalAI takes besides.
    WebPage,
}

/// A bundle that can be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct EvalAiRead {
    /// As EvalAI would hold it.
    pub bundle: EvalAiBundle,
    /// As this server understands it.
    pub imported: ImportedChallenge,
    /// What is not as its author may expect; there are no faults.
    pub findings: Findings,
}

/// Whether a bundle is one of EvalAI's, by the files at its root.
pub fn is_bundle(files: &FileTree) -> bool {
    FILE_NAMES.iter().any(|name| files.file(name).is_some())
}

/// Reads and checks a bundle; every fault at once.
pub fn read(files: &FileTree, door: Door, bounds: Bounds) -> Result<EvalAiRead, Findings> {
    let description = locate(files, door)?;
    let folder = &description[..description.rfind('/').map_or(0, |slash| slash + 1)];
    let text = files.file(&description).map(|bytes| &bytes[..]).unwrap_or_default();
    let document = yaml::parse(&description, text)?;
    let reading = Reading::new(&description);
    document.warnings.into_iter().for_each(|warning| reading.add_warning(warning));
    let read = reading.root(&document.root).and_then(|root| {
        let source = Source::new(files, folder, &reading, bounds);
        // All parts are read before any is missed, so that every fault is found.
        let challenge = challenge::read(&root, &source);
        let leaderboards = boards::read_leaderboards(&root);
        let phases = phases::read(&root, &source);
        let dataset_splits = boards::read_dataset_splits(&root);
        let known = (&leaderboards, &phases, &dataset_splits);
        let phase_splits = boards::read_phase_splits(&root, known);
        let bundle =
            EvalAiBundle { challenge: challenge?, leaderboards, phases, dataset_splits, phase_splits };
        let imported = import::imported(&bundle, &root)?;
        Some((bundle, imported))
    });
    let findings = reading.into_findings().sorted();
    match read {
        Some((bundle, imported)) if findings.is_usable() => Ok(EvalAiRead { bundle, imported, findings }),
        _ if findings.is_usable() => {
            Err(Findings::one(Fault::of_file(description, "the challenge cannot be put together")))
        }
        _ => Err(findings),
    }
}

/// The path of the description.
fn locate(files: &FileTree, door: Door) -> Result<String, Findings> {
    let is_yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
    let at_root: Vec<&str> = FILE_NAMES.into_iter().filter(|name| files.file(name).is_some()).collect();
    let found: Vec<&str> = match (at_root.len(), door) {
        (0, Door::WebPage) => files.iter().map(|(path, _)| path).filter(|path| is_yaml(path)).collect(),
        _ => at_root,
    };
    match found[..] {
        [one] => Ok(one.to_owned()),
        [] => {
            let elsewhere = files.iter().map(|(path, _)| path);
            let hint = elsewhere
                .filter(|path| FILE_NAMES.iter().any(|name| path.ends_with(&format!("/{name}"))))
                .map(|path| format!(" There is {path}: pack its folder's files without the folder."))
                .next();
            let message = "There is no YAML file in the zip file you uploaded!";
            Err(Findings::one(Fault::of_file("", format!("{message}{}", hint.unwrap_or_default()))))
        }
        [_, ..] => {
            let message = format!(
                "There are {} challenge config YAML files instead of 1 in the zip file!",
                found.len()
            );
            Err(Findings::one(Fault::of_file("", message)))
        }
    }
}

#[cfg(test)]
mod tests;
