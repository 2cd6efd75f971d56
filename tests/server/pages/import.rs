//! Bundles of other systems, brought with a form.

use bundles::FileTree;
use heldout_server_tests::{Answer, Client, TestDatabase, TestServer};

use crate::forms::{sign_in, with_account};
use crate::markup::assert_inert;
use crate::{HTML, send_form};

const CONFIG: &str = r#"title: Labels <b>bold</b>
short_description: Say what it is
description: page.html
evaluation_details: page.html
terms_and_conditions: page.html
submission_guidelines: page.html
evaluation_script: evaluation_script
start_date: 2026-01-01 00:00:00
end_date: 2099-01-01 00:00:00
leaderboard:
  - id: 1
    schema: {"labels": ["accuracy"], "default_order_by": "accuracy", "metadata": {"accuracy": {"sort_ascending": False}}}
challenge_phases:
  - {id: 1, name: Test, description: page.html, leaderboard_public: True, is_public: True, codename: test,
     start_date: 2026-01-01 00:00:00, end_date: 2099-01-01 00:00:00, max_submissions_per_day: 100,
     max_submissions_per_month: 100, max_submissions: 100}
dataset_splits:
  - {id: 1, name: Test, codename: test_split}
challenge_phase_splits:
  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
"#;

fn bundle(config: &str) -> Vec<u8> {
    let files = [
        ("challenge_config.yaml", config),
        ("page.html", "<p>Text</p>"),
        ("evaluation_script/__init__.py", "def evaluate(a, b, c, **more): pass\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec().into()));
    FileTree::of(files).to_zip().unwrap()
}

/// Sends a file as a browser on our own page does.
fn send_file(client: &Client, cookie: &str, name: &str, bytes: &[u8]) -> Answer {
    let headers = [HTML, ("Origin", client.base.as_str()), ("Cookie", cookie)];
    client.post_form("/import", &headers, &[("bundle", Some(name), bytes)])
}

/// The value of a hidden field of a page.
fn hidden<'p>(page: &'p str, name: &str) -> &'p str {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    field.split('"').next().unwrap()
}

#[test]
fn a_bundle_is_shown_before_it_is_imported() {
    let server = TestServer::start(TestDatabase::sqlite());
    with_account(&server);
    let visitor = server.anonymous();
    assert_eq!(
        visitor.send("GET", "/import", &[HTML], Vec::new()).header("location"),
        "/sign-in?next=/import"
    );
    let cookie = sign_in(&visitor, "/import").0;
    let get = |path: &str| visitor.send("GET", path, &[HTML, ("Cookie", cookie.as_str())], Vec::new());
    assert_inert(&get("/import").text());

    let nothing = send_file(&visitor, &cookie, "", b"");
    assert!(nothing.status == 422 && nothing.text().contains("must be chosen"), "{}", nothing.text());
    let wrong = CONFIG.replace("default_order_by\": \"accuracy", "default_order_by\": \"Total");
    let wrong = wrong.replace("description: page.html, leader", "description: <i>.html, leader");
    let wrong = send_file(&visitor, &cookie, "wrong.zip", &bundle(&wrong));
    let text = wrong.text();
    assert_eq!(wrong.status, 422, "{text}");
    assert!(text.contains("is not a valid label") && text.contains("challenge_config.yaml:"), "{text}");
    assert_inert(&text);

    let preview = send_file(&visitor, &cookie, "labels.zip", &bundle(CONFIG));
    let text = preview.text();
    assert!(preview.status == 200 && text.contains("Test for everyone: accuracy"), "{text}");
    assert_inert(&text);
    let address = proposed_address(&text);
    assert_eq!(get(&address).status, 404, "nothing is made before it is agreed to");
    let fields = ["digest", "file_name", "expires", "signature"].map(|name| (name, hidden(&text, name)));
    let other = "0".repeat(64);
    let forged = fields.map(|(name, value)| (name, if name == "digest" { other.as_str() } else { value }));
    assert_eq!(send_form(&visitor, "/import/confirm", &cookie, &forged).status, 404);
    assert_eq!(send_form(&visitor, "/import/confirm", "", &fields).status, 303, "to sign in");

    let made = send_form(&visitor, "/import/confirm", &cookie, &fields);
    assert_eq!(
        (made.status, made.header("location")),
        (303, format!("{address}/organize?done=imported").as_str())
    );
    let page = get(&format!("{address}/organize")).text();
    assert!(page.contains("Labels &#60;b&#62;bold") || page.contains("Labels &lt;b&gt;bold"), "{page}");
    assert!(page.contains("Tried before anybody submits"), "{page}");
    assert_inert(&page);
}

/// The address that the preview proposes.
fn proposed_address(preview: &str) -> String {
    let slug = preview.split("<th scope=\"row\">address</th><td>").nth(1).unwrap();
    format!("/challenges/{}", slug.split('<').next().unwrap())
}
