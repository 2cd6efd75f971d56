//! What is to be run: a command, what it may read, and where it may write.

use std::path::{Path, PathBuf};

use crate::limits::Limits;

/// A folder or file of the host that the program sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it is on the host: an absolute path.
    pub host: PathBuf,
    /// Where the program finds it, if mounts can be made: an absolute path.
    pub inside: PathBuf,
    /// Whether the program may write there. Only what the caller made for this run should be.
    pub writable: bool,
}

impl Mount {
    /// Something to read.
    pub fn reading(host: impl Into<PathBuf>, inside: impl Into<PathBuf>) -> Self {
        Self { host: host.into(), inside: inside.into(), writable: false }
    }

    /// Something to read at the path that it has on the host.
    pub fn in_place(host: impl Into<PathBuf>) -> Self {
        let host = host.into();
        Self { inside: host.clone(), host, writable: false }
    }

    /// The folder to write to.
    pub fn writing(host: impl Into<PathBuf>, inside: impl Into<PathBuf>) -> Self {
        Self { host: host.into(), inside: inside.into(), writable: true }
    }
}

/// One command and what it may do.
///
/// The command is executed as it is, without a shell. It gets the environment that is given here and, unless they are
/// given, `PATH`, `HOME`, `TMPDIR`, `USER`, `LANG`; nothing of the server's own environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The program and its arguments. A program without a slash is looked for in `PATH`.
    pub command: Vec<String>,
    /// Variables of its environment.
    pub environment: Vec<(String, String)>,
    /// What it sees besides the system's own folders.
    pub mounts: Vec<Mount>,
    /// A folder of the host that is another system: the program sees it as `/` in place of the machine's own folders.
    /// Refused where mounts cannot be made.
    pub root: Option<PathBuf>,
    /// Where it starts: a path as the program sees it. Without one, its temporary folder.
    pub folder: Option<PathBuf>,
    /// Whether it may use the network. Only for building environments, and only if the operator has said so.
    pub network: bool,
    /// What it may use.
    pub limits: Limits,
}

impl Job {
    /// A command without network, mounts or environment.
    pub fn new<S: Into<String>>(command: impl IntoIterator<Item = S>, limits: Limits) -> Self {
        Self {
            command: command.into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            mounts: Vec::new(),
            root: None,
            folder: None,
            network: false,
            limits,
        }
    }

    /// The same job that sees one thing more.
    #[must_use]
    pub fn mount(mut self, mount: Mount) -> Self {
        self.mounts.push(mount);
        self
    }

    /// The same job with one variable more.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The same job that starts in a folder.
    #[must_use]
    pub fn starting_in(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }
}
