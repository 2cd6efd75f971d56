//! Systems from the files that `heldout evaluate --save` wrote.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use sdk::Limits;
use sdk::saved::{MAGIC, Origin, SavedEvaluation};

use super::contest::{Contest, ContestMetric, System};

/// Whether a file begins as a saved evaluation.
pub(super) fn is_saved(path: &Path) -> anyhow::Result<bool> {
    let mut beginning = Vec::with_capacity(MAGIC.len());
    let open = File::open(path).and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut beginning));
    open.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(SavedEvaluation::is_beginning(&beginning))
}

/// Reads the evaluations, each a system with the name of its file; all faults of all files are told.
pub(super) fn read(paths: &[PathBuf]) -> anyhow::Result<Contest> {
    let mut faults = Vec::new();
    let mut read: Vec<(String, &Path, SavedEvaluation)> = Vec::with_capacity(paths.len());
    for path in paths {
        let saved = match saved_at(path) {
            Ok(saved) => saved,
            Err(error) => {
                faults.push(format!("{}: {error:#}", path.display()));
                continue;
            }
        };
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some((_, first_path, first)) = read.first()
            && let Some(difference) = difference(first, &saved)
        {
            faults.push(format!(
                "{} cannot be compared with {}: {difference}",
                path.display(),
                first_path.display()
            ));
        }
        if read.iter().any(|(known, ..)| *known == name) {
            faults.push(format!("{}: another file names the system {name:?} too", path.display()));
        }
        read.push((name, path, saved));
    }
    if !faults.is_empty() {
        bail!("the evaluations cannot be ranked\n{}", faults.join("\n"));
    }
    read.sort_by(|one, other| one.0.cmp(&other.0));
    let Some((_, _, SavedEvaluation { origin, metrics, items, .. })) = read.first().cloned() else {
        bail!("there are no evaluations");
    };
    let metrics =
        metrics.into_iter().map(|metric| ContestMetric { name: metric.name, direction: metric.direction });
    Ok(Contest {
        origin: Some(origin),
        metrics: metrics.collect(),
        items,
        strata: None,
        systems: read.into_iter().map(|(name, _, saved)| System { name, evidence: saved.evidence }).collect(),
    })
}

fn saved_at(path: &Path) -> anyhow::Result<SavedEvaluation> {
    let most = Limits::default().bytes;
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        bail!("the file is larger than {most} bytes");
    }
    Ok(SavedEvaluation::from_bytes(&bytes)?)
}

/// Why the scores of two evaluations mean different things, if they do.
fn difference(first: &SavedEvaluation, other: &SavedEvaluation) -> Option<String> {
    let (one, two) = (&first.origin, &other.origin);
    let Origin { evaluator, version, mode, params, annotations } = two;
    if *evaluator != one.evaluator {
        return Some(format!("it was made by {evaluator}, the other by {}", one.evaluator));
    }
    if *version != one.version {
        return Some(format!(
            "it was made by version {version} of {evaluator}, the other by {}",
            one.version
        ));
    }
    if *mode != one.mode {
        return Some(format!("it was made in {} mode, the other in {} mode", mode.name(), one.mode.name()));
    }
    if *params != one.params {
        return Some(format!("it was made with the parameters {params}, the other with {}", one.params));
    }
    if *annotations != one.annotations {
        return Some("they were evaluated on different annotations".to_owned());
    }
    if other.items != first.items {
        return Some(
            "their items have different groups or attributes; give both the same --items".to_owned(),
        );
    }
    (other.metrics != first.metrics).then(|| "they have different metrics".to_owned())
}
