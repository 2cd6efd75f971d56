use heldout_server_tests::{TestDatabase, TestServer};
#[test]
#[ignore]
fn hold() {
    let server = TestServer::start(TestDatabase::sqlite());
    let mut lines = format!("{}\n", server.address());
    for name in ["ada", "grace", "joan", "mary", "hedy", "karen"] {
        lines.push_str(&format!("{name} {}\n", server.person(name).token.unwrap()));
    }
    let admin = heldout_server_tests::TestServer::administrator(&server);
    lines.push_str(&format!("olga {}\n", admin.token.unwrap()));
    std::fs::write("/tmp/shot/hold.txt", lines).unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2400));
}
