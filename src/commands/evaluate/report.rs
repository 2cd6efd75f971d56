//! The result of `heldout evaluate`, for a person and for a program.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use sdk::evidence::Note;
use sdk::{Direction, Faults, Metric, Score};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::OutputFormat;

/// Everything that an evaluation found.
pub(super) struct Report {
    pub(super) evaluator: String,
    pub(super) version: String,
    pub(super) mode: &'static str,
    pub(super) metrics: Vec<Metric>,
    pub(super) all: Block,
    pub(super) splits: Vec<(String, Block)>,
    pub(super) slices: BTreeMap<String, Vec<(String, Block)>>,
    pub(super) notes: Vec<Note>,
}

/// The scores of some of the items.
pub(super) struct Block {
    /// How many items they are.
    pub(super) items: usize,
    /// One per metric, in the order of the metrics.
    pub(super) scores: Vec<Score>,
}

impl Report {
    /// Prints JSON; numbers have every digit, so that the bits survive.
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Prints one table for all items and the splits, and one per slice.
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{} {} ({})", self.evaluator, self.version, self.mode)?;
        let all = [("all".to_owned(), &self.all)];
        let splits = self.splits.iter().map(|(name, block)| (name.clone(), block));
        self.write_table(&all.into_iter().chain(splits).collect::<Vec<_>>(), out)?;
        for (attribute, values) in &self.slices {
            for (value, block) in values {
                writeln!(out, "\n{attribute} = {value}")?;
                self.write_table(&[("score".to_owned(), block)], out)?;
            }
        }
        for note in &self.notes {
            writeln!(out, "note: {}", note.message)?;
        }
        Ok(())
    }

    fn write_table(&self, blocks: &[(String, &Block)], out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        let names = blocks.iter().map(|(name, _)| name.clone());
        table.set_header(
            ["metric".to_owned(), "unit".to_owned(), "better".to_owned()].into_iter().chain(names),
        );
        for (position, metric) in self.metrics.iter().enumerate() {
            let better = match metric.direction {
                Direction::Higher => "higher",
                Direction::Lower => "lower",
            };
            let scores = blocks.iter().map(|(_, block)| shown(metric, block.scores.get(position).copied()));
            table.add_row(
                [metric.name.clone(), metric.unit.clone(), better.to_owned()].into_iter().chain(scores),
            );
        }
        let counts = blocks.iter().map(|(_, block)| block.items.to_string());
        table.add_row(["items".to_owned(), String::new(), String::new()].into_iter().chain(counts));
        for column in table.column_iter_mut().skip(3) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(out, "{table}")?;
        let mut reasons: Vec<String> = blocks.iter().flat_map(|(_, block)| self.reasons(block)).collect();
        reasons.sort();
        reasons.dedup();
        for reason in reasons {
            writeln!(out, "undefined: {reason}")?;
        }
        Ok(())
    }

    fn reasons(&self, block: &Block) -> Vec<String> {
        let pairs = self.metrics.iter().zip(&block.scores);
        pairs
            .filter_map(|(metric, score)| match score {
                Score::Value(_) => None,
                Score::Undefined(reason) => Some(format!("{}: {reason}", metric.name)),
            })
            .collect()
    }
}

fn shown(metric: &Metric, score: Option<Score>) -> String {
    match score {
        Some(Score::Value(value)) => format!("{value:.*}", usize::from(metric.decimals)),
        Some(Score::Undefined(_)) | None => "undefined".to_owned(),
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let identity: BTreeMap<&str, &str> =
            [("id", self.evaluator.as_str()), ("version", &self.version), ("mode", self.mode)].into();
        map.serialize_entry("evaluator", &identity)?;
        WrittenBlock { metrics: &self.metrics, block: &self.all }.entries(&mut map)?;
        map.serialize_entry("splits", &WrittenBlocks { metrics: &self.metrics, blocks: &self.splits })?;
        if !self.slices.is_empty() {
            let slices: BTreeMap<&str, WrittenBlocks<'_>> = self
                .slices
                .iter()
                .map(|(name, blocks)| (name.as_str(), WrittenBlocks { metrics: &self.metrics, blocks }))
                .collect();
            map.serialize_entry("slices", &slices)?;
        }
        if !self.notes.is_empty() {
            map.serialize_entry("notes", &self.notes)?;
        }
        map.end()
    }
}

/// Blocks by the names of their splits or slices.
struct WrittenBlocks<'a> {
    metrics: &'a [Metric],
    blocks: &'a [(String, Block)],
}

impl Serialize for WrittenBlocks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |block| WrittenBlock { metrics: self.metrics, block };
        serializer.collect_map(self.blocks.iter().map(|(name, block)| (name, written(block))))
    }
}

/// `items`, `metrics` and, if some have no value, `undefined` with the reasons.
struct WrittenBlock<'a> {
    metrics: &'a [Metric],
    block: &'a Block,
}

impl WrittenBlock<'_> {
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("items", &self.block.items)?;
        map.serialize_entry("metrics", &Values(self))?;
        if self.block.scores.iter().any(|score| score.value().is_none()) {
            map.serialize_entry("undefined", &Reasons(self))?;
        }
        Ok(())
    }

    fn scores(&self) -> impl Iterator<Item = (&str, Score)> {
        self.metrics.iter().map(|metric| metric.name.as_str()).zip(self.block.scores.iter().copied())
    }
}

impl Serialize for WrittenBlock<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

/// The values by metric; `null` for what is undefined.
struct Values<'a>(&'a WrittenBlock<'a>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.scores().map(|(name, score)| (name, score.value())))
    }
}

/// Why metrics have no value.
struct Reasons<'a>(&'a WrittenBlock<'a>);

impl Serialize for Reasons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.scores().filter_map(|(name, score)| match score {
            Score::Value(_) => None,
            Score::Undefined(reason) => Some((name, reason.to_string())),
        }))
    }
}

/// A refusal, as it is printed.
#[derive(serde::Serialize)]
struct Refusal<'a> {
    status: &'static str,
    #[serde(flatten)]
    faults: &'a Faults,
}

/// Prints why a submission is refused.
pub(super) fn write_faults(faults: &Faults, format: OutputFormat, out: &mut dyn Write) -> io::Result<()> {
    match format {
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &Refusal { status: "invalid", faults })?;
            writeln!(out)
        }
        OutputFormat::Text => {
            let plural = if faults.fault_count == 1 { "" } else { "s" };
            writeln!(out, "invalid: {} fault{plural}\n{faults}", faults.fault_count)
        }
    }
}
