//! What holds on this machine, found out by trying.

use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::geteuid;

use crate::bubblewrap::{self, INSIDE, Walls};
use crate::cgroup::Cgroups;
use crate::child::PROBE;
use crate::confine::SCOPED_SIGNALS;
use crate::limits::Limits;
use crate::plan::KernelReport;
use crate::settings::{CgroupChoice, Settings};

/// What keeps a program within its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confinement {
    /// Bubblewrap: mounts, processes and sockets of its own; besides that Landlock, seccomp and limits.
    Namespaces,
    /// Landlock, seccomp and limits alone, as in a pod. Paths of the host are paths inside.
    Landlock,
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespaces => "bubblewrap, seccomp and limits",
            Self::Landlock => "Landlock, seccomp and limits",
        })
    }
}

/// What holds on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Why bubblewrap does not work, if it does not.
    pub bubblewrap: Result<(), String>,
    /// The version of Landlock, or 0.
    pub landlock: i32,
    /// Why system calls cannot be filtered, if they cannot.
    pub seccomp: Result<(), String>,
    /// Whether the server is root, so that every run must have a user of its own.
    pub root: bool,
    /// Why it cannot, if it cannot.
    pub own_users: Result<(), String>,
    /// Where memory and processes can be bounded by groups, or why not.
    pub cgroups: Result<Cgroups, String>,
    /// The version of Python that this interpreter is, or why there is none with `venv`.
    pub python: Result<String, String>,
}

/// One thing that was found out, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it holds.
    pub holds: bool,
    /// What holds, or what is missing and what to do about it.
    pub sentence: String,
}

impl Probe {
    /// Tries everything. Takes about as long as ten short processes.
    pub fn take(settings: &Settings, python: &Path) -> Self {
        let root = geteuid().is_root();
        let first_user = settings.users.clone().next();
        let kernel = kernel_report(settings, root.then_some(first_user).flatten());
        let failed = kernel.as_ref().err().cloned();
        let kernel = kernel.unwrap_or_default();
        let problem = |found: Option<String>| failed.clone().or(found).map_or(Ok(()), Err);
        let own_users = match (root, first_user) {
            (false, _) => Err("the server is not root".to_owned()),
            (true, None) => Err("no user ids are set aside for runs".to_owned()),
            (true, Some(_)) => problem(kernel.user_problem),
        };
        Self {
            bubblewrap: try_bubblewrap(settings, root),
            landlock: kernel.landlock,
            seccomp: problem(kernel.seccomp_problem),
            root,
            own_users,
            cgroups: match &settings.cgroups {
                CgroupChoice::Own => Cgroups::find(None),
                CgroupChoice::Below(folder) => Cgroups::find(Some(folder)),
                CgroupChoice::None => Err("the configuration wants none".to_owned()),
            },
            python: try_python(python),
        }
    }

    /// What would keep programs within bounds here; `None` if nothing does.
    pub fn confinement(&self) -> Option<Confinement> {
        if self.seccomp.is_err() || (self.root && self.own_users.is_err()) {
            return None;
        }
        if self.bubblewrap.is_ok() {
            Some(Confinement::Namespaces)
        } else if self.landlock > 0 {
            Some(Confinement::Landlock)
        } else {
            None
        }
    }

    /// Everything that was found out, the most important first.
    pub fn findings(&self) -> Vec<Finding> {
        let finding = |holds, sentence: String| Finding { holds, sentence };
        let mut findings = vec![match self.confinement() {
            Some(confinement) => finding(true, format!("Programs are kept within bounds by {confinement}.")),
            None => finding(
                false,
                "Nothing here keeps programs within bounds, so none are run. Install bubblewrap \
                 (apt-get install bubblewrap), or use a kernel with Landlock (5.13 or newer)."
                    .to_owned(),
            ),
        }];
        findings.push(match &self.bubblewrap {
            Ok(()) => finding(true, "bubblewrap works.".to_owned()),
            Err(why) => finding(
                false,
                format!(
                    "bubblewrap does not work: {why}. Without it programs that name paths such as /app do not run, \
                     and other processes are hidden only by refusing access to them."
                ),
            ),
        });
        findings.push(match self.landlock {
            0 => finding(
                false,
                "Landlock is not there: the kernel is older than 5.13 or was told not to.".to_owned(),
            ),
            version if version < SCOPED_SIGNALS => finding(
                true,
                format!(
                    "Landlock {version} works; it does not restrict signals, so programs may not send any."
                ),
            ),
            version => finding(true, format!("Landlock {version} works.")),
        });
        findings.push(match &self.seccomp {
            Ok(()) => finding(true, "System calls can be filtered.".to_owned()),
            Err(why) => finding(false, format!("System calls cannot be filtered: {why}. Allow seccomp.")),
        });
        findings.push(match &self.own_users {
            Ok(()) => finding(true, "Every run has a user of its own.".to_owned()),
            Err(why) if self.root => finding(
                false,
                format!(
                    "Runs cannot have users of their own: {why}. The server is root: give it CAP_SETUID and \
                     CAP_SETGID, or run it as another user."
                ),
            ),
            Err(why) => finding(false, format!("Runs have the server's own user: {why}.")),
        });
        findings.push(match &self.cgroups {
            Ok(_) => finding(true, "Memory and processes of a run are bounded by a cgroup.".to_owned()),
            Err(why) => finding(
                false,
                format!(
                    "No cgroups can be made ({why}), so memory is watched: a program is ended some milliseconds \
                     after it takes too much. Hand a cgroup to the server (systemd: Delegate=yes)."
                ),
            ),
        });
        findings.push(match &self.python {
            Ok(version) => finding(true, format!("Python {version} can make environments.")),
            Err(why) => finding(
                false,
                format!("Python programs do not run: {why}. Install python3 and python3-venv, or name another one."),
            ),
        });
        findings
    }
}

fn child_command(settings: &Settings) -> Command {
    let mut command = Command::new(&settings.child);
    command.args(&settings.child_arguments).env_clear().stdin(Stdio::null());
    command
}

fn kernel_report(settings: &Settings, user: Option<u32>) -> Result<KernelReport, String> {
    let mut command = child_command(settings);
    command.arg(PROBE).args(user.map(|user| user.to_string()));
    let output = command.output().map_err(|error| format!("{}: {error}", settings.child.display()))?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("{} does not answer as a part of the sandbox", settings.child.display()))
}

/// Makes a sandbox as for a run, with nothing in it but our own program.
fn try_bubblewrap(settings: &Settings, root: bool) -> Result<(), String> {
    let program = settings.bubblewrap.as_ref().ok_or("it is not installed")?;
    let nothing = Path::new("/dev/null");
    let options = bubblewrap::options(&Walls {
        mounts: &[],
        root: None,
        limits: &Limits::default(),
        network: false,
        as_root: root,
        child: &settings.child,
        plan: nothing,
        users: nothing,
        groups: nothing,
        status: nothing,
    });
    let mut command = Command::new(program);
    command.env_clear().args(["--args", "0", "--"]).arg(Path::new(INSIDE).join("child"));
    command.args(&settings.child_arguments).arg(PROBE).args(root.then_some(settings.users.start.to_string()));
    let failed = |error: std::io::Error| format!("{}: {error}", program.display());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        use std::io::Write;
        // If it has ended already it says why on its standard error.
        let _ = stdin.write_all(options.as_bytes());
    }
    let output = child.wait_with_output().map_err(failed)?;
    let report: KernelReport = serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("it said {:?}", said.lines().next().unwrap_or("nothing"))
    })?;
    report.seccomp_problem.or(report.user_problem).map_or(Ok(()), Err)
}

fn try_python(python: &Path) -> Result<String, String> {
    let program = "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3])";
    let mut command = Command::new(python);
    let output = command.args(["-I", "-c", program]).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{}: {error}", python.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{}: {}", python.display(), said.lines().last().unwrap_or("it fails")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
