//! Faults: what is wrong with a file, where, what was expected and what was found.
//!
//! A file is read to its end and every fault is collected, so that a contestant mends all of them at once.
//! A fault speaks only of what the reader of the message already has: the file that was sent and the public format.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many faults a report spells out; the rest are only counted.
pub const FAULT_CAP: usize = 50;

/// The stable name of a kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// The text is not JSON.
    InvalidJson,
    /// The text is not CSV of the expected shape (a row with too many or too few fields).
    InvalidCsv,
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// The file is of another kind (a zip where JSON is wanted).
    WrongFormat,
    /// Arrays or objects are nested too deeply.
    TooDeep,
    /// The file, or a list in it, is larger than the limit.
    TooLarge,
    /// An object names a key twice.
    DuplicateKey,
    /// An item of the task has no prediction.
    MissingIds,
    /// A prediction is for something that is no item of the task.
    UnknownIds,
    /// An item is predicted twice.
    DuplicateIds,
    /// A number is NaN, infinite, or too large for a 64-bit float.
    NotFinite,
    /// Something else stands where a number is wanted.
    NotANumber,
    /// A table lacks a column.
    MissingColumn,
    /// A table has the same column twice, or one that the format does not know.
    UnexpectedColumn,
    /// An object lacks a field.
    MissingField,
    /// An object has a field that the format does not know.
    UnknownField,
    /// A value has the wrong type.
    WrongType,
    /// A list has the wrong length, or a structure the wrong shape.
    WrongShape,
    /// A value lies outside its range.
    OutOfRange,
    /// A label is not one of the task's classes.
    UnknownLabel,
    /// The file names a version of the format that is not supported.
    UnsupportedVersion,
    /// The file is meant for another challenge.
    WrongChallenge,
    /// There is nothing in the file.
    EmptySubmission,
    /// A parameter does not fit the annotations.
    InvalidParameter,
    /// A named table of the annotations is absent.
    MissingTable,
    /// Reading took longer than allowed.
    Timeout,
}

impl Code {
    /// The stable snake_case name, as in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::InvalidCsv => "invalid_csv",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::WrongFormat => "wrong_format",
            Self::TooDeep => "too_deep",
            Self::TooLarge => "too_large",
            Self::DuplicateKey => "duplicate_key",
            Self::MissingIds => "missing_ids",
            Self::UnknownIds => "unknown_ids",
            Self::DuplicateIds => "duplicate_ids",
            Self::NotFinite => "not_finite",
            Self::NotANumber => "not_a_number",
            Self::MissingColumn => "missing_column",
            Self::UnexpectedColumn => "unexpected_column",
            Self::MissingField => "missing_field",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::WrongShape => "wrong_shape",
            Self::OutOfRange => "out_of_range",
            Self::UnknownLabel => "unknown_label",
            Self::UnsupportedVersion => "unsupported_version",
            Self::WrongChallenge => "wrong_challenge",
            Self::EmptySubmission => "empty_submission",
            Self::InvalidParameter => "invalid_parameter",
            Self::MissingTable => "missing_table",
            Self::Timeout => "timeout",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A JSON pointer (RFC 6901).
    Pointer(String),
    /// A line of a text file, counted from 1.
    Line(u64),
    /// The file as a whole.
    File,
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub code: Code,
    /// Where it is.
    pub place: Place,
    /// Which file or table, when there are several.
    pub file: Option<String>,
    /// What is wrong, in a sentence for a person.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// What was found instead.
    pub found: String,
    /// What the cause probably is, where the mistake is a known one.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault of the file as a whole.
    pub fn whole(
        code: Code,
        message: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            code,
            place: Place::File,
            file: None,
            message: message.into(),
            expected: expected.into(),
            found: found.into(),
            hint: None,
        }
    }

    /// The same fault at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same fault with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        match &self.place {
            Place::Pointer(pointer) if pointer.is_empty() => f.write_str("top level: ")?,
            Place::Pointer(pointer) => write!(f, "{pointer}: ")?,
            Place::Line(line) => write!(f, "line {line}: ")?,
            Place::File => {}
        }
        write!(f, "{} [{}]", self.message, self.code)?;
        if !self.expected.is_empty() || !self.found.is_empty() {
            write!(f, "; expected {}, found {}", self.expected, self.found)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

/// The written form: `{"code","pointer"|"line","message","expected","found"}` and, where they exist, `file` and `hint`.
#[derive(Serialize, Deserialize)]
struct WrittenFault {
    code: Code,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    message: String,
    expected: String,
    found: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

impl Serialize for Fault {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (pointer, line) = match &self.place {
            Place::Pointer(pointer) => (Some(pointer.clone()), None),
            Place::Line(line) => (None, Some(*line)),
            Place::File => (None, None),
        };
        WrittenFault {
            code: self.code,
            file: self.file.clone(),
            pointer,
            line,
            message: self.message.clone(),
            expected: self.expected.clone(),
            found: self.found.clone(),
            hint: self.hint.clone(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = WrittenFault::deserialize(deserializer)?;
        let place = match (written.pointer, written.line) {
            (Some(pointer), _) => Place::Pointer(pointer),
            (None, Some(line)) => Place::Line(line),
            (None, None) => Place::File,
        };
        Ok(Self {
            code: written.code,
            place,
            file: written.file,
            message: written.message,
            expected: written.expected,
            found: written.found,
            hint: written.hint,
        })
    }
}

/// The faults of one file: the first [`FAULT_CAP`] spelled out, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// How many faults there are in all.
    pub fault_count: u64,
    /// The first of them.
    pub faults: Vec<Fault>,
}

impl Faults {
    /// No fault yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A single fault.
    pub fn one(fault: Fault) -> Self {
        Self { fault_count: 1, faults: vec![fault] }
    }

    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.push_with(|| fault);
    }

    /// Adds a fault that is put into words only while the report has room for it.
    pub fn push_with(&mut self, fault: impl FnOnce() -> Fault) {
        self.fault_count += 1;
        if self.faults.len() < FAULT_CAP {
            self.faults.push(fault());
        }
    }

    /// Adds all faults of another report.
    pub fn extend(&mut self, other: Faults) {
        self.fault_count += other.fault_count;
        let room = FAULT_CAP.saturating_sub(self.faults.len());
        self.faults.extend(other.faults.into_iter().take(room));
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fault_count == 0
    }

    /// The same faults, said to be of a named file or table where they do not say so already.
    #[must_use]
    pub fn of_file(mut self, name: &str) -> Self {
        for fault in &mut self.faults {
            fault.file.get_or_insert_with(|| name.to_owned());
        }
        self
    }

    /// The value, if there is no fault.
    pub fn or<T>(self, value: T) -> Result<T, Faults> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.faults.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        let unsaid = self.fault_count.saturating_sub(self.faults.len() as u64);
        if unsaid > 0 {
            write!(f, "\nand {unsaid} more")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Why an organizer's annotations or parameters are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("the annotations are refused\n{0}")]
#[serde(transparent)]
pub struct AnnotationFaults(pub Faults);

/// Why a contestant's submission is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("the submission is refused\n{0}")]
#[serde(transparent)]
pub struct SubmissionFaults(pub Faults);

impl From<Faults> for AnnotationFaults {
    fn from(faults: Faults) -> Self {
        Self(faults)
    }
}

impl From<Faults> for SubmissionFaults {
    fn from(faults: Faults) -> Self {
        Self(faults)
    }
}
