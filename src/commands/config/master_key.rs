//! The file of the master key: read, or made at the first start.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::Context as _;
use app::identity::MasterKey;
use domain::Entropy;

/// The key in the file; when there is no file, a new one with a new key.
///
/// Two processes that start at the same moment agree: only one of them can make the file, the other reads it.
pub fn master_key(file: &Path, entropy: &dyn Entropy) -> anyhow::Result<MasterKey> {
    match read(file) {
        Err(error) if is_missing(&error) => {}
        outcome => return outcome,
    }
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let key = MasterKey::new(bytes);
    if create(file, &key).with_context(|| format!("cannot make the master key {}", file.display()))? {
        Ok(key)
    } else {
        read(file)
    }
}

fn is_missing(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::NotFound)
}

fn read(file: &Path) -> anyhow::Result<MasterKey> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the master key {}", file.display()))?;
    MasterKey::parse(&text).with_context(|| format!("{} holds no master key", file.display()))
}

/// Puts the whole key under its name at once, readable by the owner alone; `false` when the name is taken.
fn create(file: &Path, key: &MasterKey) -> std::io::Result<bool> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Named after the key, so that two makers never write the same temporary file.
    let temporary = file.with_extension(format!("{}.part", hex::encode(&key.derive("file name", 0)[..8])));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut handle = options.open(&temporary)?;
    writeln!(handle, "{}", key.to_hex())?;
    handle.sync_all()?;
    // A hard link, unlike a rename, does not replace what another process put there.
    let linked = std::fs::hard_link(&temporary, file);
    std::fs::remove_file(&temporary)?;
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Entropy for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            for (index, byte) in bytes.iter_mut().enumerate() {
                *byte = self.0.wrapping_add(u8::try_from(index).unwrap());
            }
        }
    }

    #[test]
    fn the_first_start_makes_a_key_that_later_ones_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/master.key");
        let first = master_key(&file, &Fixed(1)).unwrap();
        let second = master_key(&file, &Fixed(2)).unwrap();
        assert_eq!(first.to_hex(), second.to_hex());
        assert_eq!(
            std::fs::read_dir(file.parent().unwrap()).unwrap().count(),
            1,
            "nothing temporary is left"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn of_several_makers_one_wins_and_all_agree() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        let made: Vec<String> = std::thread::scope(|scope| {
            let make = |seed| {
                scope.spawn({
                    let file = &file;
                    move || master_key(file, &Fixed(seed)).unwrap().to_hex()
                })
            };
            let makers: Vec<_> = (0..8).map(make).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(made.iter().all(|key| *key == made[0]), "{made:?}");
        assert!(!create(&file, &MasterKey::new([9; 32])).unwrap(), "a taken name is left alone");
    }

    #[test]
    fn a_file_with_something_else_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        std::fs::write(&file, "change me").unwrap();
        let error = master_key(&file, &Fixed(1)).unwrap_err();
        assert!(format!("{error:#}").contains("64 hexadecimal digits"), "{error:#}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "change me");
    }
}
