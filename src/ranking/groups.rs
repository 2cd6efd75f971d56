//! Groups of entries that cannot be told from the best of them: for the eye, not for prizes.
//!
//! The best entry that is left is the head of a group; its members are those that are not significantly worse than the head.
//! Being indistinguishable is not transitive: the last of one group and the head of the next may be closer to each other than
//! the ends of a group.
//! What follows from all comparisons together is in [`crate::rank_sets`].

use ndarray::Array2;

use crate::board::Board;
use crate::holm::holm;
use crate::level::{Level, LevelError};
use crate::rank_sets::StepDown;

/// Groups from one-sided tests: at `[j, k]` the p of "`j` is not better than `k`".
///
/// `order` are the entries from best to worst; the p of a head against all that are left are adjusted after Holm.
/// An entry that the table does not know cannot be told from any head.
pub fn by_p_values(order: &[usize], p: &Array2<f64>, level: Level) -> Vec<Vec<usize>> {
    let of = |head: usize, other: usize| p.get((head, other)).copied().unwrap_or(1.0);
    group(order, |head, others| {
        let p: Vec<f64> = others.iter().map(|other| of(head, *other)).collect();
        Ok::<_, std::convert::Infallible>(holm(&p).iter().map(|p| *p <= level.value()).collect())
    })
    .unwrap_or_else(|never| match never {})
}

/// Groups from replicates, best first: a head is compared with all that are left by the largest studentised difference, stepped
/// down, as in [`crate::rank_sets::by_replicates`].
///
/// Entries of which nothing can be concluded belong to the first group whose head is not below them.
///
/// # Errors
/// A level that does not fit the number of replicates.
pub fn by_replicates(board: &Board) -> Result<Vec<Vec<usize>>, LevelError> {
    group(&board.order(), |head, others| {
        let pairs: Vec<(usize, usize)> = others.iter().map(|other| (head, *other)).collect();
        let mut down = StepDown::new(board, &pairs, |j, k| board.standard_error_of_difference(j, k))?;
        let mut worse = vec![false; board.len()];
        while let Some((_, rejected)) = down.step() {
            if rejected.is_empty() {
                break;
            }
            for (_, other) in rejected {
                worse[other] = true;
            }
        }
        Ok(others.iter().map(|other| worse[*other]).collect())
    })
}

/// Takes group after group; `worse` says of all that are left whether they are worse than a head.
fn group<E>(
    order: &[usize],
    mut worse: impl FnMut(usize, &[usize]) -> Result<Vec<bool>, E>,
) -> Result<Vec<Vec<usize>>, E> {
    let mut groups = Vec::new();
    let mut left = order.to_vec();
    while let Some((head, others)) = left.split_first() {
        let worse = worse(*head, others)?;
        let (next, members): (Vec<_>, Vec<_>) = others.iter().zip(worse).partition(|(_, worse)| *worse);
        let members = members.into_iter().map(|(member, _)| *member);
        groups.push(std::iter::once(*head).chain(members).collect());
        left = next.into_iter().map(|(other, _)| *other).collect();
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::board::Standing;
    use crate::replicates::Replicates;

    #[test]
    fn a_group_is_what_its_head_does_not_beat() {
        let p = array![[1.0, 0.02, 0.04], [1.0, 1.0, 0.3], [1.0, 1.0, 1.0]];
        // Twice .02 and .04 are within five hundredths; then 1 and 2 are alone with each other.
        assert_eq!(by_p_values(&[0, 1, 2], &p, Level::FIVE_PERCENT), vec![vec![0], vec![1, 2]]);
        let strict = Level::from_ten_thousandths(300).unwrap();
        assert_eq!(by_p_values(&[0, 1, 2], &p, strict), vec![vec![0, 1, 2]]);
        assert_eq!(by_p_values(&[], &p, strict), Vec::<Vec<usize>>::new());
        assert_eq!(by_p_values(&[0, 7], &p, strict), vec![vec![0, 7]]);
    }

    #[test]
    fn replicates_group_far_from_near() {
        let noise = |shift: f64, seed: u32| {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f64::from(state >> 16) / 65_536.0
            };
            Replicates::new((0..999).map(|_| shift + next()).collect())
        };
        let replicates = [noise(5.0, 1), noise(0.1, 2), noise(0.0, 3), noise(4.9, 4)];
        let values = [5.5, 0.6, 0.5, 5.4];
        let standings: Vec<Standing<'_>> = values
            .iter()
            .zip(&replicates)
            .map(|(value, replicates)| Standing { value: *value, replicates: Some(replicates) })
            .collect();
        let board = |better| Board::new(&standings, better, Level::FIVE_PERCENT).unwrap();
        assert_eq!(by_replicates(&board(true)).unwrap(), vec![vec![0, 3], vec![1, 2]]);
        assert_eq!(by_replicates(&board(false)).unwrap(), vec![vec![2, 1], vec![3, 0]]);
        let unknown = [Standing { value: 1.0, replicates: None }; 2];
        let unknown = Board::new(&unknown, true, Level::FIVE_PERCENT).unwrap();
        assert_eq!(by_replicates(&unknown).unwrap(), vec![vec![0, 1]]);
    }
}
