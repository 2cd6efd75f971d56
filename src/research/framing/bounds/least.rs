//! The least divergence: descent over one label at a time.
//!
//! With everything else held, the best allocation of a label brings the classes that it reaches to one level, as a multiple of
//! the reference: `p_c = s q_c`, as far as its bounds allow.

use super::{Block, Problem};

/// How near to the least value the descent ends, in bit.
const GAP: f64 = 1e-9;

/// How often every label is moved at most; the bound holds wherever the descent stops.
const MOST_SWEEPS: usize = 20_000;

/// A lower bound of the divergence over all allocations, within [`GAP`] of the least value unless the sweeps ran out.
pub(super) fn least(problem: &Problem) -> f64 {
    let mut parts: Vec<Vec<f64>> = problem.blocks.iter().map(Block::start).collect();
    let mut best = f64::NEG_INFINITY;
    for sweep in 0..MOST_SWEEPS {
        let mut total = total(problem, &parts);
        for (block, part) in problem.blocks.iter().zip(&mut parts) {
            let others: Vec<f64> =
                total.iter().zip(part.iter()).map(|(all, own)| (all - own).max(0.0)).collect();
            *part = level(block, &others, &problem.reference);
            total = others.iter().zip(part.iter()).map(|(others, own)| others + own).collect();
        }
        // The gap costs as much as a sweep; later sweeps change little.
        if sweep < 32 || sweep % 16 == 0 {
            let total = self::total(problem, &parts);
            let gap = duality_gap(problem, &parts, &total);
            best = best.max(problem.divergence(&total) - gap);
            if gap <= GAP {
                break;
            }
        }
    }
    best.max(0.0)
}

fn total(problem: &Problem, parts: &[Vec<f64>]) -> Vec<f64> {
    let mut total = problem.fixed.clone();
    for part in parts {
        for (total, share) in total.iter_mut().zip(part) {
            *total += share;
        }
    }
    total
}

/// The allocation of a block that brings its classes to one level above what the others put there.
fn level(block: &Block, others: &[f64], reference: &[f64]) -> Vec<f64> {
    let classes = 0..others.len();
    let at = |level: f64, class: usize| {
        (level * reference[class] - others[class]).clamp(block.least[class], block.most[class])
    };
    let filled = |level: f64| classes.clone().map(|class| at(level, class)).sum::<f64>();
    // At this level every class that the reference has is full.
    let reached = classes.clone().filter(|class| reference[*class] > 0.0);
    let mut high =
        reached.map(|class| (others[class] + block.most[class]) / reference[class]).fold(0.0, f64::max);
    let mut low = 0.0;
    if filled(high) > block.share {
        for _ in 0..100 {
            let middle = low + (high - low) / 2.0;
            if filled(middle) <= block.share { low = middle } else { high = middle }
        }
    } else {
        low = high;
    }
    let mut part: Vec<f64> = classes.clone().map(|class| at(low, class)).collect();
    // What is left is a rounding error, or has only classes to go to that the reference lacks.
    let mut rest = block.share - part.iter().sum::<f64>();
    for class in classes {
        let taken = rest.min(block.most[class] - part[class]).max(0.0);
        part[class] += taken;
        rest -= taken;
    }
    part
}

/// How much a linear step could still gain at most: no allocation diverges less than the value minus this.
fn duality_gap(problem: &Problem, parts: &[Vec<f64>], total: &[f64]) -> f64 {
    let slopes: Vec<f64> = total.iter().zip(&problem.reference).map(|(p, q)| slope(*p, *q)).collect();
    let mut gap = 0.0;
    for (block, part) in problem.blocks.iter().zip(parts) {
        let mut order: Vec<usize> = (0..slopes.len()).filter(|class| block.most[*class] > 0.0).collect();
        order.sort_by(|a, b| slopes[*a].total_cmp(&slopes[*b]));
        let steepest = block.filled(order);
        let moved = part.iter().zip(&steepest).zip(&slopes).filter(|((from, to), _)| from != to);
        gap += moved.map(|((from, to), slope)| slope * (from - to)).sum::<f64>();
    }
    gap.max(0.0)
}

/// The derivative of a class's term: falls without limit where the reference has something and the allocation nothing.
fn slope(p: f64, q: f64) -> f64 {
    match (p > 0.0, q > 0.0) {
        (true, _) => libm::log2(2.0 * p / (p + q)) / 2.0,
        (false, true) => f64::NEG_INFINITY,
        (false, false) => 0.5,
    }
}
