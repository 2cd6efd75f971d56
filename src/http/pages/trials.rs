//! What came of a program before anybody submitted, as a part of the organizers' page.

use app::trials::{Trial, read_trials};
use app::{App, Outcome};
use domain::Actor;
use serde_json::Value;

/// A row of the table.
pub(super) struct TrialRow {
    pub(super) name: String,
    /// `waiting`, `running`, `done` or `failed`.
    pub(super) state: String,
    /// What there is to say in a line.
    pub(super) summary: String,
    /// What whoever failed said.
    pub(super) detail: Option<String>,
}

/// The trials of the program in force, the environment first; none where no program scores the phase.
pub(super) async fn rows(app: &App, actor: &Actor, challenge: &str, phase: &str) -> Outcome<Vec<TrialRow>> {
    let trials = read_trials(app, actor, challenge, phase).await?;
    Ok(trials.environment.into_iter().chain(trials.solutions).map(TrialRow::from).collect())
}

impl From<Trial> for TrialRow {
    fn from(trial: Trial) -> Self {
        let summary = match (&trial.result, &trial.failure) {
            (Some(result), _) if trial.solution.is_none() => environment(&result.0),
            (Some(result), _) => scores(&result.0),
            (None, Some(failure)) => {
                format!("{failure} (attempt {} of {})", trial.attempts, trial.max_attempts)
            }
            (None, None) => String::new(),
        };
        Self { name: trial.name, state: trial.state, summary, detail: trial.detail }
    }
}

fn environment(result: &Value) -> String {
    let python = result["contents"]["python"].as_str().unwrap_or_default();
    let packages = result["contents"]["packages"].as_object().into_iter().flatten();
    let packages: Vec<String> =
        packages.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or_default())).collect();
    if packages.is_empty() {
        format!("Python {python}")
    } else {
        format!("Python {python}: {}", packages.join(", "))
    }
}

fn scores(result: &Value) -> String {
    let mut said = Vec::new();
    for split in result["splits"].as_array().into_iter().flatten() {
        for metric in split["metrics"].as_array().into_iter().flatten() {
            let value =
                metric["value"].as_f64().map_or_else(|| "no value".to_owned(), |value| value.to_string());
            let [split, metric] =
                [&split["codename"], &metric["name"]].map(|name| name.as_str().unwrap_or_default());
            said.push(format!("{split}, {metric}: {value}"));
        }
    }
    let doubt = if result["repeats"] == false { "; a second run gave other scores" } else { "" };
    format!("{}{doubt}", said.join("; "))
}
