//! What the items of a split contribute to a metric that is a mean: what tests of pairs compare, and what few items say exactly.
//!
//! A metric is a mean if it is a factor times means of columns in which all items weigh the same.
//! Of other metrics nothing is known item by item; they are compared by their replicates.

use sdk::evidence::{Block, Evidence, Term};

use crate::interval::{self, FEW_ITEMS, Interval};
use crate::level::Level;
use crate::resampling::Resampling;

/// The sums over the units of a split of what their items contribute, in the order of the units; nothing for a metric that is no
/// mean, or does not exist.
///
/// The difference of two entries unit by unit is what [`crate::sign_flip`] takes.
pub fn of_units(evidence: &Evidence, metric: usize, split: &Resampling) -> Option<Vec<f64>> {
    let values: Option<Vec<f64>> = (0..evidence.items()).map(|item| value(evidence, metric, item)).collect();
    values.map(|values| split.unit_sums(&values))
}

/// The interval of a metric that is 0 or a factor for every item, on a split of fewer than [`FEW_ITEMS`] items that are drawn one
/// by one: that of Wilson's score, because replicates of few items take too few values.
pub fn few_items_interval(
    evidence: &Evidence,
    metric: usize,
    split: &Resampling,
    level: Level,
) -> Option<Interval> {
    let items: Vec<usize> = (0..evidence.items()).filter(|item| split.unit(*item).is_some()).collect();
    let is_few = (items.len() as u64) < FEW_ITEMS && items.len() == split.unit_count();
    if !is_few || items.iter().any(|item| split.weights()[*item] != 1.0) {
        return None;
    }
    let factor = evidence.metrics().get(metric)?.factor;
    let mut hits = 0;
    for item in &items {
        match value(evidence, metric, *item)? {
            0.0 => {}
            one if one == factor => hits += 1,
            _ => return None,
        }
    }
    let share = interval::wilson(hits, items.len() as u64, level)?;
    let (one, other) = (factor * share.lower, factor * share.upper);
    Some(Interval { lower: one.min(other), upper: one.max(other) })
}

/// What an item contributes to a metric that is a mean.
fn value(evidence: &Evidence, metric: usize, item: usize) -> Option<f64> {
    let formula = evidence.metrics().get(metric)?;
    let mut sum = 0.0;
    for term in &formula.terms {
        sum += match term {
            Term::Metric(earlier) if (*earlier as usize) < metric => {
                value(evidence, *earlier as usize, item)?
            }
            Term::Metric(_) => return None,
            Term::Output { block, output } => match evidence.blocks().get(*block as usize)? {
                Block::Mean(mean) if mean.item_weights.is_none() => mean.values.value(item, *output as usize),
                _ => return None,
            },
        };
    }
    Some(formula.factor * (sum / formula.terms.len() as f64))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};
    use sdk::evidence::{Mean, Ratio};

    use super::*;

    fn evidence(values: Array2<f64>) -> Evidence {
        let mut evidence = Evidence::new(values.nrows());
        let ratio = Ratio { numerators: values.clone(), denominators: vec![1.0; values.nrows()].into() };
        let block = evidence.block(Mean::new(values));
        let first = evidence.metric("first", 100.0, block.output(0));
        evidence.metric_mean("both", 2.0, vec![first, block.output(1)]);
        let block = evidence.block(ratio);
        evidence.metric("ratio", 1.0, block.output(0));
        evidence
    }

    #[test]
    fn units_contribute_what_their_items_do() {
        let evidence = evidence(array![[1.0, 4.0], [0.0, 2.0], [1.0, 0.0], [9.0, 9.0]]);
        let split = Resampling::new(&[1.0, 1.0, 1.0, 0.0], &[0, 1, 0, 1], None).unwrap();
        assert_eq!(of_units(&evidence, 0, &split), Some(vec![200.0, 0.0]));
        assert_eq!(of_units(&evidence, 1, &split), Some(vec![204.0, 2.0]));
        assert_eq!(of_units(&evidence, 2, &split), None);
        assert_eq!(of_units(&evidence, 3, &split), None);
    }

    #[test]
    fn few_items_have_the_interval_of_their_share() {
        let evidence = evidence(array![[1.0, 4.0], [0.0, 2.0], [1.0, 0.0], [9.0, 9.0]]);
        let split = Resampling::new(&[1.0, 1.0, 1.0, 0.0], &[0, 1, 2, 3], None).unwrap();
        let share = interval::wilson(2, 3, Level::FIVE_PERCENT).unwrap();
        let found = few_items_interval(&evidence, 0, &split, Level::FIVE_PERCENT).unwrap();
        assert_eq!((found.lower, found.upper), (100.0 * share.lower, 100.0 * share.upper));
        // Neither 0 nor 1, several items in a unit, an item that is neither, and too many items.
        assert_eq!(few_items_interval(&evidence, 1, &split, Level::FIVE_PERCENT), None);
        assert_eq!(few_items_interval(&evidence, 2, &split, Level::FIVE_PERCENT), None);
        let together = Resampling::new(&[1.0, 1.0, 1.0, 0.0], &[0, 1, 0, 1], None).unwrap();
        assert_eq!(few_items_interval(&evidence, 0, &together, Level::FIVE_PERCENT), None);
        let whole = Resampling::one_by_one(4).unwrap();
        assert_eq!(few_items_interval(&evidence, 0, &whole, Level::FIVE_PERCENT), None);
        let many = super::tests::evidence(Array2::ones((30, 2)));
        assert_eq!(
            few_items_interval(&many, 0, &Resampling::one_by_one(30).unwrap(), Level::FIVE_PERCENT),
            None
        );
    }
}
