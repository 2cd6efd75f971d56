//! What came of the trials of a phase's program; for organizers.

use domain::Actor;
use storage::phases;
use storage::trials::{self, Trial};

use crate::App;
use crate::authority::see_phase;
use crate::failure::Outcome;

/// The trials of the program in force.
#[derive(Debug, Clone, Default)]
pub struct Trials {
    /// The version of the annotations that it belongs to; absent without one.
    pub annotations_version: Option<i32>,
    /// Its environment; absent where this server builds none.
    pub environment: Option<Trial>,
    /// What its organizers submit themselves, in their order.
    pub solutions: Vec<Trial>,
}

/// Reads what came of the trials of a phase's program.
pub async fn read_trials(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<Trials> {
    let (actor, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    app.db
        .read(move |conn| {
            let phase = see_phase(conn, &actor, &challenge, &phase)?.inspect(&actor)?;
            let Some(version) = phases::annotations_in_force(conn, phase.id)? else {
                return Ok(Trials::default());
            };
            let (environment, solutions): (Vec<Trial>, _) = trials::of_annotations(conn, version.id)?
                .into_iter()
                .partition(|trial| trial.place == trials::ENVIRONMENT);
            let environment = environment.into_iter().next();
            Ok(Trials { annotations_version: Some(version.version), environment, solutions })
        })
        .await
}
