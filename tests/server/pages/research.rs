//! A researcher asks for exports, and an organizer decides, on pages.

use domain::SiteRole;
use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{HTML, open, send_form};

on_both_databases!(a_request_is_made_and_decided);

const PLACE: &str = "/challenges/stage/research";

fn a_request_is_made_and_decided(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let researcher = server.person_with_role("rosa", SiteRole::Researcher);
    let form = open(&researcher, PLACE);
    assert_inert(&form);
    assert!(form.contains("I have read the agreement") && !form.contains("Approve, once"), "{form}");
    let protocol = open(&stage.organizer, "/challenges/stage/ethics-protocol");
    assert_inert(&protocol);
    assert!(protocol.contains("It is no approval") && protocol.contains("not recorded"), "{protocol}");
    assert_eq!(stage.contestant.send("GET", PLACE, &[HTML], Vec::new()).status, 403);
    assert_eq!(server.anonymous().send("GET", PLACE, &[HTML], Vec::new()).status, 303);

    let mut fields = vec![
        ("title", "Who comes <b>back</b>?"),
        ("question", "Who takes part again, and why?"),
        ("institution", "University of Coimbra"),
        ("country", "Portugal"),
        ("ethics_board", "The board"),
        ("approval_reference", "2026/17"),
        ("approval_until", "2035-12-31"),
    ];
    let refused = send_form(&researcher, PLACE, "", &fields);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("University of Coimbra") && refused.text().contains("country-fault"));
    fields[3] = ("country", "pt");
    let unsigned = send_form(&researcher, PLACE, "", &fields);
    assert!(
        unsigned.status == 422 && unsigned.text().contains("the agreement in force"),
        "{}",
        unsigned.text()
    );
    fields.push(("agreement_version", "1"));
    let asked = send_form(&researcher, PLACE, "", &fields);
    assert_eq!(asked.header("location"), "/research?done=research_requested", "{}", asked.text());
    assert!(open(&researcher, "/research").contains("have not decided yet"));

    let waiting = open(&stage.organizer, PLACE);
    assert_inert(&waiting);
    let begin = waiting.find("/research/").unwrap_or_else(|| panic!("{waiting}"));
    let decision = waiting[begin..].split('"').next().unwrap().to_owned();
    let decide = |client, words: &str| {
        send_form(client, &decision, "", &[("decision", "approved"), ("reason", words)])
    };
    assert_eq!(decide(&researcher, "It is mine.").status, 403);
    assert_eq!(decide(&stage.organizer, "A good question.").status, 303);
    assert_eq!(decide(&stage.organizer, "Twice.").status, 409);
    let own = open(&researcher, "/research");
    assert_inert(&own);
    assert!(own.contains("approved") && own.contains("A good question."), "{own}");
}
