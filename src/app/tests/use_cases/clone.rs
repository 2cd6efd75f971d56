//! A challenge becomes the draft of the next one.

use domain::challenge::{ChallengeState, tags};
use domain::entry::{Admission, EntryRules, Openness, guests};
use domain::framing::FramingDraft;
use domain::split::{HashSide, SplitRule};
use domain::{Actor, Digest, Slug};
use heldout_app::challenges::clone::{CloneChallenge, clone_challenge};
use heldout_app::challenges::detail::read_challenge;
use heldout_app::challenges::entry::{read_entry_rules, set_entry_rules};
use heldout_app::challenges::export::export_challenge;
use heldout_app::idempotency::{Created, IdempotencyKey};
use heldout_app::phases::create::create_phase;
use heldout_app::{Code, Outcome};
use test_support::TestDatabase;

use crate::bench::{Bench, id_of, phase_draft, split};

test_support::both_databases!(
    the_next_edition_has_all_that_was_said,
    annotations_come_with_the_split_that_they_had,
    nothing_is_half_cloned,
);

const DAY: i64 = 86_400;

fn wanted(slug: &str) -> CloneChallenge {
    let slug = Slug::parse(slug).unwrap();
    CloneChallenge { slug, title: None, edition: None, shift_days: 0, annotations: false }
}

async fn cloned(bench: &Bench, actor: &Actor, wanted: CloneChallenge) -> Outcome<domain::ChallengeId> {
    Ok(clone_challenge(&bench.app, actor, "kitchen", wanted, None).await?.into_inner())
}

async fn the_next_edition_has_all_that_was_said(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, stranger) = (bench.person("owner").await, bench.person("stranger").await);
    bench
        .draft(&owner, |draft| {
            draft.terms = "Be kind.".into();
            draft.edition = "2026".into();
            draft.tags = tags(&["video".into()]).unwrap();
        })
        .await;
    let framing: FramingDraft = serde_json::from_str(test_support::FRAMING).unwrap();
    let mut phase = phase_draft(vec![split("all", SplitRule::All)]);
    phase.closes_at = Some(phase.opens_at.plus_seconds(30 * DAY));
    phase.framing = Some(Box::new(framing.clone()));
    create_phase(&bench.app, &owner, "kitchen", phase.clone(), None).await.unwrap();
    let rules = EntryRules {
        openness: Openness::Unlisted,
        admission: Admission::Approval,
        entries_close_at: Some(phase.opens_at),
        guests: guests(&["guest@example.org".into()]).unwrap(),
        ..EntryRules::open()
    };
    set_entry_rules(&bench.app, &owner, "kitchen", rules.clone()).await.unwrap();

    assert_eq!(cloned(&bench, &stranger, wanted("mine")).await.unwrap_err().code, Code::NotFound);
    let next = CloneChallenge { edition: Some("2027".into()), shift_days: 365, ..wanted("next") };
    let id = cloned(&bench, &owner, next).await.unwrap();
    let read = read_challenge(&bench.app, &owner, "next").await.unwrap();
    assert_eq!((read.challenge.id, read.challenge.state), (id, ChallengeState::Draft));

    let (old, new) = (
        export_challenge(&bench.app, &owner, "kitchen").await.unwrap(),
        export_challenge(&bench.app, &owner, "next").await.unwrap(),
    );
    assert_eq!(new.challenge.edition, "2027");
    assert_eq!((&new.challenge.terms, &new.challenge.tags), (&old.challenge.terms, &old.challenge.tags));
    let later = |at: domain::Timestamp| at.plus_seconds(365 * DAY);
    let cloned_phase = &new.phases[0].draft;
    assert_eq!(cloned_phase.opens_at, later(phase.opens_at));
    assert_eq!(cloned_phase.closes_at, phase.closes_at.map(later));
    let proposed = cloned_phase.framing.as_ref().unwrap();
    assert_eq!((&proposed.unit, proposed.label_count), (&framing.unit, framing.label_count));
    assert_ne!(framing.decision.authority_basis, "default");
    assert_eq!(proposed.decision.authority_basis, "default");

    let kept = read_entry_rules(&bench.app, &owner, "next").await.unwrap();
    assert_eq!((kept.openness, kept.admission), (rules.openness, rules.admission));
    assert_eq!(kept.entries_close_at, rules.entries_close_at.map(later));
    assert!(kept.guests.is_empty());
    let told = [
        "challenge.created",
        "terms.published",
        "challenge.entry_rules_changed",
        "phase.created",
        "decision.made",
        "framing.changed",
    ];
    assert_eq!(bench.events(id).await, told);
}

async fn annotations_come_with_the_split_that_they_had(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |_| {}).await;
    let half = |side| SplitRule::Hash { percent: 50, side };
    let splits = vec![split("public", half(HashSide::Inside)), split("private", half(HashSide::Outside))];
    bench.phase(&owner, splits).await;
    let rows: String = (0..40).map(|row| format!("item{row},x\n")).collect();
    let uploaded = bench.upload(&owner, &[("main", &format!("id,label\n{rows}"))]).await.unwrap();

    let with = CloneChallenge { annotations: true, ..wanted("with") };
    let (with, without) = (
        cloned(&bench, &owner, with).await.unwrap(),
        cloned(&bench, &owner, wanted("without")).await.unwrap(),
    );
    let original = read_challenge(&bench.app, &owner, "kitchen").await.unwrap().challenge.id;
    let kept = async |challenge| {
        let read = bench.app.db.read(move |conn| {
            let phase = storage::phases::list(conn, challenge)?.remove(0);
            let annotations = storage::phases::annotations_in_force(conn, phase.id)?;
            Ok::<_, storage::StoreError>((phase.split_salt, annotations))
        });
        read.await.unwrap()
    };
    let (salt, _) = kept(original).await;
    let (salt_with, annotations) = kept(with).await;
    let annotations = annotations.unwrap();
    assert_eq!((annotations.version, annotations.digest), (1, uploaded.digest));
    assert_eq!((annotations.item_count, annotations.uploaded_by), (40, id_of(&owner)));
    assert_eq!(salt_with, salt);
    let (salt_without, none) = kept(without).await;
    assert!(none.is_none());
    assert_ne!(salt_without, salt);
}

async fn nothing_is_half_cloned(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |_| {}).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    assert_eq!(cloned(&bench, &owner, wanted("kitchen")).await.unwrap_err().code, Code::SlugTaken);
    let long = CloneChallenge { edition: Some("x".repeat(81)), ..wanted("long") };
    assert_eq!(cloned(&bench, &owner, long).await.unwrap_err().errors[0].field, "edition");
    assert_eq!(read_challenge(&bench.app, &owner, "long").await.unwrap_err().code, Code::NotFound);

    let key = || Some(IdempotencyKey { key: "once".into(), body_digest: Digest::of(b"the same") });
    let first = clone_challenge(&bench.app, &owner, "kitchen", wanted("next"), key()).await.unwrap();
    let again = clone_challenge(&bench.app, &owner, "kitchen", wanted("next"), key()).await.unwrap();
    let (Created::New(first), Created::Replayed(again)) = (first, again) else { panic!("made twice") };
    assert_eq!(first, again);
}
