//! Artifacts: bytes whose name is their SHA-256 digest, in a local folder or an S3 bucket.
//!
//! ```text
//! sha256/ab/abcd…   finished artifacts, never changed
//! incoming/…        what is being written; an old leftover of a crash is swept away
//! parts/<upload>    resumable uploads until they are finished and removed
//! ```
//!
//! An artifact appears under its name only when all of its bytes are durable:
//! in a folder by temporary file, `fsync`, rename and `fsync` of the folder, in a bucket by the store's own promise.

mod bucket;
mod error;
mod folder;
mod parts;
#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::{Digest, Timestamp};
use futures_util::{Stream, TryStreamExt};
use sha2::{Digest as _, Sha256};

use self::bucket::{Bucket, BucketWriter};
use self::folder::{Folder, FolderWriter};

pub use self::bucket::{BucketConfig, BucketCredentials};
pub use self::error::BlobError;
pub use self::parts::{PartWriter, Parts};

/// Where artifacts are kept.
#[derive(Debug, Clone)]
pub enum BlobConfig {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket of an S3-compatible object store.
    Bucket(BucketConfig),
    /// Out of reach of this process, on purpose: whatever is asked fails with [`BlobError::Elsewhere`].
    Elsewhere,
}

/// The artifact store; clones share it.
#[derive(Debug, Clone)]
pub struct Blobs {
    backend: Arc<Backend>,
}

#[derive(Debug)]
enum Backend {
    Folder(Folder),
    Bucket(Bucket),
    Elsewhere,
}

/// A finished artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// Its name.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
}

/// An artifact that is open for reading.
pub struct BlobReader {
    /// Its length in bytes.
    pub size: u64,
    /// Its bytes, piece by piece.
    pub pieces: BlobStream,
}

/// The bytes of an artifact, piece by piece.
pub type BlobStream = Pin<Box<dyn Stream<Item = Result<Bytes, BlobError>> + Send>>;

impl Blobs {
    /// Opens the store; creates the folder if it is not there.
    pub fn open(config: &BlobConfig) -> Result<Self, BlobError> {
        let backend = match config {
            BlobConfig::Folder(path) => Backend::Folder(Folder::open(path)?),
            BlobConfig::Bucket(bucket) => Backend::Bucket(Bucket::open(bucket)?),
            BlobConfig::Elsewhere => Backend::Elsewhere,
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// Begins an artifact of at most `limit` bytes.
    pub fn begin(&self, limit: u64) -> BlobWriter {
        let sink = match self.backend.as_ref() {
            Backend::Folder(folder) => Sink::Folder(folder.begin()),
            Backend::Bucket(bucket) => Sink::Bucket(bucket.begin()),
            Backend::Elsewhere => Sink::Elsewhere,
        };
        BlobWriter { sink, hasher: Sha256::new(), size: 0, limit }
    }

    /// Tries whether the store would take an artifact and give one back: a folder may be gone, full or read-only,
    /// a bucket out of reach.
    pub async fn probe(&self) -> Result<(), BlobError> {
        if let Backend::Folder(folder) = self.backend.as_ref() {
            folder.probe().await?;
        }
        self.exists(Digest::of(b"")).await?;
        Ok(())
    }

    /// Stores bytes that are in memory.
    pub async fn put(&self, bytes: impl Into<Bytes>) -> Result<Blob, BlobError> {
        let bytes = bytes.into();
        let mut writer = self.begin(bytes.len() as u64);
        writer.write(bytes).await?;
        writer.finish().await
    }

    /// The length of an artifact; `None` when there is none of this name.
    pub async fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError> {
        match self.backend.as_ref() {
            Backend::Folder(folder) => folder.size(digest).await,
            Backend::Bucket(bucket) => bucket.size(digest).await,
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// Whether there is an artifact of this name.
    pub async fn exists(&self, digest: Digest) -> Result<bool, BlobError> {
        Ok(self.size(digest).await?.is_some())
    }

    /// Opens an artifact for reading.
    pub async fn open_blob(&self, digest: Digest) -> Result<BlobReader, BlobError> {
        match self.backend.as_ref() {
            Backend::Folder(folder) => folder.open_blob(digest).await,
            Backend::Bucket(bucket) => bucket.open_blob(digest).await,
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// Reads a whole artifact of at most `limit` bytes into memory.
    pub async fn read(&self, digest: Digest, limit: u64) -> Result<Bytes, BlobError> {
        let mut reader = self.open_blob(digest).await?;
        if reader.size > limit {
            return Err(BlobError::TooLarge { limit });
        }
        let mut bytes = BytesMut::with_capacity(usize::try_from(reader.size).unwrap_or_default());
        while let Some(piece) = reader.pieces.try_next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes.freeze())
    }

    /// The file of an artifact, where the store is a folder of this machine.
    pub fn local_path(&self, digest: Digest) -> Option<PathBuf> {
        match self.backend.as_ref() {
            Backend::Folder(folder) => Some(folder.path(digest)),
            Backend::Bucket(_) | Backend::Elsewhere => None,
        }
    }

    /// Reads an artifact again and checks that its bytes are those that its name promises.
    pub async fn verify(&self, digest: Digest) -> Result<Blob, BlobError> {
        let mut hasher = Sha256::new();
        let mut size = 0;
        let mut pieces = self.open_blob(digest).await?.pieces;
        while let Some(piece) = pieces.try_next().await? {
            hasher.update(&piece);
            size += piece.len() as u64;
        }
        let found = Digest(hasher.finalize().into());
        if found == digest {
            Ok(Blob { digest, size })
        } else {
            Err(BlobError::Corrupt { expected: digest, found })
        }
    }

    /// Removes an artifact; says whether there was one.
    pub async fn delete(&self, digest: Digest) -> Result<bool, BlobError> {
        match self.backend.as_ref() {
            Backend::Folder(folder) => folder.delete(digest).await,
            Backend::Bucket(bucket) => bucket.delete(digest).await,
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// Removes what crashes left behind in `incoming/` before that moment; gives their number.
    ///
    /// A multipart upload to a bucket that was never completed is no object yet:
    /// a lifecycle rule of the bucket removes it.
    pub async fn sweep(&self, before: Timestamp) -> Result<usize, BlobError> {
        match self.backend.as_ref() {
            Backend::Folder(folder) => folder.sweep(before).await,
            Backend::Bucket(bucket) => bucket.sweep(before).await,
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// The resumable uploads of this store.
    pub fn parts(&self) -> Parts {
        Parts::new(self.clone())
    }
}

/// An artifact that is being written; dropping it leaves nothing behind.
#[derive(Debug)]
pub struct BlobWriter {
    sink: Sink,
    hasher: Sha256,
    size: u64,
    limit: u64,
}

#[derive(Debug)]
enum Sink {
    Folder(FolderWriter),
    Bucket(BucketWriter),
    Elsewhere,
}

impl BlobWriter {
    /// Appends a piece, and refuses it when the limit would be passed.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), BlobError> {
        let size = self.size + piece.len() as u64;
        if size > self.limit {
            return Err(BlobError::TooLarge { limit: self.limit });
        }
        self.hasher.update(&piece);
        self.size = size;
        match &mut self.sink {
            Sink::Folder(writer) => writer.write(piece).await,
            Sink::Bucket(writer) => writer.write(piece).await,
            Sink::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// The bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the artifact durable under its name.
    ///
    /// Where an artifact of this name and length is there already, that one stays.
    pub async fn finish(self) -> Result<Blob, BlobError> {
        let blob = Blob { digest: Digest(self.hasher.finalize().into()), size: self.size };
        match self.sink {
            Sink::Folder(writer) => writer.finish(blob).await?,
            Sink::Bucket(writer) => writer.finish(blob).await?,
            Sink::Elsewhere => return Err(BlobError::Elsewhere),
        }
        Ok(blob)
    }
}

/// `ab/abcd…`: 256 folders keep each of them small.
fn sharded(digest: Digest) -> String {
    let name = digest.to_string();
    format!("{}/{name}", &name[..2])
}

/// A name that no other process or thread takes: 128 bits from the hasher keys of the operating system.
///
/// It needs to be unique, not secret.
fn unique_name() -> String {
    let (high, low) = (RandomState::new().hash_one(0), RandomState::new().hash_one(1));
    format!("{high:016x}{low:016x}")
}
