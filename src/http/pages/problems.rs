//! What can go wrong: a page per kind of problem, and the page of a problem that has just happened.

use actix_web::{HttpResponse, web};
use app::Failure;
use askama::Template;

use super::chrome::{Chrome, Identity, page};
use super::form::capitalized;
use super::viewer::Viewer;
use crate::problem::{Problem, ProblemDocument, ProblemKind};

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/problems", web::get().to(list_problems))
        .route("/problems/{code}", web::get().to(read_problem));
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    chrome: Chrome,
    kinds: Vec<ProblemKind>,
}

#[derive(Template)]
#[template(path = "problem_kind.html")]
struct ProblemKindPage {
    chrome: Chrome,
    kind: ProblemKind,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    chrome: Chrome,
    document: &'a ProblemDocument,
    detail: String,
}

async fn list_problems(viewer: Viewer) -> Result<HttpResponse, Problem> {
    page(&ProblemsPage { chrome: viewer.chrome, kinds: ProblemKind::all().collect() })
}

/// The explanation of a kind, for people; programs are answered by the API.
async fn read_problem(viewer: Viewer, code: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = ProblemKind::of(&code).ok_or_else(Failure::not_found)?;
    page(&ProblemKindPage { chrome: viewer.chrome, kind })
}

/// Draws a problem for a person in front of a browser.
pub fn problem_page(document: &ProblemDocument) -> String {
    let template = ProblemPage {
        chrome: Chrome::unknown(),
        document,
        detail: format!("{}.", capitalized(&document.detail)),
    };
    // A template of plain texts cannot fail; if it did, the heading is what matters.
    template.render().unwrap_or_else(|_| document.title.to_owned())
}

#[cfg(test)]
mod tests {
    use app::Code;

    use super::*;

    #[test]
    fn a_problem_page_says_what_happened_and_nothing_in_it_acts() {
        let failure = Failure::new(Code::InvalidField, "<script>alert(1)</script> must not be empty");
        let text = problem_page(&ProblemDocument::new(&failure, Some("r-1".into())));
        assert!(text.contains("Invalid field") && text.contains("r-1"), "{text}");
        assert!(!text.contains("<script>alert"), "{text}");
    }
}
