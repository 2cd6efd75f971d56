//! One run from the server's side: what its processes are told, and what they answer.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::bubblewrap::{self, INSIDE, Walls};
use crate::cgroup::Cgroup;
use crate::child::{SEAL, WARDEN};
use crate::job::Job;
use crate::outcome::{Console, End, Limit, Outcome};
use crate::plan::{Report, SEALED, SealPlan, Stream, WardenPlan};
use crate::probe::Confinement;
use crate::processes::{end_all, of_user};
use crate::room::Room;

/// How long the warden may take beyond the limit of the run itself.
const GRACE: Duration = Duration::from_secs(30);

/// How often the caller is asked whether the result is still wanted.
const ASKING: Duration = Duration::from_millis(100);

/// Bubblewrap is two processes, and the warden's threads are counted by a cgroup too.
const OURS_IN_CGROUP: u64 = 16;

/// Why a run did not take place. This is never the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The job contradicts itself.
    #[error("the job cannot be run: {0}")]
    Job(String),
    /// The folder of the run could not be used.
    #[error("the folder of a run could not be used")]
    Folder(#[source] io::Error),
    /// The cgroup could not be made.
    #[error("the cgroup of a run could not be made")]
    Cgroup(#[source] io::Error),
    /// The sandbox could not be made.
    #[error("the sandbox could not be made: {0}")]
    Setup(String),
    /// The process beside the sandbox failed.
    #[error("the process that watches a run failed: {0}")]
    Warden(String),
}

/// Runs a job; `folder` is empty and the run's own.
pub(crate) fn run(
    room: &Room<'_>,
    folder: &Path,
    job: &Job,
    stop: &dyn Fn() -> bool,
) -> Result<Outcome, RunError> {
    check(room, job)?;
    let sandbox = room.sandbox;
    let cgroup = match &sandbox.probe.cgroups {
        Ok(cgroups) => {
            let processes = job.limits.processes + OURS_IN_CGROUP;
            Some(
                cgroups
                    .create(&room.run_name(folder), job.limits.memory, processes)
                    .map_err(RunError::Cgroup)?,
            )
        }
        Err(_) => None,
    };
    let files = Files::write(room, folder, job, cgroup.is_none()).map_err(RunError::Folder)?;
    let plan = files.warden_plan(room, job, cgroup.is_none());
    let mut child = start_warden(room, cgroup.as_ref())?;
    let answer = tell_and_wait(&mut child, &plan, job, stop);
    if let (Err(_), Some(user)) = (&answer, room.user) {
        // Nobody has buried what was running; whatever has this user is a part of it.
        end_all(|| of_user(user).into_iter().map(|(process, _)| process).collect());
    }
    let status = fs::read_to_string(&files.status).map_err(RunError::Folder)?;
    let mut outcome = answer?;
    if let Some(cgroup) = &cgroup {
        outcome.usage.memory = cgroup.most_memory().unwrap_or(outcome.usage.memory);
        // The program may hide it: a shell goes on when its child is killed.
        if cgroup.ran_out_of_memory() && outcome.end != End::Cancelled {
            outcome.end = End::Limit(Limit::Memory);
        }
    }
    let began = status == SEALED || matches!(outcome.end, End::Limit(_) | End::Cancelled);
    if began {
        return Ok(outcome);
    }
    let said = if status.is_empty() { outcome.stderr.text() } else { status };
    Err(RunError::Setup(said.trim().to_owned()))
}

fn check(room: &Room<'_>, job: &Job) -> Result<(), RunError> {
    let refuse = |why: String| Err(RunError::Job(why));
    if job.command.is_empty() {
        return refuse("there is no command".to_owned());
    }
    let words = job.command.iter().chain(job.environment.iter().flat_map(|(name, value)| [name, value]));
    if words.into_iter().any(|word| word.contains('\0')) {
        return refuse("a word of the command or the environment has a zero byte".to_owned());
    }
    if let Some(root) = &job.root
        && (room.sandbox.confinement != Confinement::Namespaces || !root.is_absolute() || !root.is_dir())
    {
        return refuse(format!("{} cannot be the root of a program here", root.display()));
    }
    for mount in &job.mounts {
        for path in [&mount.host, &mount.inside] {
            let plain =
                path.is_absolute() && path.components().all(|part| part != std::path::Component::ParentDir);
            if !plain || path.to_str().is_none_or(|text| text.contains('\0')) {
                return refuse(format!("{} is no plain absolute path", path.display()));
            }
        }
        let about = match fs::metadata(&mount.host) {
            Ok(about) => about,
            Err(error) => return refuse(format!("{}: {error}", mount.host.display())),
        };
        let wanted = if about.is_dir() { 0o005 } else { 0o004 };
        if room.user.is_some() && !mount.writable && about.permissions().mode() & wanted != wanted {
            return refuse(format!("{} must be readable by everybody to be shown", mount.host.display()));
        }
        if mount.writable && !about.is_dir() {
            return refuse(format!("{} is no folder to write to", mount.host.display()));
        }
    }
    Ok(())
}

/// What is written for a run before it starts.
struct Files {
    plan: PathBuf,
    status: PathBuf,
    users: PathBuf,
    groups: PathBuf,
    /// The temporary folder, where none can be mounted.
    temporary: Option<PathBuf>,
}

impl Files {
    fn write(room: &Room<'_>, folder: &Path, job: &Job, watched: bool) -> io::Result<Self> {
        let sandbox = room.sandbox;
        let namespaces = sandbox.confinement == Confinement::Namespaces;
        let file = |name: &str, text: &str| -> io::Result<PathBuf> {
            let path = folder.join(name);
            fs::write(&path, text)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
            Ok(path)
        };
        let user = room.user.unwrap_or_else(|| nix::unistd::geteuid().as_raw());
        let users = file("users", &format!("heldout:x:{user}:{user}:heldout:/tmp:/usr/sbin/nologin\n"))?;
        let groups = file("groups", &format!("heldout:x:{user}:\n"))?;
        let status = file("status", "")?;
        let temporary = if namespaces {
            None
        } else {
            let path = folder.join("tmp");
            fs::create_dir(&path)?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
            room.give(&path)?;
            Some(path)
        };
        let seal = seal_plan(room, job, &status, temporary.as_deref(), watched);
        let plan = file("plan", &serde_json::to_string(&seal)?)?;
        Ok(Self { plan, status, users, groups, temporary })
    }

    fn warden_plan(&self, room: &Room<'_>, job: &Job, watch_memory: bool) -> WardenPlan {
        let settings = &room.sandbox.settings;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let seal = |child: String, plan: String| {
            let mut words = vec![child];
            words.extend(settings.child_arguments.iter().cloned().chain([SEAL.to_owned(), plan]));
            words
        };
        let (start, input, ours) = match (room.sandbox.confinement, &settings.bubblewrap) {
            (Confinement::Namespaces, Some(bubblewrap)) => {
                let options = bubblewrap::options(&Walls {
                    mounts: &job.mounts,
                    root: job.root.as_deref(),
                    limits: &job.limits,
                    network: job.network,
                    as_root: room.user.is_some(),
                    child: &settings.child,
                    plan: &self.plan,
                    users: &self.users,
                    groups: &self.groups,
                    status: &self.status,
                });
                let mut words: Vec<String> = vec![text(bubblewrap)];
                words.extend(["--args", "0", "--"].map(str::to_owned));
                words.extend(seal(format!("{INSIDE}/child"), format!("{INSIDE}/plan")));
                (words, options, 2)
            }
            _ => (seal(text(&settings.child), text(&self.plan)), String::new(), 0),
        };
        WardenPlan {
            start,
            input,
            limits: job.limits.clone(),
            outputs: Room::outputs(job).map(|mount| mount.host.clone()).collect(),
            temporary: self.temporary.clone(),
            watch_memory,
            ours,
        }
    }
}

fn seal_plan(room: &Room<'_>, job: &Job, status: &Path, temporary: Option<&Path>, watched: bool) -> SealPlan {
    let namespaces = room.sandbox.confinement == Confinement::Namespaces;
    let place = |host: &Path, inside: &Path| room.place(host, inside);
    let home = temporary.map_or_else(|| PathBuf::from("/tmp"), Path::to_owned);
    let mut writable: Vec<PathBuf> =
        Room::outputs(job).map(|mount| place(&mount.host, &mount.inside)).collect();
    let mut readable: Vec<PathBuf> = Vec::new();
    if namespaces {
        // Only what may be seen was mounted.
        readable.push("/".into());
        writable.extend(["/tmp", "/dev"].map(PathBuf::from));
    } else {
        readable.extend(bubblewrap::system_paths(job.network));
        readable.extend(job.mounts.iter().map(|mount| mount.host.clone()));
        readable.extend(HARMLESS.iter().map(PathBuf::from));
        writable.push(home.clone());
        writable.extend(
            ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"].map(PathBuf::from),
        );
    }
    let mut environment = job.environment.clone();
    let home_text = home.to_string_lossy().into_owned();
    for (name, value) in [
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("HOME", &home_text),
        ("TMPDIR", &home_text),
        ("USER", "heldout"),
        ("LOGNAME", "heldout"),
        ("LANG", "C.UTF-8"),
    ] {
        if !environment.iter().any(|(given, _)| given == name) {
            environment.push((name.to_owned(), value.to_owned()));
        }
    }
    SealPlan {
        command: job.command.clone(),
        environment,
        folder: job.folder.clone().unwrap_or(home),
        user: room.user,
        limits: job.limits.clone(),
        network: job.network,
        namespaces,
        readable,
        root: job.root.as_ref().map(|_| PathBuf::from(bubblewrap::OTHER_ROOT)),
        writable,
        // One process must not take the whole machine between two looks; twice, because untouched memory counts here.
        process_memory: watched.then(|| job.limits.memory.saturating_mul(2)),
        status: if namespaces { Path::new(INSIDE).join("status") } else { status.to_owned() },
    }
}

/// What numeric libraries ask about the machine.
const HARMLESS: &[&str] = &[
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/filesystems",
    "/proc/sys/kernel",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
];

fn start_warden(room: &Room<'_>, cgroup: Option<&Cgroup>) -> Result<Child, RunError> {
    let settings = &room.sandbox.settings;
    let mut command = Command::new(&settings.child);
    command.args(&settings.child_arguments).arg(WARDEN).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A key pressed at the server's terminal is for the server, which then ends its runs.
    command.process_group(0);
    let mut child = command.spawn().map_err(|error| RunError::Warden(error.to_string()))?;
    // It starts nothing before it is told what.
    if let Some(Err(error)) = cgroup.map(|cgroup| cgroup.add(child.id())) {
        let _ = child.kill().and_then(|()| child.wait());
        return Err(RunError::Cgroup(error));
    }
    Ok(child)
}

fn tell_and_wait(
    child: &mut Child,
    plan: &WardenPlan,
    job: &Job,
    stop: &dyn Fn() -> bool,
) -> Result<Outcome, RunError> {
    let failed = |error: io::Error| RunError::Warden(error.to_string());
    let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut input), Some(output), Some(errors)) = streams else {
        return Err(RunError::Warden("it has no streams".to_owned()));
    };
    let mut line = serde_json::to_vec(plan).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    let told = input.write_all(&line);
    let (sender, answers) = mpsc::channel();
    let reader = thread::spawn(move || {
        // Nobody listens any more if the warden was given up.
        let _ = sender.send(read_answer(output));
    });
    let deadline = Instant::now() + job.limits.wall + GRACE;
    // The end of its input tells the warden that the result is not wanted.
    let mut input = told.is_ok().then_some(input);
    let answer = loop {
        match answers.recv_timeout(ASKING) {
            Ok(answer) => break answer,
            Err(RecvTimeoutError::Disconnected) => break Err(io::Error::other("nothing was answered")),
            Err(RecvTimeoutError::Timeout) if Instant::now() > deadline => {
                break Err(io::Error::other("it did not answer in time"));
            }
            Err(RecvTimeoutError::Timeout) if input.is_some() && stop() => input = None,
            Err(RecvTimeoutError::Timeout) => {}
        }
    };
    if answer.is_err() {
        // What it has started ends with it.
        let _ = child.kill();
    }
    child.wait().map_err(failed)?;
    let _ = reader.join();
    answer.map_err(|error| {
        let mut said = String::new();
        // Only what explains the failure.
        let _ = errors.take(4096).read_to_string(&mut said);
        RunError::Warden(format!("{error}; {}", said.trim()))
    })
}

fn read_answer(output: impl Read) -> io::Result<Outcome> {
    let mut output = BufReader::new(output);
    let mut line = String::new();
    output.read_line(&mut line)?;
    let report: Report = serde_json::from_str(&line)?;
    let mut console = |stream: &Stream| -> io::Result<Console> {
        let mut kept = vec![0; stream.kept];
        output.read_exact(&mut kept)?;
        Ok(Console { kept, gap_at: stream.gap_at, written: stream.written })
    };
    let (stdout, stderr) = (console(&report.stdout)?, console(&report.stderr)?);
    Ok(Outcome { end: report.end, usage: report.usage, stdout, stderr })
}
