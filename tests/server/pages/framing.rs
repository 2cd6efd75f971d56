//! What a phase counts: everybody reads it, organizers record it with a form.

use heldout_server_tests::{Stage, TestServer, on_both_databases};
use serde_json::json;

use crate::markup::assert_inert;
use crate::{HTML, open, send_form};

on_both_databases!(
    an_organizer_records_a_framing_and_everybody_reads_it,
    a_file_fills_in_the_form_and_records_nothing,
);

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
        ("decider_role", "organizer"),
        ("authority_basis", "ownership"),
        ("rationale_code", "scientific"),
        ("intent_recorded", "no"),
        ("affect_recorded", "no"),
        ("speech_recorded", "not_disclosed"),
        ("closed_world", "yes"),
        ("stated_goal", "Say <b>what</b> is done."),
        ("unscoreable.too_short", "on"),
        ("alternatives", "Ask them.\r\n\r\nAsk nobody."),
        ("parties", "annotator:affected_not_informed"),
    ];
    let refused = send_form(&stage.organizer, PAGE, "", &fields);
    assert!(refused.status == 422 && refused.text().contains("must be a whole number"), "{}", refused.text());
    fields[2].1 = "2";
    assert_eq!(send_form(&stage.contestant, PAGE, "", &fields).status, 403);
    let taken = send_form(&stage.organizer, PAGE, "", &fields);
    assert_eq!(taken.header("location"), format!("{PAGE}?done=framed"), "{}", taken.text());

    // What is on record is what the form begins with the next time.
    let again = open(&stage.organizer, PAGE);
    assert!(
        again.contains("Ask them.\nAsk nobody.") && again.contains("annotator:affected_not_informed"),
        "{again}"
    );

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

fn a_file_fills_in_the_form_and_records_nothing(server: &TestServer) {
    let stage = Stage::set(server, json!({"framing": null}));
    let send = |client: &heldout_server_tests::Client, name: &str, file: &str| {
        let headers = [HTML, ("Origin", client.base.as_str())];
        client.post_form(&format!("{PAGE}/file"), &headers, &[("file", Some(name), file.as_bytes())])
    };
    let table = "field,value\nunit,segment\ngoal_source,<b>here</b>\ndecision.parties,annotator:affected_not_informed\n";
    let filled = send(&stage.organizer, "framing.csv", table);
    let text = filled.text();
    assert_eq!(filled.status, 200, "{text}");
    assert!(
        text.contains("3 answers come from framing.csv.")
            && text.contains("<option value=\"segment\" selected>"),
        "{text}"
    );
    assert!(text.contains("&lt;b&gt;here") || text.contains("&#60;b&#62;here"), "{text}");
    assert_inert(&text);
    assert!(open(&stage.organizer, PAGE).contains("Record the framing"), "nothing is on record");

    let wrong = send(&stage.organizer, "framing.csv", "field,value\nunit,segmnt\n");
    assert!(wrong.status == 422 && wrong.text().contains("segment"), "{}", wrong.text());
    assert_inert(&wrong.text());
    let none = send(&stage.organizer, "", "");
    assert!(none.status == 422 && none.text().contains("must be chosen"), "{}", none.text());
    assert_eq!(send(&stage.contestant, "framing.csv", table).status, 403);
}
