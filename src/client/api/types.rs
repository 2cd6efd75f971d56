//! What is read from answers. Fields that no command needs are passed over.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// A page of a list.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// Why the server said no.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The stable name of the reason.
    pub code: String,
    /// The reason in words.
    pub title: String,
    /// This case of it in words.
    pub detail: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with which field.
    pub errors: Vec<FieldProblem>,
    /// What is wrong in which place of a file.
    pub faults: Vec<Fault>,
    /// After how many seconds it may be asked again.
    pub retry_after: Option<u64>,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldProblem {
    /// Which.
    pub field: String,
    /// What.
    pub detail: String,
}

impl Problem {
    /// Reads a problem document, or makes one of an answer that is none.
    pub fn read(status: u16, body: &[u8]) -> Self {
        serde_json::from_slice(body).ok().filter(|problem: &Self| !problem.code.is_empty()).unwrap_or_else(
            || {
                let detail = format!("the server answered with status {status} and no reason");
                Self { code: format!("status_{status}"), detail, status, ..Self::default() }
            },
        )
    }

    /// After how many seconds the same request may succeed.
    pub fn busy_for(&self) -> Option<u64> {
        let busy = matches!(self.status, 429 | 503) && !self.code.starts_with("quota");
        if busy { Some(self.retry_after.unwrap_or(1).max(1)) } else { None }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = if self.detail.is_empty() { &self.title } else { &self.detail };
        write!(f, "{said} ({})", self.code)?;
        for error in &self.errors {
            write!(f, "\n  {}: {}", error.field, error.detail)?;
        }
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

/// Something that is wrong in an uploaded file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Fault {
    /// The stable name of the kind of fault.
    pub code: String,
    /// Where in a JSON document.
    pub pointer: Option<String>,
    /// Where in a file of lines.
    pub line: Option<u64>,
    /// In which column of the line.
    pub column: Option<Value>,
    /// In which table of annotations.
    pub table: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What should be there.
    pub expected: Option<String>,
    /// What is there.
    pub found: Option<String>,
}

impl Fault {
    /// Where the fault is, in words.
    pub fn place(&self) -> String {
        let within = match (&self.pointer, self.line) {
            (Some(pointer), _) if pointer.is_empty() => "whole file".to_owned(),
            (Some(pointer), _) => pointer.clone(),
            (None, Some(line)) => format!("line {line}"),
            (None, None) => "whole file".to_owned(),
        };
        match &self.table {
            Some(table) => format!("{table}: {within}"),
            None => within,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

/// A submission.
#[derive(Debug, Clone, Deserialize)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: String,
    /// What its file is called.
    pub file_name: String,
    /// How large it is.
    pub size_bytes: u64,
    /// Whose it is.
    pub team: Named,
    /// What the team says about the method.
    #[serde(default)]
    pub method: MethodText,
    /// When it was accepted.
    pub received_at: Option<String>,
    /// How many submissions are before it.
    pub queue_position: Option<u64>,
    /// Why its evaluation failed.
    pub failure: Option<String>,
    /// How much is wrong with its file.
    #[serde(default)]
    pub fault_count: u64,
    /// What is, the first of it.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// Its scores.
    pub evaluation: Option<Evaluation>,
    /// Set when the team took it back.
    #[serde(default)]
    pub withdrawn: Option<Value>,
    /// Whether the team chose it.
    #[serde(default)]
    pub chosen: bool,
}

/// A thing with a name.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// What a team says about a method.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MethodText {
    /// Its name.
    pub name: String,
}

/// The scores of a submission.
#[derive(Debug, Clone, Deserialize)]
pub struct Evaluation {
    /// Which evaluator.
    pub evaluator: String,
    /// Which version of it.
    pub version: String,
    /// Whose rules.
    pub mode: String,
    /// On which annotations.
    pub annotations_version: i64,
    /// The scores by split.
    pub splits: Vec<SplitScores>,
}

/// The scores on one split.
#[derive(Debug, Clone, Deserialize)]
pub struct SplitScores {
    /// The split.
    pub codename: String,
    /// Who sees it.
    pub visibility: String,
    /// The scores.
    pub metrics: Vec<MetricScore>,
}

/// One score.
#[derive(Debug, Clone, Deserialize)]
pub struct MetricScore {
    /// The metric.
    pub name: String,
    /// What it is called.
    #[serde(default)]
    pub label: String,
    /// What it is counted in.
    #[serde(default)]
    pub unit: String,
    /// The value, unless it is undefined.
    pub value: Option<f64>,
    /// Why it is undefined.
    pub undefined: Option<String>,
}

/// A phase, as far as a contestant's commands need it.
#[derive(Debug, Clone, Deserialize)]
pub struct Phase {
    /// What is asked about every method.
    #[serde(default)]
    pub attributes: Vec<domain::phase::AttributeSpec>,
    /// How large a submission may be.
    pub limits: PhaseLimits,
}

/// What a phase limits.
#[derive(Debug, Clone, Deserialize)]
pub struct PhaseLimits {
    /// How large a submission may be.
    pub upload_bytes: u64,
}

/// How much of a quota is used.
#[derive(Debug, Clone, Deserialize)]
pub struct QuotaWindow {
    /// Which window.
    #[serde(alias = "name")]
    pub window: String,
    /// How many slots are used.
    pub used: u64,
    /// How many there are.
    pub limit: Option<u64>,
    /// When used ones are free again.
    pub renews_at: Option<String>,
}

/// A leaderboard, or a page of one.
#[derive(Debug, Clone, Deserialize)]
pub struct Leaderboard {
    /// Which metric ranks.
    #[serde(default)]
    pub primary: Option<String>,
    /// The split.
    #[serde(default)]
    pub split: Value,
    /// The metrics, the ranking one first.
    pub metrics: Vec<BoardMetric>,
    /// On which annotations.
    pub annotations_version: Option<i64>,
    /// The entries.
    pub items: Vec<BoardRow>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A column of a leaderboard.
#[derive(Debug, Clone, Deserialize)]
pub struct BoardMetric {
    /// The metric.
    pub name: String,
    /// What it is called.
    #[serde(default)]
    pub label: String,
    /// How many digits are shown.
    #[serde(default)]
    pub decimals: Option<usize>,
}

/// A line of a leaderboard.
#[derive(Debug, Clone, Deserialize)]
pub struct BoardRow {
    /// The place; nothing where it has none.
    pub rank: Option<u64>,
    /// The team.
    pub team: Named,
    /// The method.
    #[serde(default)]
    pub method: MethodText,
    /// Whether it is there for comparison.
    #[serde(default)]
    pub is_baseline: bool,
    /// When it was received.
    pub received_at: String,
    /// How many submissions the team has.
    #[serde(default)]
    pub submissions: u64,
    /// The scores.
    pub scores: BTreeMap<String, Option<f64>>,
    /// What the score that ranks is uncertain by.
    #[serde(default)]
    pub uncertainty: Option<Uncertainty>,
}

/// What a line's score is uncertain by.
#[derive(Debug, Clone, Deserialize)]
pub struct Uncertainty {
    /// The interval of the score.
    pub interval: Option<Interval>,
    /// The ranks that it may have.
    pub rank_set: Option<RankSet>,
}

/// An interval of a score.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// The ranks that a line may have.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct RankSet {
    /// The best of them.
    pub best: u64,
    /// The worst of them.
    pub worst: u64,
}

/// Who is signed in.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
}
