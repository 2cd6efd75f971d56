//! What became of submissions, and how many more may be sent.

use serde_json::{Value, json};

use crate::api::{Page, QuotaWindow, Submission};
use crate::show::{self, align_right, standing, table};
use crate::{Client, ClientError, Ending, Format, PhaseTarget};

/// How many recent submissions are shown.
const RECENT: usize = 20;

/// Prints one submission.
pub fn one(client: &mut Client<'_>, id: &str, format: Format) -> Result<Ending, ClientError> {
    let api = client.api()?;
    let read: Value = api.get(&format!("/submissions/{}", crate::api::encoded(id)))?;
    print(client, &read, format)
}

/// Prints a submission and says how it ended.
pub(crate) fn print(client: &mut Client<'_>, read: &Value, format: Format) -> Result<Ending, ClientError> {
    let submission: Submission = understood(read)?;
    match format {
        Format::Json => print_json(client, read)?,
        Format::Text | Format::Csv => show::submission(client.terminal.out, &submission)?,
    }
    Ok(ending(&submission))
}

/// How a submission ended, if it did.
pub(crate) fn ending(submission: &Submission) -> Ending {
    match submission.state.as_str() {
        "invalid" => Ending::Invalid,
        "failed" | "cancelled" => Ending::Failed,
        _ => Ending::Done,
    }
}

/// Prints the recent submissions of the person's team in a phase, and what is left of its quota.
pub fn recent(client: &mut Client<'_>, phase: &PhaseTarget, format: Format) -> Result<(), ClientError> {
    let api = client.api()?;
    let page: Value = api.get(&format!("{}/submissions?limit={RECENT}", phase.path()))?;
    let quota: Value = api.get(&format!("{}/quota", phase.path()))?;
    if format == Format::Json {
        return print_json(client, &json!({ "submissions": page["items"], "quota": quota }));
    }
    let submissions: Page<Submission> = understood(&page)?;
    let out = &mut client.terminal.out;
    if submissions.items.is_empty() {
        writeln!(out, "no submission to {phase} yet")?;
    } else {
        let mut table =
            table(["submission", "received", "file", "method", "state", "first score"].map(str::to_owned));
        for submission in &submissions.items {
            table.add_row(row(submission));
        }
        align_right(&mut table, [5]);
        writeln!(out, "{table}")?;
    }
    for window in windows(&quota)? {
        writeln!(out, "{}", left(&window))?;
    }
    Ok(())
}

fn row(submission: &Submission) -> Vec<String> {
    let split = submission.evaluation.as_ref().and_then(|evaluation| evaluation.splits.first());
    let first = split.and_then(|split| split.metrics.first());
    let score = first.and_then(|metric| Some(format!("{} {:.4}", metric.name, metric.value?)));
    let received = submission.received_at.as_deref().unwrap_or("");
    vec![
        submission.id.clone(),
        received.chars().take(16).collect::<String>().replace('T', " "),
        submission.file_name.clone(),
        submission.method.name.clone(),
        standing(submission),
        score.unwrap_or_default(),
    ]
}

/// The windows of a quota, whether they come as a list or in a list's field.
fn windows(quota: &Value) -> Result<Vec<QuotaWindow>, ClientError> {
    let list = ["windows", "items"].iter().find_map(|field| quota.get(field)).unwrap_or(quota);
    understood(list)
}

fn left(window: &QuotaWindow) -> String {
    let name = match window.window.split(':').next() {
        Some("day" | "per_day") => "today",
        Some("week") => "this week",
        Some("month" | "per_month") => "this month",
        Some("total") => "in this phase",
        Some("concurrent") => "at one time",
        _ => window.window.as_str(),
    };
    let Some(limit) = window.limit else { return format!("no limit {name}") };
    let left = limit.saturating_sub(window.used);
    let renewal = window.renews_at.as_deref().map(|at| format!(", renewed at {at}")).unwrap_or_default();
    format!("{left} of {limit} submissions left {name}{renewal}")
}

pub(crate) fn understood<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, ClientError> {
    T::deserialize(value).map_err(|error| ClientError::NotUnderstood(error.to_string()))
}

pub(crate) fn print_json(client: &mut Client<'_>, value: &Value) -> Result<(), ClientError> {
    serde_json::to_writer_pretty(&mut client.terminal.out, value).map_err(std::io::Error::from)?;
    writeln!(client.terminal.out)?;
    Ok(())
}
