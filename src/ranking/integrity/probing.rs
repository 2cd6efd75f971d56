//! Probing: submissions that are questions about the labels rather than attempts at the task.
//!
//! Two patterns are looked for in the submissions of one team.
//! Changing a handful of items again and again measures those items; answering the same everywhere but in one block
//! measures the block.

use std::collections::HashMap;
use std::hash::Hash;

use crate::refusal::{Refusal, same_length};

/// How many submissions make a pattern.
pub const FLAGGED_SUBMISSIONS: usize = 5;

/// The patterns that were found, as indices of submissions; empty lists where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Probing {
    /// Submissions that differ from one of them, the first, in some but less than 1 % of the items: at least five or none.
    pub small_changes: Vec<usize>,
    /// Submissions with one answer everywhere but in one block of consecutive items: at least five or none.
    ///
    /// The block holds at most half of the items; answers inside it may be anything.
    /// A submission with one answer everywhere counts: it is what blocks are compared with.
    pub constant_but_a_block: Vec<usize>,
}

impl Probing {
    /// Whether an organizer should look at the team.
    pub fn is_suspicious(&self) -> bool {
        !self.small_changes.is_empty() || !self.constant_but_a_block.is_empty()
    }
}

/// Looks for both patterns in one team's submissions, in the order of their receipt.
///
/// A submission is its answers in the order of the split's items; answers are compared for equality only, so that digests do.
/// Takes time in the square of the number of submissions. Refuses submissions of different lengths.
pub fn detect_probing<A: Eq + Hash>(submissions: &[Vec<A>]) -> Result<Probing, Refusal> {
    let items = submissions.first().map_or(0, Vec::len);
    for submission in submissions {
        same_length("answers of a submission", items, submission.len())?;
    }
    let blocks: Vec<usize> =
        (0..submissions.len()).filter(|index| is_constant_but_a_block(&submissions[*index])).collect();
    Ok(Probing {
        small_changes: small_changes(submissions),
        constant_but_a_block: if blocks.len() >= FLAGGED_SUBMISSIONS { blocks } else { Vec::new() },
    })
}

/// The largest set of submissions around one of them, if it is large enough; the earliest among equals.
fn small_changes<A: Eq>(submissions: &[Vec<A>]) -> Vec<usize> {
    let is_near = |first: &[A], second: &[A]| {
        // Fewer than 1 % in whole numbers; sending the same file again asks nothing.
        let most = first.len().div_ceil(100);
        let different = first.iter().zip(second).filter(|(a, b)| a != b).take(most).count();
        different > 0 && different * 100 < first.len()
    };
    let mut largest: Vec<usize> = Vec::new();
    for (index, centre) in submissions.iter().enumerate() {
        let mut around: Vec<usize> =
            (0..submissions.len()).filter(|other| is_near(centre, &submissions[*other])).collect();
        if around.len() + 1 >= FLAGGED_SUBMISSIONS && around.len() + 1 > largest.len() {
            around.insert(0, index);
            largest = around;
        }
    }
    largest
}

fn is_constant_but_a_block<A: Eq + Hash>(answers: &[A]) -> bool {
    let mut counts: HashMap<&A, usize> = HashMap::new();
    for answer in answers {
        *counts.entry(answer).or_default() += 1;
    }
    // Outside of a block of at most half, an answer fills at least half; two may, each outside of the other's half.
    let is_base = |base: &A| {
        let is_other = |answer: &A| answer != base;
        match (answers.iter().position(is_other), answers.iter().rposition(is_other)) {
            (Some(first), Some(last)) => (last - first + 1) * 2 <= answers.len(),
            _ => true,
        }
    };
    counts.iter().any(|(answer, count)| count * 2 >= answers.len() && is_base(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers that are not constant anywhere for long.
    fn honest(seed: u32, items: u32) -> Vec<u32> {
        (0..items).map(|item| (item * 7 + seed * item * item) % 11).collect()
    }

    #[test]
    fn a_climber_is_found_and_honest_submissions_are_not() {
        let mut submissions: Vec<Vec<u32>> = (1..6).map(|seed| honest(seed, 1_000)).collect();
        assert_eq!(detect_probing(&submissions), Ok(Probing::default()));
        for item in 0..4 {
            let mut flipped = honest(1, 1_000);
            flipped[item] = 99;
            submissions.push(flipped);
        }
        let found = detect_probing(&submissions).unwrap();
        assert_eq!(found.small_changes, [0, 5, 6, 7, 8]);
        assert!(found.is_suspicious() && found.constant_but_a_block.is_empty());
    }

    #[test]
    fn one_percent_is_too_much_and_nothing_is_too_little() {
        let with_changes = |changes: &[usize]| {
            let base = honest(1, 200);
            let mut submissions = vec![base.clone()];
            for changed in changes {
                let mut next = base.clone();
                for answer in &mut next[..*changed] {
                    *answer = 99;
                }
                submissions.push(next);
            }
            detect_probing(&submissions).unwrap().small_changes.len()
        };
        assert_eq!(with_changes(&[1, 1, 1, 1]), 5);
        assert_eq!(with_changes(&[2, 2, 2, 2]), 0);
        assert_eq!(with_changes(&[0, 0, 0, 0]), 0);
        assert_eq!(with_changes(&[1, 1, 1]), 0);
    }

    #[test]
    fn blocks_in_a_constant_are_found() {
        let block = |start: usize, length: usize| -> Vec<u32> {
            (0..100).map(|item| u32::from((start..start + length).contains(&item))).collect()
        };
        let submissions: Vec<Vec<u32>> = (0..5).map(|index| block(index * 20, 20)).collect();
        assert_eq!(detect_probing(&submissions).unwrap().constant_but_a_block, [0, 1, 2, 3, 4]);
        assert_eq!(detect_probing(&submissions[..4]), Ok(Probing::default()));
        assert!(is_constant_but_a_block(&block(0, 0)) && is_constant_but_a_block(&block(0, 50)));
        let alternating: Vec<u32> = (0..100).map(|item| item % 2).collect();
        assert!(!is_constant_but_a_block(&alternating));
    }

    #[test]
    fn degenerate_teams() {
        assert_eq!(detect_probing::<u32>(&[]), Ok(Probing::default()));
        assert!(detect_probing(&[vec![1], vec![1, 2]]).is_err());
    }
}
