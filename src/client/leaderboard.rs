//! Reading a leaderboard.

use std::path::Path;

use serde_json::Value;
use ureq::http::Method;

use crate::api::{BoardRow, Leaderboard, Request, encoded};
use crate::show::{align_right, table};
use crate::{Api, Client, ClientError, Format, PhaseTarget};

/// Which part of the boards of a phase.
#[derive(Debug, Clone, Default)]
pub struct BoardPart {
    /// The split; the one that ranks when absent.
    pub split: Option<String>,
    /// A class of entries.
    pub class: Option<String>,
}

impl BoardPart {
    /// The beginning of a query, which ends with `&` unless it is empty.
    fn query(&self) -> String {
        let named = [("split", &self.split), ("class", &self.class)];
        named
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}&", encoded(value.as_ref()?))))
            .collect()
    }
}

/// Prints the leaderboard as the server writes it in that format: `csv`, `markdown` or `latex`.
pub fn leaderboard_as(
    client: &mut Client<'_>,
    phase: &PhaseTarget,
    part: &BoardPart,
    format: &str,
) -> Result<(), ClientError> {
    let path = format!("{}/leaderboard?{}format={format}", phase.path(), part.query());
    let answer = client.api()?.send(Request::new(Method::GET, &path))?;
    Ok(client.terminal.out.write_all(&answer.body)?)
}

/// Keeps what everybody is shown in a file, signed by the server.
pub fn save_snapshot(
    client: &mut Client<'_>,
    phase: &PhaseTarget,
    part: &BoardPart,
    file: &Path,
) -> Result<(), ClientError> {
    let path = format!("{}/leaderboard/snapshot?{}", phase.path(), part.query());
    let answer = client.api()?.send(Request::new(Method::GET, &path))?;
    std::fs::write(file, &answer.body).map_err(ClientError::file("write", file))?;
    writeln!(client.terminal.out, "signed and kept in {}", file.display())?;
    Ok(())
}

/// Prints the whole leaderboard of a phase, on one split.
pub fn leaderboard(
    client: &mut Client<'_>,
    phase: &PhaseTarget,
    part: &BoardPart,
    format: Format,
) -> Result<(), ClientError> {
    let api = client.api()?;
    let path = format!("{}/leaderboard?{}", phase.path(), part.query());
    match format {
        Format::Csv => leaderboard_as(client, phase, part, "csv")?,
        Format::Json => {
            let board = all_pages(&api, &path)?;
            serde_json::to_writer_pretty(&mut client.terminal.out, &board).map_err(std::io::Error::from)?;
            writeln!(client.terminal.out)?;
        }
        Format::Text => {
            let board: Leaderboard = serde_json::from_value(all_pages(&api, &path)?)
                .map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
            show(client, phase, &board)?;
        }
    }
    Ok(())
}

/// The first page with the items of all.
fn all_pages(api: &Api, path: &str) -> Result<Value, ClientError> {
    let mut board: Value = api.get(&format!("{path}limit=200"))?;
    let mut cursor = board["next"].as_str().map(str::to_owned);
    while let Some(next) = cursor {
        let mut page: Value = api.get(&format!("{path}limit=200&cursor={}", encoded(&next)))?;
        if let (Some(items), Some(more)) = (board["items"].as_array_mut(), page["items"].as_array_mut()) {
            items.append(more);
        }
        cursor = page["next"].as_str().map(str::to_owned).filter(|after| *after != next);
    }
    board["next"] = Value::Null;
    Ok(board)
}

fn show(client: &mut Client<'_>, phase: &PhaseTarget, board: &Leaderboard) -> Result<(), ClientError> {
    let out = &mut client.terminal.out;
    let split = board.split.as_str().or_else(|| board.split["codename"].as_str()).unwrap_or("all");
    writeln!(out, "{phase}, split {split}")?;
    if board.items.is_empty() {
        writeln!(out, "no scored submission yet")?;
        return Ok(());
    }
    let heads = ["rank", "team", "method"].map(str::to_owned).into_iter();
    let names = board.metrics.iter().map(|metric| metric.name.clone());
    let mut table = table(heads.chain(names).chain(["received".to_owned(), "n".to_owned()]));
    for row in &board.items {
        table.add_row(cells(board, row));
    }
    let last = 3 + board.metrics.len();
    align_right(&mut table, std::iter::once(0).chain(3..last).chain([last + 1]));
    writeln!(out, "{table}")?;
    Ok(())
}

fn cells(board: &Leaderboard, row: &BoardRow) -> Vec<String> {
    let known = row.uncertainty.as_ref();
    let ranks = known.and_then(|known| known.rank_set).filter(|set| set.best != set.worst);
    let ranks = ranks.map_or_else(String::new, |set| format!(" ({}-{})", set.best, set.worst));
    let rank = match row.rank {
        _ if row.is_baseline => "baseline".to_owned(),
        Some(rank) => format!("{rank}{ranks}"),
        None => "-".to_owned(),
    };
    let mut cells = vec![rank, row.team.name.clone(), row.method.name.clone()];
    for (place, metric) in board.metrics.iter().enumerate() {
        let decimals = metric.decimals.unwrap_or(2);
        // The first metric is the one that ranks.
        let interval = known.filter(|_| place == 0).and_then(|known| known.interval);
        let interval = interval.map_or_else(String::new, |ends| {
            format!(" [{:.decimals$}, {:.decimals$}]", ends.lower, ends.upper)
        });
        cells.push(match row.scores.get(&metric.name) {
            Some(Some(value)) => format!("{value:.decimals$}{interval}"),
            Some(None) | None => "-".to_owned(),
        });
    }
    // The day is enough on a screen.
    cells.push(row.received_at.chars().take(10).collect());
    cells.push(row.submissions.to_string());
    cells
}
