//! What the processes on the way into the sandbox tell each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::outcome::{End, Usage};

/// What the warden is told, as one line of JSON on its standard input.
///
/// The end of that input means that whoever wanted the run is gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WardenPlan {
    /// The command that leads into the sandbox.
    pub(crate) start: Vec<String>,
    /// What that command reads from its standard input.
    pub(crate) input: String,
    pub(crate) limits: Limits,
    /// Folders of the host whose sizes together are the output's.
    pub(crate) outputs: Vec<PathBuf>,
    /// The temporary folder, if it has no size of its own.
    pub(crate) temporary: Option<PathBuf>,
    /// Whether memory must be watched because no cgroup bounds it.
    pub(crate) watch_memory: bool,
    /// Processes of ours among those that are counted.
    pub(crate) ours: u64,
}

/// What the warden answers: one line of JSON, then what was kept of standard output and of standard error.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) end: End,
    pub(crate) usage: Usage,
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
}

/// What [`Report`] says of a stream.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Stream {
    pub(crate) kept: usize,
    pub(crate) gap_at: usize,
    pub(crate) written: u64,
}

/// What the last process before the program is told, as a file. The program can read it: it has nothing to hide.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SealPlan {
    pub(crate) command: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) folder: PathBuf,
    /// The user and group to become.
    pub(crate) user: Option<u32>,
    pub(crate) limits: Limits,
    pub(crate) network: bool,
    /// Whether mounts, processes and sockets are already its own.
    pub(crate) namespaces: bool,
    /// Paths below which it may read and execute.
    pub(crate) readable: Vec<PathBuf>,
    /// The folder that becomes its `/` before any other path is looked at.
    pub(crate) root: Option<PathBuf>,
    /// Paths below which it may also write.
    pub(crate) writable: Vec<PathBuf>,
    /// Bytes of private memory of one process, where only watching bounds them together.
    pub(crate) process_memory: Option<u64>,
    /// Where it writes that it has come to the end, or why not.
    pub(crate) status: PathBuf,
}

/// What [`SealPlan::status`] says right before the program starts.
pub(crate) const SEALED: &str = "sealed";

/// What a process finds out about the kernel by trying.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KernelReport {
    /// The version of Landlock, or 0.
    pub(crate) landlock: i32,
    /// Why system calls cannot be filtered, if they cannot.
    pub(crate) seccomp_problem: Option<String>,
    /// Why another user's id cannot be taken, if it cannot.
    pub(crate) user_problem: Option<String>,
}
