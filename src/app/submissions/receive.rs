//! The bytes of a submission on their way into the artifact store.

use bytes::Bytes;
use storage::{BlobError, BlobWriter};

use super::submit::{Admission, too_large};
use crate::App;
use crate::failure::Outcome;

/// A file in the artifact store.
pub use storage::Blob as StoredFile;

/// A file that is being received; dropping it leaves nothing behind.
#[derive(Debug)]
pub struct IncomingFile {
    writer: BlobWriter,
    upload_bytes: u64,
}

/// Makes room for a file that was admitted.
///
/// `announced` is its size, when the sender says it: a file that will be too large is refused before its first byte.
pub fn begin_file(app: &App, admission: &Admission, announced: Option<u64>) -> Outcome<IncomingFile> {
    let upload_bytes = admission.upload_bytes;
    if announced.is_some_and(|size| size > upload_bytes) {
        return Err(too_large(upload_bytes));
    }
    Ok(IncomingFile { writer: app.artifacts.begin(upload_bytes), upload_bytes })
}

impl IncomingFile {
    /// Takes the next bytes, and refuses the file when it becomes too large.
    pub async fn take(&mut self, chunk: Bytes) -> Outcome<()> {
        match self.writer.write(chunk).await {
            Err(BlobError::TooLarge { .. }) => Err(too_large(self.upload_bytes)),
            written => Ok(written?),
        }
    }

    /// Makes the file durable.
    pub async fn finish(self) -> Outcome<StoredFile> {
        Ok(self.writer.finish().await?)
    }
}
