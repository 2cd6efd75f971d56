//! How a dataset was made is in the snapshots of what competes on it, as it was on record.

use domain::split::SplitRule;
use domain::{Actor, Slug, Title, VersionName};
use heldout_app::datasets::records::{ExclusionDraft, ProgrammeDraft, PublicationDraft};
use heldout_app::datasets::{
    BindingDraft, CitationDraft, DatasetDraft, VersionDraft, bind_framing, record_citation, record_dataset,
    record_exclusion_of_dataset, record_programme, record_version,
};
use heldout_app::framing::list_framings;
use heldout_app::participation::measures::read_measures;
use heldout_app::participation::snapshot::{MakeSnapshot, make_snapshot};
use serde_json::{Value, json};
use test_support::{TestDatabase, both_databases};

use crate::bench::{Bench, split};

both_databases!(a_snapshot_has_what_was_on_record_of_the_making_of_the_dataset);

/// A programme of at least twelve workers that says nothing of what was paid.
fn programme(least_hours: f64) -> ProgrammeDraft {
    ProgrammeDraft {
        stage: "narration".into(),
        unit: "segment".into(),
        aggregation: "single".into(),
        passes_per_item: None,
        footage_hours: Some(10.0),
        instances: Some(500),
        agreement: None,
        unsure_share: None,
        other_share: None,
        started_on: None,
        ended_on: None,
        country: None,
        workers_min: Some(12),
        workers_max: None,
        hours_min: Some(least_hours),
        hours_max: Some(least_hours + 20.0),
        pay_basis: "undisclosed".into(),
        contract_form: "agency".into(),
        living_wage_ratio: None,
        credited: "not_mentioned".into(),
        disclosure: "public_document".into(),
        source: "A paper".into(),
    }
}

async fn records_of(
    bench: &Bench,
    owner: &Actor,
    as_of: Option<domain::Timestamp>,
) -> (domain::SnapshotId, Value) {
    let wanted = MakeSnapshot { challenge: "kitchen".into(), whole_series: false, as_of };
    let id = make_snapshot(&bench.app, owner, wanted, None).await.unwrap().into_inner().id;
    let kept: Result<Option<String>, storage::StoreError> =
        bench.app.db.read(move |conn| storage::participation::snapshots::records(conn, id)).await;
    (id, serde_json::from_str(&kept.unwrap().unwrap()).unwrap())
}

async fn a_snapshot_has_what_was_on_record_of_the_making_of_the_dataset(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", SplitRule::All)]).await;
    let (app, source) = (&bench.app, || Title::parse("A paper").unwrap());
    let dataset = DatasetDraft {
        name: Slug::parse("days").unwrap(),
        title: Title::parse("Days").unwrap(),
        conceptualization: None,
        licence: None,
        source: source(),
    };
    record_dataset(app, &owner, dataset, None).await.unwrap();
    let version = VersionDraft {
        version: VersionName::parse("1.0").unwrap(),
        released_on: Some("2025-01-01".parse().unwrap()),
        change_class: None,
        parent: None,
        content_digest: None,
        hours: None,
        instances: Some(500),
        participants: None,
        countries: None,
        source: source(),
    };
    record_version(app, &owner, "days", version, None).await.unwrap();
    record_programme(app, &owner, ("days", "1.0"), None, programme(100.0), Vec::new(), None).await.unwrap();
    let left_out = ExclusionDraft {
        stage: "annotation".into(),
        reason: "too_private".into(),
        basis: "stated_policy".into(),
        scope: "bathrooms".into(),
        instances: None,
        hours: Some(12.5),
        source: "A paper".into(),
    };
    record_exclusion_of_dataset(app, &owner, ("days", "1.0"), left_out, None).await.unwrap();
    let citation = CitationDraft {
        publication: PublicationDraft {
            doi: None,
            arxiv: Some("2110.07058".into()),
            title: "A paper".into(),
            venue: String::new(),
            published_on: "2025-10-13".into(),
        },
        function: "uses_for_training".into(),
        version: Some("1.0".into()),
        seen_in: "the paper".into(),
    };
    record_citation(app, &owner, "days", citation).await.unwrap();

    // As long as no framing binds it, the dataset is not what the challenge is about.
    let (_, unbound) = records_of(&bench, &owner, None).await;
    assert_eq!((&unbound["programs"], &unbound["citations"]), (&json!([]), &json!([])));
    assert_eq!(unbound["decisions"].as_array().unwrap().len(), 1, "that of the framing");
    let not_yet = app.now();
    bench.clock.forward(60);
    let framing = list_framings(app, &owner, "kitchen", "test").await.unwrap().remove(0).full.framing.id;
    let binding = BindingDraft { dataset: Some("days@1.0".into()), ..BindingDraft::default() };
    bind_framing(app, &owner, framing, binding).await.unwrap();
    bench.clock.forward(60);
    let then = app.now();
    let (first, before) = records_of(&bench, &owner, None).await;
    assert_eq!(before["dataset_versions"][0]["id"], "days@1.0");
    assert_eq!(before["citations"][0]["dataset_version"], "days@1.0");
    assert_eq!(before["exclusions"][0]["hours"], 12.5);
    assert!(!before.to_string().contains("bathrooms"), "words stay where they were said");

    // 4 of the 7 questions about the annotators have an answer.
    let wanted = ["A1", "A4", "S2"].map(str::to_owned);
    let (_, said) = read_measures(app, &Actor::Anonymous, first, &wanted).await.unwrap();
    let said =
        serde_json::to_value(said.into_iter().map(|one| one.value.unwrap()).collect::<Vec<_>>()).unwrap();
    let find = |measure: usize, statistic: &str, dimension: &str, of: &str| {
        let readings = said[measure]["readings"].as_array().unwrap();
        let found = readings.iter().find(|one| one["statistic"] == statistic && one["of"][dimension] == of);
        found.unwrap_or_else(|| panic!("{statistic} of {of} in {readings:?}"))["quantity"].clone()
    };
    let hours = find(0, "person_hours", "program", "all");
    assert_eq!((&hours["lower"], &hours["upper"]), (&json!(100.0), &json!(120.0)));
    assert_eq!(find(1, "disclosed_share", "role", "annotator")["value"], json!(4.0 / 7.0));
    assert_eq!(find(2, "use_share", "year", "2025")["value"], json!(1.0));

    // What is recorded later is in later snapshots alone, and one of the same moment says the same again.
    bench.clock.forward(60);
    record_programme(app, &owner, ("days", "1.0"), None, programme(7.0), Vec::new(), None).await.unwrap();
    let (_, again) = records_of(&bench, &owner, Some(then)).await;
    for table in ["programs", "disclosed_fields", "credits", "decisions", "exclusions", "citations"] {
        assert_eq!(again[table], before[table], "{table}");
    }
    let (_, earlier) = records_of(&bench, &owner, Some(not_yet)).await;
    assert_eq!(earlier["programs"], json!([]), "nothing was bound then");
    let (_, now) = records_of(&bench, &owner, None).await;
    assert_eq!(now["programs"].as_array().unwrap().len(), 2);
}
