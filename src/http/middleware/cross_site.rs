//! Requests that a page of another site makes a browser send.
//!
//! A browser adds the session cookie to a request whoever wrote the page that sends it,
//! so a request that changes something and is not authorized by a header of its own must come from our own pages.
//! Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`, which pages cannot set.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, COOKIE, HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use app::settings::PublicUrl;
use app::{Code, Failure};

use crate::problem::Problem;

/// The name of the session cookie.
///
/// The prefix makes browsers refuse the cookie unless it comes over TLS, for this host and the whole site;
/// on plain http they would refuse it always.
pub const fn session_cookie(https: bool) -> &'static str {
    if https { "__Host-heldout_session" } else { "heldout_session" }
}

/// Answers 403 to a request of another site, and passes all others on.
pub async fn refuse_cross_site<B: MessageBody + 'static>(
    public_url: PublicUrl,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if is_acceptable(request.method(), request.headers(), &public_url) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let failure = Failure::new(Code::CrossSiteRequest, "this request comes from a page of another site");
    let refusal = HttpResponse::from_error(Problem(failure));
    Ok(request.into_response(refusal).map_into_right_body())
}

fn is_acceptable(method: &Method, headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let changes_nothing = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    // A page cannot make a browser send this header across sites without asking first, which we do not answer.
    if changes_nothing || headers.contains_key(AUTHORIZATION) {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = headers.get(ORIGIN) {
        return origin == public_url.as_str();
    }
    // Not a present-day browser; without a cookie there is nothing to abuse.
    !headers.contains_key(COOKIE)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn accepts(method: Method, headers: &[(&str, &str)]) -> bool {
        let mut request = TestRequest::default().method(method);
        for header in headers {
            request = request.append_header(*header);
        }
        let request = request.to_http_request();
        let site = PublicUrl::parse("https://heldout.example").unwrap();
        is_acceptable(request.method(), request.headers(), &site)
    }

    #[test]
    fn our_own_pages_and_programs_pass() {
        let cookie = ("Cookie", "session=x");
        assert!(accepts(Method::POST, &[cookie, ("Sec-Fetch-Site", "same-origin")]));
        assert!(accepts(Method::POST, &[cookie, ("Origin", "https://heldout.example")]));
        assert!(accepts(Method::POST, &[("Authorization", "Bearer x")]));
        assert!(accepts(Method::POST, &[]));
        assert!(accepts(Method::GET, &[cookie, ("Sec-Fetch-Site", "cross-site")]));
    }

    #[test]
    fn other_sites_do_not() {
        let cookie = ("Cookie", "session=x");
        for method in
            [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::from_bytes(b"ODD").unwrap()]
        {
            for header in [
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Site", "same-site"),
                ("Sec-Fetch-Site", ""),
                ("Origin", "https://evil.example"),
                ("Origin", "http://heldout.example"),
                ("Origin", "https://heldout.example.evil.example"),
                ("Origin", "null"),
                ("Referer", "https://heldout.example/"),
            ] {
                assert!(!accepts(method.clone(), &[cookie, header]), "{method} {header:?}");
            }
        }
        // Signing somebody in to a foreign account works without a cookie and is refused as well.
        assert!(!accepts(Method::POST, &[("Origin", "https://evil.example")]));
    }
}
