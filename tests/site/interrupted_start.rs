//! SIGKILL while a server starts on an empty database: the next start finishes what the last one began.

use std::time::Duration;

use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(an_interrupted_start_is_finished_by_the_next);

async fn an_interrupted_start_is_finished_by_the_next(database: TestDatabase) {
    let site = Site::prepare(database, 1);
    // From before the first statement until after the last migration, wherever these fall on this machine.
    for milliseconds in [5, 15, 25, 35, 50, 70, 90, 120, 160, 200, 300] {
        site.start_server();
        std::thread::sleep(Duration::from_millis(milliseconds));
        site.kill_server();
    }
    site.start_server();
    site.wait_until_ready();
    let admin = site.person("admin@example.org", "admin");
    assert_eq!(site.get(&admin, "/api/v1/me").status, 200);
    site.run(&["admin", "verify"]);
}
