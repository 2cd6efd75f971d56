//! The ranking, for a person and for a program.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use ranking::interval::{Interval, decimals};
use ranking::rank_sets::RankSet;
use ranking::slices::Condition;
use sdk::saved::Origin;
use serde::Serialize;

use super::IntervalKind;
use super::schemes::Scheme;

/// The most decimals that a score is shown with.
const MOST_DECIMALS: u8 = 6;

/// Everything that was found.
#[derive(Serialize)]
pub(super) struct Report {
    /// What made the evidence; absent for plain tables of scores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evaluator: Option<Identity>,
    pub(super) metric: String,
    /// What all items that count meet, as `attribute=value`.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub(super) conditions: Vec<String>,
    pub(super) items: usize,
    /// What was resampled: groups, or items.
    pub(super) units: usize,
    pub(super) level: f64,
    pub(super) replicates: usize,
    pub(super) seed: u64,
    pub(super) higher_is_better: bool,
    pub(super) interval: IntervalKind,
    /// How neighbours are compared.
    pub(super) test: Test,
    /// Between whom the first place is not settled; one name where it is.
    pub(super) first_place: Vec<String>,
    /// From best to worst.
    pub(super) entries: Vec<Entry>,
    /// The systems whose metric is undefined on these items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) unranked: Vec<Unranked>,
}

/// Whose rules made the evidence.
#[derive(Serialize)]
pub(super) struct Identity {
    id: String,
    version: String,
    mode: &'static str,
}

impl Identity {
    pub(super) fn of(origin: &Origin) -> Self {
        Self { id: origin.evaluator.clone(), version: origin.version.clone(), mode: origin.mode.name() }
    }
}

/// A system that has no rank.
#[derive(Serialize)]
pub(super) struct Unranked {
    pub(super) system: String,
    pub(super) reason: String,
}

/// How a system is compared with the one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Test {
    /// By random signs of the differences of units: exact under exchange, and without replicates.
    SignFlips,
    /// By the share of replicates in which the order is another.
    PairedBootstrap,
}

/// One system.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) system: String,
    pub(super) score: f64,
    /// Absent, as is everything below that needs replicates, where there is one unit only.
    pub(super) standard_error: Option<f64>,
    pub(super) interval: Option<Interval>,
    pub(super) rank: usize,
    pub(super) rank_set: RankSet,
    /// The number of its group of systems that cannot be told from the best of them.
    pub(super) group: usize,
    /// The share of the replicates in which it is first.
    pub(super) winner_share: Option<f64>,
    /// Its comparison with the next system; absent for the last.
    pub(super) next: Option<Next>,
}

/// A paired test of a system against the one below it.
#[derive(Serialize)]
pub(super) struct Next {
    /// By itself.
    pub(super) p: f64,
    /// Adjusted after Holm for all such pairs.
    pub(super) p_holm: f64,
}

impl Report {
    /// Prints JSON; numbers have every digit, so that the bits survive.
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Prints a table, and what it rests on.
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(Identity { id, version, mode }) = &self.evaluator {
            writeln!(out, "{id} {version} ({mode}), {}", self.metric)?;
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        let kind = if self.interval == IntervalKind::Bca { " BCa" } else { "" };
        let confidence = format!("{}%{kind} interval", 100.0 - 100.0 * self.level);
        table.set_header(["rank", "system", "score", &confidence, "ranks", "group", "first in", "p to next"]);
        let smallest = self.entries.iter().filter_map(|entry| entry.standard_error).reduce(f64::min);
        let digits = usize::from(decimals(smallest, MOST_DECIMALS));
        for entry in &self.entries {
            let absent = || "-".to_owned();
            table.add_row([
                entry.rank.to_string(),
                entry.system.clone(),
                format!("{:.digits$}", entry.score),
                entry.interval.map_or_else(absent, |Interval { lower, upper }| {
                    format!("{lower:.digits$} to {upper:.digits$}")
                }),
                shown_set(entry.rank_set),
                entry.group.to_string(),
                entry.winner_share.map_or_else(absent, |share| format!("{:.1}%", 100.0 * share)),
                entry.next.as_ref().map_or_else(absent, |next| shown_p(next.p_holm)),
            ]);
        }
        for position in [0, 2, 3, 6, 7] {
            if let Some(column) = table.column_mut(position) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(out, "{table}")?;
        let units =
            if self.units == self.items { String::new() } else { format!(" in {} groups", self.units) };
        let of = if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" with {}", self.conditions.join(" and "))
        };
        writeln!(out, "{} items{of}{units}, {} replicates, seed {}", self.items, self.replicates, self.seed)?;
        for Unranked { system, reason } in &self.unranked {
            writeln!(out, "not ranked: {system} ({reason})")?;
        }
        if self.units < 2 {
            writeln!(out, "with one unit nothing is known of the uncertainty")?;
        }
        if self.first_place.len() > 1 {
            writeln!(out, "the first place is not settled: {}", self.first_place.join(", "))?;
        }
        writeln!(
            out,
            "ranks: all true ranks lie within them with a probability of {}%",
            100.0 - 100.0 * self.level
        )?;
        let test = match self.test {
            Test::SignFlips => "sign flips",
            Test::PairedBootstrap => "paired bootstrap",
        };
        writeln!(out, "p to next: {test}, adjusted after Holm")
    }
}

/// An order by several metrics, or by the items or tests of one.
#[derive(Serialize)]
pub(super) struct Combined {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evaluator: Option<Identity>,
    pub(super) method: Scheme,
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub(super) conditions: Vec<String>,
    pub(super) items: usize,
    pub(super) units: usize,
    /// In the order in which they were named.
    pub(super) metrics: Vec<String>,
    /// From best to worst; those that cannot be ranked last.
    pub(super) entries: Vec<CombinedEntry>,
}

/// One system in such an order.
#[derive(Serialize)]
pub(super) struct CombinedEntry {
    pub(super) system: String,
    /// Absent where a metric is undefined.
    pub(super) rank: Option<usize>,
    /// What the method made of it.
    pub(super) score: Option<f64>,
    pub(super) metrics: BTreeMap<String, OfMetric>,
}

/// What one metric alone says.
#[derive(Serialize)]
pub(super) struct OfMetric {
    pub(super) value: Option<f64>,
    pub(super) rank: Option<usize>,
}

impl Combined {
    /// Prints JSON; numbers have every digit, so that the bits survive.
    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Prints a table: the order, and beside it the ranks by every metric alone.
    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let absent = || "-".to_owned();
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        let mut header = vec!["rank".to_owned(), "system".to_owned(), self.method.to_string()];
        header.extend(self.metrics.iter().cloned());
        table.set_header(header);
        for entry in &self.entries {
            let mut row = vec![
                entry.rank.map_or_else(absent, |rank| rank.to_string()),
                entry.system.clone(),
                entry.score.map_or_else(absent, |score| format!("{score:.3}")),
            ];
            row.extend(self.metrics.iter().map(|metric| match entry.metrics.get(metric) {
                Some(OfMetric { value: Some(value), rank: Some(rank) }) => format!("{rank} ({value:.4})"),
                _ => absent(),
            }));
            table.add_row(row);
        }
        for position in [0, 2] {
            if let Some(column) = table.column_mut(position) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        writeln!(out, "{table}")?;
        let of = if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" with {}", self.conditions.join(" and "))
        };
        writeln!(out, "{} items{of}; beside the order, ranks and values by every metric alone", self.items)?;
        for metric in &self.metrics {
            let is_first =
                |entry: &&CombinedEntry| entry.metrics.get(metric).is_some_and(|of| of.rank == Some(1));
            match self.entries.iter().find(is_first) {
                Some(other) if other.rank != Some(1) => {
                    writeln!(out, "by {metric} alone {} would be first", other.system)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Conditions as they are written on the command line.
pub(super) fn shown_conditions(conditions: &[Condition]) -> Vec<String> {
    conditions.iter().map(|of| format!("{}={}", of.attribute, of.value)).collect()
}

fn shown_set(set: RankSet) -> String {
    if set.best == set.worst { set.best.to_string() } else { format!("{}-{}", set.best, set.worst) }
}

fn shown_p(p: f64) -> String {
    if p < 0.0001 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}
