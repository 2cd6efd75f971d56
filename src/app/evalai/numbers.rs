//! Numbers for ids, and ids for numbers.

use std::collections::HashMap;

use domain::evalai::NumberedKind;
use domain::{ChallengeId, Codename, PhaseId, SplitId};
use storage::{evalai, phases};
use uuid::Uuid;

use crate::App;
use crate::failure::{Failure, Outcome};

/// The numbers of these things; those that have none yet get theirs now, for ever.
///
/// To be asked only for what the reader was shown.
pub async fn numbers(
    app: &App,
    kind: NumberedKind,
    entities: impl IntoIterator<Item = Uuid>,
) -> Outcome<HashMap<Uuid, i64>> {
    let entities: Vec<Uuid> = entities.into_iter().collect();
    let asked = entities.clone();
    let known: HashMap<Uuid, i64> = app
        .db
        .read(move |conn| evalai::numbers_of(conn, kind, &asked).map_err(Failure::from))
        .await?
        .into_iter()
        .collect();
    let new: Vec<Uuid> = entities.iter().filter(|entity| !known.contains_key(*entity)).copied().collect();
    if new.is_empty() {
        return Ok(known);
    }
    let all = app
        .db
        .write(move |conn| {
            evalai::mint(conn, kind, &new)?;
            Ok::<_, Failure>(evalai::numbers_of(conn, kind, &entities)?)
        })
        .await?;
    Ok(all.into_iter().collect())
}

/// The number of one thing.
pub async fn number(app: &App, kind: NumberedKind, entity: Uuid) -> Outcome<i64> {
    let found = numbers(app, kind, [entity]).await?;
    found.get(&entity).copied().ok_or_else(|| Failure::internal("a thing has got no number"))
}

/// The thing with that number; whether the asker may see it is not decided here.
pub async fn entity<T: From<Uuid>>(app: &App, kind: NumberedKind, number: &str) -> Outcome<T> {
    let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
    let found = app.db.read(move |conn| evalai::entity_of(conn, kind, number).map_err(Failure::from)).await?;
    found.map(T::from).ok_or_else(Failure::not_found)
}

/// Where the phase with that number is.
pub async fn locate_phase(app: &App, number: &str) -> Outcome<(ChallengeId, PhaseId)> {
    let id: PhaseId = entity(app, NumberedKind::Phase, number).await?;
    app.db
        .read(move |conn| {
            let phase = phases::find(conn, id)?.ok_or_else(Failure::not_found)?;
            Ok((phase.challenge_id, phase.id))
        })
        .await
}

/// Where the split with that number is.
pub async fn locate_split(app: &App, number: &str) -> Outcome<(ChallengeId, PhaseId, Codename)> {
    let id: SplitId = entity(app, NumberedKind::PhaseSplit, number).await?;
    app.db
        .read(move |conn| {
            let split = phases::split(conn, id)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, split.phase_id)?.ok_or_else(Failure::not_found)?;
            Ok((phase.challenge_id, phase.id, split.codename))
        })
        .await
}
