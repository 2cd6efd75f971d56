//! Resumable uploads: bytes that arrive in several requests and become one artifact at the end.
//!
//! In a folder an upload is one growing file.
//! In a bucket it is a row of objects, `parts/<upload>/<offset>`, each created only if nobody else did.
//! How many bytes an upload has is asked from the store itself, so it is right after any crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::{Digest, UploadId};
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{
    Error as StoreFailure, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
};
use sha2::{Digest as _, Sha256};

use super::bucket::{Bucket, PART};
use super::folder::{Folder, Placing, blocking, sync_folder};
use super::{Backend, Blob, BlobError, Blobs};

/// The resumable uploads of an artifact store.
#[derive(Debug, Clone)]
pub struct Parts {
    blobs: Blobs,
}

impl Parts {
    pub(super) fn new(blobs: Blobs) -> Self {
        Self { blobs }
    }

    /// Begins an upload, with no bytes yet.
    pub async fn create(&self, upload: UploadId) -> Result<(), BlobError> {
        match self.blobs.backend.as_ref() {
            Backend::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || {
                    File::create_new(file_of(&folder, upload))?.sync_all()?;
                    sync_folder(&folder.parts)
                })
                .await
            }
            Backend::Bucket(bucket) => {
                bucket.store.put(&marker_of(upload), PutPayload::default()).await?;
                Ok(())
            }
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// How many bytes of an upload are there: where it continues.
    pub async fn offset(&self, upload: UploadId) -> Result<u64, BlobError> {
        match self.blobs.backend.as_ref() {
            Backend::Folder(folder) => {
                let path = file_of(folder, upload);
                let file = tokio::fs::metadata(path).await.map_err(no_such_upload)?;
                Ok(file.len())
            }
            Backend::Bucket(bucket) => {
                let objects = bytes_of(bucket, upload).await?;
                Ok(objects.iter().map(|object| object.size).sum())
            }
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// Continues an upload at `offset`, up to `length` bytes in all.
    pub async fn append(&self, upload: UploadId, offset: u64, length: u64) -> Result<PartWriter, BlobError> {
        let sink = match self.blobs.backend.as_ref() {
            Backend::Folder(folder) => {
                let path = file_of(folder, upload);
                blocking(move || FilePart::open(path).map(Sink::File)).await?
            }
            Backend::Bucket(bucket) => {
                let part = ObjectPart {
                    bucket: bucket.clone(),
                    upload,
                    buffer: BytesMut::new(),
                    written: Vec::new(),
                };
                Sink::Objects(part)
            }
            Backend::Elsewhere => return Err(BlobError::Elsewhere),
        };
        // Only now: in a folder the file is locked against others.
        let expected = self.offset(upload).await?;
        if offset != expected {
            return Err(BlobError::WrongOffset { expected });
        }
        Ok(PartWriter { sink, begin: offset, offset, length })
    }

    /// Makes an artifact of an upload's bytes; the upload itself stays until it is removed.
    ///
    /// A caller that records the artifact first and removes the upload afterwards can repeat this after a crash.
    pub async fn finish(&self, upload: UploadId) -> Result<Blob, BlobError> {
        match self.blobs.backend.as_ref() {
            Backend::Folder(folder) => {
                let folder = folder.clone();
                blocking(move || finish_file(&folder, upload)).await
            }
            Backend::Bucket(bucket) => {
                let objects = bytes_of(bucket, upload).await?;
                let mut writer = self.blobs.begin(objects.iter().map(|object| object.size).sum());
                for object in objects {
                    let mut pieces = bucket.store.get(&object.location).await?.into_stream();
                    while let Some(piece) = pieces.try_next().await? {
                        writer.write(piece).await?;
                    }
                }
                writer.finish().await
            }
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }

    /// Forgets an upload, finished or not.
    pub async fn remove(&self, upload: UploadId) -> Result<(), BlobError> {
        match self.blobs.backend.as_ref() {
            Backend::Folder(folder) => match tokio::fs::remove_file(file_of(folder, upload)).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            },
            Backend::Bucket(bucket) => {
                for object in objects_of(bucket, upload).await? {
                    bucket.store.delete(&object.location).await?;
                }
                Ok(())
            }
            Backend::Elsewhere => Err(BlobError::Elsewhere),
        }
    }
}

/// One request's piece of a resumable upload.
#[derive(Debug)]
pub struct PartWriter {
    sink: Sink,
    begin: u64,
    offset: u64,
    length: u64,
}

#[derive(Debug)]
enum Sink {
    File(FilePart),
    Objects(ObjectPart),
}

impl PartWriter {
    /// Appends bytes, and refuses them when the upload would become longer than it was declared.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), BlobError> {
        let offset = self.offset + piece.len() as u64;
        if offset > self.length {
            return Err(BlobError::TooLarge { limit: self.length });
        }
        match &mut self.sink {
            Sink::File(file) => file.write(piece).await?,
            Sink::Objects(objects) => objects.write(self.offset, piece).await?,
        }
        self.offset = offset;
        Ok(())
    }

    /// Makes what was written durable and gives the new offset; also right after a connection broke.
    pub async fn finish(self) -> Result<u64, BlobError> {
        match self.sink {
            Sink::File(file) => file.finish().await?,
            Sink::Objects(mut objects) => objects.flush(self.offset).await?,
        }
        Ok(self.offset)
    }

    /// Takes back what this piece wrote, for example because its checksum is wrong.
    pub async fn discard(self) -> Result<(), BlobError> {
        match self.sink {
            Sink::File(file) => file.cut_to(self.begin).await,
            Sink::Objects(objects) => objects.remove_written().await,
        }
    }
}

/// The end of an upload's file, locked against other requests.
#[derive(Debug)]
struct FilePart {
    file: Arc<File>,
}

impl FilePart {
    fn open(path: PathBuf) -> Result<Self, BlobError> {
        let file = OpenOptions::new().append(true).open(path).map_err(no_such_upload)?;
        lock(&file)?;
        Ok(Self { file: Arc::new(file) })
    }

    async fn write(&self, piece: Bytes) -> Result<(), BlobError> {
        let file = Arc::clone(&self.file);
        blocking(move || Ok((&*file).write_all(&piece)?)).await
    }

    async fn finish(self) -> Result<(), BlobError> {
        blocking(move || Ok(self.file.sync_all()?)).await
    }

    async fn cut_to(self, length: u64) -> Result<(), BlobError> {
        blocking(move || {
            self.file.set_len(length)?;
            Ok(self.file.sync_all()?)
        })
        .await
    }
}

/// The objects of one request.
#[derive(Debug)]
struct ObjectPart {
    bucket: Bucket,
    upload: UploadId,
    buffer: BytesMut,
    written: Vec<Path>,
}

impl ObjectPart {
    /// Takes a piece that begins at `offset` of the upload.
    async fn write(&mut self, offset: u64, piece: Bytes) -> Result<(), BlobError> {
        self.buffer.extend_from_slice(&piece);
        if self.buffer.len() >= PART { self.flush(offset + piece.len() as u64).await } else { Ok(()) }
    }

    /// Makes an object of the buffer, which ends at `end` of the upload.
    async fn flush(&mut self, end: u64) -> Result<(), BlobError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let bytes = self.buffer.split().freeze();
        let begin = end - bytes.len() as u64;
        let location = object_of(self.upload, begin);
        let only_if_free = PutOptions::from(PutMode::Create);
        match self.bucket.store.put_opts(&location, PutPayload::from(bytes), only_if_free).await {
            Ok(_) => {
                self.written.push(location);
                Ok(())
            }
            Err(StoreFailure::AlreadyExists { .. }) => Err(BlobError::InUse),
            Err(error) => Err(error.into()),
        }
    }

    async fn remove_written(self) -> Result<(), BlobError> {
        for location in self.written.iter().rev() {
            self.bucket.store.delete(location).await?;
        }
        Ok(())
    }
}

fn finish_file(folder: &Folder, upload: UploadId) -> Result<Blob, BlobError> {
    let path = file_of(folder, upload);
    let mut file = File::open(&path).map_err(no_such_upload)?;
    lock(&file)?;
    let mut hasher = Sha256::new();
    let mut size = 0;
    let mut piece = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            break;
        }
        hasher.update(&piece[..count]);
        size += count as u64;
    }
    file.sync_all()?;
    let blob = Blob { digest: Digest(hasher.finalize().into()), size };
    folder.place(&path, blob, Placing::Link)?;
    Ok(blob)
}

/// Keeps other requests and processes from the file until it is closed.
fn lock(file: &File) -> Result<(), BlobError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(BlobError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn no_such_upload(error: io::Error) -> BlobError {
    if error.kind() == io::ErrorKind::NotFound { BlobError::NoSuchUpload } else { error.into() }
}

fn file_of(folder: &Folder, upload: UploadId) -> PathBuf {
    folder.parts.join(upload.to_string())
}

fn object_of(upload: UploadId, offset: u64) -> Path {
    Path::from(format!("parts/{upload}/{offset:020}"))
}

/// Says that an upload was begun, whatever bytes it has.
fn marker_of(upload: UploadId) -> Path {
    Path::from(format!("parts/{upload}/begun"))
}

async fn objects_of(bucket: &Bucket, upload: UploadId) -> Result<Vec<ObjectMeta>, BlobError> {
    let folder = Path::from(format!("parts/{upload}"));
    Ok(bucket.store.list(Some(&folder)).try_collect().await?)
}

/// The objects that hold an upload's bytes, in order and without a gap.
async fn bytes_of(bucket: &Bucket, upload: UploadId) -> Result<Vec<ObjectMeta>, BlobError> {
    let mut objects = objects_of(bucket, upload).await?;
    if objects.is_empty() {
        return Err(BlobError::NoSuchUpload);
    }
    objects.sort_by(|one, other| one.location.cmp(&other.location));
    let mut end = 0;
    objects.retain(|object| {
        let follows = object.location == object_of(upload, end);
        if follows {
            end += object.size;
        }
        follows
    });
    Ok(objects)
}
