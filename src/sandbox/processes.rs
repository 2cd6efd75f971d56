//! The processes below one process, as `/proc` tells them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::sys::stat::fstat;
use nix::unistd::{Pid, SysconfVar, sysconf};

use crate::folder::bytes_on_disk;

/// What a group of processes uses at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) processes: u64,
    pub(crate) cpu: Duration,
    /// Anonymous and shared memory, counted once for every process that has it.
    pub(crate) memory: u64,
    /// Files without a name that are still open, in memory or on disk, in bytes.
    pub(crate) nameless: u64,
}

/// All processes below `root`, without itself.
pub(crate) fn descendants(root: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(process) = open.pop() {
        for child in children_of(process) {
            if seen.insert(child) {
                found.push(child);
                open.push(child);
            }
        }
    }
    found
}

fn children_of(process: u32) -> Vec<u32> {
    let mut children = Vec::new();
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else {
        return children;
    };
    for thread in threads.flatten() {
        if let Ok(text) = fs::read_to_string(thread.path().join("children")) {
            children.extend(text.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        }
    }
    children
}

/// What processes use. What has ended meanwhile counts nothing.
pub(crate) fn used_by(processes: &[u32], with_memory: bool) -> Use {
    let mut total = Use::default();
    let mut nameless = BTreeMap::new();
    let tick = ticks_per_second();
    for &process in processes {
        let Some((ticks, threads)) = times_of(process) else { continue };
        total.processes += threads;
        total.cpu += Duration::from_secs_f64(ticks as f64 / tick);
        if with_memory {
            total.memory += memory_of(process).unwrap_or(0);
        }
        nameless_files(process, &mut nameless);
    }
    total.nameless = nameless.values().sum();
    total
}

/// Memory that is nobody else's: what several processes share is divided among them. Costs more than [`used_by`].
pub(crate) fn shared_out_memory(processes: &[u32]) -> u64 {
    processes
        .iter()
        .filter_map(|process| {
            let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
            let fields = ["Pss_Anon:", "Pss_Shmem:"];
            Some(fields.iter().filter_map(|field| kibibytes(&text, field)).sum::<u64>())
        })
        .sum()
}

/// Clock ticks in user and system mode, of itself and of the children that it has waited for; and its threads.
fn times_of(process: u32) -> Option<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may itself have spaces and parentheses.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some((ticks, fields.get(17)?.parse().ok()?))
}

fn memory_of(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some(kibibytes(&text, "RssAnon:")? + kibibytes(&text, "RssShmem:")?)
}

fn kibibytes(text: &str, field: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// Files that have no name any more cannot be found by looking into folders.
fn nameless_files(process: u32, found: &mut BTreeMap<(u64, u64), u64>) {
    let Ok(descriptors) = fs::read_dir(format!("/proc/{process}/fd")) else { return };
    for descriptor in descriptors.flatten() {
        let path = descriptor.path();
        let named = |target: std::path::PathBuf| !target.to_string_lossy().ends_with(" (deleted)");
        if fs::read_link(&path).map_or(true, named) {
            continue;
        }
        // Opening with O_PATH follows the descriptor itself, whatever has taken its name.
        let flags = nix::fcntl::OFlag::O_PATH | nix::fcntl::OFlag::O_CLOEXEC;
        let opened = nix::fcntl::open(&path, flags, nix::sys::stat::Mode::empty());
        if let Ok(status) = opened.and_then(|file| fstat(&file)) {
            found.insert((status.st_dev, status.st_ino), bytes_on_disk(&status));
        }
    }
}

fn ticks_per_second() -> f64 {
    sysconf(SysconfVar::CLK_TCK).ok().flatten().map_or(100.0, |ticks| ticks as f64)
}

/// How many processes and threads a user has.
pub(crate) fn count_of_user(uid: u32) -> u64 {
    of_user(uid).into_iter().map(|(_, threads)| threads).sum()
}

/// The processes of a user, each with the number of its threads.
pub(crate) fn of_user(uid: u32) -> Vec<(u32, u64)> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let of_user = |entry: fs::DirEntry| -> Option<(u32, u64)> {
        let process = entry.file_name().to_str()?.parse().ok()?;
        let text = fs::read_to_string(entry.path().join("status")).ok()?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let owner: u32 = field("Uid:")?.split_whitespace().next()?.parse().ok()?;
        if owner == uid { Some((process, field("Threads:")?.trim().parse().ok()?)) } else { None }
    };
    processes.flatten().filter_map(of_user).collect()
}

/// Ends processes so that none of them can start another one meanwhile: all are stopped before any is killed.
pub(crate) fn end_all(list: impl Fn() -> Vec<u32>) {
    let mut stopped = BTreeSet::new();
    // A new process is only seen in the round after the one that stopped its parent.
    for _ in 0..MOST_ROUNDS {
        let fresh: Vec<u32> = list().into_iter().filter(|process| !stopped.contains(process)).collect();
        if fresh.is_empty() {
            break;
        }
        for process in fresh {
            send(process, Signal::SIGSTOP);
            stopped.insert(process);
        }
    }
    for process in stopped.into_iter().chain(list()) {
        send(process, Signal::SIGKILL);
    }
}

const MOST_ROUNDS: usize = 1000;

pub(crate) fn send(process: u32, signal: Signal) {
    if let Ok(process) = i32::try_from(process)
        && process > 1
    {
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(process), signal);
    }
}
