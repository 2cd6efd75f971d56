//! Records of research: importing tables of activities, and listing what is on record.

use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::Value;
use ureq::http::Method;

use crate::api::{Content, Request, encoded};
use crate::show::table;
use crate::{Client, ClientError};

/// Sends a table to a place of the API, with what is said of it, and says what became of it.
pub fn import(
    client: &mut Client<'_>,
    place: &str,
    said: &[(&str, Option<&str>)],
    file: &Path,
) -> Result<(), ClientError> {
    let bytes = std::fs::read(file).map_err(ClientError::file("read", file))?;
    let said = said.iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded((*value)?))));
    let path = format!("{place}?{}", said.collect::<Vec<_>>().join("&"));
    let open = || -> Result<Box<dyn Read>, ClientError> { Ok(Box::new(Cursor::new(bytes.clone()))) };
    let content = Content::Stream { media_type: "text/csv", length: bytes.len() as u64, open: &open };
    let key = client.random_name();
    let request = Request::new(Method::POST, &path).content(content).named(&key);
    let made: Value = client.api()?.send(request)?.json()?;
    let out = &mut client.terminal.out;
    match (made["id"].as_str(), made["new"].as_u64()) {
        (Some(id), _) => writeln!(out, "on record as {id}")?,
        (None, Some(new)) => writeln!(out, "{new} new on record")?,
        (None, None) => return Err(ClientError::NotUnderstood(made.to_string())),
    }
    Ok(())
}

/// Has the server record what its program brings.
pub fn import_shipped(client: &mut Client<'_>) -> Result<(), ClientError> {
    let answer = client.api()?.send(Request::new(Method::POST, "/admin/shipped-records"))?;
    let made: Value = answer.json()?;
    for (name, told) in [
        ("taxonomies", "taxonomies"),
        ("mappings", "mappings"),
        ("reference_populations", "reference populations"),
    ] {
        let new = made[name].as_u64().ok_or_else(|| ClientError::NotUnderstood(made.to_string()))?;
        writeln!(client.terminal.out, "{new} {told} new on record")?;
    }
    Ok(())
}

/// Lists what is on record at a place of the API, in these columns.
pub fn list(client: &mut Client<'_>, place: &str, columns: &[&str]) -> Result<(), ClientError> {
    let api = client.api()?;
    let mut rows = table(columns.iter().map(|column| (*column).to_owned()));
    let mut cursor: Option<String> = None;
    loop {
        let after =
            cursor.as_deref().map(|cursor| format!("&cursor={}", encoded(cursor))).unwrap_or_default();
        let page: Value = api.get(&format!("{place}?limit=200{after}"))?;
        let items = page["items"].as_array().ok_or_else(|| ClientError::NotUnderstood(page.to_string()))?;
        for item in items {
            let cell = |column: &&str| match &item[*column] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            rows.add_row(columns.iter().map(cell).collect::<Vec<_>>());
        }
        let next = page["next"].as_str().map(str::to_owned).filter(|next| cursor.as_ref() != Some(next));
        match next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    writeln!(client.terminal.out, "{rows}")?;
    Ok(())
}
