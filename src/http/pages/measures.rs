//! The measures of participation and framing: what each means, what it needs, and who may see it.

use actix_web::{HttpResponse, web};
use app::participation::measures::{Definition, definitions};
use askama::Template;

use super::chrome::{Chrome, Identity, page};
use super::viewer::Viewer;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/measures", web::get().to(show_measures));
}

#[derive(Template)]
#[template(path = "measures.html")]
struct MeasuresPage {
    chrome: Chrome,
    families: Vec<Family>,
}

/// The measures whose ids begin with one letter.
struct Family {
    title: &'static str,
    measures: Vec<&'static Definition>,
}

/// The letter of a family, and what its measures are about.
const FAMILIES: [(char, &str); 7] = [
    ('P', "Who takes part"),
    ('T', "Teams"),
    ('D', "How results develop"),
    ('F', "What a task counts"),
    ('A', "Annotation and decisions"),
    ('S', "What a dataset becomes"),
    ('G', "Access"),
];

async fn show_measures(viewer: Viewer) -> Result<HttpResponse, Problem> {
    let families = FAMILIES.map(|(letter, title)| Family {
        title,
        measures: definitions().filter(|known| known.id.starts_with(letter)).collect(),
    });
    page(&MeasuresPage { chrome: viewer.chrome, families: families.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_of_a_family() {
        let lost: Vec<&str> = definitions()
            .map(|known| known.id)
            .filter(|id| !FAMILIES.iter().any(|(letter, _)| id.starts_with(*letter)))
            .collect();
        assert_eq!(lost, [] as [&str; 0]);
    }
}
