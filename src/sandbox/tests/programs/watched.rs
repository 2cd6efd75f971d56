//! What happens when the process beside a sandbox is killed, as it may be when memory runs out for everybody.

use std::time::Duration;

use crate::support::{Bench, Sandboxes, runs_anywhere};

#[test]
fn nothing_goes_on_when_the_watching_process_is_killed() {
    for sandbox in &Sandboxes::new().all {
        let bench = Bench::new(sandbox);
        let mark = format!("watched-mark-{}", bench.output.display());
        let job =
            heldout_sandbox::Job::new(["/bin/sh", "-c", "sleep 600; true", &mark], bench.limits.clone());
        let error = std::thread::scope(|scope| {
            let run = scope.spawn(|| bench.room.run(&job, &|| false));
            let program = wait_for(|| find_program(&mark));
            kill(warden_above(program));
            run.join().unwrap().unwrap_err()
        });
        assert!(matches!(error, heldout_sandbox::RunError::Warden(_)), "{error:?}");
        wait_for(|| (!runs_anywhere(&mark)).then_some(()));
        assert_eq!(bench.printed("print('next')"), "next");
    }
}

fn wait_for<T>(find: impl Fn() -> Option<T>) -> T {
    for _ in 0..2000 {
        if let Some(found) = find() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not happen");
}

/// The program itself: a shell with the mark as its first argument.
fn find_program(mark: &str) -> Option<u32> {
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let process = entry.file_name().to_str()?.parse().ok()?;
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        (line.starts_with(b"/bin/sh") && String::from_utf8_lossy(&line).contains(mark)).then_some(process)
    })
}

/// The child of these tests among the parents of a process.
fn warden_above(mut process: u32) -> u32 {
    loop {
        let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let parent = text.rsplit_once(')').unwrap().1.split_whitespace().nth(1).unwrap().parse().unwrap();
        if parent == std::process::id() {
            return process;
        }
        process = parent;
    }
}

fn kill(process: u32) {
    let killed =
        std::process::Command::new("/bin/kill").args(["-KILL", &process.to_string()]).status().unwrap();
    assert!(killed.success());
}
