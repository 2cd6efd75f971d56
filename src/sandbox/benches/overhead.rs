//! What a sandbox costs: Python that does nothing, bare and in every kind of sandbox, in turns.
//!
//! Compare figures of one run only: `cargo bench -p heldout-sandbox --bench overhead`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and ends where it cannot measure"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use heldout_sandbox::{CgroupChoice, Job, Limits, Probe, Sandbox, Settings};

const PYTHON: &str = "/usr/bin/python3";

/// How often each is started.
const ROUNDS: usize = 50;

/// Evaluations for the throughput.
const MANY: usize = 200;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut sandboxes = Vec::new();
    for (name, bubblewrap, cgroups) in [
        ("bubblewrap, cgroup", true, CgroupChoice::Own),
        ("bubblewrap", true, CgroupChoice::None),
        ("Landlock", false, CgroupChoice::None),
    ] {
        let mut settings = Settings::new(
            env!("CARGO_BIN_EXE_heldout-sandbox-child"),
            folder.path().join(name.replace(", ", "-")),
        );
        settings.cgroups = cgroups;
        if !bubblewrap {
            settings.bubblewrap = None;
        }
        let probe = Probe::take(&settings, Path::new(PYTHON));
        match Sandbox::new(settings, probe) {
            Ok(sandbox) => sandboxes.push((name, sandbox)),
            Err(error) => println!("{name}: {error}"),
        }
    }
    let mut bare = Vec::new();
    let mut boxed: Vec<Vec<Duration>> = sandboxes.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        bare.push(timed(start_bare));
        for ((_, sandbox), times) in sandboxes.iter().zip(&mut boxed) {
            times.push(timed(|| start_in(sandbox)));
        }
    }
    let bare = middle(&mut bare);
    println!("{ROUNDS} starts of Python each, median:");
    println!("{:<20} {:>8.1} ms", "bare", milliseconds(bare));
    for ((name, _), times) in sandboxes.iter().zip(&mut boxed) {
        let middle = middle(times);
        println!(
            "{name:<20} {:>8.1} ms, {:>6.1} ms beyond bare",
            milliseconds(middle),
            milliseconds(middle.saturating_sub(bare))
        );
    }
    println!("{MANY} evaluations, one after the other:");
    let bare = timed(|| (0..MANY).for_each(|_| start_bare()));
    println!("{:<20} {:>8.1} a second", "bare", MANY as f64 / bare.as_secs_f64());
    for (name, sandbox) in &sandboxes {
        let time = timed(|| (0..MANY).for_each(|_| start_in(sandbox)));
        let rate = MANY as f64 / time.as_secs_f64();
        println!("{name:<20} {rate:>8.1} a second, {:.2} of bare", bare.as_secs_f64() / time.as_secs_f64());
    }
}

fn start_bare() {
    let mut command = Command::new(PYTHON);
    let status = command.args(["-I", "-c", "pass"]).stdin(Stdio::null()).status().unwrap();
    assert!(status.success());
}

fn start_in(sandbox: &Sandbox) {
    let room = sandbox.room().unwrap();
    let outcome = room.run(&Job::new([PYTHON, "-I", "-c", "pass"], Limits::default()), &|| false).unwrap();
    assert!(outcome.end.is_success(), "{}", outcome.stderr.text());
}

fn timed(run: impl FnOnce()) -> Duration {
    let began = Instant::now();
    run();
    began.elapsed()
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
