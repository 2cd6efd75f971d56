//! What evidence says of single items: right or wrong, or how far off.

use sdk::evidence::{Block, Columns, Confusion, Evidence, NO_CLASS, Reducer, Term};

/// What is known of every item.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcomes {
    /// Whether its answer is right.
    Judged(Vec<bool>),
    /// What was predicted less what is true.
    Residuals(Vec<f64>),
}

impl Outcomes {
    /// How many items there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Judged(judged) => judged.len(),
            Self::Residuals(residuals) => residuals.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What evidence says of every item, by the metric that ranks; nothing where answers are neither right or wrong nor numbers.
///
/// Right or wrong is known from a table of truth by prediction with one cell per item, and from a metric that is a mean of zeros
/// and ones. Residuals are known from pairs of numbers, the true one first.
pub fn outcomes(evidence: &Evidence, metric: usize, higher_is_better: bool) -> Option<Outcomes> {
    let residuals = evidence.blocks().iter().find_map(|block| match block {
        Block::Pairs(pairs) => {
            Some(pairs.left().iter().zip(pairs.right()).map(|(truth, predicted)| predicted - truth).collect())
        }
        _ => None,
    });
    if let Some(residuals) = residuals {
        return Some(Outcomes::Residuals(residuals));
    }
    let items = evidence.items();
    let by_table = || {
        evidence.blocks().iter().find_map(|block| match block {
            Block::Confusion(table) => of_table(table, items),
            _ => None,
        })
    };
    of_metric(evidence, metric, higher_is_better).or_else(by_table).map(Outcomes::Judged)
}

/// By a metric that is a factor times the mean of zeros and ones.
fn of_metric(evidence: &Evidence, metric: usize, higher_is_better: bool) -> Option<Vec<bool>> {
    let [Term::Output { block, output }] = evidence.metrics().get(metric)?.terms[..] else { return None };
    let (items, output) = (evidence.items(), output as usize);
    match evidence.blocks().get(block as usize)? {
        Block::Mean(mean) if mean.item_weights.is_none() => {
            zeros_and_ones(&mean.values, output, items, higher_is_better)
        }
        Block::Stats(stats) => match *stats.reducers.get(output)? {
            Reducer::Quotient { numerator, denominator }
                if (0..items).all(|item| stats.columns.value(item, denominator as usize) == 1.0) =>
            {
                zeros_and_ones(&stats.columns, numerator as usize, items, higher_is_better)
            }
            _ => None,
        },
        Block::Confusion(table) => of_table(table, items),
        _ => None,
    }
}

fn zeros_and_ones(columns: &Columns, column: usize, items: usize, one_is_right: bool) -> Option<Vec<bool>> {
    (0..items)
        .map(|item| match columns.value(item, column) {
            0.0 => Some(!one_is_right),
            1.0 => Some(one_is_right),
            _ => None,
        })
        .collect()
}

fn of_table(table: &Confusion, items: usize) -> Option<Vec<bool>> {
    let mut judged: Vec<Option<bool>> = vec![None; items];
    for cell in &table.cells {
        let slot = judged.get_mut(cell.item as usize)?;
        if slot.is_some() || cell.count != 1 || cell.truth == NO_CLASS {
            return None;
        }
        *slot = Some(cell.truth == cell.predicted);
    }
    judged.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use sdk::evidence::{Averaging, Cell, ConfusionMeasure, Correlation, Mean, Pairs, Stats};

    use super::*;

    fn table(cells: &[(u32, u32, u32)]) -> Evidence {
        let mut evidence = Evidence::new(2);
        let cells = cells.iter().map(|(item, truth, predicted)| Cell {
            item: *item,
            truth: *truth,
            predicted: *predicted,
            count: 1,
        });
        let measures = vec![ConfusionMeasure::F1(Averaging::Macro)];
        let block =
            evidence.block(Confusion { classes: 3, ordered: false, cells: cells.collect(), measures });
        evidence.metric("f1", 1.0, block.output(0));
        evidence
    }

    #[test]
    fn a_table_with_one_cell_per_item_says_right_or_wrong() {
        assert_eq!(
            outcomes(&table(&[(1, 2, 2), (0, 1, 2)]), 0, true),
            Some(Outcomes::Judged(vec![false, true]))
        );
        assert_eq!(outcomes(&table(&[(1, 2, 2), (1, 1, 2)]), 0, true), None);
        assert_eq!(outcomes(&table(&[(1, 2, 2)]), 0, true), None);
        assert_eq!(outcomes(&table(&[(1, NO_CLASS, 2), (0, 1, 2)]), 0, true), None);
    }

    #[test]
    fn zeros_and_ones_are_judgements_in_the_direction_of_the_metric() {
        let mut evidence = Evidence::new(3);
        let mean = evidence.block(Mean::new(array![[1.0, 0.5], [0.0, 1.0], [1.0, 1.0]]));
        evidence.metric("hits", 100.0, mean.output(0));
        evidence.metric("overlap", 100.0, mean.output(1));
        let reducers = vec![
            Reducer::Quotient { numerator: 0, denominator: 1 },
            Reducer::Quotient { numerator: 0, denominator: 0 },
        ];
        let columns = Columns::from(array![[0.0, 1.0], [1.0, 1.0], [1.0, 1.0]]);
        let stats = evidence.block(Stats { columns, reducers });
        evidence.metric("errors", 1.0, stats.output(0));
        evidence.metric("ratio", 1.0, stats.output(1));
        assert_eq!(outcomes(&evidence, 0, true), Some(Outcomes::Judged(vec![true, false, true])));
        assert_eq!(outcomes(&evidence, 1, true), None);
        assert_eq!(outcomes(&evidence, 2, false), Some(Outcomes::Judged(vec![true, false, false])));
        assert_eq!(outcomes(&evidence, 3, true), None);
        assert_eq!(outcomes(&evidence, 9, true), None);
    }

    #[test]
    fn pairs_of_numbers_have_residuals() {
        let mut evidence = Evidence::new(2);
        let pairs = Pairs::new(vec![1.0, 2.0], vec![1.5, 0.0], vec![Correlation::Pearson]);
        let block = evidence.block(pairs);
        evidence.metric("r", 1.0, block.output(0));
        assert_eq!(outcomes(&evidence, 0, true), Some(Outcomes::Residuals(vec![0.5, -2.0])));
    }
}
