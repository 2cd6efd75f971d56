//! Challenges from draft to archive, their series, organizers, terms and registrations.

pub mod archive;
pub mod as_of;
pub mod changes;
pub mod clone;
pub mod create;
pub mod detail;
pub mod entry;
pub mod events;
pub mod export;
pub mod history;
pub mod import;
pub mod list;
pub mod organizers;
pub mod participants;
pub mod publish;
pub mod register;
pub mod search;
pub mod series;
pub mod terms;
pub mod update;

use domain::Actor;
use domain::challenge::{ChallengeDraft, ChallengeState};
use storage::challenges::{self, Challenge};
use storage::{Conn, StoreError};

use crate::authority::see_challenge;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// What the use cases of this area give back, for shells that do not know the storage.
pub mod records {
    pub use storage::challenges::organizers::Organizer;
    pub use storage::challenges::registrations::{Participant, Registration};
    pub use storage::challenges::series::Series;
    pub use storage::challenges::terms::Terms;
    pub use storage::challenges::{Challenge, Standing};
    pub use storage::history::HistoryEntry;
}

/// What the organizers say about a challenge now, in the form in which they would say it.
pub(crate) fn draft_of(conn: &mut Conn<'_>, challenge: &Challenge) -> Outcome<ChallengeDraft> {
    let series = match challenge.series_id {
        Some(id) => challenges::series::find(conn, id)?.map(|series| series.slug),
        None => None,
    };
    let terms = challenges::terms::latest(conn, challenge.id)?;
    Ok(ChallengeDraft {
        slug: challenge.slug.clone(),
        title: challenge.title.clone(),
        summary: challenge.summary.clone(),
        description: challenge.description.clone(),
        series,
        edition: challenge.edition.clone(),
        team_max_size: challenge.team_limit(),
        terms: terms.map(|terms| terms.text).unwrap_or_default(),
        tags: challenges::tags::of(conn, challenge.id)?,
    })
}

/// A challenge that the actor may change, as it is while nobody else changes it.
pub(crate) fn manage_locked(conn: &mut Conn<'_>, actor: &Actor, key: &str) -> Outcome<Challenge> {
    let seen = see_challenge(conn, actor, key)?.manage(actor)?.0;
    challenges::lock(conn, seen.id)?;
    challenges::find(conn, seen.id)?.ok_or_else(Failure::not_found)
}

/// A challenge in which the actor may decide about people, as it is while nobody else changes it.
pub(crate) fn review_locked(conn: &mut Conn<'_>, actor: &Actor, key: &str) -> Outcome<Challenge> {
    let seen = see_challenge(conn, actor, key)?.review(actor)?.0;
    challenges::lock(conn, seen.id)?;
    challenges::find(conn, seen.id)?.ok_or_else(Failure::not_found)
}

/// A challenge that the actor owns, as it is while nobody else changes it.
///
/// Two owners who remove each other come one after the other.
pub(crate) fn own_locked(conn: &mut Conn<'_>, actor: &Actor, key: &str) -> Outcome<Challenge> {
    let id = see_challenge(conn, actor, key)?.own(actor)?.0.id;
    challenges::lock(conn, id)?;
    // The role may have gone while this transaction waited.
    Ok(see_challenge(conn, actor, key)?.own(actor)?.0)
}

/// Refuses what makes no sense any more once a challenge is closed for good.
pub(crate) fn not_archived(challenge: &Challenge) -> Outcome<()> {
    if challenge.state == ChallengeState::Archived {
        return Err(Failure::new(Code::StateConflict, "the challenge is archived"));
    }
    Ok(())
}

/// Reads a conflict on `constraint` as "this short name is taken".
pub(crate) fn taken(error: StoreError, constraint: &str, field: &str) -> Failure {
    if error.conflicts_on(constraint) {
        return Failure::new(Code::SlugTaken, format!("another one has this {field}"))
            .with_errors(vec![FieldError::new(field, "is taken")]);
    }
    error.into()
}
