//! What people let be known of themselves, and what becomes of it when they take it back.

use domain::actor::Person;
use domain::{Actor, ConsentPurpose, EmailAddress, Orcid, SessionId, Title};
use heldout_app::Code;
use heldout_app::accounts::affiliations::{
    AddAffiliation, add_affiliation, end_affiliation, list_affiliations,
};
use heldout_app::participation::consents::{give_consent, list_consents, withdraw_consent};
use heldout_app::participation::erase::erase_me;
use heldout_app::participation::my_data::read_my_data;
use heldout_app::participation::orcid::set_orcid;
use heldout_app::teams::form::form_team;
use test_support::{TestDatabase, both_databases};

use crate::bench::{Bench, id_of};

both_databases!(
    nobody_is_more_than_one_person_on_a_day,
    a_consent_stands_until_it_is_withdrawn,
    an_orcid_id_is_of_one_account,
    an_erased_person_leaves_an_id_and_a_chain_that_verifies,
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
    let challenge = bench.challenge(&owner, None).await;
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
    let _ = challenge;
}
