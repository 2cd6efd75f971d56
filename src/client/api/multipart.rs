//! Forms with files, streamed: the length is known before the first byte goes out.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use indicatif::ProgressBar;
use ureq::http::Method;

use super::{Answer, Api, Content, Request};
use crate::ClientError;
use crate::submit::Counted;

/// A form.
pub(crate) struct Multipart {
    /// What stands between its parts and nowhere in them.
    pub(crate) boundary: String,
    /// Its parts, in their order.
    pub(crate) parts: Vec<Part>,
}

/// A part of a form.
pub(crate) struct Part {
    head: String,
    content: PartContent,
}

enum PartContent {
    Text(String),
    File { path: PathBuf, length: u64 },
}

impl Part {
    pub(crate) fn text(name: &str, media_type: &str, text: impl Into<String>) -> Self {
        let head =
            format!("Content-Disposition: form-data; name=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\n");
        Self { head, content: PartContent::Text(text.into()) }
    }

    pub(crate) fn file(name: &str, file_name: &str, path: PathBuf, length: u64) -> Self {
        let file_name = quotable(file_name);
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        Self { head, content: PartContent::File { path, length } }
    }

    fn length(&self) -> u64 {
        self.head.len() as u64
            + match &self.content {
                PartContent::Text(text) => text.len() as u64,
                PartContent::File { length, .. } => *length,
            }
    }
}

/// A name that can stand between quotes, as browsers write it.
fn quotable(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Multipart {
    fn open_with(&self, boundary: &str) -> String {
        format!("--{boundary}\r\n")
    }

    /// How many bytes the whole form has.
    pub(crate) fn length(&self) -> u64 {
        let between = self.open_with(&self.boundary).len() as u64 + 2;
        let closing = self.boundary.len() as u64 + 6;
        self.parts.iter().map(|part| part.length() + between).sum::<u64>() + closing
    }

    fn open(&self, bar: &ProgressBar) -> Result<Box<dyn Read>, ClientError> {
        let text = |text: String| Box::new(Cursor::new(text.into_bytes())) as Box<dyn Read>;
        let mut whole = text(String::new());
        for part in &self.parts {
            whole = Box::new(whole.chain(text(self.open_with(&self.boundary) + &part.head)));
            let content = match &part.content {
                PartContent::Text(content) => text(content.clone()),
                PartContent::File { path, length } => {
                    let file = File::open(path).map_err(ClientError::file("read", path))?;
                    // A file that grows meanwhile is sent as it was when its length was told.
                    Box::new(file.take(*length))
                }
            };
            whole = Box::new(whole.chain(content).chain(text("\r\n".to_owned())));
        }
        whole = Box::new(whole.chain(text(format!("--{}--\r\n", self.boundary))));
        bar.set_position(0);
        Ok(Box::new(Counted { inner: whole, bar: bar.clone() }))
    }
}

impl Api {
    /// Posts a form under a key, so that it can be posted again.
    pub(crate) fn post_multipart(
        &self,
        path: &str,
        form: &Multipart,
        key: &str,
        bar: &ProgressBar,
    ) -> Result<Answer, ClientError> {
        let media_type = format!("multipart/form-data; boundary={}", form.boundary);
        let open = || form.open(bar);
        let content = Content::Stream { media_type: &media_type, length: form.length(), open: &open };
        // With a large body the server is asked first, so that its refusal is read and not its closed door.
        self.send(
            Request::new(Method::POST, path).header("Expect", "100-continue").named(key).content(content),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_that_of_what_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, "{\"a\": 1}").unwrap();
        let parts =
            vec![Part::text("method", "application/json", "{}"), Part::file("file", "a \"b\".json", path, 8)];
        let form = Multipart { boundary: "xyz".into(), parts };
        let mut sent = String::new();
        form.open(&ProgressBar::hidden()).unwrap().read_to_string(&mut sent).unwrap();
        assert_eq!(sent.len() as u64, form.length());
        assert_eq!(
            sent,
            "--xyz\r\nContent-Disposition: form-data; name=\"method\"\r\nContent-Type: application/json\r\n\r\n{}\r\n\
             --xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %22b%22.json\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{\"a\": 1}\r\n--xyz--\r\n"
        );
    }
}
