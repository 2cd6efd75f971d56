//! A large file in pieces, by the tus protocol: what an interruption leaves is continued, not sent again.
//!
//! Which upload belongs to which file is kept beside the credentials until the last byte has arrived.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use ureq::http::Method;

use super::Counted;
use super::Parcel;
use crate::api::{Answer, Content, Request};
use crate::credentials::write_private;
use crate::terminal::byte_bar;
use crate::{Api, Client, ClientError, Environment};

/// What is lost at most when the connection breaks.
const PIECE_BYTES: u64 = 16 << 20;
/// How often in a row a piece may go wrong.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_secs(1);
/// The version of the protocol.
const TUS: (&str, &str) = ("Tus-Resumable", "1.0.0");

/// An upload that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Begun {
    /// Where the upload is.
    location: String,
    /// The submission that it becomes.
    submission: String,
}

/// What the server says of an upload that begins.
#[derive(Deserialize)]
struct NewUpload {
    submission_id: String,
}

/// The uploads that were begun and not finished, by what was uploaded where.
type Unfinished = BTreeMap<String, Begun>;

const FILE: &str = "uploads.json";

/// Sends the file, from where an earlier try ended.
pub(super) fn send(client: &mut Client<'_>, api: &Api, parcel: &Parcel<'_>) -> Result<Value, ClientError> {
    let name = name_of(api, parcel)?;
    let mut unfinished = load(client.environment);
    let earlier = match unfinished.get(&name) {
        Some(begun) => offset_of(api, begun)?.map(|offset| (begun.clone(), offset)),
        None => None,
    };
    let (begun, offset) = match earlier {
        Some((begun, offset)) => {
            writeln!(client.terminal.err, "continuing at byte {offset} of {}", parcel.length)?;
            (begun, offset)
        }
        None => {
            let begun = begin(client, api, parcel)?;
            unfinished.insert(name.clone(), begun.clone());
            store(client.environment, &unfinished)?;
            (begun, 0)
        }
    };
    let bar = byte_bar(parcel.length, "uploading");
    let sent = send_pieces(api, parcel, &begun, offset, &bar);
    bar.finish_and_clear();
    sent?;
    unfinished.remove(&name);
    store(client.environment, &unfinished)?;
    api.get(&format!("/submissions/{}", begun.submission))
}

/// The same file, unchanged, for the same phase of the same server.
fn name_of(api: &Api, parcel: &Parcel<'_>) -> Result<String, ClientError> {
    let path = parcel.path;
    let absolute = path.canonicalize().map_err(ClientError::file("read", path))?;
    let metadata = path.metadata().map_err(ClientError::file("read", path))?;
    let modified = metadata.modified().map_err(ClientError::file("read", path))?;
    let modified = modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let said = format!("{}{}{}", parcel.method, parcel.attributes, parcel.visibility);
    Ok(format!(
        "{} {} {} {} {modified} {}",
        api.server(),
        parcel.phase,
        absolute.display(),
        parcel.length,
        hex::encode(&Sha256::digest(said)[..8]),
    ))
}

fn begin(client: &Client<'_>, api: &Api, parcel: &Parcel<'_>) -> Result<Begun, ClientError> {
    let metadata: Vec<String> = [
        ("challenge", parcel.phase.challenge.clone()),
        ("phase", parcel.phase.phase.clone()),
        ("file_name", parcel.file_name.clone()),
        ("method", parcel.method.to_string()),
        ("attributes", parcel.attributes.to_string()),
        ("visibility", parcel.visibility.to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| format!("{key} {}", STANDARD.encode(value)))
    .collect();
    let request = Request::new(Method::POST, "/uploads")
        .header(TUS.0, TUS.1)
        .header("Upload-Length", parcel.length.to_string())
        .header("Upload-Metadata", metadata.join(","))
        .named(&client.random_name());
    let answer = api.send(request)?;
    let location = answer.header("Location").map(str::to_owned);
    let location =
        location.ok_or_else(|| ClientError::NotUnderstood("it lacks the header Location".to_owned()))?;
    let NewUpload { submission_id } = answer.json()?;
    Ok(Begun { location, submission: submission_id })
}

/// How much of an upload has arrived; `None` when the server no longer knows it.
fn offset_of(api: &Api, begun: &Begun) -> Result<Option<u64>, ClientError> {
    match api.send(Request::new(Method::HEAD, &begun.location).header(TUS.0, TUS.1)) {
        Ok(answer) => offset_in(&answer).map(Some),
        Err(ClientError::Refused(problem)) if matches!(problem.status, 404 | 410) => Ok(None),
        Err(other) => Err(other),
    }
}

fn offset_in(answer: &Answer) -> Result<u64, ClientError> {
    let offset = answer.header("Upload-Offset").and_then(|value| value.parse().ok());
    offset.ok_or_else(|| ClientError::NotUnderstood("it lacks the header Upload-Offset".to_owned()))
}

fn send_pieces(
    api: &Api,
    parcel: &Parcel<'_>,
    begun: &Begun,
    mut offset: u64,
    bar: &ProgressBar,
) -> Result<(), ClientError> {
    let mut failures = 0;
    while offset < parcel.length {
        match send_piece(api, parcel, begun, offset, bar) {
            Ok(reached) => (offset, failures) = (reached, 0),
            Err(error) if failures < TRIES && is_interruption(&error) => {
                failures += 1;
                std::thread::sleep(PAUSE * failures);
                offset = offset_of(api, begun)?
                    .ok_or_else(|| ClientError::Usage("the upload has expired; submit again".to_owned()))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether the same piece may arrive next time: a broken connection, or bytes that arrived changed or elsewhere.
fn is_interruption(error: &ClientError) -> bool {
    match error {
        ClientError::Unreachable { .. } => true,
        ClientError::Refused(problem) => matches!(problem.status, 409 | 423 | 460 | 502 | 503 | 504),
        _ => false,
    }
}

fn send_piece(
    api: &Api,
    parcel: &Parcel<'_>,
    begun: &Begun,
    offset: u64,
    bar: &ProgressBar,
) -> Result<u64, ClientError> {
    let length = PIECE_BYTES.min(parcel.length - offset);
    let mut piece = Vec::new();
    let mut file = File::open(parcel.path).map_err(ClientError::file("read", parcel.path))?;
    file.seek(SeekFrom::Start(offset)).map_err(ClientError::file("read", parcel.path))?;
    file.take(length).read_to_end(&mut piece).map_err(ClientError::file("read", parcel.path))?;
    if piece.len() as u64 != length {
        return Err(ClientError::Usage(format!("{} was cut while it was sent", parcel.path.display())));
    }
    let checksum = format!("sha256 {}", STANDARD.encode(Sha256::digest(&piece)));
    let open = || {
        bar.set_position(offset);
        let inner = std::io::Cursor::new(piece.clone());
        Ok(Box::new(Counted { inner, bar: bar.clone() }) as Box<dyn Read>)
    };
    let content = Content::Stream { media_type: "application/offset+octet-stream", length, open: &open };
    let request = Request::new(Method::PATCH, &begun.location)
        .header(TUS.0, TUS.1)
        .header("Upload-Offset", offset.to_string())
        .header("Upload-Checksum", checksum)
        .content(content);
    offset_in(&api.send(request)?)
}

/// What was begun; a file that cannot be read only means that uploads begin anew.
fn load(environment: &Environment) -> Unfinished {
    let text = environment.file(FILE).ok().and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn store(environment: &Environment, unfinished: &Unfinished) -> Result<(), ClientError> {
    let text = serde_json::to_string_pretty(unfinished)
        .map_err(|error| ClientError::NotUnderstood(error.to_string()))?;
    write_private(&environment.file(FILE)?, text.as_bytes())
}
