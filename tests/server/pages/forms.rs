//! Signing in, and forms that are refused.

use app::accounts::create_user::{CreateUser, create_user};
use app::identity::Password;
use domain::{Actor, EmailAddress, PersonName, SiteRole};
use heldout_server_tests::{Client, TestDatabase, TestServer};

use crate::markup::assert_inert;
use crate::{HTML, open, send_form};

const EMAIL: &str = "ada@analytical.example";
const PASSWORD: &str = "weaves algebraical patterns";

pub(crate) fn with_account(server: &TestServer) {
    let email = EmailAddress::parse(EMAIL).unwrap();
    let input = CreateUser {
        password: Some(Password::parse(PASSWORD, &email, "Ada").unwrap()),
        email,
        name: PersonName::parse("Ada").unwrap(),
        site_role: SiteRole::Member,
    };
    server.block_on(create_user(&server.app, &Actor::System, input)).unwrap();
}

/// Signs in and gives the cookie back.
pub(crate) fn sign_in(visitor: &Client, next: &str) -> (String, String) {
    let answer =
        send_form(visitor, "/sign-in", "", &[("email", EMAIL), ("password", PASSWORD), ("next", next)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    (cookie.split(';').next().unwrap().to_owned(), answer.header("location").to_owned())
}

#[test]
fn a_session_begins_and_ends_with_forms() {
    let server = TestServer::start(TestDatabase::sqlite());
    with_account(&server);
    let visitor = server.anonymous();
    assert_eq!(visitor.send("GET", "/me", &[HTML], Vec::new()).header("location"), "/sign-in?next=/me");
    let (cookie, location) = sign_in(&visitor, "/me");
    assert_eq!(location, "/me");
    let cookie_header = ("Cookie", cookie.as_str());
    let me = visitor.send("GET", "/me", &[HTML, cookie_header], Vec::new()).text();
    assert!(me.contains(EMAIL) && me.contains("Sign out"), "{me}");
    assert_inert(&me);

    let renamed = send_form(&visitor, "/me/name", &cookie, &[("name", "Ada King")]);
    assert_eq!((renamed.status, renamed.header("location")), (303, "/me?done=name_changed"));
    let made =
        send_form(&visitor, "/me/tokens", &cookie, &[("token_name", "laptop"), ("scope_submit", "on")]);
    assert!(made.status == 200 && made.text().contains("hoa_"), "{}", made.text());
    let me = visitor.send("GET", "/me", &[HTML, cookie_header], Vec::new()).text();
    assert!(me.contains("laptop") && me.contains("Ada King") && !me.contains("hoa_"), "{me}");

    let out = send_form(&visitor, "/sign-out", &cookie, &[]);
    assert_eq!(out.status, 303);
    let me = visitor.send("GET", "/me", &[HTML, cookie_header], Vec::new());
    assert_eq!(me.status, 303, "the session is over: {}", me.text());
}

#[test]
fn nobody_is_led_to_another_site() {
    let server = TestServer::start(TestDatabase::sqlite());
    with_account(&server);
    let visitor = server.anonymous();
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""] {
        assert_eq!(sign_in(&visitor, next).1, "/", "{next}");
    }
}

#[test]
fn a_refused_form_keeps_what_was_entered_and_says_what_is_wrong() {
    let server = TestServer::start(TestDatabase::sqlite());
    let visitor = server.anonymous();
    let entered = [("name", "Ada \"<b>\" Byron"), ("email", "no address"), ("password", "short")];
    let answer = send_form(&visitor, "/register", "", &entered);
    assert_eq!(answer.status, 422);
    let page = answer.text();
    assert!(page.contains("no address") && page.contains("must be an e-mail address"), "{page}");
    assert!(page.contains("aria-invalid=\"true\"") && page.contains("email-fault"), "{page}");
    assert!(!page.contains("short\""), "a password is never sent back: {page}");
    assert_inert(&page);

    let wrong =
        send_form(&visitor, "/sign-in", "", &[("email", EMAIL), ("password", PASSWORD), ("next", "/me")]);
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains(EMAIL) && wrong.text().contains("value=\"/me\""), "{}", wrong.text());
}

#[test]
fn forms_from_other_sites_are_refused() {
    let server = TestServer::start(TestDatabase::sqlite());
    with_account(&server);
    let visitor = server.anonymous();
    let (cookie, _) = sign_in(&visitor, "");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    for path in [
        "/me/name",
        "/me/password",
        "/me/tokens",
        "/sign-in",
        "/sign-out",
        "/register",
        "/verify",
        "/reset",
        "/reset/confirm",
        "/challenges/stage/register",
        "/challenges/stage/team",
        "/challenges/stage/phases/test/submit",
        "/challenges/stage/phases/test/rescore",
    ] {
        for foreign in
            [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")]
        {
            let headers = [HTML, form, ("Cookie", cookie.as_str()), foreign];
            let answer = visitor.send("POST", path, &headers, "name=Mallory");
            assert_eq!(answer.status, 403, "{path} {foreign:?}");
        }
    }
    assert!(open(&visitor, "/").contains("Sign in"));
    let me = visitor.send("GET", "/me", &[HTML, ("Cookie", cookie.as_str())], Vec::new()).text();
    assert!(me.contains("<h1>Ada</h1>"), "nothing has changed: {me}");
}
