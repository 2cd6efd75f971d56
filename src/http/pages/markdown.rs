//! Markdown written by people, as HTML that does nothing.

use std::collections::{HashMap, HashSet};
use std::fmt;

use ammonia::{Builder, UrlRelative};
use askama::filters::HtmlSafe;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Rendered and sanitized text: the one kind of text that templates do not escape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prose(String);

impl Prose {
    /// Renders Markdown.
    ///
    /// HTML inside it is shown as the text that it is; the sanitizer behind is the second lock on the same door.
    pub(crate) fn render(markdown: &str) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        let events = Parser::new_ext(markdown, options).map(|event| match event {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            // The page has the headings above these.
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                Event::Start(Tag::Heading { level: lowered(level), id, classes, attrs })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lowered(level))),
            other => other,
        });
        let mut text = String::with_capacity(markdown.len() * 2);
        html::push_html(&mut text, events);
        Self(sanitizer().clean(&text).to_string())
    }

    /// Whether nothing would be seen.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn lowered(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// Tags of prose and of tables. No images: one on another server would tell it who reads.
fn sanitizer() -> Builder<'static> {
    let tags = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    let attributes =
        HashMap::from([("a", HashSet::from(["href", "title"])), ("ol", HashSet::from(["start"]))]);
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener"));
    builder
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Prose {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_rendered_below_the_headings_of_the_page() {
        let prose =
            Prose::render("# Task\n\nFind **it**, see [here](https://example.org).\n\n|a|b|\n|-|-|\n|1|2|");
        let text = prose.to_string();
        assert!(text.contains("<h3>Task</h3>"), "{text}");
        assert!(text.contains("<strong>it</strong>") && text.contains("<td>1</td>"), "{text}");
        assert!(text.contains(r#"<a href="https://example.org" rel="nofollow noopener">here</a>"#), "{text}");
    }

    #[test]
    fn nothing_in_it_acts() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>alert(1)</script>)",
            "![x](https://evil.example/pixel.png)",
            "![x](x\"onerror=\"alert(1))",
            "<a href=\"https://example.org\" onclick=\"alert(1)\">x</a>",
            "<svg/onload=alert(1)>",
            "<iframe src=\"javascript:alert(1)\"></iframe>",
            "<style>body{display:none}</style>",
            "<math><mtext><script>alert(1)</script>",
            "[a]: javascript:alert(1)\n\n[a]",
            "<javascript:alert(1)>",
            "`</code><script>alert(1)</script>`",
            "```\"><script>alert(1)</script>\nx\n```",
            "<form action=https://evil.example><input name=password>",
        ] {
            let text = Prose::render(hostile).to_string();
            for tag in ["<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<math"] {
                assert!(!text.contains(tag), "{hostile} became {text}");
            }
            let attributes = text.replace("&lt;", "").replace("&quot;", "");
            assert!(
                !attributes.contains("href=\"javascript") && !attributes.contains("href=\"data"),
                "{text}"
            );
        }
    }
}
