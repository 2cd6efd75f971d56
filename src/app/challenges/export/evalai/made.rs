//! A challenge that was made here, put into the words of EvalAI.

use bundles::FileTree;
use bundles::imported::{
    AnswerKind, AttributeQuestion, Audience, EntryRules, Environment, ImportedBoard, ImportedChallenge,
    ImportedMetric, ImportedPhase, Listing, Origin, Program,
};
use domain::metric::MetricSpec;
use domain::phase::{AttributeKind, AttributeSpec, PhaseDraft};
use domain::ranking_rule::RankingRule;
use domain::split::{SplitSpec, Visibility};
use serde_json::json;

use super::{Present, PresentPhase, page};
use crate::failure::{Code, Failure, Outcome};

/// Says what scored a phase, to whoever writes a script that does the same.
const SCRIPT: &str = r#"import json
import os

with open(os.path.join(os.path.dirname(__file__), "phases.json")) as file:
    PHASES = json.load(file)


def evaluate(test_annotation_file, user_annotation_file, phase_codename, **kwargs):
    phase = PHASES[phase_codename]
    raise NotImplementedError("write what %s %s computes" % (phase["evaluator"], phase["params"]))
"#;

/// Writes the challenge down; phases of which nobody knows yet what they measure are left out.
pub(super) fn written(present: &Present, lost: &mut Vec<String>) -> Outcome<ImportedChallenge> {
    let (known, unknown): (Vec<_>, Vec<_>) =
        present.phases.iter().partition(|phase| phase.annotations.is_some());
    lost.extend(unknown.iter().map(|phase| {
        format!("the phase {}: without annotations it has no metrics yet", phase.draft.codename)
    }));
    if known.is_empty() {
        let detail = "no phase has annotations yet, and a bundle of EvalAI needs the metrics of one";
        return Err(Failure::new(Code::StateConflict, detail));
    }
    let draft = &present.draft;
    let phases = known.iter().zip(1..).map(|(phase, id)| phase_of(phase, id, lost)).collect();
    Ok(ImportedChallenge {
        origin: Origin::EvalAi,
        title: draft.title.clone(),
        slug: draft.slug.clone(),
        summary: draft.summary.clone(),
        pages: vec![page("description", &draft.description)],
        terms: page("terms_and_conditions", &draft.terms),
        logo: None,
        wants_publication: present.is_published,
        entry: EntryRules { team_max_size: draft.team_max_size, ..EntryRules::default() },
        has_anonymous_boards: false,
        listing: Listing::default(),
        wants_detailed_results: false,
        phases,
        program: Program::Evaluate { package: package(&known, lost)?, is_remote: false },
        environment: Environment::default(),
        solutions: Vec::new(),
    })
}

/// A script that says what scored the phases, since no evaluator of this server leaves with it.
fn package(phases: &[&PresentPhase], lost: &mut Vec<String>) -> Outcome<FileTree> {
    let mut told = serde_json::Map::new();
    for phase in phases {
        let PhaseDraft { codename, evaluator, params, mode, ranking, framing, .. } = &phase.draft;
        lost.push(format!("what scores {codename} ({evaluator}): the script only says what it was"));
        let metrics = phase.annotations.as_ref().map(|found| &found.metrics.0);
        let entry = json!({"evaluator": evaluator, "params": params, "mode": mode, "metrics": metrics,
            "ranking": ranking, "framing": framing});
        told.insert(codename.to_string(), entry);
    }
    let told = serde_json::to_vec_pretty(&told).map_err(Failure::internal)?;
    Ok(FileTree::of([
        ("__init__.py".to_owned(), "from .main import evaluate\n".into()),
        ("main.py".to_owned(), SCRIPT.into()),
        ("phases.json".to_owned(), told.into()),
    ]))
}

fn phase_of(phase: &PresentPhase, id: i64, lost: &mut Vec<String>) -> ImportedPhase {
    let draft = &phase.draft;
    let metrics = phase.annotations.as_ref().map(|found| found.metrics.0.as_slice()).unwrap_or_default();
    let plain = RankingRule {
        primary: draft.ranking.primary.clone(),
        tie_breakers: draft.ranking.tie_breakers.clone(),
        ..RankingRule::default()
    };
    if draft.ranking != plain {
        lost.push(format!(
            "how {} ranks, but for the metric and what decides between equals",
            draft.codename
        ));
    }
    ImportedPhase {
        config_id: id,
        wire_name: draft.codename.to_string(),
        codename: draft.codename.clone(),
        title: draft.title.clone(),
        description: page("description", &draft.description),
        opens_at: draft.opens_at,
        closes_at: draft.closes_at,
        quota: draft.quota,
        limits: draft.limits,
        final_choice: draft.final_choice,
        attributes: draft.attributes.iter().map(question_of).collect(),
        is_visible: true,
        has_public_boards: draft.leaderboard_public,
        has_public_submissions: false,
        file_types: Vec::new(),
        allowed_addresses: Vec::new(),
        annotations: None,
        public_files: Vec::new(),
        boards: draft.splits.iter().zip(1..).map(|(split, id)| board_of(split, id, draft, metrics)).collect(),
        tasks: Vec::new(),
    }
}

fn board_of(split: &SplitSpec, id: i64, phase: &PhaseDraft, metrics: &[MetricSpec]) -> ImportedBoard {
    let metric = |spec: &MetricSpec| ImportedMetric {
        spec: spec.clone(),
        description: String::new(),
        is_hidden: false,
        computation: None,
    };
    let first = || metrics.first().map(|metric| metric.name.clone()).unwrap_or_default();
    ImportedBoard {
        config_ids: (1, id),
        wire_name: split.codename.to_string(),
        codename: split.codename.clone(),
        title: split.codename.to_string(),
        audience: match split.visibility {
            Visibility::Public => Audience::Everyone,
            Visibility::Private => Audience::Organizers,
        },
        metrics: metrics.iter().map(metric).collect(),
        primary: phase.ranking.primary.clone().unwrap_or_else(first),
        tie_breakers: phase.ranking.tie_breakers.clone(),
    }
}

fn question_of(attribute: &AttributeSpec) -> AttributeQuestion {
    AttributeQuestion {
        wire_name: attribute.name.clone(),
        name: attribute.name.clone(),
        description: attribute.label.clone(),
        kind: match &attribute.kind {
            AttributeKind::Boolean => AnswerKind::Boolean,
            AttributeKind::Choice { choices } => AnswerKind::One(choices.clone()),
            AttributeKind::Text | AttributeKind::Integer | AttributeKind::Number => AnswerKind::Text,
        },
        is_required: attribute.required,
        is_on_board: false,
    }
}
