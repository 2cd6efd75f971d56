use bytes::Bytes;
use domain::phase::FinalChoice;
use domain::split::Visibility;

use super::*;
use crate::imported::{AnswerKind, Audience, Program};

mod rules;

/// A bundle that uses every key, in the forms that real ones use.
const CONFIG: &str = r#"---
# A challenge of ours.
title: Moments in Everyday Videos
short_description: Find the moment that a sentence describes
description: templates/description.html
evaluation_details: templates/evaluation_details.html
terms_and_conditions: templates/terms_and_conditions.html
image: logo.jpg
submission_guidelines: templates/submission_guidelines.html
leaderboard_description: Ranked by recall. <br> Ties stand together.
evaluation_script: evaluation_script.zip
remote_evaluation: False
is_docker_based: False
start_date: 2026-01-01 00:00:00
end_date: 2026-09-30 23:59:59+00:00
published: True
tags: [video, language]
domain: CV
category: ignored
prizes:
  - rank: 2
    amount: 100USD
  - rank: 1
    amount: 500.50EUR
    description: A trip
sponsors:
  - {name: A lab, website: "https://lab.example"}
submission_time_limit: 3600
anonymous_leaderboard: true
is_registration_open: "True"
manual_participant_approval: no
allowed_email_domains: [lab.example]
max_team_members: 5
worker_cpu_cores: 4
leaderboard:
  - id: 1
    schema:
      {
        "labels": ["R@1", "Error", "Total"],
        "default_order_by": "Total",
        "metadata": {
          "R@1": {
            "sort_ascending": False,
            "description": "Recall at one",
          },
          "Error": {
            "sort_ascending": True,
            "description": "",
          },
        }
      }
challenge_phases:
  - id: 1
    name: Dev Phase
    description: templates/phase_1.html
    leaderboard_public: False
    is_public: True
    is_submission_public: True
    start_date: 2026-04-3 07:00:00
    end_date: 2026-6-4 7:00:00
    test_annotation_file: annotations/dev.json
    codename: dev
    max_submissions_per_day: 5
    max_submissions_per_month: 50
    max_submissions: 50
    max_concurrent_submissions_allowed: 30
    default_submission_meta_attributes:
      - name: method_name
        is_visible: True
      - name: project_url
        is_visible: False
    submission_meta_attributes:
      - name: Extra-Data
        description: Was other data used?
        type: boolean
        required: False
      - name: kind
        description:
        type: radio
        options: ["A", "B"]
      - {name: parts, description: Which, type: checkbox, options: [x, y], required: True}
    is_restricted_to_select_one_submission: False
    is_partial_submission_evaluation_enabled: False
    allowed_submission_file_types: ".json, .zip"
  - id: 2
    name: Test Phase
    description: a plain text
    leaderboard_public: True
    is_public: True
    start_date: 2026-06-05
    end_date: 9-30-2026
    codename: Test Phase
    max_submissions: 10
dataset_splits:
  - {id: 1, name: Train Split, codename: train_split}
  - {id: 2, name: Test Split, codename: test_split}
challenge_phase_splits:
  - challenge_phase_id: 1
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 1
    leaderboard_decimal_precision: 2
    is_leaderboard_order_descending: True
    showeceution_time: True
  - challenge_phase_id: 2
    leaderboard_id: 1
    dataset_split_id: 1
    visibility: 3
    leaderboard_decimal_precision: 4
    is_leaderboard_order_descending: False
    show_leaderboard_by_latest_submission: True
  - challenge_phase_id: 2
    leaderboard_id: 1
    dataset_split_id: 2
    visibility: 2
    leaderboard_decimal_precision: 2
    is_leaderboard_order_descending: True
"#;

fn tree(files: &[(&str, &[u8])]) -> FileTree {
    FileTree::of(files.iter().map(|(path, bytes)| ((*path).to_owned(), Bytes::copy_from_slice(bytes))))
}

const SCRIPT: [(&str, &[u8]); 3] = [
    ("__init__.py", b"install(\"shapely==2.0\")\nfrom .main import evaluate\n"),
    ("main.py", b"def evaluate(*args, **kwargs):\n    return {}\n"),
    ("requirements.txt", b"numpy\n"),
];

fn with_script(config: &str, script: &[(&str, &[u8])]) -> FileTree {
    let script = tree(script).to_zip().unwrap();
    tree(&[
        ("challenge_config.yaml", config.as_bytes()),
        ("evaluation_script.zip", &script),
        ("templates/description.html", b"<h1>Moments</h1>"),
        ("templates/evaluation_details.html", b"<p>Recall.</p>"),
        ("templates/terms_and_conditions.html", b"<p>Terms.</p>"),
        ("templates/submission_guidelines.html", b"<p>JSON.</p>"),
        ("templates/phase_1.html", b"<p>Dev</p>"),
        ("annotations/dev.json", b"{\"truth\": 1}"),
        ("logo.jpg", b"\xff\xd8\xff"),
        ("note.txt", b"x"),
    ])
}

fn read_config(config: &str) -> Result<EvalAiRead, Findings> {
    read(&with_script(config, &SCRIPT), Door::Workflow, Bounds::default())
}

/// The faults of the bundle with some of its text replaced.
fn faults(changes: &[(&str, &str)]) -> String {
    let mut config = CONFIG.to_owned();
    for (from, to) in changes {
        assert!(config.contains(from), "{from:?} is not in the bundle");
        config = config.replacen(from, to, 1);
    }
    match read_config(&config) {
        Err(findings) => findings.faults.iter().map(|fault| format!("{fault}\n")).collect(),
        Ok(_) => String::new(),
    }
}

#[test]
fn a_whole_bundle_becomes_a_challenge() {
    let read = read_config(CONFIG).unwrap_or_else(|findings| panic!("{findings}"));
    let challenge = &read.imported;
    assert_eq!(challenge.title.as_str(), "Moments in Everyday Videos");
    assert_eq!(challenge.slug.as_str(), "moments-in-everyday-videos");
    assert!(challenge.wants_publication && challenge.has_anonymous_boards && challenge.entry.is_open);
    assert_eq!(challenge.entry.team_max_size, Some(5));
    let pages: Vec<_> = challenge.pages.iter().map(|page| (page.name.as_str(), page.text.as_str())).collect();
    assert_eq!(pages[0], ("description", "<h1>Moments</h1>"));
    assert_eq!(pages.len(), 4);
    let ranks: Vec<_> =
        challenge.listing.prizes.iter().map(|prize| (prize.rank, prize.amount.as_str())).collect();
    assert_eq!(ranks, [(1, "500.50EUR"), (2, "100USD")]);
    let (start, end) = challenge.listing.window.unwrap();
    assert_eq!(
        (start.to_string().as_str(), end.to_string().as_str()),
        ("2026-01-01T00:00:00.000000Z", "2026-09-30T23:59:59.000000Z")
    );
    assert_eq!(challenge.environment.requirements.as_deref(), Some("numpy\n"));
    assert_eq!(challenge.environment.installs, ["shapely==2.0"]);
    let Program::Evaluate { package, is_remote: false } = &challenge.program else { panic!() };
    assert_eq!(package.len(), 3);

    let [dev, test] = &challenge.phases[..] else { panic!() };
    assert_eq!((dev.wire_name.as_str(), dev.codename.as_str(), dev.config_id), ("dev", "dev", 1));
    assert_eq!(dev.opens_at.to_string(), "2026-04-03T07:00:00.000000Z");
    assert_eq!(dev.quota.per_day, Some(5));
    assert_eq!(dev.quota.concurrent, Some(5), "never more than a day's");
    assert_eq!(dev.limits.seconds, 3_600);
    assert_eq!(dev.file_types, [".json", ".zip"]);
    assert_eq!(dev.annotations.as_ref().unwrap().bytes, &b"{\"truth\": 1}"[..]);
    assert_eq!((dev.final_choice, test.final_choice), (FinalChoice::Best, FinalChoice::Best));
    let names: Vec<_> =
        dev.attributes.iter().map(|question| (question.name.as_str(), &question.kind)).collect();
    let options = |options: [&str; 2]| options.map(str::to_owned).to_vec();
    assert_eq!(names[0], ("extra_data", &AnswerKind::Boolean));
    assert_eq!(names[1], ("kind", &AnswerKind::One(options(["A", "B"]))));
    assert_eq!(names[2], ("parts", &AnswerKind::Any(options(["x", "y"]))));
    assert!(dev.attributes[2].is_required && !dev.attributes[1].is_required);

    assert_eq!((test.wire_name.as_str(), test.codename.as_str()), ("Test Phase", "test_phase"));
    assert_eq!((test.quota.per_day, test.quota.per_month, test.quota.total), (None, Some(10), Some(10)));
    assert_eq!(test.closes_at.unwrap().to_string(), "2026-09-30T00:00:00.000000Z");
    assert!(test.annotations.is_none());
    let audiences: Vec<_> = test.boards.iter().map(|board| board.audience).collect();
    assert_eq!(audiences, [Audience::Everyone, Audience::Owners]);
    assert_eq!(test.boards[1].audience.visibility(), Visibility::Private);
}

#[test]
fn the_direction_of_a_metric_is_its_metadata_before_the_flag() {
    let read = read_config(CONFIG).unwrap();
    let directions = |phase: usize, board: usize| -> Vec<bool> {
        let metrics = &read.imported.phases[phase].boards[board].metrics;
        metrics.iter().map(|metric| metric.spec.higher_is_better).collect()
    };
    // R@1 and Error say it themselves; Total hangs on the flag of the phase split.
    assert_eq!(directions(0, 0), [true, false, true]);
    assert_eq!(directions(1, 0), [true, false, false]);
    assert_eq!(read.imported.phases[1].boards[0].metrics[0].spec.decimals, 4);
    // Metadata without a direction means ascending, whatever the flag says.
    let silent =
        CONFIG.replace("\"sort_ascending\": False,\n            \"description\": \"Recall at one\",", "");
    let read = read_config(&silent).unwrap();
    assert!(!read.imported.phases[0].boards[0].metrics[0].spec.higher_is_better);
    let warnings = read.findings.warnings.iter().map(|warning| format!("{warning}\n")).collect::<String>();
    assert!(warnings.contains("R@1 is ordered with the least first"), "{warnings}");
}

#[test]
fn warnings_tell_what_is_not_used() {
    let read = read_config(CONFIG).unwrap();
    let warnings: String = read.findings.warnings.iter().map(|warning| format!("{warning}\n")).collect();
    for expected in [
        "challenge_config.yaml:34: worker_cpu_cores: worker_cpu_cores is about EvalAI's own servers",
        "evaluation_script.zip/__init__.py: installs shapely==2.0 while it is imported",
        "the best submission of a team counts",
        "the description is taken as a text",
    ] {
        assert!(warnings.contains(expected), "{expected}\nnot among\n{warnings}");
    }
}

#[test]
fn a_long_summary_is_cut() {
    let config = CONFIG.replace("Find the moment that a sentence describes", &"é".repeat(600));
    let read = read_config(&config).unwrap();
    assert_eq!(read.imported.summary, "é".repeat(500));
    assert!(read.findings.to_string().contains("only the first 1000 bytes of the 1200 are shown"));
}

#[test]
fn every_fault_is_found_at_once() {
    let found = faults(&[
        ("title: Moments in Everyday Videos\n", ""),
        ("annotations/dev.json", "none.json"),
        ("visibility: 3", "visibility: 4"),
        ("2026-01-01 00:00:00", "soon"),
        ("is_docker_based: False", "is_docker_based: True"),
        ("\"default_order_by\": \"Total\"", "\"default_order_by\": \"Sum\""),
    ]);
    assert_eq!(found.matches("challenge_config.yaml:").count(), 6, "{found}");
}

#[test]
fn two_leaderboards_of_one_phase_and_split_are_refused() {
    let second = "leaderboard:\n  - {id: 2, schema: {labels: [A], default_order_by: A}}\n";
    let found = faults(&[
        ("leaderboard:\n", second),
        ("leaderboard_id: 1\n    dataset_split_id: 2", "leaderboard_id: 2\n    dataset_split_id: 1"),
    ]);
    assert!(
        found.contains("challenge phase splits 2 and 3 join phase 2 and dataset split 1 on different"),
        "{found}"
    );
}

#[test]
fn the_script_is_looked_at() {
    let refused = |script: &[(&str, &[u8])]| {
        read(&with_script(CONFIG, script), Door::Workflow, Bounds::default()).unwrap_err().to_string()
    };
    let found = refused(&[
        ("__init__.py", b"from .main import evaluate"),
        ("main.py", b"def evaluate(a):\n    print a\n"),
    ]);
    assert!(found.contains("evaluation_script.zip/main.py:2: Python 2 (print statement)"), "{found}");
    let found = refused(&[("evaluation_script/__init__.py", b"")]);
    assert!(
        found.contains("There is evaluation_script/__init__.py: pack the files without their folder."),
        "{found}"
    );
    let found = refused(&[("../evil.py", b"")]);
    assert!(found.contains("evaluation_script.zip: the file") && found.contains("stays inside"), "{found}");
    // A folder stands for the archive, as EvalAI's own documentation writes it.
    let mut files: Vec<_> = with_script(CONFIG, &SCRIPT)
        .iter()
        .filter(|(path, _)| *path != "evaluation_script.zip")
        .map(|(path, bytes)| (path.to_owned(), bytes.clone()))
        .collect();
    files.extend(SCRIPT.map(|(path, bytes)| (format!("evaluation_script/{path}"), Bytes::from(bytes))));
    let files = FileTree::of(files);
    assert!(read(&files, Door::Workflow, Bounds::default()).is_ok());
    // What the package may unpack to is what the bundle has left.
    let small = Bounds { bytes: files.size_bytes() - 1, files: 100 };
    let packed = with_script(CONFIG, &[("__init__.py", &[b'#'; 9_000])]);
    assert!(read(&packed, Door::Workflow, small).is_err());
}

#[test]
fn the_description_is_found_or_its_absence_told() {
    let refused = |files: &FileTree, door| read(files, door, Bounds::default()).unwrap_err().to_string();
    assert!(
        refused(&tree(&[("a.txt", b"")]), Door::Workflow)
            .contains("There is no YAML file in the zip file you uploaded!")
    );
    let nested = tree(&[("mine/challenge_config.yaml", CONFIG.as_bytes())]);
    assert!(
        refused(&nested, Door::Workflow)
            .contains("There is mine/challenge_config.yaml: pack its folder's files")
    );
    let two = tree(&[("challenge_config.yaml", b"a: 1"), ("challenge_config.yml", b"a: 1")]);
    assert!(refused(&two, Door::Workflow).contains("There are 2 challenge config YAML files instead of 1"));
    assert!(!is_bundle(&nested) && is_bundle(&two));
    let files = with_script(CONFIG, &SCRIPT);
    let nested = FileTree::of(files.iter().map(|(path, bytes)| {
        (format!("mine/{}", path.replace("challenge_config", "config")), bytes.clone())
    }));
    assert!(read(&nested, Door::WebPage, Bounds::default()).is_ok(), "the web page takes any one YAML file");
}

#[test]
fn nothing_disappears_when_a_bundle_is_sent_again() {
    let bundle = read_config(CONFIG).unwrap().bundle;
    let mut known = KnownIds::of(&bundle);
    assert!(known.refuse(&bundle).is_usable());
    known.is_approved = true;
    assert!(known.refuse(&bundle).is_usable());
    known.leaderboards.insert(9);
    known.phases.insert(9);
    known.dataset_splits = [1, 9].into();
    known.phase_splits = [(1, 2, 3)].into();
    let messages = known.refuse(&bundle).messages();
    for expected in [
        "ERROR: The leaderboard with ID: 9 not found in config. Deletion of an existing leaderboard",
        "ERROR: Challenge phase 9 was not found in the configuration.",
        "ERROR: Dataset split 9 not found in config.",
        "ERROR: Dataset split 2 doesn't exist.",
        "ERROR: Challenge phase split (leaderboard_id: 1, challenge_phase_id: 2, dataset_split_id: 3) not found in config.",
        "ERROR: Challenge phase split (leaderboard_id: 1, challenge_phase_id: 1, dataset_split_id: 1) doesn't exist.",
    ] {
        assert!(messages.contains(expected), "{expected}\nnot among\n{messages}");
    }
    let fresh = KnownIds { leaderboards: [2].into(), ..KnownIds::default() };
    assert!(fresh.refuse(&bundle).messages().contains("The leaderboard with ID: 1 doesn't exist."));
}

#[test]
fn what_is_written_reads_the_same() {
    let first = read_config(CONFIG).unwrap();
    let written = export(&first.imported).unwrap();
    assert_eq!(written.lost, Vec::<String>::new());
    let again = read(&written.files, Door::Workflow, Bounds::default())
        .unwrap_or_else(|findings| panic!("{findings}"));
    let twice = export(&again.imported).unwrap();
    assert_eq!(twice.files, written.files, "writing is the same from then on");
    assert_eq!(again.bundle, twice.bundle);
    assert_eq!(KnownIds::of(&again.bundle), KnownIds::of(&first.bundle), "every id stays");
    // The challenge is the same but for the paths of its files, and the flag that metadata stands for.
    let mut expected = first.imported.clone();
    expected.logo.as_mut().unwrap().name = "logo/logo.jpg".to_owned();
    expected.phases[0].annotations.as_mut().unwrap().name = "annotations/phase_1/dev.json".to_owned();
    assert_eq!(again.imported.pages, expected.pages);
    assert_eq!((&again.imported.program, &again.imported.entry), (&expected.program, &expected.entry));
    assert_eq!(again.imported.listing, expected.listing);
    assert_eq!((&again.imported.environment, &again.imported.logo), (&expected.environment, &expected.logo));
    for (again, first) in again.imported.phases.iter().zip(&expected.phases) {
        let directions = |phase: &crate::imported::ImportedPhase| -> Vec<(i64, bool)> {
            let metrics = phase
                .boards
                .iter()
                .flat_map(|board| board.metrics.iter().map(|metric| (board.config_ids.1, metric)));
            metrics.map(|(set, metric)| (set, metric.spec.higher_is_better)).collect()
        };
        assert_eq!(directions(again), directions(first));
        assert_eq!(
            (&again.quota, &again.attributes, &again.annotations),
            (&first.quota, &first.attributes, &first.annotations)
        );
        assert_eq!(
            (again.opens_at, again.closes_at, &again.codename),
            (first.opens_at, first.closes_at, &first.codename)
        );
    }
}

#[test]
fn a_preview_tells_what_will_be_there() {
    let read = read_config(CONFIG).unwrap();
    let preview = crate::Preview::of(&read.imported, &read.findings).to_string();
    for expected in [
        "Moments in Everyday Videos\n\nChallenge\n  comes from: EvalAI\n  address: moments-in-everyday-videos\n",
        "  prize: 1. 500.50EUR A trip\n  prize: 2. 100USD\n",
        "\nPhase Dev Phase\n  short name: dev\n  window: 2026-04-03T07:00:00.000000Z to 2026-06-04T07:00:00.000000Z\n",
        "  submissions: 5 a day, 50 a month, 50 in all, 5 at a time\n",
        "  annotations: annotations/dev.json (12 bytes)\n",
        "  asked of teams: parts (text of at most 4000 bytes, needed)\n",
        "  board: Train Split for organizers: R@1 (more is better, 2 digits); Error (less is better, 2 digits); Total (ranks, more is better, 2 digits)\n",
        "\nProgram\n  contract: evaluate() of a Python package\n  files: 3 files",
        "  requirements: numpy\n  installed besides: shapely==2.0\n",
        "\nWarnings\n  challenge_config.yaml:34: worker_cpu_cores",
    ] {
        assert!(preview.contains(expected), "{expected}\nnot in\n{preview}");
    }
    assert!(!preview.contains("truth"), "a preview never holds annotations");
}
