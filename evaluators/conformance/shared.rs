//! Where the shared data lies.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A folder or file below `HELDOUT_SHARED` (default `../shared` beside the repository), or a loud word that it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are told by the environment where the shared data is"
    )]
    let shared = std::env::var("HELDOUT_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let found = repository.join(shared).join(path);
    if found.exists() {
        return Some(found);
    }
    // Written past the capture of the test harness, so that a run without the data does not look complete.
    let absent = format!("SKIPPED: {} is absent; set HELDOUT_SHARED to the shared data\n", found.display());
    std::io::stderr().write_all(absent.as_bytes()).unwrap();
    None
}
