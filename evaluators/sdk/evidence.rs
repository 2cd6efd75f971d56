//! Evidence: what is known per item after matching, before any averaging, and the metrics that are functions of it.

mod asked;
mod class_quotients;
mod columns;
mod confusion;
mod curve;
mod maximum;
mod means;
mod median;
mod ngrams;
mod one_vs_one;
mod operating_point;
mod pairs;
mod score;
mod stats;
mod wire;

pub use class_quotients::{ClassQuotient, ClassQuotients, ClassValue, Combination};
pub use columns::Columns;
pub use confusion::{Averaging, Cell, Confusion, ConfusionMeasure, KappaWeights, NO_CLASS};
pub use curve::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, NO_ITEM};
pub use maximum::Maximum;
pub use means::{GroupedMean, Mean, NO_GROUP, Ratio};
pub use median::Median;
pub use ngrams::{BLEU_ORDERS, BleuCounts, Smoothing, chrf};
pub use operating_point::OperatingPoint;
pub use pairs::{Correlation, Pairs};
pub use score::{LANES, Score, Scorer, Scores, Undefined};
pub use stats::{Opaque, Reducer, Stats};
pub use wire::EvidenceError;
pub(crate) use wire::checksum;

use ndarray::ArrayView1;

/// What is known per item after matching, before any averaging.
///
/// Evidence is blocks of per-item facts and metrics that name outputs of blocks.
/// It is built by an evaluator, checked once by [`Evidence::check`] and scored any number of times.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    items: usize,
    blocks: Vec<Block>,
    metrics: Vec<MetricFormula>,
    notes: Vec<Note>,
}

/// A kind of per-item facts with the rule that averages them.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Weighted means of columns.
    Mean(Mean),
    /// Sums of columns over the sum of a common denominator.
    Ratio(Ratio),
    /// Reducers of the sums of columns.
    Stats(Stats),
    /// Means over groups of the means within the groups.
    GroupedMean(GroupedMean),
    /// Measures of a (sparse) table of truth by prediction.
    Confusion(Confusion),
    /// Ranked predictions with their hits.
    Curve(Curve),
    /// Correlations of two columns.
    Pairs(Pairs),
    /// Values without evidence.
    Opaque(Opaque),
    /// Weighted medians of columns.
    Median(Median),
    /// Means over classes of quotients of the classes' sums.
    ClassQuotients(ClassQuotients),
    /// The best threshold by the F-score of mean precision and mean recall.
    OperatingPoint(OperatingPoint),
    /// The largest values of columns.
    Maximum(Maximum),
}

/// A metric: a factor times the mean of its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricFormula {
    /// The name in results.
    pub name: String,
    /// The factor, 100 for a percentage.
    pub factor: f64,
    /// What is averaged; most metrics have a single term.
    pub terms: Vec<Term>,
}

/// What a metric is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// An output of a block.
    Output {
        /// The position of the block.
        block: u32,
        /// The position of the output within the block.
        output: u32,
    },
    /// A metric that stands earlier in the list.
    Metric(u32),
}

/// Something that a contestant should know of a submission that is valid nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// A stable snake_case name, `unknown_labels_dropped`.
    pub code: String,
    /// How often it occurred.
    pub count: u64,
    /// The sentence for a person.
    pub message: String,
}

/// A block of an [`Evidence`] that is being built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockId(u32);

impl BlockId {
    /// The term that stands for an output of the block.
    pub fn output(self, output: usize) -> Term {
        Term::Output { block: self.0, output: output as u32 }
    }
}

impl Evidence {
    /// Evidence of so many items, with nothing in it yet.
    pub fn new(items: usize) -> Self {
        Self { items, ..Self::default() }
    }

    /// Adds a block.
    pub fn block(&mut self, block: impl Into<Block>) -> BlockId {
        self.blocks.push(block.into());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Adds a metric that is a factor times one term; the returned term stands for it in later ones.
    pub fn metric(&mut self, name: impl Into<String>, factor: f64, term: Term) -> Term {
        self.metric_mean(name, factor, vec![term])
    }

    /// Adds a metric that is a factor times the mean of terms; the returned term stands for it in later ones.
    pub fn metric_mean(&mut self, name: impl Into<String>, factor: f64, terms: Vec<Term>) -> Term {
        self.metrics.push(MetricFormula { name: name.into(), factor, terms });
        Term::Metric(self.metrics.len() as u32 - 1)
    }

    /// Adds a note, unless the count is zero.
    pub fn note(&mut self, code: &str, count: u64, message: impl Into<String>) {
        if count > 0 {
            self.notes.push(Note { code: code.to_owned(), count, message: message.into() });
        }
    }

    /// How many items there are, and so how many weights a score takes.
    pub fn items(&self) -> usize {
        self.items
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The metrics, in the order of the scores.
    pub fn metrics(&self) -> &[MetricFormula] {
        &self.metrics
    }

    /// The notes.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The metrics under weights, one weight per item; fewer weights count as zero, more are not looked at.
    pub fn score(&self, weights: ArrayView1<'_, f64>) -> Scores<'_> {
        let mut scorer = self.scorer();
        let values = scorer.score(weights).to_vec();
        Scores { metrics: &self.metrics, values }
    }

    /// The metrics with every item counted once.
    pub fn score_all(&self) -> Scores<'_> {
        self.score(ndarray::Array1::ones(self.items).view())
    }

    /// Something that scores many weightings without allocating for each.
    pub fn scorer(&self) -> Scorer<'_> {
        Scorer::new(self)
    }
}
