//! Submissions, scores and faults as text.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};

use crate::api::{Fault, MetricScore, Submission};

/// A table that reads as well in a terminal as in a page of Markdown.
pub(crate) fn table<I: IntoIterator<Item = String>>(head: I) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(head.into_iter().collect::<Vec<_>>());
    table
}

/// Numbers stand at the right.
pub(crate) fn align_right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// How a submission ended: its scores, its faults or its failure.
pub(crate) fn submission(out: &mut dyn Write, submission: &Submission) -> io::Result<()> {
    writeln!(out, "submission {}", submission.id)?;
    writeln!(out, "file       {} ({} bytes)", submission.file_name, submission.size_bytes)?;
    writeln!(out, "team       {}", submission.team.name)?;
    if !submission.method.name.is_empty() {
        writeln!(out, "method     {}", submission.method.name)?;
    }
    writeln!(out, "state      {}", standing(submission))?;
    match (&submission.evaluation, submission.state.as_str()) {
        (Some(evaluation), "scored") => {
            let crate::api::Evaluation { evaluator, version, mode, annotations_version, .. } = evaluation;
            writeln!(out, "scored by  {evaluator} {version} ({mode}), annotations {annotations_version}")?;
            scores(out, submission)
        }
        (_, "invalid") => faults(out, submission.fault_count, &submission.faults),
        (_, "failed") => writeln!(
            out,
            "the evaluation failed ({}); the organizers see why and can run it again",
            submission.failure.as_deref().unwrap_or("no reason given")
        ),
        _ => Ok(()),
    }
}

/// The state, with the place in the queue where there is one.
pub(crate) fn standing(submission: &Submission) -> String {
    let withdrawn = submission.withdrawn.as_ref().is_some_and(|withdrawn| !withdrawn.is_null());
    let state = match (submission.state.as_str(), submission.queue_position) {
        ("queued", Some(position)) => match position {
            ..100 => format!("queued, {position} before it"),
            _ => "queued, 100 or more before it".to_owned(),
        },
        (state, _) => state.to_owned(),
    };
    if withdrawn { format!("{state}, withdrawn") } else { state }
}

fn scores(out: &mut dyn Write, submission: &Submission) -> io::Result<()> {
    let Some(evaluation) = &submission.evaluation else { return Ok(()) };
    let heads = evaluation.splits.iter().map(|split| match split.visibility.as_str() {
        "public" => split.codename.clone(),
        visibility => format!("{} ({visibility})", split.codename),
    });
    let mut table = table(std::iter::once("metric".to_owned()).chain(heads));
    let metrics = evaluation.splits.first().map(|split| split.metrics.as_slice()).unwrap_or_default();
    for metric in metrics {
        let mut row = vec![metric_name(metric)];
        for split in &evaluation.splits {
            row.push(
                split.metrics.iter().find(|found| found.name == metric.name).map_or_else(String::new, value),
            );
        }
        table.add_row(row);
    }
    align_right(&mut table, 1..=evaluation.splits.len());
    writeln!(out, "{table}")
}

fn metric_name(metric: &MetricScore) -> String {
    match metric.unit.as_str() {
        "" => metric.name.clone(),
        unit => format!("{} [{unit}]", metric.name),
    }
}

fn value(metric: &MetricScore) -> String {
    match (metric.value, &metric.undefined) {
        (Some(value), _) => number(value),
        (None, Some(reason)) => format!("undefined ({reason})"),
        (None, None) => "undefined".to_owned(),
    }
}

/// Enough digits to compare by, few enough to read; programs take `--format json`.
fn number(value: f64) -> String {
    format!("{value:.4}")
}

/// Everything that is wrong with a file: where, what, what was expected and what was found.
pub(crate) fn faults(out: &mut dyn Write, count: u64, faults: &[Fault]) -> io::Result<()> {
    writeln!(out, "the file has {count} {}", if count == 1 { "fault" } else { "faults" })?;
    for fault in faults {
        writeln!(out, "  {fault}")?;
        for (word, text) in [("expected", &fault.expected), ("found", &fault.found)] {
            if let Some(text) = text {
                writeln!(out, "    {word}: {text}")?;
            }
        }
    }
    let more = count.saturating_sub(faults.len() as u64);
    if more > 0 { writeln!(out, "  and {more} more") } else { Ok(()) }
}
