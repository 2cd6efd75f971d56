//! What measures say on a snapshot: computed once, and shown to everybody only as far as disclosure control lets them.

use std::collections::BTreeSet;

use domain::event::canonical_json;
use domain::{Actor, Digest, Invalid, SnapshotId, Timestamp};
use research::disclosure::release;
use research::exports::parquet;
use research::exports::record::{Column, ColumnKind};
pub use research::measure::{Definition, MeasureValue, definitions};
use research::measure::{Quantity, definition};
use research::measures::{Parameters, Refusal, compute};
use serde_json::Value;
use storage::participation::snapshots::{self, Snapshot};

use super::snapshot::{load, see_snapshot};
use crate::App;
use crate::failure::{Failure, FieldError, Outcome};
use crate::participation::snapshot::POLICY;

/// The columns of the table of measures, with what they mean.
const MEASURE_COLUMNS: [(&str, &str, ColumnKind); 10] = [
    ("snapshot", "the snapshot", ColumnKind::Text),
    ("measure", "the id of the measure", ColumnKind::Text),
    ("version", "the version of its formula", ColumnKind::Integer),
    ("statistic", "which of its numbers", ColumnKind::Text),
    ("of", "what it is a number of", ColumnKind::Text),
    ("n", "how many units stand behind it; empty where it is withheld", ColumnKind::Integer),
    ("value", "the number; empty where it is withheld or undefined", ColumnKind::Number),
    ("lower", "where its interval or its bounds begin", ColumnKind::Number),
    ("upper", "where they end", ColumnKind::Number),
    ("state", "exact, estimated, bounded, suppressed or undefined", ColumnKind::Text),
];

/// A measure with what may be shown of it.
#[derive(Debug, Clone)]
pub struct Released {
    /// What it is.
    pub definition: &'static Definition,
    /// What it says; none where it is for researchers with an approved request alone.
    pub value: Option<MeasureValue>,
}

/// What everybody may see of measures on a snapshot; of all of them where none are named.
pub async fn read_measures(
    app: &App,
    actor: &Actor,
    id: SnapshotId,
    wanted: &[String],
) -> Outcome<(Snapshot, Vec<Released>)> {
    let definitions = wanted_definitions(wanted)?;
    let asker = actor.clone();
    let snapshot = app.db.read(move |conn| Ok::<_, Failure>(see_snapshot(conn, &asker, id)?.1)).await?;
    let found = compute_once(app, &snapshot, &definitions, &Parameters::default()).await?;
    let released = found
        .values
        .into_iter()
        .map(|(definition, value)| {
            let is_over = |edition: &str| found.over.contains(edition);
            Released { definition, value: release(definition, &value, POLICY, is_over) }
        })
        .collect();
    Ok((snapshot, released))
}

/// What was computed, before anything is withheld from anybody but for the few.
pub(super) struct Computed {
    /// The values, in the order in which they were asked for.
    pub(super) values: Vec<(&'static Definition, MeasureValue)>,
    /// The editions that were over at the moment of the snapshot.
    pub(super) over: BTreeSet<String>,
}

/// The definitions of the measures that snapshots have, or of those that are named.
pub(super) fn wanted_definitions(wanted: &[String]) -> Outcome<Vec<&'static Definition>> {
    if wanted.is_empty() {
        return Ok(definitions().filter(|definition| is_of_snapshots(definition)).collect());
    }
    let find = |id: &String| {
        let found = definition(id).filter(|definition| is_of_snapshots(definition));
        found.ok_or_else(|| {
            let known: Vec<&str> =
                definitions().filter(|known| is_of_snapshots(known)).map(|known| known.id).collect();
            Failure::invalid_fields(vec![FieldError::new(
                "measure",
                format!("must be one of {}", known.join(", ")),
            )])
        })
    };
    wanted.iter().map(find).collect()
}

/// Those of what becomes of a dataset whose records a server has. The others need counts of traces elsewhere, or tell of a running
/// edition how many came and what they sent, month by month.
const SOLIDIFICATION: [&str; 4] = ["S2", "S3", "S5", "S6"];

/// Whether a snapshot has the records of a measure: of people, teams, time and access, of the making of the dataset, and of its uses.
fn is_of_snapshots(definition: &Definition) -> bool {
    definition.id.starts_with(['P', 'T', 'D', 'A', 'G']) || SOLIDIFICATION.contains(&definition.id)
}

/// Measures on a snapshot, from what is kept where they were computed before.
pub(super) async fn compute_once(
    app: &App,
    snapshot: &Snapshot,
    definitions: &[&'static Definition],
    parameters: &Parameters,
) -> Outcome<Computed> {
    let chosen = serde_json::to_value(parameters).map_err(Failure::internal)?;
    let digest = Digest::of(canonical_json(&chosen).as_bytes());
    let (of, asked) = (snapshot.clone(), definitions.to_vec());
    let (kept, loaded) = app
        .db
        .read(move |conn| {
            let mut kept = Vec::with_capacity(asked.len());
            for definition in asked {
                kept.push(snapshots::value(conn, of.id, definition.id, version(definition), digest)?);
            }
            Ok::<_, Failure>((kept, load(conn, &of)?))
        })
        .await?;
    let (asked, parameters) = (definitions.to_vec(), parameters.clone());
    let (values, over, new) = tokio::task::spawn_blocking(move || {
        let (mut values, mut new) = (Vec::new(), Vec::new());
        for (definition, kept) in asked.into_iter().zip(kept) {
            let value = match kept {
                Some(text) => serde_json::from_str(&text).map_err(Failure::internal)?,
                None => {
                    let value = compute(definition.id, &loaded, &parameters).map_err(refused)?;
                    new.push((definition, serde_json::to_string(&value).map_err(Failure::internal)?));
                    value
                }
            };
            values.push((definition, value));
        }
        let over = loaded.editions.iter().filter(|edition| edition.closes_at <= loaded.as_of);
        Ok::<_, Failure>((values, over.map(|edition| edition.id.clone()).collect(), new))
    })
    .await
    .map_err(Failure::internal)??;
    if !new.is_empty() {
        keep(app, snapshot.id, new, (chosen, digest), app.now()).await?;
    }
    Ok(Computed { values, over })
}

/// What measures say on a snapshot, a row for each number; a number that is withheld has no value and says so.
pub fn as_csv<'a>(
    snapshot: &str,
    values: impl Iterator<Item = (&'a Definition, &'a MeasureValue)>,
) -> Outcome<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(MEASURE_COLUMNS.map(|(name, ..)| name)).map_err(Failure::internal)?;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for (definition, value) in values {
        for reading in &value.readings {
            let (value, lower, upper, state) = match reading.quantity {
                Quantity::Exact { value } => (Some(value), None, None, "exact"),
                Quantity::Estimated { value, lower, upper } => {
                    (Some(value), Some(lower), Some(upper), "estimated")
                }
                Quantity::Bounded { value, lower, upper } => (value, Some(lower), Some(upper), "bounded"),
                Quantity::Suppressed { .. } => (None, None, None, "suppressed"),
                Quantity::Undefined => (None, None, None, "undefined"),
            };
            let of: Vec<String> =
                reading.of.iter().map(|(dimension, of)| format!("{dimension}={of}")).collect();
            let row = [
                snapshot.to_owned(),
                definition.id.to_owned(),
                definition.version.to_string(),
                reading.statistic.clone(),
                of.join(";"),
                if state == "suppressed" { String::new() } else { reading.n.to_string() },
                number(value),
                number(lower),
                number(upper),
                state.to_owned(),
            ];
            table.write_record(row).map_err(Failure::internal)?;
        }
    }
    table.into_inner().map_err(Failure::internal)
}

/// The table of [`as_csv`], with the types of its columns, as Parquet.
pub fn as_parquet<'a>(
    snapshot: &str,
    values: impl Iterator<Item = (&'a Definition, &'a MeasureValue)>,
) -> Outcome<Vec<u8>> {
    parquet(&measure_columns(), &as_csv(snapshot, values)?).map_err(Failure::internal)
}

/// The columns of the table of measures.
pub(crate) fn measure_columns() -> Vec<Column> {
    let column = |(name, description, kind): (&str, &str, ColumnKind)| Column {
        name: name.to_owned(),
        description: description.to_owned(),
        kind,
        references: None,
    };
    MEASURE_COLUMNS.map(column).to_vec()
}

async fn keep(
    app: &App,
    snapshot: SnapshotId,
    new: Vec<(&'static Definition, String)>,
    (chosen, digest): (Value, Digest),
    now: Timestamp,
) -> Outcome<()> {
    app.db
        .write(move |conn| {
            for (definition, readings) in &new {
                let measure = (definition.id, version(definition));
                snapshots::keep_value(conn, snapshot, measure, (&chosen, digest), readings, now)?;
            }
            Ok(())
        })
        .await
}

fn version(definition: &Definition) -> i32 {
    i32::try_from(definition.version).unwrap_or(i32::MAX)
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Parameter(invalid) => {
            Invalid::new(format!("parameters.{}", invalid.field), invalid.rule).into()
        }
        other => Failure::internal(other.to_string()),
    }
}
