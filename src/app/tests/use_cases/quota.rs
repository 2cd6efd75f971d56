//! A quota follows people as well as teams.

use domain::quota::Quota;
use domain::split::{SplitRule, Visibility};
use domain::submission::Method;
use domain::{Actor, EmailAddress, TeamId, TeamName};
use heldout_app::phases::create::create_phase;
use heldout_app::submissions::quota::read_quota;
use heldout_app::submissions::submit::{Submit, submit};
use heldout_app::teams::answer::{InvitationKey, accept_invitation, list_own_invitations};
use heldout_app::teams::form::form_team;
use heldout_app::teams::invite::invite;
use heldout_app::teams::leave::leave_team;
use heldout_app::{App, Code, Outcome};
use test_support::TestDatabase;

use crate::bench::{Bench, id_of, phase_draft, split};

test_support::both_databases!(
    who_leaves_takes_along_what_was_used,
    a_member_who_joins_brings_what_they_used,
    submitting_while_changing_teams_gives_no_more_than_the_limit,
);

/// A challenge with a phase that takes so many submissions in all.
async fn contest(database: TestDatabase, total: u32) -> Bench {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let mut draft = phase_draft(vec![split("all", SplitRule::All)]);
    draft.quota = Quota { total: Some(total), ..Quota::default() };
    create_phase(&bench.app, &owner, "kitchen", draft, None).await.unwrap();
    bench.upload(&owner, &[("main", "id,label\na,x\n")]).await.unwrap();
    bench
}

async fn send(app: &App, actor: &Actor) -> Outcome<()> {
    let mut writer = app.artifacts.begin(100);
    writer.write("id,label\na,x\n".into()).await?;
    let input = Submit {
        challenge: "kitchen".into(),
        phase: "test".into(),
        file_name: "s.csv".into(),
        method: Method::default(),
        attributes: Default::default(),
        visibility: Visibility::Public,
        file: writer.finish().await?,
        idempotency: None,
    };
    submit(app, actor, input).await.map(drop)
}

async fn form(app: &App, actor: &Actor, name: &str) -> TeamId {
    form_team(app, actor, "kitchen", TeamName::parse(name).unwrap(), None).await.unwrap().into_inner()
}

async fn take_in(bench: &Bench, captain: &Actor, team: TeamId, name: &str, guest: &Actor) {
    let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
    invite(&bench.app, captain, team, email, None).await.unwrap();
    let offers = list_own_invitations(&bench.app, guest).await.unwrap();
    accept_invitation(&bench.app, guest, InvitationKey::Id(offers[0].id)).await.unwrap();
}

async fn used(bench: &Bench, actor: &Actor) -> u32 {
    read_quota(&bench.app, actor, "kitchen", "test").await.unwrap()[0].used
}

async fn who_leaves_takes_along_what_was_used(database: TestDatabase) {
    let bench = contest(database, 2).await;
    let (ada, bob) = (bench.participant("ada").await, bench.participant("bob").await);
    let team = form(&bench.app, &ada, "Looms").await;
    bench.clock.forward(1);
    take_in(&bench, &ada, team, "bob", &bob).await;
    bench.clock.forward(1);
    send(&bench.app, &ada).await.unwrap();
    send(&bench.app, &ada).await.unwrap();
    assert_eq!(send(&bench.app, &bob).await.unwrap_err().code, Code::QuotaExceeded);

    // Bob has sent nothing himself, but was there when it was sent.
    bench.clock.forward(1);
    leave_team(&bench.app, &bob, team, id_of(&bob)).await.unwrap();
    form(&bench.app, &bob, "Cards").await;
    assert_eq!(used(&bench, &bob).await, 2);
    assert_eq!(send(&bench.app, &bob).await.unwrap_err().code, Code::QuotaExceeded);
    // Neither does the way back, nor a team of her own for who sent.
    leave_team(&bench.app, &ada, team, id_of(&ada)).await.unwrap();
    form(&bench.app, &ada, "Punches").await;
    assert_eq!(send(&bench.app, &ada).await.unwrap_err().code, Code::QuotaExceeded);
    // What happens in a team after somebody has left is none of theirs.
    let eve = bench.participant("eve").await;
    form(&bench.app, &eve, "Needles").await;
    assert_eq!(used(&bench, &eve).await, 0);
    send(&bench.app, &eve).await.unwrap();
}

async fn a_member_who_joins_brings_what_they_used(database: TestDatabase) {
    let bench = contest(database, 3).await;
    let (ada, bob) = (bench.participant("ada").await, bench.participant("bob").await);
    let (looms, cards) = (form(&bench.app, &ada, "Looms").await, form(&bench.app, &bob, "Cards").await);
    send(&bench.app, &ada).await.unwrap();
    send(&bench.app, &bob).await.unwrap();
    bench.clock.forward(1);
    leave_team(&bench.app, &bob, cards, id_of(&bob)).await.unwrap();
    take_in(&bench, &ada, looms, "bob", &bob).await;
    assert_eq!(used(&bench, &ada).await, 2);
    send(&bench.app, &bob).await.unwrap();
    assert_eq!(send(&bench.app, &ada).await.unwrap_err().code, Code::QuotaExceeded);
    // The team keeps what was sent for it, and no more, once he has gone.
    bench.clock.forward(1);
    leave_team(&bench.app, &bob, looms, id_of(&bob)).await.unwrap();
    assert_eq!(used(&bench, &ada).await, 2);
}

async fn submitting_while_changing_teams_gives_no_more_than_the_limit(database: TestDatabase) {
    let bench = contest(database, 3).await;
    let ada = bench.participant("ada").await;
    let mut accepted = 0;
    for round in 0..3 {
        let team = form(&bench.app, &ada, &format!("Looms {round}")).await;
        bench.clock.forward(1);
        let posts = (0..4).map(|_| send(&bench.app, &ada));
        let leaving = leave_team(&bench.app, &ada, team, id_of(&ada));
        let (outcomes, left) = tokio::join!(futures_util::future::join_all(posts), leaving);
        left.unwrap();
        for outcome in outcomes {
            match outcome {
                Ok(()) => accepted += 1,
                Err(refusal) => {
                    assert!(matches!(refusal.code, Code::QuotaExceeded | Code::NotInTeam), "{refusal:?}");
                }
            }
        }
    }
    form(&bench.app, &ada, "The last").await;
    for _ in 0..4 {
        accepted += u32::from(send(&bench.app, &ada).await.is_ok());
    }
    assert_eq!(accepted, 3);
}
