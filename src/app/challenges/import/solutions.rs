//! What organizers submit themselves, on its way from a bundle to the trials of every phase.

use bundles::imported::{ImportedChallenge, ImportedPhase, Solution};
use domain::Codename;

use crate::App;
use crate::failure::{Failure, Outcome};
use crate::trials::PlannedSolution;

/// Stores the solutions of a bundle, for every phase those of its tasks.
pub(super) async fn store(
    app: &App,
    imported: &ImportedChallenge,
) -> Outcome<Vec<(Codename, Vec<PlannedSolution>)>> {
    let mut phases: Vec<(Codename, Vec<PlannedSolution>)> =
        imported.phases.iter().map(|phase| (phase.codename.clone(), Vec::new())).collect();
    for solution in &imported.solutions {
        let archive = solution.files.to_zip().map_err(Failure::internal)?;
        let archive = app.annotations.put(archive).await?.digest;
        for (phase, (_, planned)) in imported.phases.iter().zip(&mut phases) {
            if let Some(tasks) = tasks_of(solution, phase) {
                planned.push(PlannedSolution { name: solution.name.clone(), archive, tasks });
            }
        }
    }
    Ok(phases)
}

/// Which tasks of a phase a solution is for, by their places, empty for all; absent for none.
fn tasks_of(solution: &Solution, phase: &ImportedPhase) -> Option<Vec<usize>> {
    let is_for = |task: &usize| solution.tasks.contains(task);
    let places: Vec<usize> =
        phase.tasks.iter().enumerate().filter(|(_, task)| is_for(task)).map(|(place, _)| place).collect();
    match places.len() {
        0 => None,
        all if all == phase.tasks.len() => Some(Vec::new()),
        _ => Some(places),
    }
}
