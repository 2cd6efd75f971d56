//! Who asks: credentials become an actor, and a handler's signature says whom it lets in.
//!
//! | in the signature | lets in |
//! |---|---|
//! | [`Anyone`] | everybody; people who are signed in are known |
//! | [`SignedIn`] | people with an account |
//! | [`Verified`] | people whose address is proven |
//! | [`Administrator`] | people who run the site |
//!
//! This is the outer door only: what somebody may do with one challenge or team, the use case decides.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use app::accounts::{BrowserSession, Credential, LONGEST_SESSION_SECONDS, authenticate};
use app::{App, Code, Failure, Outcome, authority};
use domain::{Actor, Scope};

use super::rate_limits::{RateLimits, Subject, TrafficKind};
use crate::middleware::cross_site::session_cookie;
use crate::problem::Problem;

/// Everybody. A browser whose session has ended is nobody in particular; a wrong bearer token is refused.
#[derive(Debug, Clone)]
pub struct Anyone(pub Actor);

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

/// Somebody with an account and a proven e-mail address.
#[derive(Debug, Clone)]
pub struct Verified(pub Actor);

/// Somebody who runs the site.
#[derive(Debug, Clone)]
pub struct Administrator(pub Actor);

/// The cookie that a browser keeps after signing in.
///
/// `Lax`, so that somebody who follows the link in a mail is still signed in;
/// requests that change something are checked for their origin besides.
pub fn sign_in_cookie(app: &App, session: &BrowserSession) -> Cookie<'static> {
    cookie(app, session.token.reveal().to_owned(), Duration::seconds(LONGEST_SESSION_SECONDS.into()))
}

/// The cookie that makes a browser forget the one from signing in.
pub fn sign_out_cookie(app: &App) -> Cookie<'static> {
    cookie(app, String::new(), Duration::ZERO)
}

fn cookie(app: &App, content: String, lifetime: Duration) -> Cookie<'static> {
    let https = app.settings.server.public_url.is_https();
    Cookie::build(session_cookie(https), content)
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(lifetime)
        .finish()
}

/// How a request says who sends it.
enum Sent {
    Nothing,
    Bearer(String),
    Cookie(String),
}

/// The header counts where there is one, whatever it says:
/// the check against other sites' pages trusts requests with this header, so a cookie must not count beside it.
fn credential(app: &App, request: &HttpRequest) -> Outcome<Sent> {
    if let Some(header) = request.headers().get(AUTHORIZATION) {
        let text = header.to_str().unwrap_or_default();
        return match text.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Ok(Sent::Bearer(token.trim().to_owned()))
            }
            _ => Err(Failure::new(Code::TokenInvalid, "the Authorization header must be `Bearer <token>`")),
        };
    }
    let name = session_cookie(app.settings.server.public_url.is_https());
    Ok(request.cookie(name).map_or(Sent::Nothing, |cookie| Sent::Cookie(cookie.value().to_owned())))
}

/// Who sends the request; it is counted for them, or for the address that a wrong credential came from.
async fn identify(request: HttpRequest, lenient: bool) -> Outcome<Actor> {
    let app = request.app_data::<web::Data<App>>();
    let app = app.ok_or_else(|| Failure::internal("the app is not part of the application's data"))?;
    let known = match credential(app, &request) {
        Ok(Sent::Nothing) => Ok(Actor::Anonymous),
        Ok(Sent::Bearer(token)) => authenticate(app, Credential::Bearer(&token)).await,
        Ok(Sent::Cookie(token)) => match authenticate(app, Credential::Cookie(&token)).await {
            Err(failure) if lenient && failure.code.status() < 500 => Ok(Actor::Anonymous),
            outcome => outcome,
        },
        Err(failure) => Err(failure),
    };
    let limits = request.app_data::<web::Data<RateLimits>>();
    let limits =
        limits.ok_or_else(|| Failure::internal("the rate limits are not part of the application's data"))?;
    let subject = match &known {
        Ok(actor) => Subject::of(actor, &request),
        Err(_) => Subject::address_of(&request),
    };
    limits.check(TrafficKind::of(request.method()), subject)?;
    known
}

/// Makes an extractor of a type around an actor.
macro_rules! extractor {
    ($name:ident, lenient: $lenient:literal, $check:expr) => {
        impl FromRequest for $name {
            type Error = Problem;
            type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let request = request.clone();
                Box::pin(async move {
                    let actor = identify(request, $lenient).await?;
                    let check: fn(&Actor) -> Outcome<()> = $check;
                    check(&actor)?;
                    Ok(Self(actor))
                })
            }
        }
    };
}

extractor!(Anyone, lenient: true, |_| Ok(()));
extractor!(SignedIn, lenient: false, |actor| authority::person(actor, Scope::Read).map(drop));
extractor!(Verified, lenient: false, |actor| authority::verified_person(actor, Scope::Read).map(drop));
extractor!(Administrator, lenient: false, |actor| authority::administrator(actor).map(drop));
