//! What organizers' own machines say to a server of EvalAI, said by a script: the GitHub workflow and remote workers.

use std::process::Command;

use test_support::{TestDatabase, both_databases, evalai};

use crate::site::Site;

both_databases!(organizers_machines_are_understood);

async fn organizers_machines_are_understood(database: TestDatabase) {
    // The interpreter of the real client has the library that those programs use.
    let Some(python) = evalai() else { return };
    let site = Site::prepare(database, 1);
    site.start_server();
    site.wait_until_ready();
    let organizer = site.person("organizer@example.org", "member");
    let other = site.person("other@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let printed = site.run(&[
        "admin",
        "token",
        "create",
        "organizer@example.org",
        "--name",
        "reader",
        "--scopes",
        "read",
    ]);
    let reader = printed.split_whitespace().find(|word| word.starts_with("hoa_")).unwrap();

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/site/evalai_protocol.py");
    let output = Command::new(python)
        .args([script, &site.url(""), &organizer, reader, &other, &contestant])
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    assert!(output.status.success() && printed.contains("the protocol holds"), "{printed}\n{}", site.log());
}
