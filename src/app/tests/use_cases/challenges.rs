//! Challenges, their owners and terms.

use domain::{Actor, ChallengeRole, Slug, TeamName, Title};
use heldout_app::Code;
use heldout_app::authority::{Act, allows};
use heldout_app::challenges::detail::read_challenge;
use heldout_app::challenges::entry::{RegistrationState, Verdict, decide_registration};
use heldout_app::challenges::export::export_challenge;
use heldout_app::challenges::list::{ListChallenges, list_challenges};
use heldout_app::challenges::organizers::{PersonKey, list_organizers, remove_organizer, set_organizer};
use heldout_app::challenges::publish::publish_challenge;
use heldout_app::challenges::records::Standing;
use heldout_app::challenges::register::register;
use heldout_app::challenges::series::{SeriesDraft, create_series, read_series};
use heldout_app::challenges::terms::list_terms;
use heldout_app::challenges::update::{ChallengeChange, update_challenge};
use heldout_app::teams::form::form_team;
use test_support::TestDatabase;

use crate::bench::{Bench, id_of, split};

test_support::both_databases!(
    a_draft_is_seen_by_its_organizers_alone,
    there_is_always_an_owner,
    each_role_does_what_the_table_says,
    changed_terms_are_accepted_anew,
    a_list_is_filtered_and_continues,
    strangers_add_no_edition_to_a_series,
    an_export_is_the_whole_challenge,
);

async fn a_draft_is_seen_by_its_organizers_alone(database: TestDatabase) {
    let bench = Bench::new(database);
    let (owner, stranger) = (bench.person("owner").await, bench.person("stranger").await);
    let id = bench.draft(&owner, |_| {}).await;
    let missing = read_challenge(&bench.app, &stranger, "nothing-here").await.unwrap_err();
    for reader in [&stranger, &Actor::Anonymous] {
        for key in ["kitchen".to_owned(), id.to_string()] {
            let refusal = read_challenge(&bench.app, reader, &key).await.unwrap_err();
            assert_eq!((refusal.code, &refusal.detail), (Code::NotFound, &missing.detail));
        }
        assert_eq!(publish_challenge(&bench.app, reader, "kitchen").await.unwrap_err().code, Code::NotFound);
    }
    assert_eq!(read_challenge(&bench.app, &owner, "kitchen").await.unwrap().role, Some(ChallengeRole::Owner));

    publish_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    publish_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    read_challenge(&bench.app, &Actor::Anonymous, "kitchen").await.unwrap();
    assert_eq!(publish_challenge(&bench.app, &stranger, "kitchen").await.unwrap_err().code, Code::Forbidden);
    assert_eq!(bench.events(id).await, ["challenge.created", "challenge.published"]);
}

async fn there_is_always_an_owner(database: TestDatabase) {
    let bench = Bench::new(database);
    let (ada, bob) = (bench.person("ada").await, bench.person("bob").await);
    let id = bench.challenge(&ada, None).await;
    let key = |actor: &Actor| PersonKey::User(id_of(actor));
    let demote = |actor| set_organizer(&bench.app, actor, "kitchen", key(&ada), ChallengeRole::Viewer);
    assert_eq!(demote(&ada).await.unwrap_err().code, Code::StateConflict);
    let alone = remove_organizer(&bench.app, &ada, "kitchen", key(&ada)).await;
    assert_eq!(alone.unwrap_err().code, Code::StateConflict);

    // The database refuses it as well, whoever asks.
    let (user, role) = (id_of(&ada), ChallengeRole::Admin);
    let now = bench.app.now();
    let demoted = bench
        .app
        .db
        .write(move |conn| storage::challenges::organizers::set(conn, id, user, role, now))
        .await
        .unwrap_err();
    assert!(demoted.rejected_by("a challenge needs an owner"), "{demoted:?}");
    let by_mail = PersonKey::parse("Bob@Example.org").unwrap();
    set_organizer(&bench.app, &ada, "kitchen", by_mail, ChallengeRole::Owner).await.unwrap();
    let both = tokio::join!(
        remove_organizer(&bench.app, &ada, "kitchen", key(&bob)),
        remove_organizer(&bench.app, &bob, "kitchen", key(&ada)),
    );
    assert!(both.0.is_ok() ^ both.1.is_ok(), "{both:?}");
    let owners =
        bench.app.db.read(move |conn| storage::challenges::organizers::owners(conn, id)).await.unwrap();
    assert_eq!(owners, 1);
}

async fn each_role_does_what_the_table_says(database: TestDatabase) {
    let bench = Bench::new(database);
    let ada = bench.person("ada").await;
    bench.challenge(&ada, None).await;
    let guest = bench.participant("guest").await;
    for role in ChallengeRole::ALL {
        let actor = bench.person(role.as_str()).await;
        let who = |actor: &Actor| PersonKey::User(id_of(actor));
        set_organizer(&bench.app, &ada, "kitchen", who(&actor), role).await.unwrap();
        let verdict = Verdict::new(RegistrationState::Banned, role.as_str()).unwrap();
        let change = ChallengeChange { summary: Some(role.as_str().into()), ..Default::default() };
        let done = [
            (Act::Inspect, list_organizers(&bench.app, &actor, "kitchen").await.map(drop)),
            (
                Act::Review,
                decide_registration(&bench.app, &actor, "kitchen", id_of(&guest), verdict).await.map(drop),
            ),
            (Act::Change, update_challenge(&bench.app, &actor, "kitchen", change).await.map(drop)),
            (
                Act::Own,
                set_organizer(&bench.app, &actor, "kitchen", who(&guest), ChallengeRole::Viewer)
                    .await
                    .map(drop),
            ),
        ];
        for (act, outcome) in done {
            match outcome {
                Ok(()) => assert!(allows(role, act), "{role:?} {act:?}"),
                Err(refusal) => {
                    assert!(!allows(role, act), "{role:?} {act:?}: {refusal:?}");
                    assert_eq!(refusal.code, Code::Forbidden);
                    assert!(refusal.detail.ends_with("owner"), "{}", refusal.detail);
                }
            }
        }
    }
}

async fn changed_terms_are_accepted_anew(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let id = bench.draft(&owner, |draft| draft.terms = "Be kind.".into()).await;
    publish_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    let ada = bench.person("ada").await;
    let form = |actor| form_team(&bench.app, actor, "kitchen", TeamName::parse("Looms").unwrap(), None);
    let terms = |text: &str| ChallengeChange { terms: Some(text.into()), ..Default::default() };

    assert_eq!(form(&ada).await.unwrap_err().code, Code::NotRegistered);
    for wrong in [None, Some(2)] {
        let refusal = register(&bench.app, &ada, "kitchen", wrong).await.unwrap_err();
        assert_eq!(refusal.code, Code::TermsNotAccepted);
    }
    register(&bench.app, &ada, "kitchen", Some(1)).await.unwrap();
    register(&bench.app, &ada, "kitchen", Some(1)).await.unwrap();

    update_challenge(&bench.app, &owner, "kitchen", terms("Be kind.")).await.unwrap();
    update_challenge(&bench.app, &owner, "kitchen", terms("Be kinder.")).await.unwrap();
    assert_eq!(form(&ada).await.unwrap_err().code, Code::TermsNotAccepted);
    assert_eq!(
        register(&bench.app, &ada, "kitchen", Some(1)).await.unwrap_err().code,
        Code::TermsNotAccepted
    );
    register(&bench.app, &ada, "kitchen", Some(2)).await.unwrap();
    form(&ada).await.unwrap();
    let versions = list_terms(&bench.app, &Actor::Anonymous, "kitchen").await.unwrap();
    assert_eq!(versions.iter().map(|terms| terms.version).collect::<Vec<_>>(), [2, 1]);

    update_challenge(&bench.app, &owner, "kitchen", terms("")).await.unwrap();
    let bob = bench.person("bob").await;
    register(&bench.app, &bob, "kitchen", None).await.unwrap();
    assert_eq!(
        bench.events(id).await,
        [
            "challenge.created",
            "terms.published",
            "challenge.published",
            "registration.created",
            "challenge.updated",
            "terms.published",
            "registration.created",
            "team.created",
            "challenge.updated",
            "terms.published",
            "registration.created",
        ]
    );
}

async fn a_list_is_filtered_and_continues(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    bench.phase(&owner, vec![split("all", domain::split::SplitRule::All)]).await;
    for name in ["garden", "garage"] {
        bench.clock.forward(1);
        let title = |text: &str| Title::parse(text).unwrap();
        bench
            .draft(&owner, |draft| {
                draft.slug = Slug::parse(name).unwrap();
                draft.title = title(&format!("The {name} of 100% Ada_s"));
            })
            .await;
        publish_challenge(&bench.app, &owner, name).await.unwrap();
    }
    bench.clock.forward(1);
    bench.draft(&owner, |draft| draft.slug = Slug::parse("secret").unwrap()).await;

    let list = async |actor: &Actor, asked: ListChallenges| -> Vec<String> {
        let asked = ListChallenges { limit: 10, ..asked };
        let found = list_challenges(&bench.app, actor, asked).await.unwrap();
        found.into_iter().map(|(challenge, _)| challenge.slug.into()).collect()
    };
    let all = ListChallenges::default;
    let nobody = Actor::Anonymous;
    assert_eq!(list(&nobody, all()).await, ["garage", "garden", "kitchen"]);
    let of = |standing| ListChallenges { standing: Some(standing), ..all() };
    assert_eq!(list(&nobody, of(Standing::Open)).await, ["kitchen"]);
    assert_eq!(list(&nobody, of(Standing::Upcoming)).await, ["garage", "garden"]);
    assert!(list(&nobody, of(Standing::Closed)).await.is_empty());
    let with = |text: &str| ListChallenges { text: Some(text.into()), ..all() };
    assert_eq!(list(&nobody, with("GARD")).await, ["garden"]);
    assert_eq!(list(&nobody, with("0% ada_")).await, ["garage", "garden"]);
    assert!(list(&nobody, with("k%n")).await.is_empty());
    assert_eq!(list(&owner, ListChallenges { organized: true, ..all() }).await.len(), 4);
    assert!(list_challenges(&bench.app, &nobody, ListChallenges { organized: true, ..all() }).await.is_err());

    let first = list_challenges(&bench.app, &nobody, ListChallenges { limit: 1, ..all() }).await.unwrap();
    let rest = ListChallenges { before: Some(first[0].0.id), ..all() };
    assert_eq!(list(&nobody, rest).await, ["garden", "kitchen"]);
}

async fn strangers_add_no_edition_to_a_series(database: TestDatabase) {
    let bench = Bench::new(database);
    let (ada, bob) = (bench.person("ada").await, bench.person("bob").await);
    let slug = Slug::parse("kitchens").unwrap();
    let draft = SeriesDraft {
        slug: slug.clone(),
        title: Title::parse("Kitchens").unwrap(),
        description: String::new(),
    };
    create_series(&bench.app, &ada, draft.clone(), None).await.unwrap();
    assert_eq!(create_series(&bench.app, &bob, draft, None).await.unwrap_err().code, Code::SlugTaken);

    bench.challenge(&bob, None).await;
    let join = || ChallengeChange { series: Some(Some(slug.clone())), ..Default::default() };
    let stranger = update_challenge(&bench.app, &bob, "kitchen", join()).await;
    assert_eq!(stranger.unwrap_err().code, Code::Forbidden);
    let by_id = PersonKey::User(id_of(&ada));
    set_organizer(&bench.app, &bob, "kitchen", by_id, ChallengeRole::Admin).await.unwrap();
    update_challenge(&bench.app, &ada, "kitchen", join()).await.unwrap();

    bench
        .draft(&ada, |draft| {
            draft.slug = Slug::parse("next").unwrap();
            draft.series = Some(slug.clone());
        })
        .await;
    let editions = async |actor: &Actor| read_series(&bench.app, actor, "kitchens").await.unwrap().1.len();
    assert_eq!((editions(&ada).await, editions(&Actor::Anonymous).await), (2, 1));
}

async fn an_export_is_the_whole_challenge(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.draft(&owner, |draft| draft.terms = "Be kind.".into()).await;
    bench.phase(&owner, vec![split("all", domain::split::SplitRule::All)]).await;
    let uploaded = bench.upload(&owner, &[("main", "id,label\na,x\nb,y\n")]).await.unwrap();
    let bundle = export_challenge(&bench.app, &owner, "kitchen").await.unwrap();
    assert_eq!(bundle.challenge.terms, "Be kind.");
    let [phase] = bundle.phases.as_slice() else { panic!("{bundle:?}") };
    assert_eq!(phase.draft, crate::bench::phase_draft(vec![split("all", domain::split::SplitRule::All)]));
    assert_eq!(phase.annotations[0].digest, Some(uploaded.tables.0[0].digest));
    let stranger = bench.person("stranger").await;
    assert!(export_challenge(&bench.app, &stranger, "kitchen").await.is_err());
}
