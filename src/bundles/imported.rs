//! A challenge that comes from another system, as this one understands it.
//!
//! Both importers end here: [`crate::evalai`] and [`crate::codabench`] read their own formats into their own types, and
//! turn them into an [`ImportedChallenge`], which holds everything that a use case needs to make the challenge in one
//! transaction: texts, phases with their windows and quotas, boards with their metrics, programs with their contract,
//! and the bytes of every file, so that nothing refers back to the bundle.
//!
//! Names exist twice: as the bundle has them (`wire_name`: programs and old clients speak so), and as this server
//! writes them (`codename`, made of it).

use bytes::Bytes;
use domain::metric::MetricSpec;
use domain::phase::{EvaluationLimits, FinalChoice};
use domain::quota::Quota;
use domain::split::Visibility;
use domain::{Codename, Slug, Timestamp, Title};
use serde::Serialize;

use crate::archive::{FileTree, Part};

pub mod attribute;
pub mod preview;

pub use attribute::{AnswerKind, AttributeQuestion};
pub use preview::Preview;

/// The system that a bundle was written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// EvalAI: `challenge_config.yaml`.
    EvalAi,
    /// Codabench: `competition.yaml`, version 2.
    Codabench2,
    /// CodaLab and early Codabench: `competition.yaml`, version 1 or 1.5.
    CodaLab15,
}

impl Origin {
    /// How people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::EvalAi => "EvalAI",
            Self::Codabench2 => "Codabench, version 2",
            Self::CodaLab15 => "CodaLab, version 1.5",
        }
    }
}

/// A challenge with all of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedChallenge {
    /// Where it comes from.
    pub origin: Origin,
    /// Its heading.
    pub title: Title,
    /// A proposal for its address, made of the title; it may be taken already.
    pub slug: Slug,
    /// One or two sentences for lists.
    pub summary: String,
    /// The longer texts, in their order.
    pub pages: Vec<Page>,
    /// What participants agree to.
    pub terms: Page,
    /// The picture that stands for it.
    pub logo: Option<NamedFile>,
    /// Whether its author means it to be seen by everyone.
    pub wants_publication: bool,
    /// Who may enter.
    pub entry: EntryRules,
    /// Whether boards hide the names of teams.
    pub has_anonymous_boards: bool,
    /// What lists and pages say besides.
    pub listing: Listing,
    /// Whether teams see the page that a program writes about their submission.
    pub wants_detailed_results: bool,
    /// Its phases, in their order; never empty.
    pub phases: Vec<ImportedPhase>,
    /// What scores its submissions.
    pub program: Program,
    /// What the program wants to run in.
    pub environment: Environment,
    /// The organizers' own submissions, to be run before anybody sees the challenge.
    pub solutions: Vec<Solution>,
}

/// A longer text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// What it is in the bundle: `evaluation_details`, or the title that its author gave it.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// How it is written.
    pub format: TextFormat,
    /// The text.
    pub text: String,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFormat {
    /// Markdown.
    #[default]
    Markdown,
    /// HTML of strangers: to be sanitized before it is shown.
    Html,
}

impl TextFormat {
    /// By the ending of a file's name.
    pub fn of_file(name: &str) -> Self {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        if matches!(ending.as_str(), "html" | "htm") { Self::Html } else { Self::Markdown }
    }
}

/// A file by its name in the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its path in the bundle; its ending says what it is.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// Who may enter a challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRules {
    /// Whether teams may register at all.
    pub is_open: bool,
    /// Whether an organizer decides on every team.
    pub needs_approval: bool,
    /// The most people of a team.
    pub team_max_size: Option<u32>,
    /// Domains of e-mail addresses that may enter; empty for all.
    pub allowed_domains: Vec<String>,
    /// Domains that may not.
    pub blocked_domains: Vec<String>,
    /// Addresses that may not.
    pub banned_addresses: Vec<String>,
    /// Whether participants must say everything about themselves that the system asks.
    pub needs_complete_profile: bool,
}

impl Default for EntryRules {
    fn default() -> Self {
        Self {
            is_open: true,
            needs_approval: false,
            team_max_size: None,
            allowed_domains: Vec::new(),
            blocked_domains: Vec::new(),
            banned_addresses: Vec::new(),
            needs_complete_profile: false,
        }
    }
}

/// What is said about a challenge besides its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// When it begins and ends as a whole, where the bundle says so.
    pub window: Option<(Timestamp, Timestamp)>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The field, in the codes of EvalAI (`CV`, `NLP`, `RL`, `MM`, `AUD`, `TAB`).
    pub domain: Option<String>,
    /// What can be won, best first.
    pub prizes: Vec<Prize>,
    /// Who pays for it.
    pub sponsors: Vec<Sponsor>,
    /// Where it is talked about.
    pub forum_url: Option<String>,
    /// Whether the system's own forum is wanted.
    pub wants_forum: bool,
    /// Whom to ask.
    pub contact: Option<String>,
    /// What can be won, in words.
    pub reward: Option<String>,
}

/// A prize.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prize {
    /// For which place, from 1.
    pub rank: u32,
    /// How much, with its currency (`100.00USD`).
    pub amount: String,
    /// What it is.
    pub description: String,
}

/// A sponsor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sponsor {
    /// Its name.
    pub name: String,
    /// Its address.
    pub website: String,
}

/// A phase.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedPhase {
    /// Its id in the bundle: what an update finds it by.
    pub config_id: i64,
    /// Its short name as programs know it.
    pub wire_name: String,
    /// Its short name here.
    pub codename: Codename,
    /// Its heading.
    pub title: Title,
    /// What it is for.
    pub description: Page,
    /// When submissions are first taken.
    pub opens_at: Timestamp,
    /// When they are no longer taken; absent for never.
    pub closes_at: Option<Timestamp>,
    /// How much a team may submit.
    pub quota: Quota,
    /// How large and how long an evaluation may be; for two steps, each of them.
    pub limits: EvaluationLimits,
    /// Which submission of a team counts.
    pub final_choice: FinalChoice,
    /// What teams are asked about their method.
    pub attributes: Vec<AttributeQuestion>,
    /// Whether everyone sees the phase.
    pub is_visible: bool,
    /// Whether participants see its boards.
    pub has_public_boards: bool,
    /// Whether submissions are shown to everyone unless their team says otherwise.
    pub has_public_submissions: bool,
    /// The endings of files that are expected; advice, not a rule.
    pub file_types: Vec<String>,
    /// Addresses of those who may take part; empty for everybody.
    pub allowed_addresses: Vec<String>,
    /// The held-out annotations; absent when they are to be sent later, or are a matter of tasks.
    pub annotations: Option<NamedFile>,
    /// What participants may download.
    pub public_files: Vec<PublicFile>,
    /// Its boards; never empty.
    pub boards: Vec<ImportedBoard>,
    /// Which tasks of the program it runs, by their place in [`Program::Commands`]; empty for other programs.
    pub tasks: Vec<usize>,
}

/// What participants may download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFile {
    /// What it is (`starting_kit`).
    pub name: String,
    /// Its content.
    pub content: Part,
}

/// A board: one set of items, with the metrics that are shown and how they are ordered.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedBoard {
    /// The ids of the leaderboard and the set of items in the bundle.
    pub config_ids: (i64, i64),
    /// The short name of the set of items, as programs write it into their results.
    pub wire_name: String,
    /// Its short name here, unique in the phase.
    pub codename: Codename,
    /// What it is called.
    pub title: String,
    /// Who sees it.
    pub audience: Audience,
    /// The metrics in the order of their columns; never empty.
    pub metrics: Vec<ImportedMetric>,
    /// The metric that ranks, by name.
    pub primary: String,
    /// Metrics that decide between equals, in their order.
    pub tie_breakers: Vec<String>,
}

/// Who sees a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Organizers only.
    Organizers,
    /// Organizers, and each team what concerns it.
    Owners,
    /// Everyone.
    Everyone,
}

impl Audience {
    /// The nearest thing that splits here know.
    pub fn visibility(self) -> Visibility {
        match self {
            Self::Organizers | Self::Owners => Visibility::Private,
            Self::Everyone => Visibility::Public,
        }
    }
}

/// A metric of a board.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMetric {
    /// Its name as programs write it, its heading, direction and digits.
    pub spec: MetricSpec,
    /// What it measures.
    pub description: String,
    /// Whether participants do not see it.
    pub is_hidden: bool,
    /// How it is computed from other metrics; absent when the program writes it.
    pub computation: Option<Computation>,
}

/// A metric that is computed from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computation {
    /// How.
    pub operation: Operation,
    /// Of which, by name; never empty.
    pub of: Vec<String>,
}

/// How several values become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Their mean.
    Mean,
    /// Their sum.
    Sum,
    /// The least of them.
    Minimum,
    /// The largest of them.
    Maximum,
    /// The mean of the ranks that an entry has in them among all entries of the board.
    MeanRank,
}

impl Operation {
    /// The value for these; absent for none, and where the values of one entry do not say it.
    pub fn of(self, values: &[f64]) -> Option<f64> {
        if values.is_empty() {
            return None;
        }
        let sum = || values.iter().sum::<f64>();
        Some(match self {
            Self::Mean => sum() / values.len() as f64,
            Self::Sum => sum(),
            Self::Minimum => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Maximum => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::MeanRank => return None,
        })
    }
}

/// What scores submissions.
#[derive(Debug, Clone, PartialEq)]
pub enum Program {
    /// A Python package that offers `evaluate(annotation_file, submission_file, phase_codename, **kwargs)`.
    Evaluate {
        /// The files of the package.
        package: FileTree,
        /// Whether the organizers' own machines ask for submissions and send the results.
        is_remote: bool,
    },
    /// Commands in two steps, prediction and scoring, for each task of a phase.
    Commands {
        /// The tasks; phases name them by their place.
        tasks: Vec<Task>,
    },
}

/// What a submission is run against.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its id in the bundle.
    pub config_id: i64,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What writes the scores: the second step.
    pub scoring: CommandProgram,
    /// What feeds submissions of code: beside the first step, or beside the second.
    pub ingestion: Option<CommandProgram>,
    /// Whether ingestion runs beside the scoring only.
    pub is_ingestion_while_scoring: bool,
    /// What submissions of code read, shown to the first step.
    pub input_data: Option<FileTree>,
    /// The truth, shown to the second step only.
    pub reference_data: Option<FileTree>,
}

/// A folder with a command that runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandProgram {
    /// Where it lay in the bundle.
    pub name: String,
    /// Its files.
    pub files: FileTree,
    /// The words of the command, with variables (`$input`) as they were written; empty when there is none to run.
    pub command: Vec<String>,
}

/// What a program wants to run in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// A container image.
    pub image: Option<String>,
    /// The text of `requirements.txt`.
    pub requirements: Option<String>,
    /// What the program installs by itself while it is imported, as it says it: to be built in beforehand.
    pub installs: Vec<String>,
}

/// A submission of the organizers that comes with the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The tasks it is for, by their place in [`Program::Commands`].
    pub tasks: Vec<usize>,
    /// Its files.
    pub files: FileTree,
}
