//! The measures of one query.

use super::qrels::Query;
use super::run::NOT_IN_POOL;

/// The average precision that a query without any counts as in the geometric mean.
const LEAST_PRECISION: f64 = 1e-5;

/// Keeps inferred probabilities away from zero.
const EPSILON: f64 = 1e-5;

/// What an organizer sets.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// After how many documents measures are taken; the first one ranks.
    pub(super) cutoffs: Vec<usize>,
    /// From which judgement on a document is relevant.
    pub(super) relevance_level: i64,
}

/// The measures of one query.
#[derive(Debug)]
pub(super) struct Measures {
    /// Those that are averaged, in the order of the metrics.
    pub(super) means: Vec<f64>,
    /// The logarithm of the average precision.
    pub(super) log_precision: f64,
    pub(super) returned: f64,
    pub(super) relevant: f64,
    pub(super) relevant_returned: f64,
}

/// Measures that are taken once.
const SINGLE: usize = 8;

/// Measures that are taken at every cutoff.
const AT_CUTOFFS: usize = 4;

/// What is known of a ranking once it is walked through.
struct Walk<'r> {
    ranked: &'r [i64],
    level: i64,
    /// The ranks, from 1, of the relevant documents that are returned.
    ranks: Vec<usize>,
    relevant: usize,
}

impl Measures {
    /// How many measures are averaged.
    pub(super) fn columns(settings: &Settings) -> usize {
        SINGLE + AT_CUTOFFS * settings.cutoffs.len()
    }

    /// The measures of a ranking, given as the relevance of the documents from the best one on.
    pub(super) fn of(ranked: &[i64], query: &Query, settings: &Settings) -> Self {
        let level = settings.relevance_level;
        let is_relevant = |relevance: i64| relevance >= level;
        let relevant = query.judged.iter().filter(|judged| is_relevant(judged.relevance)).count();
        let unwanted = |relevance: i64| (0..level).contains(&relevance);
        let not_relevant = query.judged.iter().filter(|judged| unwanted(judged.relevance)).count();
        let ranks: Vec<usize> =
            (1..).zip(ranked).filter(|(_, one)| is_relevant(**one)).map(|(rank, _)| rank).collect();
        let mut gains: Vec<i64> =
            query.judged.iter().map(|judged| judged.relevance).filter(|gain| *gain > 0).collect();
        gains.sort_unstable_by(|a, b| b.cmp(a));
        let walk = Walk { ranked, level, ranks, relevant };

        let precision = walk.average_precision();
        let mut means = vec![
            precision,
            walk.ranks.first().map_or(0.0, |rank| 1.0 / *rank as f64),
            normalised_gain(ranked, &gains, usize::MAX),
            over(walk.found(relevant), relevant),
            walk.preference(not_relevant),
            walk.inferred_precision(),
            walk.interpolated_precision(),
            walk.set_f(),
        ];
        // The measure that ranks comes first.
        if let Some((first, rest)) = settings.cutoffs.split_first() {
            means.insert(0, normalised_gain(ranked, &gains, *first));
            for cutoff in std::iter::once(first).chain(rest) {
                let found = walk.found(*cutoff);
                means.extend([over(found, *cutoff), over(found, relevant), f64::from(u8::from(found > 0))]);
            }
            means.extend(rest.iter().map(|cutoff| normalised_gain(ranked, &gains, *cutoff)));
        }
        Self {
            means,
            log_precision: precision.max(LEAST_PRECISION).ln(),
            returned: ranked.len() as f64,
            relevant: relevant as f64,
            relevant_returned: walk.ranks.len() as f64,
        }
    }
}

impl Walk<'_> {
    /// How many relevant documents are among the first.
    fn found(&self, cutoff: usize) -> usize {
        self.ranks.partition_point(|rank| *rank <= cutoff)
    }

    fn average_precision(&self) -> f64 {
        let precisions = (1..).zip(&self.ranks).map(|(found, rank): (usize, _)| found as f64 / *rank as f64);
        let sum: f64 = precisions.sum();
        if self.relevant == 0 { 0.0 } else { sum / self.relevant as f64 }
    }

    /// How far relevant documents are before judged ones that are not (bpref).
    fn preference(&self, not_relevant: usize) -> f64 {
        let (mut before, mut sum) = (0_usize, 0.0);
        for relevance in self.ranked {
            if (0..self.level).contains(relevance) {
                before += 1;
            } else if *relevance >= self.level {
                sum += match before {
                    0 => 1.0,
                    _ => 1.0 - before.min(self.relevant) as f64 / not_relevant.min(self.relevant) as f64,
                };
            }
        }
        if self.relevant == 0 { 0.0 } else { sum / self.relevant as f64 }
    }

    /// Average precision that infers what documents are that are in the pool without a judgement.
    fn inferred_precision(&self) -> f64 {
        let (mut relevant, mut not_relevant, mut unjudged, mut sum) = (0.0, 0.0, 0.0, 0.0);
        for (before, relevance) in self.ranked.iter().enumerate() {
            match *relevance {
                NOT_IN_POOL => {}
                relevance if relevance < 0 => unjudged += 1.0,
                relevance if relevance < self.level => not_relevant += 1.0,
                _ => {
                    let rank = before as f64 + 1.0;
                    sum += if before == 0 {
                        1.0
                    } else {
                        let before = before as f64;
                        let in_pool = (relevant + not_relevant + unjudged) / before;
                        let share = (relevant + EPSILON) / (relevant + not_relevant + 2.0 * EPSILON);
                        1.0 / rank + before / rank * in_pool * share
                    };
                    relevant += 1.0;
                }
            }
        }
        if self.relevant == 0 { 0.0 } else { sum / self.relevant as f64 }
    }

    /// The mean of the largest precision from each of eleven shares of the relevant documents on.
    fn interpolated_precision(&self) -> f64 {
        if self.ranks.is_empty() {
            return 0.0;
        }
        // From the last relevant document backwards the largest precision so far; at the end that of all documents.
        let mut largest = self.ranks.len() as f64 / self.ranked.len() as f64;
        let mut envelope = vec![0.0; self.ranks.len()];
        for (at, rank) in self.ranks.iter().enumerate().rev() {
            largest = f64::max(largest, (at + 1) as f64 / *rank as f64);
            envelope[at] = largest;
        }
        let at_share = |tenths: usize| {
            let wanted = (tenths as f64 / 10.0 * self.relevant as f64).round() as usize;
            envelope.get(wanted.saturating_sub(1)).copied().unwrap_or(0.0)
        };
        (0..=10).map(at_share).sum::<f64>() / 11.0
    }

    /// The harmonic mean of precision and recall of all returned documents.
    fn set_f(&self) -> f64 {
        let both = (self.ranked.len() + self.relevant) as f64;
        if both == 0.0 { 0.0 } else { 2.0 * self.ranks.len() as f64 / both }
    }
}

/// Gain discounted by the logarithm of the rank, over that of the best ranking, both after so many documents.
fn normalised_gain(ranked: &[i64], gains: &[i64], cutoff: usize) -> f64 {
    let discounted = |gains: &mut dyn Iterator<Item = i64>| -> f64 {
        let gains = (2_u32..).zip(gains).take(cutoff).filter(|(_, gain)| *gain > 0);
        gains.map(|(after, gain)| gain as f64 / f64::from(after).log2()).sum()
    };
    let ideal = discounted(&mut gains.iter().copied());
    if ideal == 0.0 { 0.0 } else { discounted(&mut ranked.iter().copied()) / ideal }
}

/// A share; of nothing it is none.
fn over(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
