//! Large files in parts: sent to links, complete or cancelled.

use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

use super::{ADA, FORM, Numbers, error, number, path, wait};

on_both_databases!(
    a_file_in_parts_is_scored,
    an_upload_that_is_not_complete_fails,
    a_refusal_at_the_end_says_why,
    annotations_in_parts_are_the_next_version,
);

const PART: usize = 20 * 1024 * 1024;

fn begin(client: &Client, phase: i64, form: &str) -> Answer {
    let path = format!("/api/jobs/phases/{phase}/get_submission_file_presigned_url/");
    client.send("POST", &path, &[FORM], form)
}

fn url(server: &TestServer, begun: &Value, part: usize) -> String {
    path(server, begun["presigned_urls"][part]["url"].as_str().unwrap()).to_owned()
}

fn finish(client: &Client, phase: i64, begun: &Value, parts: &str) -> Answer {
    let (upload, id) = (begun["upload_id"].as_str().unwrap(), number(&begun["submission_pk"]));
    let path = format!("/api/jobs/phases/{phase}/finish_submission_file_upload/{id}/");
    client.send("POST", &path, &[FORM], format!("parts={parts}&upload_id={upload}"))
}

fn settle(client: &Client, phase: i64, begun: &Value) -> Answer {
    let id = number(&begun["submission_pk"]);
    client.send("POST", &format!("/api/jobs/phases/{phase}/send_submission_message/{id}/"), &[], Vec::new())
}

fn parts(count: u64) -> String {
    let parts: Vec<Value> = (1..=count).map(|part| json!({"ETag": "x", "PartNumber": part})).collect();
    json!(parts).to_string()
}

fn a_file_in_parts_is_scored(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let ada = &stage.contestant;
    let numbers = Numbers::found_by(ada);
    let form =
        "status=submitting&file_name=/tmp/x/large.csv&num_file_chunks=2&method_name=Large&is_public=true";
    let begun = begin(ada, numbers.phase, form).expect(201);
    assert_eq!(begun["presigned_urls"].as_array().unwrap().len(), 2);
    let nobody = server.anonymous();

    // A whole multiple of the size: the second part is never sent.
    let mut file = ADA.as_bytes().to_vec();
    file.resize(PART, b'\n');
    let early = nobody.send("PUT", &url(server, &begun, 1), &[], "too early");
    assert!(error(early, 406).contains("Part 1"), "parts come in order");
    let sent = nobody.send("PUT", &url(server, &begun, 0), &[], file.clone());
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(!sent.header("etag").is_empty());
    let again = nobody.send("PUT", &url(server, &begun, 0), &[], file);
    assert_eq!((again.status, again.header("etag")), (200, sent.header("etag")), "an answer may be lost");
    let forged = url(server, &begun, 0).replace("/parts/1?", "/parts/2?");
    error(nobody.send("PUT", &forged, &[], "x"), 404);
    error(nobody.send("PUT", &url(server, &begun, 1), &[], vec![b'x'; PART + 1]), 413);

    let eve = stage.join(server, "eve");
    error(finish(&eve, numbers.phase, &begun, &parts(1)), 404);
    finish(ada, numbers.phase, &begun, &parts(1)).expect(200);
    settle(ada, numbers.phase, &begun).expect(200);
    finish(ada, numbers.phase, &begun, &parts(1)).expect(200);
    let scored = wait(ada, number(&begun["submission_pk"]));
    assert_eq!((&scored["status"], &scored["method_name"]), (&json!("finished"), &json!("Large")));
    let late = nobody.send("PUT", &url(server, &begun, 1), &[], "x");
    error(late, 406);
}

fn an_upload_that_is_not_complete_fails(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let ada = &stage.contestant;
    let numbers = Numbers::found_by(ada);
    let begun = begin(ada, numbers.phase, "file_name=a.csv&num_file_chunks=3").expect(201);
    for said in ["[]", "null", &parts(1)] {
        assert_eq!(error(finish(ada, numbers.phase, &begun, said), 400), "The upload is not complete");
    }
    for _ in 0..2 {
        assert_eq!(error(settle(ada, numbers.phase, &begun), 400), "The upload is not complete");
    }
    let failed = wait(ada, number(&begun["submission_pk"]));
    assert_eq!((&failed["status"], &failed["submission_result_file"]), (&json!("failed"), &Value::Null));
    for form in ["file_name=a.csv&num_file_chunks=0", "file_name=a.csv&num_file_chunks=x", "file_name=a.csv"]
    {
        error(begin(ada, numbers.phase, form), 400);
    }
    error(begin(ada, numbers.phase, "file_name=a.csv&num_file_chunks=10000"), 413);
    // An empty file has no part.
    let begun = begin(ada, numbers.phase, "file_name=a.csv&num_file_chunks=1").expect(201);
    finish(ada, numbers.phase, &begun, "[]").expect(200);
    settle(ada, numbers.phase, &begun).expect(200);
    assert_eq!(wait(ada, number(&begun["submission_pk"]))["status"], "failed");
}

fn a_refusal_at_the_end_says_why(server: &TestServer) {
    let stage = Stage::set(server, json!({"quota": {"total": 1}}));
    let ada = &stage.contestant;
    let numbers = Numbers::found_by(ada);
    let begun = begin(ada, numbers.phase, "file_name=a.csv&num_file_chunks=1").expect(201);
    let sent = server.anonymous().send("PUT", &url(server, &begun, 0), &[], ADA);
    assert_eq!(sent.status, 200);
    stage.submit(ada, "", ADA).expect(201);
    let sentence = error(finish(ada, numbers.phase, &begun, &parts(1)), 403);
    assert!(sentence.starts_with("The maximum number of submission has been reached"), "{sentence}");
    assert_eq!(error(settle(ada, numbers.phase, &begun), 403), sentence);
    assert_eq!(wait(ada, number(&begun["submission_pk"]))["status"], "failed");
    assert_eq!(error(begin(ada, numbers.phase, "file_name=a.csv&num_file_chunks=1"), 403), sentence);
}

fn annotations_in_parts_are_the_next_version(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    let numbers = Numbers::found_by(&stage.contestant);
    let begin = |client: &Client| {
        let path = format!("/api/challenges/phases/{}/get_annotation_file_presigned_url/", numbers.phase);
        client.send("POST", &path, &[FORM], "file_name=/home/o/truth.csv&num_file_chunks=1")
    };
    let finish = |client: &Client, begun: &Value| {
        let path = format!("/api/challenges/phases/{}/finish_annotation_file_upload/", numbers.phase);
        let upload = begun["upload_id"].as_str().unwrap();
        let form = format!("parts={}&upload_id={upload}&annotations_uploaded_using_cli=True", parts(1));
        client.send("POST", &path, &[FORM], form)
    };
    let send = |begun: &Value, text: &str| {
        let sent = server.anonymous().send("PUT", &url(server, begun, 0), &[], text);
        assert_eq!(sent.status, 200, "{}", sent.text());
    };
    error(begin(&stage.contestant), 403);

    let begun = begin(&stage.organizer).expect(200);
    send(&begun, "id,label\na,walk\nb,walk\nc,cook\nd,walk\n");
    error(finish(&stage.contestant, &begun), 403);
    assert_eq!(finish(&stage.organizer, &begun).expect(200)["annotations_version"], 2);
    let versions = stage.organizer.get(&format!("{}/annotations", stage.phase)).expect(200);
    let tables = versions["items"][1]["tables"].as_array().unwrap().clone();
    let names: Vec<&str> = tables.iter().map(|table| table["file_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["truth.csv", "items.csv"], "the table of items stays");
    error(finish(&stage.organizer, &begun), 404);

    let begun = begin(&stage.organizer).expect(200);
    send(&begun, "nothing of the kind");
    error(finish(&stage.organizer, &begun), 400);
}
