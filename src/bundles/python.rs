//! What can be told of a Python program without Python: that it is written for Python 2, and which files it imports.
//!
//! Only what no Python 3 could read is called Python 2, so that nothing that runs is refused.

mod imports;
mod tokens;

pub(crate) use imports::reachable;

use tokens::{Kind, Line, lines};

use crate::fault::{Fault, Position};

/// What gives a file away as Python 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sign {
    pub(crate) position: Position,
    pub(crate) what: &'static str,
}

impl Sign {
    /// What is told of the file.
    pub(crate) fn fault(self, file: &str) -> Fault {
        Fault::of_file(file, format!("Python 2 ({})", self.what)).at(self.position)
    }
}

/// The first thing in a file that only Python 2 reads; absent where there is none, or where the file is no text.
pub(crate) fn python2_sign(source: &[u8]) -> Option<Sign> {
    let text = std::str::from_utf8(source).ok()?;
    let lines = lines(text);
    let mut indents = Indents::default();
    for line in &lines {
        let first = line.tokens.first()?;
        if !indents.take(line.indent) {
            return Some(Sign { position: first.position, what: "tabs and spaces mixed" });
        }
        if let Some(sign) = sign_of(line) {
            return Some(sign);
        }
    }
    None
}

fn sign_of(line: &Line<'_>) -> Option<Sign> {
    line.tokens.iter().enumerate().find_map(|(index, token)| {
        let what = match token.kind {
            Kind::Operator if token.text == "`" => "backticks",
            Kind::Operator if token.text == "<>" => "<> for unequal",
            Kind::Number if is_old_octal(token.text) => "octal number without 0o",
            Kind::Number if token.text.ends_with(['l', 'L']) => "long number",
            Kind::Text if is_old_text(token.text) => "ur text",
            Kind::Name if line.begins_statement(index) => statement(line, index)?,
            _ => return None,
        };
        Some(Sign { position: token.position, what })
    })
}

/// What is wrong with the statement that begins with a token.
fn statement(line: &Line<'_>, index: usize) -> Option<&'static str> {
    /// Words that may follow a name in an expression.
    const BETWEEN: [&str; 8] = ["in", "is", "and", "or", "if", "not", "else", "for"];
    let next = line.tokens.get(index + 1)?;
    let begins_value = match next.kind {
        Kind::Text | Kind::Number => true,
        Kind::Name => {
            !BETWEEN.contains(&next.text) || (next.text == "not" && !is_word(line, index + 2, "in"))
        }
        Kind::Operator => false,
    };
    match line.tokens[index].text {
        "print" if begins_value => Some("print statement"),
        "exec" if begins_value => Some("exec statement"),
        "raise" if has_comma(line, index) => Some("raise with a comma"),
        "except" if has_comma(line, index) => Some("except with a comma"),
        _ => None,
    }
}

fn is_word(line: &Line<'_>, index: usize, word: &str) -> bool {
    line.tokens.get(index).is_some_and(|token| token.kind == Kind::Name && token.text == word)
}

/// Whether a comma stands in a statement outside of brackets, before a colon or semicolon ends it.
fn has_comma(line: &Line<'_>, index: usize) -> bool {
    let rest = line.tokens[index..].iter().filter(|token| token.depth == 0 && token.kind == Kind::Operator);
    rest.map(|token| token.text).take_while(|text| !matches!(*text, ":" | ";")).any(|text| text == ",")
}

/// `0777`, which Python 3 refuses; `0`, `00`, `0.5`, `0e1` and `0x1F` are fine.
fn is_old_octal(text: &str) -> bool {
    let is_digits = text.bytes().all(|digit| digit.is_ascii_digit() || digit == b'_');
    is_digits && text.starts_with('0') && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit))
}

fn is_old_text(text: &str) -> bool {
    let prefix: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    prefix.eq_ignore_ascii_case("ur")
}

/// The indentations that are open, measured as Python does: with tabs to every eighth column, and with tabs as one.
///
/// Python 3 wants both measures to agree; Python 2 looks at the first alone.
struct Indents(Vec<(usize, usize)>);

impl Default for Indents {
    fn default() -> Self {
        Self(vec![(0, 0)])
    }
}

impl Indents {
    /// Whether a line of this indentation may follow.
    fn take(&mut self, indent: &str) -> bool {
        let wide = indent.chars().fold(0, |column, letter| match letter {
            '\t' => (column / 8 + 1) * 8,
            '\x0c' => 0,
            _ => column + 1,
        });
        let narrow = indent.chars().fold(0, |column, letter| if letter == '\x0c' { 0 } else { column + 1 });
        let Some(&(open, open_narrow)) = self.0.last() else { return true };
        if wide == open {
            return narrow == open_narrow;
        }
        if wide > open {
            self.0.push((wide, narrow));
            return narrow > open_narrow;
        }
        while self.0.len() > 1 && self.0.last().is_some_and(|(open, _)| *open > wide) {
            self.0.pop();
        }
        // An indentation that was never open is wrong for both, so that it is no sign.
        self.0.last().is_none_or(|(open, open_narrow)| *open != wide || *open_narrow == narrow)
    }
}

#[cfg(test)]
mod tests;
