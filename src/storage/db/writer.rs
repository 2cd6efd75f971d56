//! SQLite's one writer: a thread that commits waiting closures together.
//!
//! A synced commit costs a disk flush, whatever is in it.
//! So the thread opens a transaction for the first waiting closure, runs every other one that arrives meanwhile
//! in a savepoint of its own, commits once, and only then answers them all.
//! A closure that fails or panics takes back its own savepoint and nobody else's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error as DieselError;
use diesel::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::{Conn, sqlite};
use crate::StoreError;

/// The most closures that share a commit: what one of them waits for the others stays bounded.
const LARGEST_GROUP: usize = 128;

/// The most closures that wait; the next caller waits before the queue.
const LONGEST_QUEUE: usize = 4096;

/// The depth of diesel's transaction stack inside one closure: the group's transaction and its own savepoint.
const DEPTH_IN_CLOSURE: u32 = 2;

pub(super) struct Writer {
    queue: Option<mpsc::Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

enum Message {
    Write(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    pub(super) fn start(path: &str, conn: SqliteConnection) -> Result<Self, StoreError> {
        let (queue, messages) = mpsc::channel(LONGEST_QUEUE);
        let desk = Desk { path: path.to_owned(), conn: Some(conn), messages };
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || desk.serve())
            .map_err(StoreError::other)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn write<T, E>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        self.send(Message::Write(Box::new(Write { work, outcome: None, caller }))).await?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Returns when everything that was queued before is answered and the log is folded into the file.
    pub(super) async fn close(&self) {
        let (caller, done) = oneshot::channel();
        if self.send(Message::Close(caller)).await.is_ok() {
            // An error means that the thread is gone already: what was to be waited for has happened.
            let _ = done.await;
        }
    }

    async fn send(&self, message: Message) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or_else(closed)?;
        queue.send(message).await.map_err(|_| closed())
    }
}

impl Drop for Writer {
    /// Waits for the queue to be written, unless the last handle was dropped by a closure on the thread itself.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the database writer ended by a panic");
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable { reason: "the database is closed".into() }
}

/// One waiting closure, with its types hidden.
trait Job: Send {
    /// Runs the closure and keeps its outcome; says whether its changes are to stay.
    fn run(&mut self, conn: &mut SqliteConnection) -> bool;

    /// Tells the caller: its own outcome when the group was committed, the group's failure otherwise.
    fn answer(self: Box<Self>, group: Result<(), StoreError>);
}

struct Write<F, T, E> {
    work: F,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Write<F, T, E>
where
    F: FnMut(&mut Conn<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut SqliteConnection) -> bool {
        let caught = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut Conn::Sqlite(conn))));
        let outcome = caught.unwrap_or_else(|payload| Err(StoreError::panicked(payload.as_ref()).into()));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let Self { work, outcome, caller } = *self;
        // What the closure holds is let go before anybody hears that it is done.
        drop(work);
        let answer = match (outcome, group) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(shared)) => Err(shared.into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(closed().into()),
        };
        // A caller that hung up has its write nevertheless.
        let _ = caller.send(answer);
    }
}

/// What the thread owns.
struct Desk {
    path: String,
    /// `None` after a failure that the connection did not survive, until it is opened again.
    conn: Option<SqliteConnection>,
    messages: mpsc::Receiver<Message>,
}

impl Desk {
    fn serve(mut self) {
        while let Some(message) = self.messages.blocking_recv() {
            let closing = match message {
                Message::Write(first) => self.write_group(first),
                Message::Close(caller) => Some(caller),
            };
            if let Some(caller) = closing {
                self.fold_log();
                let _ = caller.send(());
                return;
            }
        }
        self.fold_log();
    }

    /// Runs and commits `first` and what arrives meanwhile; returns who asked to close, if somebody did.
    fn write_group(&mut self, first: Box<dyn Job>) -> Option<oneshot::Sender<()>> {
        let mut group = vec![first];
        let mut closing = None;
        let committed = self.connection().and_then(|mut conn| {
            let written = write_together(&mut conn, &mut group, || match self.messages.try_recv() {
                Ok(Message::Write(next)) => Some(next),
                Ok(Message::Close(caller)) => {
                    closing = Some(caller);
                    None
                }
                Err(_) => None,
            });
            // A connection that failed is closed here and opened again for the next group.
            if is_usable(&mut conn) {
                self.conn = Some(conn);
            }
            written
        });
        if let Err(error) = &committed {
            tracing::error!(%error, writes = group.len(), "a group of writes was not committed");
        }
        for job in group {
            job.answer(committed.clone());
        }
        closing
    }

    fn connection(&mut self) -> Result<SqliteConnection, StoreError> {
        match self.conn.take() {
            Some(conn) => Ok(conn),
            None => sqlite::open_writer(&self.path),
        }
    }

    fn fold_log(&mut self) {
        if let Some(conn) = &mut self.conn
            && let Err(error) = conn.batch_execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
        {
            tracing::warn!(%error, "the log was not folded into the database file; the next start does it");
        }
    }
}

/// Runs the jobs of `group`, and those that `next` yields, in one transaction, and commits it.
fn write_together(
    conn: &mut SqliteConnection,
    group: &mut Vec<Box<dyn Job>>,
    mut next: impl FnMut() -> Option<Box<dyn Job>>,
) -> Result<(), StoreError> {
    AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
    let mut position = 0;
    while let Some(job) = group.get_mut(position) {
        if let Err(error) = run_in_savepoint(conn, job.as_mut()) {
            // SQLite itself undid the transaction (a full disk, a failed read), and with it all that the group did.
            let _ = AnsiTransactionManager::rollback_transaction(conn);
            let reason = format!("the transaction that this write shared was undone: {error}");
            return Err(StoreError::Unavailable { reason });
        }
        position += 1;
        if position == group.len() && position < LARGEST_GROUP {
            group.extend(next());
        }
    }
    AnsiTransactionManager::commit_transaction(conn)?;
    Ok(())
}

fn run_in_savepoint(conn: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), DieselError> {
    AnsiTransactionManager::begin_transaction(conn)?;
    let keep = job.run(conn);
    // A panic may have left savepoints of the closure's own open.
    while depth(conn)? > DEPTH_IN_CLOSURE {
        AnsiTransactionManager::rollback_transaction(conn)?;
    }
    if keep {
        AnsiTransactionManager::commit_transaction(conn)
    } else {
        AnsiTransactionManager::rollback_transaction(conn)
    }
}

fn depth(conn: &mut SqliteConnection) -> Result<u32, DieselError> {
    let status = AnsiTransactionManager::transaction_manager_status_mut(conn);
    Ok(status.transaction_depth()?.map_or(0, std::num::NonZeroU32::get))
}

/// Whether the connection has no transaction open and knows it.
fn is_usable(conn: &mut SqliteConnection) -> bool {
    matches!(depth(conn), Ok(0))
}
