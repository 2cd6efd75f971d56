//! Correlations of two columns, one pair per item.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Block;
use super::asked::Asked;
use super::score::{Score, Undefined};
use crate::primitives::order::ascending;
use crate::sum::Sum;

/// Pairs of numbers, one per item, with the orders in which their weighted ranks are taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    left: Arc<Vec<f64>>,
    right: Arc<Vec<f64>>,
    measures: Vec<Correlation>,
    by_left: Vec<u32>,
    by_right: Vec<u32>,
}

/// A correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Correlation {
    /// Pearson's product-moment correlation.
    Pearson,
    /// Spearman's: Pearson's of the ranks, equal values sharing their mean rank.
    Spearman,
    /// Kendall's tau-b.
    Kendall,
}

impl From<Pairs> for Block {
    fn from(block: Pairs) -> Self {
        Self::Pairs(block)
    }
}

/// Working memory of correlations.
#[derive(Debug, Default)]
pub(super) struct PairsScratch {
    left_ranks: Vec<f64>,
    right_ranks: Vec<f64>,
    tree: Vec<f64>,
}

impl Pairs {
    /// Pairs of two columns of the same length.
    pub fn new(
        left: impl Into<Arc<Vec<f64>>>,
        right: impl Into<Arc<Vec<f64>>>,
        measures: Vec<Correlation>,
    ) -> Self {
        let (left, right) = (left.into(), right.into());
        Self { by_left: ascending(&left), by_right: ascending(&right), left, right, measures }
    }

    /// The first column.
    pub fn left(&self) -> &[f64] {
        &self.left
    }

    /// The second column.
    pub fn right(&self) -> &[f64] {
        &self.right
    }

    /// The correlations, one output each.
    pub fn measures(&self) -> &[Correlation] {
        &self.measures
    }

    pub(super) fn score(
        &self,
        weights: &[f64],
        asked: &Asked,
        scratch: &mut PairsScratch,
        outputs: &mut [Score],
    ) {
        let total = weights.iter().copied().collect::<Sum>().total();
        for (output, measure) in asked.among(outputs.iter_mut().zip(&self.measures)) {
            *output = if total == 0.0 {
                Score::Undefined(Undefined::NoWeight)
            } else {
                match measure {
                    Correlation::Pearson => pearson(weights, &self.left, &self.right),
                    Correlation::Spearman => {
                        ranks(&self.left, &self.by_left, weights, &mut scratch.left_ranks);
                        ranks(&self.right, &self.by_right, weights, &mut scratch.right_ranks);
                        pearson(weights, &scratch.left_ranks, &scratch.right_ranks)
                    }
                    Correlation::Kendall => self.kendall(weights, scratch),
                }
            };
        }
    }

    /// Kendall's tau-b in `O(n log n)`: pairs are counted by a tree over the places of the second column.
    fn kendall(&self, weights: &[f64], scratch: &mut PairsScratch) -> Score {
        let places = &mut scratch.right_ranks;
        places.clear();
        places.resize(weights.len(), 0.0);
        let mut place = 0_u32;
        for (position, item) in self.by_right.iter().enumerate() {
            if position > 0 && self.right[*item as usize] != self.right[self.by_right[position - 1] as usize]
            {
                place += 1;
            }
            places[*item as usize] = f64::from(place);
        }
        scratch.tree.clear();
        scratch.tree.resize(place as usize + 2, 0.0);
        let (mut balance, mut seen) = (Sum::default(), 0.0);
        for run in runs(&self.left, &self.by_left) {
            for item in run {
                let at = places[*item as usize] as usize;
                let below = prefix(&scratch.tree, at);
                let not_above = prefix(&scratch.tree, at + 1);
                balance.add(weights[*item as usize] * (below - (seen - not_above)));
            }
            for item in run {
                let weight = weights[*item as usize];
                insert(&mut scratch.tree, places[*item as usize] as usize, weight);
                seen += weight;
            }
        }
        let untied = |values: &[f64], order: &[u32]| -> f64 {
            let squares: Sum = runs(values, order)
                .map(|run| {
                    let weight: f64 = run.iter().map(|item| weights[*item as usize]).sum();
                    weight * weight
                })
                .collect();
            (seen * seen - squares.total()) / 2.0
        };
        let (left, right) = (untied(&self.left, &self.by_left), untied(&self.right, &self.by_right));
        if left <= 0.0 || right <= 0.0 {
            return Score::Undefined(Undefined::Constant);
        }
        Score::of((balance.total() / left.sqrt() / right.sqrt()).clamp(-1.0, 1.0))
    }
}

fn pearson(weights: &[f64], left: &[f64], right: &[f64]) -> Score {
    let total = weights.iter().copied().collect::<Sum>().total();
    let mean = |values: &[f64]| {
        weights.iter().zip(values).map(|(weight, value)| weight * value).collect::<Sum>().total() / total
    };
    let constant = |values: &[f64]| {
        let mut counted =
            weights.iter().zip(values).filter(|(weight, _)| **weight != 0.0).map(|(_, value)| value);
        let first = counted.next();
        counted.all(|value| Some(value) == first)
    };
    if constant(left) || constant(right) {
        return Score::Undefined(Undefined::Constant);
    }
    let (left_mean, right_mean) = (mean(left), mean(right));
    let [mut both, mut left_squares, mut right_squares] = [Sum::default(); 3];
    for ((weight, left), right) in weights.iter().zip(left).zip(right) {
        let (left, right) = (left - left_mean, right - right_mean);
        both.add(weight * left * right);
        left_squares.add(weight * left * left);
        right_squares.add(weight * right * right);
    }
    let spread = left_squares.total().sqrt() * right_squares.total().sqrt();
    if spread == 0.0 {
        return Score::Undefined(Undefined::Constant);
    }
    Score::of((both.total() / spread).clamp(-1.0, 1.0))
}

/// Weighted mean ranks: an item of weight `w` ranks like `w` copies of it.
fn ranks(values: &[f64], order: &[u32], weights: &[f64], ranks: &mut Vec<f64>) {
    ranks.clear();
    ranks.resize(values.len(), 0.0);
    let mut before = 0.0;
    for run in runs(values, order) {
        let weight: f64 = run.iter().map(|item| weights[*item as usize]).sum();
        let rank = before + (weight + 1.0) / 2.0;
        for item in run {
            ranks[*item as usize] = rank;
        }
        before += weight;
    }
}

/// The runs of equal values in an order.
fn runs<'a>(values: &'a [f64], order: &'a [u32]) -> impl Iterator<Item = &'a [u32]> {
    order.chunk_by(|a, b| values[*a as usize] == values[*b as usize])
}

/// The sum of the first `count` places of a binary indexed tree.
fn prefix(tree: &[f64], count: usize) -> f64 {
    let (mut sum, mut node) = (0.0, count);
    while node > 0 {
        sum += tree[node];
        node &= node - 1;
    }
    sum
}

fn insert(tree: &mut [f64], place: usize, weight: f64) {
    let mut node = place + 1;
    while node < tree.len() {
        tree[node] += weight;
        node += node & node.wrapping_neg();
    }
}
