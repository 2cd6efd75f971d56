//! Strings: borrowed where nothing is escaped.

use std::borrow::Cow;

use super::{JsonReader, Stop};

impl<'a> JsonReader<'a, '_> {
    /// Reads the string whose opening quote stands here.
    pub(super) fn raw_string(&mut self) -> Result<Cow<'a, str>, Stop> {
        self.at += 1;
        let start = self.at;
        self.pass_plain();
        match self.bytes.get(self.at) {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => {
                let mut unescaped = self.text[start..self.at].to_owned();
                self.escaped_rest(&mut unescaped)?;
                Ok(Cow::Owned(unescaped))
            }
            _ => Err(self.syntax("the end of the string")),
        }
    }

    /// Passes bytes up to a quote, a backslash or a control character.
    #[inline]
    fn pass_plain(&mut self) {
        let rest = &self.bytes[self.at..];
        let plain = rest.iter().position(|byte| *byte == b'"' || *byte == b'\\' || *byte < 0x20);
        self.at += plain.unwrap_or(rest.len());
    }

    fn escaped_rest(&mut self, unescaped: &mut String) -> Result<(), Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    unescaped.push(character);
                }
                Some(byte) if *byte >= 0x20 => {
                    let start = self.at;
                    self.pass_plain();
                    unescaped.push_str(&self.text[start..self.at]);
                }
                _ => return Err(self.syntax("the end of the string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let character = match self.bytes.get(self.at) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(self.syntax("an escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads the hexadecimal digits of an escape, and those of its second half where it is one of a pair.
    fn code_point(&mut self) -> Result<char, Stop> {
        let start = self.at;
        let first = self.four_digits()?;
        let code = match first {
            0xd800..=0xdbff if self.bytes[self.at..].starts_with(b"\\u") => {
                self.at += 2;
                match self.four_digits()? {
                    second @ 0xdc00..=0xdfff => 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                    _ => first,
                }
            }
            _ => first,
        };
        char::from_u32(code).ok_or_else(|| {
            self.at = start;
            self.syntax("a pair of surrogates (a lone one is no character)")
        })
    }

    fn four_digits(&mut self) -> Result<u32, Stop> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => Err(self.syntax("four hexadecimal digits")),
        }
    }
}
