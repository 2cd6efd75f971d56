//! The same checks for a server that is not root: it cannot give runs a user of their own, and must hold all the same.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::child;

/// The user that most systems call nobody.
const NOBODY: &str = "65534";

#[test]
fn every_bound_holds_for_a_server_that_is_not_root() {
    if !Path::new("/proc/self/status").metadata().is_ok_and(|about| {
        use std::os::unix::fs::MetadataExt;
        about.uid() == 0
    }) {
        test_support::skipped(
            "the sandbox of another user",
            "only root can become another user; all tests run as this one",
        );
        return;
    }
    // Copies, because the originals may lie where nobody else can go.
    let folder = tempfile::tempdir().unwrap();
    crate::support::open_to_others(folder.path());
    let copy = |from: &Path, name: &str| {
        let to = folder.path().join(name);
        std::fs::copy(from, &to).unwrap();
        std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o755)).unwrap();
        to
    };
    let (tests, child) = (copy(&std::env::current_exe().unwrap(), "tests"), copy(&child(), "child"));
    let mut command = Command::new("setpriv");
    command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"]).arg(&tests);
    command.args(["bounds::", "watched::"]);
    // The flood of output is the same for everybody, and long.
    command.args(["--skip", "ten_gigabytes", "--test-threads", "2"]);
    command.env("HELDOUT_TEST_SANDBOX_CHILD", child).current_dir(folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
