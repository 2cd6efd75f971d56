//! Means, ratios of sums, and means of group means.

use ndarray::{Array1, Array2, ArrayView2};

use super::asked::Asked;
use super::columns::{Columns, add_row};
use super::score::{Score, Scratch, Undefined, each_lane};
use super::{Block, Evidence};
use crate::sum::{LaneSum, Sum};

/// Weighted means of columns: `sum(w v) / sum(w)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean<V = Columns> {
    /// One row per item, one column per output.
    pub values: V,
    /// What an item weighs by itself; nothing means one each.
    pub item_weights: Option<Array1<f64>>,
}

/// Ratios of sums with a common denominator: `sum(w n) / sum(w d)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// One row per item, one column per output.
    pub numerators: Array2<f64>,
    /// One per item.
    pub denominators: Array1<f64>,
}

/// The group of an item that belongs to none.
pub const NO_GROUP: u32 = u32::MAX;

/// Means over groups of the weighted means within the groups (a macro average); groups without weight do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedMean {
    /// One row per item, one column per output.
    pub values: Array2<f64>,
    /// The group of every item, or [`NO_GROUP`].
    pub groups: Vec<u32>,
    /// How many groups there are.
    pub group_count: u32,
}

impl<V: Into<Columns>> From<Mean<V>> for Block {
    fn from(Mean { values, item_weights }: Mean<V>) -> Self {
        Self::Mean(Mean { values: values.into(), item_weights })
    }
}

impl From<Ratio> for Block {
    fn from(block: Ratio) -> Self {
        Self::Ratio(block)
    }
}

impl From<GroupedMean> for Block {
    fn from(block: GroupedMean) -> Self {
        Self::GroupedMean(block)
    }
}

impl<V> Mean<V> {
    /// Means of columns with items that weigh the same.
    pub fn new(values: V) -> Self {
        Self { values, item_weights: None }
    }
}

impl Mean {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut Scratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        let denominator = match &self.item_weights {
            None => self.values.sums(asked.columns(), &mut scratch.sums, |item| weights[item]),
            Some(own) => {
                let weights_of = |item: usize| weights[item].map(|weight| own[item] * weight);
                self.values.sums(asked.columns(), &mut scratch.sums, weights_of)
            }
        };
        for (output, sum) in asked.among(outputs.iter_mut().zip(&scratch.sums)) {
            *output = quotients(sum, &denominator);
        }
    }
}

impl Ratio {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut Scratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        sum_columns(self.numerators.view(), asked.columns(), &mut scratch.sums, |item| weights[item]);
        let mut denominator = LaneSum::default();
        for (weights, one) in weights.iter().zip(&self.denominators) {
            denominator.add(weights.map(|weight| weight * one));
        }
        for (output, sum) in asked.among(outputs.iter_mut().zip(&scratch.sums)) {
            *output = quotients(sum, &denominator);
        }
    }
}

impl GroupedMean {
    pub(super) fn score<const L: usize>(
        &self,
        weights: &[[f64; L]],
        asked: &Asked,
        scratch: &mut Scratch<L>,
        outputs: &mut [[Score; L]],
    ) {
        let columns = self.values.ncols();
        let stride = columns + 1;
        let sums = &mut scratch.sums;
        sums.clear();
        sums.resize(self.group_count as usize * stride, LaneSum::default());
        for ((row, group), weights) in self.values.rows().into_iter().zip(&self.groups).zip(weights) {
            if *weights == [0.0; L] || *group == NO_GROUP {
                continue;
            }
            let start = *group as usize * stride;
            sums[start].add(*weights);
            add_row(&mut sums[start + 1..start + stride], asked.columns(), weights, |column| row[column]);
        }
        for (column, output) in asked.among(outputs.iter_mut().enumerate()) {
            *output = each_lane(|lane| mean_of_means(sums, stride, column, lane));
        }
    }
}

fn mean_of_means<const L: usize>(sums: &[LaneSum<L>], stride: usize, column: usize, lane: usize) -> Score {
    let mut mean_of_means = Sum::default();
    let mut present = 0_u32;
    for group in sums.chunks_exact(stride) {
        let weight = group[0].lane(lane).total();
        if weight > 0.0 {
            mean_of_means.add(group[column + 1].lane(lane).total() / weight);
            present += 1;
        }
    }
    match present {
        0 => Score::Undefined(Undefined::NoWeight),
        _ => Score::of(mean_of_means.total() / f64::from(present)),
    }
}

fn quotients<const L: usize>(numerators: &LaneSum<L>, denominators: &LaneSum<L>) -> [Score; L] {
    each_lane(|lane| Score::quotient(numerators.lane(lane).total(), denominators.lane(lane).total()))
}

/// Sums those columns under weights into their places in `sums` and returns the sum of the weights.
///
/// Items of weight zero are passed over, so that what is not finite in them does no harm.
pub(super) fn sum_columns<const L: usize>(
    values: ArrayView2<'_, f64>,
    columns: &[usize],
    sums: &mut Vec<LaneSum<L>>,
    weights_of: impl Fn(usize) -> [f64; L],
) -> LaneSum<L> {
    sums.clear();
    sums.resize(values.ncols(), LaneSum::default());
    let mut total = LaneSum::default();
    for (item, row) in values.rows().into_iter().enumerate() {
        let weights = weights_of(item);
        if weights == [0.0; L] {
            continue;
        }
        total.add(weights);
        add_row(sums, columns, &weights, |column| row[column]);
    }
    total
}

impl Evidence {
    /// Adds a block of means and one metric per column, `factor` times its mean.
    pub fn means<N: Into<String>>(
        &mut self,
        factor: f64,
        names: impl IntoIterator<Item = N>,
        values: impl Into<Columns>,
    ) {
        let block = self.block(Mean::new(values));
        for (column, name) in names.into_iter().enumerate() {
            self.metric(name, factor, block.output(column));
        }
    }
}
