//! Leaderboards, sets of items, and which phase scores which set on which leaderboard.

use std::collections::{BTreeMap, BTreeSet};

use super::{DatasetSplit, LabelMetadata, Leaderboard, Phase, PhaseSplit};
use crate::yaml::{Item, Table, Value};

/// The most digits behind the point that are shown.
const MOST_DECIMALS: u32 = 20;

pub(super) fn read_leaderboards(root: &Table<'_>) -> Vec<Leaderboard> {
    let Some(list) = root.get("leaderboard") else {
        root.fault(
            "ERROR: There is no key for the leaderboard in the YAML file. Please add it and then try again!",
        );
        return Vec::new();
    };
    let mut leaderboards: Vec<Leaderboard> = Vec::new();
    for item in list.list() {
        let Some(table) = item.table("") else { continue };
        let shown = table.get("id").and_then(|id| id.text()).unwrap_or("None").to_owned();
        if table.get("id").is_none() {
            item.fault("ERROR: There is no leaderboard ID for the leaderboard.");
        }
        let complaint =
            format!("ERROR: The leaderboard with ID: {shown} has the following schema errors:\n ");
        let table = table.complaining(complaint);
        let id = table.integer("id");
        let schema = read_schema(&item, &table, &shown);
        if let Some(id) = id
            && leaderboards.iter().any(|other| other.id == id)
        {
            item.fault(format!("ERROR: Two leaderboards have the ID: {id}."));
            continue;
        }
        if let (Some(id), Some((labels, default_order_by, metadata))) = (id, schema) {
            leaderboards.push(Leaderboard { id, labels, default_order_by, metadata });
        }
    }
    if leaderboards.is_empty() && matches!(&list.node.value, Value::List(nodes) if nodes.is_empty()) {
        list.fault(
            "ERROR: There is no key for the leaderboard in the YAML file. Please add it and then try again!",
        );
    }
    leaderboards
}

type Schema = (Vec<String>, String, BTreeMap<String, LabelMetadata>);

fn read_schema(item: &Item<'_>, table: &Table<'_>, id: &str) -> Option<Schema> {
    let Some(schema) = table.get("schema") else {
        item.fault(format!("ERROR: There is no leaderboard schema for the leaderboard with ID: {id}."));
        return None;
    };
    let schema =
        schema.table(format!("ERROR: The leaderboard with ID: {id} has the following schema errors:\n "))?;
    let labels = schema.get("labels").map(|_| schema.texts("labels"));
    if labels.is_none() {
        schema.fault(format!(
            "ERROR: There is no 'labels' key in the schema for the leaderboard with ID: {id}."
        ));
    }
    if let Some(labels) = &labels
        && let Some(list) = schema.get("labels")
    {
        let mut seen = BTreeSet::new();
        for label in labels.iter().filter(|label| !seen.insert(label.as_str())) {
            list.fault(format!("the label {label:?} stands twice"));
        }
        if labels.is_empty() {
            list.fault("there must be at least one label");
        }
    }
    let Some(order) = schema.get("default_order_by") else {
        schema.fault(format!(
            "ERROR: There is no 'default_order_by' key in the schema for the leaderboard with ID: {id}."
        ));
        return None;
    };
    let order_by = schema.text("default_order_by")?;
    if labels.as_ref().is_some_and(|labels| !labels.iter().any(|label| label == order_by)) {
        order.fault(format!(
            "ERROR: The 'default_order_by' value '{order_by}' in the schema for the leaderboard with ID: {id} \
             is not a valid label."
        ));
    }
    Some((labels?, order_by.to_owned(), read_metadata(&schema)))
}

fn read_metadata(schema: &Table<'_>) -> BTreeMap<String, LabelMetadata> {
    let Some(metadata) = schema.get("metadata").and_then(|item| item.table("")) else {
        return BTreeMap::new();
    };
    let read = metadata.entries().filter_map(|(label, item)| {
        if item.node.is_null() {
            return Some((label.to_owned(), LabelMetadata::default()));
        }
        let table = item.table("")?;
        let sort_ascending = table.flag("sort_ascending");
        if sort_ascending.is_none() {
            item.warn(format!(
                "{label} is ordered with the least first: its metadata has no sort_ascending: False"
            ));
        }
        let description = table.text("description").unwrap_or_default().to_owned();
        Some((label.to_owned(), LabelMetadata { sort_ascending, description }))
    });
    read.collect()
}

pub(super) fn read_dataset_splits(root: &Table<'_>) -> Vec<DatasetSplit> {
    let missing = "ERROR: There is no key for dataset splits.";
    let items = root.list("dataset_splits");
    if items.is_empty() {
        root.fault(missing);
    }
    let mut splits: Vec<DatasetSplit> = Vec::new();
    for item in items {
        let Some(table) = item.table("") else { continue };
        let shown = table.get("id").and_then(|id| id.text()).unwrap_or("None").to_owned();
        let table =
            table.complaining(format!("ERROR: Dataset split {shown} has the following schema errors:\n "));
        let id = required_id(&item, &table);
        let name = table.short_text("name", 100);
        if name.is_none() {
            item.fault(format!("ERROR: There is no name for dataset split {shown}."));
        }
        let codename = table.short_text("codename", 100);
        match codename {
            None => item.fault(format!("ERROR: There is no codename for dataset split {shown}.")),
            Some(codename) if splits.iter().any(|other| other.codename == codename) => item.fault(format!(
                "ERROR: Duplicate codename {codename} for dataset split {}. Please ensure codenames are unique.",
                name.unwrap_or("None")
            )),
            Some(_) => {}
        }
        if id.is_some_and(|id| splits.iter().any(|other| other.id == id)) {
            item.fault(format!("ERROR: Two dataset splits have the ID: {shown}."));
        }
        if let (Some(id), Some(name), Some(codename)) = (id, name, codename) {
            splits.push(DatasetSplit { id, name: name.to_owned(), codename: codename.to_owned() });
        }
    }
    splits
}

/// An id that must be there.
pub(super) fn required_id(item: &Item<'_>, table: &Table<'_>) -> Option<i64> {
    if table.get("id").is_none() {
        table.complain(item, "id", "This field is required.");
    }
    table.integer("id")
}

/// What the parts of a phase split must be.
type Known<'a> = (&'a Vec<Leaderboard>, &'a Vec<Phase>, &'a Vec<DatasetSplit>);

/// The ids that stand in a list, of parts that were refused too: what refers to those is not wrong as well.
fn declared_ids(root: &Table<'_>, key: &str) -> BTreeSet<i64> {
    let Some(Value::List(nodes)) = root.get(key).map(|item| &item.node.value) else { return BTreeSet::new() };
    let ids = nodes.iter().filter_map(|node| match &node.get("id")?.value {
        Value::Scalar(scalar) => scalar.integer(),
        Value::List(_) | Value::Map(_) => None,
    });
    ids.collect()
}

pub(super) fn read_phase_splits(root: &Table<'_>, known: Known<'_>) -> Vec<PhaseSplit> {
    let items = root.list("challenge_phase_splits");
    if items.is_empty() {
        root.fault("ERROR: There is no key for challenge phase splits.");
    }
    let mut splits = Vec::new();
    let mut triples = BTreeSet::new();
    // The place of the phase split that joins a phase and a set of items.
    let mut pairs = BTreeMap::new();
    for (number, item) in (1..).zip(items) {
        let Some(split) = read_phase_split(&item, number, root) else { continue };
        let PhaseSplit {
            challenge_phase_id: phase, leaderboard_id: leaderboard, dataset_split_id: set, ..
        } = split;
        if !triples.insert((leaderboard, phase, set)) {
            item.fault(format!(
                "ERROR: Duplicate combinations of leaderboard_id {leaderboard}, challenge_phase_id {phase} and \
                 dataset_split_id {set} found in challenge phase splits."
            ));
        } else if let Some(first) = pairs.insert((phase, set), number) {
            item.fault(format!(
                "challenge phase splits {first} and {number} join phase {phase} and dataset split {set} on different \
                 leaderboards; on EvalAI every submission to them fails. Give each leaderboard a dataset split."
            ));
        }
        splits.push(split);
    }
    warn_of_unused(root, known, &splits);
    splits
}

fn read_phase_split(item: &Item<'_>, number: usize, root: &Table<'_>) -> Option<PhaseSplit> {
    const EXPECTED: [&str; 6] = [
        "challenge_phase_id",
        "dataset_split_id",
        "is_leaderboard_order_descending",
        "leaderboard_decimal_precision",
        "leaderboard_id",
        "visibility",
    ];
    let complaint = format!("ERROR: Challenge phase split {number} has the following schema errors:\n ");
    let table = item.table(complaint)?;
    let missing: Vec<_> = EXPECTED.into_iter().filter(|key| table.get(key).is_none()).collect();
    if !missing.is_empty() {
        item.fault(format!(
            "ERROR: The following keys are missing in the challenge phase splits of YAML file (phase_split: {number}): {}",
            missing.join(", ")
        ));
    }
    let leaderboard_id = table.integer("leaderboard_id");
    let challenge_phase_id = table.integer("challenge_phase_id");
    let dataset_split_id = table.integer("dataset_split_id");
    let parts = [
        ("leaderboard_id", "leaderboard id", leaderboard_id, "leaderboard"),
        ("challenge_phase_id", "phased id", challenge_phase_id, "challenge_phases"),
        ("dataset_split_id", "dataset split id", dataset_split_id, "dataset_splits"),
    ];
    for (key, what, id, list) in parts {
        if let (Some(id), Some(item)) = (id, table.get(key))
            && !declared_ids(root, list).contains(&id)
        {
            item.fault(format!("ERROR: Invalid {what} {id} found in challenge phase split {number}."));
        }
    }
    let visibility = table.integer("visibility");
    if let (Some(visibility), Some(item)) = (visibility, table.get("visibility"))
        && !(1..=3).contains(&visibility)
    {
        table.complain(&item, "visibility", &format!("\"{visibility}\" is not a valid choice."));
    }
    let precision = table.count("leaderboard_decimal_precision");
    if let Some(item) = table.get("leaderboard_decimal_precision")
        && precision.is_some_and(|digits| digits > MOST_DECIMALS)
    {
        let problem = format!("Ensure this value is less than or equal to {MOST_DECIMALS}.");
        table.complain(&item, "leaderboard_decimal_precision", &problem);
    }
    let by_latest = table.flag("show_leaderboard_by_latest_submission");
    if by_latest == Some(true)
        && let Some(item) = table.get("show_leaderboard_by_latest_submission")
    {
        item.warn("the best submission of a team counts: EvalAI drops this key when it creates a challenge");
    }
    for key in ["show_execution_time", "show_scores_on_leaderboard"] {
        table.flag(key);
    }
    Some(PhaseSplit {
        challenge_phase_id: challenge_phase_id?,
        leaderboard_id: leaderboard_id?,
        dataset_split_id: dataset_split_id?,
        visibility: u8::try_from(visibility?).ok()?,
        leaderboard_decimal_precision: u8::try_from(precision?).ok()?,
        is_leaderboard_order_descending: table.flag("is_leaderboard_order_descending")?,
        show_leaderboard_by_latest_submission: by_latest.unwrap_or(false),
    })
}

/// A phase without a board cannot be scored: nothing that `evaluate` returns has a place. EvalAI shows it all the same.
fn warn_of_unused(root: &Table<'_>, (leaderboards, phases, sets): Known<'_>, splits: &[PhaseSplit]) {
    if splits.is_empty() {
        return;
    }
    for phase in phases.iter().filter(|phase| splits.iter().all(|split| split.challenge_phase_id != phase.id))
    {
        root.warn(format!(
            "challenge phase {} is in no challenge phase split: no submission to it could be scored, and it is left out",
            phase.id
        ));
    }
    for board in leaderboards.iter().filter(|one| splits.iter().all(|split| split.leaderboard_id != one.id)) {
        root.warn(format!(
            "the leaderboard with ID: {} is in no challenge phase split and is not used",
            board.id
        ));
    }
    for set in sets.iter().filter(|one| splits.iter().all(|split| split.dataset_split_id != one.id)) {
        root.warn(format!("dataset split {} is in no challenge phase split and is not used", set.id));
    }
}
