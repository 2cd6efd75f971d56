//! Challenges with when they begin and end, which EvalAI says of a challenge and we say of its phases.

use domain::{Actor, ChallengeId, Scope, Timestamp};
use storage::challenges::{self, Challenge, Filter, Standing, series};
use storage::{Conn, phases};

use crate::App;
use crate::authority::{person, see_challenge};
use crate::failure::Outcome;

/// How many a list holds at most; clients read one page only.
const MOST: i64 = 1000;

/// Which challenges are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Those that everybody sees.
    All,
    /// Those of them that stand so.
    Standing(Standing),
    /// Those that the actor helps to run, drafts included.
    Organized,
    /// These, as far as the actor sees them.
    These(Vec<ChallengeId>),
}

/// A challenge with its time.
#[derive(Debug, Clone)]
pub struct TimedChallenge {
    /// The challenge.
    pub challenge: Challenge,
    /// The heading of its series.
    pub series: Option<String>,
    /// When its first phase opens; when it was made, where it has none.
    pub begins_at: Timestamp,
    /// When its last phase closes, if all of them do.
    pub ends_at: Option<Timestamp>,
    /// Whether its organizers evaluate a phase of it on machines of their own.
    pub is_remote: bool,
}

/// Challenges, newest first.
pub async fn list_challenges(app: &App, actor: &Actor, asked: Asked) -> Outcome<Vec<TimedChallenge>> {
    let now = app.now();
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let mut filter = Filter::default();
            let found: Vec<Challenge> = match &asked {
                Asked::These(ids) => {
                    let seen = ids.iter().filter_map(|id| see_challenge(conn, &actor, &id.to_string()).ok());
                    seen.map(|seen| seen.challenge).collect()
                }
                other => {
                    match other {
                        Asked::Standing(standing) => filter.standing = Some(*standing),
                        Asked::Organized => filter.organized_by = Some(person(&actor, Scope::Read)?.user),
                        Asked::All | Asked::These(_) => {}
                    }
                    challenges::list(conn, &filter, now, MOST)?.into_iter().map(|found| found.0).collect()
                }
            };
            found.into_iter().map(|challenge| timed(conn, challenge)).collect()
        })
        .await
}

/// One challenge.
pub async fn read_challenge(app: &App, actor: &Actor, id: ChallengeId) -> Outcome<TimedChallenge> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &id.to_string())?;
            timed(conn, seen.challenge)
        })
        .await
}

fn timed(conn: &mut Conn<'_>, challenge: Challenge) -> Outcome<TimedChallenge> {
    let phases = phases::list(conn, challenge.id)?;
    let series = match challenge.series_id {
        Some(id) => series::find(conn, id)?.map(|series| series.title.to_string()),
        None => None,
    };
    let closing: Option<Vec<Timestamp>> = phases.iter().map(|phase| phase.closes_at).collect();
    Ok(TimedChallenge {
        begins_at: phases.iter().map(|phase| phase.opens_at).min().unwrap_or(challenge.created_at),
        ends_at: closing.and_then(|closing| closing.into_iter().max()),
        is_remote: phases.iter().any(|phase| phase.evaluated_elsewhere().is_some()),
        series,
        challenge,
    })
}
