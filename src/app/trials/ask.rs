//! Trials are asked for in the transaction that puts a program in force.

use domain::{Digest, PhaseId, Timestamp};
use registry::programs::{PROGRAM, PROGRAM_TABLE};
use storage::Conn;
use storage::phases::{self, Annotations};
use storage::trials::{self, NewSolution, Trial};

use crate::failure::{Failure, Outcome};

/// What organizers submit themselves, stored, for one phase.
pub(crate) type PlannedSolution = NewSolution;

/// Asks for the environment of a version's program, where the phase has one.
pub(crate) fn ask_for_environment(conn: &mut Conn<'_>, version: &Annotations) -> Outcome<()> {
    let phase = phases::find(conn, version.phase_id)?.ok_or_else(Failure::not_found)?;
    let has_program = version.tables.0.iter().any(|table| table.name == PROGRAM_TABLE);
    if phase.evaluator == PROGRAM && has_program {
        trials::ask_for_environment(conn, version.id, version.created_at)?;
    }
    Ok(())
}

/// Asks for the organizers' own submissions on the version in force; those that were asked for before stay, and what
/// failed is tried again.
pub(crate) fn ask_for_solutions(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    solutions: &[PlannedSolution],
    now: Timestamp,
) -> Outcome<()> {
    let Some(version) = phases::annotations_in_force(conn, phase)? else { return Ok(()) };
    let present = trials::of_annotations(conn, version.id)?;
    let known: Vec<PlannedSolution> = present.iter().filter_map(solution_of).collect();
    if known != solutions {
        trials::replace_solutions(conn, version.id, solutions, now)?;
    }
    trials::again(conn, version.id, now)?;
    Ok(())
}

fn solution_of(trial: &Trial) -> Option<PlannedSolution> {
    let archive: Digest = trial.solution?;
    Some(NewSolution { name: trial.name.clone(), archive, tasks: trial.tasks.0.clone() })
}
