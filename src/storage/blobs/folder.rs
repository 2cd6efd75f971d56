//! Artifacts in a folder of this machine.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use domain::{Digest, Timestamp};
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Blob, BlobError, BlobReader, BlobStream, sharded, unique_name};

const PIECE: usize = 256 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Folder {
    finished: PathBuf,
    incoming: PathBuf,
    pub(super) parts: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, BlobError> {
        let folder = Self {
            finished: path.join("sha256"),
            incoming: path.join("incoming"),
            parts: path.join("parts"),
        };
        for needed in [&folder.finished, &folder.incoming, &folder.parts] {
            fs::create_dir_all(needed)?;
        }
        sync_folder(path)?;
        Ok(folder)
    }

    pub(super) fn path(&self, digest: Digest) -> PathBuf {
        self.finished.join(sharded(digest))
    }

    pub(super) fn begin(&self) -> FolderWriter {
        FolderWriter { folder: self.clone(), small: Vec::new(), large: None }
    }

    pub(super) async fn probe(&self) -> Result<(), BlobError> {
        let temporary = self.temporary();
        tokio::fs::File::create_new(&temporary.path).await?;
        Ok(())
    }

    fn temporary(&self) -> Temporary {
        Temporary { path: self.incoming.join(unique_name()) }
    }

    pub(super) async fn size(&self, digest: Digest) -> Result<Option<u64>, BlobError> {
        match tokio::fs::metadata(self.path(digest)).await {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn open_blob(&self, digest: Digest) -> Result<BlobReader, BlobError> {
        match tokio::fs::File::open(self.path(digest)).await {
            Ok(file) => Ok(BlobReader { size: file.metadata().await?.len(), pieces: pieces(file) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BlobError::Missing(digest)),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn delete(&self, digest: Digest) -> Result<bool, BlobError> {
        let path = self.path(digest);
        blocking(move || match fs::remove_file(&path) {
            Ok(()) => {
                path.parent().map_or(Ok(()), sync_folder)?;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        })
        .await
    }

    pub(super) async fn sweep(&self, before: Timestamp) -> Result<usize, BlobError> {
        let incoming = self.incoming.clone();
        blocking(move || {
            let mut swept = 0;
            for entry in fs::read_dir(&incoming)? {
                let entry = entry?;
                if entry.metadata().and_then(|file| file.modified()).is_ok_and(|at| at < system_time(before))
                    && fs::remove_file(entry.path()).is_ok()
                {
                    swept += 1;
                }
            }
            Ok(swept)
        })
        .await
    }

    /// Gives the durable file at `source` the name of its digest: by renaming it, or by a second name for it.
    pub(super) fn place(&self, source: &Path, blob: Blob, how: Placing) -> Result<(), BlobError> {
        let path = self.path(blob.digest);
        let shard = path.parent().unwrap_or(&self.finished);
        if !shard.is_dir() {
            fs::create_dir_all(shard)?;
            sync_folder(&self.finished)?;
        }
        let is_there = fs::metadata(&path).is_ok_and(|file| file.len() == blob.size);
        if !is_there {
            fs::set_permissions(source, Permissions::from_mode(0o444))?;
            match how {
                Placing::Rename => fs::rename(source, &path)?,
                Placing::Link => {
                    let second = self.temporary();
                    if fs::hard_link(source, &second.path).is_err() {
                        // Not every file system has them.
                        fs::copy(source, &second.path)?;
                        File::open(&second.path)?.sync_all()?;
                    }
                    fs::rename(&second.path, &path)?;
                }
            }
        }
        // Even when it is there: its writer may not have come this far yet.
        sync_folder(shard)?;
        Ok(())
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Placing {
    Rename,
    Link,
}

/// Writes an artifact: a small one in one go at the end, a larger one piece by piece.
///
/// Every turn on a thread that may wait for the disk costs about as much as a small file itself.
#[derive(Debug)]
pub(super) struct FolderWriter {
    folder: Folder,
    /// What has come so far, as long as it is little.
    small: Vec<u8>,
    large: Option<(tokio::fs::File, Temporary)>,
}

impl FolderWriter {
    pub(super) async fn write(&mut self, piece: Bytes) -> Result<(), BlobError> {
        if self.large.is_none() {
            if self.small.len() + piece.len() <= PIECE {
                self.small.extend_from_slice(&piece);
                return Ok(());
            }
            let temporary = self.folder.temporary();
            let mut file = tokio::fs::File::create_new(&temporary.path).await?;
            file.write_all(&std::mem::take(&mut self.small)).await?;
            self.large = Some((file, temporary));
        }
        if let Some((file, _)) = &mut self.large {
            file.write_all(&piece).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(self, blob: Blob) -> Result<(), BlobError> {
        let Self { folder, small, large } = self;
        let Some((mut file, temporary)) = large else {
            return blocking(move || {
                let temporary = folder.temporary();
                let mut file = File::create_new(&temporary.path)?;
                file.write_all(&small)?;
                file.sync_all()?;
                folder.place(&temporary.path, blob, Placing::Rename)
            })
            .await;
        };
        file.flush().await?;
        file.sync_all().await?;
        blocking(move || folder.place(&temporary.path, blob, Placing::Rename)).await
    }
}

/// A file in `incoming/`, removed when it is dropped under that name.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Gone when it was renamed; anything else is swept away later.
        let _ = fs::remove_file(&self.path);
    }
}

/// The bytes of a file from its present position on.
fn pieces(file: tokio::fs::File) -> BlobStream {
    Box::pin(stream::try_unfold(file, |mut file| async move {
        let mut piece = bytes::BytesMut::with_capacity(PIECE);
        let count = file.read_buf(&mut piece).await?;
        Ok(if count == 0 { None } else { Some((piece.freeze(), file)) })
    }))
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), BlobError> {
    Ok(File::open(path)?.sync_all()?)
}

/// Runs file operations on a thread that may wait for the disk.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(stopped) => Err(BlobError::Io(io::Error::other(stopped))),
    }
}

pub(super) fn system_time(moment: Timestamp) -> SystemTime {
    let micros = u64::try_from(moment.as_micros()).unwrap_or_default();
    UNIX_EPOCH + Duration::from_micros(micros)
}
