//! Programs of organizers, from a bundle to the board: really run in the sandbox, and never heard by contestants.

use bundles::{Bounds, FileTree};
use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::codabench::tried;
use crate::site::Site;

both_databases!(
    a_bundle_scores_submissions_and_its_program_is_not_heard,
    the_documented_program_has_intervals,
    an_environment_that_cannot_be_built_is_told_and_fails_at_once,
    what_is_exported_for_evalai_is_imported_again,
);

/// A label that no contestant may ever read.
const CANARY: &str = "zanzibar-label";

const CONFIG: &str = r#"title: Labels
short_description: Say what it is
description: page.html
evaluation_details: page.html
terms_and_conditions: page.html
submission_guidelines: page.html
image: logo.jpg
evaluation_script: evaluation_script
start_date: 2026-01-01 00:00:00
end_date: 2099-01-01 00:00:00
leaderboard:
  - id: 1
    schema: {"labels": ["accuracy"], "default_order_by": "accuracy", "metadata": {"accuracy": {"sort_ascending": False}}}
challenge_phases:
  - id: 1
    name: Test
    description: page.html
    leaderboard_public: True
    is_public: True
    start_date: 2026-01-01 00:00:00
    end_date: 2099-01-01 00:00:00
    test_annotation_file: truth.json
    codename: test
    max_submissions_per_day: 100
    max_submissions_per_month: 100
    max_submissions: 100
dataset_splits:
  - {id: 1, name: Test, codename: test_split}
challenge_phase_splits:
  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
"#;

/// What the submission says decides what becomes of the program.
const PROGRAM: &str = r#"
import json, os, socket, sys

def evaluate(annotation_file, submission_file, phase_codename, **kwargs):
    truth, sent = json.load(open(annotation_file)), json.load(open(submission_file))
    assert phase_codename == "test" and kwargs["submission_metadata"]["participant_team_name"] == "Atlas"
    print(truth)
    if sent["do"] == "crash":
        raise ValueError(truth)
    if sent["do"] == "connect":
        socket.create_connection(("127.0.0.1", sent["port"]), 2)
    score = {"nan": float("nan"), "dict": {"a": 1}}.get(sent["do"], 0.625)
    split = "no_split" if sent["do"] == "split" else "test_split"
    return {"result": [{split: {"accuracy": score}}]}
"#;

fn bundle(program: &str, truth: &Value, items: Option<&str>) -> Vec<u8> {
    let mut files = vec![
        ("challenge_config.yaml".to_owned(), CONFIG.into()),
        ("page.html".to_owned(), "<p>Text</p>".into()),
        ("logo.jpg".to_owned(), "x".into()),
        ("truth.json".to_owned(), truth.to_string().into()),
        ("evaluation_script/__init__.py".to_owned(), "from .main import evaluate\n".into()),
        ("evaluation_script/main.py".to_owned(), program.to_owned().into()),
    ];
    files.extend(items.map(|items| ("evaluation_script/items.csv".to_owned(), items.to_owned().into())));
    FileTree::of(files).to_zip().unwrap()
}

/// A published challenge of that bundle, and the path of its phase.
fn published(site: &Site, organizer: &str, contestant: &str, bundle: &[u8]) -> String {
    let file = site.path("bundle.zip");
    std::fs::write(&file, bundle).unwrap();
    let mut command = site.command(&["challenge", "import", file.to_str().unwrap()]);
    let made = command.env("HELDOUT_URL", site.url("")).env("HELDOUT_TOKEN", organizer).output().unwrap();
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(
        said.trim_end().ends_with("imported as labels"),
        "{said}{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let published = site.post(organizer, "/api/v1/challenges/labels/publish", &json!({}));
    assert_eq!(published.status, 200, "{}", published.text);
    site.make(contestant, "/api/v1/challenges/labels/registration", &json!({"accept_terms": 1}));
    site.make(contestant, "/api/v1/challenges/labels/teams", &json!({"name": "Atlas"}));
    "challenges/labels/phases/test".to_owned()
}

fn site(database: TestDatabase) -> Site {
    let site = Site::prepare(database, 1).with("HELDOUT_PROGRAMS__STANDARD_PACKAGES", "false");
    site.start_server();
    site.wait_until_ready();
    site
}

/// Sends a file and waits for its end; nothing where no sandbox can be had.
fn evaluated(site: &Site, contestant: &str, phase: &str, sent: &Value) -> Option<Value> {
    let answer = site.submit(contestant, phase, "answer.json", sent.to_string().as_bytes(), None).unwrap();
    let ended = site.finished(contestant, answer.body["id"].as_str().unwrap());
    if ended["failure"] == "no_sandbox" {
        test_support::skipped("programs of organizers", "no sandbox holds on this machine");
        return None;
    }
    Some(ended)
}

async fn a_bundle_scores_submissions_and_its_program_is_not_heard(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let phase = published(&site, &organizer, &contestant, &bundle(PROGRAM, &json!({"a": CANARY}), None));

    let Some(scored) = evaluated(&site, &contestant, &phase, &json!({"do": "score"})) else { return };
    assert_eq!(scored["state"], "scored", "{scored}\n{}", site.log());
    assert_eq!(scored["evaluation"]["splits"][0]["metrics"][0]["value"], 0.625, "{scored}");

    let wrong = [
        ("crash", "program_crashed", CANARY),
        ("connect", "program_crashed", "Error"),
        ("nan", "program_result_unusable", "split \"test_split\", metric \"accuracy\""),
        ("dict", "program_result_unusable", "split \"test_split\", metric \"accuracy\""),
        ("split", "program_result_unusable", "split \"no_split\""),
    ];
    for (what, code, said) in wrong {
        let ended = evaluated(&site, &contestant, &phase, &json!({"do": what, "port": site.port()})).unwrap();
        assert_eq!(ended["state"], "failed", "{what}: {ended}");
        let failure = ended["failure"].as_str().unwrap();
        assert_eq!(failure, code, "{what}: {ended}");
        assert!(!ended.to_string().contains(CANARY), "{what}: {ended}");
        let attempts = format!("/api/v1/submissions/{}/attempts", ended["id"].as_str().unwrap());
        let log = site.get(&organizer, &attempts);
        let details =
            log.body["items"].as_array().unwrap().iter().filter_map(|attempt| attempt["detail"].as_str());
        assert!(details.collect::<String>().contains(said), "{what}: {}", log.text);
        let refused = site.get(&contestant, &attempts);
        assert!(refused.status >= 400 && !refused.text.contains(CANARY), "{what}: {}", refused.text);
    }
    // The server is up, and the next one is scored.
    let scored = evaluated(&site, &contestant, &phase, &json!({"do": "score"})).unwrap();
    assert_eq!(scored["state"], "scored", "{scored}");
    let board = site.get(&contestant, &format!("/api/v1/{phase}/leaderboard"));
    assert_eq!(board.body["items"][0]["scores"]["accuracy"], 0.625, "{}", board.text);
}

async fn the_documented_program_has_intervals(database: TestDatabase) {
    let documentation = include_str!("../../docs/bundles.md");
    let program = documentation.split("```python").nth(1).unwrap().split("```").next().unwrap();
    assert!(program.trim().lines().count() <= 20);
    let names: Vec<String> = (0..40).map(|number| format!("clip-{number:02}")).collect();
    let truth: Value = names.iter().map(|name| (name.clone(), json!(CANARY))).collect();
    let items = format!("item\n{}\n", names.join("\n"));

    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let phase = published(&site, &organizer, &contestant, &bundle(program, &truth, Some(&items)));
    let answers: Value = names.iter().take(30).map(|name| (name.clone(), json!(CANARY))).collect();
    let Some(scored) = evaluated(&site, &contestant, &phase, &answers) else { return };
    assert_eq!(scored["state"], "scored", "{scored}\n{}", site.log());
    assert_eq!(scored["evaluation"]["splits"][0]["metrics"][0]["value"], 0.75, "{scored}");

    // Boards are described between jobs.
    let begun = std::time::Instant::now();
    let interval = loop {
        let board = site.get(&contestant, &format!("/api/v1/{phase}/leaderboard"));
        let interval = board.body["items"][0]["uncertainty"]["interval"].clone();
        if interval.is_object() {
            break interval;
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{}", board.text);
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let (lower, upper) = (interval["lower"].as_f64().unwrap(), interval["upper"].as_f64().unwrap());
    assert!(lower < 0.75 && 0.75 < upper && lower > 0.4 && upper < 1.0, "{interval}");
}

async fn an_environment_that_cannot_be_built_is_told_and_fails_at_once(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let tree =
        FileTree::from_zip("bundle.zip", &bundle(PROGRAM, &json!({}), None), Bounds::default()).unwrap();
    let needs = ("evaluation_script/requirements.txt".to_owned(), "a-package-that-is-nowhere==1.0\n".into());
    let tree = FileTree::of(tree.iter().map(|(path, bytes)| (path.to_owned(), bytes.clone())).chain([needs]));
    let phase = published(&site, &organizer, &contestant, &tree.to_zip().unwrap());

    // It is sent while the environment is being built, or when that has failed already.
    let Some(failed) = evaluated(&site, &contestant, &phase, &json!({"do": "score"})) else { return };
    let trials = tried(&site, &organizer, &phase).unwrap();
    assert_eq!(trials["environment"]["failure"], "environment_not_built", "{trials}");
    let detail = trials["environment"]["detail"].as_str().unwrap();
    assert!(detail.contains("a-package-that-is-nowhere"), "{detail}");
    assert_eq!(failed["failure"], "environment_not_built", "{failed}");
    assert!(!failed.to_string().contains("a-package-that-is-nowhere"), "{failed}");
}

async fn what_is_exported_for_evalai_is_imported_again(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    published(&site, &organizer, &contestant, &bundle(PROGRAM, &json!({"a": CANARY}), None));
    let run = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        let ended =
            command.env("HELDOUT_URL", site.url("")).env("HELDOUT_TOKEN", &organizer).output().unwrap();
        let said =
            String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{arguments:?}: {said}");
        said
    };
    let (without, with) = (site.path("without"), site.path("with"));
    let (without, with) = (without.to_str().unwrap(), with.to_str().unwrap());
    let said = run(&["challenge", "export", "labels", without, "--format", "evalai"]);
    assert!(said.contains("not in the bundle: the held-out annotations"), "{said}");
    run(&["challenge", "export", "labels", with, "--format", "evalai", "--annotations"]);
    for (folder, holds) in [(without, false), (with, true)] {
        let files = FileTree::from_folder(std::path::Path::new(folder), Bounds::default()).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(CANARY);
        assert_eq!(files.iter().any(|(_, bytes)| text(bytes)), holds, "{folder}");
        assert!(run(&["challenge", "import", folder, "--check"]).contains("nothing was changed"));
    }
    let refused = site.get(&contestant, "/api/v1/challenges/labels/export?format=evalai&annotations=true");
    assert!(refused.status == 403 && !refused.text.contains(CANARY), "{}", refused.text);
}
