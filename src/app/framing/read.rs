//! Framings as their readers see them: all versions of a phase, one of them, and what differs between two.

use domain::{Actor, FramingId, Slug};
use serde_json::{Map, Value, json};
use storage::framings::{self, FullFraming};
use storage::phases;

use crate::App;
use crate::authority::see_phase;
use crate::failure::{Failure, Outcome};

/// A framing, and whose it is.
#[derive(Debug, Clone)]
pub struct FramingDetail {
    /// The framing with its decision.
    pub full: FullFraming,
    /// The challenge.
    pub challenge: Slug,
    /// The phase.
    pub phase: domain::Codename,
}

/// Every version of a phase's framing, oldest first; for everybody who sees the phase.
pub async fn list_framings(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<Vec<FramingDetail>> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_phase(conn, &actor, &challenge, &phase)?;
            let (challenge, phase) = (seen.challenge.challenge.slug, seen.phase);
            let mut details = Vec::new();
            for framing in framings::versions(conn, phase.id)? {
                details.push(FramingDetail {
                    full: framings::complete(conn, framing)?,
                    challenge: challenge.clone(),
                    phase: phase.codename.clone(),
                });
            }
            Ok(details)
        })
        .await
}

/// One framing; for everybody who sees its phase.
pub async fn read_framing(app: &App, actor: &Actor, id: FramingId) -> Outcome<FramingDetail> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let framing = framings::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, framing.phase_id)?.ok_or_else(Failure::not_found)?;
            let seen = see_phase(conn, &actor, &phase.challenge_id.to_string(), &phase.id.to_string())?;
            Ok(FramingDetail {
                full: framings::complete(conn, framing)?,
                challenge: seen.challenge.challenge.slug,
                phase: phase.codename,
            })
        })
        .await
}

/// The fields in which two framings differ, with both values.
///
/// What it was measured with counts; the decision does not, which differs always.
pub fn difference(from: &FullFraming, to: &FullFraming) -> Vec<(String, Value, Value)> {
    let (from, to) = (compared(from), compared(to));
    let differing = to.iter().filter_map(|(field, now)| {
        let before = from.get(field).unwrap_or(&Value::Null);
        (before != now).then(|| (field.clone(), before.clone(), now.clone()))
    });
    differing.collect()
}

fn compared(full: &FullFraming) -> Map<String, Value> {
    let FullFraming { framing, draft, .. } = full;
    let mut fields = match json!(draft) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    fields.remove("decision");
    fields.insert("evaluator".into(), json!(framing.evaluator));
    fields.insert("mode".into(), json!(framing.mode));
    fields.insert("params".into(), json!(framing.params.0));
    fields.insert("metric".into(), json!(framing.metric));
    fields.insert("annotations_digest".into(), json!(framing.annotations_digest));
    fields
}
