//! Submitting a file: in one request when it is small, in pieces that survive an interruption when it is large.

mod check;
mod progress;
mod resumable;
mod wait;
mod whole;

pub use check::check;
pub(crate) use progress::Counted;

use std::path::{Path, PathBuf};

use domain::phase::{AttributeKind, AttributeSpec};
use serde_json::{Map, Value, json};

use crate::api::{Phase, Submission};
use crate::{Client, ClientError, Ending, Format, PhaseTarget, show, status};

/// Larger files are sent in pieces.
pub const LARGE_BYTES: u64 = 32 << 20;

/// What is submitted, and how.
#[derive(Debug, Clone)]
pub struct Submit {
    /// The file.
    pub file: PathBuf,
    /// To which phase.
    pub phase: PhaseTarget,
    /// What is said about the method: `name`, `description`, `project_url`, `paper_url`, `code_url`.
    pub method: Vec<(&'static str, String)>,
    /// Answers to the organizers' questions, as `name=value`.
    pub attributes: Vec<String>,
    /// Whether it stays off the leaderboard.
    pub private: bool,
    /// Whether to stay until it is scored.
    pub wait: bool,
    /// How the result is printed.
    pub format: Format,
    /// From which size on the file is sent in pieces.
    pub large_bytes: u64,
}

/// What goes with the file.
pub(crate) struct Parcel<'a> {
    path: &'a Path,
    file_name: String,
    length: u64,
    phase: &'a PhaseTarget,
    method: Value,
    attributes: Value,
    visibility: &'static str,
}

/// Submits the file.
pub fn submit(client: &mut Client<'_>, submit: &Submit) -> Result<Ending, ClientError> {
    let api = client.api()?;
    let metadata = std::fs::metadata(&submit.file).map_err(ClientError::file("read", &submit.file))?;
    if !metadata.is_file() {
        return Err(ClientError::Usage(format!("{} is not a file", submit.file.display())));
    }
    // Before the first byte goes out: whether it may, and what the organizers ask about it.
    let phase: Phase = api.get(&submit.phase.path())?;
    let (length, limit) = (metadata.len(), phase.limits.upload_bytes);
    if length > limit {
        let file = submit.file.display();
        return Err(ClientError::Usage(format!(
            "{file} has {length} bytes; the phase takes at most {limit}"
        )));
    }
    let file_name = submit.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let parcel = Parcel {
        path: &submit.file,
        file_name: file_name.unwrap_or_else(|| "submission".to_owned()),
        length,
        phase: &submit.phase,
        method: json!(
            submit
                .method
                .iter()
                .map(|(name, value)| (*name, value))
                .collect::<std::collections::BTreeMap<_, _>>()
        ),
        attributes: answers(&phase.attributes, &submit.attributes)?.into(),
        visibility: if submit.private { "private" } else { "public" },
    };
    let sent = if length > submit.large_bytes {
        resumable::send(client, &api, &parcel)?
    } else {
        whole::send(client, &api, &parcel)?
    };
    let accepted: Submission = status::understood(&sent)?;
    writeln!(client.terminal.err, "submitted as {}", accepted.id)?;
    if submit.wait {
        let ended = wait::until_ended(client, &api, &accepted.id)?;
        return status::print(client, &ended, submit.format);
    }
    match submit.format {
        Format::Json => status::print_json(client, &sent)?,
        Format::Text | Format::Csv => {
            writeln!(client.terminal.out, "{} {}", accepted.id, show::standing(&accepted))?;
        }
    }
    Ok(Ending::Done)
}

/// Turns `name=value` into the types that the phase asks for.
fn answers(asked: &[AttributeSpec], given: &[String]) -> Result<Map<String, Value>, ClientError> {
    let mut answers = Map::new();
    for pair in given {
        let (name, text) = pair
            .split_once('=')
            .ok_or_else(|| ClientError::Usage(format!("--attribute {pair:?} is not NAME=VALUE")))?;
        let spec = asked.iter().find(|spec| spec.name == name).ok_or_else(|| {
            let known: Vec<&str> = asked.iter().map(|spec| spec.name.as_str()).collect();
            ClientError::Usage(format!("the phase does not ask for {name:?}; it asks for {known:?}"))
        })?;
        let answer = match &spec.kind {
            AttributeKind::Text | AttributeKind::Choice { .. } => Some(Value::from(text)),
            AttributeKind::Integer => text.parse::<i64>().ok().map(Value::from),
            AttributeKind::Number => {
                text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::from)
            }
            AttributeKind::Boolean => text.parse::<bool>().ok().map(Value::from),
        };
        let answer = answer.filter(|answer| spec.accepts(answer).is_ok());
        let answer = answer.ok_or_else(|| {
            ClientError::Usage(format!("the answer to {name} must be {}, not {text:?}", spec.kind))
        })?;
        answers.insert(name.to_owned(), answer);
    }
    let missing = asked.iter().find(|spec| spec.required && !answers.contains_key(&spec.name));
    if let Some(spec) = missing {
        let (name, kind) = (&spec.name, &spec.kind);
        return Err(ClientError::Usage(format!("the organizers ask for --attribute {name}=VALUE ({kind})")));
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<AttributeSpec> {
        serde_json::from_value(json!([
            { "name": "data", "type": "choice", "choices": ["none", "public"], "required": true },
            { "name": "layers", "type": "integer" },
            { "name": "ensemble", "type": "boolean" },
            { "name": "notes", "type": "text" },
        ]))
        .unwrap()
    }

    fn said(given: &[&str]) -> Result<Value, String> {
        let given: Vec<String> = given.iter().map(ToString::to_string).collect();
        answers(&asked(), &given).map(Value::from).map_err(|error| error.to_string())
    }

    #[test]
    fn answers_have_the_types_that_are_asked_for() {
        let found = said(&["data=public", "layers=12", "ensemble=true", "notes=a=b"]).unwrap();
        assert_eq!(found, json!({ "data": "public", "layers": 12, "ensemble": true, "notes": "a=b" }));
    }

    #[test]
    fn a_wrong_answer_is_told_before_the_upload() {
        for (given, expected) in [
            (vec![], "the organizers ask for --attribute data=VALUE (one of none, public)"),
            (vec!["data"], "--attribute \"data\" is not NAME=VALUE"),
            (vec!["data=secret"], "the answer to data must be one of none, public, not \"secret\""),
            (vec!["layers=many"], "the answer to layers must be a whole number, not \"many\""),
            (
                vec!["colour=red"],
                "the phase does not ask for \"colour\"; it asks for [\"data\", \"layers\", \"ensemble\", \"notes\"]",
            ),
        ] {
            assert_eq!(said(&given).unwrap_err(), expected);
        }
    }
}
