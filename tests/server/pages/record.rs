//! The record of a challenge: its timeline, its decisions, and what people without an account object to.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{HTML, open, send_form};

on_both_databases!(
    three_pages_tell_what_a_snapshot_has,
    what_happened_stands_with_how_it_is_known,
    whoever_has_a_link_objects_and_reads_the_answer,
);

fn what_happened_stands_with_how_it_is_known(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let visitor = server.anonymous();
    let history = json!({
        "event_type": "annotation.started",
        "happened": "2020-05",
        "words": "In <b>Kigali</b>.",
        "source": "A paper, section 3",
    });
    stage.organizer.post("/api/v1/challenges/stage/history", &history).expect(201);
    let pause = json!({"reason": "The disk is full."});
    stage.organizer.post("/api/v1/challenges/stage/pauses", &pause).expect(201);
    let timeline = open(&visitor, "/challenges/stage/timeline");
    assert_inert(&timeline);
    for expected in
        ["2020-05</time>", "A paper, section 3", "In &#60;b&#62;Kigali", "The disk is full.", "seen"]
    {
        assert!(timeline.contains(expected), "{expected}: {timeline}");
    }
    assert!(timeline.find("The disk is full.") < timeline.find("A paper, section 3"), "newest first");

    let decided = json!({
        "kind": "vendor_choice",
        "phase": "test",
        "decision": {
            "decider_role": "organizer",
            "rationale_code": "cost",
            "rationale": "It was cheaper.",
            "alternatives": ["Pay more"],
            "parties": [{"role": "annotator", "involvement": "affected_not_informed"}],
        },
    });
    stage.organizer.post("/api/v1/challenges/stage/decisions", &decided).expect(201);
    let decisions = open(&visitor, "/challenges/stage/decisions");
    assert_inert(&decisions);
    for expected in ["vendor choice", "It was cheaper.", "Pay more", "annotator: affected not informed"] {
        assert!(decisions.contains(expected), "{expected}: {decisions}");
    }
    assert!(open(&visitor, "/challenges/stage").contains("/challenges/stage/decisions"));
}

/// The address that a page tells.
fn address_of(page: &str) -> String {
    let begin = page.find("/objections?token=").unwrap();
    page[begin..].split('<').next().unwrap().to_owned()
}

fn three_pages_tell_what_a_snapshot_has(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let visitor = server.anonymous();
    let snapshot = || {
        server.clock.advance_seconds(3600);
        let made = stage.organizer.post("/api/v1/challenges/stage/snapshots", &json!({})).expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let empty = open(&visitor, "/challenges/stage/production");
    assert!(empty.contains("Nobody has made a snapshot"), "{empty}");
    let (first, second) = (snapshot(), snapshot());
    for (path, heading, figure, measure) in [
        ("participation", "Who takes part", "funnel", "P1 "),
        ("production", "Four labours", "exclusions", "A4 "),
        ("solidification", "What settles", "uptake", "S2 "),
    ] {
        let path = format!("/challenges/stage/{path}");
        let page = open(&visitor, &path);
        assert_inert(&page);
        for expected in [format!("<h1>{heading}</h1>"), format!("id=\"{figure}\""), measure.to_owned()] {
            assert!(page.contains(&expected), "{path}: {expected}: {page}");
        }
        assert!(
            page.contains(&format!("{path}?snapshot={first}"))
                && !page.contains(&format!("?snapshot={second}"))
        );
        let earlier = open(&visitor, &format!("{path}?snapshot={first}"));
        assert!(earlier.contains(&format!("{path}?snapshot={second}")), "{earlier}");
        let nowhere = format!("{path}?snapshot=00000000-0000-7000-8000-000000000000");
        assert_eq!(visitor.send("GET", &nowhere, &[HTML], Vec::new()).status, 404);
    }
}

fn whoever_has_a_link_objects_and_reads_the_answer(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let page = "/challenges/stage/objections";
    let make = |client: &Client, objections: &str| {
        let fields = [("label", "Who wore the camera"), ("objections", objections), ("days", "30")];
        send_form(client, &format!("{page}/links"), "", &fields)
    };
    let refused = make(&stage.organizer, "0");
    assert!(refused.status == 422 && refused.text().contains("must be 1 to 100"), "{}", refused.text());
    assert_eq!(make(&stage.contestant, "2").status, 403);
    let made = make(&stage.organizer, "2");
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"));
    let address = address_of(&made.text());
    let listed = open(&stage.organizer, page);
    assert!(listed.contains("Who wore the camera") && !listed.contains("token="), "told once: {listed}");

    let wearer = server.anonymous();
    let form = open(&wearer, &address);
    assert_inert(&form);
    assert!(!form.contains("Who wore the camera") && !form.contains("Sign in"), "{form}");
    let token = address.split('=').next_back().unwrap();
    let mut fields = [("token", token), ("ground", "wrong_label"), ("text", " "), ("role", "camera_wearer")];
    let refused = send_form(&wearer, "/objections", "", &fields);
    assert!(refused.status == 422 && refused.text().contains("must have 1 to"), "{}", refused.text());
    fields[2].1 = "I was not <i>cooking</i>.";
    let sent = send_form(&wearer, "/objections", "", &fields);
    assert_eq!(sent.header("location"), format!("{address}&done=objected"), "{}", sent.text());
    assert!(open(&wearer, &address).contains("Not answered yet."));
    fields[0].1 = "hoo_wrong";
    assert_eq!(send_form(&wearer, "/objections", "", &fields).status, 404);

    let inbox = open(&stage.organizer, page);
    assert_inert(&inbox);
    assert!(inbox.contains("I was not &#60;i&#62;cooking"), "{inbox}");
    let answer = inbox.split("action=\"").find(|part| part.starts_with("/objections/")).unwrap();
    let answer = answer.split('"').next().unwrap();
    let fields = [("outcome", "partly"), ("text", "It is “preparing food” now.")];
    assert_eq!(send_form(&stage.contestant, answer, "", &fields).status, 404);
    let answered = send_form(&stage.organizer, answer, "", &fields);
    assert_eq!(answered.status, 303, "{}", answered.text());
    let read = open(&wearer, &address);
    assert!(read.contains("partly upheld") && read.contains("preparing food"), "{read}");
}
