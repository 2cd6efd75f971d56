//! A person is one person on every day.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Affiliation;

/// How far above 1 the weights may add up by rounding.
const ROUNDING: f64 = 1e-9;

/// The first day on which the weights of a person's affiliations add up to more than 1, and what they add up to.
pub fn first_day_above_one(affiliations: &[Affiliation]) -> Option<(Date, f64)> {
    // A sum grows only on a day on which an affiliation begins.
    let mut beginnings: Vec<Date> = affiliations.iter().map(|affiliation| affiliation.from).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    let mut ends: Vec<(Date, f64)> = affiliations
        .iter()
        .filter_map(|affiliation| Some((affiliation.to?.checked_add(1.day()).ok()?, affiliation.weight)))
        .collect();
    ends.sort_unstable_by_key(|(day, _)| *day);
    let mut starts: Vec<(Date, f64)> =
        affiliations.iter().map(|affiliation| (affiliation.from, affiliation.weight)).collect();
    starts.sort_unstable_by_key(|(day, _)| *day);

    let (mut started, mut ended, mut sum) = (0, 0, 0.0);
    for day in beginnings {
        while ended < ends.len() && ends[ended].0 <= day {
            sum -= ends[ended].1;
            ended += 1;
        }
        while started < starts.len() && starts[started].0 <= day {
            sum += starts[started].1;
            started += 1;
        }
        if sum > 1.0 + ROUNDING {
            return Some((day, sum));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn affiliation(from: i16, to: Option<i16>, tenths: u8) -> Affiliation {
        let day = |number: i16| date(2024, 1, 1).checked_add(i64::from(number).days()).unwrap();
        Affiliation {
            organization: None,
            country: None,
            career_stage: "faculty".into(),
            weight: f64::from(tenths) / 10.0,
            from: day(from),
            to: to.map(|days| day(from + days)),
        }
    }

    #[test]
    fn one_may_follow_on_the_next_day_but_not_on_the_same() {
        assert_eq!(first_day_above_one(&[affiliation(0, Some(9), 10), affiliation(10, None, 10)]), None);
        let twice = first_day_above_one(&[affiliation(0, Some(10), 10), affiliation(10, None, 6)]);
        assert_eq!(twice, Some((date(2024, 1, 11), 1.6)));
    }

    proptest! {
        #[test]
        fn it_is_the_first_of_all_days_one_by_one(
            affiliations in prop::collection::vec((0_i16..20, prop::option::of(0_i16..10), 1_u8..=10), 0..6),
        ) {
            let affiliations: Vec<Affiliation> =
                affiliations.into_iter().map(|(from, to, tenths)| affiliation(from, to, tenths)).collect();
            let day_by_day = (0..40_i64).map(|number| date(2024, 1, 1).checked_add(number.days()).unwrap()).find(|day| {
                let sum: f64 = affiliations.iter().filter(|one| one.holds(*day)).map(|one| one.weight).sum();
                sum > 1.0 + 1e-6
            });
            prop_assert_eq!(first_day_above_one(&affiliations).map(|(day, _)| day), day_by_day);
        }
    }
}
