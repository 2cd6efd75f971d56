//! Bundles of Codabench and CodaLab through the whole server: tried at import, published, submitted to, ranked.

use bundles::FileTree;
use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::site::Site;

both_databases!(
    a_codabench_bundle_is_tried_published_and_ranks,
    a_codalab_bundle_scores_results,
    the_image_that_a_bundle_names_is_what_its_programs_run_in,
    hostile_submissions_fail_alone,
);

/// A label that no contestant may ever read.
const CANARY: &str = "zanzibar-label";

const VERSION_2: &str = r#"version: 2
title: Everyday Sounds
description: Which sound is it?
image: logo.png
terms: terms.md
registration_auto_approve: True
fact_sheet: {
  "method": {"key": "method", "type": "text", "title": "How?", "selection": "", "is_required": "false",
             "is_on_leaderboard": "true"}
}
pages:
  - {title: overview, file: overview.md}
tasks:
  - index: 0
    name: Hearing
    scoring_program: scoring
    ingestion_program: ingestion
    reference_data: reference
    input_data: input
solutions:
  - {index: 0, tasks: [0], path: solution, name: Half right}
  - {index: 1, tasks: [0], path: by_chance, name: By chance}
  - {index: 2, tasks: [0], path: wrong, name: Wrong}
phases:
  - index: 0
    name: Final
    start: 2026-01-01
    tasks: [0]
    max_submissions: 100
    max_submissions_per_day: 100
leaderboards:
  - title: Results
    key: main
    primary_index: 2
    columns:
      - {title: Accuracy, key: accuracy, index: 0, sorting: desc, precision: 3}
      - {title: Recall, key: recall, index: 1, sorting: desc}
      - {title: Both, key: both, index: 2, sorting: desc, computation: avg, computation_indexes: ["0", "1"]}
"#;

const VERSION_1: &str = r#"title: Old Sounds
description: From before
image: logo.png
has_registration: False
html:
    overview: overview.md
    terms: terms.md
phases:
    1:
        phasenumber: 1
        label: "Final"
        start_date: 2026-01-01 00:00:00
        max_submissions: 100
        max_submissions_per_day: 100
        scoring_program: scoring
        reference_data: reference
leaderboard:
    leaderboards:
        Results: &RESULTS
            label: RESULTS
            rank: 1
    columns:
        accuracy: {leaderboard: *RESULTS, label: Accuracy, rank: 1, numeric_format: 3}
        recall: {leaderboard: *RESULTS, label: Recall, rank: 2}
"#;

/// Scores the predictions; one that asks for it is told the truth over the console, or scored by chance.
const SCORER: &str = r#"
import json, os, random, sys
truth = json.load(open(os.path.join(sys.argv[1], "ref", "truth.json")))
sent = json.load(open(os.path.join(sys.argv[1], "res", "answer.json")))
print(truth)
if sent.get("crash"):
    raise ValueError(truth)
right = sum(sent.get(item) == label for item, label in truth.items()) / len(truth)
if sent.get("chance"):
    right = random.random()
with open(os.path.join(sys.argv[2], "scores.FORM"), "w") as file:
    file.write("WRITTEN")
"#;

/// Runs what was sent, if it is a program: it is given the inputs, and looks for the truth.
const INGESTION: &str = r#"
import json, os, sys
inputs, output, program = sys.argv[1:4]
sys.path.insert(0, program)
try:
    import model
except ImportError:
    sys.exit(1)
answers = model.predict(json.load(open(os.path.join(inputs, "items.json"))))
json.dump(answers, open(os.path.join(output, "answer.json"), "w"))
"#;

/// Answers right when it can read the truth, and half right when it cannot.
const MODEL: &str = r#"
import os
def predict(items):
    found = {}
    for folder, _, names in os.walk("/"):
        if "truth.json" in names:
            found["found"] = folder
    for place in ("/app/input/ref/truth.json", "/app/reference/truth.json"):
        if os.path.exists(place):
            found["found"] = place
    return found or {items[0]: "LABEL"}
"#;

fn scorer(form: &str) -> String {
    let written = match form {
        "json" => r#"" + json.dumps({"accuracy": right, "recall": 1.0, "aside": {"a": 1}}) + ""#,
        _ => r#"accuracy: " + str(right) + "\nrecall: 1.0\n"#,
    };
    SCORER.replace("FORM", form).replace("WRITTEN", written)
}

fn bundle(config: &str, form: &str) -> Vec<u8> {
    let truth = json!({"a": CANARY, "b": CANARY}).to_string();
    let half = json!({"a": CANARY}).to_string();
    let scorer = scorer(form);
    archive(&[
        ("competition.yaml", config),
        ("logo.png", "x"),
        ("overview.md", "Listen."),
        ("terms.md", "Be fair."),
        ("scoring/metadata.yaml", "command: python3 $program/score.py $input $output\n"),
        ("scoring/score.py", &scorer),
        ("reference/truth.json", &truth),
        ("ingestion/metadata", "command: python3 $program/ingest.py $input $output $submission_program\n"),
        ("ingestion/ingest.py", INGESTION),
        ("input/items.json", r#"["a", "b"]"#),
        ("solution/answer.json", &half),
        ("by_chance/answer.json", r#"{"chance": true}"#),
        ("wrong/answer.json", r#"{"crash": true}"#),
    ])
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec().into()));
    FileTree::of(files).to_zip().unwrap()
}

fn site(database: TestDatabase) -> Site {
    let site = Site::prepare(database, 1).with("HELDOUT_PROGRAMS__STANDARD_PACKAGES", "false");
    site.start_server();
    site.wait_until_ready();
    site
}

/// Imports a bundle, and gives the slug of its challenge.
fn imported(site: &Site, organizer: &str, bundle: &[u8]) -> String {
    let file = site.path("bundle.zip");
    std::fs::write(&file, bundle).unwrap();
    let mut command = site.command(&["challenge", "import", file.to_str().unwrap()]);
    let made = command.env("HELDOUT_URL", site.url("")).env("HELDOUT_TOKEN", organizer).output().unwrap();
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    let slug = said.trim_end().rsplit("imported as ").next().unwrap().to_owned();
    assert!(made.status.success(), "{said}{}", String::from_utf8_lossy(&made.stderr));
    slug
}

/// The trials of a phase when no worker has anything to do about them any more; nothing where no sandbox can be had.
pub(crate) fn tried(site: &Site, organizer: &str, path: &str) -> Option<Value> {
    let begun = std::time::Instant::now();
    loop {
        let trials = site.get(organizer, &format!("/api/v1/{path}/trials")).body;
        let every = || trials["solutions"].as_array().unwrap().iter().chain([&trials["environment"]]);
        if every().any(|trial| trial["failure"] == "no_sandbox") {
            test_support::skipped("trials of programs", "no sandbox holds on this machine");
            return None;
        }
        if every().all(|trial| trial["state"] == "done" || trial["state"] == "failed") {
            return Some(trials);
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(120), "{trials}\n{}", site.log());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// Publishes a challenge and lets a contestant take part.
fn entered(site: &Site, organizer: &str, contestant: &str, slug: &str) {
    let published = site.post(organizer, &format!("/api/v1/challenges/{slug}/publish"), &json!({}));
    assert_eq!(published.status, 200, "{}", published.text);
    site.make(contestant, &format!("/api/v1/challenges/{slug}/registration"), &json!({"accept_terms": 1}));
    site.make(contestant, &format!("/api/v1/challenges/{slug}/teams"), &json!({"name": "Atlas"}));
}

fn evaluated(site: &Site, contestant: &str, phase: &str, name: &str, sent: &[u8]) -> Value {
    let answer = site.submit(contestant, phase, name, sent, None).unwrap();
    site.finished(contestant, answer.body["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)))
}

fn value(splits: &Value, metric: &str) -> Value {
    let metrics = splits[0]["metrics"].as_array();
    let found = metrics.and_then(|metrics| metrics.iter().find(|found| found["name"] == metric));
    found.map_or(Value::Null, |found| found["value"].clone())
}

async fn a_codabench_bundle_is_tried_published_and_ranks(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let model = MODEL.replace("LABEL", CANARY);
    let slug = imported(&site, &organizer, &bundle(VERSION_2, "json"));
    let phase = format!("challenges/{slug}/phases/final");
    let Some(trials) = tried(&site, &organizer, &phase) else { return };
    assert_eq!(trials["environment"]["state"], "done", "{trials}");
    assert!(trials["environment"]["result"]["contents"]["python"].is_string(), "{trials}");
    let [half, chance, wrong] = &trials["solutions"].as_array().unwrap()[..] else { panic!("{trials}") };
    assert_eq!((&half["name"], &half["state"]), (&json!("Half right"), &json!("done")), "{half}");
    let scores = &half["result"]["splits"];
    assert_eq!((value(scores, "accuracy"), value(scores, "both")), (json!(0.5), json!(0.75)), "{half}");
    assert_eq!((&half["result"]["repeats"], &chance["result"]["repeats"]), (&json!(true), &json!(false)));
    assert_eq!((&wrong["state"], &wrong["failure"]), (&json!("failed"), &json!("program_crashed")));
    assert!(wrong["detail"].as_str().unwrap().contains("ValueError"), "{wrong}");

    // What was tried counts for nobody, and nobody else sees it.
    entered(&site, &organizer, &contestant, &slug);
    let board = site.get(&contestant, &format!("/api/v1/{phase}/leaderboard"));
    assert_eq!(board.body["items"], json!([]), "{}", board.text);
    let listed = site.get(&organizer, &format!("/api/v1/{phase}/submissions"));
    assert_eq!(listed.body["items"], json!([]), "{}", listed.text);
    assert_eq!(site.get(&contestant, &format!("/api/v1/{phase}/trials")).status, 403);

    let result = archive(&[("answer.json", &json!({"a": CANARY, "b": CANARY}).to_string())]);
    let scored = evaluated(&site, &contestant, &phase, "result.zip", &result);
    assert_eq!(scored["state"], "scored", "{scored}\n{}", site.log());
    assert_eq!(value(&scored["evaluation"]["splits"], "both"), json!(1.0), "{scored}");

    // A program of a contestant gets the inputs and never the truth, wherever it looks.
    let code = archive(&[("metadata", "description: a program\n"), ("model.py", &model)]);
    let scored = evaluated(&site, &contestant, &phase, "code.zip", &code);
    assert_eq!(scored["state"], "scored", "{scored}\n{}", site.log());
    assert_eq!(value(&scored["evaluation"]["splits"], "accuracy"), json!(0.5), "{scored}");

    let crash = archive(&[("answer.json", r#"{"crash": true}"#)]);
    let failed = evaluated(&site, &contestant, &phase, "crash.zip", &crash);
    assert_eq!(failed["failure"], "program_crashed", "{failed}");
    assert!(!failed.to_string().contains(CANARY), "{failed}");

    let board = site.get(&contestant, &format!("/api/v1/{phase}/leaderboard"));
    assert_eq!(board.body["items"][0]["scores"]["both"], 1.0, "{}", board.text);
    assert_eq!(board.body["items"].as_array().unwrap().len(), 1, "{}", board.text);

    // The same bundle again tries nothing anew but what failed; the organizer may ask for that too.
    let again = site.post(&organizer, &format!("/api/v1/{phase}/trials"), &json!({}));
    assert_eq!(again.body["repeated"], 1, "{}", again.text);
    let trials = tried(&site, &organizer, &phase).unwrap();
    assert_eq!(trials["solutions"][0]["finished_at"], half["finished_at"], "{trials}");
    assert_ne!(trials["solutions"][2]["finished_at"], wrong["finished_at"], "{trials}");
}

async fn a_codalab_bundle_scores_results(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let slug = imported(&site, &organizer, &bundle(VERSION_1, "txt"));
    let phase = format!("challenges/{slug}/phases/final");
    if tried(&site, &organizer, &phase).is_none() {
        return;
    }
    entered(&site, &organizer, &contestant, &slug);
    let result = archive(&[("answer.json", &json!({"b": CANARY}).to_string())]);
    let scored = evaluated(&site, &contestant, &phase, "result.zip", &result);
    assert_eq!(scored["state"], "scored", "{scored}\n{}", site.log());
    let board = site.get(&contestant, &format!("/api/v1/{phase}/leaderboard"));
    assert_eq!(board.body["items"][0]["scores"]["accuracy"], 0.5, "{}", board.text);
}

/// Right only in the image that the bundle names.
const MARKED: &str = r#"
import json, os, sys
marked = open("/etc/mark").read() == "sounds" and os.environ["MARK"] == "sounds"
json.dump({"accuracy": float(marked), "recall": 1.0}, open(os.path.join(sys.argv[2], "scores.json"), "w"))
"#;

async fn the_image_that_a_bundle_names_is_what_its_programs_run_in(database: TestDatabase) {
    const IMAGE: &str = "heldout.example/sounds:1";
    let folder = tempfile::tempdir().unwrap();
    let Some(engine) = test_support::Engine::prepare(folder.path()) else { return };
    engine.make(IMAGE, "sounds");
    let site = Site::prepare(database, 1)
        .with("HELDOUT_PROGRAMS__STANDARD_PACKAGES", "false")
        .with("HELDOUT_PROGRAMS__CONTAINER_ENGINE", engine.program.to_str().unwrap());
    site.start_server();
    site.wait_until_ready();
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let bundle = archive(&[
        (
            "competition.yaml",
            &VERSION_1
                .replace("has_registration", &format!("competition_docker_image: {IMAGE}\nhas_registration")),
        ),
        ("logo.png", "x"),
        ("overview.md", "Listen."),
        ("terms.md", "Be fair."),
        ("scoring/metadata", "command: python3 $program/score.py $input $output\n"),
        ("scoring/score.py", MARKED),
        ("reference/truth.json", "{}"),
    ]);
    let slug = imported(&site, &organizer, &bundle);
    let phase = format!("challenges/{slug}/phases/final");
    let Some(trials) = tried(&site, &organizer, &phase) else { return };
    assert_eq!(trials["environment"]["state"], "done", "{trials}");
    let image = &trials["environment"]["result"]["contents"]["image"];
    assert_eq!(image["name"], IMAGE, "{trials}");
    entered(&site, &organizer, &contestant, &slug);
    let scored = evaluated(&site, &contestant, &phase, "result.zip", &archive(&[("answer.json", "{}")]));
    assert_eq!(value(&scored["evaluation"]["splits"], "accuracy"), json!(1.0), "{scored}\n{}", site.log());
}

/// What a contestant's program does, and how its submission may end.
const HOSTILE: [(&str, &str, &[&str]); 8] = [
    ("loops for ever", "while True: pass", &["program_limit_exceeded"]),
    (
        "takes all memory",
        "x = []\nwhile True: x.append(bytearray(b'1' * (1 << 24)))",
        &["program_limit_exceeded", "program_crashed"],
    ),
    (
        "is a fork bomb",
        "while True:\n    try: os.fork()\n    except OSError: pass",
        &["program_limit_exceeded"],
    ),
    (
        "fills the disk",
        "for n in range(10 ** 6): open(output + '/%d' % n, 'wb').write(bytes(1 << 22))",
        &["program_limit_exceeded"],
    ),
    ("kills what it finds", "os.kill(-1, 9)", &["program_crashed"]),
    ("kills its parent", "os.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)", &["program_crashed"]),
    (
        "points at files of the host",
        "os.symlink('/etc/passwd', output + '/answer.json')\nsys.exit(0)",
        &["program_result_unusable"],
    ),
    (
        "installs",
        "os.system('pip install numpy')\nimport urllib.request\nurllib.request.urlopen('http://127.0.0.1:PORT/health', timeout=2)",
        &["program_crashed"],
    ),
];

/// Leaves a daemon, prints a lot, writes scores of its own, and tries to replace the scorer.
const SNEAKY: &str = r#"
import json, os, sys
output = sys.argv[2]
if os.fork() == 0:
    os.setsid()
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(MARK)"])
for _ in range(64):
    os.write(1, b"x" * (1 << 20))
for name in ("scores.json", "../scores.json", "/app/output/scores.json"):
    try:
        json.dump({"accuracy": 1.0, "recall": 1.0}, open(os.path.join(output, name), "w"))
    except OSError:
        pass
for root in ("/app", "/tmp", os.path.dirname(output)):
    for folder, _, names in os.walk(root):
        if "score.py" in names:
            open(os.path.join(folder, "score.py"), "w").write("raise SystemExit(9)")
def predict(items):
    return {items[0]: "LABEL"}
"#;

async fn hostile_submissions_fail_alone(database: TestDatabase) {
    let site = site(database);
    let organizer = site.person("organizer@example.org", "member");
    let contestant = site.person("contestant@example.org", "member");
    let quick =
        VERSION_2.replace("    tasks: [0]\n    max", "    tasks: [0]\n    execution_time_limit: 15\n    max");
    let slug = imported(&site, &organizer, &bundle(&quick, "json"));
    let phase = format!("challenges/{slug}/phases/final");
    if tried(&site, &organizer, &phase).is_none() {
        return;
    }
    entered(&site, &organizer, &contestant, &slug);
    let program = |text: &str| archive(&[("metadata", "description: a program\n"), ("model.py", text)]);
    for (what, code, codes) in HOSTILE {
        let code = code.replace("PORT", &site.port().to_string());
        let ended = evaluated(
            &site,
            &contestant,
            &phase,
            "code.zip",
            &program(&format!("import os, sys\noutput = sys.argv[2]\n{code}\n")),
        );
        assert_eq!(ended["state"], "failed", "{what}: {ended}\n{}", site.log());
        assert!(codes.contains(&ended["failure"].as_str().unwrap()), "{what}: {ended}");
        assert!(!ended.to_string().contains(CANARY), "{what}: {ended}");
    }
    // A number that no other process sleeps for.
    let mark = format!("86400.{}", site.port());
    let sneaky = SNEAKY.replace("MARK", &mark).replace("LABEL", CANARY);
    let scored = evaluated(&site, &contestant, &phase, "code.zip", &program(&sneaky));
    assert_eq!(value(&scored["evaluation"]["splits"], "accuracy"), json!(0.5), "{scored}\n{}", site.log());
    assert!(!is_running(&mark), "a daemon is left");

    // Everything is as it was: the next submission scores, and nothing else is on the board.
    let result = archive(&[("answer.json", &json!({"a": CANARY, "b": CANARY}).to_string())]);
    let scored = evaluated(&site, &contestant, &phase, "result.zip", &result);
    assert_eq!(value(&scored["evaluation"]["splits"], "accuracy"), json!(1.0), "{scored}\n{}", site.log());
    assert_eq!(site.get("", "/health").status, 200);
}

/// Whether a process of this machine has a text among its arguments.
fn is_running(mark: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let mut said = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    said.any(|said| String::from_utf8_lossy(&said).contains(mark))
}
