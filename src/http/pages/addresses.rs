//! The addresses of pages, and links that lead elsewhere.

use domain::submission::Method;
use domain::{Codename, Slug};

/// The page of a challenge.
pub(super) fn challenge(slug: &Slug) -> String {
    format!("/challenges/{slug}")
}

/// What the pages of a phase begin with.
pub(super) fn phase(challenge: &Slug, codename: &Codename) -> String {
    format!("/challenges/{challenge}/phases/{codename}")
}

/// A link to another site that somebody has given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebLink {
    /// What it leads to, in our words.
    pub(super) label: &'static str,
    /// An http or https address.
    pub(super) address: String,
}

/// The links of a method that are there.
///
/// What is stored was checked when it came in; a page checks again, because a wrong scheme here would be a script.
pub(super) fn links_of(method: &Method) -> Vec<WebLink> {
    [("paper", &method.paper_url), ("code", &method.code_url), ("project", &method.project_url)]
        .into_iter()
        .filter(|(_, address)| address.starts_with("https://") || address.starts_with("http://"))
        .map(|(label, address)| WebLink { label, address: address.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_become_links() {
        let method = Method {
            paper_url: "https://example.org/paper".into(),
            code_url: "javascript:alert(1)".into(),
            ..Method::default()
        };
        let expected = WebLink { label: "paper", address: "https://example.org/paper".into() };
        assert_eq!(links_of(&method), [expected]);
    }
}
