//! Teams: who is in them, and what two people do at once.

use domain::{Actor, EmailAddress, TeamId, TeamName};
use heldout_app::Code;
use heldout_app::idempotency::{Created, IdempotencyKey};
use heldout_app::teams::answer::{
    InvitationKey, accept_invitation, decline_invitation, list_own_invitations,
};
use heldout_app::teams::captain::hand_over;
use heldout_app::teams::detail::read_team;
use heldout_app::teams::form::form_team;
use heldout_app::teams::invite::{invite, revoke_invitation};
use heldout_app::teams::leave::leave_team;
use heldout_app::teams::list::list_teams;
use heldout_app::teams::rename::rename_team;
use test_support::TestDatabase;

use crate::bench::{Bench, id_of};

test_support::both_databases!(
    a_person_is_in_one_team_per_challenge,
    names_that_look_alike_are_taken,
    the_last_place_is_taken_once,
    invitations_are_answered_once_and_in_time,
    a_captain_hands_over_before_leaving,
    the_same_request_forms_one_team,
);

impl Bench {
    async fn form(&self, actor: &Actor, name: &str) -> heldout_app::Outcome<TeamId> {
        let name = TeamName::parse(name).unwrap();
        Ok(form_team(&self.app, actor, "kitchen", name, None).await?.into_inner())
    }

    async fn invite(&self, captain: &Actor, team: TeamId, name: &str) -> heldout_app::Outcome<()> {
        let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
        invite(&self.app, captain, team, email, None).await.map(drop)
    }

    /// Accepts the oldest open invitation to the person's own address.
    async fn accept(&self, actor: &Actor) -> heldout_app::Outcome<TeamId> {
        let offers = list_own_invitations(&self.app, actor).await?;
        accept_invitation(&self.app, actor, InvitationKey::Id(offers[0].id)).await
    }

    async fn members(&self, actor: &Actor, team: TeamId) -> usize {
        let detail = read_team(&self.app, actor, team).await.unwrap();
        detail.members.iter().filter(|member| member.left_at.is_none()).count()
    }
}

async fn a_person_is_in_one_team_per_challenge(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let ada = bench.participant("ada").await;
    let both = tokio::join!(bench.form(&ada, "Looms"), bench.form(&ada, "Cards"));
    let refusal = match both {
        (Ok(_), Err(refusal)) | (Err(refusal), Ok(_)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal.code, Code::AlreadyInTeam);

    let bob = bench.participant("bob").await;
    let team = bench.form(&bob, "Engines").await.unwrap();
    bench.invite(&bob, team, "ada").await.unwrap();
    assert_eq!(bench.accept(&ada).await.unwrap_err().code, Code::AlreadyInTeam);
    // What was refused has not used the invitation up.
    assert_eq!(list_own_invitations(&bench.app, &ada).await.unwrap().len(), 1);
    let own = list_teams(&bench.app, &Actor::Anonymous, "kitchen", None, None, 10).await.unwrap();
    assert_eq!(own.len(), 2);
    assert_eq!(read_team(&bench.app, &ada, team).await.unwrap_err().code, Code::NotFound);
    read_team(&bench.app, &owner, team).await.unwrap();
}

async fn names_that_look_alike_are_taken(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let challenge = bench.challenge(&owner, None).await;
    let (ada, bob) = (bench.participant("ada").await, bench.participant("bob").await);
    let team = bench.form(&ada, "Atlas").await.unwrap();
    for lookalike in ["Atlas", "aTLAS", "\u{0410}tlas", "Atlas "] {
        assert_eq!(bench.form(&bob, lookalike).await.unwrap_err().code, Code::TeamNameTaken, "{lookalike}");
    }
    let other = bench.form(&bob, "Titan").await.unwrap();
    let rename = async |actor: &Actor, team, name: &str| {
        rename_team(&bench.app, actor, team, TeamName::parse(name).unwrap()).await
    };
    assert_eq!(rename(&bob, other, "ATLAS").await.unwrap_err().code, Code::TeamNameTaken);
    bench.clock.forward(60);
    rename(&ada, team, "ATLAS").await.unwrap();
    rename(&ada, team, "ATLAS").await.unwrap();
    bench.clock.forward(60);
    rename(&ada, team, "Hyperion").await.unwrap();
    rename(&bob, other, "Atlas").await.unwrap();
    let names = read_team(&bench.app, &ada, team).await.unwrap().names;
    let names: Vec<_> = names.iter().map(|past| past.name.as_str()).collect();
    assert_eq!(names, ["Atlas", "ATLAS", "Hyperion"]);
    let renamed = bench.events(challenge).await;
    assert_eq!(renamed.iter().filter(|kind| **kind == "team.renamed").count(), 3);
}

async fn the_last_place_is_taken_once(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, Some(3)).await;
    let captain = bench.participant("captain").await;
    let team = bench.form(&captain, "Looms").await.unwrap();
    let mut invited = Vec::new();
    for number in 0..6 {
        let name = format!("guest{number}");
        invited.push(bench.participant(&name).await);
        bench.invite(&captain, team, &name).await.unwrap();
    }
    let attempts = invited.iter().map(|guest| bench.accept(guest));
    let outcomes = futures_util::future::join_all(attempts).await;
    let refusals: Vec<_> = outcomes.iter().filter_map(|one| one.as_ref().err()).map(|one| one.code).collect();
    assert_eq!(refusals, [Code::TeamFull; 4]);
    assert_eq!(bench.members(&captain, team).await, 3);
}

async fn invitations_are_answered_once_and_in_time(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    let challenge = bench.challenge(&owner, None).await;
    let (ada, bob) = (bench.participant("ada").await, bench.person("bob").await);
    let team = bench.form(&ada, "Looms").await.unwrap();
    bench.invite(&ada, team, "bob").await.unwrap();
    assert_eq!(bench.invite(&ada, team, "bob").await.unwrap_err().code, Code::StateConflict);
    assert_eq!(bench.invite(&bob, team, "eve").await.unwrap_err().code, Code::NotFound);

    // The mail is queued with the invitation, and its token is good for whoever holds it.
    let job = bench.app.db.write({
        let (token, now) = (bench.app.sources.new_id(), bench.app.now());
        move |conn| storage::jobs::lease_next(conn, "test", token, now, now.plus_seconds(60))
    });
    let mail = job.await.unwrap().unwrap().payload;
    assert_eq!(mail["to"], "bob@example.org");
    let text = mail["text"].as_str().unwrap();
    let begin = text.find("hoi_").unwrap();
    let token = text[begin..].split_whitespace().next().unwrap();
    let key = || InvitationKey::parse_token(token).unwrap();
    let eve = bench.participant("eve").await;
    let id = list_own_invitations(&bench.app, &bob).await.unwrap()[0].id;
    let foreign = accept_invitation(&bench.app, &eve, InvitationKey::Id(id)).await;
    assert_eq!(foreign.unwrap_err().code, Code::InvitationInvalid);

    assert_eq!(accept_invitation(&bench.app, &bob, key()).await.unwrap_err().code, Code::NotRegistered);
    decline_invitation(&bench.app, &bob, key()).await.unwrap();
    assert_eq!(accept_invitation(&bench.app, &eve, key()).await.unwrap_err().code, Code::InvitationInvalid);

    bench.invite(&ada, team, "bob").await.unwrap();
    let id = list_own_invitations(&bench.app, &bob).await.unwrap()[0].id;
    revoke_invitation(&bench.app, &ada, team, id).await.unwrap();
    assert_eq!(revoke_invitation(&bench.app, &ada, team, id).await.unwrap_err().code, Code::NotFound);

    bench.invite(&ada, team, "eve").await.unwrap();
    bench.clock.forward(i64::from(bench.app.settings.accounts.invitation_seconds));
    assert!(list_own_invitations(&bench.app, &eve).await.unwrap().is_empty());
    bench.invite(&ada, team, "eve").await.unwrap();
    assert_eq!(bench.accept(&eve).await.unwrap(), team);
    let ended = bench.events(challenge).await;
    assert_eq!(ended.iter().filter(|kind| **kind == "team.invitation_ended").count(), 2);
}

async fn a_captain_hands_over_before_leaving(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let (ada, bob) = (bench.participant("ada").await, bench.participant("bob").await);
    let team = bench.form(&ada, "Looms").await.unwrap();
    bench.invite(&ada, team, "bob").await.unwrap();
    bench.accept(&bob).await.unwrap();
    let leave = async |actor: &Actor, who: &Actor| leave_team(&bench.app, actor, team, id_of(who)).await;

    assert_eq!(leave(&bob, &ada).await.unwrap_err().code, Code::Forbidden);
    assert_eq!(leave(&ada, &ada).await.unwrap_err().code, Code::StateConflict);
    let outsider = hand_over(&bench.app, &ada, team, id_of(&owner)).await;
    assert_eq!(outsider.unwrap_err().code, Code::InvalidField);
    hand_over(&bench.app, &ada, team, id_of(&bob)).await.unwrap();
    assert_eq!(hand_over(&bench.app, &ada, team, id_of(&ada)).await.unwrap_err().code, Code::Forbidden);
    leave(&bob, &ada).await.unwrap();
    assert_eq!(leave(&ada, &ada).await.unwrap_err().code, Code::NotFound);
    leave(&bob, &bob).await.unwrap();

    let detail = read_team(&bench.app, &owner, team).await.unwrap();
    assert!(detail.members.len() == 2 && detail.members.iter().all(|member| member.left_at.is_some()));
    bench.form(&ada, "Cards").await.unwrap();
}

async fn the_same_request_forms_one_team(database: TestDatabase) {
    let bench = Bench::new(database);
    let owner = bench.person("owner").await;
    bench.challenge(&owner, None).await;
    let ada = bench.participant("ada").await;
    let name = || TeamName::parse("Looms").unwrap();
    let key = |body: &[u8]| Some(IdempotencyKey { key: "one".into(), body_digest: domain::Digest::of(body) });
    let send = |body: &'static [u8]| form_team(&bench.app, &ada, "kitchen", name(), key(body));
    let (one, other) = tokio::join!(send(b"looms"), send(b"looms"));
    let made = match (one.unwrap(), other.unwrap()) {
        (Created::New(one), Created::Replayed(other)) | (Created::Replayed(one), Created::New(other)) => {
            assert_eq!(one, other);
            one
        }
        both => panic!("{both:?}"),
    };
    assert_eq!(send(b"looms").await.unwrap(), Created::Replayed(made));
    assert_eq!(send(b"cards").await.unwrap_err().code, Code::IdempotencyKeyReused);
}
