//! Version 2.

use super::*;

pub(super) const CONFIG: &str = r#"# Codabench
version: 2
title: Everyday Sounds
description: Which sound is it?
image: logo.png
registration_auto_approve: False
terms: terms.md
docker_image: codalab/codalab-legacy:py37
enable_detailed_results: True
make_programs_available: True
make_input_data_available: False
contact_email: us@lab.example
reward: $1000 prize pool
fact_sheet: {
  "code": {
    "key": "code",
    "type": "text",
    "title": "Where is your code?",
    "selection": "",
    "is_required": "false",
    "is_on_leaderboard": "true"
  },
  "kind": {"key": "kind", "type": "select", "title": "Kind", "selection": ["A", "B"], "is_required": True, "is_on_leaderboard": False},
}
pages:
  - title: overview
    file: overview.html
  - title: terms
    file: terms.md
tasks:
  - index: 0
    name: Hearing
    description: All of it
    scoring_program: scoring_program.zip
    ingestion_program: ingestion/
    input_data: input.zip
    reference_data: reference
    ingestion_only_during_scoring: True
  - index: 7
    name: Listening
    scoring_program: scoring_program.zip
solutions:
  - index: 0
    tasks:
      - 0
    path: solution/
    name: Baseline
phases:
  - index: 1
    name: Final
    start: 2026-06-01 12:00:00
    tasks: [0, 7]
    max_submissions_per_day: null
    execution_time_limit: 1200
  - index: 0
    name: Development
    description: To try
    start: 1-1-2026
    end: 5-31-2026
    max_submissions: 20
    starting_kit: kit.ipynb
    tasks:
      - 0
leaderboards:
  - title: Results
    key: main
    submission_rule: "Force_Last"
    primary_index: 1
    columns:
      - {title: Average, key: avg, index: 1, sorting: desc, precision: 4, computation: avg, computation_indexes: ["0", "2"]}
      - title: Accuracy
        key: acc
        index: 0
      - {title: Time, key: time, index: 2, sorting: asc, hidden: True}
"#;

#[test]
fn a_whole_bundle_becomes_a_challenge() {
    let read = read_config(CONFIG).unwrap_or_else(|findings| panic!("{findings}"));
    let challenge = &read.imported;
    assert_eq!((challenge.origin, challenge.slug.as_str()), (Origin::Codabench2, "everyday-sounds"));
    assert_eq!(challenge.summary, "Which sound is it?");
    assert!(challenge.entry.needs_approval && challenge.wants_detailed_results);
    assert_eq!(challenge.pages[0].format, TextFormat::Html);
    assert_eq!((challenge.terms.text.as_str(), challenge.terms.format), ("# Terms", TextFormat::Markdown));
    assert_eq!(challenge.listing.reward.as_deref(), Some("$1000 prize pool"));
    assert_eq!(challenge.environment.image.as_deref(), Some("codalab/codalab-legacy:py37"));

    let Program::Commands { tasks } = &challenge.program else { panic!() };
    assert_eq!(tasks.iter().map(|task| task.config_id).collect::<Vec<_>>(), [0, 7]);
    assert_eq!(tasks[0].scoring.command, ["python3", "$program/score.py", "$input", "$output"]);
    assert_eq!(tasks[0].ingestion.as_ref().unwrap().command[1], "/app/program/ingest.py");
    assert!(tasks[0].is_ingestion_while_scoring);
    assert!(tasks[0].reference_data.as_ref().unwrap().file("truth.csv").is_some());
    assert!(tasks[0].input_data.is_some(), "the folder stands for the archive that is not there");
    assert!(tasks[1].ingestion.is_none() && tasks[1].reference_data.is_none());
    assert_eq!(challenge.solutions[0].tasks, [0]);
    assert!(challenge.solutions[0].files.file("answer.txt").is_some());

    let [dev, last] = &challenge.phases[..] else { panic!() };
    assert_eq!((dev.codename.as_str(), last.codename.as_str()), ("development", "final"));
    assert_eq!(dev.opens_at.to_string(), "2026-01-01T00:00:00.000000Z");
    assert_eq!(last.opens_at.to_string(), "2026-06-01T12:00:00.000000Z", "the time of day stays");
    assert_eq!(last.closes_at, None);
    assert_eq!((dev.quota.per_day, dev.quota.total), (Some(5), Some(20)));
    assert_eq!((last.quota.per_day, last.quota.total), (None, Some(100)));
    assert_eq!((dev.limits.seconds, last.limits.seconds), (600, 1_200));
    assert_eq!((&dev.tasks[..], &last.tasks[..]), (&[0][..], &[0, 1][..]));
    let kit = &dev.public_files[0];
    assert_eq!((kit.name.as_str(), &kit.content), ("starting_kit", &Part::File(Bytes::from("{}"))));
    let names: Vec<_> = dev.public_files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["starting_kit", "Hearing scoring_program", "Hearing ingestion_program"]);
    assert_eq!(dev.attributes[1].kind, AnswerKind::One(vec!["A".into(), "B".into()]));
    assert!(dev.attributes[0].is_on_board && dev.attributes[1].is_required);

    let board = &dev.boards[0];
    assert_eq!((board.primary.as_str(), board.audience), ("avg", Audience::Everyone));
    assert_eq!(board.tie_breakers, ["acc", "time"]);
    assert_eq!(dev.final_choice, FinalChoice::Latest);
    let [accuracy, average, time] = &board.metrics[..] else { panic!() };
    assert_eq!((accuracy.spec.decimals, average.spec.decimals), (2, 4));
    assert!(accuracy.spec.higher_is_better && !time.spec.higher_is_better && time.is_hidden);
    let computation = average.computation.as_ref().unwrap();
    assert_eq!(
        (computation.operation, &computation.of[..]),
        (Operation::Mean, &["acc".to_owned(), "time".to_owned()][..])
    );

    let warned = warnings(&read);
    let expected = "competition.yaml:8: docker_image: image codalab/codalab-legacy:py37 not used; scores may differ (python 3.11, numpy 1.26.4)";
    assert!(warned.contains(expected), "{warned}");
}

#[test]
fn what_real_bundles_do_is_taken() {
    // A key twice, a limit of 0, the newest computation, empty lists in phases.
    let config = CONFIG
        .replace("solutions:\n", "solutions: []\nsolutions:\n")
        .replace("max_submissions: 20", "max_submissions: 0\n    solutions: []")
        .replace("computation: avg,", "computation: avg_rank,");
    let read = read_config(&config).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(read.imported.solutions.len(), 1);
    assert_eq!(read.imported.phases[0].quota.total, None);
    let computation = read.imported.phases[0].boards[0].metrics[1].computation.as_ref().unwrap();
    assert_eq!((computation.operation, computation.operation.of(&[1.0])), (Operation::MeanRank, None));
    assert!(warnings(&read).contains("the key \"solutions\" stands twice; this value counts"));
}

#[test]
fn operations_are_what_they_say() {
    let values = [3.0, 1.0, 5.0];
    let of =
        [Operation::Mean, Operation::Sum, Operation::Minimum, Operation::Maximum].map(|one| one.of(&values));
    assert_eq!(of, [Some(3.0), Some(9.0), Some(1.0), Some(5.0)]);
    assert_eq!(Operation::Sum.of(&[]), None);
}

#[test]
fn the_image_is_honoured_where_it_can_be() {
    let runtime = Runtime { takes_images: true, otherwise: String::new() };
    let found = read(&bundle(CONFIG, &[]), &runtime, Bounds::default()).unwrap();
    assert_eq!(warnings(&found), "");
    let gpu = CONFIG.replace("codalab-legacy:py37", "codalab-legacy:gpu310");
    let refused = read(&bundle(&gpu, &[]), &runtime, Bounds::default()).unwrap_err().to_string();
    assert!(refused.contains("docker_image: image codalab/codalab-legacy:gpu310 wants a GPU"), "{refused}");
}

#[test]
fn every_rule_has_its_sentence() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("title: Everyday Sounds\n", "")], "title: This field is required."),
        (&[("image: logo.png\n", "")], "An image for this competition could not be found in the yaml"),
        (
            &[("image: logo.png", "image: none.png")],
            "competition.yaml:5: image: Unable to find image: none.png",
        ),
        (
            &[("terms: terms.md\n", "")],
            "A file containing the terms of this competition has not been supplied in the required location",
        ),
        (&[("terms: terms.md", "terms: none.md")], "Unable to find page: none.md"),
        (&[("terms: terms.md", "terms: empty.md")], "empty.md is empty, it must contain content."),
        (&[("file: overview.html", "file: none.html")], "pages[0].file: Unable to find page: none.html"),
        (&[("file: overview.html", "file: empty.md")], "Page 'empty.md' is empty, it must contain content."),
        (
            &[("tasks:\n  - index: 0\n    name: Hearing", "tasks:\n  - name: Hearing")],
            "ERROR: No index for task: Hearing",
        ),
        (&[("index: 7", "index: 0")], "ERROR: Duplicate task indexes. Index: 0"),
        (
            &[("name: Listening\n    scoring_program: scoring_program.zip", "name: Listening")],
            "ERROR: Task \"Listening\" does not have a scoring program",
        ),
        (
            &[("scoring_program.zip", "none.zip")],
            "tasks[0].scoring_program: Cannot find dataset: \"none.zip\"",
        ),
        (&[("scoring_program.zip", "../scoring.zip")], "../scoring.zip leads out of the bundle"),
        (&[("scoring_program.zip", "kit.ipynb")], "kit.ipynb must be a zip archive or a folder"),
        (
            &[("scoring_program.zip", "48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b")],
            "tasks[0].scoring_program: scoring_program 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b: refers to a file stored on another CodaLab site. Put the file into the bundle.",
        ),
        (
            &[(
                "name: Listening\n    scoring_program: scoring_program.zip",
                "key: 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b",
            )],
            "task 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b: refers to a file",
        ),
        (
            &[("    path: solution/\n", "    key: 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b\n")],
            "solution 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b: refers to a file",
        ),
        (&[("    path: solution/\n", "")], "Solution Baseline missing \"path\""),
        (&[("    tasks:\n      - 0\n    path", "    path")], "Could not find tasks for solution: Baseline"),
        (
            &[("    tasks:\n      - 0\n    path", "    tasks: [3]\n    path")],
            "ERROR: Solution: Baseline missing task index pointers",
        ),
        (
            &[("solutions:\n  - index: 0", "solutions:\n  - number: 0")],
            "ERROR: No index for solution: Baseline",
        ),
        (&[("phases:\n", "stages:\n")], "Unable to find any phases for this competition"),
        (&[("    tasks: [0, 7]\n", "")], "Phases must contain at least one task to be valid"),
        (
            &[("tasks: [0, 7]", "tasks: [0, 8]")],
            "phases[0].tasks[1]: the phase runs task 8, which does not exist",
        ),
        (
            &[("    end: 5-31-2026\n", "")],
            "Phase: Development must have an end time because it has a phase after it.",
        ),
        (
            &[("5-31-2026", "6-30-2026")],
            "Phases must be sequential. Phase: Final starts before Phase: Development has ended",
        ),
        (
            &[("5-31-2026", "2026-06-01 12:00")],
            "Phases dates conflict. Phase: Final should start after Phase: Development has ended",
        ),
        (&[("1-1-2026", "soon")], "phases[1].start: start: must be a time"),
        (&[("    start: 1-1-2026\n", "")], "phases[1]: start: This field is required."),
        (&[("leaderboards:\n", "boards:\n")], "Could not find leaderboards in the competition yaml"),
        (
            &[("title: Results", &format!("title: {}", "R".repeat(65)))],
            "Ensure this field has no more than 64 characters.",
        ),
        (&[("Force_Last", "Force_First")], "submission_rule: \"Force_First\" is not a valid choice."),
        (&[("primary_index: 1", "primary_index: 9")], "no column has the primary index 9"),
        (&[("index: 2, ", "index: 0, ")], "two columns have the index 0"),
        (&[("sorting: asc", "sorting: up")], "sorting: \"up\" is not a valid choice."),
        (&[("computation: avg", "computation: median")], "computation: \"median\" is not a valid choice."),
        (
            &[(", computation_indexes: [\"0\", \"2\"]", "")],
            "Column with computation must have at least 1 column selected for the computation to act upon",
        ),
        (&[("computation: avg, ", "")], "Cannot add computation columns without a computation function set"),
        (
            &[("[\"0\", \"2\"]", "[0, 1]")],
            "Column with index 1 referencing itself. Cannot self-reference, must be other columns.",
        ),
        (&[("[\"0\", \"2\"]", "\"0,5\"")], "is computed of column 5, which does not exist"),
        (
            &[("\"type\": \"text\"", "\"type\": \"number\"")],
            "fact_sheet.code: type: \"number\" is not a valid choice",
        ),
        (
            &[("    \"selection\": \"\",\n", "")],
            "fact_sheet.code: a question of the fact sheet has exactly the keys key, type, title",
        ),
        (
            &[(
                "index: 0\n    name: Development",
                "auto_migrate_to_this_phase: True\n    index: 0\n    name: Development",
            )],
            "the first phase has no phase before it",
        ),
    ];
    for (changes, expected) in cases {
        let found = faults(CONFIG, changes, &[]);
        assert!(found.contains(expected), "{expected}\nnot among\n{found}");
    }
}

#[test]
fn programs_are_looked_at_before_anybody_submits() {
    let program = |files: &[(&str, &[u8])]| faults(CONFIG, &[], &[("scoring_program.zip", &packed(files))]);
    let cases: &[(Files<'_>, &str)] = &[
        (
            &[("score.py", b"")],
            "scoring_program.zip: there is no metadata.yaml with a `command` that runs it",
        ),
        (
            &[("program/metadata", b"command: x")],
            "there is program/metadata: pack the files without their folder",
        ),
        (
            &[("metadata.yaml", b"command: x\ndescription: scores: all of them\n")],
            "scoring_program.zip/metadata.yaml:2: Mapping values are not allowed in this context in line 2, column 20",
        ),
        (&[("metadata", b"description: x\n")], "scoring_program.zip/metadata:1: there is no `command`"),
        (&[("metadata", b"command: ''\n")], "the command is empty"),
        (&[("metadata", b"command: [a, b]\n")], "the command must be a text, not a list"),
        (&[("metadata", b"command: cd /tmp && python3 x.py\n")], "the command is run without a shell"),
        (
            &[("metadata", b"command: python3 $program/none.py\n")],
            "the command runs $program/none.py, which is not in the program",
        ),
        (
            &[
                ("metadata", b"command: python $program/score.py $input\n"),
                ("score.py", b"from lib import f\n"),
                ("lib.py", b"def f():\n\tprint 'a'\n"),
            ],
            "scoring_program.zip/lib.py:2: Python 2 (print statement)",
        ),
        (&[("../score.py", b"")], "scoring_program.zip: the file"),
    ];
    for (files, expected) in cases {
        let found = program(files);
        assert!(found.contains(expected), "{expected}\nnot among\n{found}");
    }
    assert_eq!(program(&[("metadata", b"command: ./run $input\n"), ("run", b"")]), "");
    let twice = faults(
        CONFIG,
        &[],
        &[("ingestion/ingest.py", b"print 'x'\n"), ("solution/metadata.yaml", b"command: [\n")],
    );
    assert!(
        twice.contains("ingestion/ingest.py:1: Python 2") && twice.contains("solution/metadata.yaml:"),
        "{twice}"
    );
}

#[test]
fn what_archives_unpack_to_counts_together() {
    let files = bundle(
        CONFIG,
        &[("scoring_program.zip", &packed(&[("metadata", b"command: x"), ("big", &[0; 5_000])]))],
    );
    let bounds = |bytes| Bounds { bytes, files: 100 };
    let own = files.size_bytes();
    assert!(read(&files, &Runtime::default(), bounds(own + 20_000)).is_ok());
    // The program is named twice, and unpacked for each: the second time it no longer fits.
    let refused = read(&files, &Runtime::default(), bounds(own + 9_000)).unwrap_err().to_string();
    assert!(refused.contains("too large"), "{refused}");
}

#[test]
fn a_preview_tells_of_tasks_and_solutions() {
    let read = read_config(CONFIG).unwrap();
    let preview = crate::Preview::of(&read.imported, &read.findings).to_string();
    for expected in [
        "comes from: Codabench, version 2",
        "Average (ranks, more is better, 4 digits, mean of acc, time); Time (less is better, 2 digits, hidden)",
        "\nTask Hearing\n  description: All of it\n  scores with: python3 $program/score.py $input $output\n",
        "  ingests with: python3 /app/program/ingest.py $input (while scoring)\n",
        "\nSolution Baseline\n  tasks: Hearing\n  files: 1 file, 1 bytes\n",
        "  counts: the latest submission\n",
    ] {
        assert!(preview.contains(expected), "{expected}\nnot in\n{preview}");
    }
}

#[test]
fn what_evalai_can_hold_is_exported() {
    let read = read_config(CONFIG).unwrap();
    let export = crate::evalai::export(&read.imported).unwrap();
    let lost = export.lost.join("\n");
    for expected in
        ["the programs", "the organizers' own solutions", "how columns of Results are computed", "has no end"]
    {
        assert!(lost.contains(expected), "{expected}\nnot among\n{lost}");
    }
    let again = crate::evalai::read(&export.files, crate::evalai::Door::Workflow, Bounds::default());
    let again = again.unwrap_or_else(|findings| panic!("{findings}")).imported;
    let windows = |challenge: &crate::ImportedChallenge| -> Vec<_> {
        challenge
            .phases
            .iter()
            .map(|phase| (phase.title.clone(), phase.opens_at, phase.quota.total))
            .collect()
    };
    assert_eq!(windows(&again), windows(&read.imported));
    assert_eq!(again.phases[0].boards[0].primary, "avg");
}
