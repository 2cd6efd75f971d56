//! What one run may use.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What one run may use. Every bound holds for the program and everything that it starts, taken together, unless it
/// says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Memory in bytes. Where a memory cgroup counts it, files in the temporary folders count too.
    pub memory: u64,
    /// Processor time of all threads together.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
    /// Processes and threads at once.
    pub processes: u64,
    /// Size in bytes of one file.
    pub file_size: u64,
    /// Open files of one process.
    pub open_files: u64,
    /// Bytes in the output folder.
    pub output_bytes: u64,
    /// Files and folders in the output folder, and in the temporary one.
    pub output_files: u64,
    /// Bytes in each temporary folder (`/tmp` and `/dev/shm`).
    pub temporary_bytes: u64,
    /// Bytes kept of each of standard output and standard error: the first half and the last half.
    /// What lies between is read, counted and thrown away.
    pub console_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 4 << 30,
            cpu: Duration::from_secs(600),
            wall: Duration::from_secs(600),
            processes: 128,
            file_size: 1 << 30,
            open_files: 1024,
            output_bytes: 1 << 30,
            output_files: 20_000,
            temporary_bytes: 1 << 30,
            console_bytes: 64 << 10,
        }
    }
}
