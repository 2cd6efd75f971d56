//! Text fields hold whatever people write; on a page it is text and nothing else.

use heldout_server_tests::{Stage, TestDatabase, TestServer};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{open, send_form};

const PAYLOADS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "\" autofocus onfocus=\"alert(1)",
    "[x](javascript:alert(1)) <a href=\"javascript:alert(1)\">x</a>",
    "<!--><iframe srcdoc=\"<script>alert(1)</script>\">",
];

#[test]
fn every_text_field_is_text() {
    let server = TestServer::start(TestDatabase::sqlite());
    let stage = Stage::set(
        &server,
        json!({
            "title": PAYLOADS[1],
            "description": PAYLOADS.join("\n\n"),
            "attributes": [{"name": "note", "label": PAYLOADS[5], "type": "choice", "choices": [PAYLOADS[2]]}],
        }),
    );
    let organizer = &stage.organizer;
    let words = json!({
        "title": PAYLOADS[3], "summary": PAYLOADS[0], "description": PAYLOADS.join("\n\n"), "terms": PAYLOADS.join("\n\n"),
    });
    assert!(organizer.patch("/api/v1/challenges/stage", &words).status < 300);
    for path in [
        "/",
        "/challenges/stage",
        "/challenges/stage/organize",
        "/challenges/stage/phases/test/leaderboard",
        "/me",
    ] {
        assert_inert(&open(organizer, path));
    }

    for (place, payload) in PAYLOADS.iter().enumerate() {
        let person = server.person(&format!("person-{place}"));
        assert_inert(&open(&person, "/challenges/stage/register"));
        let accepted = send_form(&person, "/challenges/stage/register", "", &[("accept_terms", "1")]);
        assert_eq!(accepted.status, 303, "{}", accepted.text());
        send_form(&person, "/me/name", "", &[("name", payload)]);
        let formed = send_form(&person, "/challenges/stage/team", "", &[("name", payload)]);
        let team = formed.header("location").split('?').next().unwrap().to_owned();
        assert_inert(&open(&person, &team));
        let parts: [(&str, Option<&str>, &[u8]); 6] = [
            ("method.name", None, payload.as_bytes()),
            ("method.description", None, payload.as_bytes()),
            ("attributes.note", None, PAYLOADS[2].as_bytes()),
            ("visibility", None, b"public"),
            ("method.paper_url", None, b"https://example.org/\"><script>alert(1)</script>"),
            ("file", Some("<script>alert(1)<script>.csv"), b"id,label\na,cook\nb,walk\nc,cook\nd,cook\n"),
        ];
        let sent = person.post_form("/challenges/stage/phases/test/submit", &[], &parts);
        assert_eq!(sent.status, 303, "{}", sent.text());
        let submission = sent.header("location").split('?').next().unwrap().to_owned();
        heldout_server_tests::wait_until_final(&person, submission.strip_prefix("/submissions/").unwrap());
        for path in [
            submission.as_str(),
            "/me",
            "/challenges/stage/phases/test/submissions",
            "/challenges/stage/phases/test/submit",
        ] {
            assert_inert(&open(&person, path));
        }
        for path in [
            format!("/sign-in?next={}", crate::encode(payload)),
            format!("/reset?token={}", crate::encode(payload)),
        ] {
            assert_inert(&open(&server.anonymous(), &path));
        }
    }
    let board = open(&server.anonymous(), "/challenges/stage/phases/test/leaderboard");
    assert!(board.contains("8 entries"), "{board}");
    assert_inert(&board);
    assert_inert(&open(organizer, "/challenges/stage/phases/test/organize"));
}
