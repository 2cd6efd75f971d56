//! Who looks at a page.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use app::{Code, Failure};
use domain::Actor;

use super::chrome::{Chrome, Identity};
use super::redirect;
use crate::extract::{Anyone, TrafficKind};
use crate::problem::Problem;

/// The reader of a page, with the frame of the page for them.
#[derive(Debug)]
pub(super) struct Viewer {
    /// Who they are.
    pub(super) actor: Actor,
    /// What surrounds the page.
    pub(super) chrome: Chrome,
}

impl FromRequest for Viewer {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let asking = Anyone::from_request(request, payload);
        let (here, notice) = (here(request), redirect::notice_of(request.query_string()));
        Box::pin(async move {
            let Anyone(actor) = asking.await?;
            let identity = if actor.user().is_some() { Identity::SignedIn } else { Identity::SignedOut };
            Ok(Self { actor, chrome: Chrome { identity, notice, here } })
        })
    }
}

/// The address of the page; of a form that was sent, the page that it stands on cannot be known from here.
fn here(request: &HttpRequest) -> String {
    match TrafficKind::of(request.method()) {
        TrafficKind::Read => without_notice(request),
        TrafficKind::Write | TrafficKind::SignIn | TrafficKind::Check => request.path().to_owned(),
    }
}

fn without_notice(request: &HttpRequest) -> String {
    let kept: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("done="))
        .collect();
    let path = request.path();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

impl Viewer {
    /// Whether somebody is signed in.
    pub(super) fn is_signed_in(&self) -> bool {
        self.actor.user().is_some()
    }

    /// Where somebody without an account is sent from a page that needs one: to sign in, and then back.
    pub(super) fn to_sign_in(&self) -> HttpResponse {
        redirect::see_other(&redirect::with_next("/sign-in", &self.chrome.here))
    }

    /// What a failure leads to: a sign-in where that may be what is missing, otherwise the problem itself.
    pub(super) fn refuse(&self, failure: Failure) -> Result<HttpResponse, Problem> {
        match failure.code {
            Code::NotSignedIn | Code::NotFound if !self.is_signed_in() => Ok(self.to_sign_in()),
            _ => Err(failure.into()),
        }
    }
}
