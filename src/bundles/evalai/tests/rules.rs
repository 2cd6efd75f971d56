//! Every rule of the validator, broken once.

use super::faults;

#[test]
fn every_rule_has_its_sentence_and_its_place() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("title: Moments in Everyday Videos\n", "")], ":3: Please add the challenge title"),
        (&[("title: Moments", "title: \"\" # Moments")], "Please add the challenge title"),
        (
            &[("Moments in Everyday Videos", &"x".repeat(101))],
            "title: ERROR: Unable to serialize the challenge because of the following errors: title: Ensure this field \
             has no more than 100 characters.",
        ),
        (&[("description: templates/description.html\n", "")], "Please add the challenge description"),
        (
            &[("evaluation_details: templates/evaluation_details.html\n", "")],
            "Please add the evaluation details",
        ),
        (
            &[("terms_and_conditions: templates/", "terms_and_conditions: # ")],
            "Please add the terms and conditions.",
        ),
        (
            &[("templates/submission_guidelines.html", "none.html")],
            "File at path submission_guidelines not found. Please specify a valid file path",
        ),
        (&[("templates/description.html", "../description.html")], "File at path description not found."),
        (
            &[("templates/description.html", "note.txt")],
            "File description is not a HTML file. Please specify a valid HTML file",
        ),
        (
            &[("evaluation_script: evaluation_script.zip\n", "")],
            "ERROR: There is no key for the evaluation script in the YAML file. Please add it and then try again!",
        ),
        (
            &[("evaluation_script.zip", "script.zip")],
            "ERROR: No evaluation script is present in the zip file. Please add it and then try again!",
        ),
        (&[("evaluation_script.zip", "note.txt")], "ERROR: Please pass in a zip file as evaluation script."),
        (&[("start_date: 2026-01-01 00:00:00\n", "")], "ERROR: Please add the start_date and end_date."),
        (
            &[("2026-01-01 00:00:00", "2027-01-01 00:00:00")],
            "start_date: ERROR: Start date cannot be greater than end date.",
        ),
        (&[("2026-01-01 00:00:00", "soon")], "start_date: must be a time"),
        (
            &[("is_docker_based: False", "is_docker_based: True")],
            "is_docker_based: This challenge takes Docker images; this server evaluates prediction files. Set is_docker_based: False.",
        ),
        (
            &[("[video, language]", "[a, b, c, d, e]")],
            "tags: ERROR: Tags are limited to 4. Please remove extra tags then try again!",
        ),
        (
            &[("domain: CV", "domain: Video")],
            "ERROR: Domain name is incorrect. Please enter correct domain name then try again!",
        ),
        (&[("rank: 2", "rank: 1")], "ERROR: Duplicate rank 1 found in YAML data."),
        (
            &[("rank: 2", "rank: 0")],
            "prizes[0].rank: ERROR: Invalid rank value 0. Rank should be an integer.",
        ),
        (
            &[("amount: 100USD", "amount: $100")],
            "ERROR: Invalid amount value $100. Amount should be in decimal format",
        ),
        (&[("    amount: 100USD\n", "")], "ERROR: Prize rank or amount not found in YAML data."),
        (&[(", website: \"https://lab.example\"", "")], "ERROR: Sponsor name or url not found in YAML data."),
        (
            &[("  - id: 1\n    schema", "  - schema")],
            "ERROR: There is no leaderboard ID for the leaderboard.",
        ),
        (
            &[("    schema:\n", "    scheme:\n")],
            "leaderboard[0]: ERROR: There is no leaderboard schema for the leaderboard with ID: 1.",
        ),
        (
            &[("\"labels\"", "\"label\"")],
            "ERROR: There is no 'labels' key in the schema for the leaderboard with ID: 1.",
        ),
        (
            &[("\"default_order_by\"", "\"order_by\"")],
            "ERROR: There is no 'default_order_by' key in the schema for the leaderboard with ID: 1.",
        ),
        (
            &[("\"default_order_by\": \"Total\"", "\"default_order_by\": \"Sum\"")],
            "challenge_config.yaml:40: leaderboard[0].schema.default_order_by: ERROR: The 'default_order_by' value 'Sum' in the schema for the leaderboard with ID: 1 is not a valid label.",
        ),
        (
            &[("leaderboard:\n", "boards:\n")],
            "ERROR: There is no key for the leaderboard in the YAML file. Please add it and then try again!",
        ),
        (
            &[("challenge_phases:\n", "phases:\n")],
            "ERROR: No challenge phase key found. Please add challenge phases in the YAML file and try again!",
        ),
        (
            &[("    codename: dev\n", "")],
            "challenge_phases[0]: ERROR: No codename found for the challenge phase. Please add a codename and try again!",
        ),
        (
            &[("codename: Test Phase", "codename: dev")],
            "ERROR: Duplicate codename dev for phase Test Phase. Please ensure codenames are unique",
        ),
        (
            &[("annotations/dev.json", "annotations/none.json")],
            "ERROR: No test annotation file found in the zip file for challenge phase Dev Phase",
        ),
        (
            &[("    description: a plain text\n", "")],
            " ERROR: There is no key for description in phase Test Phase.",
        ),
        (
            &[(
                "is_restricted_to_select_one_submission: False",
                "is_restricted_to_select_one_submission: True",
            )],
            "ERROR: is_submission_public can't be 'True' for challenge phase 'Dev Phase' with is_restricted_to_select_one_submission 'True'.",
        ),
        (
            &[("    end_date: 9-30-2026\n", "")],
            "ERROR: Please add the start_date and end_date in challenge phase 2.",
        ),
        (
            &[("9-30-2026", "1-1-2026")],
            "ERROR: Start date cannot be greater than end date in challenge phase 2.",
        ),
        (&[("9-30-2026", "2026-06-05 00:00:00")], "challenge phase 2 ends when it starts"),
        (
            &[("description: Was other data used?\n        ", "")],
            "ERROR: Please enter the following fields for the submission meta attribute in challenge phase 1: description",
        ),
        (
            &[("type: boolean", "type: number")],
            "ERROR: Please ensure that the submission meta attribute types for the attribute 'number' in challenge phase 1 are among the following: boolean, text, radio, or checkbox.",
        ),
        (
            &[("        options: [\"A\", \"B\"]\n", "")],
            "ERROR: Please include at least one option in the attribute for challenge phase 1",
        ),
        (
            &[("max_submissions: 10", "max_submissions: ten")],
            "challenge_phases[1].max_submissions: ERROR: Challenge phase 2 has the following schema errors:\n max_submissions: A valid integer is required.",
        ),
        (
            &[("max_submissions: 10", "max_submissions: -1")],
            "Ensure this value is greater than or equal to 0.",
        ),
        (
            &[("leaderboard_public: True", "leaderboard_public: maybe")],
            "leaderboard_public: Must be a valid boolean.",
        ),
        (&[("  - id: 2\n    name", "  - id: 1\n    name")], "ERROR: Two challenge phases have the ID: 1."),
        (&[("dataset_splits:\n", "splits:\n")], "ERROR: There is no key for dataset splits."),
        (&[("name: Test Split, ", "")], "ERROR: There is no name for dataset split 2."),
        (&[(", codename: test_split", "")], "ERROR: There is no codename for dataset split 2."),
        (
            &[("codename: test_split", "codename: train_split")],
            "ERROR: Duplicate codename train_split for dataset split Test Split. Please ensure codenames are unique.",
        ),
        (
            &[("challenge_phase_splits:\n", "phase_splits:\n")],
            "ERROR: There is no key for challenge phase splits.",
        ),
        (
            &[("    visibility: 1\n    leaderboard_decimal_precision: 2\n", "")],
            "ERROR: The following keys are missing in the challenge phase splits of YAML file (phase_split: 1): leaderboard_decimal_precision, visibility",
        ),
        (
            &[("dataset_split_id: 2", "dataset_split_id: 7")],
            "ERROR: Invalid dataset split id 7 found in challenge phase split 3.",
        ),
        (
            &[("leaderboard_id: 1", "leaderboard_id: 7")],
            "ERROR: Invalid leaderboard id 7 found in challenge phase split 1.",
        ),
        (
            &[("challenge_phase_id: 1", "challenge_phase_id: 7")],
            "ERROR: Invalid phased id 7 found in challenge phase split 1.",
        ),
        (
            &[("visibility: 3", "visibility: 4")],
            "ERROR: Challenge phase split 2 has the following schema errors:\n visibility: \"4\" is not a valid choice.",
        ),
        (
            &[("dataset_split_id: 2", "dataset_split_id: 1")],
            "ERROR: Duplicate combinations of leaderboard_id 1, challenge_phase_id 2 and dataset_split_id 1 found in challenge phase splits.",
        ),
        (
            &[("title: Moments", "title: Moments: all")],
            "challenge_config.yaml:3: Mapping values are not allowed in this context in line 3, column",
        ),
    ];
    for (changes, expected) in cases {
        let found = faults(changes);
        assert!(found.contains(expected), "{expected}\nnot among\n{found}");
    }
}
