//! What bubblewrap is told: an empty root with the system's programs, the job's own files and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::job::Mount;
use crate::limits::Limits;

/// Where the program finds our part of the sandbox.
pub(crate) const INSIDE: &str = "/run/heldout";

/// Folders of programs and libraries. Some are links into others.
const SYSTEM_FOLDERS: &[&str] = &["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

/// What libraries look up, and what tells nothing of this machine.
const SYSTEM_FILES: &[&str] = &[
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/mime.types",
    // pip gives up where it may not read which system this is.
    "/etc/os-release",
    "/etc/lsb-release",
    "/etc/debian_version",
    "/etc/redhat-release",
    "/etc/fonts",
    "/etc/matplotlibrc",
    "/etc/python3",
    "/etc/python3.11",
    "/etc/python3.12",
    "/etc/python3.13",
];

/// What a download needs besides.
const NETWORK_FILES: &[&str] = &[
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/ssl",
    "/etc/ca-certificates",
    "/etc/pki",
    "/etc/crypto-policies",
];

/// The system's part of what a program sees, as far as this machine has it.
pub(crate) fn system_paths(network: bool) -> Vec<PathBuf> {
    let more = if network { NETWORK_FILES } else { &[] };
    let all = SYSTEM_FOLDERS.iter().chain(SYSTEM_FILES).chain(more);
    all.map(PathBuf::from).filter(|path| path.exists()).collect()
}

/// What a sandbox is made of.
pub(crate) struct Walls<'a> {
    pub(crate) mounts: &'a [Mount],
    pub(crate) limits: &'a Limits,
    pub(crate) network: bool,
    /// Whether it is made with the powers of root, which the last step before the program gives up.
    pub(crate) as_root: bool,
    /// Our own program, that takes the last step.
    pub(crate) child: &'a Path,
    /// The folder with the plan of the last step, and with the file that it writes to.
    pub(crate) plan: &'a Path,
    /// Lists of users and groups that name nobody else.
    pub(crate) users: &'a Path,
    pub(crate) groups: &'a Path,
    pub(crate) status: &'a Path,
}

/// The options, each ended by a zero byte, as bubblewrap reads them from a descriptor.
///
/// They are not arguments because every process in the sandbox can read those of the first.
pub(crate) fn options(walls: &Walls<'_>) -> String {
    let mut options = Options::default();
    options
        .add(["--unshare-pid"])
        .add(["--unshare-ipc"])
        .add(["--unshare-uts"])
        .add(["--unshare-cgroup-try"]);
    options
        .add(["--hostname", "heldout"])
        .add(["--die-with-parent"])
        .add(["--new-session"])
        .add(["--clearenv"]);
    if !walls.network {
        options.add(["--unshare-net"]);
    }
    if walls.as_root {
        options.add(["--cap-drop", "ALL"]).add(["--cap-add", "CAP_SETUID"]).add(["--cap-add", "CAP_SETGID"]);
    } else {
        options.add(["--unshare-user"]);
    }
    for path in system_paths(walls.network) {
        let text = path.to_string_lossy().into_owned();
        match fs::read_link(&path) {
            Ok(target) if SYSTEM_FOLDERS.contains(&text.as_str()) => {
                options.add(["--symlink", &target.to_string_lossy(), &text]);
            }
            _ => options.bind("--ro-bind", &path, &path),
        };
    }
    options.bind("--ro-bind", walls.users, Path::new("/etc/passwd"));
    options.bind("--ro-bind", walls.groups, Path::new("/etc/group"));
    options.add(["--proc", "/proc"]).add(["--dev", "/dev"]);
    let size = walls.limits.temporary_bytes.to_string();
    for folder in ["/dev/shm", "/tmp"] {
        options.add(["--perms", "1777"]).add(["--size", &size]).add(["--tmpfs", folder]);
        options.folders.insert(folder.into());
    }
    options.add(["--remount-ro", "/dev"]);
    options.bind("--ro-bind", walls.child, &Path::new(INSIDE).join("child"));
    options.bind("--ro-bind", walls.plan, &Path::new(INSIDE).join("plan"));
    options.bind("--bind", walls.status, &Path::new(INSIDE).join("status"));
    // Outer folders first, so that none hides what is mounted within it.
    let mut mounts: Vec<&Mount> = walls.mounts.iter().collect();
    mounts.sort_by_key(|mount| mount.inside.components().count());
    for mount in mounts {
        options.bind(if mount.writable { "--bind" } else { "--ro-bind" }, &mount.host, &mount.inside);
    }
    options.add(["--remount-ro", "/"]);
    options.text
}

/// Options in the making, and the paths that they mount.
#[derive(Default)]
struct Options {
    text: String,
    folders: BTreeSet<PathBuf>,
    mounted: Vec<PathBuf>,
}

impl Options {
    fn add<const N: usize>(&mut self, words: [&str; N]) -> &mut Self {
        for word in words {
            self.text.push_str(word);
            self.text.push('\0');
        }
        self
    }

    fn bind(&mut self, how: &str, host: &Path, inside: &Path) {
        // Folders on the way that bubblewrap makes by itself could be entered by nobody but root.
        let above: Vec<&Path> = inside.ancestors().skip(1).collect();
        for folder in above.into_iter().rev().filter(|folder| *folder != Path::new("/")) {
            let is_there = self.mounted.iter().any(|mounted| folder.starts_with(mounted));
            if !is_there && self.folders.insert(folder.to_owned()) {
                self.add(["--perms", "0755", "--dir", &folder.to_string_lossy()]);
            }
        }
        self.add([how, &host.to_string_lossy(), &inside.to_string_lossy()]);
        self.mounted.push(inside.to_owned());
    }
}
