//! Data that is shared with the tests but not part of the repository.

use std::path::PathBuf;

use crate::skip::{environment, skipped};

/// The folder named by `HELDOUT_SHARED`, or `../shared` beside the repository; `None`, said aloud, when it is absent.
pub fn shared_folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = environment("HELDOUT_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    match folder.canonicalize() {
        Ok(folder) if folder.is_dir() => Some(folder),
        _ => {
            skipped(
                "tests with shared data",
                &format!("{} is not a folder (HELDOUT_SHARED)", folder.display()),
            );
            None
        }
    }
}
