//! What an evaluator is handed: a file, or a tree of files, as bytes.

use std::borrow::Cow;

use crate::fault::{Code, Fault, Faults};

/// A file: its name and its bytes.
#[derive(Debug, Clone)]
pub struct File<'a> {
    /// The name, or the path inside a tree with `/` between its parts.
    pub name: Cow<'a, str>,
    /// The content.
    pub bytes: Cow<'a, [u8]>,
}

/// One table of annotations, or a submission.
#[derive(Debug, Clone)]
pub enum Input<'a> {
    /// A single file.
    File(File<'a>),
    /// A folder or an opened archive; files in the order of their names.
    Tree(Vec<File<'a>>),
}

impl<'a> Input<'a> {
    /// A single file that is borrowed.
    pub fn file(name: &'a str, bytes: &'a [u8]) -> Self {
        Self::File(File { name: Cow::Borrowed(name), bytes: Cow::Borrowed(bytes) })
    }

    /// A tree; the files are put into the order of their names.
    pub fn tree(mut files: Vec<File<'a>>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self::Tree(files)
    }

    /// The single file, or the fault that there is a folder instead.
    pub fn single(&self) -> Result<&File<'a>, Faults> {
        match self {
            Self::File(file) => Ok(file),
            Self::Tree(files) => Err(Faults::one(Fault::whole(
                Code::WrongFormat,
                "a single file is wanted, not a folder or an archive",
                "one file",
                format!("a folder with {} files", files.len()),
            ))),
        }
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(file) => file.bytes.len() as u64,
            Self::Tree(files) => files.iter().map(|file| file.bytes.len() as u64).sum(),
        }
    }
}

/// The annotations of a phase: named tables, of which the first is called [`Inputs::MAIN`].
#[derive(Debug, Clone, Default)]
pub struct Inputs<'a> {
    tables: Vec<(Cow<'a, str>, Input<'a>)>,
    unannotated: bool,
}

impl<'a> Inputs<'a> {
    /// The name of the table that every evaluator has.
    pub const MAIN: &'static str = "main";

    /// Annotations of one table.
    pub fn main_only(main: Input<'a>) -> Self {
        Self { tables: vec![(Cow::Borrowed(Self::MAIN), main)], unannotated: false }
    }

    /// The same files, read as a task publishes them to its contestants: every item, and nothing of the truth.
    ///
    /// What an evaluator prepares from them tells a valid submission from an invalid one; its scores mean nothing.
    /// [`crate::check::Checker`] is what makes use of it.
    #[must_use]
    pub fn unannotated(self) -> Self {
        Self { unannotated: true, ..self }
    }

    /// Whether the truth is left out; an evaluator then does not look at it, even where it is there.
    pub fn are_unannotated(&self) -> bool {
        self.unannotated
    }

    /// The same annotations with one more table, or with a replaced one.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, input: Input<'a>) -> Self {
        let name = name.into();
        self.tables.retain(|(existing, _)| *existing != name);
        self.tables.push((name, input));
        self
    }

    /// The table of that name.
    pub fn get(&self, name: &str) -> Option<&Input<'a>> {
        self.tables.iter().find(|(existing, _)| existing == name).map(|(_, input)| input)
    }

    /// The table of that name, or the fault that it is absent.
    pub fn require(&self, name: &str) -> Result<&Input<'a>, Faults> {
        self.get(name).ok_or_else(|| {
            Faults::one(Fault::whole(
                Code::MissingTable,
                format!("the annotations lack the table {name:?}"),
                format!("a table named {name:?}"),
                format!("{:?}", self.names().collect::<Vec<_>>()),
            ))
        })
    }

    /// The names of the tables, in the order in which they were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|(name, _)| &**name)
    }
}
