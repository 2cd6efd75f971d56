//! Container images, made here and kept by a real engine in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::skip::{environment, skipped};

/// A container engine with a folder of its own for images.
#[derive(Debug)]
pub struct Engine {
    /// What is run as the engine: it understands what `podman` does.
    pub program: PathBuf,
}

impl Engine {
    /// Prepares one in a folder; `None`, said aloud, where there is no podman or only root could use it.
    ///
    /// Where the whole suite runs it must be there: `HELDOUT_REQUIRE_ENGINE` makes its absence a failure.
    pub fn prepare(folder: &Path) -> Option<Self> {
        let found = Command::new("podman").arg("--version").output();
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        let missing = match found {
            Ok(output) if output.status.success() && is_root => None,
            Ok(_) => Some("podman keeps images for root only"),
            Err(_) => Some("podman is not installed"),
        };
        if let Some(why) = missing {
            assert!(environment("HELDOUT_REQUIRE_ENGINE").is_none(), "{why}");
            skipped("container images", why);
            return None;
        }
        std::fs::create_dir_all(folder).unwrap();
        let program = folder.join("engine");
        // Files as they are: what overlays need differs from machine to machine.
        let script = format!(
            "#!/bin/sh\nexec podman --storage-driver vfs --root '{0}/images' --runroot '{0}/run' \"$@\"\n",
            folder.display()
        );
        std::fs::write(&program, script).unwrap();
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Some(Self { program })
    }

    /// Makes an image with a Python and, in `/etc/mark`, a mark; programs start with `MARK=mark` in it.
    pub fn make(&self, name: &str, mark: &str) {
        let archive = self.program.with_extension("tar");
        let script = include_str!("images.py");
        let mut pack = Command::new("/usr/bin/python3");
        succeed(pack.args(["-c", script]).arg(&archive).arg(mark));
        let mut import = Command::new(&self.program);
        succeed(
            import
                .args(["import", "--quiet", "--change"])
                .arg(format!("ENV MARK={mark}"))
                .arg(&archive)
                .arg(name),
        );
        std::fs::remove_file(&archive).unwrap();
    }
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
