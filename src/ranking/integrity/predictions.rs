//! What a submission predicts, read from its file alone: a digest of everything, and of every item's part of it.
//!
//! No evaluator is asked. A record is what names an item of the task: a row or an object with its id, a member of an object that
//! is called like it, a file of an archive that is named after it, a line that begins with it.
//! What stands around records, as a version or the name of a challenge does, is not part of what is predicted.
//! Where nothing names an item, everything is.

mod collect;
mod json;
mod text;

use domain::Digest;
use sdk::archive;
use sdk::limits::Stopped;
use sdk::roll::IdIndex;
use sdk::{File, Input, Limits};

use collect::Collector;

/// The most records, of items and others, that a file is taken apart into.
pub const MOST_RECORDS: u64 = 2_000_000;

/// The largest file that is taken apart, in bytes when unpacked; larger ones are compared byte by byte only.
pub const MOST_BYTES: u64 = 256 << 20;

/// What a submission predicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predictions {
    /// The same for all files that predict the same, whatever the order of their records and the form of their numbers.
    pub digest: Digest,
    /// For every item of the task what tells its prediction from others, [`NO_ANSWER`] where it has none; nothing where the file
    /// names no item.
    pub answers: Option<Vec<u32>>,
}

/// The answer of an item for which nothing is predicted.
pub const NO_ANSWER: u32 = 0;

/// Why a file cannot be taken apart; whether two such files are the same is then told by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It takes longer than it may.
    #[error("reading the predictions ran out of time")]
    Stopped,
    /// It has too many records, or becomes too large when it is unpacked.
    #[error("the file is too large to be compared item by item")]
    TooLarge,
    /// It is not what it looks like.
    #[error("the file is no {0}")]
    Damaged(&'static str),
}

impl From<Stopped> for Unreadable {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Reads what a file predicts for the items of a task.
///
/// It is done within `limits`, and within [`MOST_BYTES`] and [`MOST_RECORDS`].
pub fn read_predictions(
    submission: &Input<'_>,
    items: &IdIndex,
    limits: &Limits,
) -> Result<Predictions, Unreadable> {
    let mut limits = limits.clone();
    limits.bytes = limits.bytes.min(MOST_BYTES);
    limits.records = limits.records.min(MOST_RECORDS);
    if submission.size() > limits.bytes {
        return Err(Unreadable::TooLarge);
    }
    let mut collector = Collector::new(items, &limits);
    match submission {
        Input::File(file) if !archive::is_zip(&file.bytes) => read_content(&mut collector, "", file)?,
        Input::File(_) | Input::Tree(_) => {
            let files = archive::files(submission, &limits).map_err(|_| damaged(&limits, "zip archive"))?;
            let is_single = files.len() == 1;
            for file in &files {
                limits.check()?;
                read_member(&mut collector, is_single, file)?;
            }
        }
    }
    Ok(collector.finish())
}

/// A file of an archive: one item's where it is named after it.
fn read_member(collector: &mut Collector<'_>, is_single: bool, file: &File<'_>) -> Result<(), Unreadable> {
    match collector.item_of_file(&file.name) {
        Some(item) => {
            let mut alone = collector.of_nothing();
            read_content(&mut alone, "", file)?;
            let content = alone.finish().digest;
            collector.of_item(item, content)
        }
        // One file in an archive says the same as the file without it.
        None => read_content(collector, if is_single { "" } else { &file.name }, file),
    }
}

/// Takes a file apart by what it looks like.
fn read_content(collector: &mut Collector<'_>, path: &str, file: &File<'_>) -> Result<(), Unreadable> {
    let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return collector.record(path, Digest::of(bytes));
    };
    match text.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => json::read(collector, path, text),
        _ => text::read(collector, path, text),
    }
}

/// That a file is damaged, unless reading it was told to stop.
fn damaged(limits: &Limits, what: &'static str) -> Unreadable {
    match limits.check() {
        Ok(()) => Unreadable::Damaged(what),
        Err(stopped) => stopped.into(),
    }
}

#[cfg(test)]
mod tests;
