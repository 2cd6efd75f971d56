//! Phases and the annotations that they are scored on.

use domain::split::{HashSide, SplitRule, SplitSpec, Visibility};
use domain::{Actor, Timestamp};
use heldout_app::challenges::publish::publish_challenge;
use heldout_app::phases::annotations::list_annotations;
use heldout_app::phases::create::create_phase;
use heldout_app::phases::items::list_items;
use heldout_app::phases::prepare::prepare;
use heldout_app::phases::read_phase;
use heldout_app::phases::update::{PhaseChange, update_phase};
use heldout_app::teams::form::form_team;
use heldout_app::{Code, FieldError};
use serde_json::json;
use storage::submissions::{self, NewSubmission, Received};
use test_support::TestDatabase;

use crate::bench::{Bench, attribute, id_of, phase_draft, split};

const LABELS: &str = "id,label\na,cook\nb,walk\nc,cook\nd,walk\n";
const ITEMS: &str = "item,group,room\nc,v2,kitchen|hall\na,v1,kitchen\nb,v1,hall\nd,v2,\n";

test_support::both_databases!(
    what_the_evaluator_does_not_know_is_refused,
    bad_annotations_are_refused_and_nothing_is_in_force,
    a_split_without_items_is_refused,
    items_and_masks_follow_the_items_table,
    splits_that_count_stay_and_more_are_added,
    another_measurement_is_another_version,
    a_phase_that_changes_while_annotations_are_judged_refuses_them,
);

async fn what_the_evaluator_does_not_know_is_refused(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let draft = || phase_draft(vec![split("all", SplitRule::All)]);
    let refuse = async |draft| create_phase(&bench.app, &owner, "kitchen", draft, None).await.unwrap_err();

    let mut unknown = draft();
    unknown.evaluator = "astrology".into();
    assert_eq!(refuse(unknown).await.code, Code::EvaluatorUnknown);

    let mut params = draft();
    params.params = json!({"colour": "red", "classes": 7}).as_object().unwrap().clone();
    let refusal = refuse(params).await;
    let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!((refusal.code, fields), (Code::ParamsInvalid, vec!["params.classes", "params.colour"]));

    let mut ranking = draft();
    ranking.ranking.primary = Some("beauty".into());
    ranking.ranking.tie_breakers = vec!["accuracy".into(), "charm".into()];
    let refusal = refuse(ranking).await;
    let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["ranking.primary", "ranking.tie_breakers[1]"]);

    create_phase(&bench.app, &owner, "kitchen", draft(), None).await.unwrap();
    assert_eq!(refuse(draft()).await.code, Code::SlugTaken);
    let stranger = bench.person("stranger").await;
    let theirs = create_phase(&bench.app, &stranger, "kitchen", draft(), None).await;
    assert_eq!(theirs.unwrap_err().code, Code::Forbidden);
}

async fn bad_annotations_are_refused_and_nothing_is_in_force(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let challenge = bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    let bad: [&[(&str, &str)]; 6] = [
        &[],
        &[("main", "")],
        &[("main", "id,colour\na,red\n")],
        &[("main", "id,label\na,x\na,y\n")],
        &[("main", LABELS), ("horoscope", "a,b\n")],
        &[("main", LABELS), ("items", "item,room\na,hall\nz,hall\n")],
    ];
    for tables in bad {
        let refusal = bench.upload(&owner, tables).await.unwrap_err();
        assert_eq!(refusal.code, Code::AnnotationsInvalid, "{tables:?}: {refusal:?}");
        assert!(!refusal.errors.is_empty(), "{tables:?}");
    }
    let faults = bench.upload(&owner, bad[5]).await.unwrap_err().errors;
    let unknown: Vec<&FieldError> = faults.iter().filter(|error| error.field == "items: line 3").collect();
    assert_eq!((faults.len(), unknown.len()), (4, 1), "{faults:?}");

    assert!(list_annotations(&bench.app, &owner, "kitchen", "test").await.unwrap().is_empty());
    let phase = read_phase(&bench.app, &Actor::Anonymous, "kitchen", "test").await.unwrap();
    assert_eq!(phase.annotations_version, None);
    assert!(!bench.events(challenge).await.contains(&"annotations.uploaded"));

    assert_eq!(bench.upload(&owner, &[("main", LABELS)]).await.unwrap().version, 1);
    bench.upload(&owner, bad[3]).await.unwrap_err();
    assert_eq!(list_annotations(&bench.app, &owner, "kitchen", "test").await.unwrap().len(), 1);
    let stranger = bench.person("stranger").await;
    assert_eq!(bench.upload(&stranger, &[("main", LABELS)]).await.unwrap_err().code, Code::Forbidden);
}

async fn a_split_without_items_is_refused(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All), split("attic", attribute("room", "attic"))]).await;
    let refusal = bench.upload(&owner, &[("main", LABELS), ("items", ITEMS)]).await.unwrap_err();
    let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!((refusal.code, fields), (Code::AnnotationsInvalid, vec!["splits.attic"]));

    let splits = |rule| PhaseChange { splits: Some(vec![split("room", rule)]), ..Default::default() };
    let change = async |change| update_phase(&bench.app, &owner, "kitchen", "test", change).await;
    change(splits(attribute("room", "hall"))).await.unwrap();
    bench.upload(&owner, &[("main", LABELS), ("items", ITEMS)]).await.unwrap();
    let refusal = change(splits(attribute("room", "attic"))).await.unwrap_err();
    assert_eq!(refusal.code, Code::AnnotationsInvalid);
    let phase = read_phase(&bench.app, &owner, "kitchen", "test").await.unwrap();
    assert_eq!(phase.splits[0].rule.0, attribute("room", "hall"));
}

async fn items_and_masks_follow_the_items_table(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All), split("hall", attribute("room", "hall"))]).await;
    let annotations = bench.upload(&owner, &[("main", LABELS), ("items", ITEMS)]).await.unwrap();
    assert_eq!((annotations.item_count, annotations.group_count), (4, 2));

    let page = list_items(&bench.app, &owner, "kitchen", "test", 1, 2).await.unwrap();
    assert_eq!(page.total, 4);
    let ids: Vec<_> = page.items.iter().map(|item| (item.id.as_str(), item.group.as_str())).collect();
    assert_eq!(ids, [("b", "v1"), ("c", "v2")]);
    assert_eq!(
        page.items[1].attributes,
        [("room".to_owned(), vec!["kitchen".to_owned(), "hall".to_owned()])]
    );
    let nobody = list_items(&bench.app, &Actor::Anonymous, "kitchen", "test", 0, 2).await;
    assert_eq!(nobody.unwrap_err().code, Code::NotSignedIn);

    let detail = read_phase(&bench.app, &owner, "kitchen", "test").await.unwrap();
    let prepared = prepare(&bench.app, &detail.phase, &annotations, &detail.splits).await.unwrap();
    let masks: Vec<Vec<f64>> = prepared.masks.iter().map(|mask| mask.to_vec()).collect();
    assert_eq!(masks, [vec![1.0; 4], vec![0.0, 1.0, 1.0, 0.0]]);

    // With two groups a side may be empty, which is refused; either way the salt decides and not this test.
    let side = |side| SplitRule::Hash { percent: 50, side };
    let mut splits = detail.splits.clone();
    splits[0].rule.0 = side(HashSide::Inside);
    splits[1].rule.0 = side(HashSide::Outside);
    match prepare(&bench.app, &detail.phase, &annotations, &splits).await {
        Ok(prepared) => {
            let sum = &prepared.masks[0] + &prepared.masks[1];
            assert_eq!(sum.to_vec(), [1.0; 4]);
            let group = |item: usize| prepared.masks[0][item];
            assert_eq!((group(0), group(2)), (group(1), group(3)), "a group straddles two splits");
        }
        Err(refusal) => assert_eq!(refusal.code, Code::AnnotationsInvalid),
    }
}

async fn splits_that_count_stay_and_more_are_added(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let phase = bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    bench.upload(&owner, &[("main", LABELS), ("items", ITEMS)]).await.unwrap();
    let ada = bench.participant("ada").await;
    let name = domain::TeamName::parse("Looms").unwrap();
    let team = form_team(&bench.app, &ada, "kitchen", name, None).await.unwrap().into_inner();
    let received = Received { artifact: domain::Digest::of(b"file"), size_bytes: 4, at: bench.app.now() };
    let sent = NewSubmission {
        id: bench.app.sources.new_id(),
        phase,
        team,
        submitted_by: id_of(&ada),
        file_name: "file".into(),
        method: Default::default(),
        attributes: Default::default(),
        visibility: Visibility::Public,
        created_at: bench.app.now(),
    };
    bench.app.db.write(move |conn| submissions::insert(conn, &sent, Some(received))).await.unwrap();

    let change = async |splits| {
        let change = PhaseChange { splits: Some(splits), ..Default::default() };
        update_phase(&bench.app, &owner, "kitchen", "test", change).await
    };
    let hall = || split("hall", attribute("room", "hall"));
    for refused in [vec![hall()], vec![split("all", attribute("room", "hall"))]] {
        assert_eq!(change(refused).await.unwrap_err().errors[0].field, "splits");
    }
    let hidden = SplitSpec { visibility: Visibility::Private, ..split("all", SplitRule::All) };
    change(vec![hall(), hidden]).await.unwrap();
    let splits = read_phase(&bench.app, &owner, "kitchen", "test").await.unwrap().splits;
    let names: Vec<_> = splits.iter().map(|split| (split.codename.as_str(), split.visibility)).collect();
    assert_eq!(names, [("hall", Visibility::Public), ("all", Visibility::Private)]);
}

async fn another_measurement_is_another_version(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let challenge = bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    bench.upload(&owner, &[("main", LABELS)]).await.unwrap();
    let change = async |change| update_phase(&bench.app, &owner, "kitchen", "test", change).await;

    let closes_at = domain::time::parse_deadline("2026-05-31").unwrap();
    assert_eq!(closes_at, Timestamp::parse("2026-06-01T12:00:00Z").unwrap());
    change(PhaseChange {
        closes_at: Some(Some(closes_at)),
        reason: Some("Exams.".into()),
        ..Default::default()
    })
    .await
    .unwrap();
    let versions = list_annotations(&bench.app, &owner, "kitchen", "test").await.unwrap();
    assert_eq!(versions.len(), 1);

    let classes = |names: &[&str]| PhaseChange {
        params: Some(json!({ "classes": names }).as_object().unwrap().clone()),
        ..Default::default()
    };
    let refusal = change(classes(&["cook"])).await.unwrap_err();
    assert_eq!(refusal.code, Code::AnnotationsInvalid);
    change(classes(&["cook", "walk"])).await.unwrap();
    let versions = list_annotations(&bench.app, &owner, "kitchen", "test").await.unwrap();
    assert_eq!(versions.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(versions[0].digest, versions[1].digest);

    let nothing =
        PhaseChange { closes_at: Some(Some(closes_at)), reason: Some("Exams.".into()), ..Default::default() };
    change(nothing).await.unwrap();
    let events = bench.events(challenge).await;
    assert_eq!(events.iter().filter(|kind| **kind == "phase.updated").count(), 2);
}

async fn a_phase_that_changes_while_annotations_are_judged_refuses_them(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |_| {}).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    publish_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    let upload = heldout_app::phases::upload::begin_upload(&bench.app, &owner, "kitchen", "test");
    let mut upload = upload.await.unwrap();
    let mut table = upload.begin_table("main", "labels.csv").await.unwrap();
    table.write(LABELS.as_bytes().into()).await.unwrap();
    upload.end_table(table).await.unwrap();
    let splits = Some(vec![split("item", attribute("item", "a"))]);
    let change = PhaseChange { splits, ..Default::default() };
    update_phase(&bench.app, &owner, "kitchen", "test", change).await.unwrap();
    let refusal = upload.finish(String::new(), None).await.unwrap_err();
    assert_eq!(refusal.code, Code::StateConflict);
    assert!(list_annotations(&bench.app, &owner, "kitchen", "test").await.unwrap().is_empty());
}
