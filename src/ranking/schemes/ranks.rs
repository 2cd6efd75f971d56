//! Ranks from values: how ties share a place and what a missing value gets.

/// How equal values share their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ties {
    /// All take the best place among them: 1, 2, 2, 4.
    #[default]
    Lowest,
    /// All take the mean of their places: 1, 2.5, 2.5, 4.
    Average,
}

/// The ranks of values, 1 for the best; a missing value has none and moves nobody.
///
/// Zeros of both signs are one value.
pub fn ranks(values: &[Option<f64>], higher_is_better: bool, ties: Ties) -> Vec<Option<f64>> {
    let mut present: Vec<(f64, usize)> =
        values.iter().enumerate().filter_map(|(index, value)| value.map(|value| (value, index))).collect();
    present.sort_by(|(a, _), (b, _)| {
        let ascending = (a + 0.0).total_cmp(&(b + 0.0));
        if higher_is_better { ascending.reverse() } else { ascending }
    });
    let mut ranks = vec![None; values.len()];
    let mut before = 0;
    for tied in present.chunk_by(|(a, _), (b, _)| a == b) {
        let rank = match ties {
            Ties::Lowest => before as f64 + 1.0,
            Ties::Average => before as f64 + (tied.len() as f64 + 1.0) / 2.0,
        };
        for (_, index) in tied {
            ranks[*index] = Some(rank);
        }
        before += tied.len();
    }
    ranks
}

/// Gives the worst rank to those that have none, as `rankNA2` of challengeR does:
/// one below the largest rank, and where ties are averaged, the mean of the places below it.
pub fn fill_with_worst(ranks: &mut [Option<f64>], ties: Ties) {
    let largest = ranks.iter().flatten().fold(0.0_f64, |largest, rank| largest.max(*rank));
    let missing = ranks.iter().filter(|rank| rank.is_none()).count() as f64;
    let worst = match ties {
        Ties::Lowest => largest + 1.0,
        Ties::Average => largest + (missing + 1.0) / 2.0,
    };
    for rank in ranks.iter_mut().filter(|rank| rank.is_none()) {
        *rank = Some(worst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_best_or_the_mean_place() {
        let values = [Some(0.5), Some(0.9), None, Some(0.5), Some(0.1)];
        let found = |ties| ranks(&values, true, ties);
        assert_eq!(found(Ties::Lowest), [Some(2.0), Some(1.0), None, Some(2.0), Some(4.0)]);
        assert_eq!(found(Ties::Average), [Some(2.5), Some(1.0), None, Some(2.5), Some(4.0)]);
        assert_eq!(ranks(&[Some(0.0), Some(-0.0)], false, Ties::Lowest), [Some(1.0), Some(1.0)]);
    }

    #[test]
    fn the_worst_rank_follows_the_largest() {
        let mut lowest = [Some(1.0), None, Some(1.0), None];
        fill_with_worst(&mut lowest, Ties::Lowest);
        assert_eq!(lowest, [Some(1.0), Some(2.0), Some(1.0), Some(2.0)]);
        let mut average = [Some(1.5), None, Some(1.5), None];
        fill_with_worst(&mut average, Ties::Average);
        assert_eq!(average, [Some(1.5), Some(3.0), Some(1.5), Some(3.0)]);
        let mut nobody = [None, None];
        fill_with_worst(&mut nobody, Ties::Lowest);
        assert_eq!(nobody, [Some(1.0), Some(1.0)]);
    }
}
