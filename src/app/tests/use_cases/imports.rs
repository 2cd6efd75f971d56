//! Bundles of other systems: refused whole, made drafts, changed by the same bundle again.

use bundles::FileTree;
use bytes::Bytes;
use domain::Actor;
use heldout_app::challenges::detail::read_challenge;
use heldout_app::challenges::import::{
    BundleDoor, BundleRuntime, ReadBundle, import_challenge, read_bundle, read_import,
};
use heldout_app::challenges::publish::publish_challenge;
use heldout_app::phases::annotations::list_annotations;
use heldout_app::phases::list_phases;
use heldout_app::{Code, Outcome};
use test_support::TestDatabase;

use crate::bench::Bench;

test_support::both_databases!(
    a_bundle_becomes_a_draft_and_changes_it_when_it_comes_again,
    a_bundle_is_refused_whole,
    the_source_of_others_is_closed,
);

const CONFIG: &str = r#"title: Moments
short_description: Find it
description: description.html
evaluation_details: details.html
terms_and_conditions: terms.html
submission_guidelines: guidelines.html
image: logo.jpg
evaluation_script: evaluation_script.zip
start_date: 2026-01-01 00:00:00
end_date: 2026-09-30 23:59:59
prizes:
  - {rank: 1, amount: 500.50EUR, description: A trip}
leaderboard:
  - id: 1
    schema: {"labels": ["Recall", "Error"], "default_order_by": "Recall",
             "metadata": {"Recall": {"sort_ascending": False}, "Error": {"sort_ascending": True}}}
challenge_phases:
  - id: 7
    name: Development
    description: phase.html
    leaderboard_public: True
    is_public: True
    start_date: 2026-01-01 00:00:00
    end_date: 2026-06-30 00:00:00
    test_annotation_file: truth.json
    codename: dev
    max_submissions_per_day: 5
    max_submissions_per_month: 50
    max_submissions: 100
dataset_splits:
  - {id: 1, name: Seen, codename: seen_split}
  - {id: 2, name: Unseen, codename: unseen_split}
challenge_phase_splits:
  - {challenge_phase_id: 7, leaderboard_id: 1, dataset_split_id: 1, visibility: 3,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
  - {challenge_phase_id: 7, leaderboard_id: 1, dataset_split_id: 2, visibility: 1,
     leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
"#;

pub(crate) fn bundle(change: impl Fn(String) -> String) -> Bytes {
    let page = |name: &str| {
        (format!("{name}.html"), Bytes::from(format!("<p>About <b>{name}</b></p><script>x()</script>")))
    };
    let script = FileTree::of([
        ("__init__.py".to_owned(), "from .main import evaluate\n".into()),
        ("main.py".to_owned(), "def evaluate(a, b, c, **kwargs):\n    return {'result': []}\n".into()),
    ]);
    let files = ["description", "details", "terms", "guidelines", "phase"].map(page).into_iter().chain([
        ("challenge_config.yaml".to_owned(), Bytes::from(change(CONFIG.to_owned()))),
        ("logo.jpg".to_owned(), Bytes::from_static(b"\xff\xd8\xff")),
        ("truth.json".to_owned(), Bytes::from_static(b"{\"held\": \"out\"}")),
        ("evaluation_script.zip".to_owned(), script.to_zip().unwrap().into()),
    ]);
    FileTree::of(files).to_zip().unwrap().into()
}

pub(crate) async fn read(archive: Bytes) -> Outcome<ReadBundle> {
    read_bundle(BundleRuntime::default(), "bundle.zip", archive, BundleDoor::Workflow).await
}

async fn a_bundle_becomes_a_draft_and_changes_it_when_it_comes_again(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |draft| draft.slug = domain::Slug::parse("moments").unwrap()).await;
    let read_first = read(bundle(|config| config)).await.unwrap();
    let first = import_challenge(&bench.app, &owner, &read_first, None).await.unwrap();
    // The address that the title would have is taken.
    assert_eq!((first.is_new, first.slug.as_str()), (true, "moments-2"));
    assert_eq!(
        read_challenge(&bench.app, &Actor::Anonymous, "moments-2").await.unwrap_err().code,
        Code::NotFound
    );

    let found = read_challenge(&bench.app, &owner, "moments-2").await.unwrap();
    let text = &found.challenge.description;
    assert!(text.starts_with("About **description**") && text.contains("1. 500.50EUR A trip"), "{text}");
    assert!(!text.contains("x()"), "{text}");
    let phases = list_phases(&bench.app, &owner, "moments-2").await.unwrap();
    let phase = &phases[0].phase;
    assert_eq!((phase.codename.as_str(), phase.evaluator.as_str()), ("dev", "program"));
    assert_eq!(phase.params.0["phase"], "dev");
    assert_eq!(
        (phase.quota().per_day, phase.quota().per_month, phase.quota().total),
        (Some(5), Some(50), Some(100))
    );
    let versions = list_annotations(&bench.app, &owner, "moments-2", "dev").await.unwrap();
    let names: Vec<&str> = versions[0].tables.0.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["main", "program", "truth"]);
    assert_eq!(versions[0].tables.0[2].file_name, "truth.json");
    let metrics: Vec<_> =
        versions[0].metrics.0.iter().map(|metric| (metric.name.as_str(), metric.higher_is_better)).collect();
    assert_eq!(metrics, [("Recall", true), ("Error", false)]);
    let parts = read_import(&bench.app, &owner, "moments-2").await.unwrap().unwrap().parts.0;
    let boards: Vec<_> =
        parts.phases[0].boards.iter().map(|board| (board.wire_name.as_str(), board.visibility)).collect();
    assert_eq!((parts.phases[0].config_id, boards), (7, vec![("seen_split", 3), ("unseen_split", 1)]));

    // The same again changes nothing but says so; a newer one changes what it says, also what is measured.
    let again = import_challenge(&bench.app, &owner, &read_first, None).await.unwrap();
    assert_eq!((again.is_new, again.id), (false, first.id));
    assert_eq!(list_annotations(&bench.app, &owner, "moments-2", "dev").await.unwrap().len(), 1);
    let newer = bundle(|config| {
        config
            .replace("name: Development", "name: Training")
            .replace("\"Error\"", "\"Loss\"")
            .replace("_day: 5", "_day: 3")
    });
    let newer = read(newer).await.unwrap();
    import_challenge(&bench.app, &owner, &newer, None).await.unwrap();
    let phases = list_phases(&bench.app, &owner, "moments-2").await.unwrap();
    assert_eq!((phases[0].phase.title.as_str(), phases[0].phase.quota().per_day), ("Training", Some(3)));
    let versions = list_annotations(&bench.app, &owner, "moments-2", "dev").await.unwrap();
    assert_eq!((versions.len(), versions[1].metrics.0[1].name.as_str()), (2, "Loss"));

    // Once it is published, what teams rely on may not disappear.
    publish_challenge(&bench.app, &owner, "moments-2").await.unwrap();
    let fewer = bundle(|config| {
        let cut = config.find("  - {challenge_phase_id: 7, leaderboard_id: 1, dataset_split_id: 2").unwrap();
        config[..cut].to_owned()
    });
    let fewer = read(fewer).await.unwrap();
    let refusal = import_challenge(&bench.app, &owner, &fewer, None).await.unwrap_err();
    assert_eq!(refusal.code, Code::BundleInvalid);
    assert!(refusal.errors[0].detail.contains("Deletion of challenge phase split"), "{refusal:?}");
}

async fn a_bundle_is_refused_whole(database: TestDatabase) {
    let _bench = Bench::new(database);
    let wrong = bundle(|config| {
        config
            .replace("default_order_by\": \"Recall", "default_order_by\": \"Total")
            .replace("truth.json", "gone.json")
    });
    let refusal = read(wrong).await.unwrap_err();
    assert_eq!(refusal.code, Code::BundleInvalid);
    let fields: Vec<&str> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(refusal.errors.len(), 2, "{refusal:?}");
    assert!(fields.iter().all(|field| field.starts_with("challenge_config.yaml:")), "{fields:?}");
    let details: Vec<&str> = refusal.errors.iter().map(|error| error.detail.as_str()).collect();
    assert!(details.iter().any(|detail| detail.contains("is not a valid label")), "{details:?}");

    assert_eq!(read(Bytes::from_static(b"no archive")).await.unwrap_err().code, Code::BundleInvalid);
    let empty = FileTree::of([("readme.txt".to_owned(), "".into())]).to_zip().unwrap();
    assert_eq!(read(empty.into()).await.unwrap_err().code, Code::BundleInvalid);
}

async fn the_source_of_others_is_closed(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, stranger) = (bench.person("owner").await, bench.person("stranger").await);
    let bundle = read(bundle(|config| config)).await.unwrap();
    let source = || Some("github:lab/moments".to_owned());
    let first = import_challenge(&bench.app, &owner, &bundle, source()).await.unwrap();
    let refusal = import_challenge(&bench.app, &stranger, &bundle, source()).await.unwrap_err();
    assert_eq!(refusal.code, Code::NotFound);
    publish_challenge(&bench.app, &owner, first.slug.as_str()).await.unwrap();
    let refusal = import_challenge(&bench.app, &stranger, &bundle, source()).await.unwrap_err();
    assert_eq!(refusal.code, Code::Forbidden);
    // A bundle of one's own is another challenge.
    let own = import_challenge(&bench.app, &stranger, &bundle, None).await.unwrap();
    assert!(own.is_new && own.id != first.id);
    assert_eq!(
        import_challenge(&bench.app, &Actor::Anonymous, &bundle, None).await.unwrap_err().code,
        Code::NotSignedIn
    );
}
