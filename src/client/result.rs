//! The final result of a phase: asking for it, reading it, keeping the signed record.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::api::Request;
use crate::show::{align_right, table};
use crate::{Client, ClientError, Format, PhaseTarget};

/// How often the server is asked whether the result is there.
const BETWEEN: Duration = Duration::from_millis(500);

/// What is wanted of a result.
#[derive(Debug, Clone)]
pub struct ShowResult {
    /// Ask for it first, and wait until it is published.
    pub ask: bool,
    /// Why there is another version.
    pub reason: String,
    /// Whether the secret of the splits is published with it.
    pub retire_splits: bool,
    /// Where the record is kept byte by byte as it was signed.
    pub save: Option<PathBuf>,
    /// How it is printed.
    pub format: Format,
}

#[derive(Deserialize)]
struct Asked {
    version: i32,
}

#[derive(Deserialize)]
struct State {
    published: Vec<Version>,
    in_work: Option<i32>,
    failure: Option<String>,
}

#[derive(Deserialize)]
struct Version {
    version: i32,
    digest: String,
    published_at: String,
    record: Record,
}

#[derive(Deserialize)]
struct Record {
    metric: String,
    splits: Splits,
    entries: Vec<Entry>,
    prizes: Vec<Prize>,
}

#[derive(Deserialize)]
struct Splits {
    deciding: String,
}

#[derive(Deserialize)]
struct Entry {
    rank: Option<u32>,
    team: Team,
    submission: String,
    is_baseline: bool,
    scores: Value,
    uncertainty: Option<Uncertainty>,
}

#[derive(Deserialize)]
struct Team {
    name: String,
}

#[derive(Deserialize)]
struct Uncertainty {
    interval: Option<Ends>,
    rank_set: Option<RankSet>,
}

#[derive(Deserialize)]
struct Ends {
    lower: f64,
    upper: f64,
}

#[derive(Deserialize)]
struct RankSet {
    best: u32,
    worst: u32,
}

#[derive(Deserialize)]
struct Prize {
    place: u32,
    recipients: Vec<String>,
    needs_jury: bool,
}

/// Shows the result of a phase, after asking for it if that is wanted.
pub fn result(client: &mut Client<'_>, phase: &PhaseTarget, wanted: &ShowResult) -> Result<(), ClientError> {
    let api = client.api()?;
    let path = format!("{}/result", phase.path());
    let mut least = 1;
    if wanted.ask {
        let body = json!({"reason": wanted.reason, "retire_splits": wanted.retire_splits});
        let asked: Asked = api.post(&path, &body, None)?.json()?;
        least = asked.version;
    }
    let spinner = ProgressBar::new_spinner().with_message("the result is being worked out");
    let found: Value = loop {
        let found: Value = api.get(&path)?;
        let state: State = understood(found.clone())?;
        if state.published.first().is_some_and(|newest| newest.version >= least) {
            break found;
        }
        if state.in_work.is_none() && state.failure.is_none() {
            writeln!(client.terminal.out, "{phase} has no result yet")?;
            return Ok(());
        }
        if let Some(failure) = state.failure {
            return Err(ClientError::Usage(format!("the result could not be worked out: {failure}")));
        }
        spinner.tick();
        std::thread::sleep(BETWEEN);
    };
    spinner.finish_and_clear();
    let state: State = understood(found.clone())?;
    let Some(newest) = state.published.first() else { return Ok(()) };
    if let Some(file) = &wanted.save {
        let path = format!("{path}/{}/record", newest.version);
        std::fs::write(file, api.send(Request::new(Method::GET, &path))?.body)?;
    }
    let out = &mut client.terminal.out;
    if wanted.format == Format::Json {
        serde_json::to_writer_pretty(&mut *out, &found).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    show(out, phase, newest)
}

fn show(out: &mut dyn Write, phase: &PhaseTarget, newest: &Version) -> Result<(), ClientError> {
    let record = &newest.record;
    writeln!(out, "{phase}, decided on the split {} by {}", record.splits.deciding, record.metric)?;
    let mut lines = table(["rank", "team", &record.metric, "interval", "prize"].map(str::to_owned));
    for entry in &record.entries {
        let known = entry.uncertainty.as_ref();
        let ranks = known.and_then(|known| known.rank_set.as_ref()).filter(|set| set.best != set.worst);
        let ranks = ranks.map_or_else(String::new, |set| format!(" ({}-{})", set.best, set.worst));
        let rank = entry.rank.map_or_else(|| "-".to_owned(), |rank| format!("{rank}{ranks}"));
        let value = entry.scores[&record.splits.deciding][&record.metric].as_f64();
        let interval = known.and_then(|known| known.interval.as_ref());
        let prizes: Vec<String> = record
            .prizes
            .iter()
            .filter(|prize| prize.recipients.contains(&entry.submission))
            .map(|prize| format!("{}{}", prize.place, if prize.needs_jury { " (jury)" } else { "" }))
            .collect();
        lines.add_row(vec![
            if entry.is_baseline { format!("{rank} baseline") } else { rank },
            entry.team.name.clone(),
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}")),
            interval.map_or_else(String::new, |ends| format!("{:.4} to {:.4}", ends.lower, ends.upper)),
            prizes.join(", "),
        ]);
    }
    align_right(&mut lines, [0, 2]);
    writeln!(out, "{lines}")?;
    writeln!(out, "version {}, published {}, sha256 {}", newest.version, newest.published_at, newest.digest)?;
    Ok(())
}

fn understood<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ClientError> {
    serde_json::from_value(value).map_err(|error| ClientError::NotUnderstood(error.to_string()))
}
