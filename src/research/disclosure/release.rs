//! What of a measure everybody may see.
//!
//! The threshold of a single reading is not enough: the share of a class times the people counted is a number of people.
//! So readings of a class of people are not released at all; that is what the audited tables are for.
//! Of the others, a share is withheld where it is one of fewer than `k` units, or of all but fewer than `k`.

use super::table::Policy;
use crate::measure::{Definition, MeasureValue, Privacy, Quantity, Reading};

/// What a reading may be of when everybody sees it: what is not a property of people.
const PUBLIC_DIMENSIONS: [&str; 4] = ["edition", "task", "next", "by"];

/// Counts of people or teams, by the names of the statistics.
const COUNTS: [&str; 5] = ["people", "teams", "newcomers", "returners", "entries"];

/// The readings that everybody may see, the others withheld; none of a measure that is for researchers or for nobody.
///
/// `is_over` says of an edition that nothing of it changes any more: only then are its totals released, once, because two versions
/// of a running total can be subtracted from each other.
pub fn release(
    definition: &Definition,
    value: &MeasureValue,
    policy: Policy,
    is_over: impl Fn(&str) -> bool,
) -> Option<MeasureValue> {
    let readings = match definition.privacy {
        Privacy::Restricted | Privacy::Never => return None,
        Privacy::Open | Privacy::TeamPublic => value.readings.clone(),
        Privacy::Aggregate => {
            let least = policy.k.max(definition.min_n);
            value.readings.iter().map(|reading| released(reading, policy.k, least, &is_over)).collect()
        }
    };
    Some(MeasureValue { readings, ..value.clone() })
}

fn released(reading: &Reading, k: u64, least: u64, is_over: impl Fn(&str) -> bool) -> Reading {
    let of_classes = reading.of.keys().any(|dimension| !PUBLIC_DIMENSIONS.contains(&dimension.as_str()));
    let is_running =
        ["edition", "next"].iter().any(|name| reading.of.get(*name).is_some_and(|id| !is_over(id)));
    if of_classes || is_running || is_of_few(reading, k) {
        return Reading { n: 0, quantity: Quantity::Suppressed { fewer_than: least }, ..reading.clone() };
    }
    reading.clone().withheld_below(least)
}

/// Whether a number tells of fewer than `k` units, or of all but fewer than `k`; none is few.
fn is_of_few(reading: &Reading, k: u64) -> bool {
    let Some(value) = reading.value() else { return false };
    let few = k as f64;
    if COUNTS.contains(&reading.statistic.as_str()) && value >= 1.0 {
        return value < few;
    }
    let part = value * reading.n as f64;
    (0.0..=1.0).contains(&value) && (part < few - 1e-9 || reading.n as f64 - part < few - 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::definition;

    const POLICY: Policy = Policy::DEFAULT;

    fn value(measure: &str, readings: Vec<Reading>) -> MeasureValue {
        MeasureValue { measure: measure.to_owned(), version: 1, readings }
    }

    fn shown(measure: &str, reading: Reading) -> Option<f64> {
        let value = value(measure, vec![reading]);
        release(definition(measure).unwrap(), &value, POLICY, |edition| edition == "over").unwrap().readings
            [0]
        .value()
    }

    #[test]
    fn a_share_of_few_and_of_all_but_few_is_withheld() {
        let share = |part: u64, n: u64| {
            Reading::exact("share", n as usize, part as f64 / n as f64).of("edition", "over")
        };
        for (part, n, is_shown) in
            [(5, 60, true), (4, 60, false), (0, 60, false), (55, 60, true), (56, 60, false)]
        {
            assert_eq!(shown("P4", share(part, n)).is_some(), is_shown, "{part} of {n}");
        }
        assert_eq!(shown("P4", share(2, 4)), None, "too few altogether");
    }

    #[test]
    fn running_editions_and_classes_of_people_are_withheld() {
        let half = || Reading::exact("share", 60, 0.5);
        assert_eq!(shown("P4", half().of("edition", "over")), Some(0.5));
        assert_eq!(shown("P4", half().of("edition", "running")), None);
        assert_eq!(shown("P3", half().of("edition", "over").of("country", "AT")), None);
    }

    #[test]
    fn what_is_withheld_does_not_say_of_how_many() {
        let reading = Reading::exact("share", 60, 0.05).of("edition", "over");
        let found =
            release(definition("P4").unwrap(), &value("P4", vec![reading]), POLICY, |_| true).unwrap();
        assert_eq!(found.readings[0].n, 0);
        assert!(matches!(found.readings[0].quantity, Quantity::Suppressed { .. }));
    }

    #[test]
    fn what_is_for_researchers_is_not_released() {
        let restricted = definition("P9").unwrap();
        assert_eq!(release(restricted, &value("P9", Vec::new()), POLICY, |_| true), None);
    }
}
