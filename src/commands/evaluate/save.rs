//! `heldout evaluate --save`: the evaluation in a file that `heldout rank` reads.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use domain::Digest;
use sdk::saved::{Origin, SavedEvaluation, SavedMetric};
use sdk::{Evidence, File, Input, Inputs, Items, Manifest, Metric, Mode, Params};

/// The digest of annotations: of their tables by name, whatever the files are called and in whatever order they were given.
pub(super) fn digest_of(annotations: &Inputs<'_>) -> Digest {
    let mut names: Vec<&str> = annotations.names().collect();
    names.sort_unstable();
    let mut text = String::new();
    for name in names {
        match annotations.get(name) {
            Some(Input::File(file)) => text.push_str(&format!("{name:?} {}\n", Digest::of(&file.bytes))),
            Some(Input::Tree(files)) => {
                for File { name: path, bytes } in files {
                    text.push_str(&format!("{name:?} {path:?} {}\n", Digest::of(bytes)));
                }
            }
            None => {}
        }
    }
    Digest::of(text.as_bytes())
}

/// What the evidence came of.
pub(super) fn origin(
    manifest: &Manifest,
    mode: Mode,
    params: &Params,
    annotations: Digest,
) -> anyhow::Result<Origin> {
    Ok(Origin {
        evaluator: manifest.id.clone(),
        version: manifest.version.clone(),
        mode,
        // The parameters are in the order of their names.
        params: serde_json::to_string(params)?,
        annotations: annotations.to_string(),
    })
}

/// Writes the evaluation, in place of what was there.
pub(super) fn save(
    path: &Path,
    origin: Origin,
    metrics: &[Metric],
    items: Items,
    evidence: Evidence,
) -> anyhow::Result<()> {
    let kept = |metric: &&Metric| evidence.metrics().iter().any(|known| known.name == metric.name);
    let metrics = metrics.iter().filter(kept).map(|metric| SavedMetric {
        name: metric.name.clone(),
        direction: metric.direction,
        decimals: metric.decimals,
    });
    let saved = SavedEvaluation { origin, metrics: metrics.collect(), items, evidence };
    fs::write(path, saved.to_bytes()?).with_context(|| format!("cannot write {}", path.display()))
}
