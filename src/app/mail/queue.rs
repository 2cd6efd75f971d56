//! Mail as a job: queued in the transaction that causes it, sent by a worker.

use domain::{EmailAddress, JobId, Sources, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use storage::Conn;
use storage::jobs::{self, JobKind, NewJob};

use super::{Mail, MailError, Mailer};
use crate::failure::{Failure, Outcome};

/// Somebody waits for it, and it takes no time.
const PRIORITY: i32 = 5;
/// A mail server may be away for a night.
const ATTEMPTS: u32 = 10;

/// What the job holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    to: EmailAddress,
    subject: String,
    text: String,
}

/// A mail that did not leave.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The job does not hold a mail.
    #[error("the job does not hold a mail")]
    Unreadable(#[source] serde_json::Error),
    /// Sending it failed.
    #[error("a mail could not be sent")]
    Unsent(#[source] MailError),
}

impl DeliveryError {
    /// Whether the same mail may leave later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreadable(_) => false,
            Self::Unsent(error) => error.is_transient(),
        }
    }
}

/// Queues a mail.
pub fn enqueue(conn: &mut Conn<'_>, id: JobId, mail: &Mail, now: Timestamp) -> Outcome<()> {
    let payload = Payload { to: mail.to.clone(), subject: mail.subject.clone(), text: mail.text.clone() };
    let job = NewJob {
        id,
        kind: JobKind::Mail,
        payload: serde_json::to_value(payload).map_err(Failure::internal)?,
        submission: None,
        annotations: None,
        elsewhere: None,
        priority: PRIORITY,
        max_attempts: ATTEMPTS,
        created_at: now,
    };
    Ok(jobs::enqueue(conn, &job)?)
}

/// Sends the mail that a job holds; when this returns, it is on disk or with the mail server.
pub async fn deliver(mailer: &Mailer, sources: &Sources, payload: Value) -> Result<(), DeliveryError> {
    let payload: Payload = serde_json::from_value(payload).map_err(DeliveryError::Unreadable)?;
    let mail = Mail::new(payload.to, &payload.subject, payload.text);
    mailer.send(sources, &mail).await.map_err(DeliveryError::Unsent)
}
