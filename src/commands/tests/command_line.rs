//! What the program says when it is called: help, mistakes, faults in files. Standard output, standard error, exit code.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ffi::OsString;

use clap::CommandFactory as _;
use heldout_commands::io::Io;
use heldout_commands::{Cli, run_with};

/// Runs a command line; what it said as one text.
fn run(arguments: &[&str]) -> String {
    let line = ["heldout"].iter().chain(arguments).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io { input: &mut std::io::empty(), out: &mut out, err: &mut err, attended: false };
    let code = run_with(line, &mut io);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let text = format!("exit {code}\n-- out\n{}-- err\n{}", text(out), text(err));
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_commands_are_sound() {
    Cli::command().debug_assert();
}

#[test]
fn help_is_on_standard_output() {
    insta::assert_snapshot!("help", run(&["--help"]));
    insta::assert_snapshot!("help_submit", run(&["submit", "--help"]));
    insta::assert_snapshot!("help_admin", run(&["admin", "--help"]));
}

#[test]
fn mistakes_are_told_on_standard_error_and_exit_with_1() {
    insta::assert_snapshot!("mistake_command", run(&["sumbit"]));
    insta::assert_snapshot!("mistake_nothing_named", run(&["status"]));
    insta::assert_snapshot!("mistake_phase", run(&["leaderboard", "test", "--server", "http://localhost:1"]));
    insta::assert_snapshot!("mistake_server", run(&["leaderboard", "a/test", "--server", "localhost"]));
}

#[test]
fn a_configuration_is_printed_or_its_faults_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heldout.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        run(&["check-config", "--config", file.to_str().unwrap()])
            .replace(folder.path().to_str().unwrap(), "[folder]")
    };
    let sound = check("[server]\nlisten = \"127.0.0.1:9000\"\n");
    assert!(sound.starts_with("exit 0\n-- out\n"), "{sound}");
    assert!(sound.contains("server.listen = \"127.0.0.1:9000\"  # [folder]/heldout.toml:2"), "{sound}");
    insta::assert_snapshot!("config_faults", check("[server]\nlisten = 3\n[worker]\nthread = 2\n"));
}

#[test]
fn a_challenge_is_checked_before_any_server_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let text = "slug = \"Ego\"\n[[phase]]\ncodename = \"test\"\nopens_at = \"soon\"\nquota = { per_fortnight = 1 }\n";
    std::fs::write(folder.path().join("challenge.toml"), text).unwrap();
    let path = folder.path().to_str().unwrap();
    insta::assert_snapshot!("bundle_faults", run(&["challenge", "apply", path]).replace(path, "[folder]"));
    let missing = folder.path().join("none");
    let said = run(&["challenge", "apply", missing.to_str().unwrap()]);
    assert!(
        said.contains("error: cannot read") && said.contains("none/challenge.toml: No such file"),
        "{said}"
    );
}

#[test]
fn a_shell_can_complete_the_commands() {
    let script = run(&["completions", "bash"]);
    assert!(script.starts_with("exit 0") && script.contains("leaderboard"));
}
