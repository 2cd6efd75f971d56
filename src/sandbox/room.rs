//! Rooms: a folder and, where possible, a user of its own, for runs that belong together.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{PermissionsExt, lchown};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::folder::remove_tree;
use crate::job::{Job, Mount};
use crate::outcome::Outcome;
use crate::probe::{Confinement, Probe};
use crate::run::RunError;
use crate::settings::Settings;

/// How often a builder looks whether its user is free.
const CLAIM_INTERVAL: Duration = Duration::from_millis(100);

/// Runs programs of strangers within bounds. There is none that does so without.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) settings: Settings,
    pub(crate) probe: Probe,
    pub(crate) confinement: Confinement,
}

/// Why no program can be run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Nothing keeps programs within bounds; the findings say what to do about it.
    #[error("{0}")]
    NothingHolds(String),
    /// The folder for rooms cannot be used.
    #[error("the folder {0} for programs cannot be used")]
    Folder(PathBuf, #[source] io::Error),
    /// Every room is taken.
    #[error("all {0} rooms for programs are taken")]
    NoRoom(usize),
}

impl Sandbox {
    /// The sandbox that this machine can have, or a refusal.
    pub fn new(settings: Settings, probe: Probe) -> Result<Self, SandboxError> {
        let Some(confinement) = probe.confinement() else {
            let missing = probe.findings().into_iter().filter(|finding| !finding.holds);
            let sentences: Vec<String> = missing.map(|finding| finding.sentence).collect();
            return Err(SandboxError::NothingHolds(sentences.join(" ")));
        };
        let folder = &settings.rooms;
        let made = fs::create_dir_all(folder).and_then(|()| {
            // Others pass but do not look around: only rooms have users of their own.
            fs::set_permissions(folder, fs::Permissions::from_mode(0o711))
        });
        made.map_err(|error| SandboxError::Folder(folder.clone(), error))?;
        Ok(Self { settings, probe, confinement })
    }

    /// What was found out about this machine.
    pub fn probe(&self) -> &Probe {
        &self.probe
    }

    /// What keeps programs within bounds.
    pub fn confinement(&self) -> Confinement {
        self.confinement
    }

    /// Where a program will find something, given where it would be if mounts can be made.
    pub fn place(&self, host: &Path, inside: &Path) -> PathBuf {
        match self.confinement {
            Confinement::Namespaces => inside.to_owned(),
            Confinement::Landlock => host.to_owned(),
        }
    }

    /// Takes a room. The first user id is left out: it is for what is built to stay.
    pub fn room(&self) -> Result<Room<'_>, SandboxError> {
        for user in self.settings.users.clone().skip(1) {
            if let Some(room) = self.take(user)? {
                return Ok(room);
            }
        }
        Err(SandboxError::NoRoom(self.settings.users.len().saturating_sub(1)))
    }

    /// Takes the room of the user who owns what is built to stay, and waits for it.
    pub(crate) fn builder(&self) -> Result<Room<'_>, SandboxError> {
        let lock = self.lock_file(self.settings.users.start)?;
        lock.lock().map_err(|error| self.unusable(error))?;
        loop {
            if let Some(claim) = self.claim(self.settings.users.start)? {
                return self.furnish(self.settings.users.start, (lock, claim));
            }
            // A server with another folder builds.
            std::thread::sleep(CLAIM_INTERVAL);
        }
    }

    fn take(&self, user: u32) -> Result<Option<Room<'_>>, SandboxError> {
        let lock = self.lock_file(user)?;
        match lock.try_lock() {
            Ok(()) => self.claim(user)?.map(|claim| self.furnish(user, (lock, claim))).transpose(),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.unusable(error)),
        }
    }

    fn lock_file(&self, user: u32) -> Result<File, SandboxError> {
        // The lock is the system's: it is gone when this process is, and holds between processes.
        let path = self.settings.rooms.join(format!("{user}.lock"));
        File::options().create(true).append(true).open(path).map_err(|error| self.unusable(error))
    }

    /// Claims a user on this machine, so that no server with another folder runs anything as the same one.
    ///
    /// The name of a socket is the system's too, needs no folder that all servers may write to, and is gone with its process.
    fn claim(&self, user: u32) -> Result<Option<Claim>, SandboxError> {
        if !self.probe.root {
            return Ok(Some(Claim(None)));
        }
        let name = SocketAddr::from_abstract_name(format!("heldout-sandbox-user-{user}"));
        match name.and_then(|name| UnixListener::bind_addr(&name)) {
            Ok(socket) => Ok(Some(Claim(Some(socket)))),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(None),
            Err(error) => Err(self.unusable(error)),
        }
    }

    fn furnish(&self, user: u32, held: (File, Claim)) -> Result<Room<'_>, SandboxError> {
        let folder = self.settings.rooms.join(user.to_string());
        // Something is there if a server was killed in the middle of a run.
        let made = remove_tree(&folder).and_then(|()| fs::create_dir(&folder));
        let made = made.and_then(|()| fs::set_permissions(&folder, fs::Permissions::from_mode(0o711)));
        made.map_err(|error| self.unusable(error))?;
        let user = self.probe.root.then_some(user);
        Ok(Room { sandbox: self, user, folder, runs: AtomicU64::new(0), _held: held })
    }

    fn unusable(&self, error: io::Error) -> SandboxError {
        SandboxError::Folder(self.settings.rooms.clone(), error)
    }
}

/// A folder and, if the server is root, a user of its own, for runs that belong together.
///
/// Everything in the folder is removed when this is dropped.
#[derive(Debug)]
pub struct Room<'s> {
    pub(crate) sandbox: &'s Sandbox,
    pub(crate) user: Option<u32>,
    folder: PathBuf,
    runs: AtomicU64,
    _held: (File, Claim),
}

/// That no other process of this machine has the user; nothing where runs have the server's own.
#[derive(Debug)]
struct Claim(#[expect(dead_code, reason = "what counts is that it is open")] Option<UnixListener>);

impl Room<'_> {
    /// The folder of the room.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sandbox that the room is in.
    pub fn sandbox(&self) -> &Sandbox {
        self.sandbox
    }

    /// Makes an empty folder that programs may be shown, for the caller to fill.
    ///
    /// What is put there must be readable by everybody: nobody else can come near it.
    pub fn readable(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.folder.join(name);
        fs::create_dir(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// Makes an empty folder that a program may write to.
    pub fn writable(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.readable(name)?;
        self.give(&path)?;
        Ok(path)
    }

    /// Gives a folder that was just made to the room's user.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        match self.user {
            Some(user) => lchown(path, Some(user), Some(user)),
            None => Ok(()),
        }
    }

    /// Where a program will find something, given where it would be if mounts can be made.
    pub fn place(&self, host: &Path, inside: &Path) -> PathBuf {
        self.sandbox.place(host, inside)
    }

    /// Runs a job and waits for its end; `stop` is asked several times a second whether the result is still wanted.
    ///
    /// Nothing that the job started is left when this returns.
    pub fn run(&self, job: &Job, stop: &dyn Fn() -> bool) -> Result<Outcome, RunError> {
        let number = self.runs.fetch_add(1, Ordering::Relaxed);
        let folder = self.folder.join(format!("run-{number}"));
        fs::create_dir(&folder).map_err(RunError::Folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711)).map_err(RunError::Folder)?;
        let outcome = crate::run::run(self, &folder, job, stop);
        remove_tree(&folder).map_err(RunError::Folder)?;
        outcome
    }

    pub(crate) fn run_name(&self, folder: &Path) -> String {
        let run = folder.file_name().unwrap_or_default().to_string_lossy();
        let room = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("heldout-{}-{room}-{run}", std::process::id())
    }

    /// The folders of a job that it may write to.
    pub(crate) fn outputs(job: &Job) -> impl Iterator<Item = &Mount> {
        job.mounts.iter().filter(|mount| mount.writable)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        // If it cannot be removed now, whoever takes the room next tries again before using it.
        let _ = remove_tree(&self.folder);
    }
}
