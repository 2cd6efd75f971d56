//! A challenge as EvalAI holds it.

use std::collections::BTreeMap;

use domain::Timestamp;

use crate::archive::FileTree;
use crate::imported::{NamedFile, Prize, Sponsor};

/// What a limit is when the bundle names none, and beyond which it is none.
pub const UNLIMITED: u32 = 100_000;

/// A whole bundle, checked: every id that is named exists.
#[derive(Debug, Clone, PartialEq)]
pub struct EvalAiBundle {
    /// What is said of the challenge itself.
    pub challenge: Challenge,
    /// Its leaderboards.
    pub leaderboards: Vec<Leaderboard>,
    /// Its phases.
    pub phases: Vec<Phase>,
    /// Its sets of items.
    pub dataset_splits: Vec<DatasetSplit>,
    /// Which phase scores which set on which leaderboard.
    pub phase_splits: Vec<PhaseSplit>,
}

/// The challenge itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// Its heading, at most 100 letters.
    pub title: String,
    /// One or two sentences.
    pub short_description: String,
    /// HTML.
    pub description: String,
    /// HTML.
    pub evaluation_details: String,
    /// HTML.
    pub terms_and_conditions: String,
    /// HTML.
    pub submission_guidelines: String,
    /// What is said above the boards.
    pub leaderboard_description: String,
    /// A picture.
    pub image: Option<NamedFile>,
    /// When it begins.
    pub start_date: Timestamp,
    /// When it ends.
    pub end_date: Timestamp,
    /// Whether everyone is meant to see it.
    pub published: bool,
    /// Whether the organizers' own machines evaluate.
    pub remote_evaluation: bool,
    /// The package that holds `evaluate`.
    pub evaluation_script: FileTree,
    /// At most four.
    pub tags: Vec<String>,
    /// `CV`, `NLP`, `RL`, `MM`, `AUD` or `TAB`.
    pub domain: Option<String>,
    /// What can be won.
    pub prizes: Vec<Prize>,
    /// Who pays.
    pub sponsors: Vec<Sponsor>,
    /// The longest evaluation, in seconds.
    pub submission_time_limit: u32,
    /// Whether it has a forum.
    pub enable_forum: bool,
    /// Where the forum is.
    pub forum_url: Option<String>,
    /// Whether boards hide names.
    pub anonymous_leaderboard: bool,
    /// Whether teams may register.
    pub is_registration_open: bool,
    /// Whether an organizer decides on every team.
    pub manual_participant_approval: bool,
    /// Domains of addresses that may enter; empty for all.
    pub allowed_email_domains: Vec<String>,
    /// Domains that may not.
    pub blocked_email_domains: Vec<String>,
    /// Addresses that may not.
    pub banned_email_ids: Vec<String>,
    /// The most people of a team.
    pub max_team_members: Option<u32>,
    /// Whether participants must have told everything about themselves.
    pub require_complete_profile: bool,
}

/// The columns of boards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaderboard {
    /// Its id in the bundle.
    pub id: i64,
    /// The metrics, in the order of their columns.
    pub labels: Vec<String>,
    /// The metric that ranks: one of the labels.
    pub default_order_by: String,
    /// What is said of some of the labels.
    pub metadata: BTreeMap<String, LabelMetadata>,
}

/// What is said of a metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelMetadata {
    /// Whether less is better. Absent means that it is: EvalAI orders descending only for `False` itself.
    pub sort_ascending: Option<bool>,
    /// What it measures.
    pub description: String,
}

impl Leaderboard {
    /// Whether more is better: what the metadata of the label says, and only without any, the flag of the phase split.
    pub fn is_descending(&self, label: &str, is_order_descending: bool) -> bool {
        match self.metadata.get(label) {
            Some(metadata) => metadata.sort_ascending == Some(false),
            None => is_order_descending,
        }
    }
}

/// A set of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetSplit {
    /// Its id in the bundle.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its short name, as `evaluate` writes it into its result.
    pub codename: String,
}

/// A phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Its id in the bundle.
    pub id: i64,
    /// Its name, at most 100 letters.
    pub name: String,
    /// Its short name, as `evaluate` is told it.
    pub codename: String,
    /// HTML, or plain text where no page is named.
    pub description: String,
    /// When it begins.
    pub start_date: Timestamp,
    /// When it ends.
    pub end_date: Timestamp,
    /// The held-out annotations; absent when they are sent later.
    pub test_annotation_file: Option<NamedFile>,
    /// Whether everyone sees its boards.
    pub leaderboard_public: bool,
    /// Whether everyone sees the phase.
    pub is_public: bool,
    /// Whether submissions are public unless their team says otherwise.
    pub is_submission_public: bool,
    /// Submissions per day.
    pub max_submissions_per_day: u32,
    /// Submissions per month.
    pub max_submissions_per_month: u32,
    /// Submissions in all.
    pub max_submissions: u32,
    /// Submissions that wait or run at one time.
    pub max_concurrent_submissions_allowed: u32,
    /// Endings of files, a list in a text.
    pub allowed_submission_file_types: String,
    /// Who may take part; empty for everybody.
    pub allowed_email_ids: Vec<String>,
    /// Whether nobody sees what the program printed.
    pub disable_logs: bool,
    /// Whether a team shows one submission of its choice.
    pub is_restricted_to_select_one_submission: bool,
    /// Whether a part of the scores may come later.
    pub is_partial_submission_evaluation_enabled: bool,
    /// What teams are asked.
    pub submission_meta_attributes: Vec<MetaAttribute>,
    /// Which of EvalAI's own questions are asked: `(name, is_visible)`.
    pub default_submission_meta_attributes: Vec<(String, bool)>,
}

/// A question to teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetaAttribute {
    /// Its name.
    pub name: String,
    /// The question; may be empty.
    pub description: String,
    /// What an answer is.
    pub kind: MetaAttributeKind,
    /// The answers of a radio or checkbox question.
    pub options: Vec<String>,
    /// Whether an answer is needed.
    pub required: bool,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaAttributeKind {
    /// Yes or no.
    Boolean,
    /// Free text.
    Text,
    /// One of the options.
    Radio,
    /// Any of the options.
    Checkbox,
}

impl MetaAttributeKind {
    /// As bundles write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Radio => "radio",
            Self::Checkbox => "checkbox",
        }
    }

    /// Reads what bundles write.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Boolean, Self::Text, Self::Radio, Self::Checkbox]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// Whether it needs options.
    pub fn has_options(self) -> bool {
        matches!(self, Self::Radio | Self::Checkbox)
    }
}

/// A phase that scores a set of items on a leaderboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseSplit {
    /// The phase.
    pub challenge_phase_id: i64,
    /// The leaderboard.
    pub leaderboard_id: i64,
    /// The set of items.
    pub dataset_split_id: i64,
    /// 1: organizers, 2: each team its own, 3: everyone.
    pub visibility: u8,
    /// The digits behind the point that are shown.
    pub leaderboard_decimal_precision: u8,
    /// Whether more is better, where the metric's metadata does not say.
    pub is_leaderboard_order_descending: bool,
    /// Whether the latest submission counts rather than the best.
    pub show_leaderboard_by_latest_submission: bool,
}
