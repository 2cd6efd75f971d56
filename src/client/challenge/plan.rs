//! What has to be done so that a server has what a folder says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bundles::{AnnotationsFile, BundleFolder, PhaseEntry};
use domain::{Digest, Slug};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::changes::{Change, changed_fields, changes};
use super::remote::{RemoteChallenge, RemotePhase, challenge_fields, phase_fields};
use crate::ClientError;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    CreateChallenge { fields: Map<String, Value> },
    UpdateChallenge { fields: Map<String, Value>, changes: Vec<Change> },
    CreatePhase { codename: String, fields: Map<String, Value> },
    UpdatePhase { codename: String, fields: Map<String, Value>, changes: Vec<Change> },
    UploadAnnotations { codename: String, tables: Vec<LocalTable>, replaces: bool },
    Publish,
}

/// A table of annotations in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalTable {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) length: u64,
    pub(super) digest: Digest,
}

/// Everything to do, in its order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub(super) slug: Slug,
    pub(super) steps: Vec<Step>,
    /// Phases that the server has and the folder does not: they are left alone.
    pub(super) beyond: Vec<String>,
    /// Phases of which neither says how they frame what they count: they take no submissions.
    pub(super) unframed: Vec<String>,
}

impl Plan {
    /// Compares a folder with what its server has.
    pub(super) fn of(
        folder: &BundleFolder,
        remote: Option<&(RemoteChallenge, String)>,
    ) -> Result<Self, ClientError> {
        let wanted = challenge_fields(&folder.bundle.challenge);
        let mut steps = Vec::new();
        match remote {
            None => steps.push(Step::CreateChallenge { fields: wanted }),
            Some((remote, _)) => {
                let fields = changed_fields(&wanted, &remote.challenge);
                if !fields.is_empty() {
                    let changes = changes(&wanted, &remote.challenge);
                    steps.push(Step::UpdateChallenge { fields, changes });
                }
            }
        }
        let present: BTreeMap<&str, &RemotePhase> = remote
            .iter()
            .flat_map(|(remote, _)| remote.phases.iter().map(|phase| (phase.codename.as_str(), phase)))
            .collect();
        for phase in &folder.bundle.phases {
            steps.extend(phase_steps(
                &folder.path,
                phase,
                present.get(phase.draft.codename.as_str()).copied(),
            )?);
        }
        if folder.publish && remote.is_none_or(|(_, state)| state == "draft") {
            steps.push(Step::Publish);
        }
        let named = |codename: &&str| {
            folder.bundle.phases.iter().any(|phase| phase.draft.codename.as_str() == *codename)
        };
        let beyond = present.keys().filter(|codename| !named(codename)).map(ToString::to_string).collect();
        let is_framed = |phase: &&PhaseEntry| {
            let there =
                present.get(phase.draft.codename.as_str()).and_then(|there| there.fields.get("framing"));
            phase.draft.framing.is_some() || there.is_some_and(|framing| !framing.is_null())
        };
        let unframed = folder.bundle.phases.iter().filter(|phase| !is_framed(phase));
        let unframed = unframed.map(|phase| phase.draft.codename.to_string()).collect();
        Ok(Self { slug: folder.bundle.challenge.slug.clone(), steps, beyond, unframed })
    }

    /// The plan as lines, as a person reads it before agreeing.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for step in &self.steps {
            match step {
                Step::CreateChallenge { fields } => {
                    lines.push(format!("create the challenge {}", self.slug));
                    lines.extend(changes(fields, &Map::new()).iter().map(indented));
                }
                Step::UpdateChallenge { changes, .. } => {
                    lines.push(format!("change the challenge {}", self.slug));
                    lines.extend(changes.iter().map(indented));
                }
                Step::CreatePhase { codename, fields } => {
                    lines.push(format!("create the phase {codename}"));
                    lines.extend(changes(fields, &Map::new()).iter().map(indented));
                }
                Step::UpdatePhase { codename, changes, .. } => {
                    lines.push(format!("change the phase {codename}"));
                    lines.extend(changes.iter().map(indented));
                }
                Step::UploadAnnotations { codename, tables, replaces } => {
                    let word = if *replaces { "replace" } else { "upload" };
                    lines.push(format!("{word} the annotations of the phase {codename}"));
                    for LocalTable { name, path, length, digest } in tables {
                        let digest = &digest.to_string()[..12];
                        lines.push(format!("  {name}: {} ({length} bytes, {digest}…)", path.display()));
                    }
                }
                Step::Publish => {
                    lines.push("publish the challenge: everyone sees it from then on".to_owned());
                }
            }
        }
        for codename in &self.beyond {
            lines.push(format!("leave alone the phase {codename}, which the file does not name"));
        }
        lines
    }
}

fn indented(change: &Change) -> String {
    format!("  {}", change.line())
}

fn phase_steps(
    folder: &Path,
    phase: &PhaseEntry,
    remote: Option<&RemotePhase>,
) -> Result<Vec<Step>, ClientError> {
    let codename = phase.draft.codename.to_string();
    let mut wanted = phase_fields(&phase.draft);
    let mut steps = Vec::new();
    match remote {
        None => steps.push(Step::CreatePhase { codename: codename.clone(), fields: wanted }),
        Some(remote) => {
            // It is how the phase was found.
            wanted.remove("codename");
            let fields = changed_fields(&wanted, &remote.fields);
            if !fields.is_empty() {
                let changes = changes(&wanted, &remote.fields);
                steps.push(Step::UpdatePhase { codename: codename.clone(), fields, changes });
            }
        }
    }
    if let Some(tables) = tables_to_upload(folder, &codename, &phase.annotations, remote)? {
        let replaces = remote.is_some_and(|remote| !remote.annotations.is_empty());
        steps.push(Step::UploadAnnotations { codename, tables, replaces });
    }
    Ok(steps)
}

/// The tables of a phase, if the server has others than these.
fn tables_to_upload(
    folder: &Path,
    codename: &str,
    named: &[AnnotationsFile],
    remote: Option<&RemotePhase>,
) -> Result<Option<Vec<LocalTable>>, ClientError> {
    if named.is_empty() {
        return Ok(None);
    }
    let present: BTreeMap<&str, Option<Digest>> = remote
        .iter()
        .flat_map(|remote| remote.annotations.iter().map(|table| (table.table.as_str(), table.digest)))
        .collect();
    let mut wanted = BTreeMap::new();
    let mut tables = Vec::new();
    for table in named {
        let digest = match table.digest {
            Some(digest) => digest,
            None => {
                let local = local_table(folder, table)?;
                let digest = local.digest;
                tables.push(local);
                digest
            }
        };
        wanted.insert(table.table.as_str(), Some(digest));
    }
    if wanted == present {
        return Ok(None);
    }
    // Annotations are replaced as a whole, so every table has to be here.
    match named.iter().find(|table| table.digest.is_some()) {
        Some(absent) => Err(ClientError::Usage(format!(
            "phase {codename}: the server has other annotations than these, \
             and the table {} is named by its digest only; name its file",
            absent.table
        ))),
        None => Ok(Some(tables)),
    }
}

fn local_table(folder: &Path, table: &AnnotationsFile) -> Result<LocalTable, ClientError> {
    let path = folder.join(&table.file);
    let mut file = File::open(&path).map_err(ClientError::file("read", &path))?;
    let (mut hasher, mut length, mut piece) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut piece).map_err(ClientError::file("read", &path))?;
        if count == 0 {
            break;
        }
        hasher.update(&piece[..count]);
        length += count as u64;
    }
    Ok(LocalTable { name: table.table.clone(), path, length, digest: Digest(hasher.finalize().into()) })
}

#[cfg(test)]
mod tests;
