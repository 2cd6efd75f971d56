//! Control groups: memory and processes of a run counted together by the kernel, where we may make groups.
//!
//! Both versions exist in the wild. The second gives a group's children limits only if the group holds no processes
//! itself, so a server there needs a group that was handed to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::processes::send;

/// Where groups for runs can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cgroups {
    /// Version 2: one folder for all.
    Unified(PathBuf),
    /// Version 1: a folder for memory and one for processes.
    Separate {
        /// Below which memory is bounded.
        memory: PathBuf,
        /// Below which processes are counted, if that is possible too.
        pids: Option<PathBuf>,
    },
}

impl Cgroups {
    /// Finds by trying where groups can be made: below `chosen`, or below our own group.
    pub(crate) fn find(chosen: Option<&Path>) -> Result<Self, String> {
        if let Some(folder) = chosen {
            return unified(folder)
                .map_err(|error| format!("{}: {error}", folder.display()))
                .map(|()| Self::Unified(folder.to_owned()));
        }
        let mine = fs::read_to_string("/proc/self/cgroup").map_err(|error| error.to_string())?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").map_err(|error| error.to_string())?;
        if let Some(memory) = separate(&mine, &mounts, "memory") {
            let pids = separate(&mine, &mounts, "pids");
            return Ok(Self::Separate { memory, pids });
        }
        let path =
            mine.lines().find_map(|line| line.strip_prefix("0::/")).ok_or("there is no cgroup here")?;
        let mount = mount_of(&mounts, |kind, _| kind == "cgroup2").ok_or("cgroups are not mounted")?;
        let folder = mount.join(path);
        unified(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self::Unified(folder))
    }

    /// Makes a group with its limits.
    pub(crate) fn create(&self, name: &str, memory: u64, processes: u64) -> io::Result<Cgroup> {
        let (memory_file, memory_folder, pids_folder) = match self {
            Self::Unified(folder) => ("memory.max", folder, Some(folder)),
            Self::Separate { memory, pids } => ("memory.limit_in_bytes", memory, pids.as_ref()),
        };
        let mut folders = vec![memory_folder.join(name)];
        folders.extend(pids_folder.map(|folder| folder.join(name)).filter(|folder| *folder != folders[0]));
        let group = Cgroup { folders, unified: matches!(self, Self::Unified(_)) };
        for folder in &group.folders {
            // Left from a server that was killed.
            let _ = fs::remove_dir(folder);
            fs::create_dir(folder)?;
        }
        fs::write(group.folders[0].join(memory_file), memory.to_string())?;
        // Without swap, memory would otherwise be bounded only in name.
        for (file, value) in
            [("memory.swap.max", "0".to_owned()), ("memory.memsw.limit_in_bytes", memory.to_string())]
        {
            let path = group.folders[0].join(file);
            if path.exists() {
                fs::write(path, value)?;
            }
        }
        if pids_folder.is_some()
            && let Some(folder) = group.folders.last()
        {
            fs::write(folder.join("pids.max"), processes.to_string())?;
        }
        Ok(group)
    }
}

/// A group for one run; it is removed, with what may still be in it, when this is dropped.
#[derive(Debug)]
pub(crate) struct Cgroup {
    folders: Vec<PathBuf>,
    unified: bool,
}

impl Cgroup {
    /// Puts a process into the group; what it starts is in it too.
    pub(crate) fn add(&self, process: u32) -> io::Result<()> {
        self.folders.iter().try_for_each(|folder| fs::write(folder.join("cgroup.procs"), process.to_string()))
    }

    /// The most memory at once in bytes, if this kernel tells it.
    pub(crate) fn most_memory(&self) -> Option<u64> {
        let file = if self.unified { "memory.peak" } else { "memory.max_usage_in_bytes" };
        fs::read_to_string(self.folders[0].join(file)).ok()?.trim().parse().ok()
    }

    /// Whether anything was killed because the memory was used up.
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        let file = if self.unified { "memory.events" } else { "memory.oom_control" };
        let text = fs::read_to_string(self.folders[0].join(file)).unwrap_or_default();
        let kills = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
        kills.and_then(|count| count.trim().parse::<u64>().ok()).is_some_and(|count| count > 0)
    }

    fn processes(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.folders[0].join("cgroup.procs")).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for _ in 0..100 {
            self.processes().into_iter().for_each(|process| send(process, Signal::SIGKILL));
            self.folders.retain(|folder| fs::remove_dir(folder).is_err() && folder.exists());
            if self.folders.is_empty() {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Whether a folder of version 2 gives its children limits; if it does not yet, whether it can be made to.
fn unified(folder: &Path) -> Result<(), String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let has = |text: &str| {
        ["memory", "pids"].iter().all(|wanted| text.split_whitespace().any(|one| one == *wanted))
    };
    if !has(&read("cgroup.controllers")) {
        return Err("memory and processes are not controlled here".to_owned());
    }
    if !has(&read("cgroup.subtree_control")) {
        fs::write(folder.join("cgroup.subtree_control"), "+memory +pids")
            .map_err(|error| error.to_string())?;
    }
    can_make(folder)
}

/// The folder of our own group of one controller of version 1, if groups can be made below it.
fn separate(mine: &str, mounts: &str, controller: &str) -> Option<PathBuf> {
    let path = mine.lines().find_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        controllers.split(',').any(|one| one == controller).then_some(path)
    })?;
    let mount = mount_of(mounts, |kind, options| {
        kind == "cgroup" && options.split(',').any(|one| one == controller)
    })?;
    let folder = mount.join(path.trim_start_matches('/'));
    // Inside a container the path may be the host's, while the mount begins at our own group.
    let folder = if folder.is_dir() { folder } else { mount };
    can_make(&folder).ok().map(|()| folder)
}

fn can_make(folder: &Path) -> Result<(), String> {
    let trial = folder.join(format!("heldout-probe-{}", std::process::id()));
    fs::create_dir(&trial).and_then(|()| fs::remove_dir(&trial)).map_err(|error| error.to_string())
}

/// The first mount whose kind and options are wanted.
fn mount_of(mounts: &str, wanted: impl Fn(&str, &str) -> bool) -> Option<PathBuf> {
    mounts.lines().find_map(|line| {
        let (place, source) = line.split_once(" - ")?;
        let mut source = source.split_whitespace();
        let (kind, options) = (source.next()?, source.nth(1)?);
        wanted(kind, options).then(|| place.split_whitespace().nth(4).map(PathBuf::from))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
                          31 25 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

    #[test]
    fn mounts_are_found_by_kind_and_controller() {
        let memory = mount_of(MOUNTS, |kind, options| kind == "cgroup" && options.ends_with("memory"));
        assert_eq!(memory, Some("/sys/fs/cgroup/memory".into()));
        assert_eq!(mount_of(MOUNTS, |kind, _| kind == "cgroup2"), Some("/sys/fs/cgroup/unified".into()));
        assert_eq!(mount_of(MOUNTS, |kind, options| kind == "cgroup" && options.ends_with("pids")), None);
    }

    #[test]
    fn a_folder_that_is_no_cgroup_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = Cgroups::find(Some(folder.path())).unwrap_err();
        assert!(refusal.contains("not controlled"), "{refusal}");
    }
}
