//! F10: what a new guideline, metric or version of the annotations did to scores that nobody resubmitted.
//!
//! The same submissions, scored before and after: whatever changes was changed by the task.

use std::collections::BTreeMap;

use ranking::Refusal;
use ranking::agreement::kendall_tau;
use serde::Serialize;

/// One clause of a version of a guideline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its id in this version.
    pub id: String,
    /// The id of the clause of the version before that it continues, if any.
    pub previous: Option<String>,
    /// What it says.
    pub text: String,
}

/// How many clauses changed from one version to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ClauseChanges {
    /// Clauses that continue none.
    pub added: usize,
    /// Clauses that none continues.
    pub removed: usize,
    /// Clauses that are continued in other words.
    pub changed: usize,
    /// Clauses that are continued word for word.
    pub kept: usize,
}

/// What a revision did to the scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreChange {
    /// How many submissions were scored before and after.
    pub submissions: usize,
    /// The mean change, in units of the metric; absent without submissions.
    pub mean: Option<f64>,
    /// The standard deviation of the changes (n - 1); absent with fewer than two submissions.
    pub standard_deviation: Option<f64>,
    /// How many submissions went up, and how many went down.
    pub up_and_down: (usize, usize),
    /// Kendall's tau-b of the orders before and after; absent where either ties everything.
    pub tau: Option<f64>,
}

/// What changed between two versions of a guideline; clauses continue those that they name as their previous ones.
pub fn clause_changes(before: &[Clause], after: &[Clause]) -> ClauseChanges {
    let mut open: BTreeMap<&str, &Clause> =
        before.iter().map(|clause| (clause.id.as_str(), clause)).collect();
    let mut changes = ClauseChanges::default();
    for clause in after {
        // What is continued twice was split: the first takes its place, the others are new.
        match clause.previous.as_deref().and_then(|previous| open.remove(previous)) {
            None => changes.added += 1,
            Some(previous) if previous.text == clause.text => changes.kept += 1,
            Some(_) => changes.changed += 1,
        }
    }
    changes.removed = open.len();
    changes
}

/// What a revision did to unchanged submissions; `before` and `after` are their scores in the same order.
///
/// Scores of the same submission only: those of submissions that came later say nothing of the revision.
/// Refuses different lengths, NaN and infinities.
pub fn score_change(before: &[f64], after: &[f64]) -> Result<ScoreChange, Refusal> {
    let tau = kendall_tau(before, after)?.tau_b();
    let changes: Vec<f64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    let count = changes.len() as f64;
    let mean = (!changes.is_empty()).then(|| changes.iter().sum::<f64>() / count);
    let deviation = |mean: f64| {
        let squares: f64 = changes.iter().map(|change| (change - mean).powi(2)).sum();
        (squares / (count - 1.0)).sqrt()
    };
    Ok(ScoreChange {
        submissions: changes.len(),
        mean,
        standard_deviation: mean.filter(|_| changes.len() > 1).map(deviation),
        up_and_down: (
            changes.iter().filter(|change| **change > 0.0).count(),
            changes.iter().filter(|change| **change < 0.0).count(),
        ),
        tau,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_added_removed_changed_and_kept() {
        let clause = |id: &str, previous: Option<&str>, text: &str| Clause {
            id: id.to_owned(),
            previous: previous.map(str::to_owned),
            text: text.to_owned(),
        };
        let before = [clause("1", None, "a"), clause("2", None, "b"), clause("3", None, "c")];
        let after = [
            clause("4", Some("1"), "a"),
            clause("5", Some("2"), "B"),
            clause("6", Some("2"), "b too"),
            clause("7", None, "d"),
            clause("8", Some("99"), "e"),
        ];
        let expected = ClauseChanges { added: 3, removed: 1, changed: 1, kept: 1 };
        assert_eq!(clause_changes(&before, &after), expected);
    }

    #[test]
    fn unchanged_submissions_show_what_the_revision_did() {
        let found = score_change(&[1.0, 2.0, 3.0], &[2.0, 2.0, 2.5]).unwrap();
        assert_eq!((found.submissions, found.up_and_down), (3, (1, 1)));
        assert!((found.mean.unwrap() - 0.5 / 3.0).abs() < 1e-12);
        // Changes 1, 0, -1/2: squares about 1/6 sum to 7/6.
        assert!((found.standard_deviation.unwrap() - (7.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        // (1,2) tied after, (1,3) and (2,3) the same way: 2 / sqrt(3 * 2).
        assert!((found.tau.unwrap() - 2.0 / 6.0_f64.sqrt()).abs() < 1e-12);
        let none = score_change(&[], &[]).unwrap();
        assert_eq!((none.mean, none.standard_deviation, none.tau), (None, None, None));
        assert!(score_change(&[1.0], &[]).is_err());
    }
}
