//! `challenge import`: brings a bundle of another system to a server.

use std::io::{Cursor, Read};
use std::path::PathBuf;

use bundles::{Bounds, FileTree};
use serde::Deserialize;
use serde_json::Value;
use ureq::http::Method;

use crate::api::{Content, Request, encoded};
use crate::{Client, ClientError};

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct ImportBundle {
    /// A zip archive or a folder.
    pub path: PathBuf,
    /// Whether only to say what would become of it.
    pub check: bool,
    /// Where it comes from.
    pub source: Option<String>,
}

#[derive(Deserialize)]
struct Answered {
    challenge: Option<Named>,
    preview: Preview,
}

#[derive(Deserialize)]
struct Named {
    slug: String,
}

#[derive(Deserialize)]
struct Preview {
    title: String,
    sections: Vec<Section>,
    warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Section {
    heading: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    value: String,
}

/// Sends the bundle, and says what became of it.
pub fn import(client: &mut Client<'_>, wanted: &ImportBundle) -> Result<(), ClientError> {
    let archive = if wanted.path.is_dir() {
        let files = FileTree::from_folder(&wanted.path, Bounds::default())
            .map_err(|findings| ClientError::Usage(findings.to_string()))?;
        files.to_zip().map_err(|error| ClientError::Usage(error.to_string()))?
    } else {
        std::fs::read(&wanted.path).map_err(ClientError::file("read", &wanted.path))?
    };
    let name = wanted.path.file_name().unwrap_or(wanted.path.as_os_str()).to_string_lossy().into_owned();
    let mut path = format!("/challenges/import?file_name={}&dry_run={}", encoded(&name), wanted.check);
    if let Some(source) = &wanted.source {
        path.push_str(&format!("&source={}", encoded(source)));
    }
    let open = || -> Result<Box<dyn Read>, ClientError> { Ok(Box::new(Cursor::new(archive.clone()))) };
    let content =
        Content::Stream { media_type: "application/zip", length: archive.len() as u64, open: &open };
    let answer = client.api()?.send(Request::new(Method::POST, &path).content(content))?;
    let made: Value = answer.json()?;
    let Answered { challenge, preview } = crate::status::understood(&made)?;
    let out = &mut client.terminal.out;
    writeln!(out, "{}", preview.title)?;
    for section in preview.sections {
        writeln!(out, "\n{}", section.heading)?;
        for row in section.rows {
            writeln!(out, "  {}: {}", row.name, row.value)?;
        }
    }
    for warning in preview.warnings {
        writeln!(client.terminal.err, "warning: {warning}")?;
    }
    match challenge {
        Some(challenge) => writeln!(client.terminal.out, "\nimported as {}", challenge.slug)?,
        None => writeln!(client.terminal.out, "\nnothing was changed")?,
    }
    Ok(())
}
