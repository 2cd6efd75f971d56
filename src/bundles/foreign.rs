//! The one way in for bundles of other systems.

use crate::archive::{Bounds, FileTree};
use crate::codabench::{self, Runtime};
use crate::evalai::{self, Door, EvalAiBundle};
use crate::fault::{Fault, Findings};
use crate::imported::ImportedChallenge;

/// What a bundle is, by the files at its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleKind {
    /// One of our own: `challenge.toml`.
    Own,
    /// `challenge_config.yaml`.
    EvalAi,
    /// `competition.yaml`.
    Codabench,
}

impl BundleKind {
    /// Looks at the root of a bundle.
    pub fn of(files: &FileTree) -> Option<Self> {
        if files.file(crate::FILE_NAME).is_some() {
            Some(Self::Own)
        } else if evalai::is_bundle(files) {
            Some(Self::EvalAi)
        } else {
            codabench::is_bundle(files).then_some(Self::Codabench)
        }
    }
}

/// How a bundle is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Where the description of EvalAI may stand.
    pub door: Door,
    /// What programs run in.
    pub runtime: Runtime,
    /// What a bundle may hold.
    pub bounds: Bounds,
}

/// A bundle that can be made a challenge.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The challenge.
    pub challenge: ImportedChallenge,
    /// What is not as its author may expect; there are no faults.
    pub findings: Findings,
    /// The bundle as EvalAI holds it, if it is one of EvalAI's: updates are compared with it.
    pub evalai: Option<EvalAiBundle>,
}

/// Reads a bundle of any other system; every fault at once.
pub fn import(files: &FileTree, options: &ImportOptions) -> Result<Import, Findings> {
    match BundleKind::of(files) {
        Some(BundleKind::Codabench) => {
            let read = codabench::read(files, &options.runtime, options.bounds)?;
            Ok(Import { challenge: read.imported, findings: read.findings, evalai: None })
        }
        Some(BundleKind::Own) => {
            let message = "this is a bundle of this server's own: it is applied, not imported";
            Err(Findings::one(Fault::of_file(crate::FILE_NAME, message)))
        }
        Some(BundleKind::EvalAi) => import_evalai(files, options),
        None if options.door == Door::WebPage => import_evalai(files, options),
        None => Err(unknown(files)),
    }
}

fn import_evalai(files: &FileTree, options: &ImportOptions) -> Result<Import, Findings> {
    let read = evalai::read(files, options.door, options.bounds)?;
    Ok(Import { challenge: read.imported, findings: read.findings, evalai: Some(read.bundle) })
}

/// Neither description is at the root; where one lies deeper, that is said.
fn unknown(files: &FileTree) -> Findings {
    let names = [evalai::FILE_NAMES[0], evalai::FILE_NAMES[1], codabench::FILE_NAME];
    let nested = files
        .iter()
        .map(|(path, _)| path)
        .find(|path| names.iter().any(|name| path.ends_with(&format!("/{name}"))));
    let hint = nested
        .map(|path| format!("; there is {path}: pack the files without their folder"))
        .unwrap_or_default();
    let message = format!(
        "there is neither {} (EvalAI) nor {} (Codabench) at the root of the bundle{hint}",
        evalai::FILE_NAMES[0],
        codabench::FILE_NAME
    );
    Findings::one(Fault::of_file("", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(paths: &[&str]) -> FileTree {
        FileTree::of(paths.iter().map(|path| ((*path).to_owned(), "a: 1\n".into())))
    }

    #[test]
    fn bundles_are_known_by_their_roots() {
        let kind = |paths: &[&str]| BundleKind::of(&tree(paths));
        assert_eq!(kind(&["challenge.toml", "competition.yaml"]), Some(BundleKind::Own));
        assert_eq!(kind(&["challenge_config.yml"]), Some(BundleKind::EvalAi));
        assert_eq!(kind(&["competition.yaml"]), Some(BundleKind::Codabench));
        assert_eq!(kind(&["x/competition.yaml"]), None);
    }

    #[test]
    fn what_is_no_bundle_is_told_so() {
        let refused =
            |paths: &[&str]| import(&tree(paths), &ImportOptions::default()).unwrap_err().to_string();
        assert!(
            refused(&["x/competition.yaml"]).contains("there is x/competition.yaml: pack the files without")
        );
        assert!(refused(&["readme.md"]).ends_with("at the root of the bundle"));
        assert!(refused(&["challenge.toml"]).contains("it is applied, not imported"));
        assert!(refused(&["competition.yaml"]).contains("HTML pages could not be found"));
        assert!(refused(&["challenge_config.yaml"]).contains("Please add the challenge title"));
        let web = ImportOptions { door: Door::WebPage, ..ImportOptions::default() };
        let found = import(&tree(&["x/any.yaml"]), &web).unwrap_err().to_string();
        assert!(found.contains("x/any.yaml:1: Please add the challenge title"), "{found}");
    }
}
