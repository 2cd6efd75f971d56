//! A JSON reader for files of strangers: it borrows from the text, builds no tree, and names every fault by its pointer.
//!
//! The caller says what it expects, value by value. A value of another type is recorded as a fault and passed over, so
//! that one reading finds all faults; only text that is no JSON at all ends it ([`Stop`]).

mod absent;
mod element;
mod fixed;
mod number;
mod slot;
mod string;

pub use slot::Slot;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::fault::{Code, Fault, Faults, Place};
use crate::limits::Limits;
use crate::text::open_text;

/// The reading is over: the text is not JSON, a limit is reached, or time is up. The fault is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// The outcome of reading a value; `None` stands for a value of another type, which is recorded as a fault.
pub type Read<T> = Result<Option<T>, Stop>;

/// A reader of one JSON text.
#[derive(Debug)]
pub struct JsonReader<'a, 'l> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: &'l Limits,
    path: Vec<Step<'a>>,
    /// The keys of the objects around the current value, for finding duplicates.
    keys: Vec<Cow<'a, str>>,
    faults: Faults,
    values: u32,
}

#[derive(Debug)]
enum Step<'a> {
    Key(Cow<'a, str>),
    Index(u64),
}

/// What begins at the current place, as a word for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
    NotFinite,
}

/// Objects with more keys than this look for duplicates in a hash set.
const FEW_KEYS: usize = 16;

impl<'a, 'l> JsonReader<'a, 'l> {
    /// A reader of these bytes, or the faults that the file as a whole has.
    pub fn open(bytes: &'a [u8], limits: &'l Limits) -> Result<Self, Faults> {
        let text = open_text(bytes, limits, "JSON")?;
        Ok(Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            limits,
            path: Vec::new(),
            keys: Vec::new(),
            faults: Faults::new(),
            values: 0,
        })
    }

    /// Reads a whole text: what `read` returns, unless there is a fault.
    pub fn read<T>(
        bytes: &'a [u8],
        limits: &'l Limits,
        read: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Faults> {
        let mut reader = Self::open(bytes, limits)?;
        let outcome = read(&mut reader).and_then(|value| {
            reader.skip_space();
            match reader.at < reader.bytes.len() {
                true => Err(reader.syntax("the end of the file")),
                false => Ok(value),
            }
        });
        match outcome {
            Ok(value) => reader.faults.or(value),
            Err(Stop) => Err(reader.faults),
        }
    }

    /// Reads an object; `field` reads the value of each key, at once.
    pub fn object(
        &mut self,
        mut field: impl FnMut(&mut Self, &Cow<'a, str>) -> Result<(), Stop>,
    ) -> Read<()> {
        if !self.expect(Kind::Object, Code::WrongType)? {
            return Ok(None);
        }
        self.enter()?;
        let first_key = self.keys.len();
        let mut many: Option<HashSet<Cow<'a, str>>> = None;
        let mut more = self.peek()? != b'}';
        let mut count = 0_u64;
        while more {
            if self.peek()? != b'"' {
                return Err(self.syntax("a key in double quotes"));
            }
            let key = self.raw_string()?;
            if self.peek()? != b':' {
                return Err(self.syntax("a colon after the key"));
            }
            self.at += 1;
            let seen = match &mut many {
                Some(keys) => !keys.insert(key.clone()),
                None => self.keys[first_key..].contains(&key),
            };
            self.path.push(Step::Key(key.clone()));
            if seen {
                let message = "the key stands twice in its object";
                self.fault(Code::DuplicateKey, message, "every key once", "the key again");
            } else if many.is_none() {
                self.keys.push(key.clone());
                if self.keys.len() - first_key > FEW_KEYS {
                    many = Some(self.keys.drain(first_key..).collect());
                }
            }
            field(self, &key)?;
            self.path.pop();
            count += 1;
            self.count_record(count)?;
            more = self.another(b'}')?;
        }
        self.keys.truncate(first_key);
        self.at += 1;
        Ok(Some(()))
    }

    /// Reads an array; `element` reads each of its values, at once.
    pub fn array(&mut self, mut element: impl FnMut(&mut Self, u64) -> Result<(), Stop>) -> Read<u64> {
        if !self.expect(Kind::Array, Code::WrongType)? {
            return Ok(None);
        }
        self.enter()?;
        let mut more = self.peek()? != b']';
        let mut count = 0;
        while more {
            self.path.push(Step::Index(count));
            element(self, count)?;
            self.path.pop();
            count += 1;
            self.count_record(count)?;
            more = self.another(b']')?;
        }
        self.at += 1;
        Ok(Some(count))
    }

    /// Reads a string.
    pub fn string(&mut self) -> Read<Cow<'a, str>> {
        match self.expect(Kind::String, Code::WrongType)? {
            true => self.raw_string().map(Some),
            false => Ok(None),
        }
    }

    /// Reads a finite number.
    pub fn number(&mut self) -> Read<f64> {
        self.number_else(Code::NotANumber)
    }

    /// Reads a finite number; where a value of another type stands, the fault has the given code.
    pub fn number_else(&mut self, code: Code) -> Read<f64> {
        if !self.expect(Kind::Number, code)? {
            return Ok(None);
        }
        let number = self.raw_number()?;
        if number.value.is_finite() {
            return Ok(Some(number.value));
        }
        let found = number.text;
        self.fault(
            Code::NotFinite,
            "the number is too large for a 64-bit float",
            "a finite number",
            crate::text::quoted(found),
        );
        Ok(None)
    }

    /// Reads a whole number, written without fraction and exponent.
    pub fn integer(&mut self) -> Read<i64> {
        if !self.expect(Kind::Number, Code::WrongType)? {
            return Ok(None);
        }
        let number = self.raw_number()?;
        if let Ok(integer) = number.text.parse() {
            return Ok(Some(integer));
        }
        let found = crate::text::quoted(number.text);
        self.fault(Code::WrongType, "the number is not a whole one", "a whole number", found);
        Ok(None)
    }

    /// Reads `true` or `false`.
    pub fn boolean(&mut self) -> Read<bool> {
        if !self.expect(Kind::Boolean, Code::WrongType)? {
            return Ok(None);
        }
        let value = self.bytes[self.at] == b't';
        self.word(if value { "true" } else { "false" })?;
        Ok(Some(value))
    }

    /// Whether `null` stands here; if so it is passed.
    pub fn null(&mut self) -> Result<bool, Stop> {
        let null = self.kind()? == Kind::Null;
        if null {
            self.word("null")?;
        }
        Ok(null)
    }

    /// Whether a string stands here.
    pub fn at_string(&mut self) -> Result<bool, Stop> {
        Ok(self.peek()? == b'"')
    }

    /// Whether an object stands here.
    pub fn at_object(&mut self) -> Result<bool, Stop> {
        Ok(self.peek()? == b'{')
    }

    /// Whether an array stands here.
    pub fn at_array(&mut self) -> Result<bool, Stop> {
        Ok(self.peek()? == b'[')
    }

    /// Reads a number, a boolean or `null` as it is written.
    pub fn literal(&mut self) -> Read<&'a str> {
        let start = {
            self.peek()?;
            self.at
        };
        match self.kind()? {
            Kind::Number => {
                self.raw_number()?;
            }
            Kind::Boolean | Kind::Null | Kind::NotFinite => self.skip()?,
            kind @ (Kind::Object | Kind::Array | Kind::String) => {
                self.wrong_type("a number or a word", kind, Code::WrongType)?;
                return Ok(None);
            }
        }
        Ok(Some(&self.text[start..self.at]))
    }

    /// Reads a string that must be one of a few; another one is a fault of the given code.
    pub fn one_of(&mut self, accepted: &[&str], code: Code) -> Read<()> {
        let Some(found) = self.string()? else {
            return Ok(None);
        };
        if accepted.contains(&&*found) {
            return Ok(Some(()));
        }
        self.fault_with(|| {
            let quoted = accepted.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>().join(" or ");
            let found = crate::text::quoted(&found);
            Fault::whole(code, format!("{found} is not {quoted}"), quoted, found)
        });
        Ok(None)
    }

    /// Reads a window of two numbers, `[start, end]`.
    pub fn window(&mut self) -> Read<[f64; 2]> {
        let mut window = [0.0; 2];
        let mut read = 0;
        let Some(length) = self.array(|reader, index| match window.get_mut(index as usize) {
            Some(slot) => {
                if let Some(number) = reader.number()? {
                    *slot = number;
                    read += 1;
                }
                Ok(())
            }
            None => reader.skip(),
        })?
        else {
            return Ok(None);
        };
        if length != 2 {
            let found = format!("{length} values");
            self.fault(Code::WrongShape, "a window is a start and an end", "[start, end]", found);
            return Ok(None);
        }
        Ok((read == 2).then_some(window))
    }

    /// Passes over a value of any type; what is no JSON in it is found all the same.
    pub fn skip(&mut self) -> Result<(), Stop> {
        match self.kind()? {
            Kind::Object => self.object(|reader, _| reader.skip()).map(drop),
            Kind::Array => self.array(|reader, _| reader.skip()).map(drop),
            Kind::String => self.raw_string().map(drop),
            Kind::Number => self.raw_number().map(drop),
            Kind::Boolean => self.boolean().map(drop),
            Kind::Null => self.word("null"),
            Kind::NotFinite => self.number().map(drop),
        }
    }

    /// Records a fault of the current value.
    pub fn fault(
        &mut self,
        code: Code,
        message: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        let path = &self.path;
        self.faults
            .push_with(|| Fault::whole(code, message, expected, found).at(Place::Pointer(pointer(path))));
    }

    /// Records a fault of the current value that is put into words only while the report has room for it.
    pub fn fault_with(&mut self, fault: impl FnOnce() -> Fault) {
        let path = &self.path;
        self.faults.push_with(|| fault().at(Place::Pointer(pointer(path))));
    }

    /// Records that the object at the current place lacks a field.
    pub fn missing_field(&mut self, name: &str) {
        self.fault_with(|| {
            Fault::whole(
                Code::MissingField,
                format!("the field {name:?} is missing"),
                format!("a field {name:?}"),
                "none",
            )
        });
    }

    /// How many faults there are so far.
    pub fn fault_count(&self) -> u64 {
        self.faults.fault_count
    }

    /// The limits of this reading.
    pub fn limits(&self) -> &'l Limits {
        self.limits
    }

    /// Whether a value of the kind stands here; another one is recorded as a fault and passed over.
    fn expect(&mut self, wanted: Kind, code: Code) -> Result<bool, Stop> {
        let kind = self.kind()?;
        if kind == wanted {
            return Ok(true);
        }
        if kind == Kind::NotFinite {
            let written = self.not_finite_word()?;
            self.fault(
                Code::NotFinite,
                format!("{written} is not JSON and no finite number"),
                wanted.name(),
                written,
            );
            return Ok(false);
        }
        self.wrong_type(wanted.name(), kind, code)?;
        Ok(false)
    }

    fn wrong_type(&mut self, expected: &str, kind: Kind, code: Code) -> Result<(), Stop> {
        let start = self.at;
        // The fault is recorded before the value is passed over, so that faults stand in the order of the file.
        let mut ahead = start;
        while ahead < self.bytes.len() && ahead - start < 60 && !b",]}\n".contains(&self.bytes[ahead]) {
            ahead += 1;
        }
        let found = match kind {
            Kind::Object | Kind::Array | Kind::Null => kind.name().to_owned(),
            _ => match self.text.get(start..ahead) {
                Some(text) => format!("{} {}", kind.name(), text.trim_end()),
                None => kind.name().to_owned(),
            },
        };
        self.fault(code, format!("{expected} is wanted here"), expected, found);
        self.skip()
    }

    fn kind(&mut self) -> Result<Kind, Stop> {
        Ok(match self.peek()? {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b'-' if self.bytes.get(self.at + 1) == Some(&b'I') => Kind::NotFinite,
            b'-' | b'0'..=b'9' => Kind::Number,
            b't' | b'f' => Kind::Boolean,
            b'n' => Kind::Null,
            b'N' | b'I' => Kind::NotFinite,
            _ => return Err(self.syntax("a value")),
        })
    }

    /// The next byte that is no space.
    #[inline]
    fn peek(&mut self) -> Result<u8, Stop> {
        self.skip_space();
        match self.bytes.get(self.at) {
            Some(byte) => Ok(*byte),
            None => Err(self.syntax("more JSON")),
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// After an element: whether another follows. The closing bracket is left in place.
    fn another(&mut self, close: u8) -> Result<bool, Stop> {
        match self.peek()? {
            b',' => {
                self.at += 1;
                if self.peek()? == close {
                    return Err(self.syntax("a value after the comma"));
                }
                Ok(true)
            }
            byte if byte == close => Ok(false),
            _ => Err(self.syntax(if close == b'}' { "a comma or }" } else { "a comma or ]" })),
        }
    }

    /// Passes an opening bracket.
    fn enter(&mut self) -> Result<(), Stop> {
        if self.path.len() >= self.limits.depth {
            let most = format!("at most {} levels", self.limits.depth);
            self.fault(Code::TooDeep, "the values are nested too deeply", most, "one level more");
            return Err(Stop);
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn count_record(&mut self, count: u64) -> Result<(), Stop> {
        self.values = self.values.wrapping_add(1);
        if self.values.is_multiple_of(8192)
            && let Err(stopped) = self.limits.check()
        {
            self.faults.extend(stopped.into());
            return Err(Stop);
        }
        if count > self.limits.records {
            let most = format!("at most {} values", self.limits.records);
            self.fault(Code::TooLarge, "the list is too long", most, "more");
            return Err(Stop);
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Result<(), Stop> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.syntax("a value"));
        }
        self.at += word.len();
        Ok(())
    }

    /// Passes `NaN`, `Infinity` or `-Infinity`, which Python writes.
    fn not_finite_word(&mut self) -> Result<&'static str, Stop> {
        let words = ["NaN", "Infinity", "-Infinity"];
        let written = words.into_iter().find(|word| self.bytes[self.at..].starts_with(word.as_bytes()));
        match written {
            Some(word) => {
                self.at += word.len();
                Ok(word)
            }
            None => Err(self.syntax("a value")),
        }
    }

    /// Records that the text is no JSON here, with line and column.
    fn syntax(&mut self, expected: &str) -> Stop {
        let before = &self.bytes[..self.at.min(self.bytes.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = 1 + String::from_utf8_lossy(&before[line_start..]).chars().count();
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("{character:?}"),
            None if self.at >= self.bytes.len() => "the end of the file".to_owned(),
            None => "a broken character".to_owned(),
        };
        self.fault(
            Code::InvalidJson,
            format!("the text is not JSON at line {line}, column {column}"),
            expected,
            found,
        );
        Stop
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Null => "null",
            Self::NotFinite => "a number that is not finite",
        }
    }
}

/// The JSON pointer of a path.
fn pointer(path: &[Step<'_>]) -> String {
    let mut pointer = String::new();
    for step in path {
        pointer.push('/');
        match step {
            Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Step::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

#[cfg(test)]
mod tests;
