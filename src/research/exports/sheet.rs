//! Markdown of records: headings, facts and lists.

use std::fmt::Write;

/// A text in sections; what it is given of the record is text and never markup, and what is empty is not disclosed.
#[derive(Default)]
pub(super) struct Sheet {
    text: String,
}

impl Sheet {
    /// The whole text.
    pub(super) fn written(self) -> String {
        self.text
    }

    fn line(&mut self, line: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    pub(super) fn heading(&mut self, level: &str, title: &str) {
        if !self.text.is_empty() {
            self.line("");
        }
        self.line(&format!("{level} {}", on_one_line(title)));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.line("");
        self.line(&told(text));
    }

    pub(super) fn facts(&mut self, facts: &[(&str, String)]) {
        self.line("");
        for (name, fact) in facts {
            self.line(&format!("- **{name}:** {}", told(fact)));
        }
    }

    pub(super) fn list(&mut self, title: &str, items: &[String]) {
        self.line("");
        if items.is_empty() {
            self.line(&format!("- **{title}:** not disclosed"));
            return;
        }
        self.line(&format!("- **{title}:**"));
        for item in items {
            self.line(&format!("  - {}", told(item)));
        }
    }
}

fn told(text: &str) -> String {
    let text = on_one_line(text);
    if text.is_empty() { "not disclosed".to_owned() } else { text }
}

/// A text without line breaks, and without what Markdown or a browser would take for markup.
fn on_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut escaped = String::with_capacity(text.len());
    for letter in words.join(" ").chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '[' | ']' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}
