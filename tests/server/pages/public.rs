//! Pages that everyone may read, without a cookie.

use heldout_server_tests::TestServer;
use heldout_server_tests::{Stage, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{HTML, open};

on_both_databases!(everyone_reads_what_is_public);

fn everyone_reads_what_is_public(server: &TestServer) {
    let visitor = server.anonymous();
    assert!(open(&visitor, "/").contains("Nothing here yet"));

    let stage = Stage::set(server, json!({"closes_at": "2030-05-31", "quota": {"per_day": 3}}));
    let answers = "id,label\na,cook\nb,walk\nc,walk\nd,walk\n";
    let scored = stage.score(&stage.contestant, "", answers);
    let id = scored["id"].as_str().unwrap();
    stage
        .organizer
        .post(&format!("/api/v1/submissions/{id}/baseline"), &json!({"is_baseline": true}))
        .expect(200);

    let front = open(&visitor, "/");
    assert!(front.contains("<h2>Open now</h2>") && front.contains("/challenges/stage"), "{front}");
    assert!(front.contains("Closes in") && front.contains("1 Jun 2030, 12:00 UTC"), "{front}");

    let challenge = open(&visitor, "/challenges/stage");
    for expected in
        ["3 per UTC day", "classification_label", "scores are seen by the organizers only", "accuracy"]
    {
        assert!(challenge.contains(expected), "{expected}: {challenge}");
    }

    let board = open(&visitor, "/challenges/stage/phases/test/leaderboard");
    for expected in ["ada", "1 entry", "is better", "annotations 1", "strict", ">baseline<"] {
        assert!(board.contains(expected), "{expected}: {board}");
    }
    assert!(!board.contains("organizers only"), "a private split is nobody's business: {board}");
    let hidden =
        visitor.send("GET", "/challenges/stage/phases/test/leaderboard?split=all", &[HTML], Vec::new());
    assert_eq!(hidden.status, 404);
    let organizer = open(&stage.organizer, "/challenges/stage/phases/test/leaderboard?split=all");
    assert!(organizer.contains("organizers only"), "{organizer}");

    for page in [&front, &challenge, &board] {
        assert_inert(page);
    }
}

#[test]
fn documentation_and_forms_need_no_account() {
    let server = TestServer::start(heldout_server_tests::TestDatabase::sqlite());
    let visitor = server.anonymous();
    let catalogue = open(&visitor, "/evaluators");
    for evaluator in server.app.evaluators.iter() {
        let manifest = evaluator.manifest();
        let address = format!("/evaluators/{}", manifest.id);
        assert!(catalogue.contains(&format!("href=\"{address}\"")), "{}", manifest.id);
        let page = open(&visitor, &address);
        assert!(page.contains("<h2>Metrics</h2>"), "{}", manifest.id);
        assert_inert(&page);
    }
    let measures = open(&visitor, "/measures");
    assert_inert(&measures);
    assert_eq!(measures.matches("<details id=").count(), 59);
    let problems = open(&visitor, "/problems");
    for code in app::Code::ALL {
        assert!(problems.contains(&format!("/problems/{code}")), "{code}");
        assert!(open(&visitor, &format!("/problems/{code}")).contains(code.title()), "{code}");
    }
    for path in [
        "/sign-in",
        "/sign-in?next=/me",
        "/register",
        "/verify",
        "/verify?token=hov_x",
        "/reset",
        "/reset?token=hop_x",
    ] {
        assert_inert(&open(&visitor, path));
    }
}

#[test]
fn what_fails_is_a_page_in_the_same_clothes() {
    let server = TestServer::start(heldout_server_tests::TestDatabase::sqlite());
    let visitor = server.anonymous();
    for (path, status) in
        [("/nowhere", 404), ("/challenges/none", 404), ("/evaluators/none", 404), ("/problems/none", 404)]
    {
        let answer = visitor.send("GET", path, &[HTML], Vec::new());
        assert_eq!(answer.status, status, "{path}");
        let page = answer.text();
        assert!(page.contains("Not found") && page.contains("/assets/style-"), "{path}: {page}");
        assert_inert(&page);
    }
    let style = open_asset(&visitor.get("/").text());
    let answer = visitor.get(&style);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(answer.header("cache-control").contains("immutable"));
    assert_eq!(visitor.get("/assets/style-000000000000.css").status, 404);
}

/// The address of the stylesheet that a page names.
fn open_asset(page: &str) -> String {
    let begin = page.find("/assets/style-").unwrap();
    page[begin..].split('"').next().unwrap().to_owned()
}
