//! A strict reader of our own markup: what a browser would take for a tag.

use std::collections::BTreeSet;

/// Every tag of a page with its attributes, as `name attribute="value" …`.
fn tags(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(begin) = rest.find('<') {
        rest = &rest[begin + 1..];
        let mut quote = None;
        let end = rest.char_indices().find_map(|(place, letter)| {
            match (quote, letter) {
                (None, '"' | '\'') => quote = Some(letter),
                (Some(open), letter) if open == letter => quote = None,
                (None, '>') => return Some(place),
                _ => {}
            }
            None
        });
        let end = end.expect("a tag that does not end");
        tags.push(rest[..end].to_owned());
        rest = &rest[end + 1..];
    }
    tags
}

/// Asserts that nothing on a page acts but what our own templates put there.
#[track_caller]
pub(crate) fn assert_inert(page: &str) {
    let allowed: BTreeSet<&str> = [
        "!doctype",
        "a",
        "abbr",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "circle",
        "code",
        "dd",
        "defs",
        "del",
        "desc",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "g",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "img",
        "input",
        "label",
        "legend",
        "li",
        "line",
        "link",
        "main",
        "meta",
        "nav",
        "noscript",
        "ol",
        "option",
        "p",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "pre",
        "rect",
        "script",
        "section",
        "select",
        "span",
        "strong",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "textarea",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
    ]
    .into();
    for tag in tags(page) {
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap_or_default();
        assert!(allowed.contains(name), "<{tag}>");
        let lower = tag.to_lowercase();
        // An attribute begins behind a blank that is outside of quotes.
        let outside: String = lower.split('"').step_by(2).collect::<Vec<_>>().join("\"");
        assert!(!outside.split_whitespace().any(|part| part.starts_with("on")), "<{tag}>");
        assert!(!outside.contains(" style=") && !outside.contains("srcdoc"), "<{tag}>");
        for scheme in ["javascript:", "data:", "vbscript:"] {
            assert!(!lower.contains(&format!("href=\"{scheme}")), "<{tag}>");
            assert!(!lower.contains(&format!("src=\"{scheme}")), "<{tag}>");
            assert!(!lower.contains(&format!("action=\"{scheme}")), "<{tag}>");
        }
        match name {
            "script" if !tag.starts_with('/') => {
                assert!(tag.starts_with("script src=\"/assets/live-"), "<{tag}>");
            }
            "img" => assert!(tag.starts_with("img src=\"/assets/mark-"), "<{tag}>"),
            "link" if tag.contains("rel=\"alternate\"") => {
                assert!(
                    tag.contains("type=\"application/atom+xml\"") && tag.contains("href=\"/challenges/"),
                    "<{tag}>"
                );
            }
            "link" => assert!(tag.contains("href=\"/assets/"), "<{tag}>"),
            "form" if !tag.starts_with('/') => {
                let leads = ["post", "get"].map(|method| format!("method=\"{method}\" action=\"/"));
                assert!(leads.iter().any(|lead| tag.contains(lead)), "<{tag}>");
            }
            _ => {}
        }
    }
}

#[test]
#[should_panic(expected = "onerror")]
fn the_reader_finds_what_acts() {
    assert_inert("<p>x</p><img src=x onerror=alert(1)>");
}
