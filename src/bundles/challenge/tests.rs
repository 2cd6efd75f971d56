use super::*;

const WHOLE: &str = r#"
slug = "ego-moments-2026"
title = "Ego moments"
summary = "Find the moment."
description = "Text."
series = "ego-moments"
edition = "2026"
team_max_size = 6
tags = ["Egocentric_Video", "ego centric"]
terms = "Be fair."
publish = true

[[phase]]
codename = "test"
title = "Test"
evaluator = "ego4d/mq"
mode = "strict"
opens_at = 2026-03-01T00:00:00Z
closes_at = "2026-05-31"
final_choice = "chosen"
leaderboard_public = false
params = { thresholds = [0.1, 0.5], top = 5 }
quota = { per_day = 5, total = 50 }
limits = { seconds = 60 }
ranking = { primary = "mAP", tie_breakers = ["recall"], decimals = 2 }

[phase.framing]
unit = "segment"
label_source = "closed_list"
label_count = 110
perspective = "third_party_annotator"
stated_goal = "Find the moment."
unscoreable = ["too_short"]

[phase.framing.decision]
authority_basis = "ownership"
decided_at = "2026-02-01T00:00:00Z"
parties = [{ role = "annotator", involvement = "informed" }]

[phase.annotations]
main = "truth.json"
items = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

[[phase.attribute]]
name = "external_data"
label = "External data?"
type = "choice"
choices = ["none", "public"]
required = true

[[phase.split]]
codename = "public"
visibility = "public"
rule = { by = "hash", percent = 30, side = "inside" }

[[phase.split]]
codename = "cooking"
visibility = "private"
rule = { by = "attribute", attribute = "activity", values = ["cooking"] }
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("truth.json"), "{}").unwrap();
    folder
}

fn faults(text: &str) -> String {
    match BundleFolder::parse(text, folder().path()) {
        Err(BundleError::Invalid { faults, .. }) => {
            let lines = faults
                .iter()
                .map(|fault| format!("{} {}: {}\n", fault.position.unwrap().line, fault.key, fault.message));
            lines.collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_that_can_be_said_is_read() {
    let folder = folder();
    let bundle = BundleFolder::parse(WHOLE, folder.path()).unwrap();
    assert!(bundle.publish);
    assert_eq!(bundle.bundle.challenge.team_max_size, Some(6));
    let tags: Vec<&str> = bundle.bundle.challenge.tags.iter().map(domain::Tag::as_str).collect();
    assert_eq!(tags, ["ego-centric", "egocentric-video"]);
    let phase = &bundle.bundle.phases[0];
    assert_eq!(phase.draft.closes_at.unwrap().to_string(), "2026-06-01T12:00:00.000000Z");
    assert_eq!(phase.draft.params["thresholds"], serde_json::json!([0.1, 0.5]));
    assert_eq!((phase.draft.quota.per_day, phase.draft.quota.per_month), (Some(5), None));
    assert_eq!((phase.draft.limits.seconds, phase.draft.limits.memory_mib), (60, 4096));
    assert_eq!(phase.draft.splits.len(), 2);
    let tables: Vec<_> = phase
        .annotations
        .iter()
        .map(|table| (table.table.as_str(), table.file.as_str(), table.digest))
        .collect();
    assert_eq!(tables, [("main", "truth.json", None), ("items", "", Some(domain::Digest::of(b"abc")))]);
}

#[test]
fn what_is_written_reads_back_the_same() {
    let folder = folder();
    let bundle = BundleFolder::parse(WHOLE, folder.path()).unwrap();
    let copy = tempfile::tempdir().unwrap();
    std::fs::write(copy.path().join("truth.json"), "{}").unwrap();
    for (name, text) in bundle.to_files().unwrap() {
        std::fs::write(copy.path().join(name), text).unwrap();
    }
    let read = BundleFolder::read(copy.path()).unwrap();
    assert_eq!((read.bundle, read.publish), (bundle.bundle, bundle.publish));
}

#[test]
fn a_small_phase_scores_everything() {
    let text = "slug = 'a'\ntitle = 'A'\n[[phase]]\ncodename = 'test'\ntitle = 'T'\nevaluator = 'x'\nopens_at = '2026-03-01'\n";
    let bundle = BundleFolder::parse(text, Path::new(".")).unwrap();
    let draft = &bundle.bundle.phases[0].draft;
    assert_eq!(draft.splits[0].codename.as_str(), "all");
    assert_eq!(draft.opens_at.to_string(), "2026-03-01T12:00:00.000000Z", "begun everywhere on earth");
    assert!(draft.leaderboard_public && !bundle.publish);
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let text = r#"slug = "Ego"
titel = "A"
team_max_size = -1
terms_file = "none.md"

[[phase]]
codename = "test"
title = 3
evaluator = "x"
opens_at = "soon"
mode = "lax"

[phase.quota]
per_day = "five"
per_fortnight = 3

[phase.annotations]
main = "absent.json"

[[phase.attribute]]
name = "data"
type = "choice"

[[phase.split]]
codename = "public"
visibility = "all"
rule = { by = "hash", side = "left" }

[[phase]]
"#;
    let found = faults(text);
    let lines: Vec<&str> = found.lines().collect();
    for expected in [
        "1 slug: must be lower-case letters",
        "1 (document): `title` is missing",
        "2 titel: is not known here; known are slug, title,",
        "3 team_max_size: must be a whole number that is not negative, not integer",
        "4 terms_file: cannot read",
        "8 phase[0].title: must be a text, not integer",
        "10 phase[0].opens_at: must be an RFC 3339 time",
        "11 phase[0].mode: must be strict or reference",
        "14 phase[0].quota.per_day: must be a whole number",
        "15 phase[0].quota.per_fortnight: is not known here; known are per_day,",
        "18 phase[0].annotations.main: there is no file",
        "22 phase[0].attribute[0].type: needs `choices` beside it",
        "26 phase[0].split[0].visibility: must be public or private",
        "27 phase[0].split[0].rule.side: must be inside or outside",
        "27 phase[0].split[0].rule: `percent` is missing",
        "29 phase[1]: `codename` is missing",
        "29 phase[1]: `opens_at` is missing",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{expected}\nnot among\n{found}");
    }
}

#[test]
fn parts_that_contradict_each_other_are_refused() {
    let text = "slug = 'a'\ntitle = 'A'\n[[phase]]\ncodename = 'test'\ntitle = 'T'\nevaluator = 'x'\nopens_at = '2026-03-02'\ncloses_at = '2026-03-01'\n";
    assert_eq!(faults(text), "8 phase[0].closes_at: must be later than opens_at\n");
    assert!(faults("slug = [").starts_with("1 (syntax): "), "{}", faults("slug = ["));
}
