//! Scores of systems on items, from CSV tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use domain::Digest;

/// How many faults are told before the rest is only counted.
const MOST_FAULTS: usize = 20;

/// The scores of every system on the same items, in the order of their names, whatever the order of rows and files.
pub(super) struct ScoreTable {
    /// The items, sorted.
    pub(super) items: Vec<String>,
    /// What every item is resampled with: the number of its group, or one of its own.
    pub(super) groups: Vec<u32>,
    /// The number of the stratum of every item; absent where no table names strata.
    pub(super) strata: Option<Vec<u32>>,
    /// The systems, sorted.
    pub(super) systems: Vec<String>,
    /// The scores, as `[system][item]`, all finite.
    pub(super) scores: Vec<Vec<f64>>,
    /// What the draws depend on: the items with their groups and strata, and not the systems, so that a further system
    /// leaves the replicates of the others as they are.
    pub(super) items_digest: Digest,
}

/// What is known of an item before all rows are read.
#[derive(Default)]
struct ItemRow {
    group: Option<String>,
    stratum: Option<String>,
}

#[derive(Default)]
struct Reading {
    items: BTreeMap<String, ItemRow>,
    scores: BTreeMap<String, BTreeMap<String, f64>>,
    faults: Vec<String>,
    faults_in_all: usize,
}

impl ScoreTable {
    /// Reads all tables and puts them together; every fault is told with its file and line.
    pub(super) fn read(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let mut reading = Reading::default();
        for path in paths {
            reading.read(path).with_context(|| format!("cannot read {}", path.display()))?;
        }
        reading.finish()
    }
}

impl Reading {
    fn read(&mut self, path: &Path) -> anyhow::Result<()> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path)?;
        let headers = reader.headers()?.clone();
        let column = |name: &str| {
            headers.iter().position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
        };
        let (Some(item), Some(score)) = (column("item"), column("score")) else {
            bail!(
                "it needs the columns item and score; it has {}",
                headers.iter().collect::<Vec<_>>().join(", ")
            );
        };
        let (system, group, stratum) = (column("system"), column("group"), column("stratum"));
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for row in reader.records() {
            let row = row?;
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |column: usize| row.get(column).unwrap_or_default();
            let said = |column: Option<usize>| column.map(cell).filter(|cell| !cell.is_empty());
            let told = Row {
                item: cell(item),
                system: system.map_or(stem.as_str(), cell),
                score: cell(score),
                group: said(group),
                stratum: said(stratum),
            };
            if let Err(fault) = self.take(&told) {
                self.fault(format!("{}:{line}: {fault}", path.display()));
            }
        }
        Ok(())
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), String> {
        for (name, cell) in [("item", row.item), ("system", row.system)] {
            if cell.is_empty() {
                return Err(format!("the {name} is empty"));
            }
        }
        let score = row.score.parse().ok().filter(|score: &f64| score.is_finite());
        let score = score.ok_or_else(|| format!("the score {:?} is not a finite number", row.score))?;
        let item = self.items.entry(row.item.to_owned()).or_default();
        for (name, known, cell) in
            [("group", &mut item.group, row.group), ("stratum", &mut item.stratum, row.stratum)]
        {
            let Some(cell) = cell else { continue };
            let known = known.get_or_insert_with(|| cell.to_owned());
            if known != cell {
                return Err(format!(
                    "item {:?} is in the {name} {cell:?} here and {known:?} before",
                    row.item
                ));
            }
        }
        let scores = self.scores.entry(row.system.to_owned()).or_default();
        match scores.insert(row.item.to_owned(), score) {
            Some(_) => Err(format!("system {:?} has a second score for item {:?}", row.system, row.item)),
            None => Ok(()),
        }
    }

    fn fault(&mut self, fault: String) {
        self.faults_in_all += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn finish(mut self) -> anyhow::Result<ScoreTable> {
        let mut missing = Vec::new();
        for (system, scores) in &self.scores {
            let lacking: Vec<&String> =
                self.items.keys().filter(|item| !scores.contains_key(*item)).collect();
            if let Some(first) = lacking.first() {
                let more = lacking.len() - 1;
                missing.push(format!("system {system:?} has no score for item {first:?} and {more} more"));
            }
        }
        // Some groups without others would make units of both kinds, which nobody means.
        for (name, of) in [("group", ItemRow::group as fn(&ItemRow) -> bool), ("stratum", ItemRow::stratum)] {
            let named = self.items.values().filter(|item| of(item)).count();
            let first = self.items.iter().find(|(_, item)| !of(item));
            if let Some((item, _)) = first
                && named > 0
            {
                missing.push(format!("item {item:?} has no {name}, and others have one"));
            }
        }
        for fault in missing {
            self.fault(fault);
        }
        if self.items.is_empty() && self.faults.is_empty() {
            bail!("there are no scores");
        }
        if !self.faults.is_empty() {
            let more = self.faults_in_all - self.faults.len();
            let rest = if more > 0 { format!("\nand {more} more") } else { String::new() };
            bail!("the scores cannot be ranked\n{}{rest}", self.faults.join("\n"));
        }
        Ok(self.table())
    }

    fn table(self) -> ScoreTable {
        let groups: Vec<(bool, &str)> = self
            .items
            .iter()
            .map(|(item, row)| row.group.as_deref().map_or((false, item.as_str()), |group| (true, group)))
            .collect();
        let strata: Option<Vec<&str>> = self.items.values().map(|row| row.stratum.as_deref()).collect();
        let mut text = String::new();
        for (position, item) in self.items.keys().enumerate() {
            let stratum = strata.as_ref().map_or("", |strata| strata[position]);
            text.push_str(&format!("{item:?} {:?} {stratum:?}\n", groups[position]));
        }
        ScoreTable {
            groups: numbered(&groups),
            strata: strata.map(|strata| numbered(&strata)),
            scores: self.scores.values().map(|scores| scores.values().copied().collect()).collect(),
            systems: self.scores.keys().cloned().collect(),
            items_digest: Digest::of(text.as_bytes()),
            items: self.items.into_keys().collect(),
        }
    }
}

impl ItemRow {
    fn group(&self) -> bool {
        self.group.is_some()
    }

    fn stratum(&self) -> bool {
        self.stratum.is_some()
    }
}

/// One row as it was written.
struct Row<'a> {
    item: &'a str,
    system: &'a str,
    score: &'a str,
    group: Option<&'a str>,
    stratum: Option<&'a str>,
}

/// Equal names get equal numbers, from 0 in the order of the names.
fn numbered<T: Ord + Copy>(names: &[T]) -> Vec<u32> {
    let mut numbers: BTreeMap<T, u32> = names.iter().map(|name| (*name, 0)).collect();
    for (next, number) in numbers.values_mut().enumerate() {
        *number = next as u32;
    }
    names.iter().map(|name| numbers[name]).collect()
}
