//! What can go wrong with artifacts.

use std::io;

use domain::Digest;

/// An artifact operation that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No artifact has this digest.
    #[error("there is no artifact {0}")]
    Missing(Digest),

    /// More bytes came than were allowed; nothing was kept.
    #[error("more than the {limit} bytes that are allowed")]
    TooLarge {
        /// What was allowed.
        limit: u64,
    },

    /// The disk is full; nothing was kept.
    #[error("the disk of the artifact store is full")]
    Full,

    /// The bytes of an artifact are not those that its name promises.
    #[error("the artifact {expected} holds other bytes ({found})")]
    Corrupt {
        /// The digest that is its name.
        expected: Digest,
        /// The digest of what is there.
        found: Digest,
    },

    /// A piece of a resumable upload does not follow what is there.
    #[error("the upload continues at byte {expected}")]
    WrongOffset {
        /// Where the next piece must begin.
        expected: u64,
    },

    /// There is no resumable upload of this name.
    #[error("there is no such upload")]
    NoSuchUpload,

    /// Another request is writing to the same resumable upload.
    #[error("another request is writing to this upload")]
    InUse,

    /// The store is out of reach of this process, because the operator wants it so.
    #[error("this store is not within reach of this process")]
    Elsewhere,

    /// A folder or file could not be used.
    #[error("the artifact folder cannot be used")]
    Io(#[source] io::Error),

    /// The object store did not do what was asked.
    #[error("the object store cannot be used")]
    ObjectStore(#[source] object_store::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        Self::ObjectStore(error)
    }
}
