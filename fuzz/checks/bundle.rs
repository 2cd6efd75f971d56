//! A challenge as a file: `challenge.toml`.

use heldout_bundles::{BundleError, BundleFolder};

/// Parses arbitrary text as a challenge, and tells whether it is one; it can be written, and then reads the same.
pub(crate) fn check(bytes: &[u8]) -> bool {
    // A bundle may name any file to take a text from, and some files of the system have no end.
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| !text.contains("/dev")) else {
        return false;
    };
    let folder = tempfile::tempdir().expect("a folder can be made");
    match BundleFolder::parse(text, folder.path()) {
        Ok(bundle) => {
            let files = bundle.to_files().expect("a challenge can be written");
            for (name, text) in &files {
                std::fs::write(folder.path().join(name), text).expect("a file can be written");
            }
            let read = BundleFolder::read(folder.path())
                .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{}", files[0].1));
            assert_eq!(read, bundle);
            true
        }
        Err(BundleError::Invalid { faults, .. }) => {
            let lines = text.split('\n').count();
            assert!(!faults.is_empty(), "nothing is told of a refused challenge");
            for fault in faults {
                assert!(!fault.key.is_empty() && !fault.message.is_empty(), "{fault:?}");
                let line = fault.position.expect("a fault of a text has a place").line;
                assert!((1..=lines).contains(&line), "{fault:?} of {lines} lines");
            }
            false
        }
        Err(error) => panic!("{error}"),
    }
}
