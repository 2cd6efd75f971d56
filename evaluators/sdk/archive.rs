//! Zip archives of strangers: opened within bounds, every fault named; and the packing of files into one.
//!
//! The directory at the end of an archive is believed only as far as it can be checked: paths stay inside, no name
//! stands twice, no two files share bytes, and no file becomes larger than it says or than the whole may be.

mod directory;
mod pack;
mod single;

pub use pack::{PackError, pack};
pub use single::single;

use std::borrow::Cow;
use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::fault::{Code, Fault, Faults};
use crate::input::{File, Input};
use crate::limits::Limits;
use crate::text::quoted;
use directory::{Entry, Method};

/// The most files of one archive.
pub const MOST_FILES: usize = 500_000;

/// How many times larger than the archive its content may be, where it is larger than [`SMALL`].
const MOST_RATIO: u64 = 200;

/// Content up to this size may be packed as tightly as it likes.
const SMALL: u64 = 64 << 20;

/// Whether bytes begin like a zip archive.
pub fn is_zip(bytes: &[u8]) -> bool {
    [&b"PK\x03\x04"[..], b"PK\x05\x06"].iter().any(|magic| bytes.starts_with(magic))
}

/// The files of an input: those of a folder, or of the zip archive that a single file must be.
pub fn files<'i>(input: &'i Input<'_>, limits: &Limits) -> Result<Vec<File<'i>>, Faults> {
    let borrowed =
        |file: &'i File<'_>| File { name: Cow::Borrowed(&*file.name), bytes: Cow::Borrowed(&*file.bytes) };
    match input {
        Input::Tree(files) => Ok(files.iter().map(borrowed).collect()),
        Input::File(file) => open(&file.bytes, limits),
    }
}

/// The files of a zip archive in the order of their names; what is stored is borrowed, what is packed is unpacked.
///
/// Folders, and what file managers leave behind (`__MACOSX/`, `.DS_Store`), are passed over.
pub fn open<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Vec<File<'a>>, Faults> {
    if bytes.len() as u64 > limits.bytes {
        let most = format!("at most {} bytes", limits.bytes);
        let found = format!("{} bytes", bytes.len());
        return Err(Faults::one(Fault::whole(Code::TooLarge, "the archive is too large", most, found)));
    }
    if bytes.is_empty() {
        let fault = Fault::whole(Code::EmptySubmission, "the file is empty", "a zip archive", "nothing");
        return Err(Faults::one(fault));
    }
    if !is_zip(bytes) {
        let fault = Fault::whole(
            Code::WrongFormat,
            "the file is no zip archive",
            "a zip archive",
            crate::text::kind_of(bytes).unwrap_or("a file of another kind"),
        );
        return Err(Faults::one(fault));
    }
    let entries = directory::read(bytes)?;
    refuse_bombs(&entries, bytes.len() as u64, limits)?;
    let mut faults = Faults::new();
    let mut files = Vec::with_capacity(entries.len());
    for entry in &entries {
        limits.check()?;
        match content(bytes, entry) {
            Ok(content) => files.push(File { name: Cow::Owned(entry.name.clone()), bytes: content }),
            Err(problem) => faults.push_with(|| damaged(&entry.name, problem)),
        }
    }
    if entries.is_empty() {
        let message = "the archive has no file in it";
        faults.push(Fault::whole(Code::EmptySubmission, message, "files", "none"));
    }
    faults.or(files)
}

/// Refuses what would become too large, before a byte is unpacked.
fn refuse_bombs(entries: &[Entry], archive: u64, limits: &Limits) -> Result<(), Faults> {
    let unpacked = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.size));
    let most = limits.bytes.min(SMALL.max(archive.saturating_mul(MOST_RATIO)));
    if unpacked <= most {
        return Ok(());
    }
    Err(Faults::one(Fault::whole(
        Code::TooLarge,
        "the files of the archive are too large together",
        format!("at most {most} bytes when unpacked"),
        format!("{unpacked} bytes"),
    )))
}

/// The bytes of a file, of which there are as many as the directory says, with the checksum that it says.
fn content<'a>(archive: &'a [u8], entry: &Entry) -> Result<Cow<'a, [u8]>, &'static str> {
    let packed = archive.get(entry.data.clone()).ok_or("its bytes lie outside of the archive")?;
    let content = match entry.method {
        Method::Stored if packed.len() as u64 == entry.size => Cow::Borrowed(packed),
        Method::Stored => return Err("its size is not what the directory says"),
        Method::Deflated => {
            let mut content = Vec::new();
            // One byte more than there should be, so that a file that goes on is found.
            let mut bounded = DeflateDecoder::new(packed).take(entry.size.saturating_add(1));
            bounded.read_to_end(&mut content).map_err(|_| "its packed bytes are damaged")?;
            if content.len() as u64 != entry.size {
                return Err("its size is not what the directory says");
            }
            Cow::Owned(content)
        }
    };
    let mut checksum = Crc::new();
    checksum.update(&content);
    if checksum.sum() == entry.checksum { Ok(content) } else { Err("its checksum is wrong") }
}

fn damaged(name: &str, problem: &str) -> Fault {
    let name = quoted(name);
    Fault::whole(
        Code::WrongFormat,
        format!("the file {name} of the archive cannot be read: {problem}"),
        "a whole zip archive",
        problem,
    )
    .hint("pack the archive again; an upload that was cut looks like this")
}

#[cfg(test)]
mod tests;
