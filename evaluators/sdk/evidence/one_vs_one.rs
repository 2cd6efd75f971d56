//! Areas under the ROC curves of pairs of classes (Hand and Till 2001), from the rankings of all classes.

use super::curve::{CurveClass, NO_ITEM};
use super::score::{Score, Undefined};
use crate::sum::Sum;

/// The class of an item that is a positive of none.
const NO_CLASS: u32 = u32::MAX;

/// The mean over the pairs of classes that occur, plain and weighted by the positives of the pair.
///
/// The value of a pair is the mean of two areas: each class ranks the items of both by its own scores.
pub(super) fn areas(classes: &[CurveClass], weights: &[f64]) -> (Score, Score) {
    let mut class_of = vec![NO_CLASS; weights.len()];
    let mut support = vec![0.0; classes.len()];
    for (code, class) in classes.iter().enumerate() {
        for (item, _) in &class.positives {
            class_of[*item as usize] = code as u32;
            support[code] += weights[*item as usize];
        }
    }
    let wins: Vec<Vec<f64>> =
        (0..classes.len())
            .map(|code| {
                if support[code] > 0.0 {
                    wins(classes, code, &class_of, &support, weights)
                } else {
                    Vec::new()
                }
            })
            .collect();
    let ([mut sum, mut weighted], [mut count, mut total]) = ([Sum::default(); 2], [0.0; 2]);
    for first in 0..classes.len() {
        for second in first + 1..classes.len() {
            let pairs = support[first] * support[second];
            if pairs > 0.0 {
                let area = f64::midpoint(wins[first][second] / pairs, wins[second][first] / pairs);
                let items = support[first] + support[second];
                sum.add(area);
                weighted.add(items * area);
                count += 1.0;
                total += items;
            }
        }
    }
    match count {
        0.0 => (Score::Undefined(Undefined::OneClass), Score::Undefined(Undefined::OneClass)),
        count => (Score::of(sum.total() / count), Score::of(weighted.total() / total)),
    }
}

/// How often an item of the class stands before one of each other class in the class's own ranking, ties half.
fn wins(classes: &[CurveClass], code: usize, class_of: &[u32], support: &[f64], weights: &[f64]) -> Vec<f64> {
    let class = &classes[code];
    let mut wins = vec![0.0; classes.len()];
    let mut above = vec![0.0; classes.len()];
    let mut touched: Vec<(usize, f64)> = Vec::new();
    let (mut position, mut runs) = (0, class.runs.iter());
    while position < class.items.len() {
        let end = (position + runs.next().map_or(1, |run| *run as usize)).min(class.items.len());
        touched.clear();
        let mut own = 0.0;
        for item in class.items[position..end].iter().filter(|item| **item != NO_ITEM) {
            match class_of[*item as usize] {
                NO_CLASS => {}
                other if other as usize == code => own += weights[*item as usize],
                other => touched.push((other as usize, weights[*item as usize])),
            }
        }
        if own > 0.0 {
            for (other, win) in wins.iter_mut().enumerate() {
                *win += own * (support[other] - above[other]);
            }
        }
        for (other, weight) in &touched {
            above[*other] += weight;
            wins[*other] -= 0.5 * own * weight;
        }
        position = end;
    }
    wins
}
