//! Who sees a challenge and may enter it.

use domain::entry::{Admission, EntryRules, Openness, RegistrationState, domains, guests};
use domain::{Actor, EmailAddress, TeamName};
use heldout_app::challenges::detail::read_challenge;
use heldout_app::challenges::entry::{
    Verdict, appeal_registration, decide_registration, read_entry_rules, read_own_registration,
    set_entry_rules, withdraw_registration,
};
use heldout_app::challenges::list::{ListChallenges, list_challenges};
use heldout_app::challenges::participants::list_participants;
use heldout_app::challenges::register::register;
use heldout_app::submissions::submit::admit;
use heldout_app::teams::answer::{InvitationKey, accept_invitation, list_own_invitations};
use heldout_app::teams::form::form_team;
use heldout_app::teams::invite::invite;
use heldout_app::teams::leave::leave_team;
use heldout_app::{Code, Failure};
use test_support::TestDatabase;

use crate::bench::{Bench, id_of, split};

test_support::both_databases!(
    a_private_challenge_exists_for_expected_people_alone,
    an_unlisted_challenge_is_in_no_list,
    approval_comes_before_submissions,
    a_ban_is_answered_once_and_decided_anew,
    entries_close_and_teams_freeze,
    a_withdrawn_registration_can_be_begun_anew,
    rules_that_do_not_fit_are_refused_and_change_nothing,
);

fn open() -> EntryRules {
    EntryRules::open()
}

fn lab() -> std::collections::BTreeSet<domain::entry::MailDomain> {
    domains("welcome_domains", &["example.org".into()]).unwrap()
}

fn only(address: &str) -> std::collections::BTreeSet<String> {
    guests(&[address.to_owned()]).unwrap()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Code {
    outcome.unwrap_err().code
}

async fn titles(bench: &Bench, actor: &Actor) -> usize {
    let asked = ListChallenges { limit: 50, ..Default::default() };
    list_challenges(&bench.app, actor, asked).await.unwrap().len()
}

async fn looms(bench: &Bench, actor: &Actor) -> domain::TeamId {
    let name = TeamName::parse("Looms").unwrap();
    form_team(&bench.app, actor, "kitchen", name, None).await.unwrap().into_inner()
}

async fn a_private_challenge_exists_for_expected_people_alone(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let id = bench.challenge(&owner, None).await;
    let early = bench.participant("early").await;
    let rules = EntryRules { openness: Openness::Private, guests: only("Guest@example.org"), ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules.clone()).await.unwrap();
    set_entry_rules(&bench.app, &owner, "kitchen", rules.clone()).await.unwrap();
    assert_eq!(read_entry_rules(&bench.app, &owner, "kitchen").await.unwrap(), rules);

    let (guest, stranger) = (bench.person("guest").await, bench.person("stranger").await);
    for seeing in [&owner, &early, &guest] {
        read_challenge(&bench.app, seeing, "kitchen").await.unwrap();
        assert_eq!(titles(&bench, seeing).await, usize::from(seeing != &owner));
    }
    let missing = read_challenge(&bench.app, &stranger, "nothing-here").await.unwrap_err();
    for blind in [&stranger, &Actor::Anonymous] {
        let refusal = read_challenge(&bench.app, blind, "kitchen").await.unwrap_err();
        assert_eq!((refusal.code, refusal.detail), (Code::NotFound, missing.detail.clone()));
        assert_eq!(titles(&bench, blind).await, 0);
    }
    assert_eq!(code(register(&bench.app, &stranger, "kitchen", None).await), Code::NotFound);
    assert_eq!(code(read_entry_rules(&bench.app, &guest, "kitchen").await), Code::Forbidden);

    // A whole domain of mail is expected: then the stranger is none.
    let rules = EntryRules { welcome: lab(), ..rules };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    let entered = register(&bench.app, &stranger, "kitchen", None).await.unwrap();
    assert_eq!(entered.state, RegistrationState::Admitted);
    let events = bench.events(id).await;
    assert_eq!(events.iter().filter(|kind| **kind == "challenge.entry_rules_changed").count(), 2);
}

async fn an_unlisted_challenge_is_in_no_list(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    assert_eq!(titles(&bench, &Actor::Anonymous).await, 1);
    let rules = EntryRules { openness: Openness::Unlisted, ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    assert_eq!(titles(&bench, &Actor::Anonymous).await, 0);
    read_challenge(&bench.app, &Actor::Anonymous, "kitchen").await.unwrap();
    let member = bench.participant("member").await;
    assert_eq!(titles(&bench, &member).await, 1);
}

async fn approval_comes_before_submissions(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let all = split("all", domain::split::SplitRule::All);
    bench.phase(&owner, vec![all]).await;
    let rules = EntryRules { admission: Admission::Approval, guests: only("guest@example.org"), ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    let guest = bench.person("guest").await;
    let listed = register(&bench.app, &guest, "kitchen", None).await.unwrap();
    assert_eq!(listed.state, RegistrationState::Admitted);

    let ada = bench.person("ada").await;
    for _ in 0..2 {
        let entered = register(&bench.app, &ada, "kitchen", None).await.unwrap();
        assert_eq!(entered.state, RegistrationState::Waiting);
    }
    // A team may be formed meanwhile, but nothing is submitted.
    looms(&bench, &ada).await;
    let submits = || admit(&bench.app, &ada, "kitchen", "test", None);
    assert_eq!(code(submits().await), Code::RegistrationWaiting);
    let of = |state| list_participants(&bench.app, &owner, "kitchen", state, None, 50);
    let names = |people: Vec<heldout_app::challenges::records::Participant>| {
        people.into_iter().map(|one| one.user).collect::<Vec<_>>()
    };
    assert_eq!(names(of(RegistrationState::Waiting).await.unwrap()), [id_of(&ada)]);
    assert_eq!(names(of(RegistrationState::Admitted).await.unwrap()), [id_of(&guest)]);

    let yes = Verdict::new(RegistrationState::Admitted, "").unwrap();
    let deciding = |actor| decide_registration(&bench.app, actor, "kitchen", id_of(&ada), yes.clone());
    assert_eq!(code(deciding(&ada).await), Code::Forbidden);
    assert_eq!(deciding(&owner).await.unwrap().state, RegistrationState::Admitted);
    submits().await.unwrap();
    let nobody = decide_registration(&bench.app, &owner, "kitchen", id_of(&owner), yes.clone()).await;
    assert_eq!(code(nobody), Code::NotFound);
}

async fn a_ban_is_answered_once_and_decided_anew(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let id = bench.challenge(&owner, None).await;
    let ada = bench.participant("ada").await;
    looms(&bench, &ada).await;
    assert_eq!(code(appeal_registration(&bench.app, &ada, "kitchen", "Why?").await), Code::StateConflict);

    let ban = Verdict::new(RegistrationState::Banned, " Two accounts. ").unwrap();
    decide_registration(&bench.app, &owner, "kitchen", id_of(&ada), ban.clone()).await.unwrap();
    assert_eq!(code(register(&bench.app, &ada, "kitchen", None).await), Code::NotAdmitted);
    assert_eq!(code(admit(&bench.app, &ada, "kitchen", "test", None).await), Code::NotFound);
    let own = read_own_registration(&bench.app, &ada, "kitchen").await.unwrap();
    assert_eq!((own.state, own.reason.as_str()), (RegistrationState::Banned, "Two accounts."));
    assert_eq!(code(withdraw_registration(&bench.app, &ada, "kitchen").await), Code::StateConflict);

    let appealed = appeal_registration(&bench.app, &ada, "kitchen", "One is my sister's.").await.unwrap();
    assert_eq!(appealed.appeal.as_deref(), Some("One is my sister's."));
    assert_eq!(code(appeal_registration(&bench.app, &ada, "kitchen", "Again.").await), Code::StateConflict);
    // The same verdict again is an answer to the appeal, and a new decision.
    let upheld = decide_registration(&bench.app, &owner, "kitchen", id_of(&ada), ban).await.unwrap();
    assert_eq!((upheld.state, upheld.appeal), (RegistrationState::Banned, None));
    appeal_registration(&bench.app, &ada, "kitchen", "Ask her.").await.unwrap();
    let yes = Verdict::new(RegistrationState::Admitted, "We asked her.").unwrap();
    decide_registration(&bench.app, &owner, "kitchen", id_of(&ada), yes).await.unwrap();
    assert!(read_challenge(&bench.app, &ada, "kitchen").await.unwrap().is_registered());
    let decided = ["registration.decided", "registration.appealed"].repeat(2);
    let events = bench.events(id).await;
    assert_eq!(events[events.len() - 5..], [&decided[..], &["registration.decided"]].concat());
    for state in [RegistrationState::Refused, RegistrationState::Banned] {
        assert_eq!(Verdict::new(state, "  ").unwrap_err().field, "reason");
    }
    assert_eq!(Verdict::new(RegistrationState::Waiting, "").unwrap_err().field, "state");
}

async fn entries_close_and_teams_freeze(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let (ada, bob) = (bench.participant("ada").await, bench.participant("bob").await);
    let team = looms(&bench, &ada).await;
    let address = EmailAddress::parse("bob@example.org").unwrap();
    invite(&bench.app, &ada, team, address.clone(), None).await.unwrap();
    let soon = bench.app.now().plus_seconds(60);
    let rules = EntryRules { entries_close_at: Some(soon), teams_freeze_at: Some(soon), ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    bench.participant("just-in-time").await;
    bench.clock.forward(60);

    let late = bench.person("late").await;
    assert_eq!(code(register(&bench.app, &late, "kitchen", None).await), Code::EntriesClosed);
    register(&bench.app, &bob, "kitchen", None).await.unwrap();
    let offer = list_own_invitations(&bench.app, &bob).await.unwrap()[0].id;
    let joining = accept_invitation(&bench.app, &bob, InvitationKey::Id(offer)).await;
    assert_eq!(code(joining), Code::TeamsFrozen);
    assert_eq!(code(invite(&bench.app, &ada, team, address, None).await), Code::TeamsFrozen);
    leave_team(&bench.app, &ada, team, id_of(&ada)).await.unwrap();
}

async fn a_withdrawn_registration_can_be_begun_anew(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let ada = bench.participant("ada").await;
    let team = looms(&bench, &ada).await;
    assert_eq!(code(withdraw_registration(&bench.app, &ada, "kitchen").await), Code::StateConflict);
    leave_team(&bench.app, &ada, team, id_of(&ada)).await.unwrap();
    for _ in 0..2 {
        withdraw_registration(&bench.app, &ada, "kitchen").await.unwrap();
    }
    let name = TeamName::parse("Shuttles").unwrap();
    let forming = form_team(&bench.app, &ada, "kitchen", name, None).await;
    assert_eq!(code(forming), Code::NotRegistered);
    let verdict = Verdict::new(RegistrationState::Admitted, "").unwrap();
    let decided = decide_registration(&bench.app, &owner, "kitchen", id_of(&ada), verdict).await;
    assert_eq!(code(decided), Code::StateConflict);

    let rules = EntryRules { admission: Admission::Approval, ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    let again = register(&bench.app, &ada, "kitchen", None).await.unwrap();
    assert_eq!(again.state, RegistrationState::Waiting);
}

async fn rules_that_do_not_fit_are_refused_and_change_nothing(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let nobody = EntryRules { admission: Admission::Listed, ..open() };
    assert_eq!(code(set_entry_rules(&bench.app, &owner, "kitchen", nobody).await), Code::InvalidField);
    let stranger = bench.person("stranger").await;
    assert_eq!(code(set_entry_rules(&bench.app, &stranger, "kitchen", open()).await), Code::Forbidden);
    assert_eq!(read_entry_rules(&bench.app, &owner, "kitchen").await.unwrap(), open());

    let blocked = domains("blocked_domains", &["example.org".into()]).unwrap();
    let rules = EntryRules { blocked, guests: only("guest@example.org"), ..open() };
    set_entry_rules(&bench.app, &owner, "kitchen", rules).await.unwrap();
    assert_eq!(code(register(&bench.app, &stranger, "kitchen", None).await), Code::EntryNotAllowed);
    let guest = bench.person("guest").await;
    register(&bench.app, &guest, "kitchen", None).await.unwrap();
}
