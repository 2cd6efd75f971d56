//! Scores of systems on items, from CSV tables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use ndarray::Array2;
use sdk::{Direction, Evidence, Ids, Items};

use super::contest::{Contest, ContestMetric, System};

/// How many faults are told before the rest is only counted.
const MOST_FAULTS: usize = 20;

/// The name of the only metric of a table.
const SCORE: &str = "score";
/// The attribute that names the stratum of an item.
const STRATUM: &str = "stratum";

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

/// Reads all tables and puts them together, whatever the order of rows and files; every fault is told with its file and line.
pub(super) fn read(paths: &[PathBuf], lower_is_better: bool) -> anyhow::Result<Contest> {
    let mut reading = Reading::default();
    for path in paths {
        reading.read(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    reading.finish(if lower_is_better { Direction::Lower } else { Direction::Higher })
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

    fn finish(mut self, direction: Direction) -> anyhow::Result<Contest> {
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
        Ok(self.contest(direction))
    }

    fn contest(self, direction: Direction) -> Contest {
        let groups: Option<Vec<&str>> = self.items.values().map(|row| row.group.as_deref()).collect();
        let mut items = match groups {
            Some(groups) => Items::new(self.items.keys().zip(groups)),
            None => Items::ungrouped(self.items.keys().collect::<Ids>()),
        };
        let strata: Option<Vec<&str>> = self.items.values().map(|row| row.stratum.as_deref()).collect();
        if let Some(strata) = &strata {
            items.set_attribute(STRATUM, strata.iter().map(|stratum| [stratum]));
        }
        let systems = self.scores.into_iter().map(|(name, scores)| {
            let mut evidence = Evidence::new(scores.len());
            let scores: Vec<f64> = scores.into_values().collect();
            evidence.means(1.0, [SCORE], Array2::from_shape_fn((scores.len(), 1), |(item, _)| scores[item]));
            System { name, evidence }
        });
        Contest {
            origin: None,
            systems: systems.collect(),
            metrics: vec![ContestMetric { name: SCORE.to_owned(), direction }],
            strata: strata.map(|strata| numbered(&strata)),
            items,
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
fn numbered(names: &[&str]) -> Vec<u32> {
    let mut numbers: BTreeMap<&str, u32> = names.iter().map(|name| (*name, 0)).collect();
    for (next, number) in numbers.values_mut().enumerate() {
        *number = next as u32;
    }
    names.iter().map(|name| numbers[name]).collect()
}
