//! At which rank the truth stands among scores.
//!
//! Orders are stable ascending ones that are reversed, so that of equal scores the later class comes first: what the
//! public code does where its sort is stable.

use std::cmp::Ordering;

/// A rank, counted from 0.
pub(super) type Rank = u32;

/// The rank of what is not among the answers.
pub(super) const ABSENT: Rank = Rank::MAX;

/// The rank of a class among the scores of all classes.
pub(super) fn of_class(scores: &[f64], truth: usize) -> Rank {
    let score = scores[truth];
    let (before, after) = scores.split_at(truth);
    let larger = before.iter().filter(|other| **other > score).count();
    let at_least = after[1..].iter().filter(|other| **other >= score).count();
    (larger + at_least) as Rank
}

/// The rank of a pair among scored pairs in the order of the file.
pub(super) fn of_action(actions: &[(u32, u32, f64)], truth: (u32, u32)) -> Rank {
    let Some(position) = actions.iter().position(|(verb, noun, _)| (*verb, *noun) == truth) else {
        return ABSENT;
    };
    let score = actions[position].2;
    let larger = actions[..position].iter().filter(|action| action.2 > score).count();
    let at_least = actions[position + 1..].iter().filter(|action| action.2 >= score).count();
    (larger + at_least) as Rank
}

/// The best classes with their shares.
#[derive(Debug, Default)]
struct Best {
    order: Vec<u32>,
    shares: Vec<f64>,
}

impl Best {
    /// The `most` best classes, best first, and the softmax over their scores.
    fn choose(&mut self, scores: &[f64], most: usize) {
        self.order.clear();
        self.order.extend(0..scores.len() as u32);
        let better = |a: &u32, b: &u32| {
            let by_score = scores[*b as usize].partial_cmp(&scores[*a as usize]).unwrap_or(Ordering::Equal);
            by_score.then(b.cmp(a))
        };
        if most < self.order.len() {
            self.order.select_nth_unstable_by(most, better);
            self.order.truncate(most);
        }
        self.order.sort_unstable_by(better);
        let largest = scores[self.order[0] as usize];
        self.shares.clear();
        self.shares.extend(self.order.iter().map(|class| (scores[*class as usize] - largest).exp()));
        let sum: f64 = self.shares.iter().sum();
        for share in &mut self.shares {
            *share /= sum;
        }
    }

    fn position(&self, class: usize) -> Option<usize> {
        self.order.iter().position(|chosen| *chosen as usize == class)
    }
}

/// Ranks of pairs by the products of the shares of verb and noun, with working memory.
#[derive(Debug, Default)]
pub(super) struct Products {
    verbs: Best,
    nouns: Best,
}

impl Products {
    /// The rank of a pair among the `most` best products of the `most` best verbs and nouns.
    ///
    /// The public code sorts twice: the products, of which it keeps the best, and what it kept. Each time equal ones are
    /// reversed, so that of equal products the later ones are kept and the earlier ones come first.
    pub(super) fn rank(&mut self, verbs: &[f64], nouns: &[f64], truth: (usize, usize), most: usize) -> Rank {
        self.verbs.choose(verbs, most);
        self.nouns.choose(nouns, most);
        let (Some(verb), Some(noun)) = (self.verbs.position(truth.0), self.nouns.position(truth.1)) else {
            return ABSENT;
        };
        let product = self.verbs.shares[verb] * self.nouns.shares[noun];
        let (mut larger, mut equal, mut equal_later) = (0, 0, 0);
        for (row, share) in self.verbs.shares.iter().enumerate() {
            // Shares fall, and so do their products with one factor.
            let first_equal = self.nouns.shares.partition_point(|other| share * other > product);
            let rest = &self.nouns.shares[first_equal..];
            let end = first_equal + rest.partition_point(|other| share * other >= product);
            larger += first_equal;
            equal += end - first_equal;
            equal_later += match row.cmp(&verb) {
                Ordering::Less => 0,
                Ordering::Equal => end - (noun + 1),
                Ordering::Greater => end - first_equal,
            };
        }
        if larger + equal_later >= most {
            return ABSENT;
        }
        let kept = equal.min(most - larger);
        (larger + kept - 1 - equal_later) as Rank
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Positions by a stable ascending order that is reversed.
    fn reversed_stable(scores: &[f64]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*a].partial_cmp(&scores[*b]).unwrap());
        order.reverse();
        order
    }

    /// What the public code does, step by step, with stable sorts.
    fn plain(verbs: &[f64], nouns: &[f64], truth: (usize, usize), most: usize) -> Rank {
        let best = |scores: &[f64]| -> (Vec<usize>, Vec<f64>) {
            let order: Vec<usize> = reversed_stable(scores).into_iter().take(most).collect();
            let largest = scores[order[0]];
            let powers: Vec<f64> = order.iter().map(|class| (scores[*class] - largest).exp()).collect();
            let sum: f64 = powers.iter().sum();
            (order, powers.iter().map(|power| power / sum).collect())
        };
        let ((verbs, verb_shares), (nouns, noun_shares)) = (best(verbs), best(nouns));
        let mut products = Vec::new();
        for verb in &verb_shares {
            products.extend(noun_shares.iter().map(|noun| verb * noun));
        }
        let kept: Vec<usize> = reversed_stable(&products).into_iter().take(most).collect();
        let kept_products: Vec<f64> = kept.iter().map(|flat| products[*flat]).collect();
        let ranked = reversed_stable(&kept_products).into_iter().map(|position| {
            let flat = kept[position];
            (verbs[flat / nouns.len()], nouns[flat % nouns.len()])
        });
        ranked.into_iter().position(|pair| pair == truth).map_or(ABSENT, |rank| rank as Rank)
    }

    fn scores(count: usize) -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec((-3..4_i32).prop_map(|half| f64::from(half) / 2.0), count)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn ranks_of_products_are_those_of_sorting_twice(
            verbs in scores(6),
            nouns in scores(9),
            most in 1..12_usize,
        ) {
            let mut products = Products::default();
            for verb in 0..verbs.len() {
                for noun in 0..nouns.len() {
                    let truth = (verb, noun);
                    let rank = products.rank(&verbs, &nouns, truth, most);
                    prop_assert_eq!(rank, plain(&verbs, &nouns, truth, most), "{:?}", truth);
                }
            }
        }

        #[test]
        fn ranks_of_classes_are_those_of_sorting(scores in scores(8)) {
            let order = reversed_stable(&scores);
            for class in 0..scores.len() {
                let rank = order.iter().position(|other| *other == class).unwrap();
                prop_assert_eq!(of_class(&scores, class) as usize, rank);
            }
            let actions: Vec<(u32, u32, f64)> = (0..).zip(&scores).map(|(noun, score)| (1, noun, *score)).collect();
            for noun in 0..scores.len() as u32 {
                prop_assert_eq!(of_action(&actions, (1, noun)), of_class(&scores, noun as usize));
            }
            prop_assert_eq!(of_action(&actions, (0, 1)), ABSENT);
        }
    }

    #[test]
    fn scores_of_any_size_have_ranks() {
        let mut products = Products::default();
        let (verbs, nouns) = ([1e308, -1e308], [-1e308, 1e308, 0.0]);
        assert_eq!(products.rank(&verbs, &nouns, (0, 1), 4), 0);
        // Every other product is zero; of those the later ones are kept, and the earlier of these come first.
        assert_eq!(products.rank(&verbs, &nouns, (1, 0), 4), 3);
        assert_eq!(products.rank(&verbs, &nouns, (0, 2), 4), ABSENT);
    }
}
