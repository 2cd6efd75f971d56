//! From bytes to text: the faults that a file can have before its format is looked at.

use crate::fault::{Code, Fault, Faults, Place};
use crate::limits::Limits;

/// Kinds of files that are told by their first bytes.
const KINDS: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a PNG image"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"%PDF", "a PDF document"),
    (b"\x80\x04", "a Python pickle"),
];

/// The text of a file without its byte order mark, or the fault that it is none.
pub fn open_text<'a>(bytes: &'a [u8], limits: &Limits, wanted: &str) -> Result<&'a str, Faults> {
    if bytes.len() as u64 > limits.bytes {
        return Err(Faults::one(Fault::whole(
            Code::TooLarge,
            "the file is too large",
            format!("at most {} bytes", limits.bytes),
            format!("{} bytes", bytes.len()),
        )));
    }
    if let Some(kind) = kind_of(bytes) {
        return Err(Faults::one(
            Fault::whole(Code::WrongFormat, format!("the file is {kind}, not {wanted}"), wanted, kind)
                .hint("send the file itself, unpacked"),
        ));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Faults::one(Fault::whole(
            Code::InvalidUtf8,
            "the text is encoded as UTF-16",
            "UTF-8",
            "a UTF-16 byte order mark",
        )));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = &bytes[..error.valid_up_to()];
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count() as u64;
        Faults::one(
            Fault::whole(
                Code::InvalidUtf8,
                format!("byte {} is not UTF-8", error.valid_up_to()),
                "UTF-8",
                format!("the byte 0x{:02x}", bytes[error.valid_up_to()]),
            )
            .at(Place::Line(line)),
        )
    })?;
    if text.trim_ascii().is_empty() {
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, "the file is empty", wanted, "nothing")));
    }
    Ok(text)
}

/// What kind of file begins like these bytes, where it is one of the known kinds.
pub fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

/// A text in quotes, shortened where it is long.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}
