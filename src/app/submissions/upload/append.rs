//! One request's piece of a resumable upload.
//!
//! What arrives is written by a task of its own, so that a sender who hangs up in the middle loses nothing:
//! the bytes that came are kept and the next request continues behind them.
//! A part that has a place of its own, or whose checksum was announced, is kept whole or not at all.

use aws_lc_rs::digest;
use bytes::Bytes;
use domain::submission::SubmissionState;
use domain::{Actor, UploadId};
use storage::Blobs;
use storage::blobs::PartWriter;
use subtle::ConstantTimeEq as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{find_own, gone};
use crate::App;
use crate::failure::{Code, Failure, Outcome};

/// How many chunks may wait for the disk before the sender has to.
const CHUNKS_IN_FLIGHT: usize = 8;

/// What the sender says about the bytes of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// How it was worked out.
    pub algorithm: ChecksumAlgorithm,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// The algorithms that a sender can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumAlgorithm {
    /// SHA-1, which the protocol demands: it finds accidents, not forgeries.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// What is kept of a piece that breaks off or is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Keep {
    /// What has arrived.
    Arrived,
    /// Nothing.
    Whole,
    /// Nothing, and nothing either of one that is not as its sender says.
    Checked(Checksum),
}

/// A piece that is being received.
#[derive(Debug)]
pub struct Piece {
    /// How long the whole upload will be.
    pub length: u64,
    arrivals: mpsc::Sender<Arrival>,
    writing: JoinHandle<Outcome<u64>>,
}

enum Arrival {
    Chunk(Bytes),
    End,
}

impl ChecksumAlgorithm {
    /// The algorithm of this name in the protocol.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            _ => None,
        }
    }

    fn digest(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
        }
    }
}

/// Continues an upload at `offset`.
pub async fn begin_piece(
    app: &App,
    actor: &Actor,
    id: UploadId,
    offset: u64,
    checksum: Option<Checksum>,
) -> Outcome<Piece> {
    let (upload, submission) = find_own(app, actor, id).await?;
    let length = upload.length_bytes();
    if submission.state != SubmissionState::Uploading {
        return Err(Failure::new(
            Code::UploadOffsetMismatch,
            format!("the upload is complete: {length} bytes"),
        ));
    }
    let keep = checksum.map_or(Keep::Arrived, Keep::Checked);
    Piece::begin(&app.artifacts, id, offset, length, keep).await
}

impl Piece {
    /// Continues the bytes of an upload in a store.
    pub(crate) async fn begin(
        store: &Blobs,
        id: UploadId,
        offset: u64,
        length: u64,
        keep: Keep,
    ) -> Outcome<Self> {
        let writer = store.parts().append(id, offset, length).await.map_err(gone)?;
        let (arrivals, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let writing = tokio::spawn(receive(writer, receiver, keep));
        Ok(Self { length, arrivals, writing })
    }

    /// Takes the next bytes; `false` when no more are wanted and [`Self::finish`] says why.
    pub async fn take(&self, chunk: Bytes) -> bool {
        self.arrivals.send(Arrival::Chunk(chunk)).await.is_ok()
    }

    /// Makes the piece durable and gives the upload's new offset.
    pub async fn finish(self) -> Outcome<u64> {
        // If the task has ended already, its result says why.
        let _ = self.arrivals.send(Arrival::End).await;
        drop(self.arrivals);
        self.writing.await.map_err(Failure::internal)?
    }
}

async fn receive(mut writer: PartWriter, mut arrivals: mpsc::Receiver<Arrival>, keep: Keep) -> Outcome<u64> {
    let mut context = match &keep {
        Keep::Checked(checksum) => Some(digest::Context::new(checksum.algorithm.digest())),
        Keep::Arrived | Keep::Whole => None,
    };
    let mut is_whole = false;
    while let Some(arrival) = arrivals.recv().await {
        match arrival {
            Arrival::Chunk(chunk) => {
                if let Some(context) = &mut context {
                    context.update(&chunk);
                }
                if let Err(error) = writer.write(chunk).await {
                    writer.discard().await?;
                    return Err(error.into());
                }
            }
            Arrival::End => {
                is_whole = true;
                break;
            }
        }
    }
    let is_right = match (keep, context) {
        (Keep::Arrived, _) => return Ok(writer.finish().await?),
        (Keep::Checked(checksum), Some(context)) => {
            is_whole && bool::from(context.finish().as_ref().ct_eq(&checksum.value))
        }
        (Keep::Whole | Keep::Checked(_), _) => is_whole,
    };
    if is_right {
        return Ok(writer.finish().await?);
    }
    writer.discard().await?;
    Err(Failure::new(
        Code::ChecksumMismatch,
        "the bytes are not those of the checksum; they were thrown away",
    ))
}
