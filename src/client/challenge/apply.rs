//! `challenge apply`: shows what would change, asks, and changes only that.

use std::path::PathBuf;

use bundles::BundleFolder;
use serde_json::Value;

use super::plan::{LocalTable, Plan, Step};
use super::remote;
use crate::api::multipart::{Multipart, Part};
use crate::terminal::byte_bar;
use crate::{Api, Client, ClientError};

/// What is applied, and how.
#[derive(Debug, Clone)]
pub struct Apply {
    /// The folder with the `challenge.toml`.
    pub folder: PathBuf,
    /// Whether to do it without asking.
    pub yes: bool,
    /// Whether only to show it.
    pub dry_run: bool,
    /// Why, for everybody to read; the server wants it where the deadline of an open phase moves.
    pub reason: Option<String>,
}

/// Brings a challenge to the server.
pub fn apply(client: &mut Client<'_>, apply: &Apply) -> Result<(), ClientError> {
    // Everything that is wrong with the folder is told before anything is asked of a server.
    let folder = BundleFolder::read(&apply.folder)?;
    let api = client.api()?;
    let slug = &folder.bundle.challenge.slug;
    let plan = Plan::of(&folder, remote::read(&api, slug)?.as_ref())?;
    for line in plan.lines() {
        writeln!(client.terminal.out, "{line}")?;
    }
    for codename in &plan.unframed {
        writeln!(
            client.terminal.err,
            "the phase {codename} has no [phase.framing]: it takes no submissions until one is recorded"
        )?;
    }
    if plan.steps.is_empty() {
        writeln!(client.terminal.out, "nothing to change")?;
        return Ok(());
    }
    if apply.dry_run {
        return Ok(());
    }
    if !apply.yes && !client.terminal.confirm(&format!("apply this to {}?", api.server()))? {
        writeln!(client.terminal.out, "nothing was changed")?;
        return Ok(());
    }
    for step in &plan.steps {
        perform(client, &api, &plan, step, apply.reason.as_deref())?;
    }
    writeln!(client.terminal.out, "applied")?;
    Ok(())
}

fn perform(
    client: &Client<'_>,
    api: &Api,
    plan: &Plan,
    step: &Step,
    reason: Option<&str>,
) -> Result<(), ClientError> {
    let challenge = format!("/challenges/{}", plan.slug);
    let key = client.random_name();
    match step {
        Step::CreateChallenge { fields } => {
            api.post("/challenges", &Value::Object(fields.clone()), Some(&key))?;
        }
        Step::UpdateChallenge { fields, .. } => {
            api.patch(&challenge, &Value::Object(fields.clone()))?;
        }
        Step::CreatePhase { fields, .. } => {
            api.post(&format!("{challenge}/phases"), &Value::Object(fields.clone()), Some(&key))?;
        }
        Step::UpdatePhase { codename, fields, .. } => {
            let mut fields = fields.clone();
            if let Some(reason) = reason {
                fields.insert("reason".to_owned(), Value::from(reason));
            }
            api.patch(&format!("{challenge}/phases/{codename}"), &Value::Object(fields))?;
        }
        Step::UploadAnnotations { codename, tables, .. } => {
            let form = Multipart { boundary: client.random_name(), parts: tables.iter().map(part).collect() };
            let bar = byte_bar(form.length(), "annotations");
            let path = format!("{challenge}/phases/{codename}/annotations");
            let sent = api.post_multipart(&path, &form, &key, &bar);
            bar.finish_and_clear();
            sent?;
        }
        Step::Publish => remote::post_empty(api, &format!("{challenge}/publish"))?,
    }
    Ok(())
}

fn part(table: &LocalTable) -> Part {
    let file_name =
        table.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Part::file(&table.name, &file_name, table.path.clone(), table.length)
}
