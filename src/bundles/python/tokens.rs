//! Python text as logical lines of tokens, as far as a look without understanding needs it.

use crate::fault::Position;

/// A logical line: its indentation, and its tokens, of which there is at least one.
pub(super) struct Line<'t> {
    pub(super) indent: &'t str,
    pub(super) tokens: Vec<Token<'t>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) position: Position,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    /// With its prefix and quotes.
    Text,
    Operator,
}

impl Line<'_> {
    /// Whether a statement begins with a token: the first, or one behind a semicolon or the colon of `if x: y`.
    pub(super) fn begins_statement(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|before| self.tokens[before]) else { return true };
        let opens_block = || {
            const BLOCKS: [&str; 9] =
                ["if", "elif", "else", "for", "while", "try", "except", "finally", "with"];
            // The colon of a lambda or an annotation is not that of a block.
            let has_lambda = self.tokens[..index].iter().any(|token| token.text == "lambda");
            !has_lambda && BLOCKS.contains(&self.tokens[0].text)
        };
        before.depth == 0 && (before.text == ";" || (before.text == ":" && opens_block()))
    }
}

/// The logical lines of a text; what cannot be told apart any more is left out.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, depth: 0 };
    let mut lines = Vec::new();
    while let Some(line) = reader.logical_line() {
        if !line.tokens.is_empty() {
            lines.push(line);
        }
    }
    lines
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn newline(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|letter| !is_skipped(letter)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn logical_line(&mut self) -> Option<Line<'t>> {
        if self.rest().is_empty() {
            return None;
        }
        self.depth = 0;
        let indent = self
            .skip(|letter| matches!(letter, ' ' | '\t' | '\x0c' | '\u{feff}'))
            .trim_start_matches('\u{feff}');
        let mut tokens = Vec::new();
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '\n' if self.depth == 0 => {
                    self.newline();
                    break;
                }
                '\n' => self.newline(),
                ' ' | '\t' | '\x0c' | '\r' => self.at += 1,
                '#' => _ = self.skip(|letter| letter != '\n'),
                '\\' if self.rest()[1..].trim_start_matches('\r').starts_with('\n') => {
                    self.at += self.rest().find('\n').unwrap_or(1);
                    self.newline();
                }
                _ => tokens.extend(self.token(letter)),
            }
        }
        Some(Line { indent, tokens })
    }

    fn token(&mut self, letter: char) -> Option<Token<'t>> {
        let (start, position, depth) = (self.at, self.position(), self.depth);
        let kind = if self.text_prefix().is_some() {
            self.skip_text()?;
            Kind::Text
        } else if letter.is_ascii_digit() {
            self.skip(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_'));
            Kind::Number
        } else if letter.is_alphabetic() || letter == '_' {
            self.skip(|letter| letter.is_alphanumeric() || letter == '_');
            Kind::Name
        } else {
            match letter {
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            self.at += if self.rest().starts_with("<>") { 2 } else { letter.len_utf8() };
            Kind::Operator
        };
        Some(Token { kind, text: &self.text[start..self.at], position, depth })
    }

    fn position(&self) -> Position {
        Position { line: self.line, column: 1 + self.text[self.line_start..self.at].chars().count() }
    }

    /// The length of the letters before the quotes of a text that begins here.
    fn text_prefix(&self) -> Option<usize> {
        let rest = self.rest().as_bytes();
        let length = rest.iter().take(3).take_while(|letter| letter.is_ascii_alphabetic()).count();
        let is_prefix = rest[..length].iter().all(|letter| b"rRbBuUfF".contains(letter));
        (length < 3 && is_prefix && matches!(rest.get(length), Some(b'\'' | b'"'))).then_some(length)
    }

    /// Goes behind a text; absent, and to the end, when it has none.
    fn skip_text(&mut self) -> Option<()> {
        self.at += self.text_prefix()?;
        let quote = self.rest().get(..1)?;
        let triple = quote.repeat(3);
        let is_triple = self.rest().starts_with(&triple);
        let end = if is_triple { triple.as_str() } else { quote };
        self.at += end.len();
        while let Some(letter) = self.rest().chars().next() {
            if self.rest().starts_with(end) {
                self.at += end.len();
                return Some(());
            }
            match letter {
                '\\' => {
                    self.at += 1;
                    match self.rest().chars().next() {
                        Some('\n') => self.newline(),
                        Some(escaped) => self.at += escaped.len_utf8(),
                        None => return None,
                    }
                }
                '\n' if is_triple => self.newline(),
                // A text of one line that does not end on it: the rest cannot be told apart.
                '\n' => {
                    self.at = self.text.len();
                    return None;
                }
                _ => self.at += letter.len_utf8(),
            }
        }
        None
    }
}
