use domain::split::{HashSide, SplitRule};

use super::*;

const WHOLE: &str = r#"
[challenge]
slug = "kitchen-2026"
title = "Kitchen"
description_file = "page.md"
team_max_size = 5

[[phases]]
codename = "test"
title = "Test"
evaluator = "ego4d_nlq"
opens_at = 2026-03-01T00:00:00Z
closes_at = 2026-05-31
quota = { per_day = 5 }
ranking = { tie_breakers = ["R1@0.5"] }
splits = [
    { codename = "public", visibility = "public", rule = { by = "hash", percent = 30, side = "inside" } },
    { codename = "all", visibility = "private", rule = { by = "all" } },
]
attributes = [{ name = "frames", type = "integer" }]
annotations = { items = "truth/items.csv", main = "truth/test.json" }

[phases.params]
thresholds = [0.3, 0.5]
"#;

fn parse(text: &str) -> Result<ChallengeBundle, BundleFaults> {
    ChallengeBundle::parse_toml(text, &mut |path| match path {
        "page.md" => Ok("# Kitchen".to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    })
}

#[test]
fn a_document_with_files_beside_it_is_a_challenge() {
    let bundle = parse(WHOLE).unwrap();
    assert_eq!(bundle.challenge.description, "# Kitchen");
    let [phase] = bundle.phases.as_slice() else { panic!("{:?}", bundle.phases) };
    assert_eq!(phase.draft.closes_at.unwrap().to_string(), "2026-06-01T12:00:00.000000Z");
    assert_eq!(phase.draft.splits[0].rule, SplitRule::Hash { percent: 30, side: HashSide::Inside });
    assert!(phase.draft.leaderboard_public);
    let tables: Vec<_> = phase.annotations.iter().map(|file| file.table.as_str()).collect();
    assert_eq!(tables, ["main", "items"]);
}

#[test]
fn what_is_written_reads_back() {
    let bundle = parse(WHOLE).unwrap();
    assert_eq!(ChallengeBundle::parse_json(bundle.to_json()).unwrap(), bundle);
}

#[test]
fn every_fault_is_named_with_its_key() {
    let text = r#"
[challenge]
slug = "Not a slug"
titel = "Kitchen"
terms_file = "missing.md"

[[phases]]
codename = "test"
title = "Test"
evaluator = "ego4d_nlq"
opens_at = "soon"
quota = { per_day = "five" }
splits = [{ codename = "all", visibility = "hidden", rule = { by = "all" } }]
annotations = { main = "../other/truth.json" }

[[phases]]
codename = "dev"
title = "Dev"
evaluator = "ego4d_nlq"
opens_at = 2026-03-01T00:00:00Z
splits = []
"#;
    let faults = parse(text).unwrap_err();
    let paths: Vec<_> = faults.0.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "challenge.slug",
            "challenge.title",
            "challenge.terms_file",
            "challenge.titel",
            "phases[0].opens_at",
            "phases[0].quota",
            "phases[0].splits[0]",
            "phases[0].annotations.main",
            "phases[1].splits",
        ],
        "{faults}"
    );
}

#[test]
fn what_is_no_document_at_all_is_said_so() {
    assert!(parse("[challenge").unwrap_err().to_string().contains("is not TOML"));
    assert_eq!(parse("").unwrap_err().to_string(), "challenge is missing");
    assert!(ChallengeBundle::parse_json(serde_json::json!([])).is_err());
}
