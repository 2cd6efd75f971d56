//! The pages, as a browser without scripts meets them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

mod forms;
mod framing;
mod hostile;
mod import;
mod journey;
mod markup;
mod mergers;
mod public;
mod record;
mod research;

/// What a browser says that it wants.
const HTML: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

use heldout_server_tests::{Answer, Client};

/// Opens a page, which must be there.
#[track_caller]
fn open(client: &Client, path: &str) -> String {
    let answer = client.send("GET", path, &[HTML], Vec::new());
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
    answer.text()
}

/// Sends a form as a browser on our own page does.
fn send_form(client: &Client, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let mut headers =
        vec![HTML, ("Content-Type", "application/x-www-form-urlencoded"), ("Origin", client.base.as_str())];
    if !cookie.is_empty() {
        headers.push(("Cookie", cookie));
    }
    client.send("POST", path, &headers, pairs.join("&"))
}

fn encode(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
