//! The directory at the end of a zip archive.

use std::collections::HashSet;
use std::ops::Range;

use super::MOST_FILES;
use crate::fault::{Code, Fault, Faults};
use crate::text::quoted;

/// A file of an archive, as its directory has it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The path, with `/` between its parts, that stays inside.
    pub(super) name: String,
    pub(super) method: Method,
    /// Where the packed bytes are.
    pub(super) data: Range<usize>,
    /// How many bytes they become.
    pub(super) size: u64,
    pub(super) checksum: u32,
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

const END: &[u8; 4] = b"PK\x05\x06";
const END_SIZE: usize = 22;
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
const LOCATOR_64_SIZE: usize = 20;
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const CENTRAL_SIZE: usize = 46;
const LOCAL: &[u8; 4] = b"PK\x03\x04";
const LOCAL_SIZE: usize = 30;

/// The comment at the end is at most this long.
const LONGEST_COMMENT: usize = u16::MAX as usize;

/// Reads the directory; the entries are in the order of their names.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, Faults> {
    let broken = |problem: &str| {
        let message = format!("the zip archive is damaged: {problem}");
        let fault = Fault::whole(Code::WrongFormat, message, "a whole zip archive", problem);
        Faults::one(fault.hint("pack the archive again; an upload that was cut looks like this"))
    };
    let (count, start) = end(bytes).ok_or_else(|| broken("it has no directory at its end"))?;
    if count > MOST_FILES as u64 {
        let fault = Fault::whole(
            Code::TooLarge,
            "the archive has too many files",
            format!("at most {MOST_FILES} files"),
            format!("{count} files"),
        );
        return Err(Faults::one(fault));
    }
    let mut entries = Vec::new();
    let mut faults = Faults::new();
    let mut at = start;
    for _ in 0..count {
        let record = Central::read(bytes, at).ok_or_else(|| broken("its directory is cut"))?;
        at = record.next;
        if record.is_ignored() {
            continue;
        }
        match record.entry(bytes) {
            Ok(entry) => entries.push(entry),
            Err(fault) => faults.push_with(|| *fault),
        }
    }
    refuse_repeated(&entries, &mut faults);
    refuse_shared_bytes(&entries, &mut faults);
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    faults.or(entries)
}

/// How many entries the directory has, and where it begins.
fn end(bytes: &[u8]) -> Option<(u64, usize)> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let earliest = last.saturating_sub(LONGEST_COMMENT);
    let at = (earliest..=last).rev().find(|at| bytes[*at..].starts_with(END))?;
    let (count, start) = (u64::from(u16_at(bytes, at + 10)?), u64::from(u32_at(bytes, at + 16)?));
    if count != u64::from(u16::MAX) && start != u64::from(u32::MAX) {
        return Some((count, usize::try_from(start).ok()?));
    }
    // Numbers that do not fit stand in a second record, to which a locator before the first one points.
    let Some(locator) = at.checked_sub(LOCATOR_64_SIZE).filter(|at| bytes[*at..].starts_with(LOCATOR_64))
    else {
        return Some((count, usize::try_from(start).ok()?));
    };
    let at = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
    if !bytes.get(at..)?.starts_with(END_64) {
        return None;
    }
    Some((u64_at(bytes, at.checked_add(32)?)?, usize::try_from(u64_at(bytes, at.checked_add(48)?)?).ok()?))
}

/// One record of the directory.
struct Central<'a> {
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u64,
    size: u64,
    local: u64,
    attributes: u32,
    made_by: u8,
    name: &'a [u8],
    next: usize,
}

impl<'a> Central<'a> {
    fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        if !bytes.get(at..)?.starts_with(CENTRAL) {
            return None;
        }
        let name_start = at.checked_add(CENTRAL_SIZE)?;
        let name_end = name_start.checked_add(usize::from(u16_at(bytes, at + 28)?))?;
        let extra_end = name_end.checked_add(usize::from(u16_at(bytes, at + 30)?))?;
        let mut record = Self {
            made_by: *bytes.get(at + 5)?,
            flags: u16_at(bytes, at + 8)?,
            method: u16_at(bytes, at + 10)?,
            checksum: u32_at(bytes, at + 16)?,
            packed: u64::from(u32_at(bytes, at + 20)?),
            size: u64::from(u32_at(bytes, at + 24)?),
            attributes: u32_at(bytes, at + 38)?,
            local: u64::from(u32_at(bytes, at + 42)?),
            name: bytes.get(name_start..name_end)?,
            next: extra_end.checked_add(usize::from(u16_at(bytes, at + 32)?))?,
        };
        record.widen(bytes.get(name_end..extra_end)?);
        Some(record)
    }

    /// Takes numbers that do not fit into 32 bits from the extra field that holds them.
    fn widen(&mut self, mut extra: &[u8]) {
        while let (Some(kind), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let Some((field, rest)) = extra[4..].split_at_checked(usize::from(length)) else { return };
            if kind == 1 {
                let mut wide = field.chunks_exact(8).map(|word| u64_at(word, 0).unwrap_or(u64::MAX));
                for number in [&mut self.size, &mut self.packed, &mut self.local] {
                    if *number == u64::from(u32::MAX) {
                        *number = wide.next().unwrap_or(*number);
                    }
                }
            }
            extra = rest;
        }
    }

    /// Whether it is a folder, or what a file manager leaves behind.
    fn is_ignored(&self) -> bool {
        let base = self.name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        self.name.ends_with(b"/")
            || self.name.starts_with(b"__MACOSX/")
            || base == b".DS_Store"
            || base == b"Thumbs.db"
    }

    fn entry(&self, bytes: &[u8]) -> Result<Entry, Box<Fault>> {
        let shown = quoted(&String::from_utf8_lossy(self.name));
        let refuse = |problem: String, expected: &str, hint: &str| {
            let message = format!("the file {shown} of the archive {problem}");
            Box::new(Fault::whole(Code::WrongFormat, message, expected, shown.clone()).hint(hint))
        };
        let name = std::str::from_utf8(self.name).ok().filter(|name| is_inside(name)).ok_or_else(|| {
            refuse(
                "has no path that stays inside".to_owned(),
                "a path of plain names with / between them",
                "pack the folder with relative paths",
            )
        })?;
        if self.flags & 1 != 0 {
            let problem = "is encrypted".to_owned();
            return Err(refuse(problem, "files without a password", "pack the archive without a password"));
        }
        // Made on Unix: the upper half of the attributes is the mode, of which the upper bits are the kind of file.
        let kind = self.attributes >> 28;
        if self.made_by == 3 && kind != 0 && kind != 0o10 {
            let problem = "is a link or a device".to_owned();
            return Err(refuse(problem, "plain files", "pack the files that links point to"));
        }
        let method = match self.method {
            0 => Method::Stored,
            8 => Method::Deflated,
            other => {
                let problem = format!("is packed by method {other}");
                return Err(refuse(
                    problem,
                    "stored or deflated files",
                    "pack with `zip -r` or Python's zipfile",
                ));
            }
        };
        let data = self.data(bytes).ok_or_else(|| {
            refuse(
                "lies outside of the archive".to_owned(),
                "a whole zip archive",
                "pack the archive again; an upload that was cut looks like this",
            )
        })?;
        Ok(Entry { name: name.to_owned(), method, data, size: self.size, checksum: self.checksum })
    }

    /// Where the packed bytes are: behind the local header, whose name and extra field may differ in length.
    fn data(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let local = usize::try_from(self.local).ok()?;
        if !bytes.get(local..)?.starts_with(LOCAL) {
            return None;
        }
        let name = usize::from(u16_at(bytes, local + 26)?);
        let extra = usize::from(u16_at(bytes, local + 28)?);
        let start = local + LOCAL_SIZE + name + extra;
        let end = start.checked_add(usize::try_from(self.packed).ok()?)?;
        (end <= bytes.len()).then_some(start..end)
    }
}

/// Whether a path is relative, of plain names, and without a way out.
fn is_inside(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    let odd = |letter: char| letter.is_control() || letter == '\\' || letter == ':';
    name.split('/').all(plain) && !name.chars().any(odd)
}

fn refuse_repeated(entries: &[Entry], faults: &mut Faults) {
    let mut seen = HashSet::with_capacity(entries.len());
    for entry in entries.iter().filter(|entry| !seen.insert(entry.name.as_str())) {
        faults.push_with(|| {
            let name = quoted(&entry.name);
            let message = format!("the archive has two files {name}");
            Fault::whole(Code::DuplicateIds, message, "every file once", name)
        });
    }
}

/// Files that share their packed bytes are how a small archive becomes a large tree.
fn refuse_shared_bytes(entries: &[Entry], faults: &mut Faults) {
    let mut ranges: Vec<&Range<usize>> = entries.iter().map(|entry| &entry.data).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    if ranges.windows(2).any(|pair| pair[1].start < pair[0].end) {
        let message = "files of the archive share their bytes";
        faults.push(Fault::whole(
            Code::WrongFormat,
            message,
            "bytes of its own for every file",
            "shared bytes",
        ));
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}
