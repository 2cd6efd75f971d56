//! A challenge of this server as a bundle of EvalAI, as far as EvalAI can hold it.

mod write;

use domain::Timestamp;
use sdk::archive::PackError;

use super::{
    Challenge, DatasetSplit, EvalAiBundle, LabelMetadata, Leaderboard, MetaAttribute, MetaAttributeKind,
    Phase, PhaseSplit, UNLIMITED, import,
};
use crate::archive::FileTree;
use crate::imported::{
    AnswerKind, AttributeQuestion, Audience, ImportedBoard, ImportedChallenge, ImportedPhase, Page, Program,
    TextFormat,
};

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
    let title: String = challenge.title.as_str().chars().take(100).collect();
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
            image: challenge.logo.clone(),
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
        phases: parts.phases,
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

/// The lists of a bundle, with the ids that join them.
#[derive(Default)]
struct Parts {
    leaderboards: Vec<Leaderboard>,
    phases: Vec<Phase>,
    dataset_splits: Vec<DatasetSplit>,
    phase_splits: Vec<PhaseSplit>,
}

impl Parts {
    fn of(challenge: &ImportedChallenge, lost: &mut Vec<String>) -> Self {
        let mut parts = Self::default();
        for phase in &challenge.phases {
            parts.phases.push(phase_of(phase, lost));
            for board in &phase.boards {
                parts.add_board(phase, board, lost);
            }
        }
        parts
    }

    fn add_board(&mut self, phase: &ImportedPhase, board: &ImportedBoard, lost: &mut Vec<String>) {
        let (leaderboard_id, set_id) = board.config_ids;
        let is_same = |other: &Leaderboard| {
            other.labels.iter().eq(board.metrics.iter().map(|metric| &metric.spec.name))
        };
        let leaderboard = leaderboard_of(leaderboard_id, board);
        let found = self.leaderboards.iter().find(|other| {
            is_same(other)
                && other.default_order_by == board.primary
                && other.metadata == leaderboard.metadata
        });
        let leaderboard_id = match found {
            Some(found) => found.id,
            None => {
                let id = free_id(leaderboard_id, self.leaderboards.iter().map(|other| other.id));
                self.leaderboards.push(Leaderboard { id, ..leaderboard });
                id
            }
        };
        let dataset_split_id = match self.dataset_splits.iter().find(|set| set.codename == board.wire_name) {
            Some(found) => found.id,
            None => {
                let id = free_id(set_id, self.dataset_splits.iter().map(|other| other.id));
                let (name, codename) = (board.title.clone(), board.wire_name.clone());
                self.dataset_splits.push(DatasetSplit { id, name, codename });
                id
            }
        };
        if board.metrics.iter().any(|metric| metric.computation.is_some()) {
            lost.push(format!("how columns of {} are computed of others", board.title));
        }
        if board.metrics.iter().any(|metric| metric.is_hidden) {
            lost.push(format!("that columns of {} are hidden", board.title));
        }
        if !board.tie_breakers.is_empty() {
            lost.push(format!("what decides between equals on {}", board.title));
        }
        let primary = board.metrics.iter().find(|metric| metric.spec.name == board.primary);
        self.phase_splits.push(PhaseSplit {
            challenge_phase_id: phase.config_id,
            leaderboard_id,
            dataset_split_id,
            visibility: match board.audience {
                Audience::Organizers => 1,
                Audience::Owners => 2,
                Audience::Everyone => 3,
            },
            leaderboard_decimal_precision: board
                .metrics
                .iter()
                .map(|metric| metric.spec.decimals)
                .max()
                .unwrap_or(2),
            is_leaderboard_order_descending: primary.is_none_or(|metric| metric.spec.higher_is_better),
            show_leaderboard_by_latest_submission: phase.final_choice == domain::phase::FinalChoice::Latest,
        });
    }
}

fn free_id(wanted: i64, taken: impl Iterator<Item = i64> + Clone) -> i64 {
    if taken.clone().any(|id| id == wanted) { taken.max().unwrap_or(0).saturating_add(1) } else { wanted }
}

/// Every label has metadata, so that its direction does not hang on a flag of the phase split.
fn leaderboard_of(id: i64, board: &ImportedBoard) -> Leaderboard {
    let metadata = board.metrics.iter().map(|metric| {
        let sort_ascending = Some(!metric.spec.higher_is_better);
        (metric.spec.name.clone(), LabelMetadata { sort_ascending, description: metric.description.clone() })
    });
    Leaderboard {
        id,
        labels: board.metrics.iter().map(|metric| metric.spec.name.clone()).collect(),
        default_order_by: board.primary.clone(),
        metadata: metadata.collect(),
    }
}

fn phase_of(phase: &ImportedPhase, lost: &mut Vec<String>) -> Phase {
    if !phase.public_files.is_empty() {
        lost.push(format!("the files that participants of {} download", phase.title));
    }
    if phase.closes_at.is_none() {
        lost.push(format!("that {} has no end", phase.title));
    }
    let name: String = phase.title.as_str().chars().take(100).collect();
    let max_submissions_per_day = phase.quota.per_day.unwrap_or(UNLIMITED);
    let types = phase.file_types.join(", ");
    Phase {
        id: phase.config_id,
        name,
        codename: phase.wire_name.clone(),
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

fn attribute_of(question: &AttributeQuestion) -> MetaAttribute {
    let (kind, options) = match &question.kind {
        AnswerKind::Text => (MetaAttributeKind::Text, Vec::new()),
        AnswerKind::Boolean => (MetaAttributeKind::Boolean, Vec::new()),
        AnswerKind::One(options) => (MetaAttributeKind::Radio, options.clone()),
        AnswerKind::Any(options) => (MetaAttributeKind::Checkbox, options.clone()),
    };
    MetaAttribute {
        name: question.wire_name.clone(),
        description: question.description.clone(),
        kind,
        options,
        required: question.is_required,
    }
}
