//! What bubblewrap is told: an empty root with the system's programs, the job's own files and nothing else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::job::Mount;
use crate::limits::Limits;

/// Where the program finds our part of the sandbox.
pub(crate) const INSIDE: &str = "/run/heldout";

/// Where another system is assembled, which the last step before the program makes its root.
pub(crate) const OTHER_ROOT: &str = "/run/heldout/root";

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
    /// Another system that the program sees as `/`.
    pub(crate) root: Option<&'a Path>,
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
    if walls.root.is_some() {
        options.add(["--cap-add", "CAP_SYS_CHROOT"]);
    }
    // Our own program needs the machine's libraries for the last step, whatever the program itself sees then.
    for path in system_paths(walls.network) {
        let text = path.to_string_lossy().into_owned();
        match fs::read_link(&path) {
            Ok(target) if SYSTEM_FOLDERS.contains(&text.as_str()) => {
                options.add(["--symlink", &target.to_string_lossy(), &text]);
            }
            _ => options.bind("--ro-bind", &path, &path),
        };
    }
    options.bind("--ro-bind", walls.child, &Path::new(INSIDE).join("child"));
    options.bind("--ro-bind", walls.plan, &Path::new(INSIDE).join("plan"));
    options.bind("--bind", walls.status, &Path::new(INSIDE).join("status"));
    let root = Path::new(if walls.root.is_some() { OTHER_ROOT } else { "/" });
    if let Some(system) = walls.root {
        // The last step is a process of the machine until it enters the other system.
        options.add(["--proc", "/proc"]).add(["--dev", "/dev"]);
        options.add(["--perms", "0755"]).add(["--tmpfs", OTHER_ROOT]);
        options.folders.insert(OTHER_ROOT.into());
        show_other_system(&mut options, system, walls.mounts);
    }
    let at = |inside: &str| root.join(inside.trim_start_matches('/'));
    let text = |inside: &str| at(inside).to_string_lossy().into_owned();
    options.bind("--ro-bind", walls.users, &at("/etc/passwd"));
    options.bind("--ro-bind", walls.groups, &at("/etc/group"));
    options.add(["--proc", &text("/proc")]).add(["--dev", &text("/dev")]);
    let size = walls.limits.temporary_bytes.to_string();
    for folder in ["/dev/shm", "/tmp"] {
        options.add(["--perms", "1777"]).add(["--size", &size]).add(["--tmpfs", &text(folder)]);
        options.folders.insert(at(folder));
    }
    options.add(["--remount-ro", &text("/dev")]);
    // Outer folders first, so that none hides what is mounted within it.
    let mut mounts: Vec<&Mount> = walls.mounts.iter().collect();
    mounts.sort_by_key(|mount| mount.inside.components().count());
    for mount in mounts {
        let how = if mount.writable { "--bind" } else { "--ro-bind" };
        options.bind(how, &mount.host, &at(&mount.inside.to_string_lossy()));
    }
    if walls.root.is_some() {
        options.add(["--remount-ro", OTHER_ROOT]);
    }
    options.add(["--remount-ro", "/"]);
    options.text
}

/// What the sandbox itself makes in every system.
const MADE: &[&str] = &["dev", "proc", "sys", "tmp", "run"];

/// What the sandbox itself says of users, and what an engine leaves of its own network.
const TOLD: &[&str] = &["passwd", "group", "resolv.conf", "hosts", "hostname", "mtab"];

/// Shows what lies at the top of another system, and in its `etc`, piece by piece: in between is room for mounts.
///
/// A folder at its top that mounts go into is the job's own: nothing of the system is seen there.
fn show_other_system(options: &mut Options, system: &Path, mounts: &[Mount]) {
    let taken: BTreeSet<_> = mounts.iter().filter_map(|mount| mount.inside.components().nth(1)).collect();
    let is_taken = |name: &std::ffi::OsStr| taken.iter().any(|part| part.as_os_str() == name);
    show_children(options, system, Path::new(OTHER_ROOT), &|name| {
        MADE.iter().chain(&["etc"]).any(|made| name == *made) || is_taken(name)
    });
    let etc = system.join("etc");
    if !is_taken("etc".as_ref()) && etc.symlink_metadata().is_ok_and(|about| about.is_dir()) {
        show_children(options, &etc, &Path::new(OTHER_ROOT).join("etc"), &|name| {
            TOLD.iter().any(|told| name == *told)
        });
    }
}

fn show_children(
    options: &mut Options,
    folder: &Path,
    inside: &Path,
    left_out: &dyn Fn(&std::ffi::OsStr) -> bool,
) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name()).filter(|name| !left_out(name)).collect();
    names.sort();
    for name in names {
        let (host, inside) = (folder.join(&name), inside.join(&name));
        // A link is shown as one: followed here, it would lead into the machine.
        match fs::read_link(&host) {
            Ok(target) => {
                options.make_way(&inside);
                options.add(["--symlink", &target.to_string_lossy(), &inside.to_string_lossy()]);
            }
            Err(_) => options.bind("--ro-bind", &host, &inside),
        }
    }
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
        self.make_way(inside);
        self.add([how, &host.to_string_lossy(), &inside.to_string_lossy()]);
        self.mounted.push(inside.to_owned());
    }

    fn make_way(&mut self, inside: &Path) {
        // Folders on the way that bubblewrap makes by itself could be entered by nobody but root.
        let above: Vec<&Path> = inside.ancestors().skip(1).collect();
        for folder in above.into_iter().rev().filter(|folder| *folder != Path::new("/")) {
            let is_there = self.mounted.iter().any(|mounted| folder.starts_with(mounted));
            if !is_there && self.folders.insert(folder.to_owned()) {
                self.add(["--perms", "0755", "--dir", &folder.to_string_lossy()]);
            }
        }
    }
}
