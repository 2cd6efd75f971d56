//! D2, bursts without a fixed deadline: when events of a type come faster than they do on the whole.

use std::collections::BTreeMap;

use domain::Timestamp;

use crate::measure::Reading;
use crate::measures::{Panel, Parameters};
use crate::snapshot::Snapshot;

/// How many times as fast events come in a burst.
const SCALE: f64 = 2.0;
/// What it costs to enter a burst, as a multiple of the logarithm of the number of gaps.
const COST: f64 = 1.0;

/// A stretch of events that come fast, as places in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    /// The first event.
    pub first: usize,
    /// The last.
    pub last: usize,
}

/// The bursts of the automaton with two states of Kleinberg 2002: gaps are exponential with the rate of all events, or with twice
/// that in a burst; entering a burst costs the logarithm of the number of gaps.
///
/// The sequence of states is the cheapest of all; of equally cheap ones that which is in bursts least.
/// `moments` are in ascending order. Without two moments that differ there are no bursts.
pub fn bursts(moments: &[f64]) -> Vec<Burst> {
    let gaps: Vec<f64> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let total: f64 = gaps.iter().sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let rate = gaps.len() as f64 / total;
    let enter = COST * libm::log(gaps.len() as f64);
    let cost = |state: usize, gap: f64| {
        let rate = if state == 0 { rate } else { rate * SCALE };
        rate * gap - libm::log(rate)
    };
    // The least cost of being in each state after a gap, and where it came from.
    let (mut costs, mut came_from) = ([0.0, f64::INFINITY], Vec::with_capacity(gaps.len()));
    for gap in &gaps {
        let into_burst = if costs[0] + enter < costs[1] { 0 } else { 1 };
        let out_of_burst = usize::from(costs[1] < costs[0]);
        let before = [costs[out_of_burst], costs[into_burst] + if into_burst == 0 { enter } else { 0.0 }];
        costs = [before[0] + cost(0, *gap), before[1] + cost(1, *gap)];
        came_from.push([out_of_burst, into_burst]);
    }
    let mut state = usize::from(costs[1] < costs[0]);
    let mut found: Vec<Burst> = Vec::new();
    for (gap, from) in came_from.iter().enumerate().rev() {
        if state == 1 {
            match found.last_mut() {
                Some(burst) if burst.first == gap + 1 => burst.first = gap,
                _ => found.push(Burst { first: gap, last: gap + 1 }),
            }
        }
        state = from[state];
    }
    found.reverse();
    found
}

pub(super) fn measure(snapshot: &Snapshot, _: &Parameters, panel: &mut Panel) {
    let mut kinds: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    for event in &snapshot.events {
        kinds.entry(&event.kind).or_default().push(event.occurred_at);
    }
    for (kind, mut moments) in kinds {
        moments.sort_unstable();
        let days: Vec<f64> =
            moments.iter().map(|moment| moment.seconds_since(moments[0]) / 86_400.0).collect();
        let found = bursts(&days);
        panel.push(Reading::exact("bursts", moments.len(), found.len() as f64).of("event", kind));
        for burst in found {
            let events = burst.last - burst.first + 1;
            let reading = Reading::exact("events", events, events as f64).of("event", kind);
            panel.push(
                reading
                    .of("from", moments[burst.first].to_string())
                    .of("to", moments[burst.last].to_string()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The cost of a sequence of states, one bit per gap.
    fn cost(states: u32, gaps: &[f64]) -> f64 {
        let rate = gaps.len() as f64 / gaps.iter().sum::<f64>();
        let (mut sum, mut before) = (0.0, false);
        for (place, gap) in gaps.iter().enumerate() {
            let burst = states >> place & 1 == 1;
            let rate = if burst { 2.0 * rate } else { rate };
            sum += rate * gap - rate.ln() + if burst && !before { (gaps.len() as f64).ln() } else { 0.0 };
            before = burst;
        }
        sum
    }

    #[test]
    fn fast_events_between_slow_ones_are_one_burst() {
        let moments = [0.0, 10.0, 20.0, 20.1, 20.2, 20.3, 20.4, 20.5, 20.6, 30.0, 40.0];
        assert_eq!(bursts(&moments), [Burst { first: 2, last: 8 }]);
        assert_eq!(bursts(&[0.0, 1.0, 2.0, 3.0]), []);
        assert_eq!((bursts(&[]), bursts(&[1.0]), bursts(&[1.0, 1.0])), (vec![], vec![], vec![]));
    }

    proptest! {
        #[test]
        fn no_other_states_are_cheaper(gaps in prop::collection::vec(1_u8..60, 2..12)) {
            let gaps: Vec<f64> = gaps.into_iter().map(f64::from).collect();
            let mut moments = vec![0.0];
            moments.extend(gaps.iter().scan(0.0, |sum, gap| { *sum += gap; Some(*sum) }));
            let mut states = 0;
            for burst in bursts(&moments) {
                (burst.first..burst.last).for_each(|gap| states |= 1 << gap);
            }
            let cheapest = (0..1_u32 << gaps.len()).map(|states| cost(states, &gaps)).fold(f64::INFINITY, f64::min);
            prop_assert!(cost(states, &gaps) <= cheapest + 1e-9);
        }
    }
}
