//! Creating requests that may be sent twice: the second answers with what the first has made.

use domain::{Actor, Digest, Timestamp};
use storage::idempotency::{Recall, Request, recall};
use storage::{Conn, StoreError};
use uuid::Uuid;

use crate::App;
use crate::failure::{Code, Failure, Outcome};

/// The sender's name for a creating request, with what the request holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The `Idempotency-Key` of the request.
    pub key: String,
    /// What tells it from another request under the same key.
    pub body_digest: Digest,
}

/// What a creating request has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created<T> {
    /// It was made just now.
    New(T),
    /// An earlier request with the same key has made it.
    Replayed(T),
}

impl<T> Created<T> {
    /// What was made, whenever that was.
    pub fn into_inner(self) -> T {
        match self {
            Self::New(made) | Self::Replayed(made) => made,
        }
    }

    /// The same with something else made of it.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Created<U> {
        match self {
            Self::New(made) => Created::New(change(made)),
            Self::Replayed(made) => Created::Replayed(change(made)),
        }
    }
}

impl IdempotencyKey {
    /// The request as it is remembered: keys of one sender are no concern of another's.
    pub fn request(&self, actor: &Actor, action: &str) -> Request {
        Request {
            actor: actor.log_name(),
            key: self.key.clone(),
            action: action.to_owned(),
            body_digest: self.body_digest,
        }
    }
}

/// What the same request has made before, if it was sent before.
pub fn replayed<T: From<Uuid>>(conn: &mut Conn<'_>, request: &Request) -> Outcome<Option<T>> {
    match recall(conn, request)? {
        Recall::New => Ok(None),
        Recall::Made(made) => Ok(Some(made.into())),
        Recall::Differs => Err(Failure::new(
            Code::IdempotencyKeyReused,
            "this Idempotency-Key was used before, for something else",
        )),
    }
}

/// Runs a creating step once per request: `create` makes the resource of that id, or an earlier request has.
///
/// To be called inside the transaction that creates.
pub fn once<T: From<Uuid> + Into<Uuid> + Copy>(
    conn: &mut Conn<'_>,
    request: Option<&Request>,
    id: T,
    now: Timestamp,
    create: impl FnOnce(&mut Conn<'_>) -> Outcome<()>,
) -> Outcome<Created<T>> {
    let Some(request) = request else {
        create(conn)?;
        return Ok(Created::New(id));
    };
    if let Some(made) = replayed(conn, request)? {
        return Ok(Created::Replayed(made));
    }
    storage::idempotency::remember(conn, request, id.into(), now).map_err(in_progress)?;
    create(conn)?;
    Ok(Created::New(id))
}

/// Runs a creating step in a write transaction of its own, once per request.
///
/// Of two equal requests at one time one is refused by the primary key; it is then answered with what the other made.
pub async fn create_once<T>(
    app: &App,
    request: Option<Request>,
    id: T,
    now: Timestamp,
    create: impl Fn(&mut Conn<'_>) -> Outcome<()> + Clone + Send + Sync + 'static,
) -> Outcome<Created<T>>
where
    T: From<Uuid> + Into<Uuid> + Copy + Send + Sync + 'static,
{
    let attempt = || {
        let (request, create) = (request.clone(), create.clone());
        app.db.write(move |conn| once(conn, request.as_ref(), id, now, &create))
    };
    match attempt().await {
        Err(failure) if failure.code == Code::IdempotencyInProgress => attempt().await,
        outcome => outcome,
    }
}

/// Two equal requests at one time: the primary key lets one of them create.
fn in_progress(error: StoreError) -> Failure {
    match error {
        StoreError::Conflict { .. } => Failure::new(
            Code::IdempotencyInProgress,
            "the same request was being handled at the same time; send it again for its answer",
        ),
        other => other.into(),
    }
}
