//! Two captains make their teams one, on the pages of their teams.

use heldout_server_tests::{Client, Stage, TestServer, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{open, send_form};

on_both_databases!(two_captains_agree);

fn two_captains_agree(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let (ada, eve) = (&stage.contestant, stage.join(server, "eve"));
    let page_of = |client: &Client| {
        let me = client.get("/api/v1/me").expect(200);
        format!("/teams/{}", me["teams"][0]["id"].as_str().unwrap())
    };
    let (hers, theirs) = (page_of(ada), page_of(&eve));
    let propose = |into: &str| send_form(&eve, &format!("{theirs}/mergers"), "", &[("into", into)]);
    let unknown = propose("<b>nobody</b>");
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("must be another team of the challenge"), "{}", unknown.text());
    assert_inert(&unknown.text());
    assert_eq!(propose("ADA").header("location"), format!("{theirs}?done=merger_proposed"));
    assert!(open(&eve, &theirs).contains("Take it back"));

    let asked = open(ada, &hers);
    assert_inert(&asked);
    assert!(asked.contains("eve into this team"), "{asked}");
    let begin = asked.find(&format!("{hers}/mergers/")).unwrap();
    let merger = asked[begin..].split('"').next().unwrap();
    assert_eq!(send_form(ada, merger, "", &[("answer", "perhaps")]).status, 422);
    let accepted = send_form(ada, merger, "", &[("answer", "accept")]);
    assert_eq!(accepted.header("location"), format!("{hers}?done=merged"));
    assert_eq!(page_of(&eve), hers);
    let ended = open(&eve, &theirs);
    assert!(ended.contains("Both are one.") && !ended.contains("Invite somebody"), "{ended}");
    assert_eq!(send_form(ada, merger, "", &[("answer", "decline")]).status, 409);
}
