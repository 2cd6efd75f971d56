//! Boards that are written out already, and the shared look at their version.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header::{EntityTag, HeaderValue};
use actix_web::web::Bytes;
use app::leaderboards::{BoardVersion, board_version};
use app::{App, Outcome};
use domain::Actor;

use super::LeaderboardQuery;

/// What is kept in memory at most, in bytes of bodies.
const MOST_BYTES: usize = 32 << 20;
/// How many boards are watched before all of them are forgotten: names come from clients.
const MOST_WATCHED: usize = 1_000;
/// How long a version is believed while this process writes nothing.
///
/// What this process writes is seen by whoever reads after its commit; what another one writes, after this time.
const BELIEF: Duration = Duration::from_millis(50);

/// One page of one version of a board, as one kind of reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct PageKey {
    pub(super) version: BoardVersion,
    pub(super) query: LeaderboardQuery,
}

/// A page that is written out.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    pub(super) tag: EntityTag,
    /// The tag as the header says it.
    pub(super) tag_header: HeaderValue,
    pub(super) content_type: &'static str,
    pub(super) body: Bytes,
    /// The same for readers who take it compressed, as browsers do: compressed once, not for every one of them.
    pub(super) gzip: Bytes,
}

impl Rendered {
    fn bytes(&self) -> usize {
        self.body.len() + self.gzip.len()
    }
}

/// Pages that are written out, and the versions that are being looked at; shared by all threads of the server.
#[derive(Default)]
pub struct BoardCache {
    pages: Mutex<Pages>,
    watched: Mutex<HashMap<String, HashMap<String, Arc<Watched>>>>,
}

#[derive(Default)]
struct Pages {
    rendered: HashMap<PageKey, Rendered>,
    bytes: usize,
}

/// The version of one board, as reads of it have found.
#[derive(Default)]
struct Watched {
    believed: Mutex<Option<Believed>>,
    reads_begun: AtomicU64,
    last: tokio::sync::Mutex<Option<(u64, BoardVersion)>>,
}

/// A version that was read a moment ago.
#[derive(Debug, Clone, Copy)]
struct Believed {
    version: BoardVersion,
    /// `Db::settled` before the read.
    writes: u64,
    since: Instant,
}

impl BoardCache {
    /// The version of a board for readers without an account.
    ///
    /// It is believed for a moment unless something was written meanwhile.
    /// Otherwise, requests that wait while a read is under way share the next one:
    /// one is only answered from a read that began after the request did, so nobody is told of the past.
    pub(super) async fn public_version(
        &self,
        app: &App,
        challenge: &str,
        phase: &str,
    ) -> Outcome<BoardVersion> {
        let watched = self.watched(challenge, phase);
        let settled = app.db.settled();
        if let Some(believed) = *unpoisoned(&watched.believed)
            && settled == Some(believed.writes)
            && believed.since.elapsed() < BELIEF
        {
            return Ok(believed.version);
        }
        let since = Instant::now();
        let begun_before = watched.reads_begun.load(Ordering::SeqCst);
        let mut last = watched.last.lock().await;
        if let Some((number, version)) = *last
            && number > begun_before
        {
            return Ok(version);
        }
        let number = watched.reads_begun.fetch_add(1, Ordering::SeqCst) + 1;
        let version = board_version(app, &Actor::Anonymous, challenge, phase).await?;
        *last = Some((number, version));
        *unpoisoned(&watched.believed) = settled.map(|writes| Believed { version, writes, since });
        Ok(version)
    }

    fn watched(&self, challenge: &str, phase: &str) -> Arc<Watched> {
        let mut watched = unpoisoned(&self.watched);
        if let Some(found) = watched.get(challenge).and_then(|phases| phases.get(phase)) {
            return Arc::clone(found);
        }
        if watched.values().map(HashMap::len).sum::<usize>() >= MOST_WATCHED {
            watched.clear();
        }
        Arc::clone(watched.entry(challenge.to_owned()).or_default().entry(phase.to_owned()).or_default())
    }

    /// A page that is written out already.
    pub(super) fn find(&self, key: &PageKey) -> Option<Rendered> {
        unpoisoned(&self.pages).rendered.get(key).cloned()
    }

    /// Keeps a page, and forgets the other versions of its board; all pages when they have become too many.
    pub(super) fn keep(&self, key: PageKey, rendered: Rendered) {
        let mut pages = unpoisoned(&self.pages);
        let is_outdated = |other: &PageKey| {
            other.version.phase == key.version.phase
                && (other.version.number, other.version.ranked) < (key.version.number, key.version.ranked)
        };
        pages.rendered.retain(|other, _| !is_outdated(other));
        pages.bytes = pages.rendered.values().map(Rendered::bytes).sum();
        if pages.bytes + rendered.bytes() > MOST_BYTES {
            pages.rendered.clear();
            pages.bytes = 0;
        }
        if rendered.bytes() <= MOST_BYTES {
            pages.bytes += rendered.bytes();
            pages.rendered.insert(key, rendered);
        }
    }
}

/// What a lock holds; nothing in here can be left half changed by a panic.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
