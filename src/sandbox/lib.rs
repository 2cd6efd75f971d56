#![doc = include_str!("README.md")]
#![deny(missing_docs)]

mod bubblewrap;
mod cgroup;
mod child;
mod confine;
mod console;
pub mod contracts;
pub mod environment;
mod folder;
pub mod image;
mod job;
mod limits;
mod outcome;
mod plan;
mod probe;
mod processes;
mod room;
mod run;
mod seal;
mod seccomp;
mod settings;
mod warden;

pub use cgroup::Cgroups;
pub use child::child_main;
pub use folder::{FolderError, copy_tree, read_file, remove_tree};
pub use job::{Job, Mount};
pub use limits::Limits;
pub use outcome::{Console, End, Limit, Outcome, Usage};
pub use probe::{Confinement, Finding, Probe};
pub use room::{Room, Sandbox, SandboxError};
pub use run::RunError;
pub use settings::{CgroupChoice, Settings};
