//! What every use case works with.

use std::sync::Arc;

use domain::Sources;
use domain::event::{EventKind, NewEvent};
use domain::{Actor, ChallengeId, Timestamp};
use registry::Registry;
use serde_json::{Map, Value};
use storage::{Blobs, Db};
use tokio::sync::Notify;

use crate::identity::{AccessTokens, LinkSigner, Passwords, RecordSigner};
use crate::leaderboards::Reweigher;
use crate::phases::PreparedCache;
use crate::settings::Settings;
use crate::submissions::check::FileChecks;
use crate::webhooks::WebhookSecrets;

/// One running server, worker or command: its stores, its sources, its settings.
///
/// The composition root makes one; use cases borrow it.
pub struct App {
    /// The database.
    pub db: Db,
    /// Submissions and evidence.
    pub artifacts: Blobs,
    /// Held-out annotations; may be a store of its own, with credentials of its own.
    pub annotations: Blobs,
    /// The clock and the entropy.
    pub sources: Sources,
    /// What the operator set.
    pub settings: Settings,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Issues and checks access tokens.
    pub access_tokens: AccessTokens,
    /// Signs what is published for good.
    pub records: RecordSigner,
    /// Signs links that carry their own proof.
    pub links: LinkSigner,
    /// What deliveries to webhooks are signed with.
    pub webhooks: WebhookSecrets,
    /// The evaluators that are built in.
    pub evaluators: Arc<Registry>,
    /// Annotations that were made ready, for workers and for whoever asks of stored evidence.
    pub prepared: Arc<PreparedCache>,
    /// Questions about leaderboards under other weights.
    pub reweigher: Reweigher,
    /// Files that are checked without being submitted.
    pub checks: FileChecks,
    /// Wakes the workers of this process when a job is queued.
    pub job_queued: Arc<Notify>,
}

impl App {
    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.sources.now()
    }
}

/// An event about `subject`, ready to be appended as the last act of a transaction.
pub fn event(
    actor: &Actor,
    at: Timestamp,
    kind: EventKind,
    subject: impl std::fmt::Display,
    challenge: Option<ChallengeId>,
    payload: impl IntoIterator<Item = (&'static str, Value)>,
) -> NewEvent {
    NewEvent {
        at,
        actor: actor.log_name(),
        kind,
        subject: subject.to_string(),
        challenge,
        payload: payload.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>(),
    }
}
