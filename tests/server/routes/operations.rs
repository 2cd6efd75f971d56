//! What operators and programs ask of the server itself.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::json;

on_both_databases!(the_server_tells_how_it_is, requests_are_answered_while_the_server_stops);

fn the_server_tells_how_it_is(server: &TestServer) {
    let anonymous = server.anonymous();
    assert_eq!(anonymous.get("/health").expect(200)["status"], "ok");
    let ready = anonymous.get("/ready").expect(200);
    assert_eq!(
        ready,
        json!({"ready": true, "database": "ready", "artifacts": "ready", "annotations": "ready"})
    );
    assert_eq!(anonymous.get("/problems/quota_exceeded").expect(200)["status"], 429);
    assert_eq!(anonymous.get("/problems/no_such_code").problem(404), "not_found");
    assert!(anonymous.get("/.well-known/jwks.json").expect(200)["keys"].is_array());
    assert_eq!(anonymous.get("/openapi.json").expect(200)["openapi"], "3.1.0");

    let stage = Stage::set(server, json!({}));
    stage.score(&stage.contestant, "", "id,label\na,cook\nb,walk\nc,cook\nd,walk\n");
    let text = anonymous.get("/metrics").text();
    for line in [
        "heldout_jobs_waiting 0",
        "heldout_jobs_oldest_lease_seconds 0",
        "heldout_database_connections_idle ",
        "heldout_evaluation_seconds_count{evaluator=\"classification_label\",outcome=\"scored\"} 1",
        "route=\"/api/v1/challenges/{challenge}/phases/{phase}/submissions\",status=\"201\"} 1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

fn requests_are_answered_while_the_server_stops(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let sent = stage.submit(&stage.contestant, "", "id,label\n");
    server.shut_down();
    sent.expect(201);
    let refused = std::net::TcpStream::connect(server.address());
    assert!(refused.is_err(), "nobody listens any more");
}
