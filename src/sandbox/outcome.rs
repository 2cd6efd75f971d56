//! How a run ended, what it used and what it said.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A bound that ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// [`crate::Limits::memory`].
    Memory,
    /// [`crate::Limits::cpu`].
    Cpu,
    /// [`crate::Limits::wall`].
    Wall,
    /// [`crate::Limits::processes`], where the kernel did not refuse them by itself.
    Processes,
    /// [`crate::Limits::output_bytes`].
    OutputBytes,
    /// [`crate::Limits::output_files`], or folders within folders beyond any use.
    OutputFiles,
    /// [`crate::Limits::temporary_bytes`], where the temporary folder has no size of its own.
    TemporaryBytes,
}

impl Limit {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Cpu => "cpu",
            Self::Wall => "wall",
            Self::Processes => "processes",
            Self::OutputBytes => "output_bytes",
            Self::OutputFiles => "output_files",
            Self::TemporaryBytes => "temporary_bytes",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The program ended with this code; 0 is success.
    Exited(i32),
    /// A signal that we did not send ended it.
    Signalled(i32),
    /// It went beyond a limit and was ended.
    Limit(Limit),
    /// Whoever ran it did not want it any more.
    Cancelled,
}

impl End {
    /// Whether the program ended by itself and with success.
    pub fn is_success(self) -> bool {
        self == Self::Exited(0)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(0) => f.write_str("it succeeded"),
            Self::Exited(code) => write!(f, "it ended with code {code}"),
            Self::Signalled(signal) => write!(f, "signal {signal} ended it"),
            Self::Limit(limit) => f.write_str(match limit {
                Limit::Memory => "it used more memory than allowed",
                Limit::Cpu => "it used more processor time than allowed",
                Limit::Wall => "it took longer than allowed",
                Limit::Processes => "it started more processes than allowed",
                Limit::OutputBytes => "it wrote more than allowed",
                Limit::OutputFiles => "it made more files than allowed",
                Limit::TemporaryBytes => "it kept more temporary files than allowed",
            }),
            Self::Cancelled => f.write_str("it was stopped"),
        }
    }
}

/// What a run used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Time on the clock, from before the sandbox was made until nothing was left of it.
    pub wall: Duration,
    /// Processor time of everything that ran, the making of the sandbox included.
    pub cpu: Duration,
    /// The most memory at once, in bytes. Without a memory cgroup it is what was seen, which misses short peaks.
    pub memory: u64,
    /// The most processes that were seen at once.
    pub processes: u64,
    /// Bytes that were left in the output folder.
    pub output_bytes: u64,
    /// Files and folders that were left there.
    pub output_files: u64,
}

/// What a program wrote to one of its standard streams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Console {
    /// The beginning, and the end if not everything was kept.
    pub kept: Vec<u8>,
    /// Where bytes are missing in `kept`, if they are.
    pub gap_at: usize,
    /// How many bytes were written altogether.
    pub written: u64,
}

impl Console {
    /// How many bytes were thrown away.
    pub fn thrown_away(&self) -> u64 {
        self.written.saturating_sub(self.kept.len() as u64)
    }

    /// As text for a person, with a line where bytes are missing; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> String {
        let (head, tail) = self.kept.split_at(self.gap_at.min(self.kept.len()));
        let mut text = String::from_utf8_lossy(head).into_owned();
        if self.thrown_away() > 0 {
            text.push_str(&format!("\n[... {} bytes are not kept ...]\n", self.thrown_away()));
        }
        text.push_str(&String::from_utf8_lossy(tail));
        text
    }
}

/// A finished run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// What it used.
    pub usage: Usage,
    /// Its standard output.
    pub stdout: Console,
    /// Its standard error. An organizer may read it, a contestant never: it may quote annotations.
    pub stderr: Console,
}
