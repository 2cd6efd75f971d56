//! Sending files: forms and bare bodies, limits, repeated requests, downloads.

use std::io::{Read, Write};
use std::net::TcpStream;

use heldout_server_tests::{Stage, TestServer, on_both_databases, wait_until_final};
use serde_json::{Value, json};

const RIGHT: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";

on_both_databases!(
    a_form_is_scored_and_its_file_comes_back,
    a_repeated_request_is_answered_with_the_first_submission,
    what_is_too_large_is_refused_and_leaves_nothing,
    bad_requests_are_refused_by_part,
    an_empty_file_is_taken_and_found_invalid,
    outsiders_see_nothing,
);

fn a_form_is_scored_and_its_file_comes_back(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let parts: [(&str, Option<&str>, &[u8]); 3] = [
        ("method", None, br#"{"name": "ours", "code_url": "https://example.org/code"}"#),
        ("file", Some("../run 7\u{e9}.csv"), RIGHT.as_bytes()),
        ("visibility", None, b"private"),
    ];
    let sent = stage.contestant.post_form(&format!("{}/submissions", stage.phase), &[], &parts);
    let location = sent.header("Location").to_owned();
    let sent = sent.expect(201);
    assert_eq!(sent["visibility"], "private");
    assert_eq!((&sent["file_name"], &sent["method"]["name"]), (&json!("run 7\u{e9}.csv"), &json!("ours")));

    let found = wait_until_final(&stage.contestant, sent["id"].as_str().unwrap());
    assert_eq!(found["state"], "scored", "{found:#}");
    let splits = found["evaluation"]["splits"].as_array().unwrap();
    assert_eq!(splits.len(), 1, "a contestant sees public splits only: {found:#}");
    assert_eq!(
        splits[0]["metrics"][0],
        json!({
            "name": "accuracy", "label": splits[0]["metrics"][0]["label"], "unit": splits[0]["metrics"][0]["unit"],
            "direction": "higher", "value": 1.0, "undefined": null,
        })
    );
    let seen_by_organizer = stage.organizer.get(&location).expect(200);
    assert_eq!(seen_by_organizer["evaluation"]["splits"].as_array().unwrap().len(), 2);

    let file = stage.contestant.get(&format!("{location}/file"));
    assert_eq!((file.status, file.text().as_str()), (200, RIGHT));
    assert_eq!(file.header("X-Content-Type-Options"), "nosniff");
    assert_eq!(file.header("Content-Length"), RIGHT.len().to_string());
    let disposition = file.header("Content-Disposition");
    assert!(disposition.starts_with("attachment; filename=\"run_7_.csv\""), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''run%207%C3%A9.csv"), "{disposition}");
    let known = stage.contestant.send(
        "GET",
        &format!("{location}/file"),
        &[("If-None-Match", file.header("ETag"))],
        "",
    );
    assert_eq!((known.status, known.body.len()), (304, 0));
}

fn a_repeated_request_is_answered_with_the_first_submission(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 1}}));
    let send = |key: &str, query: &str, body: &str| {
        let path = format!("{}/submissions?file_name=a.csv{query}", stage.phase);
        stage.contestant.send("POST", &path, &[("Idempotency-Key", key)], body)
    };
    let first = send("one", "", RIGHT).expect(201);
    // The quota is used up now: the repetition is answered all the same.
    assert_eq!(send("one", "", RIGHT).expect(200)["id"], first["id"]);
    assert_eq!(send("one", "", "id,label\n").problem(409), "idempotency_key_reused");
    assert_eq!(send("one", "&method_name=other", RIGHT).problem(409), "idempotency_key_reused");
    assert_eq!(send("two", "", RIGHT).problem(429), "quota_exceeded");
    let listed = stage.contestant.get(&format!("{}/submissions", stage.phase)).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let quota = stage.contestant.get(&format!("{}/quota", stage.phase)).expect(200);
    assert_eq!(quota["items"][0], json!({"window": "total", "limit": 1, "used": 1, "renews_at": null}));
}

fn what_is_too_large_is_refused_and_leaves_nothing(server: &TestServer) {
    let stage =
        Stage::set(server, json!({"limits": {"upload_bytes": 1000, "seconds": 60, "memory_mib": 64}}));
    let fits = "x".repeat(1000);
    let over = "x".repeat(1001);
    assert_eq!(stage.submit(&stage.contestant, "", &over).problem(413), "payload_too_large");
    let form = |content: &str| {
        let parts = [("file", Some("a.csv"), content.as_bytes())];
        stage.contestant.post_form(&format!("{}/submissions", stage.phase), &[], &parts)
    };
    assert_eq!(form(&over).problem(413), "payload_too_large");
    form(&fits).expect(201);

    // A body of 2 GiB is refused by what it says of itself, before it is sent.
    let head = announce(server, &stage, "Content-Length: 2147483649");
    assert!(head.starts_with("HTTP/1.1 413 "), "{head}");
    // One that does not say its size is refused as soon as it is too long, and the sender can read that.
    let mut stream = begin(server, &stage, "Transfer-Encoding: chunked");
    let chunk = format!("{:x}\r\n{}\r\n", 4096, "x".repeat(4096));
    let head = loop {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break read_head(&mut stream);
        }
        stream.set_nonblocking(true).unwrap();
        let has_answer = stream.peek(&mut [0]).is_ok();
        stream.set_nonblocking(false).unwrap();
        if has_answer {
            break read_head(&mut stream);
        }
    };
    assert!(head.starts_with("HTTP/1.1 413 "), "{head}");
    let listed = stage.contestant.get(&format!("{}/submissions", stage.phase)).expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

fn begin(server: &TestServer, stage: &Stage, length: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let token = stage.contestant.token.as_deref().unwrap();
    let head = format!(
        "POST {}/submissions?file_name=a.csv HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\n{length}\r\n\r\n",
        stage.phase
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn announce(server: &TestServer, stage: &Stage, length: &str) -> String {
    read_head(&mut begin(server, stage, length))
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn bad_requests_are_refused_by_part(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let path = format!("{}/submissions", stage.phase);
    let field = |parts: &[(&str, Option<&str>, &[u8])]| {
        let refused = stage.contestant.post_form(&path, &[], parts).expect(422);
        refused["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("a.csv"), b"x");
    assert_eq!(field(&[("visibility", None, b"public")]), "file");
    assert_eq!(field(&[file, file]), "file");
    assert_eq!(field(&[file, ("visibility", None, b"secret")]), "visibility");
    assert_eq!(field(&[file, ("method", None, b"{\"name\": 1}")]), "method.name");
    assert_eq!(field(&[file, ("surprise", None, b"")]), "surprise");
    assert_eq!(field(&[file, ("method_name", None, &[b'x'; 70_000])]), "method_name");
    assert_eq!(field(&[file, ("attributes", None, b"{\"gpu\": 1}")]), "attributes.gpu");
    let cut = [("Content-Type", "multipart/form-data; boundary=frontier")];
    let body = "--frontier\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf";
    assert_eq!(stage.contestant.send("POST", &path, &cut, body).problem(400), "malformed_request");
    let no_boundary = [("Content-Type", "multipart/form-data")];
    assert_eq!(stage.contestant.send("POST", &path, &no_boundary, "x").problem(400), "malformed_request");
    let listed = stage.contestant.get(&path).expect(200);
    assert_eq!(listed["items"], json!([]), "nothing of all this became a submission");
}

fn an_empty_file_is_taken_and_found_invalid(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let empty = stage.score(&stage.contestant, "", "");
    assert_eq!((&empty["state"], &empty["size_bytes"]), (&json!("invalid"), &json!(0)), "{empty:#}");
    let wrong = stage.score(&stage.contestant, "", "id,label\na,cook\n");
    assert_eq!(wrong["state"], "invalid");
    let faults =
        stage.contestant.get(&format!("/api/v1/submissions/{}/faults", text(&wrong["id"]))).expect(200);
    assert_eq!(faults["fault_count"], wrong["fault_count"]);
    assert!(faults["fault_count"].as_i64().unwrap() > 0, "{faults:#}");
}

fn outsiders_see_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let sent = stage.score(&stage.contestant, "", RIGHT);
    let rival = stage.join(server, "eve");
    let id = text(&sent["id"]);
    for path in ["", "/faults", "/file", "/attempts"] {
        let foreign = rival.get(&format!("/api/v1/submissions/{id}{path}"));
        let missing = rival.get(&format!("/api/v1/submissions/00000000-0000-7000-8000-000000000000{path}"));
        let without_id = |body: Value| {
            let mut body = body;
            body["request_id"] = Value::Null;
            body
        };
        assert_eq!(without_id(foreign.expect(404)), without_id(missing.expect(404)), "{path}");
    }
    for change in ["cancel", "choose", "rerun"] {
        let path = format!("/api/v1/submissions/{id}/{change}");
        assert_eq!(rival.send("POST", &path, &[], "").problem(404), "not_found");
        assert_eq!(server.anonymous().send("POST", &path, &[], "").problem(401), "not_signed_in");
    }
    let listed = rival.get(&format!("{}/submissions", stage.phase)).expect(200);
    assert_eq!(listed["items"], json!([]));
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
