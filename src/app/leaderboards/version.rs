//! The version of a leaderboard: what a reader needs to know that what they have is still true.
//!
//! It costs one indexed read (and one more for a person: what they are in the challenge),
//! so that a board that nobody changed is never worked out again.

use domain::challenge::ChallengeState;
use domain::{Actor, Codename, PhaseId, Slug, Timestamp};
use storage::boards::{self, ChallengeKey, PhaseKey};
use storage::{Conn, challenges};

use super::release::Shown;
use crate::App;
use crate::failure::{Failure, Outcome};

/// Which of the two views of a board somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BoardViewer {
    /// What everybody sees.
    Public,
    /// What organizers see.
    Organizer,
}

/// What changes whenever a leaderboard of the phase could read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BoardVersion {
    /// The phase.
    pub phase: PhaseId,
    /// Counts the changes.
    pub number: i64,
    /// At which of these the statistics were computed last.
    pub ranked: i64,
    /// When the phase was last changed, in microseconds.
    pub phase_changed: i64,
    /// The same of the challenge, whose short name a board shows.
    pub challenge_changed: i64,
    /// Who reads.
    pub viewer: BoardViewer,
    /// The moment as of which boards are shown, where time alone changes them, in microseconds.
    pub moment: Option<i64>,
    /// Whether nothing is shown of scores.
    pub withheld: bool,
    /// Whether it is not told whose the entries are.
    pub anonymous: bool,
}

/// Reads the version of a phase's boards, if the actor may see them.
///
/// The rules are those of [`super::read_leaderboard`]; it is asked again when the board itself is read.
pub async fn board_version(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<BoardVersion> {
    let now = app.now();
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db.read(move |conn| version(conn, &actor, &challenge, &phase, now)).await
}

fn version(
    conn: &mut Conn<'_>,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    now: Timestamp,
) -> Outcome<BoardVersion> {
    let challenge = match (challenge.parse(), Slug::parse(challenge)) {
        (Ok(id), _) => ChallengeKey::Id(id),
        (_, Ok(slug)) => ChallengeKey::Slug(slug),
        _ => return Err(Failure::not_found()),
    };
    let phase = match (phase.parse(), Codename::parse(phase)) {
        (Ok(id), _) => PhaseKey::Id(id),
        (_, Ok(codename)) => PhaseKey::Codename(codename),
        _ => return Err(Failure::not_found()),
    };
    let found = boards::version(conn, &challenge, &phase)?.ok_or_else(Failure::not_found)?;
    let is_organizer = actor.runs_the_site()
        || match actor.user() {
            Some(user) => challenges::role_of(conn, found.challenge, user)?.is_some(),
            None => false,
        };
    let is_public = found.challenge_state != ChallengeState::Draft && found.leaderboard_public;
    if !is_public && !is_organizer {
        return Err(Failure::not_found());
    }
    let shown = Shown::by(found.ranking.0.release, found.published_at, is_organizer, now);
    Ok(BoardVersion {
        moment: shown.moment().map(Timestamp::as_micros),
        withheld: matches!(shown, Shown::Nothing { .. }),
        anonymous: !is_organizer && found.anonymous_until.is_some_and(|until| now < until),
        phase: found.phase,
        number: found.board_version,
        ranked: found.ranked_version,
        phase_changed: found.phase_changed.as_micros(),
        challenge_changed: found.challenge_changed.as_micros(),
        viewer: if is_organizer { BoardViewer::Organizer } else { BoardViewer::Public },
    })
}
