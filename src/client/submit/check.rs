//! A file that is only checked: what its submission would be told.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use ureq::http::Method;

use super::Counted;
use crate::api::{Content, Fault, Request, encoded};
use crate::terminal::byte_bar;
use crate::{Client, ClientError, Ending, Format, PhaseTarget, show, status};

/// What the server says of a file.
#[derive(Deserialize)]
struct Checked {
    is_valid: bool,
    fault_count: u64,
    faults: Vec<Fault>,
    annotations_version: i64,
}

/// Has the server check a file; nothing is submitted.
pub fn check(
    client: &mut Client<'_>,
    file: &Path,
    phase: &PhaseTarget,
    format: Format,
) -> Result<Ending, ClientError> {
    let api = client.api()?;
    let length = std::fs::metadata(file).map_err(ClientError::file("read", file))?.len();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let path = format!("{}/submissions/check?file_name={}", phase.path(), encoded(&name));
    let bar = byte_bar(length, "uploading");
    let open = || {
        bar.set_position(0);
        let inner = File::open(file).map_err(ClientError::file("read", file))?;
        Ok(Box::new(Counted { inner, bar: bar.clone() }) as Box<dyn Read>)
    };
    let content = Content::Stream { media_type: "application/octet-stream", length, open: &open };
    let mut request = Request::new(Method::POST, &path).content(content);
    request.repeatable = true;
    let answer = api.send(request);
    bar.finish_and_clear();
    let answer: Value = answer?.json()?;
    let checked: Checked = status::understood(&answer)?;
    match format {
        Format::Json => status::print_json(client, &answer)?,
        Format::Text | Format::Csv if checked.is_valid => {
            let version = checked.annotations_version;
            writeln!(client.terminal.out, "valid for annotations {version}; nothing was submitted")?;
        }
        Format::Text | Format::Csv => {
            show::faults(client.terminal.out, checked.fault_count, &checked.faults)?;
        }
    }
    Ok(if checked.is_valid { Ending::Done } else { Ending::Invalid })
}
