//! F9: what was left out, why, where on the way, and on what basis.
//!
//! An exclusion without a decision is allowed and counted, and so is one whose size nobody has told.

use std::collections::BTreeMap;

use ranking::Refusal;
use serde::Serialize;

use super::divergence::check_amounts;
use crate::vocabularies::{UnknownCode, Vocabularies};

/// Something that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Why (vocabulary `exclusion.reason`).
    pub reason: String,
    /// Where on the way from recording to score (`exclusion.stage`).
    pub stage: String,
    /// How it is known (`exclusion.basis`).
    pub basis: String,
    /// Hours or instances; absent where nobody has told.
    pub amount: Option<f64>,
    /// Whether somebody is on record as having decided it.
    pub is_decided: bool,
}

/// How much was left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExclusionShares {
    /// Everything that was left out, as a share of kept and left out, 0..=1; absent where there is neither.
    pub share: Option<f64>,
    /// The share of every reason.
    pub by_reason: BTreeMap<String, f64>,
    /// The share of every stage.
    pub by_stage: BTreeMap<String, f64>,
    /// The share of every basis.
    pub by_basis: BTreeMap<String, f64>,
    /// The share of exclusions, each counted once, that are known only because something is absent; absent without exclusions.
    pub inferred: Option<f64>,
    /// How many exclusions have no amount: the shares are at least what they say.
    pub undisclosed: usize,
    /// How many nobody is on record as having decided.
    pub undecided: usize,
}

/// Why exclusions cannot be counted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ExclusionError {
    /// A reason, stage or basis is no code.
    #[error(transparent)]
    Code(#[from] UnknownCode),
    /// An amount is negative or not finite.
    #[error(transparent)]
    Amount(#[from] Refusal),
}

/// The shares of what was left out; `kept` is what was not, in the same unit.
///
/// # Errors
/// Codes that do not exist, and amounts that are negative or not finite.
pub fn exclusion_shares(kept: f64, exclusions: &[Exclusion]) -> Result<ExclusionShares, ExclusionError> {
    let vocabularies = Vocabularies::shipped();
    let amounts: Vec<f64> = exclusions.iter().map(|exclusion| exclusion.amount.unwrap_or(0.0)).collect();
    check_amounts("amount that was kept", &[kept])?;
    check_amounts("amount of an exclusion", &amounts)?;
    for exclusion in exclusions {
        vocabularies.code("exclusion.reason", &exclusion.reason)?;
        vocabularies.code("exclusion.stage", &exclusion.stage)?;
        vocabularies.code("exclusion.basis", &exclusion.basis)?;
    }
    let left_out: f64 = amounts.iter().sum();
    let all = kept + left_out;
    let by = |code: fn(&Exclusion) -> &String| {
        let mut shares = BTreeMap::new();
        for (exclusion, amount) in exclusions.iter().zip(&amounts).filter(|_| all > 0.0) {
            *shares.entry(code(exclusion).clone()).or_insert(0.0) += amount / all;
        }
        shares
    };
    let count =
        |counted: fn(&Exclusion) -> bool| exclusions.iter().filter(|exclusion| counted(exclusion)).count();
    let inferred = count(|exclusion| exclusion.basis == "inferred_from_absence");
    Ok(ExclusionShares {
        share: (all > 0.0).then(|| left_out / all),
        by_reason: by(|exclusion| &exclusion.reason),
        by_stage: by(|exclusion| &exclusion.stage),
        by_basis: by(|exclusion| &exclusion.basis),
        inferred: (!exclusions.is_empty()).then(|| inferred as f64 / exclusions.len() as f64),
        undisclosed: count(|exclusion| exclusion.amount.is_none()),
        undecided: count(|exclusion| !exclusion.is_decided),
    })
}

/// The share of the seconds of a test that no answer can be scored on, 0..=1; absent where the test has no seconds.
///
/// Refuses negative or infinite seconds, and more of them unscoreable than there are.
pub fn unscoreable_share(unscoreable_seconds: f64, seconds: f64) -> Result<Option<f64>, Refusal> {
    check_amounts("seconds", &[unscoreable_seconds, seconds])?;
    if unscoreable_seconds > seconds {
        return Err(Refusal::OutOfRange { what: "unscoreable seconds", rule: "at most all seconds" });
    }
    Ok((seconds > 0.0).then(|| unscoreable_seconds / seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusion(reason: &str, basis: &str, amount: Option<f64>) -> Exclusion {
        Exclusion {
            reason: reason.to_owned(),
            stage: "recording".to_owned(),
            basis: basis.to_owned(),
            amount,
            is_decided: basis == "documented_decision",
        }
    }

    #[test]
    fn what_is_left_out_is_a_share_of_everything() {
        let found = exclusion_shares(
            6.0,
            &[
                exclusion("too_private", "documented_decision", Some(1.0)),
                exclusion("bystander", "stated_policy", Some(1.0)),
                exclusion("unlisted", "inferred_from_absence", None),
                exclusion("unlisted", "inferred_from_absence", Some(0.0)),
            ],
        )
        .unwrap();
        assert_eq!((found.share, found.inferred), (Some(0.25), Some(0.5)));
        assert_eq!(found.by_reason["too_private"], 0.125);
        assert_eq!((found.by_stage["recording"], found.by_basis["stated_policy"]), (0.25, 0.125));
        assert_eq!((found.undisclosed, found.undecided), (1, 3));
    }

    #[test]
    fn nothing_and_nonsense() {
        let nothing = exclusion_shares(0.0, &[]).unwrap();
        assert_eq!((nothing.share, nothing.inferred), (None, None));
        let unknown = exclusion_shares(1.0, &[exclusion("to_private", "stated_policy", None)]).unwrap_err();
        assert!(unknown.to_string().contains("did you mean \"too_private\""), "{unknown}");
        assert!(exclusion_shares(1.0, &[exclusion("budget", "stated_policy", Some(-1.0))]).is_err());
        assert_eq!(unscoreable_share(0.0, 0.0), Ok(None));
        assert_eq!(unscoreable_share(30.0, 120.0), Ok(Some(0.25)));
        assert!(unscoreable_share(2.0, 1.0).is_err());
    }
}
