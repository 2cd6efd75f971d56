//! What a bundle becomes here: the drafts that are made of it, and the tables of every phase.

use std::collections::{BTreeMap, BTreeSet};

use bundles::imported::{
    AttributeQuestion, Audience, ImportedBoard, ImportedChallenge, ImportedPhase, Operation, Origin, Program,
};
use bundles::{Fault, Findings};
use bytes::Bytes;
use domain::challenge::ChallengeDraft;
use domain::imported::{ImportedBoardParts, ImportedParts, ImportedPhaseParts};
use domain::phase::{EvaluationMode, PhaseDraft};
use domain::ranking_rule::RankingRule;
use domain::split::{SplitRule, SplitSpec};
use registry::programs::{self, Computation, Sheet, SheetMetric};
use sdk::Inputs;
use serde_json::{Map, json};

use super::{pack, text};
use crate::phases::prepare::ITEMS_TABLE;

/// The file of a program's folder that lists the items of which the program tells.
const ITEMS_FILE: &str = "items.csv";

/// The most digits behind the point that a board here shows.
const MOST_DECIMALS: u8 = 15;

/// A bundle on its way to a challenge.
#[derive(Debug)]
pub(super) struct ImportPlan {
    pub(super) origin: &'static str,
    pub(super) challenge: ChallengeDraft,
    pub(super) phases: Vec<PlannedPhase>,
    pub(super) parts: ImportedParts,
    /// What of the bundle has no place here.
    pub(super) warnings: Vec<Fault>,
}

/// A phase on its way.
#[derive(Debug)]
pub(super) struct PlannedPhase {
    pub(super) draft: PhaseDraft,
    pub(super) tables: Vec<PlannedTable>,
}

/// A table of annotations on its way.
#[derive(Debug)]
pub(super) struct PlannedTable {
    pub(super) name: &'static str,
    pub(super) file_name: String,
    pub(super) bytes: Bytes,
}

impl ImportPlan {
    pub(super) fn of(imported: &ImportedChallenge) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        let mut words = Vec::new();
        for page in imported.pages.iter().chain([&imported.terms]) {
            match text::markdown(page) {
                Some(text) => words.push((page.name.clone(), page.title.clone(), text)),
                None => findings.fault(Fault::of_file(&page.name, "the HTML of this page cannot be read")),
            }
        }
        let terms = words.pop().map(|(_, _, text)| text).unwrap_or_default();
        let listing = text::listing(&imported.listing);
        let mut description = text::joined(&words);
        if !listing.is_empty() {
            description = format!("{description}\n\n{listing}").trim().to_owned();
        }
        let challenge = ChallengeDraft {
            slug: imported.slug.clone(),
            title: imported.title.clone(),
            summary: imported.summary.clone(),
            description,
            series: None,
            edition: String::new(),
            team_max_size: imported.entry.team_max_size,
            terms,
            tags: BTreeSet::new(),
        };
        let challenge = challenge
            .check()
            .map_err(|invalid| findings.fault(Fault::of_file("", format!("{invalid}"))))
            .ok();
        let mut phases = Vec::new();
        for phase in &imported.phases {
            match planned(imported, phase) {
                Ok(planned) => phases.push(planned),
                Err(fault) => findings.fault(fault),
            }
        }
        let (origin, parts) = (origin(imported.origin), parts_of(imported));
        match challenge {
            Some(challenge) if findings.is_usable() => {
                Ok(Self { origin, challenge, phases, parts, warnings: left_out(imported) })
            }
            _ => Err(findings),
        }
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::EvalAi => "eval_ai",
        Origin::Codabench2 => "codabench2",
        Origin::CodaLab15 => "coda_lab15",
    }
}

fn planned(imported: &ImportedChallenge, phase: &ImportedPhase) -> Result<PlannedPhase, Fault> {
    let fault = |message: String| Fault::of_file("", format!("phase {}: {message}", phase.title));
    let (contract, is_remote) = match &imported.program {
        Program::Evaluate { is_remote, .. } => ("evalai", *is_remote),
        Program::Commands { .. } => ("codabench", false),
    };
    // Machines of the organizers report of splits, and keep program and annotations to themselves.
    let items = items_of(&imported.program).filter(|_| !is_remote);
    let sheet = sheet_of(phase, items.as_ref()).map_err(fault)?;
    let is_by_item = !sheet.items.is_empty();
    let rule = |board: &ImportedBoard| match (is_by_item, phase.boards.len()) {
        (true, 1) => SplitRule::All,
        _ => SplitRule::Attribute {
            attribute: programs::SPLIT_ATTRIBUTE.to_owned(),
            values: vec![board.wire_name.clone()],
        },
    };
    let first = phase.boards.first();
    let draft = PhaseDraft {
        framing: None,
        codename: phase.codename.clone(),
        title: phase.title.clone(),
        description: text::markdown(&phase.description)
            .ok_or_else(|| fault("the HTML of its description cannot be read".to_owned()))?,
        evaluator: if is_remote { programs::REMOTE } else { programs::PROGRAM }.to_owned(),
        params: if is_remote {
            Map::new()
        } else {
            Map::from_iter([
                ("contract".to_owned(), json!(contract)),
                ("phase".to_owned(), json!(phase.wire_name)),
            ])
        },
        mode: EvaluationMode::Strict,
        opens_at: phase.opens_at,
        closes_at: phase.closes_at,
        quota: phase.quota,
        limits: phase.limits,
        ranking: RankingRule {
            primary: first.map(|board| board.primary.clone()),
            tie_breakers: first.map(|board| board.tie_breakers.clone()).unwrap_or_default(),
            ..RankingRule::default()
        },
        final_choice: phase.final_choice,
        attributes: phase.attributes.iter().map(AttributeQuestion::spec).collect(),
        splits: phase
            .boards
            .iter()
            .map(|board| SplitSpec {
                codename: board.codename.clone(),
                visibility: board.audience.visibility(),
                rule: rule(board),
            })
            .collect(),
        leaderboard_public: phase.has_public_boards,
    };
    let draft = draft.check().map_err(|invalid| fault(invalid.to_string()))?;
    let sheet = serde_json::to_vec(&sheet).map_err(|error| fault(error.to_string()))?;
    let mut tables = vec![PlannedTable {
        name: Inputs::MAIN,
        file_name: "sheet.json".to_owned(),
        bytes: Bytes::from(sheet),
    }];
    if is_remote {
        return Ok(PlannedPhase { draft, tables });
    }
    if let Some(items) = items {
        tables.push(PlannedTable { name: ITEMS_TABLE, file_name: ITEMS_FILE.to_owned(), bytes: items });
    }
    let bytes = pack::pack(&imported.program, &imported.environment, phase)
        .ok_or_else(|| fault("its program cannot be packed".to_owned()))?;
    let file_name = "program.zip".to_owned();
    tables.push(PlannedTable { name: programs::PROGRAM_TABLE, file_name, bytes });
    if let Some(truth) = &phase.annotations {
        let file_name = truth.name.rsplit('/').next().unwrap_or(&truth.name).to_owned();
        tables.push(PlannedTable { name: programs::TRUTH_TABLE, file_name, bytes: truth.bytes.clone() });
    }
    Ok(PlannedPhase { draft, tables })
}

/// The list of items, where a program brings one with it.
fn items_of(program: &Program) -> Option<Bytes> {
    match program {
        Program::Evaluate { package, .. } => package.file(ITEMS_FILE).cloned(),
        Program::Commands { tasks } => match &tasks[..] {
            [task] => task.scoring.files.file(ITEMS_FILE).cloned(),
            _ => None,
        },
    }
}

/// The metrics of all boards of a phase, and what they are scored on.
fn sheet_of(phase: &ImportedPhase, items: Option<&Bytes>) -> Result<Sheet, String> {
    let mut metrics: BTreeMap<&str, SheetMetric> = BTreeMap::new();
    let mut order = Vec::new();
    for metric in phase.boards.iter().flat_map(|board| &board.metrics) {
        let spec = &metric.spec;
        // What an entry's own numbers do not say is left out, with a warning.
        if metric.computation.as_ref().is_some_and(|computation| operation(computation.operation).is_none()) {
            continue;
        }
        let written = SheetMetric {
            name: spec.name.clone(),
            label: spec.label.clone(),
            higher_is_better: spec.higher_is_better,
            decimals: spec.decimals.min(MOST_DECIMALS),
            description: metric.description.clone(),
            computation: metric.computation.as_ref().and_then(|computation| {
                let of = computation.of.clone();
                Some(Computation { operation: operation(computation.operation)?, of })
            }),
        };
        match metrics.get(spec.name.as_str()) {
            None => {
                order.push(spec.name.as_str());
                metrics.insert(&spec.name, written);
            }
            Some(other) if other.higher_is_better == written.higher_is_better => {}
            Some(_) => {
                return Err(format!(
                    "{} is better when it is higher on one leaderboard and when it is lower on another; call them \
                     by two names",
                    spec.name
                ));
            }
        }
    }
    let metrics: Vec<SheetMetric> = order.into_iter().filter_map(|name| metrics.remove(name)).collect();
    let mut splits: Vec<String> = Vec::new();
    for board in &phase.boards {
        if !splits.contains(&board.wire_name) {
            splits.push(board.wire_name.clone());
        }
    }
    let items = items.map(ids_of).transpose()?.unwrap_or_default();
    let sheet = Sheet { metrics, splits, items };
    let written = serde_json::to_vec(&sheet).map_err(|error| error.to_string())?;
    Sheet::read(&written).map_err(|faults| faults.to_string())
}

/// The names in a list of items.
fn ids_of(items: &Bytes) -> Result<Vec<String>, String> {
    let mut reader = csv::Reader::from_reader(&items[..]);
    let headers = reader.headers().map_err(|error| format!("{ITEMS_FILE}: {error}"))?;
    let column = headers.iter().position(|name| name == "item");
    let column = column.ok_or_else(|| format!("{ITEMS_FILE}: there is no column `item`"))?;
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| format!("{ITEMS_FILE}: {error}"))?;
        Ok(row.get(column).unwrap_or_default().to_owned())
    });
    rows.collect()
}

fn operation(operation: Operation) -> Option<programs::Operation> {
    match operation {
        Operation::Mean => Some(programs::Operation::Mean),
        Operation::Sum => Some(programs::Operation::Sum),
        Operation::Minimum => Some(programs::Operation::Minimum),
        Operation::Maximum => Some(programs::Operation::Maximum),
        Operation::MeanRank => None,
    }
}

/// What the parts are called in the bundle.
fn parts_of(imported: &ImportedChallenge) -> ImportedParts {
    let board = |board: &ImportedBoard| ImportedBoardParts {
        split: board.codename.clone(),
        leaderboard_id: board.config_ids.0,
        dataset_split_id: board.config_ids.1,
        wire_name: board.wire_name.clone(),
        title: board.title.clone(),
        visibility: match board.audience {
            Audience::Organizers => 1,
            Audience::Owners => 2,
            Audience::Everyone => 3,
        },
        metrics: board.metrics.iter().map(|metric| metric.spec.name.clone()).collect(),
        hidden: board
            .metrics
            .iter()
            .filter(|metric| metric.is_hidden)
            .map(|metric| metric.spec.name.clone())
            .collect(),
        primary: board.primary.clone(),
    };
    let phase = |phase: &ImportedPhase| ImportedPhaseParts {
        codename: phase.codename.clone(),
        config_id: phase.config_id,
        wire_name: phase.wire_name.clone(),
        boards: phase.boards.iter().map(board).collect(),
    };
    ImportedParts { phases: imported.phases.iter().map(phase).collect() }
}

/// What a bundle says and this server has no place for: told, so that nobody relies on it.
fn left_out(imported: &ImportedChallenge) -> Vec<Fault> {
    let entry = &imported.entry;
    let mut warnings = Vec::new();
    let mut warn = |is_there: bool, what: &str| {
        if is_there {
            warnings.push(Fault::of_file("", format!("not taken over: {what}")));
        }
    };
    warn(imported.logo.is_some(), "the picture");
    warn(!entry.is_open, "that registration is closed (keep the challenge a draft until it opens)");
    warn(entry.needs_approval, "that an organizer approves every team: teams may enter by themselves");
    warn(
        !(entry.allowed_domains.is_empty()
            && entry.blocked_domains.is_empty()
            && entry.banned_addresses.is_empty()),
        "which e-mail addresses may enter: everybody may",
    );
    warn(imported.has_anonymous_boards, "that boards hide the names of teams");
    warn(imported.wants_detailed_results, "pages with detailed results");
    let mut phases = imported.phases.iter();
    warn(
        phases.clone().any(|phase| !phase.is_visible),
        "that a phase is hidden: every phase of a published challenge is seen",
    );
    warn(
        phases.clone().any(|phase| !phase.allowed_addresses.is_empty()),
        "the list of addresses of a phase: every team may submit",
    );
    warn(
        phases.clone().any(|phase| !phase.public_files.is_empty()),
        "starting kits and public data: put them where participants can download them, and link to them",
    );
    warn(
        phases.clone().any(|phase| phase.tasks.len() > 1),
        "columns of their own for every task of a phase: where several tasks write a column, their mean is shown",
    );
    let is_mean_rank = |board: &ImportedBoard| {
        let computed = board.metrics.iter().filter_map(|metric| metric.computation.as_ref());
        computed.into_iter().any(|computation| computation.operation == Operation::MeanRank)
    };
    warn(
        phases.any(|phase| phase.boards.iter().any(is_mean_rank)),
        "columns of mean ranks: choose `mean_rank` as the method of the phase's ranking instead",
    );
    warnings
}
