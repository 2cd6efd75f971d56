//! Sandboxes for tests: the real thing, with the program of this crate as its inner part.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use heldout_sandbox::{
    CgroupChoice, Confinement, Job, Limits, Mount, Outcome, Probe, Room, Sandbox, Settings,
};

/// Python of the system: another one may lie where a run's user cannot go.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// Sandboxes of every kind that this machine can have, each in a folder of its own.
pub(crate) struct Sandboxes {
    pub(crate) all: Vec<Sandbox>,
    _folder: tempfile::TempDir,
}

impl Sandboxes {
    /// Makes them, and says aloud which kind is missing.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        open_to_others(folder.path());
        let mut all = Vec::new();
        for (name, change) in KINDS {
            let mut settings = Settings::new(child(), folder.path().join(name));
            // Tests run beside each other, each with rooms of its own.
            let first =
                2_100_000 + RANGES.fetch_add(1, Ordering::Relaxed) * 8 + std::process::id() % 10_000 * 1000;
            settings.users = first..first + 8;
            change(&mut settings);
            let probe = Probe::take(&settings, Path::new(PYTHON));
            let wanted =
                if settings.bubblewrap.is_some() { Confinement::Namespaces } else { Confinement::Landlock };
            if probe.confinement() == Some(wanted) && (*name != "groups" || probe.cgroups.is_ok()) {
                all.push(Sandbox::new(settings, probe).unwrap());
            } else {
                let why: Vec<String> = probe.findings().into_iter().map(|finding| finding.sentence).collect();
                test_support::skipped(&format!("the sandbox with {name}"), &why.join(" "));
            }
        }
        assert!(!all.is_empty(), "no kind of sandbox can be made here");
        Self { all, _folder: folder }
    }
}

static RANGES: AtomicU32 = AtomicU32::new(0);

type Change = fn(&mut Settings);

/// With cgroups and without, with mounts of its own and without.
const KINDS: &[(&str, Change)] = &[
    ("groups", |_| {}),
    ("namespaces", |settings| settings.cgroups = CgroupChoice::None),
    ("landlock", |settings| {
        settings.bubblewrap = None;
        settings.cgroups = CgroupChoice::None;
    }),
];

/// The inner part; another copy of it when these tests run as another user.
pub(crate) fn child() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "only the tests themselves say so")]
    let copy = std::env::var("HELDOUT_TEST_SANDBOX_CHILD");
    copy.map_or_else(|_| PathBuf::from(env!("CARGO_BIN_EXE_heldout-sandbox-child")), PathBuf::from)
}

pub(crate) fn open_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Limits that a test reaches quickly.
pub(crate) fn small_limits() -> Limits {
    Limits {
        memory: 256 << 20,
        cpu: Duration::from_secs(20),
        wall: Duration::from_secs(30),
        processes: 32,
        file_size: 64 << 20,
        open_files: 128,
        output_bytes: 16 << 20,
        output_files: 100,
        temporary_bytes: 16 << 20,
        console_bytes: 8 << 10,
    }
}

/// A room with an output folder, and what runs in it.
pub(crate) struct Bench<'s> {
    pub(crate) room: Room<'s>,
    pub(crate) output: PathBuf,
    pub(crate) limits: Limits,
    pub(crate) mounts: Vec<Mount>,
}

impl<'s> Bench<'s> {
    pub(crate) fn new(sandbox: &'s Sandbox) -> Self {
        let room = sandbox.room().unwrap();
        let output = room.writable("output").unwrap();
        Self { room, output, limits: small_limits(), mounts: Vec::new() }
    }

    /// Runs Python with the output folder as its argument.
    pub(crate) fn python(&self, program: &str) -> Outcome {
        let output = self.room.place(&self.output, Path::new("/output"));
        let command = [PYTHON, "-I", "-c", program, output.to_str().unwrap()];
        let mut job = Job::new(command, self.limits.clone()).mount(Mount::writing(&self.output, "/output"));
        job.mounts.extend(self.mounts.iter().cloned());
        self.room.run(&job, &|| false).unwrap()
    }

    /// What a program that succeeds prints.
    pub(crate) fn printed(&self, program: &str) -> String {
        let outcome = self.python(program);
        assert!(outcome.end.is_success(), "{:?}: {}", outcome.end, outcome.stderr.text());
        outcome.stdout.text().trim().to_owned()
    }
}

/// Whether a process with this text among its arguments runs anywhere.
pub(crate) fn runs_anywhere(mark: &str) -> bool {
    let mine = std::process::id().to_string();
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let name = entry.file_name();
        let is_process = name.to_str().is_some_and(|name| name.parse::<u32>().is_ok() && name != mine);
        is_process
            && std::fs::read(entry.path().join("cmdline"))
                .is_ok_and(|line| String::from_utf8_lossy(&line).contains(mark))
    })
}

/// A process that is none of the sandbox's business.
pub(crate) struct Bystander(pub(crate) std::process::Child);

impl Bystander {
    pub(crate) fn new() -> Self {
        Self(std::process::Command::new("sleep").arg("600").spawn().unwrap())
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).unwrap();
    }
}
