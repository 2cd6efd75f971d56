//! A challenge of this server as a bundle of EvalAI, as far as EvalAI can hold it.

mod boards;
mod write;

use domain::Timestamp;
use sdk::archive::PackError;

use super::{Challenge, EvalAiBundle, MetaAttribute, MetaAttributeKind, Phase, UNLIMITED, import};
use crate::archive::FileTree;
use crate::imported::{
    AnswerKind, AttributeQuestion, ImportedChallenge, ImportedPhase, Origin, Page, Program, TextFormat,
};
use boards::Parts;

/// A bundle, and what of the challenge it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The files, to be packed.
    pub files: FileTree,
    /// The bundle as it was written.
    pub bundle: EvalAiBundle,
    /// What is lost, in sentences.
    pub lost: Vec<String>,
}

/// The script of a challenge that no `evaluate` scores.
const NO_SCRIPT: &str = "def evaluate(test_annotation_file, user_annotation_file, phase_codename, **kwargs):\n    \
    raise NotImplementedError(\"the program that scored this challenge is not part of the bundle\")\n";

/// Writes a challenge as a bundle.
///
/// What EvalAI knows in another form takes that form: every distinct set of columns becomes a leaderboard, every name
/// of a set of items a dataset split, Markdown is put into `<pre>`.
pub fn export(challenge: &ImportedChallenge) -> Result<Export, PackError> {
    let mut lost = Vec::new();
    let bundle = bundle_of(challenge, &mut lost);
    Ok(Export { files: write::files(&bundle)?, bundle, lost })
}

fn bundle_of(challenge: &ImportedChallenge, lost: &mut Vec<String>) -> EvalAiBundle {
    let (evaluation_script, remote_evaluation) = match &challenge.program {
        Program::Evaluate { package, is_remote } => (package.clone(), *is_remote),
        Program::Commands { .. } => {
            lost.push("the programs: EvalAI calls evaluate() instead of commands, and a script that only fails stands for it".into());
            (FileTree::of([("__init__.py".to_owned(), NO_SCRIPT.into())]), true)
        }
    };
    let first = challenge.phases.iter().map(|phase| phase.opens_at).min();
    let last = challenge.phases.iter().filter_map(|phase| phase.closes_at).max();
    let (start_date, end_date) = challenge.listing.window.or(first.zip(last)).unwrap_or_else(|| {
        let start = first.unwrap_or_else(|| Timestamp::new(jiff::Timestamp::UNIX_EPOCH));
        (start, far_after(start))
    });
    let html = |name: &str| challenge.pages.iter().find(|page| page.name == name).map(as_html);
    // EvalAI has four pages; what has another name is put behind the first.
    const OWN: [&str; 3] = ["evaluation_details", "submission_guidelines", import::BOARD_PAGE];
    let description: String = challenge
        .pages
        .iter()
        .filter(|page| !OWN.contains(&page.name.as_str()))
        .map(|page| match page.name.as_str() {
            "description" => as_html(page),
            _ => format!("<h2>{}</h2>\n{}", escaped(&page.title), as_html(page)),
        })
        .collect();
    let parts = Parts::of(challenge, lost);
    let phases = challenge.phases.iter().map(|phase| phase_of(phase, challenge.origin, lost)).collect();
    let listing = &challenge.listing;
    let unheld = [
        (listing.contact.is_some(), "the contact address"),
        (listing.reward.is_some(), "the reward, in words"),
        (challenge.wants_detailed_results, "that a program's page about a submission is shown"),
    ];
    lost.extend(unheld.into_iter().filter(|(is_lost, _)| *is_lost).map(|(_, what)| what.to_owned()));
    if listing.tags.len() > 4 {
        lost.push(format!("the tags after the fourth: {}", listing.tags[4..].join(", ")));
    }
    if !challenge.solutions.is_empty() {
        lost.push("the organizers' own solutions".into());
    }
    let is_picture = |name: &str| [".jpg", ".jpeg", ".png"].iter().any(|ending| name.ends_with(ending));
    let image = challenge.logo.clone().filter(|logo| is_picture(&logo.name));
    if image.is_none() && challenge.logo.is_some() {
        lost.push("the picture: EvalAI takes .jpg, .jpeg and .png".into());
    }
    let title = cut(challenge.title.as_str());
    if title != challenge.title.as_str() {
        lost.push("the end of the title: EvalAI takes 100 letters".into());
    }
    EvalAiBundle {
        challenge: Challenge {
            title,
            short_description: challenge.summary.clone(),
            description: or_blank(description),
            evaluation_details: html("evaluation_details").unwrap_or_else(blank),
            terms_and_conditions: as_html(&challenge.terms),
            submission_guidelines: html("submission_guidelines").unwrap_or_else(blank),
            leaderboard_description: html(import::BOARD_PAGE).unwrap_or_default(),
            image,
            start_date,
            end_date,
            published: challenge.wants_publication,
            remote_evaluation,
            evaluation_script,
            tags: listing.tags.iter().take(4).cloned().collect(),
            domain: listing.domain.clone(),
            prizes: listing.prizes.clone(),
            sponsors: listing.sponsors.clone(),
            submission_time_limit: challenge
                .phases
                .iter()
                .map(|phase| phase.limits.seconds)
                .max()
                .unwrap_or(600),
            enable_forum: listing.wants_forum,
            forum_url: listing.forum_url.clone(),
            anonymous_leaderboard: challenge.has_anonymous_boards,
            is_registration_open: challenge.entry.is_open,
            manual_participant_approval: challenge.entry.needs_approval,
            allowed_email_domains: challenge.entry.allowed_domains.clone(),
            blocked_email_domains: challenge.entry.blocked_domains.clone(),
            banned_email_ids: challenge.entry.banned_addresses.clone(),
            max_team_members: challenge.entry.team_max_size,
            require_complete_profile: challenge.entry.needs_complete_profile,
        },
        leaderboards: parts.leaderboards,
        phases,
        dataset_splits: parts.dataset_splits,
        phase_splits: parts.phase_splits,
    }
}

/// A phase without an end gets one that nobody will live to see, because EvalAI wants one.
fn far_after(start: Timestamp) -> Timestamp {
    start.plus_seconds(100 * 365 * 86_400)
}

fn blank() -> String {
    or_blank(String::new())
}

/// EvalAI wants a page to hold something.
fn or_blank(text: String) -> String {
    if text.is_empty() { "<p></p>\n".to_owned() } else { text }
}

fn as_html(page: &Page) -> String {
    match page.format {
        TextFormat::Html => page.text.clone(),
        TextFormat::Markdown => format!("<pre>{}</pre>\n", escaped(&page.text)),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn phase_of(phase: &ImportedPhase, origin: Origin, lost: &mut Vec<String>) -> Phase {
    if !phase.public_files.is_empty() {
        lost.push(format!("the files that participants of {} download", phase.title));
    }
    if phase.final_choice == domain::phase::FinalChoice::Latest {
        lost.push(format!(
            "that the latest submission counts in {}: EvalAI drops the key that says so",
            phase.title
        ));
    }
    if phase.closes_at.is_none() {
        lost.push(format!("that {} has no end", phase.title));
    }
    let max_submissions_per_day = phase.quota.per_day.unwrap_or(UNLIMITED);
    let types = phase.file_types.join(", ");
    Phase {
        id: phase.config_id,
        name: cut(phase.title.as_str()),
        codename: wire_name(&phase.wire_name, &phase.codename, origin),
        description: or_blank(as_html(&phase.description)),
        start_date: phase.opens_at,
        end_date: phase.closes_at.unwrap_or_else(|| far_after(phase.opens_at)),
        test_annotation_file: phase.annotations.clone(),
        leaderboard_public: phase.has_public_boards,
        is_public: phase.is_visible,
        is_submission_public: phase.has_public_submissions,
        max_submissions_per_day,
        max_submissions_per_month: phase.quota.per_month.unwrap_or(UNLIMITED),
        max_submissions: phase.quota.total.unwrap_or(UNLIMITED),
        max_concurrent_submissions_allowed: phase
            .quota
            .concurrent
            .unwrap_or(UNLIMITED)
            .min(max_submissions_per_day),
        allowed_submission_file_types: if types.len() > 200 { String::new() } else { types },
        allowed_email_ids: phase.allowed_addresses.clone(),
        disable_logs: false,
        is_restricted_to_select_one_submission: phase.final_choice == domain::phase::FinalChoice::Chosen
            && !phase.has_public_submissions,
        is_partial_submission_evaluation_enabled: false,
        submission_meta_attributes: phase.attributes.iter().map(attribute_of).collect(),
        default_submission_meta_attributes: Vec::new(),
    }
}

/// EvalAI takes names of 100 letters.
fn cut(name: &str) -> String {
    name.trim().chars().take(100).collect()
}

/// The short name that programs know; a challenge that EvalAI never had is known by the names of this server.
fn wire_name(wire_name: &str, codename: &domain::Codename, origin: Origin) -> String {
    if origin == Origin::EvalAi { wire_name.to_owned() } else { codename.as_str().to_owned() }
}

fn attribute_of(question: &AttributeQuestion) -> MetaAttribute {
    let (kind, options) = match &question.kind {
        AnswerKind::Text => (MetaAttributeKind::Text, Vec::new()),
        AnswerKind::Boolean => (MetaAttributeKind::Boolean, Vec::new()),
        AnswerKind::One(options) => (MetaAttributeKind::Radio, options.clone()),
        AnswerKind::Any(options) => (MetaAttributeKind::Checkbox, options.clone()),
    };
    MetaAttribute {
        name: if question.wire_name.is_empty() { question.name.clone() } else { question.wire_name.clone() },
        description: question.description.clone(),
        kind,
        options,
        required: question.is_required,
    }
}
