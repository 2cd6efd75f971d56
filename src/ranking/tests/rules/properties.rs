//! What holds of schemes, ladders and prizes whatever the numbers are.

use domain::Timestamp;
use heldout_ranking::prizes::{Contender, PrizeRule, award};
use heldout_ranking::release::{Basis, ReleasePolicy, Scored, TeamRelease};
use heldout_ranking::schemes::{
    Column, Missing, Placing, Table, Ties, borda, mean_rank, median_rank, win_rate,
};
use proptest::prelude::*;

type Scheme = fn(&Table, Missing) -> Vec<Option<Placing>>;

const SCHEMES: [Scheme; 4] = [
    |table, missing| mean_rank(table, missing, Ties::Lowest),
    |table, missing| median_rank(table, missing, Ties::Average),
    borda,
    win_rate,
];
const POLICIES: [Missing; 3] = [Missing::Unranked, Missing::WorstRank, Missing::Skipped];

/// Values as `[metric][entry]`, few enough to tie often, so many tenths of them missing.
fn values(missing: u8) -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
    let value =
        (0_u8..10, 0_u8..6).prop_map(move |(draw, value)| (draw >= missing).then_some(f64::from(value)));
    (1_usize..5, 1_usize..8).prop_flat_map(move |(metrics, entries)| {
        prop::collection::vec(prop::collection::vec(value.clone(), entries), metrics)
    })
}

fn table(values: &[Vec<Option<f64>>], higher_is_better: bool) -> Table {
    Table::new(values.iter().map(|values| Column::new(values.clone(), higher_is_better).unwrap()).collect())
        .unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_entries_does_not_matter(values in values(2), turn in 0_usize..8) {
        let turned: Vec<Vec<Option<f64>>> = values
            .iter()
            .map(|values| {
                let mut values = values.clone();
                let places = turn % values.len();
                values.rotate_left(places);
                values
            })
            .collect();
        for scheme in SCHEMES {
            for missing in POLICIES {
                let mut placings = scheme(&table(&values, true), missing);
                let entries = placings.len();
                placings.rotate_left(turn % entries);
                prop_assert_eq!(placings, scheme(&table(&turned, true), missing));
            }
        }
    }

    #[test]
    fn only_the_order_of_the_values_matters(values in values(2)) {
        let mapped = |map: fn(f64) -> f64| -> Vec<Vec<Option<f64>>> {
            values.iter().map(|values| values.iter().map(|value| value.map(map)).collect()).collect()
        };
        for scheme in SCHEMES {
            for missing in POLICIES {
                let placings = scheme(&table(&values, true), missing);
                prop_assert_eq!(&placings, &scheme(&table(&mapped(f64::exp), true), missing));
                prop_assert_eq!(&placings, &scheme(&table(&mapped(|value| -value), false), missing));
            }
        }
    }

    #[test]
    fn who_is_nowhere_worse_is_not_below(values in values(0)) {
        let entries = values[0].len();
        for scheme in SCHEMES {
            let placings = scheme(&table(&values, true), Missing::Unranked);
            for (a, b) in (0..entries).flat_map(|a| (0..entries).map(move |b| (a, b))) {
                let (Some(above), Some(below)) = (placings[a], placings[b]) else { continue };
                if values.iter().all(|values| values[a] >= values[b]) {
                    prop_assert!(above.rank <= below.rank);
                }
            }
        }
    }

    #[test]
    fn without_missing_values_their_policy_does_not_matter(values in values(0)) {
        for scheme in SCHEMES {
            let [first, second, third] = POLICIES.map(|missing| scheme(&table(&values, true), missing));
            prop_assert_eq!(&first, &second);
            prop_assert_eq!(&first, &third);
        }
    }

    #[test]
    fn with_the_worst_rank_for_missing_values_everybody_is_ranked(values in values(5)) {
        let placings = mean_rank(&table(&values, true), Missing::WorstRank, Ties::Lowest);
        prop_assert!(placings.iter().all(Option::is_some));
    }

    #[test]
    fn a_ladder_only_goes_up(
        submissions in prop::collection::vec(prop::collection::vec(0_u8..2, 30), 1..12),
        policy in prop_oneof![Just(ReleasePolicy::Ladder { z: 1.0 }), Just(ReleasePolicy::LadderFixed { steps: 20 })],
    ) {
        let mut team = TeamRelease::new(policy, true).unwrap();
        let mut shown = f64::NEG_INFINITY;
        for answers in submissions {
            let units: Vec<f64> = answers.iter().copied().map(f64::from).collect();
            let score = units.iter().sum::<f64>() / 30.0;
            let released = team.observe(&Scored { score, basis: Some(Basis::Units(&units)), at: at(0) }).unwrap();
            let value = released.value.unwrap();
            prop_assert_eq!(released.is_new, value > shown);
            prop_assert!(value >= shown);
            shown = value;
        }
    }

    #[test]
    fn the_earliest_of_equals_takes_one_place_and_sharing_takes_as_many_as_there_are_equals(
        scores in prop::collection::vec(0_u8..4, 1..8),
    ) {
        let rank = |score: u8| 1 + scores.iter().filter(|other| **other > score).count();
        let contender = |(index, score): (usize, &u8)| Contender {
            rank: rank(*score),
            received_at: at(index as i64),
            rank_set: Some((1, scores.len())),
        };
        let contenders: Vec<Contender> = scores.iter().enumerate().map(contender).collect();
        let places = |rule| award(rule, scores.len(), &contenders).unwrap();
        let mut receivers: Vec<usize> = places(PrizeRule::Earliest).into_iter().flat_map(|place| place.recipients).collect();
        receivers.sort_unstable();
        prop_assert_eq!(receivers, (0..scores.len()).collect::<Vec<_>>());
        for place in places(PrizeRule::Split) {
            let equals = |index: usize| contenders.iter().filter(|other| other.rank == contenders[index].rank).count();
            prop_assert!(place.recipients.iter().all(|index| equals(*index) == place.recipients.len()));
            prop_assert!(!place.recipients.is_empty());
        }
        for place in places(PrizeRule::ShareIfIndistinguishable) {
            prop_assert_eq!(place.recipients.len(), scores.len());
        }
    }
}
