//! From scores to the ranked predictions of a curve.

use sdk::evidence::CurveClass;

/// Ranks the scored entries of a class, best first; equal scores form a run, in the order of the entries.
///
/// An entry is an item with its score and whether it is a positive.
pub(crate) fn ranked(
    name: &str,
    entries: impl ExactSizeIterator<Item = (u32, f64, bool)> + Clone,
) -> CurveClass {
    let mut keys: Vec<(u64, u32)> =
        (0..).zip(entries.clone()).map(|(position, (_, score, _))| (descending(score), position)).collect();
    keys.sort_unstable();
    let items_and_hits: Vec<(u32, bool)> = entries.clone().map(|(item, _, hit)| (item, hit)).collect();
    let mut class = CurveClass { name: name.to_owned(), ..CurveClass::default() };
    class.items = keys.iter().map(|(_, position)| items_and_hits[*position as usize].0).collect();
    class.hits = keys.iter().map(|(_, position)| u32::from(items_and_hits[*position as usize].1)).collect();
    class.runs = keys.chunk_by(|a, b| a.0 == b.0).map(|run| run.len() as u32).collect();
    class.positives = positives(&items_and_hits);
    class
}

/// How many positives every item has, for the items that have some; entries of an item stand together.
fn positives(items_and_hits: &[(u32, bool)]) -> Vec<(u32, u32)> {
    let mut positives: Vec<(u32, u32)> = Vec::new();
    for (item, _) in items_and_hits.iter().filter(|(_, hit)| *hit) {
        match positives.last_mut() {
            Some((last, count)) if last == item => *count += 1,
            _ => positives.push((*item, 1)),
        }
    }
    positives
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
        let entries = [(0, 0.5, true), (1, 0.9, false), (2, 0.5, false), (3, 0.1, true)];
        let class = ranked("c", entries.into_iter());
        assert_eq!(class.items, [1, 0, 2, 3]);
        assert_eq!(class.hits, [0, 1, 0, 1]);
        assert_eq!(class.runs, [1, 2, 1]);
        assert_eq!(class.positives, [(0, 1), (3, 1)]);
    }
}
