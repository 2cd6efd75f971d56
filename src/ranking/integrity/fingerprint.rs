//! The fingerprint of a submission: what is kept of every item to compare it with others, without its file and its evidence.
//!
//! It holds no label, but says which answers are right; it is for the organizer's eyes as evidence is.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::near_duplicates::{
    AnswerPair, FLAGGED_RESIDUAL_CORRELATION, compare_answers, is_improbable, residual_correlation,
};
use super::outcomes::Outcomes;
use super::predictions::NO_ANSWER;
use crate::refusal::Refusal;

/// What comes first in the bytes of a fingerprint.
const FORM: &[u8; 8] = b"hofp\x00\x00\x00\x01";

/// What is kept of every item.
#[derive(Debug, Clone, PartialEq)]
pub struct Fingerprint {
    /// What tells answers from each other, as [`super::Predictions::answers`].
    pub answers: Vec<u32>,
    /// Whether they are right, or how far off they are, where that is known.
    pub outcomes: Option<Outcomes>,
}

/// How alike two submissions of two teams are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Likeness {
    /// By the answers that both have wrong.
    WrongAnswers(WrongAnswers),
    /// By the order of what they are off by.
    Residuals(Residuals),
}

/// How alike two submissions are wrong.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WrongAnswers {
    /// On how many items both answer.
    pub items: u64,
    /// On how many both give the same answer.
    pub same_answer: u64,
    /// On how many both are wrong.
    pub both_wrong: u64,
    /// On how many both give the same wrong answer.
    pub same_wrong_answer: u64,
    /// How many answers there are to choose from, counted by the right ones.
    pub possible_answers: u64,
    /// Cohen's kappa of being right; absent where chance explains everything.
    pub error_consistency: Option<f64>,
    /// The decimal logarithm of the probability of as many same wrong answers by chance; 0 is certainty.
    pub log10_p: f64,
}

/// How alike two submissions are off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Residuals {
    /// How many items there are.
    pub items: u64,
    /// The rank correlation of the residuals.
    pub correlation: f64,
}

impl Likeness {
    /// Whether an organizer should look at the pair.
    pub fn is_suspicious(&self) -> bool {
        match self {
            Self::WrongAnswers(found) => is_improbable(found.both_wrong, found.log10_p),
            Self::Residuals(found) => found.correlation > FLAGGED_RESIDUAL_CORRELATION,
        }
    }
}

/// The bytes are no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no fingerprint")]
pub struct NoFingerprint;

impl Fingerprint {
    /// The bytes that [`Fingerprint::from_bytes`] reads: four per answer, and one or eight per outcome.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = FORM.to_vec();
        bytes.extend((self.answers.len() as u64).to_le_bytes());
        bytes.extend(self.answers.iter().flat_map(|answer| answer.to_le_bytes()));
        match &self.outcomes {
            None => {}
            Some(Outcomes::Judged(judged)) => bytes.extend(judged.iter().map(|right| u8::from(*right))),
            Some(Outcomes::Residuals(residuals)) => {
                bytes.extend(residuals.iter().flat_map(|residual| residual.to_le_bytes()));
            }
        }
        bytes
    }

    /// Reads the bytes of a fingerprint; what kind of outcomes there are is known by their length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NoFingerprint> {
        let rest = bytes.strip_prefix(FORM).ok_or(NoFingerprint)?;
        let (count, rest) = rest.split_first_chunk().ok_or(NoFingerprint)?;
        let count = usize::try_from(u64::from_le_bytes(*count)).map_err(|_| NoFingerprint)?;
        let (answers, rest) =
            count.checked_mul(4).and_then(|length| rest.split_at_checked(length)).ok_or(NoFingerprint)?;
        let answers = answers.as_chunks().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
        let outcomes = match rest.len() {
            0 => None,
            length if length == count => {
                Some(Outcomes::Judged(rest.iter().map(|right| *right != 0).collect()))
            }
            length if length % 8 == 0 && length / 8 == count => Some(Outcomes::Residuals(
                rest.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect(),
            )),
            _ => return Err(NoFingerprint),
        };
        Ok(Self { answers, outcomes })
    }

    /// How alike two submissions are; nothing where what is known of them cannot be compared.
    ///
    /// How many answers are possible is counted by the answers that either has right, so that a task need not say it; too few are
    /// counted rather than too many, which makes a coincidence more probable.
    pub fn likeness(&self, other: &Self) -> Result<Option<Likeness>, Refusal> {
        match (&self.outcomes, &other.outcomes) {
            (Some(Outcomes::Judged(first)), Some(Outcomes::Judged(second))) => {
                compare_judged((&self.answers, first), (&other.answers, second))
            }
            (Some(Outcomes::Residuals(first)), Some(Outcomes::Residuals(second))) => {
                let truth = vec![0.0; first.len()];
                let correlation = residual_correlation(&truth, first, second)?;
                let items = first.len() as u64;
                Ok(correlation.map(|correlation| Likeness::Residuals(Residuals { items, correlation })))
            }
            _ => Ok(None),
        }
    }
}

fn compare_judged(
    (first, first_right): (&[u32], &[bool]),
    (second, second_right): (&[u32], &[bool]),
) -> Result<Option<Likeness>, Refusal> {
    let mut right_answers = HashSet::new();
    // What is right has no number of its own here: nothing stands for it, on either side and in the truth.
    let (mut first_answers, mut second_answers) = (Vec::new(), Vec::new());
    let judged = first.iter().zip(first_right).zip(second.iter().zip(second_right));
    for ((first, first_right), (second, second_right)) in judged {
        if *first == NO_ANSWER || *second == NO_ANSWER {
            continue;
        }
        right_answers.extend(first_right.then_some(*first));
        right_answers.extend(second_right.then_some(*second));
        first_answers.push((!first_right).then_some(*first));
        second_answers.push((!second_right).then_some(*second));
    }
    if first_answers.is_empty() {
        return Ok(None);
    }
    let possible_answers = (right_answers.len() as u64).max(2);
    let truth = vec![None; first_answers.len()];
    let pair: AnswerPair = compare_answers(&truth, &first_answers, &second_answers, possible_answers)?;
    Ok(Some(Likeness::WrongAnswers(WrongAnswers {
        items: pair.items,
        same_answer: pair.same_answer,
        both_wrong: pair.both_wrong,
        same_wrong_answer: pair.same_wrong_answer,
        possible_answers,
        error_consistency: pair.error_consistency,
        log10_p: pair.log10_p,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty of a hundred items wrong; `shift` makes the wrong answers others.
    fn judged(shift: u32) -> Fingerprint {
        let right = |item: u32| item >= 40;
        let answer = |item: u32| 1 + if right(item) { item % 10 } else { (item + 1 + shift) % 10 };
        Fingerprint {
            answers: (0..100).map(answer).collect(),
            outcomes: Some(Outcomes::Judged((0..100).map(right).collect())),
        }
    }

    #[test]
    fn a_fingerprint_reads_back_and_damage_is_seen() {
        let residuals =
            Fingerprint { answers: vec![7, 0], outcomes: Some(Outcomes::Residuals(vec![0.5, -1.0])) };
        let bare = Fingerprint { answers: vec![7, 0], outcomes: None };
        for fingerprint in [judged(0), residuals.clone(), bare] {
            assert_eq!(Fingerprint::from_bytes(&fingerprint.to_bytes()), Ok(fingerprint));
        }
        let bytes = residuals.to_bytes();
        for end in [0, 7, 8, 15, 20, bytes.len() - 1] {
            assert_eq!(Fingerprint::from_bytes(&bytes[..end]), Err(NoFingerprint), "{end}");
        }
        let mut endless = FORM.to_vec();
        endless.extend(u64::MAX.to_le_bytes());
        assert_eq!(Fingerprint::from_bytes(&endless), Err(NoFingerprint));
    }

    #[test]
    fn the_same_mistakes_are_suspicious_and_others_are_not() {
        let copy = judged(0).likeness(&judged(0)).unwrap().unwrap();
        let Likeness::WrongAnswers(found) = copy else { panic!("{copy:?}") };
        assert_eq!((found.items, found.possible_answers, found.error_consistency), (100, 10, Some(1.0)));
        assert_eq!((found.both_wrong, found.same_wrong_answer), (40, 40));
        assert!(copy.is_suspicious() && (found.log10_p + 40.0 * 9_f64.log10()).abs() < 1e-9);
        assert!(!judged(0).likeness(&judged(1)).unwrap().unwrap().is_suspicious());
    }

    #[test]
    fn items_without_an_answer_are_no_mistakes_in_common() {
        let mut one = judged(0);
        one.answers[..40].fill(NO_ANSWER);
        let Some(Likeness::WrongAnswers(found)) = one.likeness(&judged(0)).unwrap() else { panic!() };
        assert_eq!((found.items, found.both_wrong), (60, 0));
        one.answers.fill(NO_ANSWER);
        assert_eq!(one.likeness(&judged(0)), Ok(None));
    }

    #[test]
    fn residuals_are_compared_by_their_order_and_kinds_do_not_mix() {
        let of = |scale: f64| Fingerprint {
            answers: vec![1; 4],
            outcomes: Some(Outcomes::Residuals([0.1, 0.4, -0.2, 0.3].map(|one| one * scale).to_vec())),
        };
        assert!(of(1.0).likeness(&of(2.0)).unwrap().unwrap().is_suspicious());
        assert!(!of(1.0).likeness(&of(-1.0)).unwrap().unwrap().is_suspicious());
        assert_eq!(of(1.0).likeness(&judged(0)), Ok(None));
        let other = Fingerprint { answers: vec![1; 4], outcomes: None };
        assert_eq!(of(1.0).likeness(&other), Ok(None));
    }
}
