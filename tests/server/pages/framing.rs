//! What a phase counts: everybody reads it, organizers record it with a form.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{open, send_form};

on_both_databases!(an_organizer_records_a_framing_and_everybody_reads_it);

const PAGE: &str = "/challenges/stage/phases/test/framing";

fn an_organizer_records_a_framing_and_everybody_reads_it(server: &TestServer) {
    let stage = Stage::set(server, json!({"framing": null}));
    let visitor = server.anonymous();
    let unread = open(&visitor, PAGE);
    assert!(
        unread.contains("takes no submissions") && !unread.contains("<form method=\"post\" action=\"/chal")
    );
    assert!(open(&visitor, "/challenges/stage").contains("Nobody has recorded yet what it counts."));

    // The form begins with what the evaluator says of itself.
    let form = open(&stage.organizer, PAGE);
    assert!(form.contains("Record the framing"), "{form}");
    assert!(form.contains("<option value=\"default\" selected>"), "{form}");
    assert_inert(&form);
    let mut fields = vec![
        ("unit", "clip"),
        ("label_source", "closed_list"),
        ("label_count", "two"),
        ("perspective", "third_party_annotator"),
        ("temporal_direction", "present"),
        ("negative_rule", "not_disclosed"),
        ("ambiguity_policy", "majority"),
        ("imagined_application", "memory_aid"),
        ("authority_basis", "ownership"),
        ("rationale_code", "scientific"),
        ("intent_recorded", "no"),
        ("affect_recorded", "no"),
        ("speech_recorded", "not_disclosed"),
        ("closed_world", "yes"),
        ("stated_goal", "Say <b>what</b> is done."),
        ("unscoreable.too_short", "on"),
    ];
    let refused = send_form(&stage.organizer, PAGE, "", &fields);
    assert!(refused.status == 422 && refused.text().contains("must be a whole number"), "{}", refused.text());
    fields[2].1 = "2";
    assert_eq!(send_form(&stage.contestant, PAGE, "", &fields).status, 403);
    let taken = send_form(&stage.organizer, PAGE, "", &fields);
    assert_eq!(taken.header("location"), format!("{PAGE}?done=framed"), "{}", taken.text());

    let read = open(&visitor, PAGE);
    for expected in
        ["third party annotator", "too short", "in force", "scientific", "ownership", "not disclosed"]
    {
        assert!(read.contains(expected), "{expected}: {read}");
    }
    assert_inert(&read);
    assert!(open(&visitor, "/challenges/stage").contains("framing version 1"));
    let scored = stage.score(&stage.contestant, "", "id,label\na,cook\nb,walk\nc,cook\nd,walk\n");
    let submission = open(&stage.contestant, &format!("/submissions/{}", scored["id"].as_str().unwrap()));
    assert!(submission.contains("framing version 1"), "{submission}");
}
