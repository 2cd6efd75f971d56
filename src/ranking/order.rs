//! The order of a leaderboard: the primary metric, then tie-breakers, then who was earlier.

use std::cmp::Ordering;

use domain::Timestamp;
use domain::metric::MetricSpec;
use domain::ranking_rule::RankingRule;

/// One metric that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The metric's name.
    pub metric: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// The digits to which values are rounded before they are compared; absent for full precision.
    pub round_to: Option<u8>,
}

/// How entries are put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    keys: Vec<Key>,
}

/// What decides the place of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The values of the deciding metrics, in the order of [`Order::keys`]; absent where undefined.
    pub values: Vec<Option<f64>>,
    /// When it was received.
    pub received_at: Timestamp,
}

impl Order {
    /// The order of a phase: the rule's metrics, or the first of `metrics` where it names none.
    ///
    /// A name that is not among `metrics` is left out; phases are checked for that when they are made.
    pub fn new(rule: &RankingRule, metrics: &[MetricSpec]) -> Self {
        let primary = rule.primary.as_deref().or(metrics.first().map(|metric| metric.name.as_str()));
        let names = primary.into_iter().chain(rule.tie_breakers.iter().map(String::as_str));
        let keys = names
            .filter_map(|name| metrics.iter().find(|metric| metric.name == name))
            .map(|metric| Key {
                metric: metric.name.clone(),
                higher_is_better: metric.higher_is_better,
                round_to: match (rule.released_decimals(), rule.rank_on_rounded) {
                    (Some(released), true) => Some(released.min(rule.decimals.unwrap_or(metric.decimals))),
                    (Some(released), false) => Some(released),
                    (None, true) => Some(rule.decimals.unwrap_or(metric.decimals)),
                    (None, false) => None,
                },
            })
            .collect();
        Self { keys }
    }

    /// The metrics that decide, the primary one first.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Which of two entries stands higher: `Less` when it is `a`.
    ///
    /// An undefined value stands below every defined one.
    pub fn compare(&self, a: &Entry, b: &Entry) -> Ordering {
        self.compare_values(a, b).then(a.received_at.cmp(&b.received_at))
    }

    /// The same by values alone, before time decides.
    pub fn compare_values(&self, a: &Entry, b: &Entry) -> Ordering {
        let pairs = a.values.iter().zip(&b.values);
        self.keys
            .iter()
            .zip(pairs)
            .map(|(key, (a, b))| key.compare(*a, *b))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// The ranks of entries that are already in order: 1, 2, 2, 4 where two are equal in everything.
    pub fn ranks(&self, sorted: &[Entry]) -> Vec<usize> {
        let mut ranks = Vec::with_capacity(sorted.len());
        for (place, entry) in sorted.iter().enumerate() {
            let rank = match place.checked_sub(1) {
                Some(above) if self.compare(&sorted[above], entry).is_eq() => ranks[above],
                _ => place + 1,
            };
            ranks.push(rank);
        }
        ranks
    }
}

impl Key {
    fn compare(&self, a: Option<f64>, b: Option<f64>) -> Ordering {
        match (a.map(|value| self.round(value)), b.map(|value| self.round(value))) {
            (Some(a), Some(b)) if self.higher_is_better => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }

    fn round(&self, value: f64) -> f64 {
        let rounded = match self.round_to {
            Some(decimals) => {
                let scale = 10_f64.powi(i32::from(decimals));
                (value * scale).round() / scale
            }
            None => value,
        };
        // Zero has two signs, and they are one score.
        rounded + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(name: &str, higher_is_better: bool) -> MetricSpec {
        MetricSpec {
            name: name.into(),
            label: name.into(),
            unit: String::new(),
            higher_is_better,
            decimals: 2,
        }
    }

    fn entry(values: &[Option<f64>], second: i64) -> Entry {
        Entry { values: values.to_vec(), received_at: Timestamp::from_micros(second * 1_000_000).unwrap() }
    }

    fn rule(rank_on_rounded: bool) -> RankingRule {
        RankingRule { tie_breakers: vec!["error".into()], rank_on_rounded, ..RankingRule::default() }
    }

    fn metrics() -> [MetricSpec; 2] {
        [metric("accuracy", true), metric("error", false)]
    }

    #[test]
    fn the_primary_metric_decides_then_the_tie_breaker_then_time() {
        let order = Order::new(&rule(false), &metrics());
        let mut entries = [
            entry(&[Some(0.5), Some(2.0)], 3),
            entry(&[Some(0.7), Some(9.0)], 4),
            entry(&[Some(0.5), Some(1.0)], 5),
            entry(&[Some(0.5), Some(2.0)], 1),
            entry(&[None, Some(0.0)], 0),
        ];
        entries.sort_by(|a, b| order.compare(a, b));
        let seconds: Vec<_> = entries.iter().map(|entry| entry.received_at.as_seconds()).collect();
        assert_eq!(seconds, [4, 5, 1, 3, 0]);
        assert_eq!(order.ranks(&entries), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn equals_in_everything_share_a_rank() {
        let order = Order::new(&rule(false), &metrics());
        let entries = [
            entry(&[Some(1.0), Some(0.0)], 1),
            entry(&[Some(0.5), Some(0.0)], 1),
            entry(&[Some(0.5), Some(-0.0)], 1),
            entry(&[Some(0.1), Some(0.0)], 1),
        ];
        assert_eq!(order.ranks(&entries), [1, 2, 2, 4]);
    }

    #[test]
    fn rounding_makes_ties_that_time_decides() {
        let better_but_later = entry(&[Some(0.5041), Some(0.0)], 2);
        let worse_but_earlier = entry(&[Some(0.5039), Some(0.0)], 1);
        let exact = Order::new(&rule(false), &metrics());
        let rounded = Order::new(&rule(true), &metrics());
        assert_eq!(exact.compare(&better_but_later, &worse_but_earlier), Ordering::Less);
        assert_eq!(rounded.compare(&better_but_later, &worse_but_earlier), Ordering::Greater);
    }

    #[test]
    fn no_metrics_leave_time() {
        let order = Order::new(&RankingRule::default(), &[]);
        assert!(order.keys().is_empty());
        assert_eq!(order.compare(&entry(&[], 1), &entry(&[], 2)), Ordering::Less);
    }
}
