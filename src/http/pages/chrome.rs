//! What surrounds every page, and how a page becomes a response.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use app::Failure;
use askama::Template;

use super::assets;
use crate::problem::Problem;

/// Who the page is for, as its head tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Somebody who is signed in.
    SignedIn,
    /// Somebody who is not.
    SignedOut,
    /// Nobody has looked: the page explains a failure, perhaps of looking.
    Unknown,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub(super) struct Chrome {
    /// Who the page is for.
    pub(super) identity: Identity,
    /// What the last action has done, in a sentence.
    pub(super) notice: Option<&'static str>,
    /// The address of the page, to come back to after signing in.
    pub(super) here: String,
}

impl Chrome {
    /// The frame of a page that nobody in particular reads.
    pub(super) fn unknown() -> Self {
        Self { identity: Identity::Unknown, notice: None, here: "/".to_owned() }
    }

    pub(super) fn style(&self) -> &'static str {
        assets::style()
    }

    pub(super) fn mark(&self) -> &'static str {
        assets::mark()
    }

    pub(super) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    pub(super) fn sign_in_link(&self) -> String {
        super::redirect::with_next("/sign-in", &self.here)
    }
}

/// A page as a response.
pub(super) fn page(template: &impl Template) -> Result<HttpResponse, Problem> {
    page_with(StatusCode::OK, template)
}

/// A page as a response with that status.
pub(super) fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Problem> {
    let text = template.render().map_err(Failure::internal)?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(text))
}

/// A page with a form that was refused, with the status of the refusal.
pub(super) fn refused_page(failure: &Failure, template: &impl Template) -> Result<HttpResponse, Problem> {
    let status = StatusCode::from_u16(failure.code.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    page_with(status, template)
}
