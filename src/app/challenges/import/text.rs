//! Texts of bundles as the Markdown that challenges are written in.
//!
//! HTML of strangers is never stored: what is not prose in it (scripts, styles, forms, frames) is dropped, the rest is
//! rewritten as Markdown, and whatever markup is left in it is shown as text wherever Markdown is shown.

use bundles::imported::{Listing, Page, TextFormat};
use htmd::HtmlToMarkdown;

/// What is dropped with everything inside.
const NO_PROSE: &[&str] =
    &["script", "style", "head", "iframe", "object", "embed", "form", "template", "noscript", "svg", "math"];

/// A page as Markdown; absent where its HTML cannot be read.
pub(super) fn markdown(page: &Page) -> Option<String> {
    let text = match page.format {
        TextFormat::Markdown => page.text.clone(),
        TextFormat::Html => {
            HtmlToMarkdown::builder().skip_tags(NO_PROSE.to_vec()).build().convert(&page.text).ok()?
        }
    };
    Some(text.trim().to_owned())
}

/// Pages one below the other, each under its heading but the one that is the description itself.
pub(super) fn joined(pages: &[(String, String, String)]) -> String {
    let mut whole = String::new();
    for (name, title, text) in pages.iter().filter(|(_, _, text)| !text.is_empty()) {
        if !whole.is_empty() {
            whole.push_str("\n\n");
        }
        if name != "description" {
            whole.push_str(&format!("## {}\n\n", one_line(title)));
        }
        whole.push_str(text);
    }
    whole
}

/// Prizes, sponsors and the rest of what a bundle says besides, as the end of a description.
pub(super) fn listing(listing: &Listing) -> String {
    let mut lines = Vec::new();
    if !listing.prizes.is_empty() || listing.reward.is_some() {
        lines.push("## Prizes\n".to_owned());
        lines.extend(listing.reward.iter().map(|reward| format!("{}\n", one_line(reward))));
        lines.extend(listing.prizes.iter().map(|prize| {
            let line =
                format!("{}. {} {}", prize.rank, one_line(&prize.amount), one_line(&prize.description));
            line.trim_end().to_owned()
        }));
        lines.push(String::new());
    }
    if !listing.sponsors.is_empty() {
        lines.push("## Sponsors\n".to_owned());
        lines.extend(
            listing
                .sponsors
                .iter()
                .map(|sponsor| format!("- {} <{}>", one_line(&sponsor.name), one_line(&sponsor.website))),
        );
        lines.push(String::new());
    }
    let places = [("Forum", &listing.forum_url), ("Contact", &listing.contact)];
    lines.extend(
        places
            .into_iter()
            .filter_map(|(what, place)| Some(format!("{what}: {}\n", one_line(place.as_ref()?)))),
    );
    if !listing.tags.is_empty() {
        lines.push(format!("Tags: {}", one_line(&listing.tags.join(", "))));
    }
    lines.join("\n").trim_end().to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown_without_anything_that_acts() {
        let html = "<html><head><title>t</title><style>p{}</style></head><body><h1>Find</h1><p>a <b>dog</b> \
                    <a href=\"https://example.org/x\">here</a></p><script>steal()</script>\
                    <iframe src=\"https://example.org\">frame</iframe><table><tr><th>a</th></tr><tr><td>1</td></tr>\
                    </table></body></html>";
        let page = Page { format: TextFormat::Html, text: html.to_owned(), ..Page::default() };
        let text = markdown(&page).unwrap();
        assert!(text.starts_with("# Find"), "{text}");
        assert!(text.contains("a **dog** [here](https://example.org/x)"), "{text}");
        for acting in ["steal", "p{}", "frame", "<"] {
            assert!(!text.contains(acting), "{acting}: {text}");
        }
    }

    #[test]
    fn pages_stand_below_each_other() {
        let page = |name: &str, text: &str| (name.to_owned(), name.to_uppercase(), text.to_owned());
        let whole = joined(&[page("description", "What."), page("rules", "How."), page("empty", "")]);
        assert_eq!(whole, "What.\n\n## RULES\n\nHow.");
    }
}
