//! Challenges as bundles of EvalAI: what is imported again is what was exported.

use bundles::{Bounds, ChallengeBundle, FileTree};
use domain::challenge::ChallengeDraft;
use domain::split::SplitRule;
use domain::{Actor, Slug, Timestamp, Title};
use heldout_app::Code;
use heldout_app::challenges::export::{export_as_evalai, export_challenge};
use heldout_app::challenges::import::import_challenge;
use heldout_app::challenges::update::{ChallengeChange, update_challenge};
use heldout_app::phases::update::{PhaseChange, update_phase};
use test_support::TestDatabase;

use crate::bench::{Bench, attribute, split};
use crate::imports::{bundle, read};

test_support::both_databases!(
    what_came_as_a_bundle_leaves_as_one,
    what_was_made_here_leaves_without_its_evaluator,
    annotations_leave_only_when_they_are_asked_for,
);

/// The challenge but for its address.
async fn document(bench: &Bench, owner: &Actor, slug: &str) -> ChallengeBundle {
    let document = export_challenge(&bench.app, owner, slug).await.unwrap();
    let challenge = ChallengeDraft { slug: Slug::parse("any").unwrap(), ..document.challenge };
    ChallengeBundle { challenge, ..document }
}

/// Exports a challenge with its annotations and imports that as another one; its address, and what was lost.
async fn copied(bench: &Bench, owner: &Actor, slug: &str) -> (Slug, Vec<String>) {
    let export = export_as_evalai(&bench.app, owner, slug, true).await.unwrap();
    let again = read(export.archive.into()).await.unwrap();
    let made = import_challenge(&bench.app, owner, &again, Some(format!("copy of {slug}"))).await.unwrap();
    (made.slug, export.lost)
}

async fn what_came_as_a_bundle_leaves_as_one(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let came = read(bundle(|config| config)).await.unwrap();
    import_challenge(&bench.app, &owner, &came, None).await.unwrap();
    let (copy, lost) = copied(&bench, &owner, "moments").await;
    assert!(lost.is_empty(), "{lost:?}");
    assert_eq!(document(&bench, &owner, copy.as_str()).await, document(&bench, &owner, "moments").await);

    // What is changed here leaves as well.
    let title = Some(Title::parse("Moments, again").unwrap());
    let change = ChallengeChange { title, ..ChallengeChange::default() };
    update_challenge(&bench.app, &owner, "moments", change).await.unwrap();
    let closes_at = Some(Some(Timestamp::parse("2026-08-01T00:00:00Z").unwrap()));
    let change = PhaseChange { closes_at, leaderboard_public: Some(false), ..PhaseChange::default() };
    update_phase(&bench.app, &owner, "moments", "dev", change).await.unwrap();
    let export = export_as_evalai(&bench.app, &owner, "moments", true).await.unwrap();
    let again = read(export.archive.into()).await.unwrap();
    let made = import_challenge(&bench.app, &owner, &again, Some("another copy".into())).await.unwrap();
    assert_eq!(document(&bench, &owner, made.slug.as_str()).await, document(&bench, &owner, "moments").await);
}

async fn what_was_made_here_leaves_without_its_evaluator(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |draft| draft.description = "Say *what* it is.".into()).await;
    bench
        .phase(&owner, vec![split("all", SplitRule::All), split("easy", attribute("difficulty", "easy"))])
        .await;
    let refusal = export_as_evalai(&bench.app, &owner, "kitchen", false).await.unwrap_err();
    assert_eq!(refusal.code, Code::StateConflict, "without annotations there are no metrics");
    let tables = [("main", "id,label\na,x\nb,y\n"), ("items", "item,difficulty\na,easy\nb,hard\n")];
    bench.upload(&owner, &tables).await.unwrap();

    let (copy, lost) = copied(&bench, &owner, "kitchen").await;
    assert!(lost.iter().any(|what| what.contains("classification_label")), "{lost:?}");
    let (own, copied_once) =
        (document(&bench, &owner, "kitchen").await, document(&bench, &owner, copy.as_str()).await);
    assert_eq!(own.challenge.title, copied_once.challenge.title);
    assert!(copied_once.challenge.description.contains("Say *what* it is."), "{copied_once:?}");
    let (own, once) = (&own.phases[0].draft, &copied_once.phases[0].draft);
    assert_eq!((&own.codename, &own.title, own.quota), (&once.codename, &once.title, once.quota));
    assert_eq!((own.opens_at, own.leaderboard_public), (once.opens_at, once.leaderboard_public));
    let names = |phase: &domain::phase::PhaseDraft| {
        phase.splits.iter().map(|split| (split.codename.clone(), split.visibility)).collect::<Vec<_>>()
    };
    assert_eq!(names(own), names(once));
    // What came as a bundle leaves as that bundle.
    let (copy, _) = copied(&bench, &owner, copy.as_str()).await;
    assert_eq!(document(&bench, &owner, copy.as_str()).await, copied_once);
}

async fn annotations_leave_only_when_they_are_asked_for(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, stranger) = (bench.person("owner").await, bench.person("stranger").await);
    let came = read(bundle(|config| config)).await.unwrap();
    let id = import_challenge(&bench.app, &owner, &came, None).await.unwrap().id;
    let holds = |archive: &[u8]| {
        let files = FileTree::from_zip("bundle.zip", archive, Bounds::default()).unwrap();
        files.iter().any(|(_, bytes)| bytes.windows(6).any(|part| part == b"\"held\""))
    };
    let without = export_as_evalai(&bench.app, &owner, "moments", false).await.unwrap();
    assert!(!holds(&without.archive) && without.lost[0].contains("annotations"), "{:?}", without.lost);
    read(without.archive.into()).await.unwrap();
    assert!(!bench.events(id).await.contains(&"annotations.exported"));
    let with = export_as_evalai(&bench.app, &owner, "moments", true).await.unwrap();
    assert!(holds(&with.archive));
    assert_eq!(bench.events(id).await.last(), Some(&"annotations.exported"));
    assert!(export_as_evalai(&bench.app, &stranger, "moments", true).await.is_err());
}
