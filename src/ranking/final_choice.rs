//! Which of a team's submissions count in the end.

use std::cmp::Ordering;

use domain::Timestamp;
use domain::phase::FinalChoice;

/// The most submissions that a team may choose.
pub const MOST_CHOSEN: usize = 2;

/// One scored submission of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// When it was received.
    pub received_at: Timestamp,
    /// When the team chose it, if it did.
    pub chosen_at: Option<Timestamp>,
}

/// The submissions that count, as indices: one, or up to two where the team chose two; none without candidates.
///
/// - `Best`: the first by `compare`, which is given two indices and says `Less` when the first is better on what the team
///   could see; the earlier of equals, so that sending a score again gains nothing.
/// - `Latest`: the last received.
/// - `Chosen`: what the team chose before the deadline, exactly then being late; of more than two the last two choices,
///   the latest first. The best where it chose none.
///
/// Where two count, a team stands with the better one on the split that decides.
pub fn final_choice(
    candidates: &[Candidate],
    choice: FinalChoice,
    deadline: Option<Timestamp>,
    compare: impl Fn(usize, usize) -> Ordering,
) -> Vec<usize> {
    let received = |index: usize| candidates[index].received_at;
    match choice {
        FinalChoice::Best => (0..candidates.len())
            .min_by(|a, b| compare(*a, *b).then(received(*a).cmp(&received(*b))))
            .into_iter()
            .collect(),
        FinalChoice::Latest => {
            (0..candidates.len()).max_by_key(|index| received(*index)).into_iter().collect()
        }
        FinalChoice::Chosen => {
            let in_time = |at: &Timestamp| deadline.is_none_or(|deadline| *at < deadline);
            let mut chosen: Vec<(Timestamp, usize)> = candidates
                .iter()
                .enumerate()
                .filter_map(|(index, candidate)| Some((candidate.chosen_at.filter(in_time)?, index)))
                .collect();
            if chosen.is_empty() {
                return final_choice(candidates, FinalChoice::Best, deadline, compare);
            }
            chosen.sort_by_key(|(at, index)| (std::cmp::Reverse(*at), *index));
            chosen.into_iter().take(MOST_CHOSEN).map(|(_, index)| index).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000).unwrap()
    }

    fn counted(choice: FinalChoice, scores: &[f64], chosen: &[(usize, i64)]) -> Vec<usize> {
        let mut candidates: Vec<Candidate> = (0..scores.len())
            .map(|index| Candidate { received_at: second(index as i64), chosen_at: None })
            .collect();
        for (index, at) in chosen {
            candidates[*index].chosen_at = Some(second(*at));
        }
        final_choice(&candidates, choice, Some(second(100)), |a, b| scores[b].total_cmp(&scores[a]))
    }

    #[test]
    fn best_latest_or_chosen() {
        let scores = [0.5, 0.7, 0.7, 0.6];
        assert_eq!(counted(FinalChoice::Best, &scores, &[]), [1]);
        assert_eq!(counted(FinalChoice::Latest, &scores, &[]), [3]);
        assert_eq!(counted(FinalChoice::Chosen, &scores, &[(0, 50)]), [0]);
        assert_eq!(counted(FinalChoice::Chosen, &scores, &[(0, 50), (3, 60), (2, 40)]), [3, 0]);
    }

    #[test]
    fn a_choice_at_the_deadline_is_late() {
        assert_eq!(counted(FinalChoice::Chosen, &[0.5, 0.7], &[(0, 100)]), [1]);
        assert_eq!(counted(FinalChoice::Chosen, &[0.5, 0.7], &[(0, 99)]), [0]);
        assert_eq!(counted(FinalChoice::Best, &[], &[]), [] as [usize; 0]);
    }
}
