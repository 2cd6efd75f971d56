//! Annotations made ready for scoring: the evaluator that knows the truth, its items, and who is in which split.
//!
//! Shared by uploads, which must know that annotations are good before they are in force, and by workers.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use domain::Codename;
use domain::phase::{EvaluationMode, PhaseDraft};
use domain::ranking_rule::ResamplingRule;
use domain::split::SplitRule;
use ndarray::Array1;
use ranking::resampling::{Resampling, ResamplingError};
use registry::{Registry, programs};
use sdk::fault::{Fault, Faults, Place};
use sdk::run::PrepareError;
use sdk::{Input, Inputs, Items, Limits, Mode, Prepared};
use serde_json::{Map, Value};
use storage::phases::{Annotations, AnnotationsTable, Phase, Split};

use super::rules;
use crate::App;
use crate::failure::{Code, Failure, FieldError, Outcome};

/// The table that joins groups and attributes to items; the server reads it, not the evaluator.
pub const ITEMS_TABLE: &str = "items";

/// A phase that can score submissions.
#[derive(Debug)]
pub struct PreparedPhase {
    /// The evaluator that knows the truth.
    pub prepared: Box<dyn Prepared>,
    /// Its items, with the groups and attributes of the items table.
    pub items: Items,
    /// For every split, in the order in which they were given, the weights of its items: one or zero.
    pub masks: Vec<Array1<f64>>,
}

/// Makes a version of a phase's annotations ready, with the masks of `splits` in their order.
///
/// What was accepted once fails here only if the phase was changed by hand or a store lost something.
pub async fn prepare(
    app: &App,
    phase: &Phase,
    annotations: &Annotations,
    splits: &[Split],
) -> Outcome<Arc<PreparedPhase>> {
    let prepared = prepare_tables(app, Plan::of(phase, splits), &annotations.tables.0).await?;
    Ok(Arc::new(prepared))
}

/// Everything about a phase that decides what its annotations mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    evaluator: String,
    params: Map<String, Value>,
    mode: EvaluationMode,
    split_salt: String,
    splits: Vec<(Codename, SplitRule)>,
    resampling: ResamplingRule,
}

impl Plan {
    /// The plan of a phase as it is.
    pub(crate) fn of(phase: &Phase, splits: &[Split]) -> Self {
        Self {
            evaluator: phase.evaluator.clone(),
            params: phase.params.0.clone(),
            mode: phase.mode,
            split_salt: phase.split_salt.clone(),
            splits: splits.iter().map(|split| (split.codename.clone(), split.rule.0.clone())).collect(),
            resampling: phase.ranking.0.resampling.clone(),
        }
    }

    /// The plan of a phase as its organizer wants it to be.
    pub(crate) fn of_draft(draft: &PhaseDraft, split_salt: &str) -> Self {
        Self {
            evaluator: draft.evaluator.clone(),
            params: draft.params.clone(),
            mode: draft.mode,
            split_salt: split_salt.to_owned(),
            splits: draft.splits.iter().map(|split| (split.codename.clone(), split.rule.clone())).collect(),
            resampling: draft.ranking.resampling.clone(),
        }
    }

    /// Whether a table is for the program that scores the phase, not for the evaluator.
    fn is_run(&self, table: &str) -> bool {
        self.evaluator == programs::PROGRAM
            && [programs::PROGRAM_TABLE, programs::TRUTH_TABLE].contains(&table)
    }

    /// Whether the evaluator does the same under both, whatever the splits.
    pub(crate) fn measures_the_same(&self, other: &Self) -> bool {
        (&self.evaluator, &self.params, self.mode) == (&other.evaluator, &other.params, other.mode)
    }
}

/// Reads tables from the annotations store and prepares them on the blocking pool.
pub(crate) async fn prepare_tables(
    app: &App,
    plan: Plan,
    tables: &[AnnotationsTable],
) -> Outcome<PreparedPhase> {
    let mut read = Vec::with_capacity(tables.len());
    for table in tables.iter().filter(|table| !plan.is_run(&table.name)) {
        let bytes = app.annotations.read(table.digest, table.size_bytes).await?;
        read.push((table.name.clone(), table.file_name.clone(), bytes));
    }
    let evaluators = Arc::clone(&app.evaluators);
    tokio::task::spawn_blocking(move || prepare_now(&evaluators, &plan, &read))
        .await
        .map_err(Failure::internal)?
}

fn prepare_now(
    evaluators: &Registry,
    plan: &Plan,
    tables: &[(String, String, Bytes)],
) -> Outcome<PreparedPhase> {
    let evaluator = rules::evaluator(evaluators, &plan.evaluator)?;
    let params = rules::params(&evaluator.manifest().params, &plan.params)?;
    let mode = match plan.mode {
        EvaluationMode::Strict => Mode::Strict,
        EvaluationMode::Reference => Mode::Reference,
    };
    let mut inputs = Inputs::default();
    for (name, file_name, bytes) in tables.iter().filter(|table| table.0 != ITEMS_TABLE) {
        inputs = inputs.with(name.as_str(), Input::file(file_name, bytes));
    }
    let prepared = sdk::run::prepare(evaluator, &inputs, &params, mode).map_err(|error| match error {
        PrepareError::Annotations(faults) => refused(&faults.0),
        panicked @ PrepareError::Panicked => Failure::internal(panicked),
    })?;
    let mut items = prepared.items().clone();
    if let Some((name, _, bytes)) = tables.iter().find(|table| table.0 == ITEMS_TABLE) {
        items.join_csv(bytes, &Limits::default()).map_err(|faults| refused(&faults.of_file(name)))?;
    }
    let masks = masks(&items, plan)?;
    check_units(&items, &plan.resampling)?;
    Ok(PreparedPhase { prepared, items, masks })
}

/// Refuses items that cannot be drawn as the phase's rule says.
fn check_units(items: &Items, rule: &ResamplingRule) -> Outcome<()> {
    let Err(error) = Resampling::of_items(items, &items.all().to_vec(), rule) else { return Ok(()) };
    let (field, detail) = match &error {
        ResamplingError::Parts { group } => (
            "unit",
            format!(
                "parts what belongs together: the items of {} have several of its values",
                group_name(items, *group)
            ),
        ),
        ResamplingError::Straddles { group } => {
            ("strata", format!("has several values for the items of {}", group_name(items, *group)))
        }
        ResamplingError::Attribute { name } => {
            let field = if rule.unit.as_ref() == Some(name) { "unit" } else { "strata" };
            let known: Vec<&str> = items.attributes().iter().map(|known| known.name.as_str()).collect();
            (field, format!("must be an attribute of the items: one of {}", known.join(", ")))
        }
        other => ("unit", other.to_string()),
    };
    Err(refused_because(vec![FieldError::new(format!("ranking.resampling.{field}"), detail)], 0))
}

fn group_name(items: &Items, group: u32) -> String {
    items.group_names().get(group as usize).map_or_else(|| group.to_string(), ToString::to_string)
}

/// The weights of every split, none of which may be empty.
fn masks(items: &Items, plan: &Plan) -> Outcome<Vec<Array1<f64>>> {
    let salt = hex::decode(&plan.split_salt).map_err(Failure::internal)?;
    let mut errors = Vec::new();
    let mut masks = Vec::with_capacity(plan.splits.len());
    for (codename, rule) in &plan.splits {
        let mask = mask(items, rule, &salt);
        if mask.sum() == 0.0 {
            let detail = format!("holds none of the {} items of these annotations", items.len());
            errors.push(FieldError::new(format!("splits.{codename}"), detail));
        }
        masks.push(mask);
    }
    if errors.is_empty() { Ok(masks) } else { Err(refused_because(errors, 0)) }
}

fn mask(items: &Items, rule: &SplitRule, salt: &[u8]) -> Array1<f64> {
    match rule {
        SplitRule::All => items.all(),
        // An item may have several values of an attribute: it belongs if any of them is wanted.
        SplitRule::Attribute { attribute, values } => values
            .iter()
            .filter_map(|value| items.mask(attribute, value))
            .fold(Array1::zeros(items.len()), |one, other| {
                ndarray::Zip::from(&one).and(&other).map_collect(|a, b| a.max(*b))
            }),
        SplitRule::Hash { .. } => {
            let nothing = BTreeMap::new();
            let inside: Vec<bool> =
                items.group_names().iter().map(|group| rule.contains(salt, group, &nothing)).collect();
            items.mask_where(|item| inside[items.group(item)])
        }
    }
}

/// The refusal of annotations with faults.
pub(crate) fn refused(faults: &Faults) -> Failure {
    let errors: Vec<FieldError> = faults.faults.iter().map(field_error).collect();
    let unsaid = faults.fault_count.saturating_sub(errors.len() as u64);
    refused_because(errors, unsaid)
}

/// The refusal of annotations for these reasons and so many more.
pub(crate) fn refused_because(errors: Vec<FieldError>, unsaid: u64) -> Failure {
    let count = errors.len() as u64 + unsaid;
    let detail = match count {
        1 => "the annotations have a fault; nothing was changed".to_owned(),
        _ => format!("the annotations have {count} faults; nothing was changed"),
    };
    Failure::new(Code::AnnotationsInvalid, detail).with_errors(errors)
}

/// A fault with its place as the field: `main: line 3`, `main: /videos/0`.
fn field_error(fault: &Fault) -> FieldError {
    let file = fault.file.as_deref().unwrap_or(Inputs::MAIN);
    let field = match &fault.place {
        Place::Pointer(pointer) => format!("{file}: {pointer}"),
        Place::Line(line) => format!("{file}: line {line}"),
        Place::File => file.to_owned(),
    };
    let mut detail = format!("{} [{}]", fault.message, fault.code);
    if !fault.expected.is_empty() || !fault.found.is_empty() {
        detail.push_str(&format!("; expected {}, found {}", fault.expected, fault.found));
    }
    if let Some(hint) = &fault.hint {
        detail.push_str(&format!(" ({hint})"));
    }
    FieldError::new(field, detail)
}
