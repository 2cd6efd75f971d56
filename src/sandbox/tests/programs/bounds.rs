//! What a program can and cannot do: hostile programs, really run, in every kind of sandbox that this machine has.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use crate::support::{Bench, Bystander, PYTHON, Sandboxes, child, open_to_others, runs_anywhere};
use heldout_sandbox::{Confinement, End, Limit, Mount, Probe, Sandbox, Settings, read_file};

/// Runs a check in every kind of sandbox.
fn in_each(check: impl Fn(Bench<'_>)) {
    for sandbox in &Sandboxes::new().all {
        check(Bench::new(sandbox));
    }
}

#[test]
fn a_program_runs_reads_its_input_and_writes_its_output() {
    in_each(|mut bench| {
        let input = bench.room.readable("input").unwrap();
        std::fs::write(input.join("numbers"), "1 2 3").unwrap();
        bench.mounts.push(Mount::reading(&input, "/input"));
        let seen = bench.room.place(&input, "/input".as_ref());
        let outcome = bench.python(&format!(
            "import os, sys\n\
             total = sum(map(int, open('{}/numbers').read().split()))\n\
             open(sys.argv[1] + '/total', 'w').write(str(total))\n\
             print('hello', os.getcwd() == os.environ['TMPDIR'])\n\
             print('beside', file=sys.stderr)",
            seen.display()
        ));
        assert_eq!(outcome.end, End::Exited(0), "{}", outcome.stderr.text());
        assert_eq!(
            (outcome.stdout.text().as_str(), outcome.stderr.text().as_str()),
            ("hello True\n", "beside\n")
        );
        assert_eq!(read_file(&bench.output, "total", 100).unwrap(), Some(b"6".to_vec()));
        assert_eq!((outcome.usage.output_files, outcome.usage.output_bytes > 0), (1, true));
        assert!(outcome.usage.cpu > Duration::ZERO && outcome.usage.wall > Duration::ZERO);
    });
}

#[test]
fn how_a_program_ends_is_told() {
    in_each(|bench| {
        assert_eq!(bench.python("raise SystemExit(3)").end, End::Exited(3));
        let segmentation_fault = "import ctypes; ctypes.string_at(0)";
        assert_eq!(bench.python(segmentation_fault).end, End::Signalled(11));
    });
}

#[test]
fn a_command_that_does_not_exist_is_a_failure_of_ours_that_names_it() {
    for sandbox in &Sandboxes::new().all {
        let bench = Bench::new(sandbox);
        let job = heldout_sandbox::Job::new(["/nothing/here"], bench.limits.clone());
        let error = bench.room.run(&job, &|| false).unwrap_err().to_string();
        assert!(error.contains("/nothing/here") && error.contains("No such file"), "{error}");
    }
}

#[test]
fn nothing_of_the_server_is_in_the_environment() {
    in_each(|bench| {
        let names = bench.printed("import os; print(sorted(os.environ))");
        for name in names.split(['\'', '[', ']', ',', ' ']).filter(|name| !name.is_empty()) {
            let known = ["HOME", "LANG", "LOGNAME", "PATH", "PWD", "TMPDIR", "USER", "LC_CTYPE"];
            assert!(known.contains(&name), "{names}");
        }
    });
}

#[test]
fn files_of_the_host_are_neither_read_nor_listed_nor_written() {
    let secret = tempfile::Builder::new().prefix("canary").tempfile_in("/var/tmp").unwrap();
    std::fs::write(secret.path(), "the truth").unwrap();
    std::fs::set_permissions(secret.path(), std::fs::Permissions::from_mode(0o666)).unwrap();
    in_each(|bench| {
        let tried = bench.printed(&format!(
            "import os\n\
             def tried(what):\n\
             \x20   try: what(); return 'done'\n\
             \x20   except OSError as error: return 'refused'\n\
             print(tried(lambda: open('{secret}').read()), tried(lambda: open('{secret}', 'w')),\n\
             \x20     tried(lambda: os.listdir('/var/tmp')), tried(lambda: os.listdir('/home')),\n\
             \x20     tried(lambda: open('/etc/shadow').read()), tried(lambda: open('/usr/made', 'w')),\n\
             \x20     tried(lambda: os.mkdir('/made')), tried(lambda: open('/dev/made', 'w')))\n\
             tried(lambda: os.chmod('{secret}', 0o600))",
            secret = secret.path().display()
        ));
        assert!(!tried.contains("done"), "{tried}");
    });
    assert_eq!(std::fs::read_to_string(secret.path()).unwrap(), "the truth");
    assert_eq!(secret.path().metadata().unwrap().permissions().mode() & 0o777, 0o666);
}

#[test]
fn what_is_shown_to_be_read_cannot_be_written() {
    in_each(|mut bench| {
        let input = bench.room.readable("input").unwrap();
        std::fs::write(input.join("scorer.py"), "honest").unwrap();
        bench.mounts.push(Mount::reading(&input, "/input"));
        let seen = bench.room.place(&input, "/input".as_ref());
        let tried = bench.printed(&format!(
            "import os\n\
             os.chdir('{}')\n\
             for what in (lambda: open('scorer.py', 'w'), lambda: os.remove('scorer.py'), lambda: open('new', 'w'),\n\
             \x20            lambda: os.rename('scorer.py', 'other'), lambda: os.symlink('/', 'link'),\n\
             \x20            lambda: os.chmod('scorer.py', 0o777), lambda: os.truncate('scorer.py', 0)):\n\
             \x20   try: what(); print('done')\n\
             \x20   except OSError: pass",
            seen.display()
        ));
        // Without a user of its own, and without mounts, changing a mode does nothing and says that it worked.
        let pretended = bench.room.sandbox().confinement() == Confinement::Landlock
            && bench.room.sandbox().probe().own_users.is_err();
        assert_eq!(tried, if pretended { "done" } else { "" });
        assert_eq!(std::fs::read_to_string(input.join("scorer.py")).unwrap(), "honest");
        assert_eq!(std::fs::read_dir(&input).unwrap().count(), 1);
        assert_eq!(input.join("scorer.py").metadata().unwrap().permissions().mode() & 0o133, 0);
    });
}

#[test]
fn there_is_no_network() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    in_each(|bench| {
        let tried = bench.printed(&format!(
            "import socket\n\
             def tried(what):\n\
             \x20   try: what(); return 'done'\n\
             \x20   except OSError as error: return 'refused'\n\
             print(tried(lambda: socket.create_connection(('127.0.0.1', {port}), 2)),\n\
             \x20     tried(lambda: socket.create_connection(('192.0.2.1', 80), 2)),\n\
             \x20     tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))),\n\
             \x20     tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),\n\
             \x20     tried(lambda: socket.getaddrinfo('example.org', 80)))"
        ));
        assert!(!tried.contains("done"), "{tried}");
    });
    assert!(listener.accept().is_err(), "somebody connected");
}

#[test]
fn pip_installs_nothing() {
    in_each(|bench| {
        let outcome = bench.python(
            "import os, sys\n\
             code = os.system(sys.executable + ' -m pip --disable-pip-version-check install --retries 0 six >/dev/null 2>&1')\n\
             print('installed' if code == 0 else 'refused')",
        );
        assert_eq!(outcome.stdout.text().trim(), "refused", "{}", outcome.stderr.text());
    });
}

#[test]
fn other_processes_are_neither_seen_nor_signalled() {
    let mut bystander = Bystander::new();
    let (process, test) = (bystander.0.id(), std::process::id());
    in_each(|bench| {
        let tried = bench.printed(&format!(
            "import os, signal\n\
             def tried(what):\n\
             \x20   try: what(); return 'done'\n\
             \x20   except OSError as error: return 'refused'\n\
             print(tried(lambda: os.kill({process}, signal.SIGTERM)), tried(lambda: os.kill({test}, 0)),\n\
             \x20     tried(lambda: open('/proc/{test}/environ').read()), tried(lambda: open('/proc/{test}/mem').read()),\n\
             \x20     tried(lambda: os.setpriority(os.PRIO_PROCESS, {test}, 19)))"
        ));
        assert!(!tried.contains("done"), "{tried}");
        // Its parent is ours; whatever it tries, the run ends as one run.
        let parent = bench.python("import os, signal; os.kill(os.getppid(), signal.SIGKILL); print('here')");
        assert!(matches!(parent.end, End::Exited(0 | 1)), "{:?}", parent.end);
    });
    assert!(bystander.0.try_wait().unwrap().is_none(), "somebody ended the bystander");
}

#[test]
fn a_fork_bomb_is_contained() {
    in_each(|mut bench| {
        bench.limits.wall = Duration::from_secs(3);
        let outcome = bench.python(
            "import os\n\
             while True:\n\
             \x20   try: os.fork()\n\
             \x20   except OSError: pass",
        );
        assert!(
            matches!(outcome.end, End::Limit(Limit::Wall | Limit::Processes | Limit::Cpu)),
            "{outcome:?}"
        );
        // The kernel counts exactly for a user of its own; otherwise a look comes a moment late.
        let late = if bench.room.sandbox().probe().own_users.is_ok() { 1 } else { bench.limits.processes };
        assert!(outcome.usage.processes <= bench.limits.processes + late, "{outcome:?}");
        assert_eq!(bench.printed("print('next')"), "next");
    });
}

#[test]
fn a_memory_hog_is_ended_and_its_reason_told() {
    in_each(|bench| {
        let outcome = bench.python(
            "import os\n\
             held = []\n\
             while True: held.append(bytearray(os.urandom(1) * (1 << 20)))",
        );
        assert_eq!(outcome.end, End::Limit(Limit::Memory), "{}", outcome.stderr.text());
        assert!(outcome.usage.memory > bench.limits.memory / 2, "{outcome:?}");
    });
}

#[test]
fn memory_of_several_processes_counts_together() {
    in_each(|bench| {
        let outcome = bench.python(
            "import os, time\n\
             for _ in range(6):\n\
             \x20   if os.fork() == 0:\n\
             \x20       held = bytearray(os.urandom(1) * (64 << 20))\n\
             \x20       time.sleep(20)\n\
             \x20       os._exit(0)\n\
             while True:\n\
             \x20   try: os.wait()\n\
             \x20   except ChildProcessError: break",
        );
        assert_eq!(outcome.end, End::Limit(Limit::Memory), "{}", outcome.stderr.text());
    });
}

#[test]
fn memory_that_forked_processes_share_counts_once() {
    in_each(|bench| {
        bench.printed(
            "import os, time\n\
             held = bytearray(os.urandom(1) * (100 << 20))\n\
             for _ in range(5):\n\
             \x20   if os.fork() == 0:\n\
             \x20       time.sleep(0.5)\n\
             \x20       os._exit(0)\n\
             for _ in range(5): os.wait()",
        );
    });
}

#[test]
fn an_endless_loop_is_ended_by_its_processor_time() {
    in_each(|mut bench| {
        bench.limits.cpu = Duration::from_secs(1);
        let outcome = bench.python("while True: pass");
        assert_eq!(outcome.end, End::Limit(Limit::Cpu));
        assert!(outcome.usage.cpu >= Duration::from_millis(500), "{outcome:?}");
    });
}

#[test]
fn processor_time_of_several_processes_counts_together() {
    in_each(|mut bench| {
        bench.limits.cpu = Duration::from_secs(2);
        let outcome = bench.python("import os\nfor _ in range(3): os.fork()\nwhile True: pass");
        assert_eq!(outcome.end, End::Limit(Limit::Cpu));
    });
}

#[test]
fn waiting_for_ever_is_ended_by_the_clock() {
    in_each(|mut bench| {
        bench.limits.wall = Duration::from_secs(1);
        let ignored = "import signal, time\n\
                       for number in range(1, 32):\n\
                       \x20   if number not in (9, 19): signal.signal(number, signal.SIG_IGN)\n\
                       time.sleep(600)";
        assert_eq!(bench.python(ignored).end, End::Limit(Limit::Wall));
    });
}

#[test]
fn a_run_that_is_not_wanted_any_more_is_ended() {
    for sandbox in &Sandboxes::new().all {
        let bench = Bench::new(sandbox);
        let job = heldout_sandbox::Job::new(["/bin/sleep", "600"], bench.limits.clone());
        assert_eq!(bench.room.run(&job, &|| true).unwrap().end, End::Cancelled);
    }
}

#[test]
fn ten_gigabytes_of_standard_output_are_counted_and_thrown_away() {
    in_each(|mut bench| {
        bench.limits.wall = Duration::from_secs(120);
        bench.limits.cpu = Duration::from_secs(120);
        let outcome = bench.python(
            "import os\n\
             block = b'x' * (1 << 20)\n\
             for _ in range(10 << 10):\n\
             \x20   written = 0\n\
             \x20   while written < len(block): written += os.write(1, block[written:])\n\
             print('the end')",
        );
        assert_eq!(outcome.end, End::Exited(0), "{}", outcome.stderr.text());
        assert_eq!(outcome.stdout.written, (10 << 30) + 8);
        assert_eq!(outcome.stdout.kept.len(), bench.limits.console_bytes);
        assert!(outcome.stdout.text().ends_with("the end\n"));
    });
}

#[test]
fn daemons_are_gone_when_the_run_is_over() {
    in_each(|bench| {
        let mark = format!("daemon-mark-{}", bench.output.display());
        let outcome = bench.python(&format!(
            "import os, sys, time\n\
             if os.fork() == 0:\n\
             \x20   os.setsid()\n\
             \x20   if os.fork() == 0:\n\
             \x20       os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(600)', '{mark}'])\n\
             \x20   os._exit(0)\n\
             os.wait(); time.sleep(0.3)"
        ));
        assert_eq!(outcome.end, End::Exited(0), "{}", outcome.stderr.text());
        assert!(!runs_anywhere(&mark));
    });
}

#[test]
fn the_output_has_a_size() {
    in_each(|bench| {
        let endless = "import sys\n\
                       for number in range(10**6): open(sys.argv[1] + '/%d' % (number % 50), 'ab').write(bytes(1 << 20))";
        assert_eq!(bench.python(endless).end, End::Limit(Limit::OutputBytes));
    });
    in_each(|bench| {
        let many = "import sys\nfor number in range(10**4): open(sys.argv[1] + '/%d' % number, 'w')";
        assert_eq!(bench.python(many).end, End::Limit(Limit::OutputFiles));
    });
    in_each(|mut bench| {
        bench.limits.output_files = 1000;
        let deep = "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(900): os.mkdir('d'); os.chdir('d')";
        assert_eq!(bench.python(deep).end, End::Limit(Limit::OutputFiles));
    });
    in_each(|bench| {
        let nameless = "import os, sys, time\n\
                        held = []\n\
                        for number in range(20):\n\
                        \x20   path = sys.argv[1] + '/%d' % number\n\
                        \x20   held.append(open(path, 'wb')); os.remove(path)\n\
                        \x20   held[-1].write(os.urandom(2 << 20)); held[-1].flush()\n\
                        time.sleep(20)";
        assert_eq!(bench.python(nameless).end, End::Limit(Limit::OutputBytes));
    });
}

#[test]
fn one_file_has_a_size() {
    in_each(|mut bench| {
        bench.limits.file_size = 1 << 20;
        let outcome = bench.python("import sys\nopen(sys.argv[1] + '/big', 'wb').write(bytes(2 << 20))");
        assert_eq!(outcome.end, End::Exited(1));
        assert!(outcome.stderr.text().contains("File too large"), "{}", outcome.stderr.text());
    });
}

#[test]
fn temporary_files_have_a_size() {
    in_each(|bench| {
        let outcome = bench.python(
            "import os\n\
             for number in range(10**6): open(os.environ['TMPDIR'] + '/%d' % (number % 50), 'ab').write(bytes(1 << 20))",
        );
        match bench.room.sandbox().confinement() {
            Confinement::Namespaces => {
                assert!(outcome.stderr.text().contains("No space left"), "{outcome:?}");
            }
            Confinement::Landlock => assert_eq!(outcome.end, End::Limit(Limit::TemporaryBytes)),
        }
    });
}

#[test]
fn namespaces_mounts_and_privileges_are_out_of_reach() {
    in_each(|bench| {
        let tried = bench.printed(
            "import ctypes, os\n\
             c = ctypes.CDLL(None, use_errno=True)\n\
             calls = dict(unshare=lambda: c.unshare(0x10000000), mount=lambda: c.mount(b'none', b'/tmp', b'tmpfs', 0, None),\n\
             \x20            setuid=lambda: c.setuid(0), chroot=lambda: c.chroot(b'/tmp'), ptrace=lambda: c.ptrace(0, 0, 0, 0),\n\
             \x20            user_namespace=lambda: c.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),\n\
             \x20            io_uring=lambda: c.syscall(425, 1, 0), bpf=lambda: c.syscall(321, 0, 0, 0),\n\
             \x20            x32=lambda: c.syscall(0x40000000 | 521, 0, 0, 0, 0))\n\
             print([name for name, call in calls.items() if call() >= 0 and not (name == 'setuid' and os.getuid() != 0)])\n\
             print(open('/proc/self/status').read())",
        );
        assert!(tried.starts_with("[]"), "{tried}");
        let field =
            |name: &str| tried.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
        assert_eq!((field("NoNewPrivs:").as_str(), field("Seccomp:").as_str()), ("1", "2"));
        assert_eq!(field("CapEff:"), "0000000000000000");
        assert!(!field("Uid:").starts_with("0\t"), "{}", field("Uid:"));
    });
}

#[test]
fn every_room_has_a_user_of_its_own() {
    for sandbox in &Sandboxes::new().all {
        let (first, second) = (Bench::new(sandbox), Bench::new(sandbox));
        let user = "import os; print(os.getuid(), os.getgroups())";
        let users = [first.printed(user), second.printed(user)];
        assert_eq!(users[0] != users[1], sandbox.probe().own_users.is_ok(), "{users:?}");
    }
}

#[test]
fn servers_with_other_folders_never_share_a_user() {
    let folder = tempfile::tempdir().unwrap();
    open_to_others(folder.path());
    let first = 1_900_000 + std::process::id() % 10_000 * 8;
    let server = |name: &str| {
        let mut settings = Settings::new(child(), folder.path().join(name));
        settings.users = first..first + 3;
        let probe = Probe::take(&settings, Path::new(PYTHON));
        Sandbox::new(settings, probe).unwrap()
    };
    let (one, other) = (server("one"), server("other"));
    let (mine, theirs) = (Bench::new(&one), Bench::new(&other));
    let user = "import os; print(os.getuid())";
    let users = [mine.printed(user), theirs.printed(user)];
    if one.probe().own_users.is_ok() {
        assert_ne!(users[0], users[1]);
        assert!(one.room().is_err(), "both users of the range are taken");
        drop(theirs);
        one.room().unwrap();
    } else {
        assert_eq!(users[0], users[1]);
    }
}

#[test]
fn nothing_is_left_on_the_host() {
    for sandbox in &Sandboxes::new().all {
        let bench = Bench::new(sandbox);
        let folder = bench.room.folder().to_owned();
        // Folders that nobody may enter, deeper than a path may be long.
        bench.python(
            "import os, sys\n\
             os.chdir(sys.argv[1])\n\
             for number in range(60): os.mkdir('d' * 100); os.chdir('d' * 100)\n\
             open('file', 'w'); os.symlink('/', 'link'); os.mkfifo('pipe'); os.mkdir('closed', 0)",
        );
        assert!(folder.exists());
        drop(bench);
        assert!(!folder.exists());
    }
}

#[test]
fn an_output_that_points_elsewhere_is_not_followed() {
    in_each(|bench| {
        bench.python(
            "import os, sys\n\
             os.chdir(sys.argv[1])\n\
             os.symlink('/etc/passwd', 'scores.json'); os.mkfifo('pipe'); os.symlink('/', 'root'); os.mkdir('folder')",
        );
        for name in ["scores.json", "root/etc/passwd", "pipe", "../users", "folder"] {
            assert!(read_file(&bench.output, name, 1 << 20).is_err(), "{name}");
        }
        assert_eq!(read_file(&bench.output, "absent", 1).unwrap(), None);
        let copy = tempfile::tempdir().unwrap();
        assert!(heldout_sandbox::copy_tree(&bench.output, copy.path()).is_err());
        assert!(!copy.path().join("root/etc").exists());
    });
}
