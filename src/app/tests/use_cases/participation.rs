//! What people let be known of themselves, and what becomes of it when they take it back.

use domain::actor::Person;
use domain::integrity::Statement;
use domain::split::SplitRule;
use domain::{Actor, ConsentPurpose, EmailAddress, Orcid, SessionId, SiteRole, Title};
use heldout_app::Code;
use heldout_app::accounts::Country;
use heldout_app::accounts::affiliations::{
    AddAffiliation, add_affiliation, end_affiliation, list_affiliations,
};
use heldout_app::participation::consents::{give_consent, list_consents, withdraw_consent};
use heldout_app::participation::erase::erase_me;
use heldout_app::participation::exports::{ExportKind, MakeExport, make_export};
use heldout_app::participation::measures::read_measures;
use heldout_app::participation::my_data::{list_my_exports, read_my_data};
use heldout_app::participation::orcid::set_orcid;
use heldout_app::participation::requests::{RequestExports, decide_request, read_request, request_exports};
use heldout_app::participation::snapshot::{MakeSnapshot, make_snapshot, read_tables};
use heldout_app::teams::form::form_team;
use test_support::{TestDatabase, both_databases};

use crate::bench::{Bench, id_of};

both_databases!(
    nobody_is_more_than_one_person_on_a_day,
    a_consent_stands_until_it_is_withdrawn,
    an_orcid_id_is_of_one_account,
    an_erased_person_leaves_an_id_and_a_chain_that_verifies,
    a_snapshot_counts_those_who_consent_and_keeps_small_numbers_to_itself,
    rows_go_to_approved_requests_and_are_on_the_page_of_whom_they_are_about,
);

fn affiliation(from: &str, to: Option<&str>, weight: f64) -> AddAffiliation {
    AddAffiliation {
        organization: Title::parse("Analytical Engine Society").unwrap(),
        ror: None,
        country: None,
        role: None,
        career_stage: None,
        weight: Some(weight),
        starts_on: from.parse().unwrap(),
        ends_on: to.map(|day| day.parse().unwrap()),
        idempotency: None,
    }
}

async fn nobody_is_more_than_one_person_on_a_day(database: TestDatabase) {
    let bench = Bench::new(database);
    let ada = bench.person("ada").await;
    let first = add_affiliation(&bench.app, &ada, affiliation("2024-01-01", Some("2024-12-31"), 0.75)).await;
    add_affiliation(&bench.app, &ada, affiliation("2024-06-01", None, 0.25)).await.unwrap();
    let third = add_affiliation(&bench.app, &ada, affiliation("2024-12-31", None, 0.5)).await.unwrap_err();
    assert_eq!(third.code, Code::InvalidField);
    assert_eq!(third.errors[0].field, "weight");
    assert!(third.detail.contains("on 2024-12-31 they weigh 1.500 together"), "{}", third.detail);
    add_affiliation(&bench.app, &ada, affiliation("2025-01-01", None, 0.5)).await.unwrap();
    let first = first.unwrap().into_inner();
    let longer =
        end_affiliation(&bench.app, &ada, first.id, "2025-01-01".parse().unwrap()).await.unwrap_err();
    assert!(longer.detail.contains("on 2025-01-01"), "{}", longer.detail);
    for weight in [0.0, -1.0, 1.5, f64::NAN] {
        let refused =
            add_affiliation(&bench.app, &ada, affiliation("2010-01-01", Some("2010-01-02"), weight)).await;
        assert_eq!(refused.unwrap_err().errors[0].field, "weight");
    }
    let mut unknown = affiliation("2010-01-01", Some("2010-01-02"), 1.0);
    unknown.career_stage = Some("doctoral_studnet".into());
    let refused = add_affiliation(&bench.app, &ada, unknown).await.unwrap_err();
    assert!(refused.detail.contains("did you mean doctoral_student?"), "{}", refused.detail);
    assert_eq!(list_affiliations(&bench.app, &ada).await.unwrap().len(), 3);
}

async fn a_consent_stands_until_it_is_withdrawn(database: TestDatabase) {
    let bench = Bench::new(database);
    let ada = bench.person("ada").await;
    let purpose = ConsentPurpose::AggregateStats;
    assert!(list_consents(&bench.app, &ada).await.unwrap().iter().all(|asked| asked.standing.is_none()));
    let other_words = give_consent(&bench.app, &ada, purpose, 7).await.unwrap_err();
    assert_eq!(other_words.code, Code::StateConflict);
    let given = give_consent(&bench.app, &ada, purpose, 1).await.unwrap();
    assert_eq!(give_consent(&bench.app, &ada, purpose, 1).await.unwrap().id, given.id, "it stands already");
    bench.clock.forward(1);
    withdraw_consent(&bench.app, &ada, purpose).await.unwrap();
    withdraw_consent(&bench.app, &ada, purpose).await.unwrap();
    let again = give_consent(&bench.app, &ada, purpose, 1).await.unwrap();
    let kept = read_my_data(&bench.app, &ada).await.unwrap().consents;
    assert_eq!(kept.len(), 2);
    assert!(kept[0].withdrawn_at.is_some() && kept[1].withdrawn_at.is_none() && kept[1].id == again.id);
    assert_eq!(bench.account_events().await, ["consent.given", "consent.withdrawn", "consent.given"]);
}

async fn an_orcid_id_is_of_one_account(database: TestDatabase) {
    let bench = Bench::new(database);
    let (ada, grace) = (bench.person("ada").await, bench.person("grace").await);
    let orcid = || Orcid::parse("0000-0002-1825-0097").ok();
    set_orcid(&bench.app, &ada, orcid()).await.unwrap();
    assert_eq!(set_orcid(&bench.app, &grace, orcid()).await.unwrap_err().code, Code::OrcidTaken);
    set_orcid(&bench.app, &ada, None).await.unwrap();
    set_orcid(&bench.app, &grace, orcid()).await.unwrap();
    let kept = read_my_data(&bench.app, &grace).await.unwrap();
    assert_eq!(kept.orcid.as_deref(), Some("0000-0002-1825-0097"));
}

/// The same person with a session, as those have who signed in themselves.
fn signed_in(actor: &Actor) -> Actor {
    let Actor::Person(person) = actor.clone() else { unreachable!("a person") };
    Actor::Person(Person { session: Some(SessionId(uuid::Uuid::from_u128(1))), ..person })
}

async fn an_erased_person_leaves_an_id_and_a_chain_that_verifies(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let ada = bench.participant("ada").await;
    let team = form_team(&bench.app, &ada, "kitchen", domain::TeamName::parse("Engines").unwrap(), None)
        .await
        .unwrap()
        .into_inner();
    add_affiliation(&bench.app, &ada, affiliation("2024-01-01", None, 1.0)).await.unwrap();
    set_orcid(&bench.app, &ada, Orcid::parse("0000-0002-1825-0097").ok()).await.unwrap();
    give_consent(&bench.app, &ada, ConsentPurpose::AggregateStats, 1).await.unwrap();
    let address = |text: &str| EmailAddress::parse(text).unwrap();

    let token = erase_me(&bench.app, &ada, address("ada@example.org")).await.unwrap_err();
    assert_eq!(token.code, Code::InsufficientScope, "a program must not do this");
    let slip = erase_me(&bench.app, &signed_in(&ada), address("grace@example.org")).await.unwrap_err();
    assert_eq!(slip.code, Code::InvalidField);
    let bound = erase_me(&bench.app, &signed_in(&owner), address("owner@example.org")).await.unwrap_err();
    assert_eq!(bound.code, Code::StateConflict);
    assert!(bound.detail.contains("Kitchen"), "{}", bound.detail);

    let receipt = erase_me(&bench.app, &signed_in(&ada), address("ADA@example.org")).await.unwrap();
    assert_eq!(
        (receipt.affiliations_deleted, receipt.consents_ended, receipt.teams_left, receipt.exports_withdrawn),
        (1, 1, 1, 0)
    );
    let left = read_my_data(&bench.app, &ada).await.unwrap();
    assert_eq!(left.user.name.as_str(), "Erased person");
    assert_eq!(left.user.email.as_str(), format!("{}@erased.invalid", id_of(&ada)));
    assert!(left.orcid.is_none() && left.affiliations.is_empty() && left.user.disabled_at.is_some());
    let members = bench.app.db.read(move |conn| storage::teams::members_of(conn, team)).await.unwrap();
    assert_eq!(members.len(), 1, "the stay stays: {members:?}");
    assert_eq!(members[0].name.as_str(), "Erased person");
    // The log names nobody, and is whole.
    let pages = bench.app.db.read(|conn| {
        assert!(storage::events::verify(conn)?.is_ok());
        storage::events::page(conn, None, 0, 1000)
    });
    let events: Vec<domain::event::Event> = pages.await.unwrap();
    assert!(events.iter().any(|event| event.event.kind.as_str() == "erasure.done"));
    for event in &events {
        let payload = domain::event::canonical_json(&event.event.payload.clone().into());
        for personal in ["ada@example.org", "0000-0002-1825-0097", "Analytical Engine"] {
            assert!(!payload.contains(personal), "{payload}");
        }
    }
    // Somebody else may have the address and the iD now.
    let another = bench.person("ada").await;
    set_orcid(&bench.app, &another, Orcid::parse("0000-0002-1825-0097").ok()).await.unwrap();
}

/// Eight teams of four in a challenge; everybody is from one of two countries, and all but the last team consents to be counted.
async fn crowded(bench: &Bench) -> (Actor, Vec<Actor>) {
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![crate::bench::split("all", SplitRule::All)]).await;
    let mut people = Vec::new();
    for number in 0..32 {
        let person = bench.participant(&format!("person{number}")).await;
        let mut stated = affiliation("2020-01-01", None, 1.0);
        stated.country = Some(Country::parse(if number < 16 { "PT" } else { "JP" }).unwrap());
        add_affiliation(&bench.app, &person, stated).await.unwrap();
        if number < 28 {
            give_consent(&bench.app, &person, ConsentPurpose::AggregateStats, 1).await.unwrap();
        }
        people.push(person);
    }
    for (number, members) in people.chunks(4).enumerate() {
        let name = domain::TeamName::parse(&format!("Team number {number}")).unwrap();
        let team = form_team(&bench.app, &members[0], "kitchen", name, None).await.unwrap().into_inner();
        let team = bench.app.db.read(move |conn| storage::teams::find(conn, team)).await.unwrap().unwrap();
        let (ids, now) = (members[1..].iter().map(id_of).collect::<Vec<_>>(), bench.app.now());
        let sources = bench.app.sources.clone();
        let joined: Result<(), storage::StoreError> = bench
            .app
            .db
            .write(move |conn| {
                for user in &ids {
                    let role = domain::team::TeamRole::Member;
                    storage::teams::join(conn, sources.new_id(), &team, *user, role, now)?;
                }
                Ok(())
            })
            .await;
        joined.unwrap();
    }
    (owner, people)
}

fn now_of(whole_series: bool) -> MakeSnapshot {
    MakeSnapshot { challenge: "kitchen".into(), whole_series, as_of: None }
}

async fn a_snapshot_counts_those_who_consent_and_keeps_small_numbers_to_itself(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, people) = crowded(&bench).await;
    bench.clock.forward(60);
    let stranger = bench.person("stranger").await;
    let refused = make_snapshot(&bench.app, &stranger, now_of(false), None).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let alone = make_snapshot(&bench.app, &owner, now_of(true), None).await.unwrap_err();
    assert_eq!(alone.code, Code::InvalidField, "it is in no series");
    let later = MakeSnapshot { as_of: Some(bench.app.now().plus_seconds(1)), ..now_of(false) };
    assert_eq!(make_snapshot(&bench.app, &owner, later, None).await.unwrap_err().code, Code::InvalidField);

    let first = make_snapshot(&bench.app, &owner, now_of(false), None).await.unwrap().into_inner();
    let kept = bench.app.db.read(move |conn| storage::participation::snapshots::records(conn, first.id));
    let records: Result<Option<String>, storage::StoreError> = kept.await;
    let records = records.unwrap().unwrap();
    assert_eq!(domain::Digest::of(records.as_bytes()), first.digest);
    for person in &people {
        assert!(!records.contains(&id_of(person).to_string()), "an account is named in a snapshot");
    }
    // 16 and 12 people of two countries are shown; the 4 of whom nothing is known could be told by subtraction.
    let tables = read_tables(&bench.app, &Actor::Anonymous, first.id).await.unwrap();
    let by_country = tables.iter().find(|table| table.code == "people_by_country").unwrap();
    let shown: serde_json::Value =
        serde_json::from_str(by_country.contents.as_deref().unwrap_or("null")).unwrap();
    assert!(!shown.to_string().contains("unknown"), "{shown}");
    assert_eq!(shown["column_totals"], serde_json::json!([32]), "{by_country:?}");

    // One person more is a difference that a reader could take: the next table is withheld.
    let late = bench.participant("late").await;
    form_team(&bench.app, &late, "kitchen", domain::TeamName::parse("Late").unwrap(), None).await.unwrap();
    bench.clock.forward(60);
    let second = make_snapshot(&bench.app, &owner, now_of(false), None).await.unwrap().into_inner();
    let tables = read_tables(&bench.app, &Actor::Anonymous, second.id).await.unwrap();
    let by_country = tables.iter().find(|table| table.code == "people_by_country").unwrap();
    assert!(by_country.contents.is_none());
    assert!(by_country.withheld.as_deref().unwrap().contains("subtracted"), "{by_country:?}");

    // The edition still runs, and classes of people are for the audited tables: nothing of P3 is released; P9 is for researchers.
    let wanted = ["P3".to_owned(), "P9".to_owned()];
    let (_, measures) = read_measures(&bench.app, &Actor::Anonymous, first.id, &wanted).await.unwrap();
    let shares = &measures[0].value.as_ref().unwrap().readings;
    assert!(!shares.is_empty() && shares.iter().all(|reading| reading.value().is_none() && reading.n == 0));
    assert!(measures[1].value.is_none());
    let again = read_measures(&bench.app, &Actor::Anonymous, first.id, &wanted).await.unwrap().1;
    assert_eq!(again[0].value, measures[0].value, "from what is kept");
    let unknown = read_measures(&bench.app, &owner, first.id, &["P99".to_owned()]).await.unwrap_err();
    assert_eq!(unknown.code, Code::InvalidField);
}

/// The same person as a researcher of the site.
fn researcher(actor: &Actor) -> Actor {
    let Actor::Person(person) = actor.clone() else { unreachable!("a person") };
    Actor::Person(Person { site_role: SiteRole::Researcher, ..person })
}

async fn rows_go_to_approved_requests_and_are_on_the_page_of_whom_they_are_about(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, people) = crowded(&bench).await;
    bench.clock.forward(60);
    let asker = researcher(&bench.person("noor").await);
    let snapshot = make_snapshot(&bench.app, &asker, now_of(false), None).await.unwrap().into_inner();
    let title = |text: &str| Title::parse(text).unwrap();
    let study = RequestExports {
        challenge: "kitchen".into(),
        title: title("Who comes back"),
        question: Statement::parse("Who comes back?").unwrap(),
        institution: title("Example University"),
        country: Country::parse("PT").unwrap(),
        ethics_board: title("The board"),
        approval_reference: title("12/26"),
        approval_until: "2026-12-31".parse().unwrap(),
        agreement_version: 1,
    };
    assert_eq!(
        request_exports(&bench.app, &people[0], study.clone(), None).await.unwrap_err().code,
        Code::Forbidden
    );
    let request = request_exports(&bench.app, &asker, study, None).await.unwrap().into_inner().request.id;
    let export = |kind| MakeExport {
        request,
        snapshot: snapshot.id,
        kind,
        measures: Vec::new(),
        parameters: Default::default(),
    };
    let early = make_export(&bench.app, &asker, export(ExportKind::People)).await.unwrap_err();
    assert_eq!(early.code, Code::ExportNotApproved);
    let reason = || Statement::parse("a good question").unwrap();
    decide_request(&bench.app, &owner, request, true, reason()).await.unwrap();
    let twice = decide_request(&bench.app, &owner, request, false, reason()).await.unwrap_err();
    assert_eq!(twice.code, Code::StateConflict);

    for person in &people[..4] {
        give_consent(&bench.app, person, ConsentPurpose::ResearchPseudonymous, 1).await.unwrap();
    }
    let few = make_export(&bench.app, &asker, export(ExportKind::People)).await.unwrap_err();
    assert_eq!(few.code, Code::TooFewPeople);
    for person in &people[4..8] {
        give_consent(&bench.app, person, ConsentPurpose::ResearchPseudonymous, 1).await.unwrap();
    }
    let made = make_export(&bench.app, &asker, export(ExportKind::People)).await.unwrap();
    let file = String::from_utf8(made.bytes).unwrap();
    assert_eq!(file.lines().count(), 9, "{file}");
    let own = list_my_exports(&bench.app, &people[0]).await.unwrap();
    assert_eq!(own.len(), 1);
    assert!(file.contains(&own[0].pseudonym) && own[0].study == "Who comes back");
    assert!(list_my_exports(&bench.app, &people[9]).await.unwrap().is_empty());
    let graph = make_export(&bench.app, &asker, export(ExportKind::GraphMl)).await.unwrap();
    let graph = String::from_utf8(graph.bytes).unwrap();
    assert!(
        graph.contains("<graphml") && !graph.contains(&own[0].pseudonym),
        "each export has pseudonyms of its own"
    );

    // Who withdraws is in no later export, even of the old snapshot, and whoever has an old one is told.
    withdraw_consent(&bench.app, &people[0], ConsentPurpose::ResearchPseudonymous).await.unwrap();
    let told = read_request(&bench.app, &asker, request).await.unwrap();
    assert_eq!(told.exports.len(), 2);
    assert!(told.exports.iter().any(|(_, withdrawn)| *withdrawn == [own[0].pseudonym.clone()]));
    let later = make_export(&bench.app, &asker, export(ExportKind::People)).await.unwrap();
    assert_eq!(later.export.people, 7);

    // An erased person is on no page any more, and their pseudonym leads nowhere.
    erase_me(&bench.app, &signed_in(&people[5]), EmailAddress::parse("person5@example.org").unwrap())
        .await
        .unwrap();
    assert!(list_my_exports(&bench.app, &people[5]).await.unwrap().is_empty());
    let told = read_request(&bench.app, &asker, request).await.unwrap();
    assert_eq!(told.exports.iter().map(|(_, withdrawn)| withdrawn.len()).sum::<usize>(), 2 + 3);
    let last = make_export(&bench.app, &asker, export(ExportKind::People)).await.unwrap();
    assert_eq!(last.export.people, 6);

    let measures = make_export(&bench.app, &asker, export(ExportKind::Measures)).await.unwrap();
    let file: serde_json::Value = serde_json::from_slice(&measures.bytes).unwrap();
    assert_eq!(file["snapshot"]["id"], serde_json::json!(snapshot.id));
    assert!(file["measures"].as_array().unwrap().iter().any(|value| value["measure"] == "P9"));
    let other = make_export(&bench.app, &owner, export(ExportKind::People)).await.unwrap_err();
    assert_eq!(other.code, Code::NotFound, "only whoever asked is handed anything");
}
