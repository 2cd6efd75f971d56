//! What phases of both versions have in common: their order in time, quotas and limits.

use domain::Timestamp;
use domain::phase::EvaluationLimits;
use domain::quota::{self, Quota};

use crate::imported::{Page, TextFormat};
use crate::yaml::{Item, Table};

/// The longest run of one step, in seconds, where the bundle names none; and the longest that is taken.
const USUAL_SECONDS: u32 = 600;
const MOST_SECONDS: u32 = 86_400;

/// A phase's place in time, for the rules between phases.
pub(super) struct Window<'a> {
    pub(super) item: Item<'a>,
    pub(super) name: String,
    pub(super) start: Timestamp,
    pub(super) end: Option<Timestamp>,
}

/// Phases follow one another, and only the last may be without an end.
pub(super) fn check_order(windows: &[Window<'_>]) {
    for pair in windows.windows(2) {
        let [before, after] = pair else { continue };
        match before.end {
            None => before.item.fault(format!(
                "Phase: {} must have an end time because it has a phase after it.",
                before.name
            )),
            Some(end) if after.start < end => after.item.fault(format!(
                "Phases must be sequential. Phase: {} starts before Phase: {} has ended",
                after.name, before.name
            )),
            Some(end) if after.start == end => after.item.fault(format!(
                "Phases dates conflict. Phase: {} should start after Phase: {} has ended",
                after.name, before.name
            )),
            Some(_) => {}
        }
    }
    for window in windows {
        if window.end.is_some_and(|end| end <= window.start) {
            window.item.fault(format!("Phase: {} ends before it starts", window.name));
        }
    }
}

/// How much a participant may submit: 5 a day and 100 in all unless something else is said; 0 is no limit.
pub(super) fn quota(phase: &Table<'_>) -> Quota {
    let limit = |key: &str, usual: u32| {
        let limit =
            if phase.has(key) && phase.get(key).is_none() { 0 } else { phase.count(key).unwrap_or(usual) };
        Some(limit).filter(|limit| (1..=quota::LARGEST).contains(limit))
    };
    Quota {
        per_day: limit("max_submissions_per_day", 5),
        per_week: None,
        per_month: None,
        total: limit("max_submissions", 100),
        concurrent: None,
    }
}

/// How long each of the two steps may run.
pub(super) fn limits(phase: &Table<'_>) -> EvaluationLimits {
    let seconds = phase.count("execution_time_limit").filter(|seconds| *seconds > 0).unwrap_or(USUAL_SECONDS);
    if seconds > MOST_SECONDS
        && let Some(item) = phase.get("execution_time_limit")
    {
        item.warn(format!("a step runs for at most {MOST_SECONDS} seconds here"));
    }
    EvaluationLimits { seconds: seconds.min(MOST_SECONDS), ..EvaluationLimits::default() }
}

/// Submissions of an earlier phase are not run again in a later one.
pub(super) fn warn_of_migration(phase: &Table<'_>, key: &str, is_first: bool) {
    if phase.flag(key) == Some(true)
        && let Some(item) = phase.get(key)
    {
        if is_first {
            item.fault("the first phase has no phase before it from which submissions could be taken");
        } else {
            item.warn("submissions of the phase before are not taken over; teams send them again");
        }
    }
}

/// What a phase is for, in its author's words.
pub(super) fn description(phase: &Table<'_>) -> Page {
    let text = phase.text("description").unwrap_or_default().to_owned();
    Page { name: "description".to_owned(), title: String::new(), format: TextFormat::Markdown, text }
}
