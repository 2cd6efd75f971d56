//! One byte over the real limit of 2 GiB is refused before it is sent.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(two_gibibytes_and_one_byte_are_refused_at_once);

const ONE_TOO_MANY: u64 = (2 << 30) + 1;

async fn two_gibibytes_and_one_byte_are_refused_at_once(database: TestDatabase) {
    let site = Site::start(database);
    let admin = site.person("admin@example.org", "admin");
    let contestant = site.person("contestant@example.org", "member");
    let phase = site.labels(&admin, "large", b"id,label\na,cook\n");
    site.enter(&contestant, "large", "Atlas");

    let raw = format!("POST /api/v1/{phase}/submissions?file_name=s.csv HTTP/1.1");
    let announced = format!("Content-Type: application/octet-stream\r\nContent-Length: {ONE_TOO_MANY}");
    let answer = announce(&site, &contestant, &raw, &announced);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("payload_too_large"), "{answer}");

    let metadata = "challenge bGFyZ2U=,phase dGVzdA==,file_name cy5jc3Y=";
    let announced = format!(
        "Tus-Resumable: 1.0.0\r\nUpload-Length: {ONE_TOO_MANY}\r\nUpload-Metadata: {metadata}\r\nContent-Length: 0"
    );
    let answer = announce(&site, &contestant, "POST /api/v1/uploads HTTP/1.1", &announced);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("payload_too_large"), "{answer}");

    let fits = site.submit(&contestant, &phase, "s.csv", b"id,label\na,cook\n", None).unwrap();
    assert_eq!(site.finished(&contestant, fits.body["id"].as_str().unwrap())["state"], "scored");
}

/// Sends the head of a request without its body, and reads what the server says to that.
fn announce(site: &Site, token: &str, request_line: &str, headers: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", site.port())).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let head = format!(
        "{request_line}\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n{headers}\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    // A connection that is closed with a body still to come may end in a reset.
    let _ = connection.read_to_string(&mut answer);
    answer
}
