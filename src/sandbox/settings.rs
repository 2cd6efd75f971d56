//! What an operator decides about the sandbox.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// What an operator decides about the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The program that calls [`crate::child_main`]; on Linux the server's own.
    pub child: PathBuf,
    /// The arguments with which it does so, before those that this crate adds.
    pub child_arguments: Vec<String>,
    /// An empty folder of the sandbox's own, for what runs need on the host. Where mounts cannot be made, every
    /// folder above it must let others pass (`chmod o+x`).
    pub rooms: PathBuf,
    /// The user ids that runs may have, one each; they must belong to nobody. Used only by a server that is root.
    /// Their number is also how many rooms there are at once.
    pub users: Range<u32>,
    /// Bubblewrap, if it is to be used.
    pub bubblewrap: Option<PathBuf>,
    /// Where groups for memory and processes are made.
    pub cgroups: CgroupChoice,
}

/// Where groups for memory and processes are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CgroupChoice {
    /// Below the server's own group, if that works; otherwise memory is watched.
    Own,
    /// Below a folder of version 2 that was handed to the server.
    Below(PathBuf),
    /// Nowhere: memory is watched.
    None,
}

impl Settings {
    /// What fits most machines.
    pub fn new(child: impl Into<PathBuf>, rooms: impl Into<PathBuf>) -> Self {
        Self {
            child: child.into(),
            child_arguments: Vec::new(),
            rooms: rooms.into(),
            users: 2_000_000..2_000_064,
            bubblewrap: find_program("bwrap"),
            cgroups: CgroupChoice::Own,
        }
    }
}

/// A program of the system, where systems keep them.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    ["/usr/local/bin", "/usr/bin", "/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}
