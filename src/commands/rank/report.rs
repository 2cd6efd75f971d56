//! The ranking, for a person and for a program.

use std::io::{self, Write};

use comfy_table::{CellAlignment, Table, presets};
use ranking::interval::{Interval, decimals};
use ranking::rank_sets::RankSet;
use serde::Serialize;

/// The most decimals that a score is shown with.
const MOST_DECIMALS: u8 = 6;

/// Everything that was found.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) items: usize,
    /// What was resampled: groups, or items.
    pub(super) units: usize,
    pub(super) level: f64,
    pub(super) replicates: usize,
    pub(super) seed: u64,
    pub(super) higher_is_better: bool,
    /// Between whom the first place is not settled; one name where it is.
    pub(super) first_place: Vec<String>,
    /// From best to worst.
    pub(super) entries: Vec<Entry>,
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
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY);
        let confidence = format!("{}% interval", 100.0 - 100.0 * self.level);
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
        writeln!(out, "{} items{units}, {} replicates, seed {}", self.items, self.replicates, self.seed)?;
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
        writeln!(out, "p to next: sign flips, adjusted after Holm")
    }
}

fn shown_set(set: RankSet) -> String {
    if set.best == set.worst { set.best.to_string() } else { format!("{}-{}", set.best, set.worst) }
}

fn shown_p(p: f64) -> String {
    if p < 0.0001 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}
