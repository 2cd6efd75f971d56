//! Challenges as files: reading, checking and writing them.
//!
//! A bundle is a folder with a `challenge.toml` and the files that it names.
//! Reading one finds every fault at once, each with the path of its key and its line.
//!
//! Bundles of other systems come in through [`import`]: an archive or folder becomes a [`FileTree`], its description is
//! read by [`evalai`] or [`codabench`], and both end as an [`ImportedChallenge`], which a [`Preview`] shows to people.
//! [`evalai::export`] goes the other way, as far as EvalAI can hold a challenge.

pub mod archive;
pub mod challenge;
pub mod codabench;
pub mod evalai;
pub mod fault;
mod foreign;
pub mod imported;
mod names;
mod python;
mod section;
mod source;
mod write;
pub mod yaml;

pub use archive::{Bounds, FileTree};
pub use challenge::{AnnotationsFile, BundleFolder, ChallengeBundle, PhaseEntry};
pub use fault::{Fault, Findings, Position};
pub use foreign::{BundleKind, Import, ImportOptions, import};
pub use imported::{ImportedChallenge, Preview};

use std::path::{Path, PathBuf};

/// The file of a bundle that says everything else.
pub const FILE_NAME: &str = "challenge.toml";

/// A bundle that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The file cannot be read at all.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It was read, and is wrong.
    #[error("{}", listed(file, faults))]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Everything that is wrong, in the order of its lines.
        faults: Vec<Fault>,
    },
    /// It cannot be written as TOML.
    #[error("the challenge cannot be written as TOML")]
    Unwritable(#[from] toml::ser::Error),
}

fn listed(file: &Path, faults: &[Fault]) -> String {
    let count = match faults.len() {
        1 => "1 fault".to_owned(),
        several => format!("{several} faults"),
    };
    let lines: String = faults
        .iter()
        .map(|fault| {
            let line = fault.position.map_or(0, |position| position.line);
            format!("\n  line {line}: {}: {}", fault.key, fault.message)
        })
        .collect();
    format!("{} has {count}{lines}", file.display())
}
