//! The result of `heldout evaluate --check` for a submission that is valid.

use std::io::{self, Write};

use sdk::check::Checked;
use sdk::evidence::Note;
use sdk::{Manifest, Mode};
use serde::Serialize;

use super::OutputFormat;

/// A submission that is valid, and what it was compared with.
#[derive(Serialize)]
pub(super) struct Valid {
    status: &'static str,
    evaluator: Identity,
    /// Whether the items came from the file that the task publishes without its truth.
    unannotated: bool,
    items: usize,
    /// What one item is.
    item: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

/// Whose rules the submission keeps.
#[derive(Serialize)]
struct Identity {
    id: String,
    version: String,
    mode: &'static str,
}

impl Valid {
    pub(super) fn new(manifest: &Manifest, mode: Mode, unannotated: bool, checked: Checked) -> Self {
        Self {
            status: "valid",
            evaluator: Identity {
                id: manifest.id.clone(),
                version: manifest.version.clone(),
                mode: mode.name(),
            },
            unannotated,
            items: checked.items,
            item: manifest.item.clone(),
            notes: checked.notes,
        }
    }

    /// Prints a line for a person, followed by what is unusual, or JSON for a program.
    pub(super) fn write(&self, format: OutputFormat, out: &mut dyn Write) -> io::Result<()> {
        match format {
            OutputFormat::Json => {
                serde_json::to_writer_pretty(&mut *out, self)?;
                writeln!(out)
            }
            OutputFormat::Text => {
                let Identity { id, version, mode } = &self.evaluator;
                let without = if self.unannotated { ", of a file without annotations" } else { "" };
                writeln!(
                    out,
                    "valid: {id} {version} ({mode}), {} items ({}{without})",
                    self.items, self.item
                )?;
                self.notes.iter().try_for_each(|note| writeln!(out, "note: {}", note.message))
            }
        }
    }
}
