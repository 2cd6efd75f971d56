//! The one file that a format wants, as it is or packed.

use std::borrow::Cow;

use crate::fault::{Code, Fault, Faults};
use crate::input::Input;
use crate::limits::Limits;

/// The bytes of a single file; of a zip archive or a folder those of the file of that name, or else of its only file.
///
/// Challenges that take JSON often take it zipped; the folders in an archive do not matter.
pub fn single<'i>(input: &'i Input<'_>, name: &str, limits: &Limits) -> Result<Cow<'i, [u8]>, Faults> {
    if let Input::File(file) = input
        && !super::is_zip(&file.bytes)
    {
        return Ok(Cow::Borrowed(&file.bytes));
    }
    let mut files = super::files(input, limits)?;
    let named = files.iter().position(|file| file.name.rsplit('/').next() == Some(name));
    match named {
        Some(position) => Ok(files.swap_remove(position).bytes),
        None if files.len() == 1 => Ok(files.swap_remove(0).bytes),
        None => {
            let message = format!("there is no file {name:?} in the archive");
            let found = format!("{} others", files.len());
            Err(Faults::one(Fault::whole(Code::WrongFormat, message, format!("{name:?}"), found)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::pack;
    use crate::input::File;

    #[test]
    fn packed_or_not_the_file_is_the_same() {
        let limits = Limits::default();
        let bytes = |input: &Input<'_>| single(input, "test.json", &limits).map(Cow::into_owned);
        let zip = |files: &[(&'static str, &'static [u8])]| pack(files.iter().copied()).unwrap();
        assert_eq!(bytes(&Input::file("x", b"{}")), Ok(b"{}".to_vec()));
        let named = zip(&[("a.txt", b"a"), ("out/test.json", b"{}")]);
        assert_eq!(bytes(&Input::file("x.zip", &named)), Ok(b"{}".to_vec()));
        let only = zip(&[("mine.json", b"{}")]);
        assert_eq!(bytes(&Input::file("x.zip", &only)), Ok(b"{}".to_vec()));
        let others = zip(&[("a.json", b"{}"), ("b.json", b"{}")]);
        assert_eq!(bytes(&Input::file("x.zip", &others)).unwrap_err().faults[0].code, Code::WrongFormat);
        let file = |name: &'static str| File { name: name.into(), bytes: b"{}"[..].into() };
        assert_eq!(bytes(&Input::tree(vec![file("test.json"), file("b")])), Ok(b"{}".to_vec()));
    }
}
