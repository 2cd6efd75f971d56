//! From scores to the ranked predictions of a curve.

use ndarray::Array2;
use sdk::evidence::CurveClass;
use sdk::primitives::order::{ascending_key, by_key};

/// Ranks the scored entries of a class, best first; equal scores form a run, in the order of the entries.
///
/// `entry` gives the item of an entry and whether it is a positive; entries of an item stand together.
pub(crate) fn ranked(name: &str, scores: &[f64], entry: impl Fn(usize) -> (u32, bool)) -> CurveClass {
    let mut runs = Vec::new();
    let mut items = by_key(scores, descending, |run| runs.push(run));
    let hits = items.iter().map(|position| u32::from(entry(*position as usize).1)).collect();
    for position in &mut items {
        *position = entry(*position as usize).0;
    }
    let positives = positives((0..scores.len()).map(entry));
    CurveClass { name: name.to_owned(), items, hits, ignored: Vec::new(), runs, positives }
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
    !ascending_key(score + 0.0)
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
