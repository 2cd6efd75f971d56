//! Versions 1 and 1.5.

use super::*;

pub(super) const CONFIG: &str = r#"title: Old Sounds
description: From before
image: logo.png
has_registration: True
force_submission_to_leaderboard: True
end_date: 2026-12-31
allow_teams: True
html:
    overview: overview.html
    terms: terms.md
phases:
    1:
        phasenumber: 1
        label: "Development"
        start_date: 2026-01-01 00:00:00
        max_submissions: 30
        max_submissions_per_day: 3
        scoring_program: scoring_program.zip
        reference_data: reference.zip
        input_data: input.zip
        color: blue
    2:
        phasenumber: 2
        label: "Evaluation"
        start_date: 2026-06-01
        scoring_program: scoring_program.zip
        reference_data: reference
        auto_migration: True
        execution_time_limit: 300
leaderboard:
    leaderboards:
        Results: &RESULTS
            label: RESULTS
            rank: 1
    columns:
        error:
            leaderboard: *RESULTS
            label: Error
            rank: 3
            sort: asc
            numeric_format: 4
        f1:
            leaderboard: {label: results}
            label: F1
            rank: 2
        mean:
            leaderboard: *RESULTS
            label: Mean
            rank: 1
            computed:
                operation: Avg
                fields: f1, error
        elsewhere:
            leaderboard: {label: other}
            label: Elsewhere
"#;

#[test]
fn a_whole_bundle_becomes_a_challenge() {
    let read = read_config(CONFIG).unwrap_or_else(|findings| panic!("{findings}"));
    let challenge = &read.imported;
    assert_eq!(challenge.origin, Origin::CodaLab15);
    assert!(challenge.entry.needs_approval);
    assert_eq!((challenge.pages.len(), challenge.terms.text.as_str()), (1, "# Terms"));
    let [dev, last] = &challenge.phases[..] else { panic!() };
    assert_eq!(
        dev.closes_at.unwrap().to_string(),
        "2026-05-31T00:00:00.000000Z",
        "a day before the next begins"
    );
    assert_eq!(last.closes_at.unwrap().to_string(), "2026-12-31T00:00:00.000000Z");
    assert_eq!((dev.quota.per_day, dev.quota.total), (Some(3), Some(30)));
    assert_eq!((last.quota.per_day, last.quota.total), (Some(5), Some(100)));
    assert_eq!((last.limits.seconds, &last.tasks[..]), (300, &[1][..]));
    let Program::Commands { tasks } = &challenge.program else { panic!() };
    assert_eq!(tasks[0].name, "Development Task");
    assert!(
        tasks[0].reference_data.is_some() && tasks[0].input_data.is_some() && tasks[1].input_data.is_none()
    );

    let board = &last.boards[0];
    assert_eq!((board.title.as_str(), board.wire_name.as_str()), ("RESULTS", "Results"));
    let names: Vec<_> = board.metrics.iter().map(|metric| metric.spec.name.as_str()).collect();
    assert_eq!(names, ["mean", "f1", "error"], "in the order of their ranks, those of the leaderboard only");
    assert_eq!(board.primary, "mean");
    assert_eq!(board.metrics[0].computation.as_ref().unwrap().of, ["f1", "error"]);
    assert_eq!((board.metrics[2].spec.decimals, board.metrics[2].spec.higher_is_better), (4, false));
    assert_eq!(board.metrics[1].spec.decimals, 2);

    let warned = warnings(&read);
    for expected in [
        "image codalab/codalab-legacy:py37 not used",
        "auto_migration: submissions of the phase before are not taken over",
        "allow_teams is not used: teams are always allowed",
    ] {
        assert!(warned.contains(expected), "{expected}\nnot among\n{warned}");
    }
}

#[test]
fn the_parent_of_parallel_phases_is_left_out() {
    let config = CONFIG.replace("phasenumber: 1\n", "phasenumber: 1\n        is_parallel_parent: True\n");
    let read = read_config(&config).unwrap();
    assert_eq!(read.imported.phases.len(), 1);
    assert!(warnings(&read).contains("phases.1: the parent of parallel phases is left out"));
}

#[test]
fn a_phase_of_less_than_a_day_ends_when_the_next_begins() {
    let read = read_config(&CONFIG.replace("2026-06-01\n", "2026-01-01 12:00:00\n")).unwrap();
    assert_eq!(read.imported.phases[0].closes_at.unwrap().to_string(), "2026-01-01T11:59:59.000000Z");
}

#[test]
fn every_rule_has_its_sentence() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("html:\n", "pages:\n")], "HTML pages could not be found in the yaml file"),
        (
            &[("    terms: terms.md\n", "")],
            "A file containing the terms of the competition could not be located for this competition",
        ),
        (&[("overview.html", "none.html")], "html.overview: Could not find file for page: overview"),
        (&[("phases:\n", "stages:\n")], "No phases could be found for this competition"),
        (&[("label: \"Evaluation\"", "name: Evaluation")], "phases.2: label: This field is required."),
        (&[("        start_date: 2026-06-01\n", "")], "phases.2: start_date: This field is required."),
        (&[("start_date: 2026-06-01", "start_date: 2025-06-01")], "Phase: Development ends before it starts"),
        (
            &[("        scoring_program: scoring_program.zip\n", "")],
            "phases.1: ERROR: Task \"Development Task\" does not have a scoring program",
        ),
        (
            &[("reference_data: reference.zip", "reference_data: 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b")],
            "reference_data 48192f5a-0e2b-4a62-8c39-9a1d5e6f7a8b: refers to a file stored on another CodaLab site.",
        ),
        (
            &[("leaderboard:\n    leaderboards", "board:\n    leaderboards")],
            "Could not find leaderboard in the competition yaml",
        ),
        (
            &[("    leaderboards:\n", "    boards:\n")],
            "Could not find leaderboards declared on the competition leaderboard",
        ),
        (
            &[("    columns:\n", "    rows:\n")],
            "Could not find columns declared on the competition leaderboard",
        ),
        (
            &[("operation: Avg", "operation: Rank")],
            "leaderboard.columns.mean.computed: operation: \"Rank\" is not a valid choice",
        ),
        (
            &[("fields: f1, error", "fields: f1, recall")],
            "is computed of column recall, which does not exist",
        ),
        (&[("fields: f1, error", "fields: mean")], "Column with index 0 referencing itself."),
        (&[("sort: asc", "sort: up")], "sort: \"up\" is not a valid choice."),
    ];
    for (changes, expected) in cases {
        let found = faults(CONFIG, changes, &[]);
        assert!(found.contains(expected), "{expected}\nnot among\n{found}");
    }
}
