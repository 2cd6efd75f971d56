//! Resumable uploads, by the letter of the protocol.

use std::io::Write;
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases, wait_until_final};
use serde_json::json;
use sha2::{Digest as _, Sha256};

on_both_databases!(
    a_file_arrives_in_pieces_and_is_scored,
    pieces_that_do_not_fit_change_nothing,
    a_broken_connection_loses_nothing,
    the_last_byte_decides_about_the_quota,
    an_upload_can_be_ended_and_expires,
    only_the_team_may_go_on,
);

const RIGHT: &[u8] = b"id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const TUS: (&str, &str) = ("Tus-Resumable", "1.0.0");

fn begin(client: &Client, length: usize, headers: &[(&str, &str)]) -> Answer {
    let pairs = [("challenge", "stage"), ("phase", "test"), ("filename", "a.csv"), ("method_name", "ours")];
    let metadata: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).collect();
    let (length, metadata) = (length.to_string(), metadata.join(","));
    let mut all = vec![TUS, ("Upload-Length", length.as_str()), ("Upload-Metadata", metadata.as_str())];
    all.extend_from_slice(headers);
    client.send("POST", "/api/v1/uploads", &all, "")
}

fn location(begun: Answer) -> String {
    let location = begun.header("Location").to_owned();
    begun.expect(201);
    location
}

fn append(client: &Client, location: &str, offset: usize, piece: &[u8], headers: &[(&str, &str)]) -> Answer {
    let offset = offset.to_string();
    let mut all =
        vec![TUS, ("Upload-Offset", offset.as_str()), ("Content-Type", "application/offset+octet-stream")];
    all.extend_from_slice(headers);
    client.send("PATCH", location, &all, piece)
}

fn offset(client: &Client, location: &str) -> String {
    let answer = client.send("HEAD", location, &[TUS], "");
    assert_eq!((answer.status, answer.header("Cache-Control")), (200, "no-store"));
    answer.header("Upload-Offset").to_owned()
}

fn a_file_arrives_in_pieces_and_is_scored(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let spoken = server.anonymous().send("OPTIONS", "/api/v1/uploads", &[], "");
    assert_eq!((spoken.status, spoken.header("Tus-Version")), (204, "1.0.0"));
    assert_eq!(spoken.header("Tus-Extension"), "creation,checksum,expiration,termination");

    let begun = begin(&stage.contestant, RIGHT.len(), &[("Idempotency-Key", "one")]);
    let place = begun.header("Location").to_owned();
    assert!(begun.header("Upload-Expires").ends_with(" GMT"));
    let begun = begun.expect(201);
    let again = begin(&stage.contestant, RIGHT.len(), &[("Idempotency-Key", "one")]);
    assert_eq!(again.expect(200)["id"], begun["id"]);

    let submission = begun["submission_id"].as_str().unwrap();
    let path = format!("/api/v1/submissions/{submission}");
    assert_eq!(stage.contestant.get(&path).expect(200)["state"], "uploading");
    assert_eq!(offset(&stage.contestant, &place), "0");
    let first = append(&stage.contestant, &place, 0, &RIGHT[..10], &[]);
    assert_eq!(
        (first.status, first.header("Upload-Offset"), first.header("Tus-Resumable")),
        (204, "10", "1.0.0")
    );
    assert_eq!(offset(&stage.contestant, &place), "10");
    let digest = format!("sha256 {}", STANDARD.encode(Sha256::digest(&RIGHT[10..])));
    assert_eq!(
        append(&stage.contestant, &place, 10, &RIGHT[10..], &[("Upload-Checksum", &digest)]).status,
        204
    );
    // A client whose last answer was lost asks again.
    assert_eq!(offset(&stage.contestant, &place), RIGHT.len().to_string());
    let found = wait_until_final(&stage.contestant, submission);
    assert_eq!((&found["state"], &found["method"]["name"]), (&json!("scored"), &json!("ours")));
    assert!(found["received_at"].as_str() >= found["created_at"].as_str());
    assert_eq!(stage.contestant.get(&format!("{path}/file")).body, RIGHT);
}

fn pieces_that_do_not_fit_change_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let client = &stage.contestant;
    let place = location(begin(client, RIGHT.len(), &[]));
    let checksum = format!("sha1 {}", STANDARD.encode([0; 20]));
    assert_eq!(
        append(client, &place, 0, b"bad", &[("Upload-Checksum", &checksum)]).problem(460),
        "checksum_mismatch"
    );
    assert_eq!(append(client, &place, 0, b"bad", &[("Upload-Checksum", "crc32 AAAA")]).status, 400);
    assert_eq!(append(client, &place, 5, b"bad", &[]).problem(409), "upload_offset_mismatch");
    assert_eq!(append(client, &place, 0, &[b'x'; 100], &[]).problem(413), "payload_too_large");
    let typed = [TUS, ("Upload-Offset", "0"), ("Content-Type", "text/plain")];
    assert_eq!(client.send("PATCH", &place, &typed, "x").problem(415), "unsupported_media_type");
    let untyped = client.send("HEAD", &place, &[], "");
    assert_eq!(
        (untyped.status, untyped.header("Tus-Version"), untyped.header("Tus-Resumable")),
        (412, "1.0.0", "1.0.0")
    );
    assert_eq!(offset(client, &place), "0");
    assert_eq!(begin(client, 3 << 30, &[]).problem(413), "payload_too_large");
    assert_eq!(client.send("POST", "/api/v1/uploads", &[TUS], "").problem(400), "malformed_request");
    let missing = "/api/v1/uploads/00000000-0000-7000-8000-000000000000";
    assert_eq!(client.send("HEAD", missing, &[TUS], "").status, 404);
}

fn a_broken_connection_loses_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let place = location(begin(&stage.contestant, RIGHT.len(), &[]));
    let send_half = |checksum: &str| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let token = stage.contestant.token.as_deref().unwrap();
        let head = format!(
            "PATCH {place} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n\
             Upload-Offset: 0\r\n{checksum}Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
            RIGHT.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&RIGHT[..20]).unwrap();
        stream.flush().unwrap();
    };
    // A piece with a checksum is kept whole or not at all.
    send_half(&format!("Upload-Checksum: sha256 {}\r\n", STANDARD.encode(Sha256::digest(RIGHT))));
    // While that broken request still holds the upload, the next one is refused: it is sent until it is taken.
    let begun = std::time::Instant::now();
    loop {
        let kept = offset(&stage.contestant, &place);
        if kept == "20" {
            break;
        }
        assert_eq!(kept, "0", "half of a piece with a checksum was kept");
        assert!(begun.elapsed().as_secs() < 60, "a broken request holds the upload for ever");
        send_half("");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let done = go_on(&stage.contestant, &place, 20);
    assert_eq!(done.status, 204, "{}", done.text());
}

/// Sends the rest, as soon as the broken request has let go of the upload.
fn go_on(client: &Client, place: &str, begin: usize) -> Answer {
    let begun = std::time::Instant::now();
    loop {
        let answer = append(client, place, begin, &RIGHT[begin..], &[]);
        if answer.status != 409 || begun.elapsed().as_secs() > 30 {
            return answer;
        }
    }
}

fn the_last_byte_decides_about_the_quota(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"per_day": 1}}));
    let client = &stage.contestant;
    let one = location(begin(client, RIGHT.len(), &[]));
    let begun = begin(client, RIGHT.len(), &[]);
    let (two, second) = (begun.header("Location").to_owned(), begun.expect(201));
    assert_eq!(append(client, &one, 0, RIGHT, &[]).status, 204);
    assert_eq!(append(client, &two, 0, RIGHT, &[]).problem(429), "quota_exceeded");
    assert_eq!(begin(client, 1, &[]).problem(429), "quota_exceeded");
    // The bytes are there: when there is room again, asking is enough.
    server.clock.advance_seconds(86_400);
    assert_eq!(offset(client, &two), RIGHT.len().to_string());
    assert_eq!(wait_until_final(client, second["submission_id"].as_str().unwrap())["state"], "scored");
}

fn an_upload_can_be_ended_and_expires(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let client = &stage.contestant;
    let begun = begin(client, 10, &[]);
    let place = begun.header("Location").to_owned();
    let submission = begun.expect(201)["submission_id"].as_str().unwrap().to_owned();
    append(client, &place, 0, b"12345", &[]);
    assert_eq!(client.send("DELETE", &place, &[TUS], "").status, 204);
    assert_eq!(client.send("HEAD", &place, &[TUS], "").status, 404);
    let state = |id: &str| client.get(&format!("/api/v1/submissions/{id}")).expect(200)["state"].clone();
    assert_eq!(state(&submission), "cancelled");

    let begun = begin(client, 10, &[]).expect(201);
    let (upload, submission) = (begun["id"].as_str().unwrap(), begun["submission_id"].as_str().unwrap());
    let sweep = || server.block_on(app::submissions::upload::sweep_uploads(&server.app)).unwrap();
    assert_eq!(sweep(), 0);
    let expiry = i64::from(server.app.settings.limits.upload_expiry_seconds);
    server.clock.advance_seconds(expiry + 1);
    assert_eq!(sweep(), 1);
    server.clock.advance_seconds(-expiry - 1);
    assert_eq!(state(submission), "cancelled");
    assert_eq!(client.send("HEAD", &format!("/api/v1/uploads/{upload}"), &[TUS], "").status, 404);
}

fn only_the_team_may_go_on(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let place = location(begin(&stage.contestant, RIGHT.len(), &[]));
    let eve = stage.join(server, "eve");
    for (client, status) in [(&eve, 404), (&stage.organizer, 403), (&server.anonymous(), 401)] {
        assert_eq!(append(client, &place, 0, RIGHT, &[]).status, status);
        assert_eq!(client.send("HEAD", &place, &[TUS], "").status, status);
        assert_eq!(client.send("DELETE", &place, &[TUS], "").status, status);
    }
    assert_eq!(begin(&server.person("stranger"), 1, &[]).problem(403), "not_registered");
    assert_eq!(append(&stage.contestant, &place, 0, RIGHT, &[]).status, 204);
}
