//! A bundle of EvalAI as a challenge of this server.

use domain::metric::MetricSpec;
use domain::phase::{EvaluationLimits, FinalChoice};
use domain::quota::Quota;
use domain::{Codename, Title};

use super::{
    EvalAiBundle, Leaderboard, MetaAttribute, MetaAttributeKind, Phase, PhaseSplit, UNLIMITED, script,
};
use crate::imported::{
    AnswerKind, AttributeQuestion, Audience, EntryRules, Environment, ImportedBoard, ImportedChallenge,
    ImportedMetric, ImportedPhase, Listing, Origin, Page, Program, TextFormat,
};
use crate::names;
use crate::yaml::Table;

/// The name of the page that says what is above the boards.
pub(super) const BOARD_PAGE: &str = "leaderboard_description";

pub(super) fn imported(bundle: &EvalAiBundle, root: &Table<'_>) -> Option<ImportedChallenge> {
    let challenge = &bundle.challenge;
    let title = title(&challenge.title, "title", root)?;
    let html = |name: &str, title: &str, text: &str| Page {
        name: name.to_owned(),
        title: title.to_owned(),
        format: TextFormat::Html,
        text: text.to_owned(),
    };
    let pages = [
        html("description", "Overview", &challenge.description),
        html("evaluation_details", "Evaluation", &challenge.evaluation_details),
        html("submission_guidelines", "Submission", &challenge.submission_guidelines),
        html(BOARD_PAGE, "Leaderboard", &challenge.leaderboard_description),
    ];
    let mut phases: Vec<ImportedPhase> = Vec::new();
    for phase in &bundle.phases {
        let splits: Vec<_> =
            bundle.phase_splits.iter().filter(|split| split.challenge_phase_id == phase.id).collect();
        // What is in no phase split cannot be scored; the reader of the splits says so.
        if splits.is_empty() {
            continue;
        }
        let codename = names::codename(&phase.codename, phases.iter().map(|phase| &phase.codename))?;
        phases.push(imported_phase(bundle, phase, &splits, codename, root)?);
    }
    if phases.is_empty() {
        return None;
    }
    let package = &challenge.evaluation_script;
    let text_of =
        |path| package.file(path).and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned);
    Some(ImportedChallenge {
        origin: Origin::EvalAi,
        slug: names::slug(&challenge.title)?,
        title,
        summary: summary(&challenge.short_description, root),
        pages: pages.into_iter().filter(|page| !page.text.is_empty()).collect(),
        terms: html("terms_and_conditions", "Terms", &challenge.terms_and_conditions),
        logo: challenge.image.clone(),
        wants_publication: challenge.published,
        entry: EntryRules {
            is_open: challenge.is_registration_open,
            needs_approval: challenge.manual_participant_approval,
            team_max_size: challenge.max_team_members,
            allowed_domains: challenge.allowed_email_domains.clone(),
            blocked_domains: challenge.blocked_email_domains.clone(),
            banned_addresses: challenge.banned_email_ids.clone(),
            needs_complete_profile: challenge.require_complete_profile,
        },
        has_anonymous_boards: challenge.anonymous_leaderboard,
        listing: Listing {
            window: Some((challenge.start_date, challenge.end_date)),
            tags: challenge.tags.clone(),
            domain: challenge.domain.clone(),
            prizes: challenge.prizes.clone(),
            sponsors: challenge.sponsors.clone(),
            forum_url: challenge.forum_url.clone(),
            wants_forum: challenge.enable_forum,
            contact: None,
            reward: None,
        },
        wants_detailed_results: false,
        phases,
        program: Program::Evaluate { package: package.clone(), is_remote: challenge.remote_evaluation },
        environment: Environment {
            image: None,
            requirements: text_of("requirements.txt"),
            installs: script::installs(package),
        },
        solutions: Vec::new(),
    })
}

/// Lists take 1000 bytes; what is longer is cut, because EvalAI has no such limit.
fn summary(text: &str, root: &Table<'_>) -> String {
    const LONGEST: usize = 1_000;
    if text.len() > LONGEST
        && let Some(item) = root.get("short_description")
    {
        item.warn(format!("only the first {LONGEST} bytes of the {} are shown", text.len()));
    }
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

/// A heading, or a fault that says what is wrong with it.
fn title(text: &str, what: &str, root: &Table<'_>) -> Option<Title> {
    Title::parse(text).map_err(|invalid| root.fault(format!("{what} {text:?} {}", invalid.rule))).ok()
}

fn imported_phase(
    bundle: &EvalAiBundle,
    phase: &Phase,
    splits: &[&PhaseSplit],
    codename: Codename,
    root: &Table<'_>,
) -> Option<ImportedPhase> {
    let limit = |limit: u32| Some(limit).filter(|limit| *limit < UNLIMITED);
    let mut boards: Vec<ImportedBoard> = Vec::new();
    for split in splits {
        let taken: Vec<_> = boards.iter().map(|board| board.codename.clone()).collect();
        boards.push(board(bundle, split, &taken)?);
    }
    let mut attributes: Vec<AttributeQuestion> = Vec::new();
    for attribute in &phase.submission_meta_attributes {
        let name = names::attribute(&attribute.name, attributes.iter().map(|other| other.name.as_str()));
        attributes.push(question(attribute, name));
    }
    let format =
        if phase.description.trim_start().starts_with('<') { TextFormat::Html } else { TextFormat::Markdown };
    Some(ImportedPhase {
        config_id: phase.id,
        wire_name: phase.codename.clone(),
        codename,
        title: title(&phase.name, "the name of a phase", root)?,
        description: Page {
            name: "description".to_owned(),
            title: String::new(),
            format,
            text: phase.description.clone(),
        },
        opens_at: phase.start_date,
        closes_at: Some(phase.end_date),
        quota: Quota {
            per_day: limit(phase.max_submissions_per_day),
            per_week: None,
            per_month: limit(phase.max_submissions_per_month),
            total: limit(phase.max_submissions),
            concurrent: limit(phase.max_concurrent_submissions_allowed),
        },
        limits: EvaluationLimits {
            seconds: bundle.challenge.submission_time_limit,
            ..EvaluationLimits::default()
        },
        final_choice: if phase.is_restricted_to_select_one_submission {
            FinalChoice::Chosen
        } else {
            FinalChoice::Best
        },
        attributes,
        is_visible: phase.is_public,
        has_public_boards: phase.leaderboard_public,
        has_public_submissions: phase.is_submission_public,
        file_types: endings(&phase.allowed_submission_file_types),
        allowed_addresses: phase.allowed_email_ids.clone(),
        annotations: phase.test_annotation_file.clone(),
        public_files: Vec::new(),
        boards,
        tasks: Vec::new(),
    })
}

fn endings(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|ending| !ending.is_empty()).map(str::to_owned).collect()
}

fn board(bundle: &EvalAiBundle, split: &PhaseSplit, taken: &[Codename]) -> Option<ImportedBoard> {
    let leaderboard = bundle.leaderboards.iter().find(|one| one.id == split.leaderboard_id)?;
    let set = bundle.dataset_splits.iter().find(|one| one.id == split.dataset_split_id)?;
    Some(ImportedBoard {
        config_ids: (leaderboard.id, set.id),
        wire_name: set.codename.clone(),
        codename: names::codename(&set.codename, taken.iter())?,
        title: set.name.clone(),
        audience: match split.visibility {
            1 => Audience::Organizers,
            2 => Audience::Owners,
            _ => Audience::Everyone,
        },
        metrics: leaderboard.labels.iter().map(|label| metric(leaderboard, split, label)).collect(),
        primary: leaderboard.default_order_by.clone(),
        tie_breakers: Vec::new(),
    })
}

fn metric(leaderboard: &Leaderboard, split: &PhaseSplit, label: &str) -> ImportedMetric {
    let metadata = leaderboard.metadata.get(label);
    ImportedMetric {
        spec: MetricSpec {
            name: label.to_owned(),
            label: label.to_owned(),
            unit: String::new(),
            higher_is_better: leaderboard.is_descending(label, split.is_leaderboard_order_descending),
            decimals: split.leaderboard_decimal_precision,
        },
        description: metadata.map(|metadata| metadata.description.clone()).unwrap_or_default(),
        is_hidden: false,
        computation: None,
    }
}

fn question(attribute: &MetaAttribute, name: String) -> AttributeQuestion {
    let options = attribute.options.clone();
    AttributeQuestion {
        wire_name: attribute.name.clone(),
        name,
        description: attribute.description.clone(),
        kind: match attribute.kind {
            MetaAttributeKind::Boolean => AnswerKind::Boolean,
            MetaAttributeKind::Text => AnswerKind::Text,
            MetaAttributeKind::Radio => AnswerKind::One(options),
            MetaAttributeKind::Checkbox => AnswerKind::Any(options),
        },
        is_required: attribute.required,
        is_on_board: false,
    }
}
