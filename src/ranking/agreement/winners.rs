//! Who is first, and whether it is the same in two rankings.

/// The entries of rank 1, in their order.
pub fn winners(ranks: &[Option<usize>]) -> Vec<usize> {
    top(ranks, 1)
}

/// Whether two rankings of the same entries name different winners; sharing the first place counts.
pub fn winner_changes(first: &[Option<usize>], second: &[Option<usize>]) -> bool {
    winners(first) != winners(second)
}

/// How many entries are within the first `k` places of both rankings; all of those that share the last such place count.
pub fn top_overlap(first: &[Option<usize>], second: &[Option<usize>], k: usize) -> usize {
    let second = top(second, k);
    top(first, k).iter().filter(|entry| second.contains(entry)).count()
}

fn top(ranks: &[Option<usize>], k: usize) -> Vec<usize> {
    let is_within = |rank: &Option<usize>| rank.is_some_and(|rank| rank <= k);
    ranks.iter().enumerate().filter(|(_, rank)| is_within(rank)).map(|(entry, _)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharing_the_first_place_is_a_change() {
        let alone = [Some(1), Some(2), None];
        let shared = [Some(1), Some(1), None];
        assert!(!winner_changes(&alone, &alone));
        assert!(winner_changes(&alone, &shared));
        assert_eq!(winners(&shared), [0, 1]);
        assert_eq!(winners(&[None, None]), [] as [usize; 0]);
        assert_eq!(top_overlap(&alone, &shared, 2), 2);
        assert_eq!(top_overlap(&alone, &shared, 1), 1);
    }
}
