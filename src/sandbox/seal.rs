//! The last step before a program: limits, its own user, no privileges, files and system calls restricted.
//!
//! It runs in a process of its own, with one thread, so that nothing of this touches the server.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::stat::{Mode, umask};
use nix::unistd::{Gid, Uid, chdir, chroot, geteuid, setgroups, setresgid, setresuid};

use crate::confine::{RESTRICTED_TRUNCATION, SCOPED_SIGNALS, confine};
use crate::plan::{KernelReport, SEALED, SealPlan};
use crate::processes::count_of_user;
use crate::seccomp::{self, Walls};

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
enum SealError {
    #[error("the plan could not be read: {0}")]
    Plan(io::Error),
    #[error("the plan is damaged: {0}")]
    Json(serde_json::Error),
    #[error("the limit {0} could not be set: {1}")]
    Limit(&'static str, nix::Error),
    #[error("user {0} could not be taken: {1}")]
    User(u32, nix::Error),
    #[error("{0} could not be made its root: {1}")]
    Root(String, nix::Error),
    #[error("it could not be bound to its parent: {0}")]
    Parent(nix::Error),
    #[error("files could not be restricted: {0}")]
    Landlock(landlock::RulesetError),
    #[error("nothing restricts files: neither mounts of its own nor Landlock")]
    Unconfined,
    #[error(transparent)]
    Seccomp(#[from] seccomp::SeccompError),
    #[error("the program {0:?} could not be started: {1}")]
    Start(String, io::Error),
}

/// Becomes the program that the plan names. Returns only if that failed.
pub(crate) fn seal(plan: &Path) -> ExitCode {
    let read = fs::read(plan).map_err(SealError::Plan);
    let plan: SealPlan = match read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(SealError::Json))
    {
        Ok(plan) => plan,
        Err(error) => return failed(&error, None),
    };
    // Opened while its folder can still be reached.
    let mut status = match File::options().write(true).open(&plan.status) {
        Ok(file) => file,
        Err(error) => return failed(&SealError::Plan(error), None),
    };
    match become_program(&plan, &mut status) {
        Ok(never) => match never {},
        Err(error) => failed(&error, Some(&mut status)),
    }
}

fn failed(error: &SealError, status: Option<&mut File>) -> ExitCode {
    let text = error.to_string();
    // Whoever waits sees that nothing was sealed even if this cannot be written.
    let _ = match status {
        Some(file) => file.set_len(0).and_then(|()| rewrite(file, &text)),
        None => writeln!(io::stderr(), "{text}"),
    };
    ExitCode::from(125)
}

fn rewrite(file: &mut File, text: &str) -> io::Result<()> {
    use std::io::Seek;
    file.rewind()?;
    file.write_all(text.as_bytes())
}

fn become_program(plan: &SealPlan, status: &mut File) -> Result<std::convert::Infallible, SealError> {
    close_fds::set_fds_cloexec(3, &[]);
    // If memory runs out for everybody, the program goes first. Where this is not allowed, nothing is lost.
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
    set_limits(plan)?;
    if let Some(root) = &plan.root {
        // What this process itself needed of the machine is behind it now; the filter of system calls forbids a way back.
        let entered = chroot(root).and_then(|()| chdir("/"));
        entered.map_err(|error| SealError::Root(root.display().to_string(), error))?;
    }
    if let Some(user) = plan.user {
        take_user(user)?;
    }
    // The first process of the program ends with the one that watches it, whatever ends that.
    set_pdeathsig(Signal::SIGKILL).map_err(SealError::Parent)?;
    umask(Mode::from_bits_truncate(0o022));
    let landlock = confine(&plan.readable, &plan.writable, plan.network).map_err(SealError::Landlock)?;
    if !landlock.enforced && !plan.namespaces {
        return Err(SealError::Unconfined);
    }
    seccomp::apply(Walls {
        network: plan.network,
        namespaces: plan.namespaces,
        signals_scoped: landlock.version >= SCOPED_SIGNALS || plan.user.is_some(),
        owns_foreign_files: !plan.namespaces && plan.user.is_none(),
        truncates: landlock.version < RESTRICTED_TRUNCATION,
    })?;
    let written = rewrite(status, SEALED);
    written.map_err(SealError::Plan)?;
    let (program, arguments) =
        plan.command.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(plan.environment.iter().cloned());
    let error = command.current_dir(&plan.folder).stdin(Stdio::null()).exec();
    Err(SealError::Start(program.to_owned(), error))
}

fn take_user(user: u32) -> Result<(), SealError> {
    let refused = |error| SealError::User(user, error);
    let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
    setgroups(&[]).map_err(refused)?;
    setresgid(gid, gid, gid).map_err(refused)?;
    setresuid(uid, uid, uid).map_err(refused)
}

fn set_limits(plan: &SealPlan) -> Result<(), SealError> {
    let limits = &plan.limits;
    // The kernel counts whole seconds; the warden counts exactly.
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
    let processes = if plan.user.is_some() || plan.namespaces {
        limits.processes
    } else {
        // It shares its user with the server, and the kernel counts both.
        limits.processes + count_of_user(geteuid().as_raw())
    };
    let mut all = vec![
        ("RLIMIT_CORE", Resource::RLIMIT_CORE, 0, 0),
        ("RLIMIT_CPU", Resource::RLIMIT_CPU, seconds, seconds + 1),
        ("RLIMIT_FSIZE", Resource::RLIMIT_FSIZE, limits.file_size, limits.file_size),
        ("RLIMIT_NOFILE", Resource::RLIMIT_NOFILE, limits.open_files, limits.open_files),
        ("RLIMIT_NPROC", Resource::RLIMIT_NPROC, processes, processes),
        ("RLIMIT_MEMLOCK", Resource::RLIMIT_MEMLOCK, 8 << 20, 8 << 20),
    ];
    if let Some(bytes) = plan.process_memory {
        all.push(("RLIMIT_DATA", Resource::RLIMIT_DATA, bytes, bytes));
    }
    for (name, resource, soft, hard) in all {
        let refused = |error| SealError::Limit(name, error);
        let (_, most) = getrlimit(resource).map_err(refused)?;
        setrlimit(resource, soft.min(most), hard.min(most)).map_err(refused)?;
    }
    Ok(())
}

/// Tries on itself what the kernel gives, and ends.
pub(crate) fn report_kernel(user: Option<u32>) -> KernelReport {
    let user_problem = match user {
        Some(user) => take_user(user).err().map(|error| error.to_string()),
        None => None,
    };
    // A path that exists: a ruleset without any path would be refused everywhere.
    let landlock = confine(&["/".into()], &[], false).map_or(0, |landlock| landlock.version);
    let walls = Walls {
        network: false,
        namespaces: false,
        signals_scoped: true,
        owns_foreign_files: true,
        truncates: true,
    };
    let seccomp_problem = seccomp::apply(walls).err().map(|error| error.to_string());
    KernelReport { landlock, seccomp_problem, user_problem }
}
