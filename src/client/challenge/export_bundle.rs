//! `challenge export --format evalai`: writes a folder that is a bundle of EvalAI.

use std::path::{Path, PathBuf};

use bundles::{Bounds, FileTree};
use domain::Slug;
use ureq::http::Method;

use crate::api::Request;
use crate::{Client, ClientError};

/// The file of the bundle that says what it does not hold.
const README: &str = "README.md";

/// What is to be exported, and how.
#[derive(Debug, Clone)]
pub struct ExportBundle {
    /// The challenge.
    pub slug: String,
    /// Where the bundle is written; a folder of the challenge's name without it.
    pub folder: Option<PathBuf>,
    /// Whether held-out annotations are in it.
    pub annotations: bool,
}

/// Writes the bundle, and says what it does not hold.
pub fn export_bundle(client: &mut Client<'_>, wanted: &ExportBundle) -> Result<(), ClientError> {
    let slug = Slug::parse(&wanted.slug)
        .map_err(|invalid| ClientError::Usage(format!("the slug {}", invalid.rule)))?;
    let folder = wanted.folder.clone().unwrap_or_else(|| PathBuf::from(slug.as_str()));
    if folder.exists() {
        return Err(ClientError::Usage(format!("{} is there already", folder.display())));
    }
    let path = format!("/challenges/{slug}/export?format=evalai&annotations={}", wanted.annotations);
    let answer = client.api()?.send(Request::new(Method::GET, &path))?;
    let files = FileTree::from_zip("the bundle", &answer.body, Bounds::default())
        .map_err(|findings| ClientError::NotUnderstood(findings.to_string()))?;
    for (name, bytes) in files.iter() {
        write(&folder.join(name), bytes)?;
        writeln!(client.terminal.out, "{}", folder.join(name).display())?;
    }
    if let Some(readme) = files.file(README) {
        let said = String::from_utf8_lossy(readme);
        for line in said.lines().filter(|line| line.starts_with("- ")) {
            writeln!(client.terminal.err, "not in the bundle: {}", line.trim_start_matches("- "))?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ClientError> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(ClientError::file("create", parent))?;
    }
    std::fs::write(path, bytes).map_err(ClientError::file("write", path))
}
