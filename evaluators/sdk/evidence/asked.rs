//! What somebody asks of evidence: one metric alone, and the outputs of blocks that metrics are made of.

use super::{Block, Evidence, MetricFormula, Reducer, Term};

/// The outputs of a block that metrics are made of; what else a block could say is not computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    outputs: Vec<bool>,
    columns: Vec<usize>,
}

impl Asked {
    /// What the metrics ask of every block.
    pub(super) fn of_blocks(evidence: &Evidence) -> Vec<Self> {
        let mut outputs: Vec<Vec<bool>> =
            evidence.blocks.iter().map(|block| vec![false; block.outputs()]).collect();
        for term in evidence.metrics.iter().flat_map(|metric| &metric.terms) {
            if let Term::Output { block, output } = *term {
                outputs[block as usize][output as usize] = true;
            }
        }
        let asked = outputs.into_iter().zip(&evidence.blocks);
        asked.map(|(outputs, block)| Self { columns: block.columns_of(&outputs), outputs }).collect()
    }

    /// Whether nothing is asked of the block.
    pub(super) fn is_nothing(&self) -> bool {
        !self.outputs.contains(&true)
    }

    /// The columns of the block that the outputs are computed from, rising.
    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Of things that are one per output, those whose output is asked for.
    pub(super) fn among<'a, T>(
        &'a self,
        one_per_output: impl IntoIterator<Item = T, IntoIter: 'a>,
    ) -> impl Iterator<Item = T> + 'a {
        one_per_output.into_iter().zip(&self.outputs).filter(|(_, asked)| **asked).map(|(one, _)| one)
    }
}

impl Block {
    /// The columns that some outputs are computed from, rising, where sums of columns are what a block computes.
    fn columns_of(&self, outputs: &[bool]) -> Vec<usize> {
        let asked = || outputs.iter().enumerate().filter(|(_, asked)| **asked).map(|(output, _)| output);
        match self {
            Self::Mean(_) | Self::Ratio(_) | Self::GroupedMean(_) => asked().collect(),
            Self::Stats(block) => {
                let read = |reducer: Reducer| reducer.columns().into_iter().flatten();
                let mut columns: Vec<usize> = asked()
                    .flat_map(|output| read(block.reducers[output]))
                    .map(|column| column as usize)
                    .collect();
                columns.sort_unstable();
                columns.dedup();
                columns
            }
            Self::OperatingPoint(block) => (0..block.precision.ncols()).collect(),
            Self::Confusion(_)
            | Self::Curve(_)
            | Self::Pairs(_)
            | Self::Opaque(_)
            | Self::Median(_)
            | Self::ClassQuotients(_)
            | Self::Maximum(_) => Vec::new(),
        }
    }
}

impl Evidence {
    /// The evidence of one metric alone: that metric, the earlier ones that it is made of, and the blocks that they read.
    ///
    /// Its scores have the bits that they have here, under whatever weights, and cost less: thousands of replicates of what a
    /// board is ranked by need not wait for curves that it only shows. Nothing if there is no metric of that name.
    pub fn only(&self, metric: &str) -> Option<Self> {
        let wanted = self.metrics.iter().position(|formula| formula.name == metric)?;
        let (mut metrics, mut blocks) = (vec![false; wanted + 1], vec![false; self.blocks.len()]);
        metrics[wanted] = true;
        // A metric is made of earlier ones only.
        for position in (0..=wanted).rev() {
            if !metrics[position] {
                continue;
            }
            for term in &self.metrics[position].terms {
                match *term {
                    Term::Output { block, .. } => blocks[block as usize] = true,
                    Term::Metric(earlier) => metrics[earlier as usize] = true,
                }
            }
        }
        let (new_metric, new_block) = (renumbered(&metrics), renumbered(&blocks));
        let moved = |term: &Term| match *term {
            Term::Output { block, output } => Term::Output { block: new_block[block as usize], output },
            Term::Metric(earlier) => Term::Metric(new_metric[earlier as usize]),
        };
        let formulas = self.metrics.iter().zip(&metrics).filter(|(_, kept)| **kept);
        let kept_blocks = self.blocks.iter().zip(&blocks).filter(|(_, kept)| **kept);
        Some(Self {
            items: self.items,
            metrics: formulas
                .map(|(formula, _)| MetricFormula {
                    name: formula.name.clone(),
                    factor: formula.factor,
                    terms: formula.terms.iter().map(moved).collect(),
                })
                .collect(),
            blocks: kept_blocks.map(|(block, _)| block.clone()).collect(),
            notes: self.notes.clone(),
        })
    }
}

/// For everything the number of those kept before it: its place among them.
fn renumbered(kept: &[bool]) -> Vec<u32> {
    let places = kept.iter().scan(0, |before, kept| {
        let place = *before;
        *before += u32::from(*kept);
        Some(place)
    });
    places.collect()
}
