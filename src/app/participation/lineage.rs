//! An organizer records that a team came from another: it was continued, merged, split, renamed or spun off.

use domain::event::EventKind;
use domain::{Actor, Invalid, Scope, TeamId, Timestamp};
use serde_json::json;
use storage::participation::lineages::{self, Lineage};
use storage::{events, teams};

use super::codes::code;
use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};

/// A lineage.
#[derive(Debug, Clone)]
pub struct RecordLineage {
    /// The challenge of the later team, by id or short name.
    pub challenge: String,
    /// The earlier team, of the challenge or of another edition of its series.
    pub from: TeamId,
    /// The later team, of the challenge.
    pub to: TeamId,
    /// A code of `team_lineage.kind`.
    pub kind: String,
    /// When it happened; now where it is not told.
    pub at: Option<Timestamp>,
}

/// Records it.
pub async fn record_lineage(app: &App, actor: &Actor, input: RecordLineage) -> Outcome<Lineage> {
    let by = person(actor, Scope::Organize)?.user;
    let now = app.now();
    let kind = code("kind", "team_lineage.kind", &input.kind)?;
    let at = input.at.unwrap_or(now);
    if at > now {
        return Err(Invalid::new("at", "must not be in the future").into());
    }
    if input.from == input.to {
        return Err(Invalid::new("from", "must be another team").into());
    }
    let new = Lineage {
        from_team_id: input.from,
        to_team_id: input.to,
        kind,
        at,
        recorded_by: by,
        recorded_at: now,
    };
    let (actor, challenge) = (actor.clone(), input.challenge);
    app.db
        .write(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            let later = teams::find(conn, new.to_team_id)?.filter(|team| team.challenge_id == managed.id);
            let later = later.ok_or_else(|| Invalid::new("to", "must be a team of the challenge"))?;
            let earlier = teams::find(conn, new.from_team_id)?;
            let is_near = match &earlier {
                Some(team) if team.challenge_id == managed.id => true,
                Some(team) => {
                    let other = storage::challenges::find(conn, team.challenge_id)?;
                    managed.series_id.is_some()
                        && other.is_some_and(|other| other.series_id == managed.series_id)
                }
                None => false,
            };
            if !is_near {
                let rule = "must be a team of the challenge or of another edition of its series";
                return Err(Invalid::new("from", rule).into());
            }
            if earlier.is_some_and(|team| team.created_at > new.at) {
                return Err(Invalid::new("at", "must not be before the earlier team was formed").into());
            }
            if !lineages::insert(conn, &new)? {
                return Err(Failure::new(Code::StateConflict, "this is on record already"));
            }
            let payload = [
                ("from", json!(new.from_team_id)),
                ("kind", json!(new.kind)),
                ("occurred_at", json!(new.at)),
            ];
            let subject = format!("team:{}", later.id);
            events::append(
                conn,
                event(&actor, now, EventKind::LineageRecorded, subject, Some(managed.id), payload),
            )?;
            Ok(new.clone())
        })
        .await
}
