//! The files in which a scoring program leaves its scores.

use std::collections::BTreeMap;
use std::path::Path;

use bundles::yaml::{Node, Value};
use sdk::text::quoted;
use sdk::{Code, JsonReader, Limits};

use super::{MOST_PAGE, small_file};
use crate::contracts::items::{ItemEvidence, listed, read_items_of};
use crate::contracts::{ContractError, FailureCode, ProgramFailure};
use crate::folder::{FolderError, read_file};
use crate::outcome::Outcome;

/// What a scoring step left.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The wanted scores that the program gave.
    pub scores: BTreeMap<String, f64>,
    /// What it told of every item, if it did.
    pub items: Option<ItemEvidence>,
    /// A page for the contestant, if it wrote one: the organizer's HTML, as it is.
    pub page: Option<Vec<u8>>,
    /// How the run went.
    pub outcome: Outcome,
}

/// Why scores cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScoresError {
    /// Neither file is there.
    #[error("Could not find scores file, did the scoring program output it?")]
    Absent,
    /// `scores.json` has faults.
    #[error("scores.json: {0}")]
    Json(String),
    /// `scores.txt` has faults.
    #[error("scores.txt: {0}")]
    Text(String),
    /// `items.json` has faults.
    #[error("{0}")]
    Items(String),
    /// A file cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Takes from an output folder what counts.
pub(super) fn collect(output: &Path, columns: &[String], outcome: Outcome) -> Result<Scored, ContractError> {
    match read_output(output, columns) {
        Ok((scores, items, page)) => Ok(Scored { scores, items, page, outcome }),
        Err(error) => {
            let code = if matches!(error, ScoresError::Absent) {
                FailureCode::NoResult
            } else {
                FailureCode::UnusableResult
            };
            Err(ProgramFailure::new(code, error.to_string(), outcome).into())
        }
    }
}

type Left = (BTreeMap<String, f64>, Option<ItemEvidence>, Option<Vec<u8>>);

fn read_output(output: &Path, columns: &[String]) -> Result<Left, ScoresError> {
    let scores = if let Some(bytes) = small_file(output, "scores.json")? {
        read_scores_json(&bytes, columns)?
    } else if let Some(bytes) = small_file(output, "scores.txt")? {
        read_scores_text(&bytes, columns)?
    } else {
        return Err(ScoresError::Absent);
    };
    let items = read_items_of(output).map_err(ScoresError::Items)?;
    Ok((scores, items, page_of(output)?))
}

/// The page of detailed results: the one with that name, or the first by name.
fn page_of(output: &Path) -> Result<Option<Vec<u8>>, ScoresError> {
    const PAGE: &str = "detailed_results.html";
    let names = std::fs::read_dir(output).map_err(|error| FolderError::Io(output.to_owned(), error))?;
    let mut pages: Vec<String> = names
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".html"))
        .collect();
    pages.sort_unstable();
    let chosen = pages.iter().find(|name| *name == PAGE).or_else(|| pages.first());
    Ok(chosen.map(|name| read_file(output, name, MOST_PAGE)).transpose()?.flatten())
}

/// Reads `scores.json`: the wanted numbers of an object. Everything else in it is passed over.
pub fn read_scores_json(bytes: &[u8], columns: &[String]) -> Result<BTreeMap<String, f64>, ScoresError> {
    let limits = Limits::default();
    let read = JsonReader::read(bytes, &limits, |reader| {
        let mut scores = BTreeMap::new();
        reader.object(|reader, key| {
            if !columns.iter().any(|column| column == key) {
                return reader.skip();
            }
            let number = if reader.at_string()? {
                // A number written as a text counts, as it does for Codabench.
                let text = reader.string()?.unwrap_or_default();
                let number = finite(&text);
                if number.is_none() {
                    reader.fault(Code::NotANumber, "a score is a finite number", "a number", quoted(&text));
                }
                number
            } else {
                reader.number()?
            };
            scores.extend(number.map(|number| (key.to_string(), number)));
            Ok(())
        })?;
        Ok(scores)
    });
    read.map_err(|faults| ScoresError::Json(listed(&faults)))
}

/// Reads `scores.txt`: lines of `key: value`, which are YAML.
pub fn read_scores_text(bytes: &[u8], columns: &[String]) -> Result<BTreeMap<String, f64>, ScoresError> {
    let document = bundles::yaml::parse("scores.txt", bytes)
        .map_err(|findings| ScoresError::Text(findings.to_string()))?;
    let Value::Map(entries) = &document.root.value else {
        return Err(ScoresError::Text("lines of `key: value` are wanted".to_owned()));
    };
    let mut scores = BTreeMap::new();
    let mut faults = Vec::new();
    for entry in entries.iter().filter(|entry| columns.contains(&entry.key)) {
        match number_of(&entry.value) {
            Some(number) => {
                scores.insert(entry.key.clone(), number);
            }
            None => faults.push(format!("line {}: {} is no finite number", entry.position.line, entry.key)),
        }
    }
    if faults.is_empty() { Ok(scores) } else { Err(ScoresError::Text(faults.join("\n"))) }
}

fn number_of(node: &Node) -> Option<f64> {
    finite(node.text()?)
}

fn finite(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}
