//! `heldout evaluators`: the tasks that this server can score, and everything that is documented of one.
//!
//! All of it is generated from the manifests, so that it cannot differ from what the evaluators do.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::Args;
use comfy_table::Table;
use comfy_table::presets;
use registry::Registry;
use sdk::{Direction, Evaluator, Format, Manifest, Metric, Param, ParamKind};

use crate::evaluate::{EXIT_FAILED, OutputFormat};

/// What `heldout evaluators` is told.
#[derive(Debug, Clone, Args)]
pub struct EvaluatorsArgs {
    /// The id of one evaluator, to read all about it
    pub id: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = OutputFormat::Text)]
    pub format: OutputFormat,
}

/// Lists the evaluators, or documents one; the result is the exit code.
pub fn run(args: &EvaluatorsArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let registry = Registry::built_in();
    let printed = match &args.id {
        None => list(&registry, args.format, out).map(|()| 0),
        Some(id) => match registry.get(id) {
            Some(evaluator) => document(evaluator.manifest(), args.format, out).map(|()| 0),
            None => writeln!(err, "error: there is no evaluator {id:?}; `heldout evaluators` lists them")
                .map(|()| EXIT_FAILED),
        },
    };
    // When nobody reads the output any more there is nobody to tell.
    printed.unwrap_or(EXIT_FAILED)
}

fn list(registry: &Registry, format: OutputFormat, out: &mut dyn Write) -> io::Result<()> {
    let manifests: Vec<&Manifest> = registry.iter().map(Evaluator::manifest).collect();
    match format {
        OutputFormat::Json => write_json(&manifests, out),
        OutputFormat::Text => {
            let mut table = Table::new();
            table.load_style(presets::UTF8_HORIZONTAL_ONLY);
            table.set_header(["id", "version", "task", "ranked by"]);
            for manifest in manifests {
                let primary = manifest.metrics.first().map_or("", |metric| metric.name.as_str());
                table.add_row([&manifest.id, &manifest.version, &manifest.title, primary]);
            }
            writeln!(out, "{table}")
        }
    }
}

fn document(manifest: &Manifest, format: OutputFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        OutputFormat::Json => write_json(manifest, out),
        OutputFormat::Text => out.write_all(markdown(manifest).as_bytes()),
    }
}

fn write_json(value: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// The whole documentation of an evaluator, in Markdown.
pub fn markdown(manifest: &Manifest) -> String {
    let mut sections = vec![
        format!("# {} (`{}` {})", manifest.title, manifest.id, manifest.version),
        manifest.description.clone(),
        format!("One item is one {}; items are resampled by {}.", manifest.item, manifest.resampling_unit),
    ];
    for format in &manifest.annotations {
        let optional = if format.optional { ", optional" } else { "" };
        sections.push(format!("## Annotations: `{}` ({}{optional})", format.name, format.media_type));
        sections.extend(described(format));
    }
    if let Some(published) = &manifest.unannotated {
        sections.push(format!(
            "## Without the annotations, for `heldout evaluate --check` ({})",
            published.media_type
        ));
        sections.extend(described(published));
    }
    sections.push(format!("## Submission ({})", manifest.submission.media_type));
    sections.extend(described(&manifest.submission));
    sections.push("## Metrics".to_owned());
    sections.push(manifest.metrics.iter().map(metric_line).collect::<Vec<_>>().join("\n"));
    if !manifest.params.0.is_empty() {
        sections.push("## Parameters".to_owned());
        sections.push(manifest.params.0.iter().map(param_line).collect::<Vec<_>>().join("\n"));
    }
    sections.push("## Rules".to_owned());
    sections.push(manifest.rules.clone());
    if !manifest.references.is_empty() {
        sections.push("## References".to_owned());
        let lines = manifest.references.iter().map(|one| format!("- {}: <{}>", one.title, one.url));
        sections.push(lines.collect::<Vec<_>>().join("\n"));
    }
    let mut text = sections.iter().map(|section| section.trim()).collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

fn described(format: &Format) -> [String; 2] {
    [format.description.clone(), format!("```\n{}\n```", format.example.trim_end())]
}

fn metric_line(metric: &Metric) -> String {
    let better = match metric.direction {
        Direction::Higher => "higher is better",
        Direction::Lower => "lower is better",
    };
    let range = match (metric.minimum, metric.maximum) {
        (Some(minimum), Some(maximum)) => format!(", {minimum} to {maximum}"),
        (Some(minimum), None) => format!(", from {minimum}"),
        (None, Some(maximum)) => format!(", up to {maximum}"),
        (None, None) => String::new(),
    };
    format!("- `{}` ({}{range}; {better}): {}", metric.name, metric.unit, metric.description)
}

fn param_line(param: &Param) -> String {
    let kind = match &param.kind {
        ParamKind::Boolean => "true or false".to_owned(),
        ParamKind::Integer { minimum, maximum } => format!("a whole number from {minimum} to {maximum}"),
        ParamKind::Number { minimum, maximum } => format!("a number from {minimum} to {maximum}"),
        ParamKind::Text => "a text".to_owned(),
        ParamKind::Choice { choices } => format!("one of {}", choices.join(", ")),
        ParamKind::Numbers { minimum, maximum, .. } => format!("numbers from {minimum} to {maximum}"),
        ParamKind::Texts => "texts".to_owned(),
    };
    let mut line = format!("- `{}` ({kind}", param.name);
    match param.default.as_ref().map(serde_json::to_string) {
        // Writing to a string cannot fail.
        Some(Ok(default)) => _ = write!(line, "; default `{default}`"),
        _ => line.push_str("; unset by default"),
    }
    format!("{line}): {}", param.description)
}
