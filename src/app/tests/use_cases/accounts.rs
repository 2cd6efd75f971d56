//! Accounts from the first mail to the last revoked token.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use domain::{Actor, EmailAddress, PersonName, Scope, Scopes, SiteRole, Title, UserId};
use heldout_app::accounts::affiliations::{AddAffiliation, add_affiliation, end_affiliation};
use heldout_app::accounts::api_tokens::{
    CreateApiToken, TokenDays, create_api_token, list_api_tokens, mint_api_token, revoke_api_token,
};
use heldout_app::accounts::change_password::{ChangePassword, change_password};
use heldout_app::accounts::create_user::{CreateUser, create_user};
use heldout_app::accounts::list_users::{ListUsers, find_user, list_users};
use heldout_app::accounts::me::{read_account, rename_account};
use heldout_app::accounts::refresh::refresh;
use heldout_app::accounts::register::{Register, register};
use heldout_app::accounts::reset::{request_reset, reset_password};
use heldout_app::accounts::sign_in::{SignIn, sign_in, sign_in_browser};
use heldout_app::accounts::sign_out::sign_out;
use heldout_app::accounts::update_user::{UpdateUser, update_user};
use heldout_app::accounts::verify::{resend_verification, verify_email};
use heldout_app::accounts::{Country, Credential, TokenPair, authenticate};
use heldout_app::idempotency::{Created, IdempotencyKey};
use heldout_app::identity::Password;
use heldout_app::mail::{Mailer, deliver};
use heldout_app::settings::Registration;
use heldout_app::{Code, Failure, Outcome};
use storage::{StoreError, jobs};
use test_support::{TestDatabase, both_databases};

use crate::bench::Bench;

both_databases!(
    an_account_is_made_proven_and_used,
    a_known_address_gets_the_same_answer,
    links_work_once_and_for_a_while,
    nobody_is_flooded_with_links,
    a_refresh_token_that_is_used_twice_ends_its_session,
    of_two_exchanges_at_one_time_only_one_succeeds,
    a_reset_signs_out_everywhere,
    a_changed_password_ends_the_other_sessions,
    a_disabled_account_can_do_nothing,
    administrators_decide_on_others_only,
    a_closed_server_makes_no_accounts,
    without_verification_everybody_may_take_part,
    api_tokens_have_scopes_and_an_end,
    a_token_for_programs_does_not_make_another,
    a_browser_session_ends_when_idle_and_in_any_case,
    affiliations_have_dates,
    a_mail_job_becomes_a_mail,
);

const ADA: &str = "ada@analytical.example";
const PHRASE: &str = "three green boats in march";
const OTHER_PHRASE: &str = "seven slow trams uphill";

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn registration(email: &str) -> Register {
    let (email, name) = (address(email), PersonName::parse("Ada King").unwrap());
    let password = Password::parse(PHRASE, &email, name.as_str()).unwrap();
    Register { email, name, password }
}

fn credentials(password: &str) -> SignIn {
    SignIn { email: ADA.into(), password: password.into() }
}

fn code<T>(outcome: Outcome<T>) -> Code {
    match outcome {
        Ok(_) => panic!("this was not refused"),
        Err(failure) => failure.code,
    }
}

/// A mail that waits to be sent: its subject and the token in its link.
struct Waiting {
    to: String,
    subject: String,
    token: String,
}

impl Bench {
    /// Takes the mails out of the queue, as a worker does.
    async fn mails(&self) -> Vec<Waiting> {
        let mut mails = Vec::new();
        loop {
            let (token, now) = (self.app.sources.new_id(), self.app.now());
            let leased = self
                .app
                .db
                .write(move |conn| {
                    jobs::lease_next(conn, "tests", token, now, now.plus_seconds(86_400 * 365))
                })
                .await
                .unwrap();
            let Some(job) = leased else { return mails };
            assert_eq!(job.kind, "mail");
            let text = |field: &str| job.payload[field].as_str().unwrap().to_owned();
            let token =
                text("text").split_once("token=").unwrap().1.split_whitespace().next().unwrap().to_owned();
            mails.push(Waiting { to: text("to"), subject: text("subject"), token });
        }
    }

    /// The token of the only mail that waits.
    async fn mailed_token(&self) -> String {
        let mut mails = self.mails().await;
        assert_eq!(mails.len(), 1);
        mails.remove(0).token
    }

    /// Ada, with a proven address and the usual password.
    async fn ada(&self) -> UserId {
        let Register { email, name, password } = registration(ADA);
        let input = CreateUser { email, name, password: Some(password), site_role: SiteRole::Member };
        create_user(&self.app, &Actor::System, input).await.unwrap()
    }

    async fn signed_in(&self, password: &str) -> (TokenPair, Actor) {
        let pair = sign_in(&self.app, credentials(password)).await.unwrap();
        let actor = self.bearer(&pair.access_token).await.unwrap();
        (pair, actor)
    }

    async fn bearer(&self, token: &str) -> Outcome<Actor> {
        authenticate(&self.app, Credential::Bearer(token)).await
    }

    async fn cookie(&self, token: &str) -> Outcome<Actor> {
        authenticate(&self.app, Credential::Cookie(token)).await
    }

    pub(crate) async fn account_events(&self) -> Vec<&'static str> {
        let events = self.app.db.read(|conn| {
            assert!(storage::events::verify(conn)?.is_ok());
            storage::events::page(conn, None, 0, 1000)
        });
        let events: Result<Vec<domain::event::Event>, StoreError> = events.await;
        events
            .unwrap()
            .into_iter()
            .inspect(|event| {
                // Long enough that no identifier spells it by chance.
                let payload = format!("{:?}", event.event.payload).to_lowercase();
                assert!(!payload.contains("ada king") && !payload.contains("analytical"));
            })
            .map(|event| event.event.kind.as_str())
            .collect()
    }
}

async fn an_account_is_made_proven_and_used(database: TestDatabase) {
    let bench = Bench::new(database);
    register(&bench.app, registration("Ada@Analytical.Example")).await.unwrap();
    let (_, actor) = bench.signed_in(PHRASE).await;
    assert!(!read_account(&bench.app, &actor).await.unwrap().verified);

    let token = bench.mailed_token().await;
    verify_email(&bench.app, &token).await.unwrap();
    assert_eq!(code(verify_email(&bench.app, &token).await), Code::LinkInvalid, "used");

    let (pair, actor) = bench.signed_in(PHRASE).await;
    rename_account(&bench.app, &actor, PersonName::parse("Countess").unwrap()).await.unwrap();
    let account = read_account(&bench.app, &actor).await.unwrap();
    assert!(account.verified);
    assert_eq!((account.user.name.as_str(), account.user.site_role), ("Countess", SiteRole::Member));

    let unknown = SignIn { email: "nobody@analytical.example".into(), password: PHRASE.into() };
    let failures = [
        sign_in(&bench.app, unknown).await.err().unwrap(),
        sign_in(&bench.app, credentials(OTHER_PHRASE)).await.err().unwrap(),
        sign_in(&bench.app, SignIn { email: "no address".into(), password: PHRASE.into() })
            .await
            .err()
            .unwrap(),
    ];
    let says = |failure: &Failure| (failure.code, failure.detail.clone());
    assert!(failures.iter().all(|failure| says(failure) == says(&failures[0])), "who exists stays unknown");
    assert_eq!(failures[0].code, Code::InvalidCredentials);

    sign_out(&bench.app, &actor).await.unwrap();
    assert_eq!(code(bench.bearer(&pair.access_token).await), Code::TokenRevoked);
    assert_eq!(code(refresh(&bench.app, pair.refresh_token.reveal()).await), Code::TokenRevoked);
    assert_eq!(bench.account_events().await, ["account.created", "account.verified", "account.renamed"]);
}

async fn a_known_address_gets_the_same_answer(database: TestDatabase) {
    let bench = Bench::new(database);
    let (one, other) = tokio::join!(
        register(&bench.app, registration(ADA)),
        register(&bench.app, registration("ADA@analytical.example")),
    );
    one.unwrap();
    other.unwrap();
    register(&bench.app, registration(ADA)).await.unwrap();

    let mut mails = bench.mails().await;
    assert!(mails.iter().all(|mail| mail.to.eq_ignore_ascii_case(ADA)));
    mails.sort_by(|one, other| one.subject.cmp(&other.subject));
    let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["Confirm your e-mail address", "You have an account already", "You have an account already"]
    );
    assert_eq!(bench.account_events().await, ["account.created"]);

    request_reset(&bench.app, address("nobody@analytical.example")).await.unwrap();
    resend_verification(&bench.app, address("nobody@analytical.example")).await.unwrap();
    assert!(bench.mails().await.is_empty());
}

async fn links_work_once_and_for_a_while(database: TestDatabase) {
    let bench = Bench::new(database);
    register(&bench.app, registration(ADA)).await.unwrap();
    let first = bench.mailed_token().await;
    bench.clock.forward(172_800);
    assert_eq!(code(verify_email(&bench.app, &first).await), Code::LinkInvalid, "expired");

    resend_verification(&bench.app, address(ADA)).await.unwrap();
    let second = bench.mailed_token().await;
    resend_verification(&bench.app, address(ADA)).await.unwrap();
    let third = bench.mailed_token().await;
    assert_eq!(
        code(reset_password(&bench.app, &third, OTHER_PHRASE).await),
        Code::LinkInvalid,
        "another kind"
    );
    let (one, other) = tokio::join!(verify_email(&bench.app, &third), verify_email(&bench.app, &third));
    assert_eq!([one, other].iter().filter(|outcome| outcome.is_ok()).count(), 1, "one of two at one time");
    assert_eq!(code(verify_email(&bench.app, &second).await), Code::LinkInvalid, "overtaken");

    resend_verification(&bench.app, address(ADA)).await.unwrap();
    assert!(bench.mails().await.is_empty(), "a proven address needs no proof");
    for rubbish in ["", "hov_", "hov_AAAA", "é"] {
        assert_eq!(code(verify_email(&bench.app, rubbish).await), Code::LinkInvalid);
    }
}

async fn nobody_is_flooded_with_links(database: TestDatabase) {
    let bench = Bench::new(database);
    bench.ada().await;
    for _ in 0..7 {
        request_reset(&bench.app, address(ADA)).await.unwrap();
    }
    assert_eq!(bench.mails().await.len(), 5);
    bench.clock.forward(3601);
    request_reset(&bench.app, address(ADA)).await.unwrap();
    assert_eq!(bench.mails().await.len(), 1);
}

async fn a_refresh_token_that_is_used_twice_ends_its_session(database: TestDatabase) {
    let bench = Bench::new(database);
    bench.ada().await;
    let (first, _) = bench.signed_in(PHRASE).await;
    let (elsewhere, _) = bench.signed_in(PHRASE).await;
    let second = refresh(&bench.app, first.refresh_token.reveal()).await.unwrap();
    let third = refresh(&bench.app, second.refresh_token.reveal()).await.unwrap();
    bench.bearer(&third.access_token).await.unwrap();

    // Whoever holds the first token is two exchanges behind, and is noticed all the same.
    for _ in 0..2 {
        assert_eq!(code(refresh(&bench.app, first.refresh_token.reveal()).await), Code::TokenRevoked);
    }
    assert_eq!(code(refresh(&bench.app, third.refresh_token.reveal()).await), Code::TokenRevoked);
    assert_eq!(code(bench.bearer(&third.access_token).await), Code::TokenRevoked);
    bench.bearer(&elsewhere.access_token).await.expect("another device is not concerned");
    assert_eq!(bench.account_events().await, ["account.created", "account.session_stolen"]);

    assert_eq!(code(refresh(&bench.app, "hor_").await), Code::TokenInvalid);
    assert_eq!(code(refresh(&bench.app, &elsewhere.access_token).await), Code::TokenInvalid);
    bench.clock.forward(2_592_000);
    assert_eq!(code(refresh(&bench.app, elsewhere.refresh_token.reveal()).await), Code::TokenExpired);
    assert_eq!(code(bench.bearer(&elsewhere.access_token).await), Code::TokenExpired);
    // Signing in sweeps out what has run out, spent tokens included.
    bench.signed_in(PHRASE).await;
    assert_eq!(code(refresh(&bench.app, first.refresh_token.reveal()).await), Code::TokenInvalid);
}

async fn of_two_exchanges_at_one_time_only_one_succeeds(database: TestDatabase) {
    let bench = Bench::new(database);
    bench.ada().await;
    let (pair, _) = bench.signed_in(PHRASE).await;
    let token = pair.refresh_token.reveal();
    let (one, other) = tokio::join!(refresh(&bench.app, token), refresh(&bench.app, token));
    let outcomes = [one, other];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for pair in outcomes.into_iter().flatten() {
        assert_eq!(
            code(bench.bearer(&pair.access_token).await),
            Code::TokenRevoked,
            "two hands held the token"
        );
    }
}

async fn a_reset_signs_out_everywhere(database: TestDatabase) {
    let bench = Bench::new(database);
    register(&bench.app, registration(ADA)).await.unwrap();
    bench.mails().await;
    let (pair, actor) = bench.signed_in(PHRASE).await;
    let browser = sign_in_browser(&bench.app, credentials(PHRASE)).await.unwrap();
    bench.cookie(browser.token.reveal()).await.unwrap();

    request_reset(&bench.app, address(ADA)).await.unwrap();
    request_reset(&bench.app, address(ADA)).await.unwrap();
    let mails = bench.mails().await;
    let weak = reset_password(&bench.app, &mails[1].token, "analyticalada1").await.unwrap_err();
    assert_eq!((weak.code, weak.errors[0].field.as_str()), (Code::InvalidField, "password"));
    reset_password(&bench.app, &mails[1].token, OTHER_PHRASE).await.unwrap();
    for mail in &mails {
        assert_eq!(code(reset_password(&bench.app, &mail.token, PHRASE).await), Code::LinkInvalid);
    }

    assert_eq!(code(bench.bearer(&pair.access_token).await), Code::TokenRevoked);
    assert_eq!(code(refresh(&bench.app, pair.refresh_token.reveal()).await), Code::TokenRevoked);
    assert_eq!(code(bench.cookie(browser.token.reveal()).await), Code::TokenRevoked);
    assert_eq!(code(sign_in(&bench.app, credentials(PHRASE)).await), Code::InvalidCredentials);
    let (_, actor_after) = bench.signed_in(OTHER_PHRASE).await;
    assert_eq!(actor.user(), actor_after.user());
    assert!(actor_after.person().unwrap().verified, "whoever reads the mail has the address");

    // The epoch alone revokes, too: a session that the sweep had missed would be of no use.
    let (pair, actor) = bench.signed_in(OTHER_PHRASE).await;
    let user = actor.user().unwrap();
    bench.app.db.write(move |conn| storage::accounts::users::raise_epoch(conn, user)).await.unwrap();
    assert_eq!(code(bench.bearer(&pair.access_token).await), Code::TokenRevoked);
    let renewed = refresh(&bench.app, pair.refresh_token.reveal()).await.unwrap();
    bench.bearer(&renewed.access_token).await.unwrap();
}

async fn a_changed_password_ends_the_other_sessions(database: TestDatabase) {
    let bench = Bench::new(database);
    bench.ada().await;
    let (here, actor) = bench.signed_in(PHRASE).await;
    let (elsewhere, _) = bench.signed_in(PHRASE).await;
    let change = |current: &str, new: &str| ChangePassword { current: current.into(), new: new.into() };

    for (input, field) in
        [(change(OTHER_PHRASE, OTHER_PHRASE), "current"), (change(PHRASE, "qwertyuiop123"), "new")]
    {
        let refused = change_password(&bench.app, &actor, input).await.unwrap_err();
        assert_eq!((refused.code, refused.errors[0].field.as_str()), (Code::InvalidField, field));
    }
    change_password(&bench.app, &actor, change(PHRASE, OTHER_PHRASE)).await.unwrap();
    bench.bearer(&here.access_token).await.unwrap();
    refresh(&bench.app, here.refresh_token.reveal()).await.unwrap();
    assert_eq!(code(bench.bearer(&elsewhere.access_token).await), Code::TokenRevoked);
    assert_eq!(code(refresh(&bench.app, elsewhere.refresh_token.reveal()).await), Code::TokenRevoked);
    assert_eq!(code(sign_in(&bench.app, credentials(PHRASE)).await), Code::InvalidCredentials);
}

async fn a_disabled_account_can_do_nothing(database: TestDatabase) {
    let bench = Bench::new(database);
    let user = bench.ada().await;
    let (pair, actor) = bench.signed_in(PHRASE).await;
    let browser = sign_in_browser(&bench.app, credentials(PHRASE)).await.unwrap();
    let token = create_api_token(&bench.app, &actor, token_input(&[Scope::Submit], None)).await.unwrap();
    let secret = token.into_inner().secret.unwrap();
    request_reset(&bench.app, address(ADA)).await.unwrap();
    let link = bench.mailed_token().await;

    let set = |disabled| UpdateUser { user, site_role: None, disabled: Some(disabled) };
    update_user(&bench.app, &Actor::System, set(true)).await.unwrap();
    assert_eq!(code(bench.bearer(&pair.access_token).await), Code::AccountDisabled);
    assert_eq!(code(refresh(&bench.app, pair.refresh_token.reveal()).await), Code::AccountDisabled);
    assert_eq!(code(bench.cookie(browser.token.reveal()).await), Code::AccountDisabled);
    assert_eq!(code(bench.bearer(secret.reveal()).await), Code::AccountDisabled);
    assert_eq!(code(reset_password(&bench.app, &link, OTHER_PHRASE).await), Code::LinkInvalid);
    assert_eq!(code(sign_in(&bench.app, credentials(PHRASE)).await), Code::AccountDisabled);
    assert_eq!(code(sign_in(&bench.app, credentials("a wrong phrase")).await), Code::InvalidCredentials);
    register(&bench.app, registration(ADA)).await.unwrap();
    request_reset(&bench.app, address(ADA)).await.unwrap();
    assert!(bench.mails().await.is_empty());

    update_user(&bench.app, &Actor::System, set(false)).await.unwrap();
    update_user(&bench.app, &Actor::System, set(false)).await.unwrap();
    assert_eq!(code(bench.bearer(&pair.access_token).await), Code::TokenRevoked, "old sessions stay ended");
    bench.signed_in(PHRASE).await;
    let events = bench.account_events().await;
    assert_eq!(events[1..], ["api_token.created", "account.disabled", "account.enabled"]);
}

async fn administrators_decide_on_others_only(database: TestDatabase) {
    let bench = Bench::new(database);
    let user = bench.ada().await;
    let (pair, ada) = bench.signed_in(PHRASE).await;
    let promote = |site_role| UpdateUser { user, site_role: Some(site_role), disabled: None };
    assert_eq!(code(update_user(&bench.app, &ada, promote(SiteRole::Admin)).await), Code::Forbidden);
    assert_eq!(code(list_users(&bench.app, &ada, ListUsers::default()).await), Code::Forbidden);
    assert_eq!(
        code(list_users(&bench.app, &Actor::Anonymous, ListUsers::default()).await),
        Code::NotSignedIn
    );

    update_user(&bench.app, &Actor::System, promote(SiteRole::Admin)).await.unwrap();
    let admin = bench.bearer(&pair.access_token).await.unwrap();
    assert!(admin.runs_the_site(), "a role counts from the next request on");
    assert_eq!(code(update_user(&bench.app, &admin, promote(SiteRole::Member)).await), Code::Forbidden);

    // Ids of one moment have no order.
    bench.clock.forward(1);
    let Register { email, name, .. } = registration("a_b%@analytical.example");
    let input = CreateUser { email, name, password: None, site_role: SiteRole::Researcher };
    let other = create_user(&bench.app, &admin, input.clone()).await.unwrap();
    assert_eq!(code(create_user(&bench.app, &admin, input).await), Code::StateConflict);
    let list = |begins: &str| ListUsers { address_begins: Some(begins.into()), limit: 10, after: None };
    for (begins, found) in [("A_B%", vec![other]), ("a", vec![user, other]), ("_", vec![]), ("%", vec![])] {
        let users = list_users(&bench.app, &admin, list(begins)).await.unwrap();
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), found, "{begins}");
    }
    let page = ListUsers { after: Some(user), limit: 1, address_begins: None };
    assert_eq!(list_users(&bench.app, &admin, page).await.unwrap()[0].id, other);
    let found = find_user(&bench.app, &admin, address("A_b%@analytical.example")).await.unwrap().unwrap();
    assert_eq!((found.id, found.site_role), (other, SiteRole::Researcher));
    let missing = UpdateUser { user: bench.app.sources.new_id(), site_role: None, disabled: Some(true) };
    assert_eq!(code(update_user(&bench.app, &admin, missing).await), Code::NotFound);
}

async fn a_closed_server_makes_no_accounts(database: TestDatabase) {
    let mut bench = Bench::new(database);
    std::sync::Arc::get_mut(&mut bench.app).unwrap().settings.accounts.registration = Registration::Closed;
    assert_eq!(code(register(&bench.app, registration(ADA)).await), Code::RegistrationClosed);
    bench.ada().await;
    assert_eq!(code(register(&bench.app, registration(ADA)).await), Code::RegistrationClosed);
    bench.signed_in(PHRASE).await;
}

async fn without_verification_everybody_may_take_part(database: TestDatabase) {
    let mut bench = Bench::new(database);
    std::sync::Arc::get_mut(&mut bench.app).unwrap().settings.accounts.verification_required = false;
    register(&bench.app, registration(ADA)).await.unwrap();
    assert!(bench.mails().await.is_empty());
    let (_, actor) = bench.signed_in(PHRASE).await;
    assert!(actor.person().unwrap().verified);
}

fn token_input(scopes: &[Scope], key: Option<&str>) -> CreateApiToken {
    CreateApiToken {
        name: Title::parse("cluster").unwrap(),
        scopes: Scopes::of(scopes),
        days: TokenDays::parse(Some(30)).unwrap(),
        idempotency: key
            .map(|key| IdempotencyKey { key: key.into(), body_digest: domain::Digest::of(key.as_bytes()) }),
    }
}

async fn api_tokens_have_scopes_and_an_end(database: TestDatabase) {
    let bench = Bench::new(database);
    let user = bench.ada().await;
    let (_, actor) = bench.signed_in(PHRASE).await;
    let made = create_api_token(&bench.app, &actor, token_input(&[Scope::Submit], Some("k1"))).await.unwrap();
    let Created::New(made) = made else { panic!("the first request makes a token") };
    let secret = made.secret.unwrap();
    let again =
        create_api_token(&bench.app, &actor, token_input(&[Scope::Submit], Some("k1"))).await.unwrap();
    let Created::Replayed(again) = again else { panic!("the second request makes none") };
    assert_eq!(again.token.id, made.token.id);
    assert!(again.secret.is_none(), "a secret is kept nowhere");

    let program = bench.bearer(secret.reveal()).await.unwrap();
    let person = program.person().unwrap();
    assert_eq!((person.user, person.scopes.names(), person.session), (user, vec!["read", "submit"], None));
    let used = async || list_api_tokens(&bench.app, &program).await.unwrap()[0].last_used_at.unwrap();
    let first_use = used().await;
    bench.clock.forward(30);
    bench.bearer(secret.reveal()).await.unwrap();
    assert_eq!(used().await, first_use, "at most once a minute");
    bench.clock.forward(30);
    bench.bearer(secret.reveal()).await.unwrap();
    assert!(used().await > first_use);

    let admin = create_api_token(&bench.app, &actor, token_input(&[Scope::Admin], None)).await;
    assert_eq!(code(admin), Code::InvalidField, "she does not run the site");
    for days in [0, 367] {
        assert!(TokenDays::parse(Some(days)).is_err());
    }
    let minted = mint_api_token(&bench.app, &Actor::System, user, token_input(&[Scope::Read], None)).await;
    let minted = minted.unwrap().into_inner();
    revoke_api_token(&bench.app, &actor, minted.token.id).await.unwrap();
    assert_eq!(code(bench.bearer(minted.secret.unwrap().reveal()).await), Code::TokenRevoked);
    assert_eq!(code(revoke_api_token(&bench.app, &actor, minted.token.id).await), Code::NotFound);
    assert_eq!(list_api_tokens(&bench.app, &program).await.unwrap().len(), 1);

    bench.clock.forward(30 * 86_400);
    assert_eq!(code(bench.bearer(secret.reveal()).await), Code::TokenExpired);
    assert_eq!(code(bench.bearer("hoa_unknown").await), Code::TokenInvalid);
}

async fn a_token_for_programs_does_not_make_another(database: TestDatabase) {
    let bench = Bench::new(database);
    bench.ada().await;
    let (_, actor) = bench.signed_in(PHRASE).await;
    let made = create_api_token(&bench.app, &actor, token_input(&Scope::ALL[..3], None)).await.unwrap();
    let made = made.into_inner();
    let program = bench.bearer(made.secret.unwrap().reveal()).await.unwrap();
    let input = ChangePassword { current: PHRASE.into(), new: OTHER_PHRASE.into() };
    for refused in [
        code(create_api_token(&bench.app, &program, token_input(&[Scope::Read], None)).await),
        code(revoke_api_token(&bench.app, &program, made.token.id).await),
        code(change_password(&bench.app, &program, input).await),
        code(sign_out(&bench.app, &program).await),
    ] {
        assert_eq!(refused, Code::InsufficientScope);
    }

    let other = CreateUser {
        email: address("grace@example.org"),
        name: PersonName::parse("Grace").unwrap(),
        password: None,
        site_role: SiteRole::Member,
    };
    let grace = create_user(&bench.app, &Actor::System, other).await.unwrap();
    let foreign = mint_api_token(&bench.app, &Actor::System, grace, token_input(&[], None)).await.unwrap();
    let foreign = foreign.into_inner();
    assert_eq!(code(revoke_api_token(&bench.app, &actor, foreign.token.id).await), Code::NotFound);
    let reader = bench.bearer(foreign.secret.unwrap().reveal()).await.unwrap();
    let renamed = rename_account(&bench.app, &reader, PersonName::parse("G").unwrap()).await;
    assert_eq!(code(renamed), Code::InsufficientScope);
}

async fn a_browser_session_ends_when_idle_and_in_any_case(database: TestDatabase) {
    const DAY: i64 = 86_400;
    let bench = Bench::new(database);
    bench.ada().await;
    let idle = sign_in_browser(&bench.app, credentials(PHRASE)).await.unwrap();
    let busy = sign_in_browser(&bench.app, credentials(PHRASE)).await.unwrap();
    for _ in 0..8 {
        bench.clock.forward(10 * DAY);
        bench.cookie(busy.token.reveal()).await.expect("in use at least every 14 days");
    }
    assert_eq!(code(bench.cookie(idle.token.reveal()).await), Code::TokenExpired);
    bench.clock.forward(10 * DAY);
    assert_eq!(code(bench.cookie(busy.token.reveal()).await), Code::TokenExpired, "90 days after signing in");

    assert_eq!(
        code(bench.bearer(busy.token.reveal()).await),
        Code::TokenInvalid,
        "a cookie is no bearer token"
    );
    let (pair, _) = bench.signed_in(PHRASE).await;
    for other in [&pair.access_token, pair.refresh_token.reveal(), ""] {
        assert_eq!(code(bench.cookie(other).await), Code::TokenInvalid);
    }
    assert_eq!(code(bench.bearer(pair.refresh_token.reveal()).await), Code::TokenInvalid);
}

async fn affiliations_have_dates(database: TestDatabase) {
    let bench = Bench::new(database);
    let ada = bench.person("ada").await;
    let grace = bench.person("grace").await;
    let input = |from: &str, to: Option<&str>| AddAffiliation {
        organization: Title::parse("Analytical Engine Society").unwrap(),
        ror: None,
        country: Some(Country::parse("gb").unwrap()),
        role: None,
        career_stage: None,
        weight: None,
        starts_on: from.parse().unwrap(),
        ends_on: to.map(|day| day.parse().unwrap()),
        idempotency: None,
    };
    for (from, to) in
        [("2026-01-02", Some("2026-01-01")), ("1066-10-14", None), ("2026-01-01", Some("9999-01-01"))]
    {
        assert_eq!(code(add_affiliation(&bench.app, &ada, input(from, to)).await), Code::InvalidField);
    }
    let made = add_affiliation(&bench.app, &ada, input("2024-09-01", None)).await.unwrap().into_inner();
    add_affiliation(&bench.app, &ada, input("2020-01-01", Some("2024-08-31"))).await.unwrap();
    let day = |text: &str| text.parse().unwrap();
    assert_eq!(
        code(end_affiliation(&bench.app, &grace, made.id, day("2026-01-01")).await),
        Code::NotFound,
        "another's"
    );
    assert_eq!(
        code(end_affiliation(&bench.app, &ada, made.id, day("2024-01-01")).await),
        Code::InvalidField,
        "before it began"
    );
    end_affiliation(&bench.app, &ada, made.id, day("2026-01-01")).await.unwrap();
    let stated = read_account(&bench.app, &ada).await.unwrap().affiliations;
    let days: Vec<_> =
        stated.iter().map(|one| (one.starts_on.to_string(), one.ends_on.unwrap().to_string())).collect();
    let expected = [("2020-01-01", "2024-08-31"), ("2024-09-01", "2026-01-01")];
    assert_eq!(days, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    assert_eq!(stated[0].country.as_deref(), Some("GB"));
    assert_eq!(bench.account_events().await, ["affiliation.added", "affiliation.added", "affiliation.ended"]);
}

async fn a_mail_job_becomes_a_mail(database: TestDatabase) {
    let mut bench = Bench::new(database);
    let folder = tempfile::tempdir().unwrap();
    let settings = &mut std::sync::Arc::get_mut(&mut bench.app).unwrap().settings.mail;
    settings.folder = folder.path().to_owned();
    let mailer = Mailer::new(settings, None).unwrap();
    register(&bench.app, registration(ADA)).await.unwrap();
    let (token, now) = (bench.app.sources.new_id(), bench.app.now());
    let job =
        bench.app.db.write(move |conn| jobs::lease_next(conn, "tests", token, now, now.plus_seconds(30)));
    let job = job.await.unwrap().unwrap();
    deliver(&mailer, &bench.app.sources, job.payload).await.unwrap();
    let mail = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let mail = std::fs::read_to_string(mail).unwrap();
    assert!(mail.contains(&format!("To: {ADA}")) && mail.contains("hov_"), "{mail}");

    let broken = deliver(&mailer, &bench.app.sources, serde_json::json!({"to": "x"})).await.unwrap_err();
    assert!(!broken.is_transient());
}
