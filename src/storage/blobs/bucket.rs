//! Artifacts in a bucket of an S3-compatible object store.
//!
//! A small artifact is one conditional `PUT` under its name.
//! The name of a large one is known only after its last byte, so it goes to `incoming/` in several parts
//! and is then copied to its name by the store itself.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::{Digest, Timestamp};
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    Error as StoreFailure, MultipartUpload, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
};

use super::{Blob, BlobError, BlobReader, sharded, unique_name};

/// What is held in memory per upload; S3 wants parts of at least 5 MiB.
pub(super) const PART: usize = 8 * 1024 * 1024;

/// How to reach a bucket.
#[derive(Debug, Clone)]
pub struct BucketConfig {
    /// Its name; it must exist.
    pub bucket: String,
    /// What every key begins with, so that a bucket can be shared; may be empty.
    pub prefix: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The address of the object store, unless it is Amazon's.
    pub endpoint: Option<String>,
    /// Whether the address may be without TLS.
    pub allow_http: bool,
    /// The account; without it, the role that the machine has.
    pub credentials: Option<BucketCredentials>,
}

/// An account of the object store.
#[derive(Clone)]
pub struct BucketCredentials {
    /// The public half.
    pub access_key: String,
    /// The secret half.
    pub secret_key: String,
}

impl std::fmt::Debug for BucketCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BucketCredentials({}, …)", self.access_key)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    pub(super) store: Arc<PrefixStore<AmazonS3>>,
}

impl Bucket {
    pub(super) fn open(config: &BucketConfig) -> Result<Self, BlobError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&config.bucket)
            .with_region(&config.region)
            .with_allow_http(config.allow_http);
        if let Some(endpoint) = &config.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(account) = &config.credentials {
            builder =
                builder.with_access_key_id(&account.access_key).with_secret_access_key(&account.secret_key);
        }
        Ok(Self { store: Arc::new(PrefixStore::new(builder.build()?, config.prefix.as_str())) })
    }

    pub(super) fn begin(&self) -> BucketWriter {
        BucketWriter { bucket: self.clone(), buffer: BytesMut::new(), large: None }
    }

    pub(super) async fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError> {
        match self.store.head(&key(digest)).await {
            Ok(object) => Ok(Some(object.size)),
            Err(StoreFailure::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn open_blob(&self, digest: Digest) -> Result<BlobReader, BlobError> {
        match self.store.get(&key(digest)).await {
            Ok(object) => {
                let size = object.meta.size;
                Ok(BlobReader { size, pieces: object.into_stream().map_err(BlobError::from).boxed() })
            }
            Err(StoreFailure::NotFound { .. }) => Err(BlobError::Missing(digest)),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn delete(&self, digest: Digest) -> Result<bool, BlobError> {
        let was_there = self.size(digest).await?.is_some();
        if was_there {
            self.store.delete(&key(digest)).await?;
        }
        Ok(was_there)
    }

    pub(super) async fn sweep(&self, before: Timestamp) -> Result<usize, BlobError> {
        let mut objects = self.store.list(Some(&Path::from("incoming")));
        let mut swept = 0;
        while let Some(object) = objects.try_next().await? {
            if object.last_modified.timestamp_micros() < before.as_micros() {
                self.store.delete(&object.location).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Whether the artifact is there in full.
    async fn has(&self, blob: Blob) -> Result<bool, BlobError> {
        Ok(self.size(blob.digest).await? == Some(blob.size))
    }
}

#[derive(Debug)]
pub(super) struct BucketWriter {
    bucket: Bucket,
    buffer: BytesMut,
    large: Option<LargeUpload>,
}

impl BucketWriter {
    pub(super) async fn write(&mut self, piece: Bytes) -> Result<(), BlobError> {
        self.buffer.extend_from_slice(&piece);
        while self.buffer.len() >= PART {
            let part = self.buffer.split_to(PART).freeze();
            self.put_part(part).await?;
        }
        Ok(())
    }

    async fn put_part(&mut self, part: Bytes) -> Result<(), BlobError> {
        let large = match &mut self.large {
            Some(large) => large,
            none => none.insert(LargeUpload::begin(&self.bucket).await?),
        };
        large.put_part(part).await
    }

    pub(super) async fn finish(mut self, blob: Blob) -> Result<(), BlobError> {
        let rest = self.buffer.split().freeze();
        let Some(mut large) = self.large.take() else {
            return put_small(&self.bucket, blob, rest).await;
        };
        if !rest.is_empty() {
            large.put_part(rest).await?;
        }
        large.complete().await?;
        if !self.bucket.has(blob).await? {
            self.bucket.store.copy(&large.location, &key(blob.digest)).await?;
        }
        self.bucket.store.delete(&large.location).await?;
        Ok(())
    }
}

/// Writes an artifact in one request, unless it is there already.
async fn put_small(bucket: &Bucket, blob: Blob, bytes: Bytes) -> Result<(), BlobError> {
    let (key, payload) = (key(blob.digest), PutPayload::from(bytes));
    let mode = match bucket.size(blob.digest).await? {
        Some(size) if size == blob.size => return Ok(()),
        // What is there under this name is not the artifact.
        Some(_) => PutMode::Overwrite,
        None => PutMode::Create,
    };
    match bucket.store.put_opts(&key, payload, PutOptions::from(mode)).await {
        Ok(_) => Ok(()),
        // Somebody else was faster; a server may hang up on us in the middle of the body to say so.
        Err(_) if bucket.has(blob).await? => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A multipart upload to `incoming/`, given up when it is dropped unfinished.
#[derive(Debug)]
struct LargeUpload {
    location: Path,
    upload: Option<Box<dyn MultipartUpload>>,
}

impl LargeUpload {
    async fn begin(bucket: &Bucket) -> Result<Self, BlobError> {
        let location = Path::from("incoming").join(unique_name());
        let upload = bucket.store.put_multipart(&location).await?;
        Ok(Self { location, upload: Some(upload) })
    }

    async fn put_part(&mut self, part: Bytes) -> Result<(), BlobError> {
        if let Some(upload) = &mut self.upload {
            upload.put_part(PutPayload::from(part)).await?;
        }
        Ok(())
    }

    async fn complete(&mut self) -> Result<(), BlobError> {
        if let Some(upload) = &mut self.upload {
            upload.complete().await?;
        }
        self.upload = None;
        Ok(())
    }
}

impl Drop for LargeUpload {
    fn drop(&mut self) {
        if let Some(mut upload) = self.upload.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "an unfinished upload stays in the bucket");
                }
            });
        }
    }
}

fn key(digest: Digest) -> Path {
    Path::from(format!("sha256/{}", sharded(digest)))
}
