//! From scores to the ranked predictions of a curve.

use ndarray::Array2;
use sdk::evidence::CurveClass;

/// Ranks the scored entries of a class, best first; equal scores form a run, in the order of the entries.
///
/// `entry` gives the item of an entry and whether it is a positive; entries of an item stand together.
pub(crate) fn ranked(name: &str, scores: &[f64], entry: impl Fn(usize) -> (u32, bool)) -> CurveClass {
    let (mut items, runs) = best_first(scores);
    let hits = items.iter().map(|position| u32::from(entry(*position as usize).1)).collect();
    for position in &mut items {
        *position = entry(*position as usize).0;
    }
    let positives = positives((0..scores.len()).map(entry));
    CurveClass { name: name.to_owned(), items, hits, ignored: Vec::new(), runs, positives }
}

/// The positions of scores, best first and of equal scores the earlier one first, and the lengths of runs of equal scores.
///
/// Positions are dealt into buckets by the first bits of their keys, and then each bucket is sorted by itself: few keys
/// are in memory at once.
fn best_first(scores: &[f64]) -> (Vec<u32>, Vec<u32>) {
    // About a dozen positions to a bucket, if scores fill them evenly.
    let bits = (scores.len() / 16).max(1).ilog2().clamp(1, 20);
    let bucket = |score: f64| (descending(score) >> (64 - bits)) as usize;
    let mut ends = vec![0_u32; (1 << bits) + 1];
    for score in scores {
        ends[bucket(*score) + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    // Each end is the start of its bucket until the bucket is filled.
    let mut order = vec![0; scores.len()];
    for (position, score) in (0..).zip(scores) {
        let end = &mut ends[bucket(*score)];
        order[*end as usize] = position;
        *end += 1;
    }
    let (mut keys, mut runs, mut start) = (Vec::new(), Vec::new(), 0);
    for end in &ends[..1 << bits] {
        let positions = &mut order[start as usize..*end as usize];
        start = *end;
        keys.clear();
        keys.extend(positions.iter().map(|position| (descending(scores[*position as usize]), *position)));
        keys.sort_unstable();
        positions.iter_mut().zip(&keys).for_each(|(slot, (_, position))| *slot = *position);
        runs.extend(keys.chunk_by(|a, b| a.0 == b.0).map(|run| run.len() as u32));
    }
    (order, runs)
}

/// How many positives every item has, for the items that have some.
fn positives(entries: impl Iterator<Item = (u32, bool)>) -> Vec<(u32, u32)> {
    let mut positives: Vec<(u32, u32)> = Vec::new();
    for (item, _) in entries.filter(|(_, hit)| *hit) {
        match positives.last_mut() {
            Some((last, count)) if *last == item => *count += 1,
            _ => positives.push((item, 1)),
        }
    }
    positives
}

/// Calls with every column of a table whose rows stand together in memory.
///
/// A few columns are copied at a time: a line of memory holds that many values of a row.
pub(crate) fn each_column<E>(
    table: &Array2<f64>,
    mut column: impl FnMut(usize, &[f64]) -> Result<(), E>,
) -> Result<(), E> {
    const TOGETHER: usize = 8;
    let mut copies = vec![vec![0.0; table.nrows()]; TOGETHER];
    for first in (0..table.ncols()).step_by(TOGETHER) {
        for (item, row) in table.rows().into_iter().enumerate() {
            row.iter().skip(first).zip(&mut copies).for_each(|(value, copy)| copy[item] = *value);
        }
        for (offset, copy) in copies.iter().take(table.ncols() - first).enumerate() {
            column(first + offset, copy)?;
        }
    }
    Ok(())
}

/// The values of a table, row by row.
pub(crate) fn flat(table: &Array2<f64>) -> &[f64] {
    table.as_slice().unwrap_or_default()
}

/// A key whose ascending order is the descending order of finite scores; both zeros have one key.
fn descending(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    let ascending = if bits >> 63 == 1 { !bits } else { bits | 1 << 63 };
    !ascending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_scores_from_high_to_low() {
        let scores = [1e300, 2.0, 1.0, 5e-324, 0.0, -5e-324, -1.0, -1e300];
        assert!(scores.windows(2).all(|pair| descending(pair[0]) < descending(pair[1])));
        assert_eq!(descending(0.0), descending(-0.0));
    }

    #[test]
    fn equal_scores_form_runs() {
        let hits = [true, false, false, true];
        let class = ranked("c", &[0.5, 0.9, 0.5, 0.1], |entry| (entry as u32, hits[entry]));
        assert_eq!(class.items, [1, 0, 2, 3]);
        assert_eq!(class.hits, [0, 1, 0, 1]);
        assert_eq!(class.runs, [1, 2, 1]);
        assert_eq!(class.positives, [(0, 1), (3, 1)]);
    }

    #[test]
    fn scores_are_ranked_as_a_stable_sort_ranks_them() {
        for count in [0, 1, 2, 50, 3000] {
            let scores: Vec<f64> = (0..count).map(|at| f64::from(at * 7919 % 613) / 64.0 - 3.0).collect();
            let mut expected: Vec<u32> = (0..count as u32).collect();
            expected.sort_by(|a, b| scores[*b as usize].total_cmp(&scores[*a as usize]));
            let (order, runs) = best_first(&scores);
            assert_eq!(order, expected);
            let run_lengths = expected.chunk_by(|a, b| scores[*a as usize] == scores[*b as usize]);
            assert_eq!(runs, run_lengths.map(|run| run.len() as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_column_is_called_in_order() {
        let table = Array2::from_shape_fn((3, 19), |(row, column)| (100 * column + row) as f64);
        let mut seen = Vec::new();
        let called: Result<(), ()> = each_column(&table, |column, values| {
            assert_eq!(values, table.column(column).to_vec());
            seen.push(column);
            Ok(())
        });
        assert_eq!((called, seen), (Ok(()), (0..19).collect()));
    }
}
