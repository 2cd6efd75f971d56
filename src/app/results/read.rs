//! The published result of a phase.

use domain::{Actor, Digest, Timestamp};
use storage::results::{self, PhaseResult};

use crate::App;
use crate::authority::see_phase;
use crate::failure::{Failure, Outcome};

/// A version that everybody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedResult {
    /// Which version, from 1.
    pub version: i32,
    /// Why there is another than the first.
    pub reason: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Canonical JSON.
    pub record: String,
    /// Its SHA-256.
    pub digest: Digest,
    /// The signature over that.
    pub signature: String,
}

/// Where the result of a phase stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultState {
    /// What is published, newest first.
    pub published: Vec<PublishedResult>,
    /// For organizers: the version that is being worked out.
    pub in_work: Option<i32>,
    /// For organizers: why the last one could not be worked out.
    pub failure: Option<String>,
}

/// Reads the results of a phase.
///
/// Before anything is published, only organizers are told that there is something to wait for.
pub async fn read_result(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<ResultState> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let is_organizer = seen.challenge.is_organizer();
            let all = results::of_phase(conn, seen.phase.id)?;
            let last = all.first().filter(|_| is_organizer);
            let state = ResultState {
                in_work: last
                    .filter(|last| last.record.is_none() && last.failure.is_none())
                    .map(|last| last.version),
                failure: last.and_then(|last| last.failure.clone()),
                published: all.iter().filter_map(published).collect(),
            };
            if state.published.is_empty() && !is_organizer {
                return Err(Failure::not_found());
            }
            Ok(state)
        })
        .await
}

fn published(found: &PhaseResult) -> Option<PublishedResult> {
    Some(PublishedResult {
        version: found.version,
        reason: found.reason.clone(),
        published_at: found.published_at?,
        record: found.record.clone()?,
        digest: found.digest?,
        signature: found.signature.clone()?,
    })
}
