//! What is wrong with a bundle, and where; every fault at once, warnings apart.

use std::fmt;

use serde::Serialize;

/// A place in a text file, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text.
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: 1 + before.matches('\n').count(), column: 1 + before[line_start..].chars().count() }
    }
}

/// One thing that is wrong with a bundle, or worth knowing about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file, by its path in the bundle; empty for the bundle as a whole.
    pub file: String,
    /// Where in the file; absent for the file as a whole.
    #[serde(flatten)]
    pub position: Option<Position>,
    /// The key, from the root (`phase[0].quota.per_day`); empty where there is none.
    pub key: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl Fault {
    /// A fault of a file as a whole.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), position: None, key: String::new(), message: message.into() }
    }

    /// The same fault at a place.
    #[must_use]
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }
}

impl fmt::Display for Fault {
    /// `file:line: key: message`, as far as there is any of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            f.write_str(&self.file)?;
            if let Some(Position { line, .. }) = self.position {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// How many faults, and how many warnings, are spelled out; the rest are only counted.
pub const MOST_SPELLED_OUT: usize = 200;

/// Everything that was found in a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// What keeps the bundle from being used.
    pub faults: Vec<Fault>,
    /// What is not as its author wrote it, or will not be as its author expects.
    pub warnings: Vec<Fault>,
    /// How many faults and warnings there are beyond those.
    pub unsaid: usize,
}

impl Findings {
    /// A single fault.
    pub fn one(fault: Fault) -> Self {
        Self { faults: vec![fault], ..Self::default() }
    }

    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.unsaid += usize::from(!push_within(&mut self.faults, fault));
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: Fault) {
        self.unsaid += usize::from(!push_within(&mut self.warnings, warning));
    }

    /// Adds all findings of another part.
    pub fn extend(&mut self, other: Self) {
        other.faults.into_iter().for_each(|fault| self.fault(fault));
        other.warnings.into_iter().for_each(|warning| self.warn(warning));
        self.unsaid += other.unsaid;
    }

    /// Whether the bundle can be used.
    pub fn is_usable(&self) -> bool {
        self.faults.is_empty()
    }

    /// In the order of files and lines.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.faults.sort();
        self.warnings.sort();
        self
    }

    /// The faults in the form of the wire of EvalAI: messages, one a line; what is wrong with a program says where.
    pub fn messages(&self) -> String {
        let messages = self.faults.iter().map(|fault| match fault.file.rsplit('.').next() {
            Some("yaml" | "yml" | "") | None => fault.message.clone(),
            Some(_) => fault.to_string(),
        });
        messages.collect::<Vec<_>>().join("\n")
    }
}

fn push_within(list: &mut Vec<Fault>, fault: Fault) -> bool {
    let has_room = list.len() < MOST_SPELLED_OUT;
    if has_room {
        list.push(fault);
    }
    has_room
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self.faults.iter().map(|fault| format!("fault: {fault}"));
        let warnings = self.warnings.iter().map(|warning| format!("warning: {warning}"));
        let unsaid = (self.unsaid > 0).then(|| format!("and {} more", self.unsaid));
        f.write_str(&faults.chain(warnings).chain(unsaid).collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Findings {}
