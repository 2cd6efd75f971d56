//! The greatest divergence: branch and bound over what every label may mean.
//!
//! The divergence is a sum of convex functions of the classes' shares, and so at most the sum of their chords.
//! A sum of chords is linear: every label then takes the meaning that gains the most, for itself.

use super::{Block, Problem};
use crate::framing::divergence::term;
use crate::mappings::TOLERANCE;

/// How many partial allocations are looked at before the search ends with a bound instead of a value.
const MOST_NODES: usize = 200_000;

/// What is not worth searching for, in bit.
const SLACK: f64 = 1e-12;

/// An upper bound of the divergence over all allocations, and whether one attains it.
pub(super) fn greatest(problem: &Problem) -> (f64, bool) {
    let meanings: Vec<Vec<Vec<f64>>> = problem.blocks.iter().map(vertices).collect();
    let (kinds, shares) = kinds(problem, &meanings);
    let mut search = Search {
        problem,
        meanings: &meanings,
        kinds,
        shares,
        rest: suffix_bounds(problem),
        best: 0.0,
        open: 0.0,
        nodes: 0,
    };
    search.best = search.ascended();
    search.branch(0, &problem.fixed);
    (search.best.max(search.open), search.open <= search.best + SLACK)
}

struct Search<'p> {
    problem: &'p Problem,
    /// The vertices of every block.
    meanings: &'p [Vec<Vec<f64>>],
    /// What blocks that may mean the same have in common: what every meaning adds to the least, per share.
    kinds: Vec<Vec<Vec<f64>>>,
    /// For every block the share of each kind among it and those after it.
    shares: Vec<Vec<f64>>,
    /// For every block the least and the most that it and those after it put into each class.
    rest: Vec<(Vec<f64>, Vec<f64>)>,
    /// The greatest divergence of an allocation so far.
    best: f64,
    /// The greatest bound of a branch that was not searched.
    open: f64,
    nodes: usize,
}

impl Search<'_> {
    /// Searches all allocations that begin with what the blocks before `block` put into the classes.
    fn branch(&mut self, block: usize, placed: &[f64]) {
        let Some(meanings) = self.meanings.get(block) else {
            self.best = self.best.max(self.problem.divergence(placed));
            return;
        };
        let mut children: Vec<(f64, Vec<f64>)> = meanings
            .iter()
            .map(|meaning| {
                let placed: Vec<f64> = placed.iter().zip(meaning).map(|(placed, own)| placed + own).collect();
                (self.bound(block + 1, &placed), placed)
            })
            .collect();
        children.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        for (bound, placed) in children {
            if bound <= self.best + SLACK {
                return;
            }
            self.nodes += 1;
            if self.nodes > MOST_NODES {
                self.open = self.open.max(bound);
                return;
            }
            self.branch(block + 1, &placed);
        }
    }

    /// No allocation of the blocks from `block` on diverges more.
    fn bound(&self, block: usize, placed: &[f64]) -> f64 {
        let (least, most) = &self.rest[block];
        let mut bound = 0.0;
        let mut slopes = vec![0.0; placed.len()];
        for (class, slope) in slopes.iter_mut().enumerate() {
            let (low, high) = (placed[class] + least[class], placed[class] + most[class]);
            let at = |share: f64| term(share, self.problem.reference[class]);
            bound += at(low);
            if high - low > SLACK {
                *slope = (at(high) - at(low)) / (high - low);
            }
        }
        for (kind, share) in self.kinds.iter().zip(&self.shares[block]).filter(|(_, share)| **share > 0.0) {
            let gain =
                |added: &Vec<f64>| added.iter().zip(&slopes).map(|(added, slope)| added * slope).sum::<f64>();
            bound += share * kind.iter().map(gain).fold(f64::NEG_INFINITY, f64::max);
        }
        bound
    }

    /// The best of some allocations that no change of a single label improves, so that the search has something to beat.
    fn ascended(&self) -> f64 {
        let classes = self.problem.reference.len();
        let towards = |class: usize| {
            let nearest = |meanings: &Vec<Vec<f64>>| {
                let most =
                    (0..meanings.len()).max_by(|a, b| meanings[*a][class].total_cmp(&meanings[*b][class]));
                most.unwrap_or(0)
            };
            self.meanings.iter().map(nearest).collect::<Vec<usize>>()
        };
        (0..classes).map(|class| self.ascend(towards(class))).fold(0.0, f64::max)
    }

    fn ascend(&self, mut chosen: Vec<usize>) -> f64 {
        let mut placed = self.problem.fixed.clone();
        for (meanings, chosen) in self.meanings.iter().zip(&chosen) {
            add(&mut placed, &meanings[*chosen], 1.0);
        }
        let mut value = self.problem.divergence(&placed);
        loop {
            let before = value;
            for (meanings, chosen) in self.meanings.iter().zip(&mut chosen) {
                for other in 0..meanings.len() {
                    let mut moved = placed.clone();
                    add(&mut moved, &meanings[*chosen], -1.0);
                    add(&mut moved, &meanings[other], 1.0);
                    moved.iter_mut().for_each(|share| *share = share.max(0.0));
                    let better = self.problem.divergence(&moved);
                    if better > value + SLACK {
                        (value, placed, *chosen) = (better, moved, other);
                    }
                }
            }
            if value <= before {
                return value;
            }
        }
    }
}

fn add(total: &mut [f64], part: &[f64], sign: f64) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += sign * part;
    }
}

/// What blocks that may mean the same have in common, and for every block the share of each kind from it on.
fn kinds(problem: &Problem, meanings: &[Vec<Vec<f64>>]) -> (Vec<Vec<Vec<f64>>>, Vec<Vec<f64>>) {
    let mut kinds: Vec<Vec<Vec<f64>>> = Vec::new();
    let kind_of = |(block, meanings): (&Block, &Vec<Vec<f64>>)| {
        let per_share = |own: &Vec<f64>| -> Vec<f64> {
            own.iter().zip(&block.least).map(|(own, least)| (own - least) / block.share).collect()
        };
        let kind: Vec<Vec<f64>> = meanings.iter().map(per_share).collect();
        let is_same = |known: &Vec<Vec<f64>>| {
            let both = known.iter().flatten().zip(kind.iter().flatten());
            known.len() == kind.len() && both.into_iter().all(|(a, b)| (a - b).abs() <= SLACK)
        };
        kinds.iter().position(is_same).unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        })
    };
    let of_blocks: Vec<usize> = problem.blocks.iter().zip(meanings).map(kind_of).collect();
    let mut shares = vec![vec![0.0; kinds.len()]];
    for (block, kind) in problem.blocks.iter().zip(of_blocks).rev() {
        let mut from_here = shares[shares.len() - 1].clone();
        from_here[kind] += block.share;
        shares.push(from_here);
    }
    shares.reverse();
    (kinds, shares)
}

/// What the blocks from each on put into every class, at least and at most.
fn suffix_bounds(problem: &Problem) -> Vec<(Vec<f64>, Vec<f64>)> {
    let classes = problem.reference.len();
    let mut bounds = vec![(vec![0.0; classes], vec![0.0; classes])];
    for block in problem.blocks.iter().rev() {
        let (mut least, mut most) = bounds[bounds.len() - 1].clone();
        add(&mut least, &block.least, 1.0);
        add(&mut most, &block.most, 1.0);
        bounds.push((least, most));
    }
    bounds.reverse();
    bounds
}

/// The vertices of what a block may be: every class at its least or its most, but for one that takes the rest.
fn vertices(block: &Block) -> Vec<Vec<f64>> {
    let width = |class: usize| block.most[class] - block.least[class];
    // Relative to the share, so that a label of a minute among years has its meanings too.
    let rounding = TOLERANCE * block.share;
    let open: Vec<usize> = (0..block.least.len()).filter(|class| width(*class) > rounding).collect();
    let free = block.free();
    let mut found: Vec<Vec<f64>> = Vec::new();
    for (last, takes_rest) in open.iter().enumerate() {
        // Sets of the other classes that are at their most.
        for set in (0_u32..1 << open.len()).filter(|set| set & (1 << last) == 0) {
            let full = || {
                open.iter().enumerate().filter(|(place, _)| set & (1 << place) != 0).map(|(_, class)| *class)
            };
            let rest = free - full().map(width).sum::<f64>();
            if rest < -rounding || rest > width(*takes_rest) + rounding {
                continue;
            }
            let mut vertex = block.least.clone();
            full().for_each(|class| vertex[class] = block.most[class]);
            vertex[*takes_rest] += rest.clamp(0.0, width(*takes_rest));
            let is_known =
                |known: &Vec<f64>| known.iter().zip(&vertex).all(|(a, b)| (a - b).abs() <= rounding);
            if !found.iter().any(is_known) {
                found.push(vertex);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vertices_of_small_blocks() {
        let block =
            |least: [f64; 3], most: [f64; 3]| Block { share: 1.0, least: least.into(), most: most.into() };
        assert_eq!(vertices(&block([0.0; 3], [1.0, 1.0, 0.0])), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
        // Bounds that sum to the whole but for a rounding error still leave something to choose.
        assert_eq!(vertices(&block([0.0; 3], [0.5, 0.5 - 5e-10, 0.0])).len(), 1);
        let mut found = vertices(&block([0.25, 0.0, 0.0], [1.0, 0.5, 0.5]));
        found.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(
            found,
            [[0.25, 0.25, 0.5], [0.25, 0.5, 0.25], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]
        );
    }
}
