//! Leaderboards: columns, what ranks, what is computed, which submission counts.

use std::collections::BTreeSet;

use domain::metric::MetricSpec;
use domain::phase::FinalChoice;

use crate::imported::{Audience, Computation, ImportedBoard, ImportedMetric, Operation};
use crate::names;
use crate::yaml::{Item, Table, Value};

/// The most digits behind the point that are shown.
const MOST_DECIMALS: u32 = 20;

/// The first leaderboard of a competition, which is the only one.
pub(super) struct Leaderboard {
    pub(super) board: ImportedBoard,
    pub(super) final_choice: FinalChoice,
}

/// A column, before its computation is resolved.
pub(super) struct Column<'a> {
    pub(super) item: Item<'a>,
    pub(super) index: i64,
    pub(super) metric: ImportedMetric,
    /// The operation, and the columns it is of, by index or key.
    pub(super) computed: Option<(Operation, Vec<String>)>,
}

/// Puts columns into order and resolves what they are computed of; `primary` is the index of the one that ranks.
pub(super) fn board(
    title: &str,
    key: &str,
    is_hidden: bool,
    primary: i64,
    mut columns: Vec<Column<'_>>,
) -> Option<ImportedBoard> {
    columns.sort_by_key(|column| column.index);
    let computed: BTreeSet<i64> =
        columns.iter().filter(|column| column.computed.is_some()).map(|column| column.index).collect();
    let mut is_right = true;
    for position in 0..columns.len() {
        let Some((operation, of)) = columns[position].computed.take() else { continue };
        let mut names = Vec::new();
        for name in &of {
            let found = columns
                .iter()
                .find(|other| other.metric.spec.name == *name || other.index.to_string() == *name);
            match found {
                Some(other) if other.index == columns[position].index => {
                    columns[position].item.fault(format!(
                        "Column with index {} referencing itself. Cannot self-reference, must be other columns.",
                        other.index
                    ));
                    is_right = false;
                }
                // Upstream computes in order of the columns, of what is there by then.
                Some(other) if computed.contains(&other.index) && other.index > columns[position].index => {
                    columns[position]
                        .item
                        .fault(format!("is computed of {name}, which is computed after it"));
                    is_right = false;
                }
                Some(other) => names.push(other.metric.spec.name.clone()),
                None => {
                    columns[position]
                        .item
                        .fault(format!("is computed of column {name}, which does not exist"));
                    is_right = false;
                }
            }
        }
        columns[position].metric.computation = Some(Computation { operation, of: names });
    }
    let primary = columns.iter().find(|column| column.index == primary)?.metric.spec.name.clone();
    let metrics: Vec<_> = columns.into_iter().map(|column| column.metric).collect();
    // The other columns decide between equals, in their order.
    let tie_breakers = metrics.iter().map(|metric| metric.spec.name.clone()).filter(|name| *name != primary);
    is_right.then_some(())?;
    Some(ImportedBoard {
        config_ids: (1, 1),
        wire_name: key.to_owned(),
        codename: names::codename(key, std::iter::empty())?,
        title: title.to_owned(),
        audience: if is_hidden { Audience::Organizers } else { Audience::Everyone },
        tie_breakers: tie_breakers.collect(),
        metrics,
        primary,
    })
}

/// A metric by its key and the words around it.
pub(super) fn metric(
    key: &str,
    title: &str,
    sorting: Option<bool>,
    decimals: u8,
    is_hidden: bool,
) -> ImportedMetric {
    ImportedMetric {
        spec: MetricSpec {
            name: key.to_owned(),
            label: title.to_owned(),
            unit: String::new(),
            higher_is_better: sorting.unwrap_or(true),
            decimals,
        },
        description: String::new(),
        is_hidden,
        computation: None,
    }
}

/// Whether more is better: `desc`, unless `asc` is said.
pub(super) fn sorting(table: &Table<'_>, key: &str) -> Option<bool> {
    let text = table.text(key).filter(|text| !text.is_empty())?;
    match text.to_ascii_lowercase().as_str() {
        "desc" => Some(true),
        "asc" => Some(false),
        _ => {
            table.complain(&table.get(key)?, key, &format!("\"{text}\" is not a valid choice."));
            None
        }
    }
}

/// The digits behind the point; 2 unless something else is said.
pub(super) fn decimals(table: &Table<'_>, key: &str) -> u8 {
    let digits = table.count(key).unwrap_or(2);
    if digits > MOST_DECIMALS
        && let Some(item) = table.get(key)
    {
        table.complain(&item, key, &format!("Ensure this value is less than or equal to {MOST_DECIMALS}."));
    }
    u8::try_from(digits.min(MOST_DECIMALS)).unwrap_or(2)
}

/// `avg`, `sum`, `min`, `max`, and the newer `avg_rank`, in any letters.
pub(super) fn operation(text: &str) -> Option<Operation> {
    match text.trim().to_ascii_lowercase().as_str() {
        "avg" => Some(Operation::Mean),
        "sum" => Some(Operation::Sum),
        "min" => Some(Operation::Minimum),
        "max" => Some(Operation::Maximum),
        "avg_rank" => Some(Operation::MeanRank),
        _ => None,
    }
}

/// The leaderboard of version 2.
pub(super) fn read_v2(root: &Table<'_>) -> Option<Leaderboard> {
    let items = root.list("leaderboards");
    let Some(first) = items.first() else {
        root.fault("Could not find leaderboards in the competition yaml");
        return None;
    };
    if items.len() > 1
        && let Some(list) = root.get("leaderboards")
    {
        list.warn("only the first is used");
    }
    let table = first.table("")?;
    let title = required(&table, first, "title", 64);
    let key = required(&table, first, "key", 36);
    let primary = table.integer("primary_index").unwrap_or(0);
    let final_choice = submission_rule(&table);
    let columns: Vec<_> = table.list("columns").into_iter().filter_map(|item| read_column(&item)).collect();
    if table
        .get("columns")
        .is_none_or(|item| matches!(&item.node.value, Value::List(nodes) if nodes.is_empty()))
    {
        first.fault("Leaderboards require at least 1 column");
    }
    let mut seen = (BTreeSet::new(), BTreeSet::new());
    for column in &columns {
        if !seen.0.insert(column.index) {
            column.item.fault(format!("two columns have the index {}", column.index));
        }
        if !seen.1.insert(column.metric.spec.name.as_str()) {
            column.item.fault(format!("two columns have the key {}", column.metric.spec.name));
        }
    }
    if !columns.is_empty() && columns.iter().all(|column| column.index != primary) {
        table
            .get("primary_index")
            .as_ref()
            .unwrap_or(first)
            .fault(format!("no column has the primary index {primary}"));
    }
    let is_hidden = table.flag("hidden").unwrap_or(false);
    let board = board(title?, key?, is_hidden, primary, columns)?;
    Some(Leaderboard { board, final_choice })
}

fn required<'a>(table: &Table<'a>, item: &Item<'a>, key: &str, most: usize) -> Option<&'a str> {
    let text = table.short_text(key, most).filter(|text| !text.trim().is_empty());
    if text.is_none() && table.get(key).is_none_or(|item| item.text().is_some()) {
        table.complain(item, key, "This field is required.");
    }
    text
}

fn submission_rule(table: &Table<'_>) -> FinalChoice {
    let Some(item) = table.get("submission_rule") else { return FinalChoice::Chosen };
    let (choice, is_many) = match item.text().unwrap_or_default() {
        "Add" | "Add_And_Delete" => (FinalChoice::Chosen, false),
        "Add_And_Delete_Multiple" => (FinalChoice::Chosen, true),
        "Force_Last" => (FinalChoice::Latest, false),
        "Force_Latest_Multiple" => (FinalChoice::Latest, true),
        "Force_Best" => (FinalChoice::Best, false),
        other => {
            table.complain(&item, "submission_rule", &format!("\"{other}\" is not a valid choice."));
            (FinalChoice::Chosen, false)
        }
    };
    if is_many {
        item.warn("a team has one entry on a board here; its others are listed with its submissions");
    }
    choice
}

fn read_column<'a>(item: &Item<'a>) -> Option<Column<'a>> {
    let table = item.table("")?;
    let title = required(&table, item, "title", 200);
    let key = required(&table, item, "key", 36);
    let index = table.integer("index");
    if table.get("index").is_none() {
        table.complain(item, "index", "This field is required.");
    }
    let sorting = sorting(&table, "sorting");
    let decimals = decimals(&table, "precision");
    let is_hidden = table.flag("hidden").unwrap_or(false);
    let of = indexes(&table);
    let operation = table.text("computation").filter(|text| !text.is_empty()).and_then(|text| {
        let operation = operation(text);
        if operation.is_none() {
            table.complain(item, "computation", &format!("\"{text}\" is not a valid choice."));
        }
        operation
    });
    if operation.is_some() && of.is_empty() {
        item.fault(
            "Column with computation must have at least 1 column selected for the computation to act upon",
        );
    } else if operation.is_none() && !of.is_empty() && table.get("computation").is_none() {
        item.fault("Cannot add computation columns without a computation function set");
    }
    let metric = metric(key?, title?, sorting, decimals, is_hidden);
    let computed = operation.filter(|_| !of.is_empty()).map(|operation| (operation, of));
    Some(Column { item: item.clone(), index: index?, metric, computed })
}

/// A list of indexes, or a text of them with commas.
fn indexes(table: &Table<'_>) -> Vec<String> {
    let texts = table.texts("computation_indexes");
    let parts = texts.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
