//! A transcript as a network: a line of words that branches where it offers alternatives, `{ um / uh / @ }`.

use std::borrow::Cow;
use std::ops::Range;

use super::Options;

/// The word that stands for nothing.
const NOTHING: &str = "@";

/// How deeply alternatives may be nested.
const DEEPEST: usize = 32;

/// How many predecessors all words of a network may have together, for every word that it has.
///
/// Two neighbouring choices of many words each are linked all with all.
const LINKS_PER_WORD: usize = 64;

/// Why a transcript is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NetworkError {
    #[error("a brace is opened and not closed")]
    NotClosed,
    #[error("a brace is closed that was not opened")]
    NotOpened,
    #[error("an alternative is empty; nothing is written `@`")]
    EmptyAlternative,
    #[error("alternatives are nested too deeply")]
    TooDeep,
    #[error("neighbouring choices have too many combinations")]
    TooManyLinks,
    #[error("a choice is not allowed here")]
    Choice,
}

/// A word of a network.
#[derive(Debug, Clone)]
pub(crate) struct Word<'t> {
    text: Cow<'t, str>,
    /// What tells most unequal words apart at a glance.
    glance: u64,
    pub(crate) is_nothing: bool,
    /// Whether leaving it out is right.
    pub(crate) is_optional: bool,
    /// Whether it matches what begins or ends like it.
    is_fragment: bool,
    /// Where the words before it stand among the links.
    before: Range<u32>,
}

/// A transcript with its alternatives; words stand behind all that come before them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network<'t> {
    /// The words; their positions count from one, and zero is the start.
    pub(crate) words: Vec<Word<'t>>,
    links: Vec<u32>,
    /// The last words, as positions; zero where the transcript is empty.
    pub(crate) last: Vec<u32>,
}

impl<'t> Network<'t> {
    /// The network of a transcript.
    pub(crate) fn parse(text: &'t str, options: Options) -> Result<Self, NetworkError> {
        let mut parser = Parser { rest: text, options, network: Self::default() };
        let last = parser.sequence(vec![0], 0)?;
        Ok(Self { last, ..parser.network })
    }

    /// The network of a transcript that must not offer alternatives.
    pub(crate) fn parse_line(text: &'t str, options: Options) -> Result<Self, NetworkError> {
        let network = Self::parse(text, options)?;
        if network.links.is_sorted_by(|left, right| left < right)
            && !network.words.iter().any(|word| word.is_nothing)
        {
            Ok(network)
        } else {
            Err(NetworkError::Choice)
        }
    }

    /// A line of words that are taken as they stand.
    pub(crate) fn of_words(words: impl IntoIterator<Item = &'t str>, options: Options) -> Self {
        let mut network = Self::default();
        for text in words {
            let position = network.words.len() as u32;
            network.push(text, &[position], options);
        }
        network.last = vec![network.words.len() as u32];
        network
    }

    /// The words before a word, as positions.
    pub(crate) fn before(&self, word: &Word<'_>) -> &[u32] {
        &self.links[word.before.start as usize..word.before.end as usize]
    }

    fn push(&mut self, text: &'t str, before: &[u32], options: Options) {
        let start = self.links.len() as u32;
        self.links.extend_from_slice(before);
        self.words.push(Word::new(text, start..self.links.len() as u32, options));
    }
}

impl<'t> Word<'t> {
    fn new(text: &'t str, before: Range<u32>, options: Options) -> Self {
        // A star behind a word marks a mispronunciation and is no part of it.
        let text = match text.strip_suffix('*') {
            Some(marked) if !marked.is_empty() => marked,
            _ => text,
        };
        let inside = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let (text, is_optional) = match inside.filter(|_| options.optional_words) {
            Some(inside) => (inside, true),
            None => (text, false),
        };
        let as_it_is = options.case_sensitive || !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let text = if as_it_is { Cow::Borrowed(text) } else { Cow::Owned(text.to_ascii_lowercase()) };
        Self {
            glance: text
                .bytes()
                .fold(0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
            is_nothing: text == NOTHING,
            is_optional,
            // The reference looks for the dash in front before it takes the parentheses off.
            is_fragment: options.fragments && (text.ends_with('-') || !is_optional && text.starts_with('-')),
            text,
            before,
        }
    }

    /// Whether two words count as the same.
    pub(crate) fn matches(&self, other: &Word<'_>) -> bool {
        if !(self.is_fragment || other.is_fragment) {
            return self.glance == other.glance && self.text == other.text;
        }
        fragment_matches(&self.text, &other.text)
            .or_else(|| fragment_matches(&other.text, &self.text))
            .unwrap_or(self.text == other.text)
    }
}

/// Whether a word begins or ends like a fragment; nothing if the first word is no fragment.
fn fragment_matches(fragment: &str, word: &str) -> Option<bool> {
    if fragment.len() < 2 {
        return None;
    }
    match (fragment.strip_prefix('-'), fragment.strip_suffix('-')) {
        (Some(end), _) => Some(word.ends_with(end)),
        (None, Some(start)) => Some(word.starts_with(start)),
        (None, None) => None,
    }
}

struct Parser<'t> {
    rest: &'t str,
    options: Options,
    network: Network<'t>,
}

impl<'t> Parser<'t> {
    /// Reads words and choices to the end of the alternative, or of the text; returns the last words.
    fn sequence(&mut self, mut before: Vec<u32>, depth: usize) -> Result<Vec<u32>, NetworkError> {
        loop {
            self.rest = self.rest.trim_ascii_start();
            match self.rest.bytes().next() {
                None if depth > 0 => return Err(NetworkError::NotClosed),
                None => return Ok(before),
                Some(b'}') if depth == 0 => return Err(NetworkError::NotOpened),
                Some(b'}' | b'/') if depth > 0 => return Ok(before),
                Some(b'{') => before = self.choice(&before, depth)?,
                Some(_) => {
                    let text = text_of_token(self.token(depth));
                    self.network.push(text, &before, self.options);
                    before.clear();
                    before.push(self.network.words.len() as u32);
                    if self.network.links.len() > LINKS_PER_WORD * (self.network.words.len() + LINKS_PER_WORD)
                    {
                        return Err(NetworkError::TooManyLinks);
                    }
                }
            }
        }
    }

    /// Reads `{ a / b c }`; the opening brace stands at the current place.
    fn choice(&mut self, before: &[u32], depth: usize) -> Result<Vec<u32>, NetworkError> {
        if depth == DEEPEST {
            return Err(NetworkError::TooDeep);
        }
        let mut last = Vec::new();
        loop {
            self.rest = &self.rest[1..];
            let words = self.network.words.len();
            last.extend(self.sequence(before.to_vec(), depth + 1)?);
            if self.network.words.len() == words {
                return Err(NetworkError::EmptyAlternative);
            }
            let closed = self.rest.starts_with('}');
            if closed {
                self.rest = &self.rest[1..];
                return Ok(last);
            }
        }
    }

    fn token(&mut self, depth: usize) -> &'t str {
        let ends = |character: char| {
            character.is_ascii_whitespace() || depth > 0 && matches!(character, '/' | '{' | '}')
        };
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token
    }
}

/// What a token says: a semicolon begins tags of the word, unless a backslash stands before it.
fn text_of_token(token: &str) -> &str {
    let bytes = token.as_bytes();
    let tag = (1..bytes.len()).find(|at| bytes[*at] == b';' && bytes[at - 1] != b'\\');
    tag.map_or(token, |tag| &token[..tag])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<Vec<(String, Vec<u32>)>, NetworkError> {
        let network = Network::parse(text, Options::default())?;
        let mut words: Vec<_> =
            network.words.iter().map(|word| (word.text.to_string(), network.before(word).to_vec())).collect();
        words.push((String::new(), network.last.clone()));
        Ok(words)
    }

    fn word(text: &str, before: &[u32]) -> (String, Vec<u32>) {
        (text.to_owned(), before.to_vec())
    }

    #[test]
    fn words_follow_one_another() {
        assert_eq!(
            written(" A b* \tc;tag ").unwrap(),
            [word("a", &[0]), word("b", &[1]), word("c", &[2]), word("", &[3])]
        );
        assert_eq!(written("").unwrap(), [word("", &[0])]);
    }

    #[test]
    fn choices_branch_and_join() {
        let expected = [
            word("a", &[0]),
            word("b", &[1]),
            word("c", &[2]),
            word("@", &[1]),
            word("d", &[1]),
            word("e", &[5]),
            word("f", &[5]),
            word("g", &[3, 4, 6, 7]),
            word("", &[8]),
        ];
        assert_eq!(written("a {b c/@ / d { e / f}} g").unwrap(), expected);
    }

    #[test]
    fn broken_choices_are_told() {
        for (text, problem) in [
            ("a { b / c", NetworkError::NotClosed),
            ("a } b", NetworkError::NotOpened),
            ("{ a / }", NetworkError::EmptyAlternative),
            ("{}", NetworkError::EmptyAlternative),
        ] {
            assert_eq!(written(text), Err(problem), "{text}");
        }
        assert_eq!(written(&"{".repeat(40)), Err(NetworkError::TooDeep));
        let wide = format!("{{{}}}", ["a"; 200].join("/"));
        assert_eq!(written(&wide.repeat(3)), Err(NetworkError::TooManyLinks));
        assert!(written(&wide).is_ok());
        let line = |text| Network::parse_line(text, Options::default()).map(drop);
        assert_eq!(
            (line("a b"), line("a {b/c}"), line("@")),
            (Ok(()), Err(NetworkError::Choice), Err(NetworkError::Choice))
        );
    }

    #[test]
    fn options_change_what_matches() {
        fn one(text: &str, options: Options) -> Word<'_> {
            Network::of_words([text], options).words[0].clone()
        }
        let plain = Options::default();
        assert!(one("A", plain).matches(&one("a", plain)));
        assert!(!one("(a)", plain).matches(&one("a", plain)));
        let sensitive = Options { case_sensitive: true, ..plain };
        assert!(!one("A", sensitive).matches(&one("a", sensitive)));
        let optional = Options { optional_words: true, ..plain };
        let word = one("(A)", optional);
        assert!(word.is_optional && word.matches(&one("a", optional)));
        let fragments = Options { fragments: true, ..plain };
        let matches = |left: &str, right: &str| one(left, fragments).matches(&one(right, fragments));
        assert!(matches("fi-", "fish") && matches("coffee", "-offee") && matches("-", "-"));
        assert!(!matches("fi-", "wish") && !matches("-x", "y") && !matches("a", "b"));
        let both = Options { fragments: true, ..optional };
        assert!(one("(fi-)", both).matches(&one("fish", both)));
        assert!(!one("(-sh)", both).matches(&one("fish", both)));
    }
}
